"""How large the stock of rhymes is that each source lives on, and which rhymes it overworks."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtrit

from app.analysis.cliches import Cliche, Interval, Pair, Poems, list_cliches
from app.analysis.options import CONFIDENCE

MIN_POEMS = 10
MIN_RHYMES = 50
COMMONPLACE_RANK = 1000
LONGEST_LIST = 10

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SourceStock:
    """The rhymes of one source.

    Parameters
    ----------
    source
        Its name.
    n_poems, n_rhyming
        Poems, and those with a rhyme.
    n_rhymes, n_distinct
        Rhymes, and distinct pairs among them.
    commonplace
        Share of its rhymes among the 1,000 pairs most common in the corpus; None without rhymes.
    distinct_per_rhyme
        Distinct pairs expected among as many rhymes as are drawn from every source, divided by
        that number, 0 to 1; None where `declined` says why.
    declined
        A sentence; None where the source is compared.
    cliches
        Pairs that at least two of its poems hold, from the one most surely above the corpus on.
    """

    source: str
    n_poems: int
    n_rhyming: int
    n_rhymes: int
    n_distinct: int
    commonplace: Interval | None
    distinct_per_rhyme: Interval | None
    declined: str | None
    cliches: tuple[Cliche, ...]


@dataclass(frozen=True, slots=True)
class RhymeStock:
    """The rhymes of several sources side by side.

    Parameters
    ----------
    sample_size
        Rhymes drawn from every source that is compared; None where none is.
    corpus_distinct_per_rhyme
        What as many rhymes drawn from the corpus would give; None where none are drawn.
    sources
        One a source, in the order given.
    """

    sample_size: int | None
    corpus_distinct_per_rhyme: float | None
    sources: tuple[SourceStock, ...]

    def as_dict(self) -> dict[str, Any]:  # Any: JSON
        """Give the result as JSON would hold it.

        Returns
        -------
        dict
            "sample_size", "corpus_distinct_per_rhyme" and "sources", each with its fields.
        """
        return asdict(self)


def rhyme_stock(
    pairs_by_source: Mapping[str, Poems],
    *,
    corpus: Mapping[Pair, int],
    unlisted: Callable[[str, str], float],
    sample_size: int | None = None,
    longest_list: int = LONGEST_LIST,
) -> RhymeStock:
    """Measure how many different rhymes each source uses, and which it overworks.

    Parameters
    ----------
    pairs_by_source
        For every source its poems, for every poem the pairs of words that rhyme in it, one a
        rhyme; the order of the two words does not matter.
    corpus
        Times that each pair rhymes in a corpus, words in the order of the alphabet.
    unlisted
        From two words to the times that the corpus should hold a pair that it does not list,
        more than 0.
    sample_size
        Rhymes to draw from every source, at least 1; None for as many as every source that can be
        compared still has without any one of its poems.
    longest_list
        Most clichés to give for a source.

    Returns
    -------
    RhymeStock
        One entry a source.

    Raises
    ------
    ValueError
        `sample_size` is less than 1, or the corpus is empty.

    Notes
    -----
    Sources with fewer than 10 poems that rhyme, or that do not always have 50 rhymes left (or
    `sample_size`, where it is given) when one poem is taken away, are not compared.

    Poems are the units: intervals come from leaving out each rhyming poem in turn (the jackknife),
    with t on their number less one. A bootstrap would draw poems twice, and with them their pairs,
    so that every draw holds fewer distinct pairs than the poems do.

    References
    ----------
    Hurlbert, S. H. (1971). The nonconcept of species diversity. Ecology 52, 577-586.
    Heltshe, J. F. and Forrester, N. E. (1983). Estimating species richness using the jackknife
    procedure. Biometrics 39, 1-11: whole samples, here poems, are left out.

    Examples
    --------
    >>> found = rhyme_stock(
    ...     {"a": [[("light", "night")], [("night", "light"), ("blue", "hue")]]},
    ...     corpus={("light", "night"): 9},
    ...     unlisted=lambda one, two: 0.1,
    ... )
    >>> found.sources[0].n_rhymes, found.sources[0].n_distinct
    (3, 2)
    >>> found.sources[0].declined
    'Fewer than 10 poems with a rhyme.'
    """
    if not corpus or (sample_size is not None and sample_size < 1):
        raise ValueError("A corpus with pairs and a sample of at least one rhyme are needed.")
    ordered = {
        name: [[(min(pair), max(pair)) for pair in poem] for poem in poems]
        for name, poems in pairs_by_source.items()
    }
    counted = {name: _count(poems) for name, poems in ordered.items()}
    declined = {name: _declined(own, sample_size) for name, own in counted.items()}
    spared = [own.spared for name, own in counted.items() if declined[name] is None]
    size = (sample_size or min(spared)) if spared else None
    cliches = list_cliches(ordered, corpus=corpus, unlisted=unlisted)
    least = sorted(corpus.values(), reverse=True)[:COMMONPLACE_RANK][-1]
    in_corpus = np.array(list(corpus.values()))
    return RhymeStock(
        sample_size=size,
        corpus_distinct_per_rhyme=rarefied(in_corpus, size) / size if size else None,
        sources=tuple(
            SourceStock(
                source=name,
                n_poems=len(ordered[name]),
                n_rhyming=len(own.poems),
                n_rhymes=own.total,
                n_distinct=len(own.pairs),
                commonplace=_commonplace(own, corpus, least),
                distinct_per_rhyme=_distinct(own, size) if size and not declined[name] else None,
                declined=declined[name],
                cliches=cliches[name][:longest_list],
            )
            for name, own in counted.items()
        ),
    )


def rarefied(counts: Ints, size: int) -> float:
    """Give the number of kinds expected among some of the things counted.

    Parameters
    ----------
    counts
        Things of each kind, from 1, shape (n_kinds,).
    size
        Things drawn without putting any back, 0 to the sum of the counts.

    Returns
    -------
    float
        0 to n_kinds.

    Raises
    ------
    ValueError
        More are to be drawn than there are.

    Notes
    -----
    sum_i 1 - C(N - n_i, m) / C(N, m), N the sum of the counts n_i, m the size.

    References
    ----------
    Hurlbert, S. H. (1971). The nonconcept of species diversity. Ecology 52, 577-586, eq. 14.

    Examples
    --------
    >>> round(rarefied(np.array([2, 1, 1]), 2), 4)
    1.8333
    """
    total = int(counts.sum())
    if not 0 <= size <= total:
        raise ValueError(f"{size} cannot be drawn from {total}.")
    levels, times = np.unique(counts, return_counts=True)
    return float((times * (1 - _missed(levels, total, size))).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """Pairs of one source, their counts, and of each poem that rhymes which and how often."""

    pairs: list[Pair]
    counts: Ints
    poems: list[tuple[Ints, Ints]]

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def sizes(self) -> Ints:
        return np.array([own.sum() for _, own in self.poems], dtype=np.int64)

    @property
    def spared(self) -> int:
        """Rhymes left without any one poem."""
        return self.total - int(self.sizes.max(initial=0))


def _count(poems: Poems) -> _Counted:
    counts = Counter(pair for poem in poems for pair in poem)
    number = {pair: ix for ix, pair in enumerate(counts)}
    return _Counted(
        pairs=list(counts),
        counts=np.array(list(counts.values()), dtype=np.int64),
        poems=[
            (np.array([number[pair] for pair in own]), np.array(list(own.values())))
            for own in map(Counter, poems)
            if own
        ],
    )


def _declined(own: _Counted, sample_size: int | None) -> str | None:
    if len(own.poems) < MIN_POEMS:
        return f"Fewer than {MIN_POEMS} poems with a rhyme."
    least = sample_size or MIN_RHYMES
    if own.spared < least:
        return f"Fewer than {least} rhymes without the poem that has most."
    return None


def _commonplace(own: _Counted, corpus: Mapping[Pair, int], least: int) -> Interval | None:
    if len(own.poems) <= 1:
        return None
    common = np.array([corpus.get(pair, 0) >= least for pair in own.pairs])
    hits = np.array([n[common[pairs]].sum() for pairs, n in own.poems])
    without = (hits.sum() - hits) / (own.total - own.sizes)
    return _jackknife(hits.sum() / own.total, without)


def _distinct(own: _Counted, size: int) -> Interval:
    """Distinct pairs per rhyme; without a poem its pairs are counted anew, the rest as before."""
    levels, times = np.unique(own.counts, return_counts=True)
    kinds = np.empty(len(own.poems))
    for number in np.unique(own.sizes):
        total = own.total - int(number)
        missed = _missed(np.arange(levels[-1] + 1), total, size)
        rest = len(own.pairs) - (times * missed[levels]).sum()
        for ix in np.flatnonzero(own.sizes == number):
            pairs, n = own.poems[ix]
            before = own.counts[pairs]
            kinds[ix] = rest + (missed[before] - missed[before - n]).sum()
    return _jackknife(rarefied(own.counts, size) / size, kinds / size)


def _missed(counts: Ints, total: int, size: int) -> Floats:
    """Chance that a draw holds none of a kind, for kinds of these counts, shape (n_kinds,)."""
    others = total - counts
    some = others >= size
    rest = np.where(some, others, size)
    log = gammaln(rest + 1) - gammaln(rest - size + 1)
    log += gammaln(total - size + 1) - gammaln(total + 1)
    return np.where(some, np.exp(log), 0.0)


def _jackknife(value: float, without: Floats) -> Interval:
    """A share and its interval from what it is without each of the units."""
    n = len(without)
    se = math.sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    reach = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * se
    return Interval(float(value), max(0.0, float(value) - reach), min(1.0, float(value) + reach))
