"""Any text is measured, by every feature of the registry, within its stated range."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse import FEATURE_VERSION, FEATURES, Feature, measure
from app.verse.features import feature_version
from tests.counting import growth

QUATRAINS = """The kettle sings, the window clouds,
    the cat has claimed the chair;
I count the coats in passing crowds
    and wish that I were there.

But tea is hot and toast is near,
and rain is at the door;
what could I want from out of here
that I have not in store?
"""


def test_quatrains_are_measured_as_a_reader_would():
    expected = {
        "n_lines": 8,
        "n_stanzas": 2,
        "n_words": 53,
        "words_per_line": 53 / 8,
        "language": "english",
        "rhyme_scheme": "ABAB CDCD",
        "rhyme_density": 1.0,
        "rhymed": 1,
        "unknown_end_words": 0,
    }
    found = measure(QUATRAINS)
    assert {name: found[name] for name in expected} == expected


def test_free_verse_is_not_rhymed():
    found = measure("The morning opens\nlike a drawer of spoons.\nNobody speaks.\nThe bread cools.")
    assert (found["rhyme_scheme"], found["rhyme_density"], found["rhymed"]) == ("----", 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n",
        "* * *",
        "床前明月光，\n疑是地上霜。",
        "12\n34",
        "Мороз и солнце;\nдень чудесный!",
    ],
)
def test_rhyme_is_not_measured_without_latin_letters(text):
    found = measure(text)
    assert [
        found[name] for name in ("rhyme_scheme", "rhyme_density", "rhymed", "unknown_end_words")
    ] == [None] * 4
    assert found["n_lines"] is not None


def test_chinese_signs_are_counted_as_words():
    found = measure("床前明月光，\n疑是地上霜。")
    assert (found["n_lines"], found["n_words"], found["words_per_line"]) == (2, 10, 5)


def test_latin_names_in_a_chinese_poem_do_not_make_it_english():
    assert measure("我看TV\n床前明月光\n疑是地上霜")["rhyme_density"] is None


def test_empty_text_has_counts_of_zero_and_no_mean():
    found = measure("")
    assert (found["n_lines"], found["n_stanzas"], found["n_words"]) == (0, 0, 0)
    assert found["words_per_line"] is None


def test_one_line_does_not_rhyme():
    found = measure("So much depends")
    assert (found["rhyme_scheme"], found["rhymed"]) == ("-", 0)


def test_words_without_known_sounds_are_counted():
    assert measure("the slithy\nin the wabe\n12\nand home")["unknown_end_words"] == 3


def test_5000_lines_are_measured():
    found = measure(QUATRAINS * 625)
    assert found["n_lines"] == 5000
    assert found["rhyme_density"] == 1


@pytest.mark.parametrize("between", ["", "\n"])
def test_long_poem_takes_work_in_proportion(between):
    assert growth(lambda n: measure((QUATRAINS + between) * n), 10) < 11


@pytest.mark.parametrize("part", ["a", "-a", "a'", "night", "'s", "\u0301", "e\u0301", "月", " a"])
def test_endless_line_is_measured(part):
    assert measure(f"{part * 100_000}\nnight")["n_lines"] == 2


def test_version_changes_with_any_feature():
    changed = (replace(FEATURES[0], version=FEATURES[0].version + 1), *FEATURES[1:])
    versions = {FEATURE_VERSION, feature_version(changed), feature_version(FEATURES[1:])}
    assert len(versions) == 3


def test_registry_says_what_every_feature_means():
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names)
    assert list(measure(QUATRAINS)) == names
    assert all(feature.meaning.endswith(".") and feature.unit for feature in FEATURES)


def within(feature: Feature, value: float | str | None) -> bool:
    if value is None or isinstance(value, str):
        return value is None or feature.kind == "label"
    low_enough = feature.low is None or feature.low <= value
    return low_enough and (feature.high is None or value <= feature.high)


VERSE = st.lists(
    st.lists(
        st.sampled_from(
            ["night", "light", "the", "day", "way,", "gone", "stone!", "Love,", "move", "—", "be"]
        ),
        max_size=6,
    ).map(" ".join),
    max_size=12,
).map("\n".join)


@given(st.text() | VERSE)
def test_every_text_is_measured_within_the_ranges(text):
    found = measure(text)
    assert [feature.name for feature in FEATURES if not within(feature, found[feature.name])] == []


@given(VERSE)
def test_case_blanks_and_quotation_marks_change_nothing(text):
    expected = measure(text)
    assert measure(text.upper()) == expected
    assert measure(text.replace("\n", "  \t\r\n") + "\n ") == expected
    quoted = "\n".join(f"“{line}”" if line.strip() else line for line in text.split("\n"))
    assert measure(quoted) == expected
    assert measure(quoted.replace("“", '"').replace("”", "'")) == expected
