"""The rhyme scheme that best explains what is heard: in a stanza, then in all of a poem.

The score of a scheme is the evidence of every line for the rhyme that it joins, plus the log
probability of the scheme. Stanzas of one poem that have as many lines tend to have one scheme, so
their schemes are then weighed by how often the others have them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.verse.habit import Habit
from app.verse.schemes import LONGEST_STEP, MEMORY, SchemePrior, Steps, steps_of

WINDOW = 20  # lines back to which a line can rhyme
BEAM = 40
N_BEST = 12
ROUNDS = 3  # in which stanzas hear of each other
SILENCE = -6.0  # evidence of a line that does not answer another of its rhyme

Bond = Callable[[str, str], float]
Ends = Sequence[str | None]
_Stanza = tuple[str | None, ...]  # one that comes again is heard once


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the decoder trusts how much; chosen by cross-validation on marked verse.

    Attributes
    ----------
    softness, softness_of_long : float
        See `SchemePrior`. A short stanza by itself says little of its scheme; a long one of a fixed
        form says much.
    prior : float
        Weight of the log probability of a scheme.
    company : float
        Exponent of the number of lines of a rhyme in the weight of the evidence of one more: 0
        takes their mean, 1 their sum.
    bias : float
        Added to the evidence of every join.
    least : float
        Evidence below which two lines are never joined.
    trust : float
        Weight of the log probability of a scheme where other stanzas are heard.
    others, fresh : float
        Weight of each other stanza's scheme, and of the scheme's probability without them.
    floor : float
        Least share of a scheme among the others.
    """

    softness: float = 0.8
    softness_of_long: float = 0.2
    prior: float = 1.03
    company: float = 0.26
    bias: float = -0.79
    least: float = -6.0
    trust: float = 1.3
    others: float = 1.85
    fresh: float = 0.53
    floor: float = 0.1


TUNING = Tuning()


class Candidate(NamedTuple):
    """A scheme that a stanza may have: its labels from 0, evidence, and log probability."""

    labels: tuple[int, ...]
    evidence: float
    log_prior: float
    steps: Steps
    log_steps: tuple[float, ...]  # the log probability of each line's step


class _Path(NamedTuple):
    """A scheme of the first lines; of older lines only what still matters is at hand."""

    score: float
    evidence: float
    log_step: float
    label: int
    labels: tuple[int, ...]  # of the last lines of the window
    steps: Steps  # the last of them
    n_labels: int
    before: "_Path | None"


class _Line(NamedTuple):
    """A line to come, and the evidence for rhymes with earlier lines by how far back they are."""

    number: int
    n_lines: int
    bonds: dict[int, float]


def decode(
    stanzas: Sequence[Ends], bond: Bond, prior: SchemePrior, tuning: Tuning = TUNING
) -> list[tuple[int, ...]]:
    """Find the schemes of a poem's stanzas.

    Parameters
    ----------
    stanzas : sequence of sequence of str or None
        The last word of every line, None for a line without one.
    bond : callable
        From two words to the evidence that they rhyme.
    prior : SchemePrior
        Probabilities of schemes.
    tuning : Tuning
        Weights.

    Returns
    -------
    list of tuple of int
        One label a line in every stanza, equal where lines rhyme.

    Examples
    --------
    >>> prior = SchemePrior({(0, 0, 2, 2): 9.0, (0, 1, 0, 1): 1.0}, softness=0.3)
    >>> alike = lambda one, two: 4.0 if one[0] == two[0] else -9.0
    >>> decode([["a1", "b1", "a2", "b2"]], alike, prior)
    [(0, 1, 0, 1)]
    """
    heard = {ends: candidates(ends, bond, prior, tuning) for ends in map(tuple, stanzas)}
    chosen = _agree(heard, tuning)
    if len(heard) > 1:
        chosen = _agree(_by_habit(heard, chosen), tuning)
    return [chosen[tuple(ends)] for ends in stanzas]


def candidates(
    ends: Ends, bond: Bond, prior: SchemePrior, tuning: Tuning = TUNING
) -> list[Candidate]:
    """Find the likeliest schemes of one stanza.

    Parameters
    ----------
    ends, bond, prior, tuning
        As in `decode`, for one stanza.

    Returns
    -------
    list of Candidate
        At least one and at most 12.

    Notes
    -----
    A beam search from the first line to the last: 40 schemes are kept, and a line can only join
    the rhyme of a line at most 20 lines back. Time and memory grow with the number of lines.
    """
    paths = [_Path(0.0, 0.0, 0.0, -1, (), (), 0, None)]
    for line in range(len(ends)):
        next_line = _Line(line, len(ends), _bonds(ends, line, bond, tuning))
        longer = [path for before in paths for path in _continued(before, next_line, prior, tuning)]
        longer.sort(key=lambda path: -path.score)
        paths = longer[:BEAM]
    return [_candidate(path) for path in paths[:N_BEST]]


def _bonds(ends: Ends, line: int, bond: Bond, tuning: Tuning) -> dict[int, float]:
    """Evidence by how many lines back, where it is enough for a join."""
    word = ends[line]
    found: dict[int, float] = {}
    if word is None:
        return found
    for back in range(1, min(line, WINDOW) + 1):
        other = ends[line - back]
        if other is not None:
            value = bond(other, word)
            if value > tuning.least:
                found[back] = value
    return found


