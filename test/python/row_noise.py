"""The noise of a row, computed independently of the library: SplitMix64, then Box and Muller, or 24 bits as they are.

    python3 test/python/row_noise.py SEED ROW COUNT [uniform]
"""

import math
import sys

MASK = (1 << 64) - 1
GOLDEN_RATIO = 0x9E3779B97F4A7C15


def mix(bits):
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


def words(seed, row):
    state = mix(mix(mix((seed + GOLDEN_RATIO) & MASK) ^ row))
    while True:
        state = (state + GOLDEN_RATIO) & MASK
        yield mix(state)


def uniforms(seed, row):
    for word in words(seed, row):
        yield (word >> 40) * 2.0**-23 - 1


def normals(seed, row):
    source = ((word >> 11) * 2.0**-53 for word in words(seed, row))
    while True:
        radius = math.sqrt(-2 * math.log(1 - next(source)))
        angle = 2 * math.pi * next(source)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


if __name__ == "__main__":
    seed, row, count = map(int, sys.argv[1:4])
    source = (uniforms if "uniform" in sys.argv else normals)(seed, row)
    print(", ".join(f"{next(source):.7f}f" for _ in range(count)))
