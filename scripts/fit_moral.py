"""Fit the weights of app/verse/moral.py and print them, with their accuracy in cross-validation.

Every cue gets the same weight for a standard deviation of its rate, for or against, and only the
intercept and the slope of their sum are fitted: unit weights (Dawes 1979), which do as well here as
a weight fitted to each cue.

    python scripts/fit_moral.py ../shared/data

Fitted on the endings marked dev in tests/data: our own, and those of poems beside the project, of
which only a hash is kept here. The endings marked test are not read.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.verse.ending import n_ending_lines
from app.verse.moral import DAMPING, LONGEST, moral_cues
from app.verse.parsed import ParsedPoem
from tests.verse.style_labels import Ending, labelled_poems, own_endings

PENALTY = 10.0  # on squared weights, where each cue has its own
FOLDS, REPEATS, SEED = 10, 10, 3
AGAINST = ("i", "others", "past")  # every other cue speaks for a lesson

Floats = NDArray[np.float64]


def training_endings(shared: Path) -> list[Ending]:
    """Our own endings marked dev and those of poems beside the project."""
    found = own_endings("dev")
    for text, moral, writer in labelled_poems(shared, "dev"):
        poem = ParsedPoem(text)
        n_ending = n_ending_lines([len(stanza) for stanza in poem.stanzas])
        assert n_ending is not None
        found.append(Ending(poem.plain_lines[-n_ending:], moral, writer))
    return found


def rates(ending: Ending) -> list[float]:
    lines = ending.lines[-LONGEST:]
    n_words = sum(map(len, lines))
    return [count / (n_words + DAMPING) for count in moral_cues(lines).values()]


def logistic(z: Floats, y: Floats, penalty: float) -> Floats:
    """Intercept and weights of a logistic regression."""
    design = np.column_stack([np.ones(len(z)), z])

    def loss(b: Floats) -> float:
        eta = design @ b
        return float(np.sum(np.logaddexp(0, eta) - y * eta) + penalty * np.sum(b[1:] ** 2) / 2)

    found: Floats = minimize(loss, np.zeros(design.shape[1]), method="BFGS").x
    return found


def unit_weights(x: Floats, y: Floats) -> Floats:
    """Intercept and weights for rates as they are: equal ones, fitted together."""
    signs = np.array([-1.0 if cue in AGAINST else 1.0 for cue in moral_cues([])])
    together = signs / x.std(axis=0)
    intercept, slope = logistic((x @ together)[:, None], y, 0)
    return np.concatenate([[intercept], slope * together])


def own_weights(x: Floats, y: Floats) -> Floats:
    """Intercept and weights for rates as they are: one fitted to each cue."""
    centre, scale = x.mean(axis=0), x.std(axis=0)
    b = logistic((x - centre) / scale, y, PENALTY)
    weights = b[1:] / scale
    return np.concatenate([[b[0] - weights @ centre], weights])


def auc(scores: Floats, y: Floats) -> float:
    above = scores[y == 1][:, None] - scores[y == 0]
    return float(np.mean((np.sign(above) + 1) / 2))


def cross_validated(fit: Callable[[Floats, Floats], Floats], x: Floats, y: Floats) -> Floats:
    """Mean score of each ending by fits that did not see it."""
    rng = np.random.default_rng(SEED)
    total = np.zeros(len(y))
    for _ in range(REPEATS):
        fold = rng.permutation(len(y)) % FOLDS
        for held in range(FOLDS):
            b = fit(x[fold != held], y[fold != held])
            total[fold == held] += b[0] + x[fold == held] @ b[1:]
    return total / REPEATS


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the weights of the moral of an ending.")
    parser.add_argument("shared", type=Path, help="the folder ../shared/data")
    endings = training_endings(parser.parse_args().shared)
    x = np.array([rates(ending) for ending in endings])
    y = np.array([float(ending.moral) for ending in endings])
    cues = list(moral_cues([]))
    print(f"{len(y)} endings, {int(y.sum())} with a lesson or consolation; cross-validated:")
    for fit in (unit_weights, own_weights):
        scores = cross_validated(fit, x, y)
        accuracy = np.mean((scores > 0) == y)
        print(f"{fit.__name__}: accuracy {accuracy:.3f}, AUC {auc(scores, y):.3f}")
    b = unit_weights(x, y)
    print(f"INTERCEPT = {b[0]:.2f}")
    for cue, weight in zip(cues, b[1:], strict=True):
        print(f'    "{cue}": {weight:.1f},')


if __name__ == "__main__":
    main()
