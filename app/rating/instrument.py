"""The questions about a rater's own reading of poetry. None may mention rhyme.

Change the version whenever an item or an option changes: answers are stored with it."""

from dataclasses import dataclass

INSTRUMENT_VERSION = "1"
# By name, the rules that turn answers into expert or not, in words.
RULES = {"usual": "The usual rule of the instrument"}


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    text: str
    hint: str
    options: tuple[tuple[str, str], ...]  # value, label


ITEMS = (
    Item(
        name="reads",
        text="How often do you read poems, outside of school or work set by others?",
        hint="On paper, on a screen or aloud.",
        options=(
            ("weekly", "Every week"),
            ("monthly", "Every month"),
            ("yearly", "A few times a year"),
            ("rarely", "Less often, or never"),
        ),
    ),
    Item(
        name="writes",
        text="Do you write poems?",
        hint="Published means in a magazine, a book or an edited site.",
        options=(
            ("published", "Yes, and some have been published"),
            ("writes", "Yes, not published"),
            ("used_to", "I used to"),
            ("never", "No"),
        ),
    ),
    Item(
        name="studied",
        text="Have you studied or taught literature or creative writing?",
        hint="Choose the furthest that applies.",
        options=(
            ("teaches", "I teach it, edit it or review it"),
            ("degree", "I have, or am taking, a degree in it"),
            ("courses", "I have taken a course after school"),
            ("school", "At school only"),
        ),
    ),
)
