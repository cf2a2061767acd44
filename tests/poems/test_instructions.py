"""What an instruction asks is read by one definition, and who did not do it is found."""

import pytest
from sqlmodel import Session

from app.models import PoemSet
from app.poems.correcting import correct_scheme
from app.poems.instructions import Asked, disobeying, obedience, wordings
from app.poems.measuring import measure_poems
from tests.factories import make_admin, make_poem, make_poem_set

RHYMED = (
    "The cat sat on the mat,\nand on it lay a hat.\nThe dog began to bark\nand ran off in the dark."
)
PLAIN = "The kettle stands on the stove.\nNobody has come to drink.\nOutside it rains and rains."
CHINESE = "床前明月光\n疑是地上霜"

READINGS = {
    Asked.RHYME: ["rhymed", "Rhyme", "RHYMING", "Write it in rhyme.", "Rhyming couplets, please"],
    Asked.NO_RHYME: [
        "unrhymed",
        "No rhyme",
        "no rhymes at all",
        "Please do NOT rhyme.",
        "Don't rhyme",
        "It doesn’t rhyme",
        "Do\nnot\trhyme",
        "non-rhyming",
        "without any rhyme",
        "Avoid using rhymes",
        "It must never rhyme",
        "Free verse",
        "in blank verse",
    ],
    Asked.FREE: [
        "unspecified",
        " free ",
        "free to choose",
        "It need not rhyme",
        "It doesn't have to rhyme",
        "rhyme is optional",
        "rhymed or not",
        "with or without rhyme",
    ],
    Asked.UNCLEAR: [
        "sad",
        "a sonnet",
        "Do not use the word love; rhyme is what you avoid at all costs",
        "rhyme: no",
        "I do not like rhymes without reason",
        "rhyme=false",
    ],
    Asked.NOTHING: ["", "  \n"],
}


def asked_set(session: Session, poems: list[tuple[str, str | None, str]]) -> tuple[PoemSet, int]:
    """Source, instruction and text of each poem."""
    poem_set = make_poem_set(session)
    for number, (source, instruction, text) in enumerate(poems):
        poem = make_poem(session, poem_set=poem_set, poem_id=f"p{number}", source=source, text=text)
        poem.style_instruction = instruction
    session.flush()
    assert poem_set.id is not None
    measure_poems(session, poem_set.id, limit=100)
    return poem_set, poem_set.id


@pytest.mark.parametrize(
    ("asked", "instruction"),
    [(asked, wording) for asked, own in READINGS.items() for wording in own],
)
def test_instruction_is_read_by_its_words(session: Session, asked, instruction):
    poem_set = make_poem_set(session)
    make_poem(session, poem_set=poem_set).style_instruction = instruction
    session.flush()
    (found,) = obedience(session, poem_set.id or 0)
    assert found.asked is asked
    (wording,) = wordings(session, poem_set.id or 0, limit=5)
    assert (wording.text, wording.asked, wording.n_poems) == (instruction, asked, 1)


def test_poem_without_instruction_was_asked_nothing(session: Session):
    _, set_id = asked_set(session, [("A", None, RHYMED)])
    (found,) = obedience(session, set_id)
    assert (found.asked, found.n_poems, found.n_rhymed, found.n_disobeying) == (
        Asked.NOTHING,
        1,
        1,
        0,
    )
    assert wordings(session, set_id, limit=5) == []
    assert disobeying(session, set_id) == []


def test_those_who_did_not_do_as_asked_are_counted_and_listed(session: Session):
    _, set_id = asked_set(
        session,
        [
            ("A", "unrhymed", RHYMED),
            ("A", "Do not rhyme", RHYMED),
            ("A", "unrhymed", PLAIN),
            ("A", "rhymed", RHYMED),
            ("B", "rhymed", PLAIN),
            ("B", "unspecified", RHYMED),
            ("B", "a sonnet", PLAIN),
            ("B", None, RHYMED),
        ],
    )
    counted = {(one.source, one.asked): one for one in obedience(session, set_id)}
    no_rhyme = counted["A", Asked.NO_RHYME]
    assert (no_rhyme.n_poems, no_rhyme.n_measured, no_rhyme.n_rhymed) == (3, 3, 2)
    assert {key: one.n_disobeying for key, one in counted.items() if one.n_disobeying} == {
        ("A", Asked.NO_RHYME): 2,
        ("B", Asked.RHYME): 1,
    }
    assert counted["B", Asked.FREE].n_rhymed == 1
    assert counted["B", Asked.UNCLEAR].n_poems == 1
    listed = disobeying(session, set_id)
    assert [(poem.poem_id, poem.source, poem.asked) for poem in listed] == [
        ("p0", "A", Asked.NO_RHYME),
        ("p1", "A", Asked.NO_RHYME),
        ("p4", "B", Asked.RHYME),
    ]
    assert (listed[1].instruction, listed[1].first_line) == (
        "Do not rhyme",
        "The cat sat on the mat,",
    )


def test_list_is_of_one_source_or_one_wish_and_cut_into_pages(session: Session):
    _, set_id = asked_set(
        session,
        [("A", "unrhymed", RHYMED), ("B", "unrhymed", RHYMED), ("B", "rhymed", PLAIN)],
    )

    def ids(**chosen: object) -> list[str]:
        return [poem.poem_id for poem in disobeying(session, set_id, **chosen)]  # type: ignore[arg-type]  # keywords as given

    assert ids() == ["p0", "p1", "p2"]
    assert ids(source="B") == ["p1", "p2"]
    assert ids(asked=Asked.NO_RHYME) == ["p0", "p1"]
    assert ids(asked=Asked.RHYME, source="A") == []
    assert ids(offset=1, limit=1) == ["p1"]


def test_corrected_scheme_decides(session: Session):
    poem_set, set_id = asked_set(session, [("A", "unrhymed", RHYMED)])
    correct_scheme(
        session,
        set_key=poem_set.key,
        poem_id="p0",
        typed=["-"] * 4,
        admin_id=make_admin(session).id or 0,
    )
    assert [one.n_disobeying for one in obedience(session, set_id)] == [0]
    assert disobeying(session, set_id) == []


def test_corrected_poem_that_disobeys_is_marked(session: Session):
    poem_set, set_id = asked_set(session, [("A", "unrhymed", PLAIN)])
    correct_scheme(
        session,
        set_key=poem_set.key,
        poem_id="p0",
        typed=["A", "A", "A"],
        admin_id=make_admin(session).id or 0,
    )
    (poem,) = disobeying(session, set_id)
    assert (poem.scheme, poem.corrected) == ("AAA", True)


def test_poem_whose_rhyme_is_not_measured_neither_obeys_nor_disobeys(session: Session):
    _, set_id = asked_set(session, [("A", "rhymed", CHINESE), ("A", "unrhymed", CHINESE)])
    assert [
        (one.n_poems, one.n_measured, one.n_disobeying) for one in obedience(session, set_id)
    ] == [
        (1, 0, 0),
        (1, 0, 0),
    ]
    assert disobeying(session, set_id) == []


def test_most_frequent_wordings_come_first(session: Session):
    _, set_id = asked_set(
        session, [("A", "rhymed", PLAIN), ("A", "unrhymed", PLAIN), ("B", "unrhymed", PLAIN)]
    )
    assert [(one.text, one.n_poems) for one in wordings(session, set_id, limit=5)] == [
        ("unrhymed", 2),
        ("rhymed", 1),
    ]
    assert len(wordings(session, set_id, limit=1)) == 1
