"""The languages that raters can be spoken to in. A catalogue `<language>.po` lies beside this file;
English is in the templates themselves. scripts/catalogues.py collects what is to be translated."""

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
