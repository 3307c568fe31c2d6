"""Loads exported weights into PyTorch's DCGAN example, strictly, and prints how far from the expected numbers it comes.

    /usr/bin/python3 test/python/pytorch_check.py GENERATOR DISCRIMINATOR NOISE PIXELS LOGITS --size 64 --channels 3 ...

The weights are .pth or safetensors; NOISE, PIXELS and LOGITS raw float32. With --spectral, the discriminator has PyTorch's
spectral normalisation instead of batch normalisation. Prints a JSON object: pixels, logits, the largest differences.
"""

import inspect
import json
import pathlib
import sys

import numpy
import torch
from torch import nn

sys.path.append(str(pathlib.Path(__file__).parents[2] / "benchmarks/python"))
import dcgan_example
import safetensors


def load(path):
    if path.endswith(".safetensors"):
        return safetensors.load(path)
    safe = {"weights_only": True} if "weights_only" in inspect.signature(torch.load).parameters else {}
    return torch.load(path, **safe)


def spectral(discriminator):
    layers = [layer for layer in discriminator.main if not isinstance(layer, nn.BatchNorm2d)]
    discriminator.main = nn.Sequential(*(nn.utils.spectral_norm(layer) if isinstance(layer, nn.Conv2d) else layer for layer in layers))
    return discriminator


def main():
    parser = dcgan_example.arguments(__doc__)
    for name in ("generator", "discriminator", "noise_file", "pixels", "logits"):
        parser.add_argument(name)
    parser.add_argument("--spectral", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(2)
    generator = dcgan_example.Generator(options.size, options.channels, options.noise, options.maps)
    discriminator = dcgan_example.Discriminator(options.size, options.channels, options.maps, probability=False)
    if options.spectral:
        discriminator = spectral(discriminator)
    generator.load_state_dict(load(options.generator), strict=True)
    discriminator.load_state_dict(load(options.discriminator), strict=True)
    generator.eval()
    discriminator.eval()

    def difference(path, values):
        return float(numpy.abs(numpy.fromfile(path, "float32") - values.numpy().ravel()).max())

    with torch.no_grad():
        pixels = generator(torch.from_numpy(numpy.fromfile(options.noise_file, "float32")).reshape(-1, options.noise, 1, 1))
        print(json.dumps({"torch": torch.__version__, "pixels": difference(options.pixels, pixels), "logits": difference(options.logits, discriminator(pixels))}))


if __name__ == "__main__":
    main()
