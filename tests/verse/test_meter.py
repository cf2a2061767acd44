"""Syllables and metre: lines whose metre is certain, and prose that has none."""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse import measure
from app.verse.meter import Foot, scan
from app.verse.parsed import ParsedPoem
from app.verse.syllables import count_syllables, shapes
from tests.shared_data import shared_data

# What docs/verse.md reports, less a little.
LEAST_BLANK = 0.95
MOST_CHANCE = 0.03

PENTAMETER = [
    "The lamp was lit before the evening came,",
    "and someone read aloud beside the fire;",
    "the children slept and did not know the name",
    "of him who mended all the garden wire.",
]
COMMON = [
    ["The kettle sings, the window clouds,", "the cat has claimed the chair;"],
    ["I count the coats in passing crowds", "and wish that I were there."],
]
TROCHAIC = [
    "Winter gathers every river,",
    "folding silver over water;",
    "alders by the margin shiver,",
    "waiting for the April's daughter.",
]
ANAPAESTIC = [
    "In the heat of the day we went down to the shore",
    "with a basket of bread and a bottle of wine,",
    "and we sang to the sea till we could not any more",
    "and the salt on the rocks had begun to shine.",
]
DACTYLIC = [
    "Carry the lantern and follow the murmuring",
    "water that wanders away from the mill,",
    "over the meadow and under the chestnuts and",
    "into the valley that sleeps by the hill.",
]
FEMININE = [
    "The little boats were waiting for the morning,",
    "the gulls were walking slowly in the shallows,",
    "and someone on the harbour shouted warning",
    "to children chasing swallows in the mallows.",
]
CATALECTIC = [
    "Lantern swinging in the hall,",
    "who will hear the watchman call?",
    "All the windows, all the doors",
    "open on the silent moors.",
]
LIMERICK = [
    "A baker who lived by the bay",
    "forgot all his loaves in the hay;",
    "the goats had a feast,",
    "and no one in the least",
    "was hungry for supper that day.",
]
PROSE = """The committee met on Tuesday and agreed the minutes of the previous meeting.
Repairs to the roof will begin when the insurers have replied.
The treasurer reported a small surplus, most of it from the book sale.
Members who have not yet paid their subscriptions are asked to do so before the end of June.
There was some discussion of the car park.
It was decided to write to the council again, and to ask Margaret whether she still has the key.
Any other business: none.""".splitlines()


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("the", 1),
        ("window", 2),
        ("heaven", 2),
        ("heav'n", 1),
        ("power", 2),
        ("pow'r", 1),
        ("ev'ry", 2),
        ("wand'ring", 2),
        ("o'er", 1),
        ("heaven's", 2),
        ("loved", 1),
        ("lovèd", 2),
        ("blessèd", 2),
        ("wanted", 2),
        ("need", 1),
        ("star-bright", 2),
        ("what-you-may-call-it", 5),
        ("slithy", 2),
        ("borogoves", 3),
        ("th'", 0),
        ("1914", 0),
        ("月", 0),
    ],
)
def test_syllables_of_words_are_counted(word, syllables):
    assert count_syllables(word) == syllables
    assert count_syllables(word.upper()) == syllables


@pytest.mark.parametrize(
    ("stanzas", "name", "feet"),
    [
        ([PENTAMETER], "iambic pentameter", (5,)),
        ([COMMON[0] + COMMON[1]], "common metre", (4, 3)),
        (COMMON, "common metre", (4, 3)),
        ([FEMININE], "iambic pentameter", (5,)),
        ([TROCHAIC], "trochaic tetrameter", (4,)),
        ([CATALECTIC], "trochaic tetrameter", (4,)),
        ([ANAPAESTIC], "anapaestic tetrameter", (4,)),
        ([DACTYLIC], "dactylic tetrameter", (4,)),
        ([LIMERICK], "anapaestic 3-3-2-2-3", (3, 3, 2, 2, 3)),
        (
            [["Half a league, half a league,"] * 2 + ["Half a league onward,"] * 2],
            "dactylic dimeter",
            (2,),
        ),
    ],
)
def test_metre_is_named_as_a_reader_would(stanzas, name, feet):
    found = scan(stanzas)
    assert (found.name, found.feet) == (name, feet)
    assert found.foot is not None
    assert name == "common metre" or name.startswith(found.foot)


@pytest.mark.parametrize(
    ("line", "stresses"),
    [
        ("When I do count the clock that tells the time,", "-+-+-+-+-+"),
        ("The curfew tolls the knell of parting day,", "-+-+-+-+-+"),
        ("Now is the winter of our discontent", "+--+-+-+-+"),
        ("To be, or not to be: that is the question,", "-+-+-+-+-+-"),
        ("Tyger Tyger, burning bright,", "+-+-+-+"),
        ("Tell me not, in mournful numbers,", "+-+-+-+-"),
        ("The Assyrian came down like the wolf on the fold,", "--+--+--+--+"),
        ("This is the forest primeval. The murmuring pines and the hemlocks,", "+--+--+--+--+--+-"),
        ("Season of mists and mellow fruitfulness,", "+--+-+-+-+"),
        ("The silent heav'ns have heard the wand'ring wind", "-+-+-+-+-+"),
    ],
)
def test_lines_every_prosodist_agrees_on_are_scanned_so(line, stresses):
    (found,) = scan([[line]]).lines
    assert (found.stresses, found.syllables) == (stresses, len(stresses))


