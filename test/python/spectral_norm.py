"""Numbers for SpectralConvolutionTests: PyTorch's spectral normalisation of a small convolution.

    python3 test/python/spectral_norm.py
"""

import torch


def show(name, values, count=6):
    print(f"{name}: {', '.join(f'{value:.7f}f' for value in values.flatten().tolist()[:count])}")


if __name__ == "__main__":
    convolution = torch.nn.Conv2d(2, 3, 4, stride=2, padding=1, bias=False)
    convolution = torch.nn.utils.spectral_norm(convolution)
    images = torch.cos(torch.arange(2 * 2 * 4 * 4, dtype=torch.float32)).reshape(2, 2, 4, 4)
    with torch.no_grad():
        convolution.weight_orig.copy_(torch.sin(1 + torch.arange(3 * 2 * 4 * 4, dtype=torch.float32)).reshape(3, 2, 4, 4))
        convolution.weight_u.copy_(torch.tensor([1.0, 2.0, 3.0]) / 14**0.5)

    output = convolution(images)
    output.square().sum().backward()
    show("u", convolution.weight_u)
    show("v", convolution.weight_v)
    show("output", output)
    show("gradient", convolution.weight_orig.grad)
    convolution.eval()
    show("evaluated", convolution(images))
