"""A study to be drawn: its size, its design and the effects at work in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyParameters:
    """A study and the effects at work in it.

    Parameters
    ----------
    n_experts, n_nonexperts
        Raters of each group.
    median_votes, votes_log_sd, fewest_votes, most_votes
        Votes per rater: log-normal with this median and standard deviation of the logarithm, held
        between the two ends.
    n_prompts, poems_per_prompt
        The poems, when they are drawn too. With 0 prompts the poems have none, there are
        `poems_per_prompt` of them in all, and any two may be shown together.
    cross_prompt_share
        Share of pairs whose poems answer different prompts, 0 to 1.
    rhyme_lines
        Lines by which a fully rhymed poem is longer than an unrhymed one, when poems are drawn:
        with an effect of `n_lines` among the control effects, length confounds rhyme.
    rhyme_expert, rhyme_nonexpert
        Natural log odds per unit of the feature, for a typical rater and prompt, given all else.
    votes_rhyme
        Natural log odds added to the feature's effect for a rater who is asked for e = 2.718 times
        the median number of votes: heavy voters have other tastes.
    position
        Natural log odds of the left side.
    control_effects
        Natural log odds per unit of other columns, as (column, effect).
    rater_position_sd, rater_rhyme_sd
        Standard deviation between raters of the side's and of the feature's effect.
    poem_sd, poem_group_sd
        Standard deviation of poems' appeal to all, and on top of it to each group.
    prompt_rhyme_sd
        Standard deviation between prompts of the feature's effect.
    tie_nu, log_tie_sd
        Davidson's tie parameter for a typical rater, and the standard deviation between raters of
        its logarithm. 0 means no ties.
    dropout, dropout_rhyme
        Chance, 0 to 1, that a typical rater leaves after a vote, and the natural log odds of
        leaving per unit of the rater's own deviation in the feature's effect. Every rater votes at
        least once; the votes that are not given are missing.
    median_seconds, seconds_rater_log_sd, seconds_log_sd
        Time of a decision: log-normal with this median, between raters and between votes.
    haste_rhyme
        Natural log odds added to the feature's effect in a decision whose log time lies one
        `seconds_log_sd` above what is typical of the rater.

    Raises
    ------
    ValueError
        A number is out of its range; the message names it.
    """

    n_experts: int = 20
    n_nonexperts: int = 300
    median_votes: float = 15.0
    votes_log_sd: float = 0.9
    fewest_votes: int = 5
    most_votes: int = 500
    n_prompts: int = 60
    poems_per_prompt: int = 4
    cross_prompt_share: float = 0.0
    rhyme_lines: float = 0.0
    rhyme_expert: float = 0.5
    rhyme_nonexpert: float = 0.5
    votes_rhyme: float = 0.0
    position: float = 0.1
    control_effects: tuple[tuple[str, float], ...] = ()
    rater_position_sd: float = 0.4
    rater_rhyme_sd: float = 0.5
    poem_sd: float = 0.4
    poem_group_sd: float = 0.25
    prompt_rhyme_sd: float = 0.3
    tie_nu: float = 0.35
    log_tie_sd: float = 0.4
    dropout: float = 0.0
    dropout_rhyme: float = 0.0
    median_seconds: float = 14.0
    seconds_rater_log_sd: float = 0.4
    seconds_log_sd: float = 0.6
    haste_rhyme: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        for name, least in _LEAST.items():
            if not getattr(self, name) >= least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be {least} or more.")
        for name in ("cross_prompt_share", "dropout"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be between 0 and 1.")
        if self.most_votes < self.fewest_votes:
            raise ValueError(
                f"most_votes is {self.most_votes}; it must be fewest_votes, {self.fewest_votes}, "
                "or more."
            )
        if not (self.median_votes > 0 and self.median_seconds > 0):
            raise ValueError("median_votes and median_seconds must be more than 0.")


_LEAST = {
    "n_experts": 0,
    "n_nonexperts": 0,
    "fewest_votes": 1,
    "n_prompts": 0,
    "poems_per_prompt": 2,
    "votes_log_sd": 0,
    "rater_position_sd": 0,
    "rater_rhyme_sd": 0,
    "poem_sd": 0,
    "poem_group_sd": 0,
    "prompt_rhyme_sd": 0,
    "tie_nu": 0,
    "log_tie_sd": 0,
    "seconds_rater_log_sd": 0,
    "seconds_log_sd": 0,
}
