"""A scheme that a reader marked, and what follows from it."""

import pytest

from app.verse import (
    Kind,
    ParsedPoem,
    marked_rhymes,
    measure,
    read_scheme,
    rhyme_scheme,
    tidy_scheme,
    write_scheme,
)

POEM = "The sun goes down,\nThe lamps come on;\n\nAcross the town\nThe day is over."


@pytest.mark.parametrize(
    ("written", "labels", "stanza_lengths"),
    [
        ("", (), []),
        ("A-A", ("A", None, "A"), [3]),
        ("AB AB", ("A", "B", "A", "B"), [2, 2]),
        ("Z1ZZ1 Z-", ("Z1", "Z", "Z1", "Z", None), [3, 2]),
    ],
)
def test_scheme_is_read_as_it_was_written(written, labels, stanza_lengths):
    assert read_scheme(written) == labels
    assert write_scheme(labels, stanza_lengths) == written


@pytest.mark.parametrize("written", ["ab", "A?A", "1A", "A–A"])
def test_what_is_no_scheme_is_not_read(written):
    with pytest.raises(ValueError, match="no rhyme scheme"):
        read_scheme(written)


def test_labels_are_named_by_first_appearance_and_lone_ones_are_no_rhyme():
    assert tidy_scheme(["Q", "X", None, "Q", "C", "X"]) == ("A", "B", None, "A", None, "B")
    pairs = [str(n // 2) for n in range(54)]
    assert tidy_scheme(pairs)[-4:] == ("A1", "A1", "B1", "B1")


def test_scheme_that_was_found_is_tidy_already():
    found = rhyme_scheme(POEM)
    assert tidy_scheme(found) == tuple(found)


def test_each_line_is_linked_to_the_one_before_that_has_its_label():
    ends = ["day", "stone", "way", "stone", "orange", None, "day"]
    found = marked_rhymes(["A", "B", "A", "B", "A", "C", "C"], ends)
    links = [(link.first, link.second, link.kind, round(link.strength)) for link in found.links]
    assert links == [
        (0, 2, Kind.PERFECT, 1.0),
        (1, 3, Kind.REPEATED, 1.0),
        (2, 4, Kind.SLANT, 0.0),  # nobody hears it but the reader
        (5, 6, Kind.SLANT, 0.0),
    ]


def test_scheme_of_another_length_is_refused():
    with pytest.raises(ValueError, match="3 labels were given for 4 lines"):
        measure(POEM, scheme=["A", "A", None])


def test_marked_scheme_takes_the_place_of_the_found_one_in_every_measure():
    found, marked = measure(POEM), measure(POEM, scheme=["A", "B", "A", "B"])
    assert (found["rhyme_scheme"], found["rhyme_density"]) == ("A- A-", 0.5)
    assert (marked["rhyme_scheme"], marked["rhyme_density"]) == ("AB AB", 1.0)
    assert measure(POEM, scheme=[None] * 4)["rhymed"] == 0
    assert marked["n_words"] == found["n_words"]


def test_scheme_as_it_was_found_changes_no_measure_of_the_scheme():
    names = ("rhyme_scheme", "rhyme_density", "rhymed")
    found, marked = measure(POEM), measure(POEM, scheme=rhyme_scheme(POEM))
    assert [found[name] for name in names] == [marked[name] for name in names]


def test_rhyme_marked_in_another_script_is_measured():
    text = "床前明月光\n疑是地上霜"
    assert ParsedPoem(text).rhymes is None
    assert measure(text, scheme=["A", "A"])["rhyme_density"] == 1
