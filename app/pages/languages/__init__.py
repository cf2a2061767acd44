"""The languages that raters can be spoken to in. A catalogue `<language>.po` lies beside this file;
English is in the templates themselves. scripts/catalogues.py collects what is to be translated."""

import re
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

ENGLISH = "en"
FOLDER = Path(__file__).parent
_MOST_WISHES = 20  # languages; so that no header can keep a server busy
_RIGHT_TO_LEFT = "right-to-left"


@cache
def languages() -> dict[str, str]:
    """By code, the languages with a catalogue, each by its own name."""
    codes = [ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po"))]
    return {code: _own_name(code) for code in codes}


@cache
def catalogue(language: str) -> NullTranslations:
    """The texts of a language; English where there are none."""
    file = FOLDER / f"{language}.po"
    if language not in languages() or language == ENGLISH:
        return NullTranslations()
    with file.open("rb") as lines:
        messages = read_po(lines, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def preferred(accepted: str) -> str:
    """Of the languages with a catalogue the one that a browser asks for first, by its header
    Accept-Language; English if it asks for none of them."""
    wishes = []
    for wish in accepted.split(",")[:_MOST_WISHES]:
        code, _, written = wish.partition(";")
        wishes.append((_weight(written), code.strip().lower()))
    known = {code.lower(): code for code in languages()}
    for weight, code in sorted(wishes, key=lambda wish: -wish[0]):
        parts = code.split("-")
        wider = ("-".join(parts[:n]) for n in range(len(parts), 0, -1))
        found = next((known[one] for one in wider if one in known), None)
        if found and weight > 0:
            return found
    return ENGLISH


def _weight(written: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", written)
    return float(found[1]) if found else 0.0 if written.strip() else 1.0


def direction(language: str) -> str:
    """`rtl` or `ltr`, as a text of this language runs."""
    try:
        return "rtl" if Locale.parse(language, sep="-").character_order == _RIGHT_TO_LEFT else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"


def moment(language: str, time: datetime) -> str:
    """A time as this language writes it, in UTC; in English with 24 hours."""
    written = "en-GB" if language == ENGLISH else language
    return format_datetime(time, "medium", locale=Locale.parse(written, sep="-"))


def decimal(language: str, number: float) -> str:
    """To two places, as this language writes it."""
    return format_decimal(number, "0.##", locale=Locale.parse(language, sep="-"))


def is_language(code: str) -> bool:
    """Whether this is the code of a language, such as `en` or `pt-BR`."""
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _own_name(code: str) -> str:
    return (Locale.parse(code, sep="-").get_display_name() or code).capitalize()


def rater_text(message: str) -> str:
    """Marks a message that is translated later, where it is shown."""
    return message
