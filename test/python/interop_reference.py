"""Writes the files of another program that the import's tests read: what PyTorch saved, and what it generates.

    /usr/bin/python3 test/python/interop_reference.py

Made with Debian 12's python3-torch (1.13.1), into Reference/interop:

    netG.pth, netD.pth      tiny networks of the example, 64x64x3, noise 4, 2 feature maps, as it saves them
    parallel.pth            the same generator inside DataParallel
    half.pth, bfloat16.pth, double.pth    the same generator in float16, bfloat16 and float64
    flat.pth                the same generator, every weight a view of one storage, one of them transposed in memory
    expected.safetensors    noise, the pixels of netG.pth, half.pth and bfloat16.pth, and netD.pth's probabilities of these pixels
"""

import copy
import pathlib
import sys

import torch

sys.path.append(str(pathlib.Path(__file__).parents[2] / "benchmarks/python"))
import dcgan_example
import safetensors

SIZE, CHANNELS, NOISE, MAPS = 64, 3, 4, 2
TARGET = pathlib.Path(__file__).parent.parent / "Microsoft.ML.Dcgan.Tests" / "Reference" / "interop"


def flat(state):
    """Views of one storage, as an optimiser with flat parameters leaves them."""
    floats = [value for value in state.values() if value.is_floating_point()]
    buffer = torch.empty(sum(value.numel() for value in floats))
    views, offset = {}, 0
    for name, value in state.items():
        if value.is_floating_point():
            part = buffer[offset:offset + value.numel()]
            offset += value.numel()
            view = part.view(value.shape[1], value.shape[0], *value.shape[2:]).transpose(0, 1) if name == "main.3.weight" else part.view(value.shape)
            view.copy_(value)
            value = view
        views[name] = value
    return views


def main():
    TARGET.mkdir(exist_ok=True)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    generator = dcgan_example.Generator(SIZE, CHANNELS, NOISE, MAPS).apply(dcgan_example.initialise)
    discriminator = dcgan_example.Discriminator(SIZE, CHANNELS, MAPS).apply(dcgan_example.initialise)
    with torch.no_grad():
        for network in (generator, discriminator):
            for weight in network.parameters():
                # So that pictures are not grey, and a mix-up of weights shows.
                weight.mul_(10 if weight.dim() == 4 else 1)
        for _ in range(5):
            discriminator(generator(torch.randn(8, NOISE, 1, 1)))
        generator.eval()
        discriminator.eval()

        torch.save(generator.state_dict(), TARGET / "netG.pth")
        torch.save(discriminator.state_dict(), TARGET / "netD.pth")
        torch.save(torch.nn.DataParallel(generator).state_dict(), TARGET / "parallel.pth")
        torch.save(flat(generator.state_dict()), TARGET / "flat.pth")
        noise = torch.randn(2, NOISE)
        pixels = generator(noise.reshape(2, NOISE, 1, 1))
        tensors = {"noise": noise, "pixels": pixels, "probabilities": discriminator(pixels)}
        for name, kind in (("double", torch.float64), ("half", torch.float16), ("bfloat16", torch.bfloat16)):
            rounded = copy.deepcopy(generator).to(kind)
            torch.save(rounded.state_dict(), TARGET / f"{name}.pth")
            if name != "double":
                tensors[f"{name}.pixels"] = rounded.float()(noise[:1].reshape(1, NOISE, 1, 1))
    safetensors.save(tensors, TARGET / "expected.safetensors")
    for path in sorted(TARGET.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    print(f"pixels from {pixels.min():.3f} to {pixels.max():.3f}, deviation {pixels.std():.3f}; probabilities {tensors['probabilities'].tolist()}")


if __name__ == "__main__":
    main()
