"""From the bytes of a file to its text, whatever it was saved as."""

import codecs
import re
from dataclasses import dataclass

from app.errors import UnreadableFile

_MARKS = (  # the longer first: UTF-32's mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or another zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
)
_LOOKED_AT = 65_536  # bytes that a guess rests on
_NOT_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")
_UTF8_SIGN = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_WESTERN = "cp1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    notes: tuple[str, ...]


def decode(content: bytes) -> Decoded:
    """The text of a file and how it was found. NUL characters, which no database keeps, go."""
    _refuse_other_files(content)
    text, notes = _marked(content) or _unmarked(content)
    n_nul = text.count("\0")
    if n_nul:
        text = text.replace("\0", "")
        notes = (*notes, f"{n_nul:,} NUL characters were left out.")
    return Decoded(text, notes)


def _refuse_other_files(content: bytes) -> None:
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFile("The file is empty.")
    for beginning, what in _OTHER_FILES:
        if content.startswith(beginning):
            raise UnreadableFile(
                f"The file is {what}, whatever its name says: save the table as CSV (UTF-8)."
            )


def _marked(content: bytes) -> tuple[str, tuple[str, ...]] | None:
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            text = _strictly(content[len(mark) :], encoding, name)
            return text, (f"The byte order mark of {name} was dropped.",)
    return None


def _unmarked(content: bytes) -> tuple[str, tuple[str, ...]]:
    wide = _utf16_without_mark(content[:_LOOKED_AT])
    if wide:
        return _strictly(content, wide, "UTF-16"), ("The file was read as UTF-16.",)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(content, error.start)
        return _guessed(content)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, errors="replace").count("\n") + 1
        raise UnreadableFile(
            f"The file says that it is {name}, but line {line} is not: save it again as UTF-8."
        ) from error


def _utf16_without_mark(sample: bytes) -> str | None:
    """Every second byte of Latin text in UTF-16 is a NUL."""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _refuse_broken_utf8(content: bytes, position: int) -> None:
    """A file that is UTF-8 but for a few bytes must not be guessed to be something else, which
    would spoil the rest of it."""
    n_broken = content.decode("utf-8", errors="replace").count("\ufffd")
    if len(_UTF8_SIGN.findall(content)) > n_broken:
        line = content.count(b"\n", 0, position) + 1
        raise UnreadableFile(
            f"Most of the file is UTF-8, but line {line} holds a byte (0x{content[position]:02x}) "
            "that is not: save that line again as UTF-8."
        )


def _guessed(content: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    matches = from_bytes(_telling_lines(content))
    candidates = [match.encoding for match in matches]
    if any(_WESTERN in match.could_be_from_charset for match in matches):
        candidates.insert(0, _WESTERN)  # its neighbours look alike to a guess and are rarer
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        name = codecs.lookup(encoding).name.replace("cp125", "windows-125")
        note = f"The file is not UTF-8. Its encoding was guessed: {name}. Check its accents."
        return text, (note,)
    raise UnreadableFile(
        "The file is not text in any encoding that we know: save it again as UTF-8."
    )


def _telling_lines(content: bytes) -> bytes:
    """The first lines with anything beyond ASCII: all that a guess can learn from."""
    sample = bytearray()
    for found in _NOT_ASCII_LINE.finditer(content):
        sample += found.group()
        if len(sample) > _LOOKED_AT:
            break
    return bytes(sample)
