"""Resampling raters and prompts together: the "pigeonhole" bootstrap."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import GroupVotes
from app.analysis.nameless import nameless
from app.analysis.options import CONFIDENCE

ROWS = 4096  # votes at a time: all weights of a million votes would not fit into memory

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """How often each draw holds each rater and each prompt.

    Parameters
    ----------
    votes
        The votes drawn from.
    rater
        Shape (n_draws, n_raters).
    prompt
        Shape (n_draws, n_prompts); 0 for prompts that no vote touches.
    """

    votes: GroupVotes
    rater: Floats
    prompt: Floats

    def weights(self) -> Iterator[tuple[slice, Floats]]:
        """Give the weights of the votes, some votes at a time.

        Returns
        -------
        iterator of (slice, ndarray)
            Which votes, and their weights, shape (n_draws, n_votes there).
        """
        for first in range(0, len(self.votes.outcome), ROWS):
            some = slice(first, first + ROWS)
            left, right = self.votes.left[some], self.votes.right[some]
            crossed = np.where(left != right, self.prompt[:, right], 1.0)
            yield some, self.rater[:, self.votes.rater[some]] * self.prompt[:, left] * crossed


def pigeonhole(votes: GroupVotes, n_draws: int, rng: np.random.Generator) -> Draws:
    """Draw raters and, apart from them, prompts, with replacement.

    Parameters
    ----------
    votes
        The votes; where poems stand in the prompts' place, poems are drawn.
    n_draws
        How many times.
    rng
        Source of randomness.

    Returns
    -------
    Draws
        The same whatever raters, prompts and poems are called (`app.analysis.nameless`). A vote's
        weight is the product of how often its rater and its prompt were drawn; of both
        prompts where it crosses two.

    Notes
    -----
    The variance of means over such draws is at least about that of two-way samples, and up to three
    times their interaction's part too large: intervals err on the wide side.

    References
    ----------
    Owen, A. B. (2007). The pigeonhole bootstrap. Annals of Applied Statistics 1, 386-411.
    Davezies, L., D'Haultfoeuille, X. and Guyonvarch, Y. (2021). Empirical process results for
    exchangeable arrays. Annals of Statistics 49, 845-862.
    """
    n_raters = int(votes.rater.max()) + 1
    touched = np.unique(np.concatenate([votes.left, votes.right]))
    rater = rng.multinomial(n_raters, np.full(n_raters, 1 / n_raters), size=n_draws)
    drawn = rng.multinomial(len(touched), np.full(len(touched), 1 / len(touched)), size=n_draws)
    of_rater, of_prompt = nameless(votes)  # those that no vote touches come last
    prompt = np.zeros((n_draws, votes.n_prompts))
    prompt[:, touched] = drawn[:, of_prompt[touched]]
    return Draws(votes, rater[:, of_rater].astype(np.float64), prompt)


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """An estimate, corrected for its bias, with the ends of its 95% interval."""

    value: float
    low: float
    high: float


def recentred(estimate: float, draws: Floats) -> Bootstrapped:
    """Correct the bias of an estimate, and give the percentile interval around what is left.

    Parameters
    ----------
    estimate
        Of the votes as they are.
    draws
        Of the draws, shape (n_draws,).

    Returns
    -------
    Bootstrapped
        t - b with b = mean(t*) - t, and the quantiles of t* less 2 b: what draws exceed their
        sample by, samples exceed the truth by. It may lie below 0 for what cannot.

    References
    ----------
    Davison, A. C. and Hinkley, D. V. (1997). Bootstrap methods and their application, chapters 2
    and 5. Cambridge University Press.

    Examples
    --------
    >>> recentred(3.0, np.array([3.0, 4.0, 5.0])).value
    2.0
    """
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    bias = float(draws.mean()) - estimate
    return Bootstrapped(estimate - bias, float(low) - 2 * bias, float(high) - 2 * bias)
