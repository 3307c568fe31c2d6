"""Fréchet distances (Heusel et al. 2017, equation 6) of generated pictures to real ones.

Features are the last hidden layer of a small classifier, which is trained once on the real training pictures and kept:
of Fashion-MNIST's 10 classes (32x32, grey), of Unicode's groups of emoji (64x64, colour; emoji.py draws them), or of the hair
of the demo's faces (64x64, colour). Each
FILE holds pictures as bytes, planes first, one picture after the other. Prints a line of JSON for each; first one for the
real test pictures, which is what a perfect generator would get. Distances of other features are not comparable. With
--features the features themselves are kept too, for metrics of other programs, and what the classifier takes pictures for.
"""

import argparse
import gzip
import json
import pathlib
from typing import NamedTuple

import numpy
import torch
from torch import nn
from torch.nn import functional as F

SIDE = 64


class PictureSet(NamedTuple):
    """Pictures [n, channels, height, width] as bytes, and their classes."""

    train: torch.Tensor
    train_classes: torch.Tensor
    test: torch.Tensor
    test_classes: torch.Tensor


def read(folder, name, header):
    with gzip.open(pathlib.Path(folder) / name) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def pictures(folder, part):
    """Fashion-MNIST's 28x28 pictures, with a black border of 2 pixels."""
    return F.pad(read(folder, f"{part}-images-idx3-ubyte.gz", 16).view(-1, 28, 28), (2, 2, 2, 2))


def labels(folder, part):
    return read(folder, f"{part}-labels-idx1-ubyte.gz", 8).long()


def fashion_mnist(folder):
    return PictureSet(pictures(folder, "train")[:, None], labels(folder, "train"), pictures(folder, "t10k")[:, None], labels(folder, "t10k"))


def drawn(folder, kind):
    def part(name):
        return (in_file(folder / f"{kind}-{name}.bytes", 3, SIDE), in_file(folder / f"{kind}-{name}.classes").long())
    return PictureSet(*part("train"), *part("test"))


def in_file(path, channels=None, side=None):
    values = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8)
    return values if channels is None else values.view(-1, channels, side, side)


def scaled(images):
    images = images if images.dim() == 4 else images[:, None]
    return images.float() / 127.5 - 1


class Classifier(nn.Module):
    def __init__(self, channels=1, maps=(32, 64, 128), features=128, classes=10, dropout=0.0):
        super().__init__()
        layers = []
        for before, after in zip((channels, *maps), maps):
            layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.hidden = nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, features), nn.ReLU())
        self.dropout = nn.Dropout(dropout)
        self.classes = nn.Linear(features, classes)

    def forward(self, images):
        return self.classes(self.dropout(self.hidden(images)))


def classifier_of(data):
    if data == "fashion":
        return Classifier()
    return Classifier(channels=3, maps=(16, 32, 64, 128), features=64, classes=8, dropout=0.5)


def as_they_are(images):
    return images


def varied(images):
    """Mirrored, moved by up to 6 pixels, lighter or darker and of other colours: what a few hundred pictures are to be seen as."""
    images = torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images, images.flip(3))
    padded = F.pad(images, (6, 6, 6, 6), value=1.0)
    down, right = torch.randint(0, 13, (2,)).tolist()
    moved = padded[:, :, down:down + images.shape[2], right:right + images.shape[3]]
    # White stays white.
    return 1 - (1 - moved) * (1 + 0.4 * (torch.rand(len(images), 3, 1, 1) - 0.5))


def train(classifier, images, classes, epochs, batch, vary):
    adam = torch.optim.Adam(classifier.parameters(), 1e-3)
    for _ in range(epochs):
        for indices in torch.randperm(len(images)).split(batch):
            adam.zero_grad()
            F.cross_entropy(classifier(vary(scaled(images[indices]))), classes[indices]).backward()
            adam.step()


@torch.no_grad()
def features(classifier, images):
    return torch.cat([classifier.hidden(scaled(chunk)) for chunk in images.split(100)]).double()


@torch.no_grad()
def guesses(classifier, found):
    return classifier.classes(found.float()).argmax(1)


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
    parser.add_argument("--data", choices=["fashion", "colour", "faces"], default="fashion")
    parser.add_argument("--fashion-mnist", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--emoji", metavar="DIR", help="where the emoji or faces are")
    parser.add_argument("--classifier", required=True, help="where the trained classifier is kept")
    parser.add_argument("--features", metavar="DIR", help="where they are kept: NAME.npy for NAME.bytes, DATA-test.npy, and DATA-train.npy of the first 10,000; classes in NAME.classes")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    real = fashion_mnist(options.fashion_mnist) if options.data == "fashion" \
        else drawn(pathlib.Path(options.emoji), "emoji" if options.data == "colour" else options.data)
    torch.manual_seed(0)
    classifier = classifier_of(options.data)
    kept = pathlib.Path(options.classifier)
    if kept.exists():
        classifier.load_state_dict(torch.load(kept))
    else:
        few = options.data == "colour"
        train(classifier, real.train, real.train_classes, epochs=120 if few else 4, batch=64 if few else 128, vary=varied if few else as_they_are)
        torch.save(classifier.state_dict(), f"{kept}.partial")
        pathlib.Path(f"{kept}.partial").rename(kept)
    classifier.eval()

    def keep(name, found):
        if options.features:
            folder = pathlib.Path(options.features)
            numpy.save(folder / f"{name}.npy", found.float().numpy())
            (folder / f"{name}.classes").write_bytes(guesses(classifier, found).byte().numpy().tobytes())
        return found

    train_features = features(classifier, real.train)
    keep(f"{options.data}-train", train_features[:10_000])
    test_features = keep(f"{options.data}-test", features(classifier, real.test))
    accuracy = (guesses(classifier, test_features) == real.test_classes).double().mean().item()
    print(json.dumps({"file": "real test pictures", "images": len(real.test), "accuracy": accuracy,
                      "distance": frechet_distance(train_features, test_features)}), flush=True)
    for name in options.files:
        found = keep(pathlib.Path(name).stem, features(classifier, in_file(pathlib.Path(name), *real.train.shape[1:3])))
        print(json.dumps({"file": name, "images": len(found), "distance": frechet_distance(train_features, found)}), flush=True)


if __name__ == "__main__":
    main()
