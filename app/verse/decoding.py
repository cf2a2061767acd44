"""The rhyme scheme that best explains what is heard: in a stanza, then in all of a poem.

The score of a scheme is the evidence of every line for the rhyme that it joins, plus the log
probability of the scheme. Stanzas of one poem that have as many lines tend to have one scheme, so
their schemes are then weighed by how often the others have them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from operator import itemgetter
from typing import NamedTuple

from app.verse.endings import same_word
from app.verse.evidence import MOST_UNLESS_SAME
from app.verse.habit import Habit
from app.verse.schemes import LONG, WINDOW, Beginning, Scheme, SchemePrior, Steps

BEAM = 14
N_BEST = 12
BEHIND = 8.0  # how far a scheme may fall behind the best one before it is given up
ROUNDS = 3  # in which stanzas hear of each other
CERTAIN = 0.99  # a share of a stanza's first scheme that the others do not change
SILENCE = -6.0  # evidence of a line that does not answer another of its rhyme

Bond = Callable[[str, str], float]
Ends = Sequence[str | None]
_Stanza = tuple[str | None, ...]  # one that comes again is heard once
_Path = tuple[float, float, Beginning]  # the score, evidence and scheme of the first lines


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the decoder trusts how much; chosen by cross-validation on marked verse.

    Attributes
    ----------
    softness, softness_alone, softness_of_long : float
        See `SchemePrior.log_probabilities`: of the short stanzas of a poem, of a short stanza that
        is all there is, and of a long one. A stanza by itself says little of its scheme; one of a
        fixed form says much.
    prior : float
        Weight of the log probability of a scheme.
    company : float
        How much more the evidence of one more line of a rhyme weighs for each line of it beyond
        the first: 0 takes their mean, 1 their sum.
    bias : float
        Added to the evidence of every join.
    caution : float
        Taken from the evidence of a slant rhyme, not of a repeated word, in a short stanza that is
        all there is: nothing else says that this poem rhymes so. Less where the evidence is above
        2.5, nothing where it is 3.5.
    least : float
        Evidence below which two lines are never joined.
    trust : float
        Weight of the log probability of a scheme where other stanzas are heard.
    others, silent, fresh : float
        Weight of each other stanza's scheme, of one that rhymes nowhere, and of the scheme's
        probability without them. Two stanzas that rhyme each in its own way must not hush each
        other.
    floor : float
        Least share of a scheme among the others.
    """

    softness: float = 0.4
    softness_alone: float = 0.8
    softness_of_long: float = 0.27
    prior: float = 1.03
    company: float = 0.13
    bias: float = -0.3
    caution: float = 1.5
    least: float = -4.0
    trust: float = 1.3
    others: float = 2.2
    silent: float = 1.1
    fresh: float = 0.45
    floor: float = 0.3


TUNING = Tuning()


