"""A number too large or too small to compute with is refused by name; all others are computed."""

import pytest

from app.analysis import InvalidVotes, VoteTable, analyse
from app.analysis.sections import SECTIONS
from tests.analysis.measured import LARGER, measured_study
from tests.analysis.studies import Frame

QUICK = tuple(one for one in SECTIONS if one.name not in {"power", "sensitivity", "shares"})


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    return measured_study(LARGER)


def scaled(cells: list[float], by: float) -> list[float]:
    return [by * cell for cell in cells]


@pytest.mark.parametrize(
    ("column", "by", "words"),
    [
        ("n_lines", 1e200, "too large to compute with; the largest must be at most 1e+12"),
        ("rhyme_density", 1e160, "too large"),
        ("rhyme_density", -1e160, "too large"),
        ("rhyme_density", 1e-100, "too small to compute with; the largest must be at least 1e-12"),
        ("words_per_line", 1e-200, "too small"),
    ],
)
def test_measure_out_of_reach_is_refused_with_its_row_and_column(frames, column, by, words):
    votes, poems = frames
    with pytest.raises(InvalidVotes, match=r"Poem row \d+ \(poem .+\), column ") as refused:
        VoteTable.from_frames(votes, {**poems, column: scaled(poems[column], by)})
    assert f"column {column}: " in str(refused.value)
    assert words in str(refused.value)


def test_score_out_of_reach_is_refused_with_the_vote(frames):
    votes, poems = frames
    scores = scaled(votes["expertise_score"], 1e200)
    with pytest.raises(InvalidVotes, match=r"Vote row \d+ \(vote .+\), column expertise_score"):
        VoteTable.from_frames({**votes, "expertise_score": scores}, poems)


def test_nothing_but_zero_is_no_small_number(frames):
    votes, poems = frames
    zeros = [0.0] * len(poems["poem_id"])
    assert VoteTable.from_frames(votes, {**poems, "n_lines": zeros}).measured.all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("column", "by"), [("n_lines", 1e10), ("n_lines", 1e-10), ("latin", 1e11)])
def test_measure_within_reach_changes_no_share_by_its_unit(frames, column, by):
    votes, poems = frames
    named = {**poems, "latin": poems["rhyme_density"]}
    units = {**named, column: scaled(named[column], by)}
    feature = "latin" if column == "latin" else "rhyme_density"
    found, other = (
        analyse(VoteTable.from_frames(votes, one, feature=feature), sections=QUICK).as_dict()
        for one in (named, units)
    )
    assert other["difference"]["p_value"] == pytest.approx(found["difference"]["p_value"])
    declined = [[p["name"] for p in one["parts"] if p["declined"]] for one in (found, other)]
    assert declined[0] == declined[1]