def _continued(path: _Path, line: _Line, prior: SchemePrior, tuning: Tuning) -> list[_Path]:
    """The path with one more line, which opens a rhyme or joins one."""

    def grown(label: int, step: int, gain: float) -> _Path:
        log_prior = prior.log_probability(path.steps, line.number, line.n_lines, step)
        return _Path(
            path.score + tuning.prior * log_prior + gain,
            path.evidence + gain,
            log_prior,
            label,
            (*path.labels[1 - WINDOW :], label),
            (*path.steps[1 - MEMORY :], step),
            path.n_labels + (step == 0),
            path,
        )

    longer = [grown(path.n_labels, 0, 0.0)]
    joined = set()
    for back in line.bonds:
        label = path.labels[-back]
        if label not in joined:
            joined.add(label)
            members = [ix for ix, of in enumerate(reversed(path.labels), 1) if of == label]
            total = sum(line.bonds.get(ix, SILENCE) for ix in members)
            gain = total / len(members) ** (1 - tuning.company) + tuning.bias
            longer.append(grown(label, min(members[0], LONGEST_STEP), gain))
    return longer


def _candidate(path: _Path) -> Candidate:
    labels, steps, log_steps = [], [], []
    last = path
    while path.before is not None:
        labels.append(path.label)
        steps.append(path.steps[-1])
        log_steps.append(path.log_step)
        path = path.before
    return Candidate(
        tuple(labels[::-1]),
        last.evidence,
        sum(log_steps),
        tuple(steps[::-1]),
        tuple(log_steps[::-1]),
    )


def _by_habit(
    heard: Mapping[_Stanza, list[Candidate]], chosen: Mapping[_Stanza, tuple[int, ...]]
) -> dict[_Stanza, list[Candidate]]:
    """The schemes with how likely they are in this poem, by what its other stanzas have."""
    own = {ends: steps_of(labels) for ends, labels in chosen.items()}
    habit = Habit(own.values())
    found = {}
    for ends, schemes in heard.items():
        others = habit.without(own[ends])
        found[ends] = [
            one._replace(log_prior=others.log_probability(one.steps, one.log_steps))
            for one in schemes
        ]
    return found


def _agree(
    heard: Mapping[_Stanza, list[Candidate]], tuning: Tuning
) -> dict[_Stanza, tuple[int, ...]]:
    """The scheme of every stanza, stanzas of one length weighed by each other."""
    alike: dict[int, list[_Stanza]] = {}
    for ends in heard:
        alike.setdefault(len(ends), []).append(ends)
    chosen: dict[_Stanza, tuple[int, ...]] = {}
    for group in alike.values():
        schemes = _agree_alike([heard[ends] for ends in group], tuning)
        chosen.update(zip(group, schemes, strict=True))
    return chosen


class _Weighed(NamedTuple):
    """A scheme with the part of its weight beside others that stays the same in all rounds."""

    labels: tuple[int, ...]
    evidence: float
    fresh: float
    least: float


def _agree_alike(stanzas: list[list[Candidate]], tuning: Tuning) -> list[tuple[int, ...]]:
    """The schemes of stanzas of one length, each weighed by what the others are likely to have."""
    shares = [_shares([_alone(one, tuning) for one in found]) for found in stanzas]
    if len(stanzas) > 1:
        weighed = [_weighed(found, tuning) for found in stanzas]
        for _ in range(ROUNDS):
            shares = _next_round(weighed, shares, tuning)
    return [
        found[share.index(max(share))].labels for found, share in zip(stanzas, shares, strict=True)
    ]


def _alone(one: Candidate, tuning: Tuning) -> float:
    return one.evidence + tuning.prior * one.log_prior


def _weighed(found: list[Candidate], tuning: Tuning) -> list[_Weighed]:
    likeliest = max(one.log_prior for one in found)
    return [
        _Weighed(
            one.labels,
            one.evidence,
            tuning.fresh * math.exp(one.log_prior),
            tuning.floor * math.exp(one.log_prior - likeliest),
        )
        for one in found
    ]


def _next_round(
    stanzas: list[list[_Weighed]], shares: list[list[float]], tuning: Tuning
) -> list[list[float]]:
    """How likely each stanza's schemes are, given how likely all stanzas' were."""
    total: dict[tuple[int, ...], float] = {}
    for found, share in zip(stanzas, shares, strict=True):
        for one, part in zip(found, share, strict=True):
            total[one.labels] = total.get(one.labels, 0.0) + part
    whole = tuning.others * (len(stanzas) - 1) + tuning.fresh
    after = []
    for found, share in zip(stanzas, shares, strict=True):
        scores = []
        for one, part in zip(found, share, strict=True):
            mixed = (tuning.others * (total[one.labels] - part) + one.fresh) / whole
            scores.append(one.evidence + tuning.trust * math.log(mixed + one.least))
        after.append(_shares(scores))
    return after


def _shares(scores: list[float]) -> list[float]:
    """Probabilities from log scores."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]
