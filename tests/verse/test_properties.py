"""What must hold for any text, whoever wrote it."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse import FEATURES, Feature, compare, measure, rhyme_density
from app.verse.features.feature import Value

ENDS = (
    "day", "way", "light", "night", "bright", "stone", "alone", "gone", "love", "move", "blue",
    "through", "true", "hue", "rain", "plain", "train", "snow", "slow", "now", "bough", "cough",
    "enough", "sea", "tree", "key", "singing", "bringing", "river", "shiver", "giver", "home",
    "come", "some", "orange", "silver", "eye", "die", "memory", "sky", "cried", "side", "wide",
    "heart", "part", "apart", "again", "pain",
)  # fmt: skip
STARTS = (
    "The rain is on the", "And nobody has seen the", "I wrote it down to keep the", "A lamp beside",
    "We never asked about the", "Of all the things we left, the",
)  # fmt: skip

LONG_STARTS = (  # lines that a margin may have wrapped
    "And in the morning when the others slept I saw the",
    "The letters that my mother wrote to me were about the",
    "We walked along the river for an hour and watched the",
    "He never told the neighbours what he thought about the",
    "Nobody has explained to me at all, the",
)

anytime = settings(deadline=None)  # the machine may be busy
words_at_ends = st.sampled_from(ENDS)


def verses(starts: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(starts), words_at_ends).map(" ".join)


def poems_of(starts: tuple[str, ...]) -> st.SearchStrategy[str]:
    stanzas = st.lists(verses(starts), min_size=1, max_size=6).map("\n".join)
    return st.lists(stanzas, min_size=1, max_size=4).map("\n\n".join)


stanzas = st.lists(verses(STARTS), min_size=1, max_size=6).map("\n".join)
poems = st.one_of(poems_of(STARTS), poems_of(LONG_STARTS))


def without_readability(text: str) -> dict[str, Value]:
    """Readability alone counts sentences, which punctuation ends."""
    return {name: value for name, value in measure(text).items() if name != "readability"}


def each_line(text: str, change: str) -> str:
    """The text with `change` made to every line that is not blank; {} stands for the line."""
    return "\n".join(change.format(line) if line else line for line in text.split("\n"))


@anytime
@given(poems, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_changes_no_measure(text, change):
    assert measure(change(text)) == measure(text)


@anytime
@given(poems, st.sampled_from(["{}  ", "{}\t", "{}\r", "{}\u00a0", "   {} \t "]))
def test_blanks_at_the_ends_of_lines_change_no_measure(text, change):
    assert measure(each_line(text, change)) == measure(text)
    assert measure(f"\n \n{text}\n\n  \n") == measure(text)


@anytime
@given(
    poems,
    st.sampled_from(["{},", "{}.", "{};", "{}!", "{}?!", "{} —", "{}…", "({})", "{}:", "{}--"]),
)
def test_punctuation_at_the_ends_of_lines_changes_no_measure_but_readability(text, change):
    assert without_readability(each_line(text, change)) == without_readability(text)


@anytime
@given(
    poems, st.sampled_from(['"{}"', "“{}”", "'{}'", "‘{}’", "«{}»", "„{}“", "{}”", "“{}", "**{}**"])
)
def test_quotation_marks_and_emphasis_change_no_measure(text, change):
    assert measure(each_line(text, change)) == measure(text)


@pytest.mark.parametrize("sign", "’‘‛ʼʻʹ＇′´")
def test_the_form_of_an_apostrophe_changes_no_measure(sign):
    text = (
        "'Tis late, I can't believe the o'er-hung night\ndidn't end; I'd said it's mornin' light."
    )
    assert measure(text.replace("'", sign)) == measure(text)


@anytime
@given(
    st.one_of(words_at_ends, st.text(string.ascii_letters + "'’-", min_size=1, max_size=14)),
    st.one_of(words_at_ends, st.text(string.ascii_letters + "'’-", min_size=1, max_size=14)),
)
def test_rhyme_is_symmetric(one, two):
    there, back = compare(one, two), compare(two, one)
    assert (there is None) == (back is None)
    assert there is None or back is None or there == back


@anytime
@given(stanzas)
def test_doubling_a_stanza_never_lowers_density(stanza):
    once, twice = rhyme_density(stanza), rhyme_density(f"{stanza}\n\n{stanza}")
    assert once is not None
    assert twice is not None
    assert twice >= once


@anytime
@given(st.text(max_size=400))
def test_any_text_is_measured_within_its_ranges(text):
    assert_in_range(text)


@anytime
@given(poems)
def test_any_verse_is_measured_within_its_ranges(text):
    assert_in_range(text)


@pytest.mark.parametrize(
    ("n_lines", "end"), [(1_000, "\n"), (100, "\r\n"), (100, "\u2028"), (1_000, "\n\n")]
)
def test_many_lines_are_measured_within_their_ranges(n_lines, end):
    choose = random.Random(7)
    text = end.join(f"{choose.choice(STARTS)} {choose.choice(ENDS)}" for _ in range(n_lines))
    assert assert_in_range(text)["n_lines"] == n_lines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\u200b",
        "one line",
        "one",
        "day " * 10_000,
        "a" * 50_000,
        "-" * 5_000 + "\n" + "'" * 5_000,
        "\ud800 half a letter",
        "e\u0301" * 500 + "\n" + "\u0301" * 500,
        "🌧🌧🌧\n🌧",
        "ﬁne\nﬂight\nﬁne",
        "ŀl·l\nß\nŉ\nı\nİ",
        "１２３\n١٢٣",
        "zqx vrrp\nblrg zqx\nxkcd",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_odd_texts_are_measured_within_their_ranges(text):
    assert_in_range(text)


def assert_in_range(text: str) -> dict[str, Value]:
    found = measure(text)
    assert list(found) == [feature.name for feature in FEATURES]
    for feature in FEATURES:
        value = found[feature.name]
        assert value is None or is_in_range(feature, value), (feature.name, value)
    return found


def is_in_range(feature: Feature, value: object) -> bool:
    if feature.kind == "label":
        return isinstance(value, str)
    return (
        isinstance(value, int | float)
        and (feature.low is None or value >= feature.low)
        and (feature.high is None or value <= feature.high)
    )
