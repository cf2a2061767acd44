"""What is stored about people: every column of every table that holds any, what it is, why, and for
how long. The page for raters, the page on data protection and its document are made from this; a
test fails when a column has no entry."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlmodel import SQLModel


class Kind(StrEnum):
    PERSONAL = "personal"  # tells who somebody is, to somebody
    PSEUDONYMOUS = "pseudonymous"  # about a person whom only the personal link or a panel can tell
    NOT_PERSONAL = "not personal"  # about the study, or the program's own


def rater_text(text: str) -> str:
    """Marks a text that raters see, for the catalogues."""
    return text


@dataclass(frozen=True, slots=True)
class Held:
    """One column."""

    what: str
    kind: Kind = Kind.PSEUDONYMOUS
    withheld: bool = False  # from the rater's own page: the program's own numbers, and secrets


@dataclass(frozen=True, slots=True)
class HeldTable:
    title: str
    why: str
    how_long: str
    columns: dict[str, Held]


_UNTIL_ERASED = rater_text("It is kept until you have it erased, or the study is deleted.")
_OWN_NUMBER = Held(rater_text("The program’s own number"), Kind.NOT_PERSONAL, withheld=True)
_WHOSE = Held(rater_text("Whose it is"), withheld=True)
_POEM = Kind.NOT_PERSONAL

# In the order in which a rater meets them.
RATERS = {
    "rater": HeldTable(
        rater_text("Your taking part"),
        rater_text("To let you go on where you were, and to compare groups of readers."),
        _UNTIL_ERASED,
        {
            "id": _OWN_NUMBER,
            "key": Held(rater_text("Your number in the study’s files")),
            "study_id": Held(rater_text("The study"), Kind.NOT_PERSONAL, withheld=True),
            "kind": Held(rater_text("Group you were invited to")),
            "self_described": Held(rater_text("Group you count yourself in")),
            "expertise_score": Held(rater_text("Score of your answers on reading, 0 to 1")),
            "scored_as": Held(rater_text("Group by that score")),
            "token_hash": Held(rater_text("Hash of your personal link"), withheld=True),
            "simulated": Held(rater_text("Whether a program plays you")),
            "consent_version": Held(rater_text("Text you agreed to")),
            "consented_at": Held(rater_text("When you agreed")),
            "joined_at": Held(rater_text("When you began")),
            "answered_at": Held(rater_text("When you answered the questions")),
            "practised_at": Held(rater_text("When you had done the practice")),
            "last_break": Held(rater_text("Pairs before your last break")),
            "screened_out_at": Held(rater_text("When it was found that you are not asked further")),
            "withdrawn_at": Held(rater_text("When you withdrew")),
        },
    ),
    "participant": HeldTable(
        rater_text("Who you are to the panel or list you came from"),
        rater_text("To send you back to it, and so that nobody takes part twice."),
        rater_text(
            "It is kept for the days that the study sets after its closing, 90 unless it says "
            "otherwise."
        ),
        {
            "rater_id": _WHOSE,
            "study_id": Held(rater_text("The study"), Kind.NOT_PERSONAL, withheld=True),
            "panel": Held(rater_text("Panel or list"), Kind.PERSONAL),
            "external_id": Held(rater_text("Your id there"), Kind.PERSONAL),
            "external_study": Held(rater_text("Its number of the study"), Kind.PERSONAL),
            "external_session": Held(rater_text("Its number of your latest visit"), Kind.PERSONAL),
            "earlier_visits": Held(
                rater_text("Its numbers of the study and of your visits before that"),
                Kind.PERSONAL,
            ),
            "came_at": Held(rater_text("When you came"), Kind.PERSONAL),
        },
    ),
    "personal_link": HeldTable(
        rater_text("The invitation made for you alone"),
        rater_text("So that it lets one person in, and whoever made it can tell whom."),
        rater_text(
            "Whom it was meant for is kept for the same days, or until you have it erased; that it "
            "was used, until the study is deleted."
        ),
        {
            "id": _OWN_NUMBER,
            "key": Held(rater_text("What its address ends in")),
            "study_id": Held(rater_text("The study"), Kind.NOT_PERSONAL, withheld=True),
            "kind": Held(rater_text("Group it invites to")),
            "label": Held(rater_text("Whom it was meant for"), Kind.PERSONAL),
            "created_at": Held(rater_text("When it was made"), Kind.NOT_PERSONAL),
            "used_at": Held(rater_text("When you joined by it")),
        },
    ),
    "rater_answer": HeldTable(
        rater_text("Your answers on your reading"),
        rater_text("To tell readers with much experience from others."),
        _UNTIL_ERASED,
        {
            "rater_id": _WHOSE,
            "item": Held(rater_text("Question")),
            "value": Held(rater_text("Your answer")),
            "instrument_version": Held(rater_text("Version of the questions"), Kind.NOT_PERSONAL),
        },
    ),
    "slot": HeldTable(
        rater_text("The pairs you were shown"),
        rater_text("To know what was before you when you chose."),
        _UNTIL_ERASED,
        {
            "id": _OWN_NUMBER,
            "key": Held(rater_text("Number of the pair, yours alone")),
            "rater_id": _WHOSE,
            "purpose": Held(rater_text("What the pair is for")),
            "pair_id": _OWN_NUMBER,
            "position": Held(rater_text("Place in your order")),
            "left_poem_id": Held(rater_text("Poem A, its first line"), _POEM),
            "right_poem_id": Held(rater_text("Poem B, its first line"), _POEM),
            "check_side": Held(rater_text("Side that an attention check asked for")),
            "shown_at": Held(rater_text("When it was first shown")),
        },
    ),
    "vote": HeldTable(
        rater_text("Your choices"),
        rater_text("They are what the study is about."),
        _UNTIL_ERASED,
        {
            "id": _OWN_NUMBER,
            "key": Held(rater_text("Number of the choice in the study’s files")),
            "slot_id": Held(rater_text("Number of the pair, yours alone")),
            "attempt": Held(rater_text("First answer to this pair, or a later one")),
            "choice": Held(rater_text("What you chose")),
            "shown_at": Held(rater_text("When the pair was shown")),
            "cast_at": Held(rater_text("When your choice was stored")),
            "decision_ms": Held(rater_text("Milliseconds until you chose")),
            "reading_ms": Held(rater_text("Milliseconds until both poems had been on screen")),
            "hidden_ms": Held(rater_text("Milliseconds paused or out of sight")),
            "left_ms": Held(rater_text("Milliseconds on poem A")),
            "right_ms": Held(rater_text("Milliseconds on poem B")),
            "layout": Held(rater_text("How the page was laid out")),
            "viewport_width": Held(rater_text("Width of your window")),
            "viewport_height": Held(rater_text("Height of your window")),
            "input_kind": Held(rater_text("Mouse, touch, pen or keyboard")),
            "app_version": Held(rater_text("Version of the program"), Kind.NOT_PERSONAL),
        },
    ),
    "vote_retraction": HeldTable(
        rater_text("Choices you took back"),
        rater_text("A choice that was taken back is not counted, and that it was is known."),
        _UNTIL_ERASED,
        {
            "vote_id": Held(rater_text("Number of the choice in the study’s files")),
            "at": Held(rater_text("When")),
        },
    ),
    "vote_follow_up": HeldTable(
        rater_text("What you said of a choice"),
        rater_text("Where the study asks how sure you were, or how easy it was."),
        _UNTIL_ERASED,
        {
            "vote_id": Held(rater_text("Number of the choice in the study’s files")),
            "confidence": Held(rater_text("How sure you were, 1 to 5")),
            "ease": Held(rater_text("How easy it was to judge, 1 to 5")),
            "at": Held(rater_text("When")),
        },
    ),
    "exclusion": HeldTable(
        rater_text("Whether your choices are counted"),
        rater_text("A decision to leave choices out is kept with its reason."),
        _UNTIL_ERASED,
        {
            "id": _OWN_NUMBER,
            "rater_id": _WHOSE,
            "excluded": Held(rater_text("Left out")),
            "rule": Held(rater_text("By which rule")),
            "rule_version": Held(rater_text("Version of that rule"), Kind.NOT_PERSONAL),
            "reason": Held(rater_text("Reason")),
            "made_by": Held(rater_text("Who decided"), Kind.PERSONAL, withheld=True),
            "made_at": Held(rater_text("When")),
        },
    ),
}

# What stands in those columns as a word of the program, for the rater's own page.
WORDS = {
    "expert": rater_text("readers with much experience of poetry"),
    "nonexpert": rater_text("all other readers"),
    "left": rater_text("the left poem (A)"),
    "right": rater_text("the right poem (B)"),
    "tie": rater_text("could not choose"),
    "measure": rater_text("to be chosen from"),
    "repeat": rater_text("a pair again, with its sides exchanged"),
    "check": rater_text("an attention check"),
    "book": rater_text("both poems side by side"),
    "pager": rater_text("one poem at a time"),
    "stack": rater_text("one poem below the other"),
    "keyboard": rater_text("keyboard"),
    "mouse": rater_text("mouse"),
    "touch": rater_text("touch"),
    "pen": rater_text("pen"),
    "link": rater_text("an invitation for one person"),
    "list": rater_text("a list of the researchers"),
    "prolific": "Prolific",
    "mturk": "Mechanical Turk",
    "sona": "Sona",
    "withdrawn": rater_text("you withdrew"),
    "judgement": rater_text("the researchers’ judgement"),
    "failed_check": rater_text("an attention check was answered otherwise than it asked"),
    "inconsistent": rater_text("pairs shown twice were answered differently"),
    "one_side": rater_text("nearly always the same side"),
    "too_fast": rater_text("too fast to have been read"),
    "duplicate": rater_text("perhaps the same person twice"),
    "unfinished": rater_text("not every pair has an answer"),
}

_WITH_ADMIN = "Kept until the admin is deleted from the database."
_WITH_WORK = "Kept as long as what it is written on."
_NUMBER = Held("The program’s own number", Kind.NOT_PERSONAL)
_STUDY = Held("The study", Kind.NOT_PERSONAL)

# Beside the raters' own: what a study keeps of people who are gone, and admins.
OTHERS = {
    "erasure": HeldTable(
        "That somebody had everything erased",
        "So that whoever holds an export knows which rows to delete.",
        "Kept as long as the study.",
        {
            "id": _NUMBER,
            "study_id": _STUDY,
            "rater_key": Held("The rater’s number in exported files", Kind.PSEUDONYMOUS),
            "n_votes": Held("How many votes there were", Kind.NOT_PERSONAL),
            "erased_at": Held("When", Kind.PSEUDONYMOUS),
        },
    ),
    "admin": HeldTable(
        "Admins",
        "To let those in who run studies.",
        _WITH_ADMIN,
        {
            "id": _NUMBER,
            "email": Held("E-mail address", Kind.PERSONAL),
            "password_hash": Held("Argon2id hash of the password", Kind.PERSONAL),
            "created_at": Held("When it was made", Kind.PERSONAL),
            "disabled_at": Held("When it was disabled", Kind.PERSONAL),
        },
    ),
    "admin_session": HeldTable(
        "Admins who are signed in",
        "To know a signed-in browser again.",
        "Kept until signing out, or the day it expires.",
        {
            "id": _NUMBER,
            "admin_id": Held("Whose it is", Kind.PERSONAL),
            "token_hash": Held("Hash of the cookie", Kind.PERSONAL),
            "created_at": Held("When it began", Kind.PERSONAL),
            "expires_at": Held("When it ends", Kind.PERSONAL),
        },
    ),
    "sign_in_link": HeldTable(
        "Links that sign an admin in once",
        "For admins without a password.",
        _WITH_ADMIN,
        {
            "id": _NUMBER,
            "admin_id": Held("Whom it lets in", Kind.PERSONAL),
            "token_hash": Held("Hash of the link", Kind.PERSONAL),
            "expires_at": Held("When it ends", Kind.PERSONAL),
            "used_at": Held("When it was used", Kind.PERSONAL),
        },
    ),
    "sign_in_failure": HeldTable(
        "Failed attempts to sign in",
        "So that nobody can try passwords one after the other.",
        "Counted for a quarter of an hour; deleted by the worker within a day.",
        {
            "id": _NUMBER,
            "email": Held("The address that was typed", Kind.PERSONAL),
            "at": Held("When", Kind.PERSONAL),
        },
    ),
    "upload": HeldTable(
        "Files waiting to be stored as poems",
        "For the preview.",
        "Kept for a day at most.",
        {
            "id": _NUMBER,
            "key": _NUMBER,
            "admin_id": Held("Who uploaded it", Kind.PERSONAL),
            "set_name": Held("Name of the set", Kind.NOT_PERSONAL),
            "file_name": Held("Name of the file", Kind.PERSONAL),
            "content": Held("The file", Kind.NOT_PERSONAL),
            "created_at": Held("When", Kind.PERSONAL),
        },
    ),
}
# Columns of other tables that name an admin.
SIGNED = {
    ("poem_set", "created_by"): Held("Who stored the poems", Kind.PERSONAL),
    ("study", "created_by"): Held("Who made the study", Kind.PERSONAL),
    ("scheme_correction", "made_by"): Held("Who corrected a rhyme scheme", Kind.PERSONAL),
    ("report", "created_by"): Held("Who asked for the report", Kind.PERSONAL),
}
HOW_LONG_SIGNED = _WITH_WORK


def reached_from(root: str) -> list[str]:
    """The tables whose rows belong to a row of this one: by foreign keys that go with it."""
    found = [root]
    for name in found:  # grows while it is read
        found += [
            table.name
            for table in SQLModel.metadata.sorted_tables
            if table.name not in found and any(_belongs(key, name) for key in table.foreign_keys)
        ]
    return found


def _belongs(key: ForeignKey, name: str) -> bool:
    return key.column.table.name == name and key.ondelete == "CASCADE"


def data_protection_markdown() -> str:
    """The page docs/data-protection.md, behind its head."""
    parts = ["## Raters", *(_section(name, RATERS[name]) for name in RATERS)]
    parts += ["## Others", *(_section(name, OTHERS[name]) for name in OTHERS)]
    rows = [
        f"| `{table}.{column}` | {held.what} | {held.kind} |"
        for (table, column), held in SIGNED.items()
    ]
    parts += ["## Admins, on what they made", HOW_LONG_SIGNED]
    parts += ["\n".join(["| column | what | |", "|---|---|---|", *rows])]
    return "\n\n".join(parts)


def _section(name: str, held: HeldTable) -> str:
    rows = [f"| `{column}` | {one.what} | {one.kind} |" for column, one in held.columns.items()]
    table = "\n".join(["| column | what | |", "|---|---|---|", *rows])
    return f"### {held.title} (`{name}`)\n\n{held.why} {held.how_long}\n\n{table}"
