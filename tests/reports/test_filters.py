"""What a report was asked for is said at its top as it was asked."""

from enum import StrEnum

import pytest

from app.analysis import Exclusions, Experts, Ties, Variance, Weights
from app.reports.filters import Filters, Frame, make_table
from app.verse import FAMILIES, FEATURES

ASKED = [
    ("weights", Weights.EQUAL, "Every vote counts the same."),
    ("weights", Weights.RATER, "Every rater counts the same."),
    ("ties", Ties.DROP, "Ties are left out."),
    ("ties", Ties.ORDINAL, "Ties are an outcome of their own (Davidson's model)."),
    ("variance", Variance.RATER, "Intervals are clustered by rater alone."),
    ("exclusions", Exclusions.KEEP, "Votes marked as excluded are counted."),
]


@pytest.mark.parametrize(("field", "value", "words"), ASKED)
def test_each_choice_is_told_in_its_own_words(field: str, value: StrEnum, words: str):
    chosen = Filters.from_dict({**Filters().as_dict(), field: value.value})
    assert chosen.told() == [words]
    assert chosen.arguments() == [f"--{field}", value.value]
    assert Filters.from_dict(chosen.as_dict()) == chosen


def test_analysis_is_told_the_family_of_every_feature_of_the_registry():
    votes: Frame = {
        "vote_id": ["v"],
        "rater_id": ["r"],
        "expert": [1],
        "poem_left": ["a"],
        "poem_right": ["b"],
        "choice": ["left"],
    }
    poems: Frame = {"poem_id": ["a", "b"], "rhyme_density": [1.0, 0.0]}
    told = make_table(votes, poems, Filters(adjust=())).families
    assert told.keys() == {feature.name for feature in FEATURES}
    assert {told[feature.name] for feature in FAMILIES["Layout"]} == {"layout"}
    assert {told[feature.name] for feature in FAMILIES["Form"]} == {"form"}
    assert told["rhyme_commonness"] == told["rhyme_density"] == "rhyme"


def test_the_usual_report_needs_no_words():
    assert Filters().told() == []
    assert Filters().arguments() == []


def test_report_stored_before_votes_could_be_excluded_is_read_as_the_usual_one():
    stored = {"feature": "rhyme_density", "without_excluded": False, "experts": "self-described"}
    assert Filters.from_dict(stored) == Filters(experts=Experts.SELF_DESCRIBED)
