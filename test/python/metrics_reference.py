"""Writes what NumPy and SciPy make of the metrics of generated images, for the tests to compare with.

    /usr/bin/python3 test/python/metrics_reference.py

Made with Debian 12's python3-numpy (1.24.2), python3-scipy (1.10.1) and, for the file format, python3-torch. Each metric is
written here as its paper has it, with whole matrices and no thought of memory. One file, metrics.safetensors, holds:

    real, generated                 features: 300 and 250 samples of 16 numbers, skewed, correlated, far from 0
    few.real, few.generated         20 and 30 samples of 40 numbers: covariances without full rank
    subsets.real, subsets.generated 5 subsets of 50 rows each
    frechet, few.frechet            Fréchet distances
    kernel                          the kernel distance over the subsets, its standard error, and that of all rows
    precision, recall               with 3 neighbours
    density, coverage               with 5 neighbours
    nearest, distances              of each generated sample the 2 nearest real ones
    small.*, large.*                pictures, left and right, and their multiscale similarity (2 and 5 scales)
"""

import pathlib

import numpy as np
import scipy.linalg
import scipy.ndimage
import scipy.signal
import scipy.spatial
import torch

import safetensors

TARGET = pathlib.Path(__file__).parent.parent / "Microsoft.ML.Dcgan.Tests" / "Reference" / "metrics.safetensors"
WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])


def frechet_distance(real, generated):
    """Heusel et al. 2017, equation 6."""
    real_covariance, generated_covariance = np.cov(real, rowvar=False), np.cov(generated, rowvar=False)
    root = scipy.linalg.sqrtm(real_covariance @ generated_covariance)
    return np.sum((real.mean(0) - generated.mean(0)) ** 2) + np.trace(real_covariance + generated_covariance - 2 * root.real)


def frechet_distance_of_few(real, generated):
    """The same; the trace of the root is the sum of the singular values of the samples' inner products."""
    inner = (real - real.mean(0)) @ (generated - generated.mean(0)).T / np.sqrt((len(real) - 1) * (len(generated) - 1))
    spread = real.var(0, ddof=1).sum() + generated.var(0, ddof=1).sum()
    return np.sum((real.mean(0) - generated.mean(0)) ** 2) + spread - 2 * scipy.linalg.svdvals(inner).sum()


def kernel_distance(real, generated):
    """Gretton et al. 2012, equation 3, with the kernel of Binkowski et al. 2018."""
    def kernel(x, y):
        return (x @ y.T / x.shape[1] + 1) ** 3

    def mean_of_others(matrix):
        return matrix[~np.eye(len(matrix), dtype=bool)].mean()

    return mean_of_others(kernel(real, real)) + mean_of_others(kernel(generated, generated)) - 2 * kernel(real, generated).mean()


def radii(points, neighbors):
    # Each point's nearest is itself.
    return np.sort(scipy.spatial.distance.cdist(points, points), axis=1)[:, neighbors]


def precision_recall(real, generated, neighbors):
    """Kynkäänniemi et al. 2019, equations 1 and 2."""
    distances = scipy.spatial.distance.cdist(generated, real)
    return (distances <= radii(real, neighbors)[None]).any(1).mean(), (distances <= radii(generated, neighbors)[:, None]).any(0).mean()


def density_coverage(real, generated, neighbors):
    """Naeem et al. 2020, section 3.2."""
    inside = scipy.spatial.distance.cdist(generated, real) < radii(real, neighbors)[None]
    return inside.sum() / neighbors / len(generated), inside.any(0).mean()


