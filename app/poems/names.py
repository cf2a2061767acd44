"""What in a poem's text names a model, or a source of its set, as far as a rater can read it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.verse.chat import BY, SIGNATURE, TITLE_SIGNED
from app.verse.names import NAMES
from app.verse.plain import hides_words, plain
from app.verse.text import stanzas

_APART = r"(?:[-–—_\s]+|[.:/])"  # between two words of a source's name
_WIDE = re.compile(
    "[\uff01-\uff5e\U0001d400-\U0001d7ff]"
)  # letters of full width or of mathematics
_NONE = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class SourceNames:
    anywhere: re.Pattern[str]
    bylines: re.Pattern[str]  # lines that sign
    titles: re.Pattern[str]  # lines set apart at an end that say only the name, or end with it


def names_in(text: str, sources: SourceNames | None = None) -> tuple[str, ...]:
    """What names a model or a source in a text, each once: in what raters see of it, and in the
    text as it was written."""
    seen = plain(text) if hides_words(text) else text
    if _WIDE.search(seen):
        seen = unicodedata.normalize("NFKC", seen)
    found: dict[str, str] = {}
    for form in dict.fromkeys((seen, text)):
        for name in _names(form, sources):
            one = " ".join(name.split()).strip("-–—~ ")
            if not any(known in one.casefold() for known in found):
                found[one.casefold()] = one
    return tuple(found.values())


def source_names(sources: Iterable[str]) -> SourceNames:
    """Patterns of the names of sources. Inside verse a name is one only where it holds a digit and
    a letter, or is of two words or more (a hyphen parts them, too), in capitals as they are given
    or as a title has them: a source called *rain* would else be named by half of all poems."""
    names = {part for name in set(sources) for part in _parts(name)}
    named = [
        words
        for name in sorted(names, key=lambda name: (-len(name), name))
        if (words := re.findall(r"[^\W_]+", name))
    ]
    if not named:
        return SourceNames(_NONE, _NONE, _NONE)
    telling = "|".join(_forms(words) for words in named if _tells(words))
    every = rf"(?:{'|'.join(map(_forms, named))})[.)\]!]*$"
    return SourceNames(
        anywhere=re.compile(rf"\b(?:{telling})(?!\w)") if telling else _NONE,
        bylines=re.compile(rf"[(\[]?(?i:[-–—~]+\s*(?:{BY})?|{BY}){every}"),
        titles=re.compile(rf"(?:.*(?:\b(?i:{BY})|[—–(|]\s*))?{every}"),
    )


def _parts(name: str) -> Iterator[str]:
    """The name, that behind a `/`, and what a text may shorten it to: *Qwen2.5-7B-Instruct* to
    *Qwen2.5-7B* and *Qwen2.5*. Not where it begins with a digit, as *2nd-years*."""
    own = name.rpartition("/")[2]
    yield from (name, own)
    for part in (own[: joint.start()] for joint in re.finditer(r"[-_:\s]", own)):
        if part[:1].isalpha() and " " not in part and _has_digit_and_letter(part):
            yield part


def _names(text: str, sources: SourceNames | None) -> Iterator[str]:
    yield from (found.group() for found in NAMES.finditer(text))
    if sources:
        yield from (found.group() for found in sources.anywhere.finditer(text))
    own = [line for line in text.split("\n") if line.strip()]
    for line in map(str.strip, own):
        if SIGNATURE.match(line) or (sources and sources.bylines.match(line)):
            yield line
    for line in {own[0].strip(), own[-1].strip()} if own else ():
        if TITLE_SIGNED.match(line):
            yield line
    for line in _set_apart(text) if sources else ():
        if sources and sources.titles.match(line):
            yield line


def _set_apart(text: str) -> Iterator[str]:
    """The first line and the last, where each is a stanza by itself."""
    found = stanzas(text)
    if len(found) > 1:
        yield from (stanza[0].strip() for stanza in (found[0], found[-1]) if len(stanza) == 1)


def _tells(words: list[str]) -> bool:
    name = "".join(words)
    return _has_digit_and_letter(name) or (len(words) > 1 and not name.isdigit())


def _has_digit_and_letter(name: str) -> bool:
    return any(map(str.isdigit, name)) and any(map(str.isalpha, name))


def _forms(words: list[str]) -> str:
    """Whatever its capitals where it holds a digit; else as it is given, as a sentence or a title
    begins, or in capitals alone."""
    if any(map(str.isdigit, "".join(words))):
        return f"(?i:{_written(words)})"
    titled, upper = ([change(word) for word in words] for change in (str.title, str.upper))
    ways = (words, [titled[0], *words[1:]], titled, upper)
    return "|".join(dict.fromkeys(map(_written, ways)))


def _written(words: list[str]) -> str:
    return _APART.join(map(re.escape, words))