class Candidate(NamedTuple):
    """A scheme that a stanza may have, and the evidence of its lines."""

    scheme: Scheme
    evidence: float


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
    >>> prior = SchemePrior({(0, 0, 2, 2): 9.0, (0, 1, 0, 1): 1.0})
    >>> alike = lambda one, two: 4.0 if one[0] == two[0] else -9.0
    >>> decode([["a1", "b1", "a2", "b2"]], alike, prior)
    [(0, 1, 0, 1)]
    """
    different = dict.fromkeys(map(tuple, stanzas))
    alone = len(different) == 1
    heard = {ends: candidates(ends, bond, prior, tuning, alone) for ends in different}
    usual = {ends: [one.scheme.log_prior for one in found] for ends, found in heard.items()}
    chosen, certainty = _agree(heard, usual, tuning)
    if len(heard) > 1 and certainty <= CERTAIN:
        chosen, _ = _agree(heard, _by_habit(heard, chosen), tuning)
    return [chosen[tuple(ends)].labels for ends in stanzas]


def candidates(
    ends: Ends, bond: Bond, prior: SchemePrior, tuning: Tuning = TUNING, alone: bool = True
) -> list[Candidate]:
    """Find the likeliest schemes of one stanza.

    Parameters
    ----------
    ends, bond, prior, tuning
        As in `decode`, for one stanza.
    alone : bool
        Whether the stanza is all of the poem.

    Returns
    -------
    list of Candidate
        At least one and at most 12, the likeliest first.

    Notes
    -----
    A beam search from the first line to the last: 14 schemes are kept, of those that are not
    8 behind the best, and a line can only join the rhyme of a line at most 20 lines back. Time and
    memory grow with the number of lines.
    """
    softness, caution = tuning.softness, 0.0
    if len(ends) >= LONG:
        softness = tuning.softness_of_long
    elif alone:
        softness, caution = tuning.softness_alone, tuning.caution
    paths = [(0.0, 0.0, prior.begin(len(ends), softness))]
    longer = prior.longer(len(ends))
    for line in range(len(ends)):
        bonds = _bonds(ends, line, bond, caution, tuning)
        found = [path for before in paths for path in _continued(before, bonds, longer, tuning)]
        found.sort(key=_score, reverse=True)
        least = found[0][0] - BEHIND
        paths = [path for path in found[:BEAM] if path[0] >= least]
    return [Candidate(all_lines.scheme, evidence) for _, evidence, all_lines in paths[:N_BEST]]


_score = itemgetter(0)


def _bonds(ends: Ends, line: int, bond: Bond, caution: float, tuning: Tuning) -> dict[int, float]:
    """Evidence by how many lines back, where it is enough for a join."""
    word = ends[line]
    found: dict[int, float] = {}
    if word is None:
        return found
    for back in range(1, min(line, WINDOW) + 1):
        other = ends[line - back]
        if other is not None:
            value = bond(other, word)
            if caution and value <= MOST_UNLESS_SAME and not same_word(other, word):
                value -= caution * min(1.0, MOST_UNLESS_SAME - value)
            if value > tuning.least:
                found[back] = value
    return found


def _continued(
    path: _Path,
    bonds: Mapping[int, float],
    longer: Callable[[Beginning, int], Beginning],
    tuning: Tuning,
) -> list[_Path]:
    """The path with one more line, which opens a rhyme or joins one."""
    score, evidence, beginning = path
    opened = longer(beginning, beginning.n_labels)
    paths = [(score + tuning.prior * opened.log_step, evidence, opened)]
    joined = set()
    for back in bonds:
        label = beginning.labels[-back]
        if label not in joined:
            joined.add(label)
            members = beginning.backs[label]
            mean = sum([bonds.get(ix, SILENCE) for ix in members]) / len(members)
            gain = mean * (1 + tuning.company * (len(members) - 1)) + tuning.bias
            grown = longer(beginning, label)
            better = score + tuning.prior * grown.log_step + gain
            paths.append((better, evidence + gain, grown))
    return paths


def _by_habit(
    heard: Mapping[_Stanza, list[Candidate]], chosen: Mapping[_Stanza, Scheme]
) -> dict[_Stanza, list[float]]:
    """How likely the schemes are in this poem, by what its other stanzas have."""
    habit = Habit([scheme.steps for scheme in chosen.values()])
    others = {steps: habit.without(steps) for steps in {one.steps for one in chosen.values()}}
    known: dict[Steps, dict[Steps, float]] = {steps: {} for steps in others}
    found = {}
    for ends, schemes in heard.items():
        own = chosen[ends].steps
        logs, of_others = known[own], others[own]
        for scheme, _ in schemes:
            if scheme.steps not in logs:
                logs[scheme.steps] = of_others.log_probability(scheme.steps, scheme.log_steps)
        found[ends] = [logs[scheme.steps] for scheme, _ in schemes]
    return found


def _agree(
    heard: Mapping[_Stanza, list[Candidate]],
    log_priors: Mapping[_Stanza, list[float]],
    tuning: Tuning,
) -> tuple[dict[_Stanza, Scheme], float]:
    """The scheme of every stanza, stanzas of one length weighed by each other, and how likely the
    least likely of them is."""
    alike: dict[int, list[_Stanza]] = {}
    for ends in heard:
        alike.setdefault(len(ends), []).append(ends)
    chosen: dict[_Stanza, Scheme] = {}
    least = 1.0
    for group in alike.values():
        schemes, certainty = _agree_alike(
            [heard[ends] for ends in group], [log_priors[ends] for ends in group], tuning
        )
        chosen.update(zip(group, schemes, strict=True))
        least = min(least, certainty)
    return chosen, least


def _agree_alike(
    stanzas: list[list[Candidate]], log_priors: list[list[float]], tuning: Tuning
) -> tuple[list[Scheme], float]:
    """The schemes of stanzas of one length, each weighed by what the others are likely to have, and
    how likely the least likely of them is."""
    bounds = list(pairwise(accumulate(map(len, stanzas), initial=0)))
    found = list(chain.from_iterable(stanzas))  # the schemes of all stanzas, one after the other
    logs = list(chain.from_iterable(log_priors))
    weight = tuning.prior
    scores = [one.evidence + weight * log for one, log in zip(found, logs, strict=True)]
    shares = _shares(scores, bounds)
    likeliest = [max(shares[start:end]) for start, end in bounds]
    if len(stanzas) > 1 and min(likeliest) <= CERTAIN:
        weighed, others = _weighed(found, log_priors, tuning)
        for _ in range(ROUNDS):
            shares = _next_round(weighed, shares, others, bounds, tuning)
            likeliest = [max(shares[start:end]) for start, end in bounds]
            if min(likeliest) > CERTAIN:
                break
    schemes = [
        found[shares.index(share, start, end)].scheme
        for share, (start, end) in zip(likeliest, bounds, strict=True)
    ]
    return schemes, min(likeliest)


# The place of a scheme among all, its evidence, and the parts of its weight beside others that
# stay the same in all rounds: how likely it is afresh, and the least.
_Weighed = tuple[int, float, float, float]


def _weighed(
    found: list[Candidate], log_priors: list[list[float]], tuning: Tuning
) -> tuple[list[_Weighed], list[float]]:
    """The schemes of all stanzas, and what each different one of them weighs among the others."""
    places: dict[tuple[int, ...], int] = {}
    place = [places.setdefault(one.scheme.labels, len(places)) for one in found]
    fresh = [tuning.fresh * math.exp(log) for own in log_priors for log in own]
    likeliest = [max(own) for own in log_priors for _ in own]
    logs = chain.from_iterable(log_priors)
    least = [tuning.floor * math.exp(log - most) for log, most in zip(logs, likeliest, strict=True)]
    others = [
        tuning.silent if len(set(labels)) == len(labels) else tuning.others for labels in places
    ]
    return list(zip(place, [one.evidence for one in found], fresh, least, strict=True)), others


def _next_round(
    weighed: list[_Weighed],
    shares: list[float],
    others: list[float],
    bounds: list[tuple[int, int]],
    tuning: Tuning,
) -> list[float]:
    """How likely each stanza's schemes are, given how likely all stanzas' were and what each
    scheme weighs among the others."""
    total = [0.0] * len(others)
    for (place, _, _, _), share in zip(weighed, shares, strict=True):
        total[place] += share
    trust = tuning.trust
    whole = tuning.others * (len(bounds) - 1) + tuning.fresh
    scores = [
        evidence
        + trust * math.log((others[place] * (total[place] - share) + fresh) / whole + least)
        for (place, evidence, fresh, least), share in zip(weighed, shares, strict=True)
    ]
    return _shares(scores, bounds)


def _shares(scores: list[float], bounds: list[tuple[int, int]]) -> list[float]:
    """Probabilities from the log scores of the schemes of all stanzas."""
    found = []
    for start, end in bounds:
        own = scores[start:end]
        top = max(own)
        raised = [math.exp(score - top) for score in own]
        total = sum(raised)
        found += [one / total for one in raised]
    return found
