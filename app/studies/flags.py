"""What makes a rater's votes doubtful: every rule, with its thresholds and its version. A flag
decides nothing; leaving out is a person's decision. No database: facts in, findings out."""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from statistics import median

from app.models import Choice, Purpose, RaterKind
from app.studies.plan import Design

# Change a rule's version whenever its thresholds or its reading of the votes change.
FEWEST_REPEATS = 2  # decided both times; fewer say nothing of a rater
MOST_CONTRADICTED = 0.5  # of them: somebody who tosses a coin contradicts half
MOST_TOO_FAST = 0.5  # of the votes whose time is known
FEWEST_TIES = 10  # answers; fewer that are all “can’t choose” say nothing of a rater
RARE = 0.01  # how often chance may do the same to a rater who favours no side
TWIN_RARE = 0.001  # how often chance may give any rater of the study the same series of sides
_MS_A_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A vote that stands, of any purpose."""

    purpose: Purpose
    pair: int | None
    left: int | None
    choice: Choice
    check_side: Choice | None
    words: float | None  # of both poems
    ms: int | None  # from display to choice, none for what had been read before

    @property
    def speed(self) -> float | None:
        """Words of both poems by the minutes between display and choice."""
        return reading_speed(self.words, self.ms)

    @property
    def chose_first(self) -> bool | None:
        """Whether the poem that stood left was chosen; none for a tie."""
        return None if self.choice is Choice.TIE else self.choice is Choice.LEFT


@dataclass(frozen=True, slots=True)
class Facts:
    """One rater, as the rules see them: answers in the order of the pairs."""

    kind: RaterKind
    n_slots: int
    answers: tuple[Answer, ...]

    @property
    def measured(self) -> tuple[Answer, ...]:
        return tuple(one for one in self.answers if one.purpose is Purpose.MEASURE)


@dataclass(frozen=True, slots=True)
class Others:
    """What the other raters have to do with one."""

    n_raters: int = 1  # of the study who voted, this one among them
    same_series: int = 0  # who chose the same sides in the same order
    same_identity: int = 0  # who, with the same id of a panel, voted on the same poems before


@dataclass(frozen=True, slots=True)
class Measures:
    """What the rules reckon with."""

    kind: RaterKind
    series: str  # the sides chosen one after the other, as in LRT
    n_votes: int
    n_slots: int
    n_checks: int
    n_failed: int
    n_repeats: int  # decided both times
    n_contradicted: int
    n_decided: int
    n_left: int
    n_timed: int
    n_too_fast: int
    median_speed: float | None  # words a minute

    @property
    def share_left(self) -> float | None:
        return self.n_left / self.n_decided if self.n_decided else None

    @property
    def share_too_fast(self) -> float | None:
        return self.n_too_fast / self.n_timed if self.n_timed else None

    @property
    def one_side_by_chance(self) -> float | None:
        """How often a rater without a favourite side is at least as one-sided."""
        return by_chance(self.n_left, self.n_decided) if self.n_decided else None


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    label: str
    says: Callable[[Design], str]  # the whole rule, with the study's thresholds
    found: Callable[[Measures, Others, Design], str | None]  # why it applies, or none
    version: int = 1
    advice: str = ""  # what to think of before leaving anybody out


def reading_speed(words: float | None, ms: int | None) -> float | None:
    """Words a minute; none where words or time are not known. What took less than a millisecond is
    reckoned as one: it is faster than anything, not unknown."""
    return words * _MS_A_MINUTE / max(ms, 1) if words and ms is not None else None


def by_chance(n_left: int, n: int) -> float:
    """Two-sided binomial probability of a share of sides at least as far from a half."""
    far = max(n_left, n - n_left)
    ways: int = sum(comb(n, k) for k in range(far, n + 1))
    return min(1.0, 2 * ways / float(2**n))


def measures(facts: Facts, design: Design) -> Measures:
    checks = [one for one in facts.answers if one.purpose is Purpose.CHECK]
    own = facts.measured
    decided = [one for one in own if one.choice is not Choice.TIE]
    speeds = [one.speed for one in own if one.speed is not None]
    same = _repeats(facts)
    return Measures(
        kind=facts.kind,
        series="".join(one.choice.value[0].upper() for one in own),
        n_votes=len(facts.answers),
        n_slots=facts.n_slots,
        n_checks=len(checks),
        n_failed=sum(one.choice != one.check_side for one in checks),
        n_repeats=len(same),
        n_contradicted=same.count(False),
        n_decided=len(decided),
        n_left=sum(one.choice is Choice.LEFT for one in decided),
        n_timed=len(speeds),
        n_too_fast=sum(speed > design.fastest_reading for speed in speeds),
        median_speed=median(speeds) if speeds else None,
    )


def findings(found: Measures, others: Others, design: Design) -> dict[str, str]:
    """Why each rule applies that does, by its name, in the order of `RULES`."""
    whys = ((rule.name, rule.found(found, others, design)) for rule in RULES)
    return {name: why for name, why in whys if why is not None}


def _repeats(facts: Facts) -> list[bool]:
    """For each pair decided both times, whether the same poem was chosen."""
    first = {one.pair: one for one in facts.measured}
    again = (one for one in facts.answers if one.purpose is Purpose.REPEAT)
    both = [(first[one.pair], one) for one in again if one.pair in first]
    return [
        (before.left == after.left) == (before.choice is after.choice)
        for before, after in both
        if Choice.TIE not in {before.choice, after.choice}
    ]


def _failed_check(found: Measures, _others: Others, _design: Design) -> str | None:
    if not found.n_failed:
        return None
    return f"{found.n_failed} of {found.n_checks} attention checks answered otherwise than asked"


def _inconsistent(found: Measures, _others: Others, _design: Design) -> str | None:
    n, against = found.n_repeats, found.n_contradicted
    if n < FEWEST_REPEATS or against <= MOST_CONTRADICTED * n:
        return None
    return f"the other poem chosen in {against} of {n} pairs shown again with sides exchanged"


def _one_side(found: Measures, _others: Others, design: Design) -> str | None:
    n_ties = len(found.series) - found.n_decided
    if len(found.series) >= FEWEST_TIES and n_ties / len(found.series) > design.most_one_side:
        return f"{n_ties} of {len(found.series)} answers were “can’t choose”"
    share, chance = found.share_left, found.one_side_by_chance
    if share is None or chance is None:
        return None
    most, side = max((share, "left"), (1 - share, "right"))
    if most <= design.most_one_side or chance >= RARE:
        return None
    return (
        f"{100 * most:.0f}% of {found.n_decided} choices for the {side}; chance alone does that to "
        f"{100 * chance:.2g}% of raters"
    )


def _too_fast(found: Measures, _others: Others, design: Design) -> str | None:
    share = found.share_too_fast
    if found.kind is RaterKind.JUDGE or share is None or share <= MOST_TOO_FAST:
        return None
    return (
        f"{found.n_too_fast} of {found.n_timed} timed votes faster than {design.fastest_reading} "
        f"words a minute; median {found.median_speed:,.0f}"
    )


def _duplicate(found: Measures, others: Others, _design: Design) -> str | None:
    if others.same_identity:
        return "the same id of a panel has rated these poems before"
    sides = set(found.series)
    if not others.same_series or len(sides) < 2:  # noqa: PLR2004  # one side alone has a rule of its own
        return None
    if (others.n_raters - 1) / 2**found.n_decided >= TWIN_RARE:
        return None
    return f"the same series of {len(found.series)} sides as another rater, first to last"


def _unfinished(found: Measures, _others: Others, _design: Design) -> str | None:
    if found.n_votes >= found.n_slots > 0:
        return None
    return f"{found.n_votes} of {found.n_slots} answered"


RULES = (
    Rule(
        "failed_check",
        "Failed attention check",
        lambda _design: (
            "At least one attention check was answered otherwise than it asked, “can’t "
            "choose” included. A check says itself which side to choose."
        ),
        _failed_check,
        advice="A single slip happens to attentive people too; look at the other flags.",
    ),
    Rule(
        "inconsistent",
        "Contradicts themselves",
        lambda _design: (
            "Of the pairs shown a second time with sides exchanged, and decided both "
            f"times (at least {FEWEST_REPEATS}), more than {100 * MOST_CONTRADICTED:.0f}% went to "
            "the other poem. Somebody who tosses a coin contradicts half."
        ),
        _inconsistent,
        advice="Close pairs are hard for everybody. With few repeated pairs this catches few who "
        "do not read, and now and then one who does.",
    ),
    Rule(
        "one_side",
        "Nearly always the same answer",
        lambda design: (
            f"More than {100 * design.most_one_side:.0f}% of the decided choices are for "
            f"one side, and chance would do that to fewer than {100 * RARE:.0f}% of raters without "
            "a favourite side (two-sided binomial probability): so no short series is flagged. "
            f"Or as large a share of at least {FEWEST_TIES} answers is “can’t choose”."
        ),
        _one_side,
        version=2,
    ),
    Rule(
        "too_fast",
        "Reads too fast",
        lambda design: (
            f"More than {100 * MOST_TOO_FAST:.0f}% of the votes came so soon that both "
            f"poems would have been read at over {design.fastest_reading} words a minute: words of "
            "both by the time from display to choice on the rater’s own clock, pauses not counted. "
            "First answers to new pairs only; judges have no reading time."
        ),
        _too_fast,
        version=2,
        advice="Recorded, never blocking. Some choose after a few lines; that is a choice too.",
    ),
    Rule(
        "duplicate",
        "Possibly twice the same person",
        lambda _design: (
            "The same id of a panel or list had voted on the same poems before, in another study "
            "or by another panel (of the two, who voted first is not flagged; who never voted on "
            "a pair does not count); or all sides were chosen in exactly the order of another "
            "rater, where chance would give any rater of the study such a twin in fewer than "
            f"{TWIN_RARE:g} of cases."
        ),
        _duplicate,
        version=2,
        advice="Browsers are not followed about, so a person with two browsers is not found by "
        "this; use one-use links or a panel where that matters.",
    ),
    Rule(
        "unfinished",
        "Unfinished",
        lambda _design: "Not every pair has an answer that stands.",
        _unfinished,
        advice="Their votes are as good as others’. Leaving them out can bias who is counted.",
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}
