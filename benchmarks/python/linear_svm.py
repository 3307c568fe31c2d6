"""Linear L2-SVMs (squared hinge, one against the rest) on features, as in Radford, Metz and Chintala 2015, section 5.

    linear_svm.py FOLDER NAME...

FOLDER holds NAME-train.npy and NAME-test.npy, a row a picture, and labels-train.bytes and labels-test.bytes, a byte each.
Features are standardised by the training pictures'. C is the best of a few on a fifth of the training pictures that is
held out; then all of them are trained on. Prints a line of JSON for each NAME. Needs scikit-learn (python3-sklearn).
"""

import json
import pathlib
import sys

import joblib
import numpy
from sklearn.svm import LinearSVC

REGULARISATIONS = [1e-4, 3e-4, 1e-3, 3e-3]


def fit(features, labels, c):
    return LinearSVC(loss="squared_hinge", dual=True, C=c, tol=1e-2, max_iter=1000, random_state=0).fit(features, labels)


def standardised(folder, name):
    train, test = (numpy.load(folder / f"{name}-{part}.npy").astype(numpy.float64) for part in ("train", "test"))
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def main():
    folder = pathlib.Path(sys.argv[1])
    labels, test_labels = (numpy.frombuffer((folder / f"labels-{part}.bytes").read_bytes(), numpy.uint8) for part in ("train", "test"))
    held_out = len(labels) // 5
    for name in sys.argv[2:]:
        train, test = standardised(folder, name)

        def score(c):
            return fit(train[held_out:], labels[held_out:], c).score(train[:held_out], labels[:held_out])

        scores = joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(score)(c) for c in REGULARISATIONS)
        best = REGULARISATIONS[int(numpy.argmax(scores))]
        accuracy = fit(train, labels, best).score(test, test_labels)
        print(json.dumps({"name": name, "size": train.shape[1], "c": best, "held_out": scores, "accuracy": accuracy}), flush=True)


if __name__ == "__main__":
    main()
