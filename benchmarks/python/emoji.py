"""Draws emoji as a small set of colour pictures, 64x64 on white: half to train on, half held out.

    emoji.py FOLDER
    emoji.py FOLDER GROUP

The first leaves in FOLDER, for the parts train and test, emoji-PART.bytes (planes of red, green and blue, one picture after the
other) and emoji-PART.classes (a byte each: Unicode's group of the emoji, such as Animals & Nature). Prints
their numbers as JSON. The second leaves one of those groups, such as "Smileys & Emotion", as PNG files. Left out are flags, and what looks much like another emoji: skin tones, and men, women and families
where there is a person. Needs Debian's fonts-noto-color-emoji, unicode-data and python3-pil.
"""

import hashlib
import json
import pathlib
import sys

import numpy
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
LIST = "/usr/share/unicode/emoji/emoji-test.txt"
SIDE = 64

# The only size that the font's bitmaps have, and how large they then are.
FONT_SIZE, WIDTH, HEIGHT = 109, 136, 128

VARIATION, JOINER = "\ufe0f", "\u200d"
SKIN_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}
GENDERS = {"\u2640", "\u2642", "\U0001f468", "\U0001f469"}


def listed():
    """The emoji and their groups, in Unicode's order."""
    group = None
    for line in pathlib.Path(LIST).read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.split(":")[1].strip()
        codes, _, rest = line.partition(";")
        if rest.strip().startswith("fully-qualified"):
            yield "".join(chr(int(code, 16)) for code in codes.split()), group


def wanted(emoji, group):
    joined = JOINER in emoji and any(character in GENDERS for character in emoji)
    return group != "Flags" and not SKIN_TONES & set(emoji) and not joined


def draw(font, emoji):
    picture = Image.new("RGB", (WIDTH, WIDTH), "white")
    ImageDraw.Draw(picture).text((0, (WIDTH - HEIGHT) // 2), emoji, font=font, embedded_color=True, anchor="lt")
    return picture.resize((SIDE, SIDE), Image.Resampling.BOX)


def planes(picture):
    return numpy.asarray(picture).transpose(2, 0, 1).tobytes()


def save(pictures, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for emoji, picture in pictures:
        picture.save(folder / ("-".join(f"{ord(character):x}" for character in emoji) + ".png"))
    print(json.dumps({"pictures": len(pictures)}))


def main():
    folder = pathlib.Path(sys.argv[1])
    font = ImageFont.truetype(FONT, FONT_SIZE)
    known = [(emoji, group) for emoji, group in listed() if wanted(emoji, group) and round(font.getlength(emoji)) == WIDTH]
    if len(sys.argv) > 2:
        return save([(emoji, draw(font, emoji)) for emoji, group in known if group == sys.argv[2]], folder)
    classes = {group: number for number, group in enumerate(dict.fromkeys(group for _, group in known))}

    # An order without meaning, which another version of the list or font leaves as it is.
    known.sort(key=lambda entry: hashlib.sha256(entry[0].encode()).digest())
    half = len(known) // 2
    for part, entries in ("train", known[:half]), ("test", known[half:]):
        (folder / f"emoji-{part}.classes").write_bytes(bytes(classes[group] for _, group in entries))
        pictures = b"".join(planes(draw(font, emoji)) for emoji, _ in entries)
        partial = folder / f"emoji-{part}.partial"
        partial.write_bytes(pictures)
        partial.rename(folder / f"emoji-{part}.bytes")
    print(json.dumps({"train": half, "test": len(known) - half, "classes": len(classes)}))


if __name__ == "__main__":
    main()
