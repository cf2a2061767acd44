"""What can be chosen about an analysis, and the limits below which none is given."""

from dataclasses import dataclass
from enum import StrEnum

MIN_RATERS = 3
MIN_INFORMATIVE_VOTES = 30
MIN_PROMPTS = 5
PRELIMINARY_DF = 4.0
PRELIMINARY_HALF_WIDTH = 0.15
VERDICT_HALF_WIDTH = 0.10
CONFIDENCE = 0.95


class Group(StrEnum):
    """The kind of a rater."""

    NONEXPERT = "nonexpert"
    EXPERT = "expert"
    JUDGE = "judge"


class Weights(StrEnum):
    """How much a vote counts: by its rater's noise and number of votes, the same, or per rater."""

    TAU = "tau"
    EQUAL = "equal"
    RATER = "rater"


class Ties(StrEnum):
    """What a tie is: half a choice for each side, nothing, or an outcome of its own."""

    HALF = "half"
    DROP = "drop"
    ORDINAL = "ordinal"


class Exclusions(StrEnum):
    """Whether votes that somebody marked as excluded are left out."""

    DROP = "drop"
    KEEP = "keep"


class Variance(StrEnum):
    """What the votes are taken to share: rater and prompt, the rater alone, or nothing."""

    TWO_WAY = "two-way"
    RATER = "rater"
    NAIVE = "naive"


class Experts(StrEnum):
    """By what a rater is an expert."""

    INVITATION = "invitation"
    SELF_DESCRIBED = "self-described"
    SCORED = "scored"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one analysis.

    Parameters
    ----------
    adjust
        Names of the controls of the adjusted estimate, all of them columns of the vote table.
        None stands for all controls of the table, an empty tuple for none.
    weights
        Weights of the votes.
    ties
        Treatment of ties.
    variance
        Kind of the standard errors.
    exclusions
        What becomes of votes marked as excluded.
    experts
        By what a rater is an expert.
    """

    adjust: tuple[str, ...] | None = None
    weights: Weights = Weights.TAU
    ties: Ties = Ties.HALF
    variance: Variance = Variance.TWO_WAY
    exclusions: Exclusions = Exclusions.DROP
    experts: Experts = Experts.INVITATION


class NotIdentified(Exception):
    """The votes cannot answer the question; the message says what is missing, in a sentence."""
