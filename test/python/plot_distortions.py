"""Draws what the benchmark `distortions` wrote: the metrics of real pictures against distorted ones.

    /usr/bin/python3 test/python/plot_distortions.py out/quality/distortions.json docs/images/distortions.png

Needs Debian's python3-matplotlib.
"""

import json
import sys

import matplotlib
matplotlib.use("Agg")
from matplotlib import pyplot

LEVELS = {
    "halves": "pictures in each half",
    "blur": "blur, deviation in pixels",
    "noise": "noise, deviation",
    "rectangles": "part of the picture covered",
    "dropped classes": "classes dropped, of ten",
}
SHARES = {"Precision": "precision", "Recall": "recall", "Density": "density", "Coverage": "coverage"}


def main():
    source, target = sys.argv[1:]
    with open(source) as file:
        results = json.load(file)
    figure, axes = pyplot.subplots(2, len(LEVELS), figsize=(15, 5.4))
    for column, (name, label) in enumerate(LEVELS.items()):
        rows = [row for row in results if row["name"] == name]
        levels = [row["level"] for row in rows]
        top, bottom = axes[0][column], axes[1][column]
        top.plot(levels, [row["FrechetDistance"] for row in rows], "o-", color="tab:red")
        top.set_title(name)
        top.set_ylim(bottom=0)
        if name == "halves":
            top.set_xscale("log")
            top.set_xlabel(label)
            bottom.axis("off")
            continue
        for key, text in SHARES.items():
            bottom.plot(levels, [row[key] for row in rows], "o-", label=text, markersize=4)
        bottom.set_ylim(0, 1.3)
        bottom.set_xlabel(label)
    axes[0][0].set_ylabel("Fréchet distance (pixels)")
    axes[1][1].set_ylabel("share")
    handles, labels = axes[1][1].get_legend_handles_labels()
    axes[1][0].legend(handles, labels, loc="center")
    figure.tight_layout()
    figure.savefig(target, dpi=90)


if __name__ == "__main__":
    main()
