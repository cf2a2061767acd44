"""Print how good the forms are: the figures of docs/verse.md.

    python scripts/evaluate_form.py ../shared/data

No rule but that for prose was changed after the poems marked test were first scored.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from scipy.stats import binomtest

from app.verse.features.form import FORM_FEATURES
from app.verse.form import Form
from app.verse.parsed import ParsedPoem
from tests.verse.form_labels import labelled_forms

SONNETEERS = (
    *("constable", "cullen", "drayton", "keats", "meynell", "millay", "sidney", "smith_c"),
    *("stickney", "wordsworth"),
)
SURE = (0.6, 0.9)  # confidence
ROUNDS = 7


def share(hits: int, n: int) -> str:
    """A share with its Wilson interval."""
    interval = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return f"{hits / n:.3f} [{interval.low:.2f}, {interval.high:.2f}], n = {n}"


def found_form(text: str) -> Form:
    form = ParsedPoem(text).form
    assert form is not None
    return form


def print_labelled(split: str) -> None:
    rows = [(poem, found_form(poem.text)) for poem in labelled_forms(split)]
    right = [poem.form == form.name for poem, form in rows]
    print(f"{split}: right {share(sum(right), len(right))}")
    for low, high in ((0.0, SURE[0]), SURE, (SURE[1], 1.01)):
        told = [
            ok for ok, (_, form) in zip(right, rows, strict=True) if low <= form.confidence < high
        ]
        if told:
            print(f"  confidence from {low} below {high}: {share(sum(told), len(told))}")
    print_confusion([(poem.form, form.name.value) for poem, form in rows])
    for poem, form in rows:
        if poem.form != form.name:
            print(f"  {poem.id} {poem.form} ({poem.note}): {form.name} {form.confidence:.2f}")


def print_confusion(pairs: Sequence[tuple[str, str]]) -> None:
    by_label: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for label, found in pairs:
        by_label[label][found] += 1
    for label, counts in by_label.items():
        others = [f"{name} {n}" for name, n in counts.most_common() if name != label]
        print(f"  | {label} | {counts.total()} | {counts[label]} | {', '.join(others)} |")


def marked_poems(shared: Path) -> list[tuple[str, str, str]]:
    """Kind, author's key and text of the marked verse, its stanzas or cuts together again."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[str, str, str]] = {}
    for row in (shared / "rhyme" / "gold_dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(row)
        parts[record["poem"]].append("\n".join(record["lines"]))
        gap = "\n" if record["unit"] == "block20" else "\n\n"
        about[record["poem"]] = record["kind"], record["author_key"], gap
    return [(kind, author, gap.join(parts[poem])) for poem, (kind, author, gap) in about.items()]


def print_marked(shared: Path) -> None:
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, author, text in marked_poems(shared):
        form = found_form(text).name.value
        groups[f"marked {kind}"][form] += 1
        if kind == "rhymed" and len(ParsedPoem(text).lines) == 14:
            who = "of sonneteers" if author in SONNETEERS else "of others"
            groups[f"14 lines {who}"][form] += 1
    for name, counts in groups.items():
        print(f"{name}, {counts.total()}: {dict(counts.most_common())}")
        if name.startswith("14"):
            sonnets = sum(n for form, n in counts.items() if "sonnet" in form)
            print(f"  sonnets {share(sonnets, counts.total())}")


def print_models(shared: Path) -> None:
    rows = (shared / "poems" / "model_poems.jsonl").read_text("utf-8").splitlines()
    by_source: defaultdict[str, list[bool]] = defaultdict(list)
    forms: Counter[str] = Counter()
    asked: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record in map(json.loads, rows):
        poem = ParsedPoem(record["text"])
        by_source[record["source"]].append(bool(poem.outline.quatrains))
        by_source["all models"].append(bool(poem.outline.quatrains))
        if poem.form:
            forms[poem.form.name.value] += 1
            asked[record["prompt"]][poem.form.name.value] += 1
    by_source["marked verse by people"] = [
        bool(ParsedPoem(text).outline.quatrains) for _, _, text in marked_poems(shared)
    ]
    for source, has in sorted(by_source.items()):
        print(f"poems with a quatrain, {source}: {share(sum(has), len(has))}")
    print(f"forms of models' poems: {dict(forms.most_common())}")
    for prompt, counts in sorted(asked.items()):
        print(f"  {prompt} {dict(counts.most_common())}")


def print_speed(shared: Path) -> None:
    rows = (shared / "poems" / "model_poems.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    spent = []
    for _ in range(ROUNDS):
        poems = [ParsedPoem(text) for text in texts]
        n_lines = sum(len(poem.lines) for poem in poems)
        for poem in poems:
            _ = poem.stanzas, poem.end_words, poem.rhymes, poem.meter  # what other families make
        start = time.process_time()
        for poem in poems:
            for feature in FORM_FEATURES:
                feature.value(poem)
        spent.append((time.process_time() - start) / n_lines * 20_000)
    print(f"form: {min(spent):.3f} ms for 20 lines at best, {max(spent):.3f} at worst")


def main() -> None:
    parser = argparse.ArgumentParser(description="Print how good the forms are.")
    parser.add_argument("shared", type=Path, help="the folder ../shared/data")
    parser.add_argument("--dev", action="store_true", help="leave the poems marked test alone")
    options = parser.parse_args()
    print_speed(options.shared)
    print_marked(options.shared)
    print_models(options.shared)
    print_labelled("dev")
    if not options.dev:
        print_labelled("test")


if __name__ == "__main__":
    main()
