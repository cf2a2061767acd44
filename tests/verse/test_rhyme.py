"""Lines that rhyme are found, repeated words kept apart, and no rhyme is invented."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse import Kind, find_rhymes, rhyme_density, rhyme_scheme
from tests.counting import growth

WORDS = (
    "day", "way", "night", "light", "stone", "alone", "gone", "love", "move", "river", "be",
    "eternity", "sky", "memory", "wind", "mind", "time", "mine", "xyzzy", "o'er", "12", "月",
)  # fmt: skip
ENDS = st.lists(st.sampled_from(WORDS) | st.none() | st.text(max_size=6), max_size=12)
UNRHYMED = ["river", "table", "orange", "window", "bread", "hammer", "cloud", "elbow"]
PAIRS = ("day way", "night light", "stone alone", "sun done", "tree free", "fire desire")


def scheme(poem: str) -> str:
    """The scheme of a poem given by its end words, with `/` between stanzas and 0 for none."""
    stanzas = [[None if word == "0" else word for word in row.split()] for row in poem.split(" / ")]
    labels = iter(find_rhymes(stanzas).scheme)
    return " ".join("".join(next(labels) or "-" for _ in stanza) for stanza in stanzas)


def density(*stanzas: list[str]) -> float:
    found = find_rhymes(stanzas).density
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("day way", "AA"),
        ("day way stone alone", "AABB"),
        ("day stone way alone", "ABAB"),
        ("day stone alone way", "ABBA"),
        ("river day table way", "-A-A"),
        ("day table way river", "A-A-"),
        ("day way river sea", "AA--"),
        ("night day river light", "A--A"),
        ("tree me stone sea", "AA-A"),
        ("sea tree me", "AAA"),
        ("sea tree me free", "AAAA"),
        ("day night way light bay", "ABABA"),
        ("day stone way alone tree sea", "ABABCC"),
        ("day way stone light night alone", "AABCCB"),
        ("day night stone way light alone", "ABCABC"),
        ("love stone move alone", "ABAB"),
        ("loue night prooue light", "ABAB"),
        ("river table orange window", "----"),
        ("love river move table", "A-A-"),
    ],
)
def test_scheme_of_a_stanza_follows_its_sounds(ends, expected):
    assert scheme(ends) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (
            "day stone way alone sea night me light heart rain part plain fire desire",
            "ABABCDCDEFEFGG",
        ),
        (
            "day stone way alone / sea night me light / heart rain part plain / fire desire",
            "ABAB CDCD EFEF GG",
        ),
        (
            "day night light way bay sight white may sea rain hill free train will",
            "ABBAABBACDECDE",
        ),
        (
            "day night light way bay sight white may / sea rain hill / free train will",
            "ABBAABBA CDE CDE",
        ),
    ],
)
def test_sonnet_is_read_as_one_or_in_its_parts(ends, expected):
    assert scheme(ends) == expected


@pytest.mark.parametrize(
    "ends",
    [
        "wall small hen men fall",
        "Peru shoe night fright two",
        "Kent spent flow go rent",
        "Dover clover rain train over",
        "York fork night light pork",
    ],
)
def test_limerick_is_read_by_its_end_words(ends):
    assert scheme(ends) == "AABBA"


def test_limerick_is_read_by_its_lines():
    limerick = (
        "A baker who lived by the sea\n"
        "Put pepper and salt in his tea.\n"
        "When asked was it nice,\n"
        "He said, “Once or twice,\n"
        "But never again before three.”"
    )
    assert rhyme_scheme(limerick) == ["A", "A", "B", "B", "A"]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("day stone way / alone night bone / light tree sight / sea fire me / desire",
         "ABA BCB CDC DED E"),
        ("day / way / stone / alone", "A A B B"),
        ("day / stone / way / alone", "A B A B"),
        ("tide / hill / wide / still", "A B A B"),
        ("day way / stone alone / night light", "AA BB CC"),
        ("day stone / way alone", "AB AB"),
        ("day river / way table", "A- A-"),
        ("river day / table way", "-A -A"),
        ("sea rain hill / free train will", "ABC ABC"),
        ("day way tree / sea bright free night", "AAB BCBC"),
        ("day way tree / stone alone / sea bright free night", "AAB CC BDBD"),
    ],
)  # fmt: skip
def test_rhyme_crosses_stanza_breaks_where_verse_lets_it(ends, expected):
    assert scheme(ends) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("river table day hammer / way window elbow orange", "---- ----"),
        ("river table day / way window elbow", "--- ---"),
        ("day river way bread / bread night cloud light", "A-A- -B-B"),
        ("river table hammer / way window elbow / orange bread day", "--- --- ---"),
        ("day way stone alone / river night table cloud / light bread hammer elbow",
         "AABB ---- ----"),
    ],
)  # fmt: skip
def test_rhyme_does_not_cross_into_stanzas_that_hardly_rhyme(ends, expected):
    assert scheme(ends) == expected


def test_faint_rhyme_is_read_as_in_the_other_stanzas():
    abab = "day stone way alone / night sea light tree / rain fire train desire"
    abcb = "day stone river alone / night sea bread tree / rain fire paper desire"
    for odd in ("time hill fame still", "lake hill late still"):
        assert scheme(f"{abab} / {odd}") == "ABAB CDCD EFEF GHGH"
        assert scheme(f"{abcb} / {odd}") == "-A-A -B-B -C-C -D-D"


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("night sea light tree / rain fire train desire / day stone may river",
         "ABAB CDCD E-E-"),
        ("night sea light tree / rain fire train desire / time hill river still",
         "ABAB CDCD -E-E"),
        ("night light sea tree / rain train fire desire / stone bread hill still",
         "AABB CCDD --EE"),
        ("night light sea tree / rain train fire desire / bread hammer river garden",
         "AABB CCDD ----"),
    ],
)  # fmt: skip
def test_broken_line_is_not_repaired(ends, expected):
    assert scheme(ends) == expected


def test_free_verse_with_one_chance_rhyme_stays_mostly_unrhymed():
    ends = [*UNRHYMED[:3], "day", *UNRHYMED[3:], "way", "morning", "silver"]
    assert density(ends) <= 2 / len(ends)
    stanzas = [["river", "day", "table"], ["bread", "way", "cloud"], ["orange", "elbow", "hammer"]]
    assert density(*stanzas) <= 2 / 9


@pytest.mark.parametrize("ends", ["day day", "day stone day", "day stone day stone", "day day day"])
def test_refrain_alone_has_no_density(ends):
    assert density(ends.split()) == 0


def test_repeated_word_is_told_apart_from_a_rhyme():
    found = find_rhymes([["day", "Day", "way", "night", "light", "night"]])
    kinds = {(link.first, link.second): link.kind for link in found.links}
    assert kinds[0, 1] is Kind.REPEATED
    assert kinds[1, 2] is Kind.PERFECT
    assert found.density == 1  # each line rhymes with a line that ends in another word


def test_line_is_linked_to_the_nearest_before_it_that_has_its_label():
    found = find_rhymes([["sea", "tree", "me", "free"]])
    assert [(link.first, link.second) for link in found.links] == [(0, 1), (1, 2), (2, 3)]
    assert all(link.kind is Kind.PERFECT and 0.9 < link.strength <= 1 for link in found.links)


def test_line_without_a_word_rhymes_with_none():
    assert scheme("day 0 way 0") == "A-A-"
    assert scheme("0 0") == "--"


def test_labels_go_on_after_z():
    labels = rhyme_scheme("\n\n".join("\n".join(pair.split()) for pair in PAIRS * 5))
    assert labels[44:54] == ["W", "W", "Y", "Y", "Z", "Z", "A1", "A1", "B1", "B1"]


def test_no_label_is_x_which_others_read_as_no_rhyme():
    labels = rhyme_scheme("\n\n".join("\n".join(pair.split()) for pair in PAIRS * 5))
    assert not any(label.startswith("X") for label in labels if label)


def test_empty_text_has_no_density():
    assert rhyme_scheme("") == []
    assert rhyme_density("") is None
    assert find_rhymes([]).density is find_rhymes([[]]).density is None
    assert rhyme_density("One line") == 0


@pytest.mark.parametrize("n_lines", [2, 4, 1_000])
def test_long_poem_takes_work_in_proportion(n_lines):
    """In stanzas of two lines, of four, and in one of them all."""
    words = [word for pair in PAIRS for word in pair.split()] + UNRHYMED

    def find(n: int) -> None:
        ends = [words[ix * ix % len(words)] for ix in range(n)]
        found = find_rhymes([ends[ix : ix + n_lines] for ix in range(0, n, n_lines)])
        assert len(found.scheme) == n

    assert growth(find, 100) < 11.4


@settings(deadline=None)
@given(st.lists(ENDS, max_size=4))
def test_labels_name_groups_of_at_least_two_lines(stanzas):
    found = find_rhymes(stanzas)
    ends = list(chain.from_iterable(stanzas))
    assert len(found.scheme) == len(ends)
    for label in set(found.scheme) - {None}:
        assert found.scheme.count(label) >= 2
    for link in found.links:
        assert link.first < link.second
        assert found.scheme[link.first] == found.scheme[link.second] is not None
        assert 0 <= link.strength <= 1
    assert (found.density is None) == (not ends)
    assert 0 <= (found.density or 0) <= 1


@settings(deadline=None)
@given(st.lists(ENDS, min_size=1, max_size=3), st.sampled_from([str.upper, str.title]))
def test_case_of_end_words_changes_no_rhyme(stanzas, change):
    plain = [
        [word and word.lower() if word in WORDS else None for word in ends] for ends in stanzas
    ]
    changed = [[word and change(word) for word in ends] for ends in plain]
    assert find_rhymes(changed) == find_rhymes(plain)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("day night light way / say bright sight stay / stone tree sea / alone bone free",
         "ABBA ABBA CDD CCD"),
        ("sung day young / tongue way flung / strung play hung", "ABA ABA ABA"),
        ("day way / say stay", "AA BB"),  # one rhyme may well come again by chance
        ("day night way light / stone tree alone sea", "ABAB CDCD"),
    ],
)  # fmt: skip
def test_stanzas_of_one_sound_share_their_letters(ends, expected):
    assert scheme(ends) == expected


def test_free_verse_in_feminine_endings_does_not_rhyme():
    ends = "summer coming house living river garden harder answer dancing"
    found = scheme(ends)
    assert sum(label != "-" for label in found) <= 2, found