def multiscale_similarity(left, right, scales):
    """Wang et al. 2003, equation 7, of one picture [channels, height, width] with values from 0 to 1."""
    window = scipy.signal.windows.gaussian(11, 1.5)
    window = np.outer(window, window) / window.sum() ** 2

    def blur(image):
        return np.stack([scipy.signal.convolve2d(plane, window, mode="valid") for plane in image])

    def half(image):
        height, width = image.shape[1] // 2 * 2, image.shape[2] // 2 * 2
        image = image[:, :height, :width]
        return (image[:, ::2, ::2] + image[:, 1::2, ::2] + image[:, ::2, 1::2] + image[:, 1::2, 1::2]) / 4

    weights = WEIGHTS[:scales] / WEIGHTS[:scales].sum()
    product = 1.0
    for scale, weight in enumerate(weights):
        if scale:
            left, right = half(left), half(right)
        means = blur(left), blur(right)
        variances = blur(left ** 2) - means[0] ** 2, blur(right ** 2) - means[1] ** 2
        similarity = (2 * (blur(left * right) - means[0] * means[1]) + 0.03 ** 2) / (sum(variances) + 0.03 ** 2)
        if scale == scales - 1:
            similarity = similarity * (2 * means[0] * means[1] + 0.01 ** 2) / (means[0] ** 2 + means[1] ** 2 + 0.01 ** 2)
        product *= max(similarity.mean(), 0) ** weight
    return product


def pictures(random, count, shape):
    """Smooth left pictures, and right ones that are mixtures of them and others."""
    def smooth():
        return np.stack([scipy.ndimage.gaussian_filter(random.random((count, *shape[1:])), (0, 2, 2)) for _ in range(shape[0])], 1)

    left = smooth()
    right = left * 0.6 + smooth() * 0.4 + 0.02 * random.standard_normal(left.shape)
    stretched = [((image - 0.5) * 3 + 0.5).clip(0, 1) for image in (left, right)]
    return [(image * 255).round().astype(np.uint8) for image in stretched]


def main():
    random = np.random.default_rng(4)
    mixing = random.standard_normal((16, 16)) / 4
    real = (random.gamma(2, 1, (300, 16)) @ mixing + 100).astype(np.float32)
    generated = (random.gamma(2, 1.1, (250, 16)) @ mixing + 100.2).astype(np.float32)
    few_real = random.standard_normal((20, 40)).astype(np.float32)
    few_generated = (random.standard_normal((30, 40)) * 1.5 + 0.3).astype(np.float32)
    subsets = [np.stack([random.permutation(len(points))[:50] for _ in range(5)]) for points in (real, generated)]

    # In double precision, of what the file holds in single.
    x, y = real.astype(float), generated.astype(float)
    estimates = np.array([kernel_distance(x[a], y[b]) for a, b in zip(*subsets)])
    distances = scipy.spatial.distance.cdist(y, x)
    nearest = np.argsort(distances, axis=1)[:, :2]
    precision, recall = precision_recall(x, y, 3)
    density, coverage = density_coverage(x, y, 5)
    results = {
        "frechet": frechet_distance(x, y),
        "few.frechet": frechet_distance_of_few(few_real.astype(float), few_generated.astype(float)),
        "kernel": [estimates.mean(), estimates.std(ddof=1) / np.sqrt(len(estimates)), kernel_distance(x, y)],
        "precision": precision, "recall": recall, "density": density, "coverage": coverage,
        "distances": np.take_along_axis(distances, nearest, 1),
    }
    arrays = {
        "real": real, "generated": generated, "few.real": few_real, "few.generated": few_generated,
        "subsets.real": subsets[0], "subsets.generated": subsets[1], "nearest": nearest,
        **{name: np.atleast_1d(value).astype(np.float32) for name, value in results.items()},
    }
    for name, count, shape, scales in (("small", 4, (3, 28, 33), 2), ("large", 1, (1, 177, 180), 5)):
        left, right = pictures(random, count, shape)
        arrays[f"{name}.left"], arrays[f"{name}.right"] = left, right
        arrays[f"{name}.similarity"] = np.array([multiscale_similarity(a / 255, b / 255, scales) for a, b in zip(left, right)], np.float32)

    safetensors.save({name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}, TARGET)
    print(f"{TARGET.name}: {len(arrays)} tensors, {TARGET.stat().st_size:,} bytes")
    for name in (*results, "small.similarity", "large.similarity"):
        if name != "distances":
            print(f"{name}: {arrays[name].tolist()}")


if __name__ == "__main__":
    main()
