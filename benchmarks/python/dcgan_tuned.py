"""PyTorch's official DCGAN example, tuned by hand for the CPU with what Python can reach in the same libtorch.

The same networks and the same mathematics as dcgan_example.py, which also explains the commands. The difference:
channels-last tensors; transposed convolutions through oneDNN; the discriminator frozen in the generator's step; losses
on logits; one multi-tensor Adam; nothing read back within a step; and, with --precision bfloat16, convolutions in
bfloat16 from float32 weights.
"""

import torch
from torch import nn
from torch.nn import functional as F

import dcgan_example

aten = torch.ops.aten


class TransposedConvolution(torch.autograd.Function):
    """The gradient of a convolution with respect to its input, which libtorch 1.13 has in oneDNN."""

    @staticmethod
    def forward(context, x, weight, stride, padding):
        context.save_for_backward(x, weight)
        context.geometry = (stride, padding)
        sides = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(x.shape[2:], stride, padding, weight.shape[2:])]
        like = torch.empty(x.shape[0], weight.shape[1], *sides, dtype=x.dtype, device=x.device).contiguous(memory_format=torch.channels_last)
        return aten.convolution_backward(x, like, weight, None, stride, padding, [1, 1], False, [0, 0], 1, [True, False, False])[0]

    @staticmethod
    def backward(context, gradient):
        x, weight = context.saved_tensors
        stride, padding = context.geometry
        to_x = to_weight = None
        if context.needs_input_grad[0]:
            to_x = F.conv2d(gradient, weight, None, stride, padding)
        if context.needs_input_grad[1]:
            to_weight = aten.convolution_backward(x, gradient, weight, None, stride, padding, [1, 1], False, [0, 0], 1, [False, True, False])[1]
        return to_x, to_weight, None, None


class Tuned(nn.Module):
    """Runs the layers of an example's network, convolutions in the given precision and all else in float32."""

    def __init__(self, network, precision):
        super().__init__()
        self.layers = network.main.to(memory_format=torch.channels_last)
        self.precision = precision

    def forward(self, x):
        for layer in self.layers:
            if isinstance(layer, nn.ConvTranspose2d):
                x = TransposedConvolution.apply(x.to(self.precision), layer.weight.to(self.precision), layer.stride, layer.padding)
            elif isinstance(layer, nn.Conv2d):
                x = F.conv2d(x.to(self.precision), layer.weight.to(self.precision), None, layer.stride, layer.padding)
            else:
                x = layer(x)
        return x.float()


class Trainer:
    def __init__(self, generator, discriminator, learning_rate=2e-4, betas=(0.5, 0.999)):
        self.generator, self.discriminator = generator, discriminator
        self.generator_adam = torch.optim.Adam(generator.parameters(), lr=learning_rate, betas=betas, foreach=True)
        self.discriminator_adam = torch.optim.Adam(discriminator.parameters(), lr=learning_rate, betas=betas, foreach=True)

    def step(self, real, noise):
        self.discriminator.requires_grad_(True)
        self.discriminator_adam.zero_grad(set_to_none=True)
        F.softplus(-self.discriminator(real)).mean().backward()
        fake = self.generator(noise)
        F.softplus(self.discriminator(fake.detach())).mean().backward()
        self.discriminator_adam.step()

        self.discriminator.requires_grad_(False)
        self.generator_adam.zero_grad(set_to_none=True)
        F.softplus(-self.discriminator(fake)).mean().backward()
        self.generator_adam.step()


def tuned(options):
    precision = getattr(torch, options.precision)
    generator = dcgan_example.Generator(options.size, options.channels, options.noise, options.maps).apply(dcgan_example.initialise)
    discriminator = dcgan_example.Discriminator(options.size, options.channels, options.maps, probability=False).apply(dcgan_example.initialise)
    networks = [Tuned(network, precision).to(options.device) for network in (generator, discriminator)]
    if options.compile:
        networks = [torch.compile(network) for network in networks]
    return Trainer(*networks)


if __name__ == "__main__":
    parser = dcgan_example.arguments(__doc__)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--compile", action="store_true", help="through torch.compile (PyTorch 2)")
    dcgan_example.serve(parser.parse_args(), tuned, torch.channels_last)
