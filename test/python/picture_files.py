"""Writes the files of PictureFileTests, one of each kind that a decoder may get wrong, into Reference/pictures, and those of
ImageLoadingTests, which are to be turned or are transparent, into Reference/shown.

    /usr/bin/python3 test/python/picture_files.py

Made with Debian 12's python3-pil (9.4). All are 24x20 pixels: red and green above blue and yellow, or black and white
above white and black.
"""

import pathlib
import struct
import zlib

from PIL import Image, ImageOps

WIDTH, HEIGHT = 24, 20
COLORS = [(220, 30, 40), (30, 200, 60), (40, 50, 210), (240, 230, 90)]
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
TARGET = pathlib.Path(__file__).parent.parent / "Microsoft.ML.Dcgan.Tests" / "Reference" / "pictures"
SHOWN = TARGET.parent / "shown"
METHODS = Image.Transpose
TO_STORE = [None, METHODS.FLIP_LEFT_RIGHT, METHODS.ROTATE_180, METHODS.FLIP_TOP_BOTTOM, METHODS.TRANSPOSE, METHODS.ROTATE_90,
            METHODS.TRANSVERSE, METHODS.ROTATE_270]


def quarter(x, y):
    return 2 * (2 * y >= HEIGHT) + (2 * x >= WIDTH)


def picture(colors, mode="RGB"):
    image = Image.new(mode, (WIDTH, HEIGHT))
    image.putdata([colors[quarter(x, y)] for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def cmyk(red, green, blue):
    """With as much black as can be, which some decoders leave out."""
    most = max(red, green, blue)
    return (*(255 - round(255 * value / most) for value in (red, green, blue)), 255 - most)


def png(name, depth, color_type, pixel, interlaced=False):
    """What Pillow does not write: 16 bits a sample, and interlaced."""
    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(left, WIDTH, right))
                    for left, top, right, down in (ADAM7 if interlaced else [(0, 0, 1, 1)]) for y in range(top, HEIGHT, down))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color_type, 0, 0, interlaced)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    (TARGET / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    rgb = picture(COLORS)
    rgb.save(TARGET / "baseline.jpg", quality=95)
    rgb.save(TARGET / "progressive.jpg", quality=95, progressive=True)
    picture([cmyk(*color) for color in COLORS], "CMYK").save(TARGET / "cmyk.jpg", quality=95)
    rgb.save(TARGET / "wrong-ending.png", "JPEG", quality=95)
    rgb.quantize(4).save(TARGET / "palette.png")
    png("16-bit.png", 16, 2, lambda x, y: struct.pack(">3H", *(257 * value for value in COLORS[quarter(x, y)])))
    png("interlaced.png", 8, 2, lambda x, y: bytes(COLORS[quarter(x, y)]), interlaced=True)
    rgb.quantize(4).save(TARGET / "palette.gif")
    rgb.save(TARGET / "plain.bmp")
    rgb.save(TARGET / "lossless.webp", lossless=True)
    rgb.save(TARGET / "lossy.webp", quality=95)
    grey = [0, 255, 255, 0]
    picture(grey, "1").save(TARGET / "1-bit.png")
    picture(grey, "L").save(TARGET / "grey.jpg", quality=95)
    png("grey-16-bit.png", 16, 0, lambda x, y: struct.pack(">H", 257 * grey[quarter(x, y)]))
    rgb.save(TARGET / "unreadable.tif")

    SHOWN.mkdir(exist_ok=True)
    for orientation, method in enumerate(TO_STORE, start=1):
        stored = rgb if method is None else rgb.transpose(method)
        exif = Image.Exif()
        exif[0x112] = orientation
        for ending, options in (("jpg", {"quality": 95}), ("png", {}), ("webp", {"lossless": True})):
            file = SHOWN / f"orientation{orientation}.{ending}"
            stored.save(file, exif=exif, **options)
            with Image.open(file) as read:
                assert ImageOps.exif_transpose(read).size == rgb.size
    clear = picture([(*color, alpha) for color, alpha in zip(COLORS, (255, 128, 0, 255))], "RGBA")
    clear.save(SHOWN / "rgba.png")
    clear.save(SHOWN / "rgba.webp", lossless=True, exact=True)
    grey_and_alpha = picture([(0, 255), (255, 128), (255, 0), (0, 255)], "LA")
    grey_and_alpha.save(SHOWN / "grey-alpha.png")
    colors = rgb.quantize(4)
    blue = colors.getpixel((0, HEIGHT - 1))
    colors.save(SHOWN / "palette.png", transparency=blue)
    colors.save(SHOWN / "palette.gif", transparency=blue)
