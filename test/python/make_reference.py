"""Writes the numbers that the tests compare with: PyTorch's own training steps and pixels.

    /usr/bin/python3 test/python/make_reference.py

Made with Debian 12's python3-torch (1.13.1). One file, training.safetensors, holds:

    images                     uint8 pictures; the networks see images / 127.5 - 1
    noise                      a batch of noise vectors for each of the steps
    initial.G.main.0.weight    the networks before the first step (G and D, PyTorch's names)
    gradient.*                 their gradients in the first step
    first.*                    the networks after the first step, batch statistics and all
    last.*                     the networks after the last step
    discriminatorLoss, generatorLoss, realScore, fakeScoreBefore, fakeScoreAfter    one number a step
    generator.noise            noise for the generator of last.*
    generator.pixels           what it makes of it in evaluation mode
    generator.trainingPixels   what it makes of it in training mode
    discriminator.features     the discriminator's layers of last.* in evaluation mode, of the images, pooled to 4x4, and
    discriminator.logits       its logits
    penalty.D.*                a discriminator without normalisation
    penalty.real, penalty.generated    images for it
    penalty.r1, penalty.gradient       the R1 penalty and the gradient penalty there, of weight 10
    penalty.r1.*, penalty.gradient.*   their gradients in its weights
"""

import pathlib
import sys

import torch
from torch import nn

sys.path.append(str(pathlib.Path(__file__).parents[2] / "benchmarks/python"))
import dcgan_example
import safetensors

SIZE, CHANNELS, NOISE, MAPS, BATCH, STEPS = 64, 3, 8, 4, 4, 3
PENALTY, PENALTY_SEED = 10, 31
TARGET = pathlib.Path(__file__).parent.parent / "Microsoft.ML.Dcgan.Tests" / "Reference" / "training.safetensors"


def networks(prefix, generator, discriminator):
    return {
        f"{prefix}.{letter}.{name}": value.clone()
        for letter, network in (("G", generator), ("D", discriminator))
        for name, value in network.state_dict().items()
    }


def gradient_recorder(optimiser, network, into):
    """The step of the generator adds to the discriminator's gradients, so they are taken when they are used."""
    step = optimiser.step

    def recording():
        into.setdefault(network, [value.grad.clone() for value in network.parameters()])
        step()

    optimiser.step = recording


def layer_features(discriminator, images):
    pooled = []
    hidden = images
    for layer in discriminator.main:
        hidden = layer(hidden)
        if isinstance(layer, nn.LeakyReLU):
            pooled.append(nn.functional.adaptive_max_pool2d(hidden, 4).flatten(1))
    return torch.cat(pooled, 1)


def penalties():
    """R1 as Mescheder et al. 2018 have it, and the gradient penalty as Gulrajani et al. 2017 do."""
    discriminator = nn.Sequential(
        nn.Conv2d(CHANNELS, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(4, 6, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(6, 1, (4, 3), bias=False))
    for value in discriminator.parameters():
        nn.init.normal_(value, 0, 0.3)
    real, generated = (torch.rand(5, CHANNELS, 16, 12) * 2 - 1 for _ in range(2))
    tensors = {f"penalty.D.{name}": value.detach().clone() for name, value in discriminator.named_parameters()}
    tensors |= {"penalty.real": real, "penalty.generated": generated}

    def record(name, images, penalty):
        points = images.clone().requires_grad_()
        gradients, = torch.autograd.grad(discriminator(points).sum(), points, create_graph=True)
        value = penalty(gradients.reshape(len(images), -1))
        tensors[name] = value.detach()
        weights = dict(discriminator.named_parameters())
        for weight, gradient in zip(weights, torch.autograd.grad(value, weights.values())):
            tensors[f"{name}.{weight}"] = gradient

    record("penalty.r1", real, lambda gradients: PENALTY / 2 * gradients.pow(2).sum(1).mean())
    share = torch.rand(5, 1, 1, 1, generator=torch.Generator().manual_seed(PENALTY_SEED))
    between = share * real + (1 - share) * generated
    record("penalty.gradient", between, lambda gradients: PENALTY * ((gradients.norm(2, dim=1) - 1) ** 2).mean())
    return tensors


def main():
    torch.manual_seed(20)
    torch.set_num_threads(1)
    generator = dcgan_example.Generator(SIZE, CHANNELS, NOISE, MAPS).apply(dcgan_example.initialise)
    discriminator = dcgan_example.Discriminator(SIZE, CHANNELS, MAPS, probability=False).apply(dcgan_example.initialise)
    trainer = dcgan_example.Trainer(generator, discriminator, nn.BCEWithLogitsLoss())
    used = {}
    gradient_recorder(trainer.generator_adam, generator, used)
    gradient_recorder(trainer.discriminator_adam, discriminator, used)

    images = torch.randint(0, 256, (BATCH, CHANNELS, SIZE, SIZE), dtype=torch.uint8)
    noise = torch.randn(STEPS, BATCH, NOISE)
    tensors = {"images": images, "noise": noise, **networks("initial", generator, discriminator)}

    results = []
    for step in range(STEPS):
        results.append(trainer.step(images / 127.5 - 1, noise[step].reshape(BATCH, NOISE, 1, 1)))
        if step == 0:
            for letter, network in (("G", generator), ("D", discriminator)):
                for (name, _), gradient in zip(network.named_parameters(), used[network]):
                    tensors[f"gradient.{letter}.{name}"] = gradient
            tensors.update(networks("first", generator, discriminator))
    tensors.update(networks("last", generator, discriminator))

    tensors["discriminatorLoss"] = torch.tensor([result["discriminator_loss"] for result in results])
    tensors["generatorLoss"] = torch.tensor([result["generator_loss"] for result in results])
    for name, logits in (("realScore", "real"), ("fakeScoreBefore", "fake_before"), ("fakeScoreAfter", "fake_after")):
        tensors[name] = torch.stack([result[logits].sigmoid().mean() for result in results])

    with torch.no_grad():
        latent = torch.randn(2, NOISE)
        tensors["generator.noise"] = latent
        tensors["generator.pixels"] = generator.eval()(latent.reshape(2, NOISE, 1, 1))
        tensors["generator.trainingPixels"] = generator.train()(latent.reshape(2, NOISE, 1, 1))
        discriminator.eval()
        tensors["discriminator.features"] = layer_features(discriminator, images / 127.5 - 1)
        tensors["discriminator.logits"] = discriminator(images / 127.5 - 1)
    tensors.update(penalties())

    safetensors.save(tensors, TARGET)
    print(f"{TARGET.name}: {len(tensors)} tensors, {TARGET.stat().st_size:,} bytes")
    for name in ("discriminatorLoss", "generatorLoss", "realScore", "fakeScoreBefore", "fakeScoreAfter"):
        print(f"{name}: {[round(value, 6) for value in tensors[name].tolist()]}")


if __name__ == "__main__":
    main()
