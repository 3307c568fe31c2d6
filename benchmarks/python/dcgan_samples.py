"""PyTorch's official DCGAN example, trained on Fashion-MNIST 32x32, and samples of it: pictures of 32x32 bytes, one after
the other.

As in the example, each epoch is shuffled and its last minibatch may be smaller, and samples are made in training mode, a
minibatch at a time: batch normalisation takes the samples' own statistics. Prints a line of JSON.
"""

import json
import pathlib
import time

import torch

import dcgan_example
import frechet


def train(trainer, images, options):
    steps = 0
    for _ in range(options.epochs):
        for indices in torch.randperm(len(images)).split(options.batch):
            trainer.step(frechet.scaled(images[indices]), torch.randn(len(indices), options.noise, 1, 1))
            steps += 1
    return steps


@torch.no_grad()
def sample(generator, options):
    noise = torch.randn(options.samples, options.noise, 1, 1)
    return torch.cat([((generator(chunk) + 1) * 127.5).round().byte() for chunk in noise.split(options.batch)])


def main():
    parser = dcgan_example.arguments(__doc__)
    parser.set_defaults(size=32, channels=1)
    parser.add_argument("file", help="where the samples go")
    parser.add_argument("--fashion-mnist", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--pictures", type=int, default=60_000, help="the first of the training pictures")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--weights", type=pathlib.Path, help="where netG.pth and netD.pth go, as the example saves them (nowhere)")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)

    images = frechet.pictures(options.fashion_mnist, "train")[:options.pictures]
    trainer = dcgan_example.example(options)
    start, processor_start = time.perf_counter(), time.process_time()
    steps = train(trainer, images, options)
    seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor_start
    partial = pathlib.Path(f"{options.file}.partial")
    partial.write_bytes(sample(trainer.generator, options).numpy().tobytes())
    partial.rename(options.file)
    if options.weights:
        options.weights.mkdir(parents=True, exist_ok=True)
        torch.save(trainer.generator.state_dict(), options.weights / "netG.pth")
        torch.save(trainer.discriminator.state_dict(), options.weights / "netD.pth")
    print(json.dumps({"images": len(images) * options.epochs, "steps": steps, "seconds": seconds, "processor_seconds": processor_seconds}), flush=True)


if __name__ == "__main__":
    main()
