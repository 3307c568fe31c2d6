"""The networks and the training step of PyTorch's official DCGAN example, written anew for comparison.

The reference numbers of the tests and the other side of the benchmarks both come from here.
Run as a program it trains on command, so that a benchmark can take turns with it:

    > step 5            trains five steps
    < 3.481972          seconds
    > generate 64 10    ten batches of 64 images
    < 1.520318
    > quit
"""

import argparse
import json
import sys
import time

import torch
from torch import nn


def doublings(size):
    """How many times the generator doubles its first 4x4 block."""
    count = (size // 4).bit_length() - 1
    if count < 1 or 4 << count != size:
        raise ValueError(f"the example's networks make squares of 8, 16, 32, 64, ...; not {size}")
    return count


class Generator(nn.Module):
    def __init__(self, size=64, channels=3, noise=100, maps=64):
        super().__init__()
        widths = [maps << i for i in reversed(range(doublings(size)))]
        layers = [nn.ConvTranspose2d(noise, widths[0], 4, 1, 0, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(True)]
        for wide, narrow in zip(widths, widths[1:]):
            layers += [nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, noise):
        return self.main(noise)


class Discriminator(nn.Module):
    """Ends in a probability, as in the example, or in its logit."""

    def __init__(self, size=64, channels=3, maps=64, probability=True):
        super().__init__()
        widths = [maps << i for i in range(doublings(size))]
        layers = [nn.Conv2d(channels, widths[0], 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        for narrow, wide in zip(widths, widths[1:]):
            layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=False), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2, inplace=True)]
        layers += [nn.Conv2d(widths[-1], 1, 4, 1, 0, bias=False)]
        if probability:
            layers += [nn.Sigmoid()]
        self.main = nn.Sequential(*layers)

    def forward(self, images):
        return self.main(images).flatten()


def initialise(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


class Trainer:
    def __init__(self, generator, discriminator, loss, learning_rate=2e-4, betas=(0.5, 0.999)):
        self.generator, self.discriminator, self.loss = generator, discriminator, loss
        self.generator_adam = torch.optim.Adam(generator.parameters(), lr=learning_rate, betas=betas)
        self.discriminator_adam = torch.optim.Adam(discriminator.parameters(), lr=learning_rate, betas=betas)

    def step(self, real, noise):
        """One step of both networks. Returns the losses and D's mean raw outputs."""
        ones, zeros = torch.ones(len(real), device=real.device), torch.zeros(len(real), device=real.device)

        self.discriminator.zero_grad()
        on_real = self.discriminator(real)
        loss_real = self.loss(on_real, ones)
        loss_real.backward()

        fake = self.generator(noise)
        on_fake = self.discriminator(fake.detach())
        loss_fake = self.loss(on_fake, zeros)
        loss_fake.backward()
        self.discriminator_adam.step()

        self.generator.zero_grad()
        on_fake_again = self.discriminator(fake)
        generator_loss = self.loss(on_fake_again, ones)
        generator_loss.backward()
        self.generator_adam.step()

        # The example reads its figures every step too.
        return {
            "discriminator_loss": (loss_real + loss_fake).item(),
            "generator_loss": generator_loss.item(),
            "real": on_real.detach(),
            "fake_before": on_fake.detach(),
            "fake_after": on_fake_again.detach(),
        }


def example(options):
    generator = Generator(options.size, options.channels, options.noise, options.maps).apply(initialise).to(options.device)
    discriminator = Discriminator(options.size, options.channels, options.maps).apply(initialise).to(options.device)
    return Trainer(generator, discriminator, nn.BCELoss())


def serve(options, make_trainer, memory_format=torch.contiguous_format):
    torch.manual_seed(options.seed)
    # Debian's PyTorch starts with one thread; both sides of a comparison are to have as many.
    torch.set_num_threads(options.threads)
    trainer = make_trainer(options)
    real = torch.rand(options.batch, options.channels, options.size, options.size) * 2 - 1
    real = real.to(options.device).contiguous(memory_format=memory_format)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)

    for line in sys.stdin:
        command, *numbers = line.split()
        start = time.perf_counter()
        if command == "step":
            for _ in range(int(numbers[0])):
                trainer.step(real, torch.randn(options.batch, options.noise, 1, 1, device=options.device))
        elif command == "generate":
            with torch.no_grad():
                for _ in range(int(numbers[1])):
                    trainer.generator(torch.randn(int(numbers[0]), options.noise, 1, 1, device=options.device))
        else:
            break
        if options.device == "cuda":
            torch.cuda.synchronize()
        print(f"{time.perf_counter() - start:.6f}", flush=True)


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--noise", type=int, default=100)
    parser.add_argument("--maps", type=int, default=64, help="feature maps of both networks at full size")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    serve(arguments(__doc__).parse_args(), example)
