"""Fréchet distances (Heusel et al. 2017, equation 6) of generated Fashion-MNIST pictures to the real ones.

Features are the last hidden layer of a small classifier, which is trained once on the real training pictures and kept.
Each FILE holds pictures of 32x32 bytes, one after the other. Prints a line of JSON for each; first one for the real
test pictures, which is what a perfect generator would get. Distances of other features are not comparable. With
--features the features themselves are kept too, for metrics of other programs.
"""

import argparse
import gzip
import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F

FEATURES = 128


def read(folder, name, header):
    with gzip.open(pathlib.Path(folder) / name) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def pictures(folder, part):
    """The 28x28 pictures, with a black border of 2 pixels."""
    return F.pad(read(folder, f"{part}-images-idx3-ubyte.gz", 16).view(-1, 28, 28), (2, 2, 2, 2))


def labels(folder, part):
    return read(folder, f"{part}-labels-idx1-ubyte.gz", 8).long()


def scaled(images):
    return images[:, None].float() / 127.5 - 1


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(128 * 16, FEATURES), nn.ReLU())
        self.classes = nn.Linear(FEATURES, 10)

    def forward(self, images):
        return self.classes(self.hidden(images))


def train(folder, epochs=4, batch=128):
    torch.manual_seed(0)
    classifier = Classifier()
    adam = torch.optim.Adam(classifier.parameters(), 1e-3)
    images, classes = pictures(folder, "train"), labels(folder, "train")
    for _ in range(epochs):
        for indices in torch.randperm(len(images)).split(batch):
            adam.zero_grad()
            F.cross_entropy(classifier(scaled(images[indices])), classes[indices]).backward()
            adam.step()
    return classifier


@torch.no_grad()
def features(classifier, images):
    return torch.cat([classifier.hidden(scaled(chunk)) for chunk in images.split(1000)]).double()


def square_root(matrix):
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T


def frechet_distance(a, b):
    covariance_a, covariance_b = torch.cov(a.T), torch.cov(b.T)
    root = square_root(covariance_a)
    product = torch.linalg.eigvalsh(root @ covariance_b @ root).clamp(min=0).sqrt().sum()
    return ((a.mean(0) - b.mean(0)).square().sum() + covariance_a.trace() + covariance_b.trace() - 2 * product).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--fashion-mnist", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--classifier", required=True, help="where the trained classifier is kept")
    parser.add_argument("--features", metavar="DIR", help="where they are kept: NAME.npy for NAME.bytes, test.npy, and train.npy of the first 10,000")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    kept = pathlib.Path(options.classifier)
    if kept.exists():
        classifier = Classifier()
        classifier.load_state_dict(torch.load(kept))
    else:
        classifier = train(options.fashion_mnist)
        torch.save(classifier.state_dict(), f"{kept}.partial")
        pathlib.Path(f"{kept}.partial").rename(kept)
    classifier.eval()

    def keep(name, found):
        if options.features:
            numpy.save(pathlib.Path(options.features) / f"{name}.npy", found.float().numpy())
        return found

    real = features(classifier, pictures(options.fashion_mnist, "train"))
    keep("train", real[:10_000])
    test = pictures(options.fashion_mnist, "t10k")
    with torch.no_grad():
        guesses = torch.cat([classifier(scaled(chunk)).argmax(1) for chunk in test.split(1000)])
    accuracy = (guesses == labels(options.fashion_mnist, "t10k")).double().mean().item()
    print(json.dumps({"file": "real test pictures", "images": len(test), "accuracy": accuracy,
                      "distance": frechet_distance(real, keep("test", features(classifier, test)))}), flush=True)
    for name in options.files:
        images = torch.frombuffer(bytearray(pathlib.Path(name).read_bytes()), dtype=torch.uint8).view(-1, 32, 32)
        found = keep(pathlib.Path(name).stem, features(classifier, images))
        print(json.dumps({"file": name, "images": len(images), "distance": frechet_distance(real, found)}), flush=True)


if __name__ == "__main__":
    main()
