"""Which pairs of rhyming words each source repeats more than a corpus of verse does."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaincinv, gammaln

from app.analysis.options import CONFIDENCE

MIN_REPEATS = 2
WIDEST = 8.0  # natural log of the prior's parameters

Pair = tuple[str, str]
Poems = Sequence[Sequence[Pair]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95% interval.

    Parameters
    ----------
    value
        The estimate.
    low, high
        Ends of the interval.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cliche:
    """A pair of end words that a source repeats.

    Parameters
    ----------
    pair
        The two words, in the order of the alphabet.
    n_poems
        Poems of the source that hold the pair.
    n_rhymes
        Rhymes of the source that are this pair.
    share
        `n_poems` divided by its sum over all pairs of the source, 0 to 1.
    corpus_share
        Share of the corpus' rhymes that are this pair, 0 to 1.
    ratio
        How many times as often as the corpus the source rhymes these words, shrunk towards what
        is usual; more than 0, 1 where they do not differ.
    """

    pair: Pair
    n_poems: int
    n_rhymes: int
    share: float
    corpus_share: float
    ratio: Interval


@dataclass(frozen=True, slots=True)
class Prior:
    """A gamma distribution of ratios.

    Parameters
    ----------
    shape, rate
        Its parameters; the mean is shape / rate.
    """

    shape: float
    rate: float

    def posterior(self, found: float, expected: float) -> Interval:
        """Give a ratio after what was counted.

        Parameters
        ----------
        found
            What was counted, from 0.
        expected
            What is expected where the ratio is 1, more than 0.

        Returns
        -------
        Interval
            Mean (shape + found) / (rate + expected) and the central 95% of the distribution.

        Examples
        --------
        >>> Prior(shape=1.0, rate=1.0).posterior(3, 1.0).value
        2.0
        """
        shape, rate = self.shape + found, self.rate + expected
        low, high = (gammaincinv(shape, (1 + side * CONFIDENCE) / 2) / rate for side in (-1, 1))
        return Interval(shape / rate, float(low), float(high))


@dataclass(frozen=True, slots=True, eq=False)
class _Used:
    """Pairs of one source: poems that hold each, rhymes, times in the corpus, whether listed."""

    poems: Counter[Pair]
    total: int
    rhymes: Counter[Pair]
    corpus: dict[Pair, float]
    listed: set[Pair]


def list_cliches(
    pairs_by_source: Mapping[str, Poems],
    *,
    corpus: Mapping[Pair, int],
    unlisted: Callable[[str, str], float],
) -> dict[str, tuple[Cliche, ...]]:
    """List the pairs that each source repeats, from the one most surely above the corpus on.

    Parameters
    ----------
    pairs_by_source
        For every source its poems, for every poem the pairs of words that rhyme in it, one a
        rhyme, words in the order of the alphabet.
    corpus
        Times that each pair rhymes in a corpus, at least one pair.
    unlisted
        From two words to the times that the corpus should hold a pair that it does not list,
        more than 0.

    Returns
    -------
    dict of str to tuple of Cliche
        For every source the pairs that at least two of its poems hold, by falling lower end of
        the interval of their ratio.

    Notes
    -----
    The poems x that hold a pair are Poisson with mean r E; E is the sum of x over the source's
    pairs times the share of the pair in the corpus. The ratios r of all pairs of all sources are
    draws from one gamma distribution, fitted to them all, so that what was seen once or twice
    stays near to what is usual. A refrain in one poem counts once.

    References
    ----------
    DuMouchel, W. (1999). Bayesian data mining in large frequency tables. American Statistician 53,
    177-202: shrinkage of ratios and ranking by their lower ends, with one gamma distribution here
    in place of two.

    Examples
    --------
    >>> poems = [[("blue", "hue")], [("blue", "hue")], [("blue", "hue"), ("day", "way")]]
    >>> found = list_cliches({"a": poems}, corpus={("day", "way"): 9}, unlisted=lambda a, b: 0.1)
    >>> [(one.pair, one.n_poems) for one in found["a"]]
    [(('blue', 'hue'), 3)]
    """
    used = {name: _use(poems, corpus, unlisted) for name, poems in pairs_by_source.items()}
    counts = np.array(list(corpus.values()), dtype=np.float64)
    prior = _fit_prior(list(used.values()), counts)
    return {name: _rank(own, prior, float(counts.sum())) for name, own in used.items()}


def _use(poems: Poems, corpus: Mapping[Pair, int], unlisted: Callable[[str, str], float]) -> _Used:
    rhymes = Counter(pair for poem in poems for pair in poem)
    holding = Counter(pair for poem in poems for pair in set(poem))
    return _Used(
        poems=holding,
        total=holding.total(),
        rhymes=rhymes,
        corpus={pair: corpus.get(pair) or unlisted(*pair) for pair in rhymes},
        listed={pair for pair in rhymes if pair in corpus},
    )


def _rank(used: _Used, prior: Prior, corpus_total: float) -> tuple[Cliche, ...]:
    cliches = []
    for pair, n_poems in used.poems.items():
        if n_poems >= MIN_REPEATS:
            share = used.corpus[pair] / corpus_total
            cliches.append(
                Cliche(
                    pair=pair,
                    n_poems=n_poems,
                    n_rhymes=used.rhymes[pair],
                    share=n_poems / used.total,
                    corpus_share=share,
                    ratio=prior.posterior(n_poems, share * used.total),
                )
            )
    return tuple(sorted(cliches, key=lambda one: (-one.ratio.low, one.pair)))


def _fit_prior(sources: Sequence[_Used], counts: Floats) -> Prior:
    """Most likely gamma distribution of the ratios; listed pairs that no poem holds count as 0."""
    levels, times = np.unique(counts, return_counts=True)
    totals = np.array([own.total for own in sources], dtype=np.float64)
    listed = totals[:, None] * levels / counts.sum()
    cells = [
        (n_poems, own.total * own.corpus[pair], pair in own.listed)
        for own in sources
        for pair, n_poems in own.poems.items()
    ]
    found, expected, is_listed = np.array(cells, dtype=np.float64).reshape(-1, 3).T
    expected /= counts.sum()
    extra = expected[is_listed == 0]

    def loss(at: Floats) -> float:
        shape, rate = np.exp(at)
        none = (times * np.log1p(listed / rate)).sum() + np.log1p(extra / rate).sum()
        some = gammaln(shape + found) - gammaln(shape) - found * np.log(rate + expected)
        return float(shape * none - some.sum())

    fitted = minimize(loss, [0.0, 0.0], method="Nelder-Mead", bounds=[(-WIDEST, WIDEST)] * 2)
    shape, rate = np.exp(fitted.x)
    return Prior(float(shape), float(rate))
