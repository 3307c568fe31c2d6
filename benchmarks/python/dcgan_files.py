"""PyTorch's official DCGAN example on a folder of pictures, for one epoch: Pillow, and a DataLoader with workers.

Prints a line of JSON: seconds to the first minibatch, seconds in all, images, and seconds of going through them without training.
"""

import json
import pathlib
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

import dcgan_example


class Folder(Dataset):
    def __init__(self, folder, size, channels):
        self.files = sorted(pathlib.Path(folder).rglob("*.png"))
        self.size, self.mode, self.channels = size, "L" if channels == 1 else "RGB", channels

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as picture:
            picture = picture.convert(self.mode).resize((self.size, self.size), Image.BILINEAR)
        pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        return pixels.view(self.size, self.size, self.channels).permute(2, 0, 1).float() / 127.5 - 1


def main():
    parser = dcgan_example.arguments(__doc__)
    parser.add_argument("folder")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    loader = DataLoader(Folder(options.folder, options.size, options.channels), options.batch, shuffle=True, num_workers=options.workers)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    start = time.perf_counter()
    trainer = dcgan_example.example(options)
    images, first = 0, None
    for real in loader:
        first = first or time.perf_counter() - start
        trainer.step(real, torch.randn(len(real), options.noise, 1, 1))
        images += len(real)
    seconds = time.perf_counter() - start

    start = time.perf_counter()
    for _ in loader:
        pass
    print(json.dumps({"first": first, "seconds": seconds, "images": images, "loading": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
