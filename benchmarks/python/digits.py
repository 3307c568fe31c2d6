"""Writes scikit-learn's handwritten digits, 8x8, as MNIST shows its own: white on black, here 24x24 in 32x32 bytes.

    digits.py FILE

Pictures follow one another. Prints their number as JSON. Needs scikit-learn (python3-sklearn).
"""

import json
import sys

import numpy
from scipy import ndimage
from sklearn.datasets import load_digits

SIDE, BORDER = 32, 4


def main():
    digits = load_digits().images
    pictures = numpy.zeros((len(digits), SIDE, SIDE), numpy.uint8)
    for picture, digit in zip(pictures, digits):
        enlarged = ndimage.zoom(digit, (SIDE - 2 * BORDER) / digit.shape[0], order=1)
        picture[BORDER:-BORDER, BORDER:-BORDER] = numpy.clip(enlarged * 255 / 16, 0, 255).round()
    with open(sys.argv[1], "wb") as file:
        file.write(pictures.tobytes())
    print(json.dumps({"pictures": len(pictures)}))


if __name__ == "__main__":
    main()