def test_words_take_the_count_that_the_metre_asks_for():
    lines = [*PENTAMETER, "The power of the tower fills the hour."]
    long, short = "Above the hill the quiet heaven shone", "and heaven opened to the evening star"
    assert [line.syllables for line in scan([[*lines[:4], long, short]]).lines] == [10] * 6


def test_poem_decides_how_a_doubtful_line_is_scanned():
    line = "When was it then that all of us were there"
    assert scan([[line]]).lines[0].stresses != "+--+-+-+-+"
    assert scan([[*PENTAMETER, line]]).lines[-1].stresses == "+--+-+-+-+"


def test_marked_syllables_cost_nothing():
    assert shapes("lovèd") == (("PU", 0),)
    assert shapes("wand'ring") == (("PU", 0),)
    assert dict(shapes("loved")).keys() == {"C", "PU"}
    assert dict(shapes("wandering"))["PU"] > 0


def test_alternation_starts_anew_with_each_stanza():
    refrain = [*COMMON[0], *COMMON[1], "The kettle sings, the window clouds,"]
    assert scan([refrain, refrain, refrain]).feet in {(4, 3), (4, 3, 4, 3, 4)}


def test_lines_of_any_length_may_share_a_foot():
    ode = [
        "The river runs away",
        "beyond the yellow meadows and the mill,",
        "and all the day",
        "the willows on its margin follow still",
        "the moving water and the changing light",
        "until the night.",
        "I follow too,",
        "as lovers and the idle always do,",
        "and have no other thing to say.",
    ]
    found = scan([ode])
    assert (found.name, found.foot, found.feet) == ("mixed iambic", Foot.IAMBIC, ())


def test_prose_and_scattered_words_have_no_metre():
    prose = scan([PROSE])
    assert (prose.name, prose.foot, prose.feet) == ("free", None, ())
    verse = scan([PENTAMETER])
    assert prose.regularity is not None
    assert verse.regularity is not None
    assert prose.regularity < 0.4
    assert verse.regularity > 0.7


def test_one_broken_line_lowers_regularity_and_keeps_the_metre():
    whole = scan([PENTAMETER * 2])
    broken = scan([[*PENTAMETER, *PENTAMETER[:3], "and then it rained."]])
    assert broken.name == whole.name
    assert whole.regularity is not None
    assert broken.regularity is not None
    assert broken.regularity < whole.regularity
    assert broken.lines[-1].syllables == 4


@pytest.mark.parametrize("text", ["", "* * *\n12", "床前明月光，\n疑是地上霜。"])
def test_metre_is_not_measured_without_english_words(text):
    assert ParsedPoem(text).meter is None
    found = measure(text)
    names = ("syllables_per_line", "syllable_spread", "meter", "foot", "meter_regularity")
    assert [found[name] for name in names] == [None] * 5


def test_lines_without_words_count_for_nothing():
    plain, starred = scan([PENTAMETER]), scan([[*PENTAMETER[:2], "* * *", *PENTAMETER[2:]]])
    assert starred.lines[2].syllables == 0
    assert starred.regularity == plain.regularity
    assert scan([["* * *"]]).regularity is None
    assert scan([]).lines == ()


def test_features_say_what_the_scansion_found():
    found = measure("\n".join(COMMON[0] + COMMON[1]))
    assert (found["meter"], found["foot"]) == ("common metre", "iambic")
    assert (found["syllables_per_line"], found["syllable_spread"]) == (7, 1)
    assert found["feet_per_line"] == 3.5
    starred = measure("\n".join([*ANAPAESTIC, "* * *"]))
    assert starred["feet_per_line"] == 4
    assert starred["syllables_per_line"] == measure("\n".join(ANAPAESTIC))["syllables_per_line"]
    assert measure("\n".join(PROSE))["foot"] == "free"


def test_endless_line_is_no_metre():
    found = scan([["night " * 10_000, "-a" * 1000, "a" * 1000]])
    assert found.lines[0].syllables == 10_000
    assert found.name == "free"


@given(st.lists(st.lists(st.text() | st.sampled_from(PENTAMETER + PROSE), max_size=6), max_size=4))
def test_any_lines_are_scanned_each_once(stanzas):
    found = scan(stanzas)
    assert len(found.lines) == sum(map(len, stanzas))
    assert all(line.syllables == len(line.stresses) for line in found.lines)
    assert found.regularity is None or 0 <= found.regularity <= 1


@pytest.mark.shared
def test_blank_verse_is_pentameter_and_shuffled_lines_are_free():
    poems = defaultdict(list)
    file = shared_data() / "rhyme" / "gold_dev.jsonl"
    for record in map(json.loads, file.read_text("utf-8").splitlines()):
        if record["kind"] == "blank":
            poems[record["poem"]].append(record["lines"])
    names = [scan(poem).name for poem in poems.values()]
    assert names.count("iambic pentameter") >= LEAST_BLANK * len(names)
    # The same words, sorted: the beats of verse are gone.
    broken = []
    for poem in poems.values():
        words = iter(sorted(word for stanza in poem for line in stanza for word in line.split()))
        lines = [" ".join(next(words) for _ in line.split()) for stanza in poem for line in stanza]
        broken.append(scan([lines]).name)
    assert broken.count("free") >= (1 - MOST_CHANCE) * len(broken)
