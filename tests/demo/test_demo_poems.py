import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from app import demo
from app.verse import measure

POEMS = Path(demo.__path__[0]) / "poems.jsonl"
COLUMNS = {
    "poem_id",
    "prompt_id",
    "prompt",
    "source",
    "title",
    "text",
    "style_instruction",
    "form",
}
MODEL_NAMES = re.compile(
    r"\b(claude|gpt|chatgpt|gemini|llama|mistral|deepseek|qwen|olmo|grok|copilot|openai|anthropic"
    r"|language model|AI)\b",
    re.IGNORECASE,
)
SLANT_RHYMED = {"demo-repaired-bowl", "demo-retail-park-heron"}
LEAST_RHYMED, MOST_UNRHYMED = 0.5, 0.15  # rhyme density
LENGTH_RATIO = 1.25  # longer poem of a prompt to the shorter, in lines and in words


def read_poems() -> list[dict[str, str]]:
    return [json.loads(line) for line in POEMS.read_text(encoding="utf-8").splitlines()]


def by_prompt() -> dict[str, list[dict[str, str]]]:
    prompts = defaultdict(list)
    for poem in read_poems():
        prompts[poem["prompt_id"]].append(poem)
    return prompts


def n_lines(poem: dict[str, str]) -> int:
    return sum(bool(line.strip()) for line in poem["text"].splitlines())


def is_rhymed(poem: dict[str, str]) -> bool:
    return poem["style_instruction"] == "rhymed"


def is_indented(poem: dict[str, str]) -> bool:
    return any(line.startswith(" ") for line in poem["text"].splitlines())


def test_every_poem_fills_every_column():
    for poem in read_poems():
        assert set(poem) == COLUMNS
        assert all(poem.values()), poem["poem_id"]


def test_every_prompt_has_one_rhymed_and_one_unrhymed_poem():
    prompts = by_prompt()
    assert len(prompts) >= 24
    for prompt_id, poems in prompts.items():
        assert sorted(p["style_instruction"] for p in poems) == ["rhymed", "unrhymed"], prompt_id
        assert len({p["prompt"] for p in poems}) == 1, prompt_id


def test_two_poems_of_a_prompt_are_of_comparable_length():
    for prompt_id, poems in by_prompt().items():
        for sizes in ([n_lines(p) for p in poems], [len(p["text"].split()) for p in poems]):
            assert max(sizes) <= LENGTH_RATIO * min(sizes), (prompt_id, sizes)


def test_sources_are_balanced_and_each_writes_both_styles():
    poems = read_poems()
    assert Counter(p["source"] for p in poems) == {f"Demo {name}": 13 for name in "ABCD"}
    assert set(Counter(p["source"] for p in poems if is_rhymed(p)).values()) == {6, 7}
    for prompt_id, pair in by_prompt().items():
        assert len({p["source"] for p in pair}) == 2, prompt_id


def test_neither_id_nor_file_order_tells_the_style():
    poems = read_poems()
    letters = Counter((p["poem_id"][-1], p["style_instruction"]) for p in poems)
    assert set(letters.values()) == {13}
    assert sum(is_rhymed(pair[0]) for pair in by_prompt().values()) == 13


def test_ids_texts_and_titles_are_unique():
    poems = read_poems()
    for column in ("poem_id", "text", "title"):
        assert len({p[column] for p in poems}) == len(poems), column


def test_nothing_in_a_poem_or_its_prompt_names_a_model():
    for poem in read_poems():
        for column in ("text", "title", "prompt"):
            assert not MODEL_NAMES.search(poem[column]), (poem["poem_id"], column)


def test_prompts_do_not_mention_rhyme():
    assert not any("rhym" in poem["prompt"].lower() for poem in read_poems())


def test_text_does_not_begin_with_its_title():
    for poem in read_poems():
        assert poem["text"].splitlines()[0] != poem["title"], poem["poem_id"]


def test_text_is_laid_out_with_spaces_and_no_trailing_blanks():
    for poem in read_poems():
        assert "\t" not in poem["text"]
        assert poem["text"] == poem["text"].strip()
        assert not re.search(r" $", poem["text"], re.MULTILINE), poem["poem_id"]


def test_both_styles_have_indented_poems():
    indented = Counter(is_rhymed(p) for p in read_poems() if is_indented(p))
    assert indented[True] >= 2
    assert indented[False] >= 2
    assert indented.total() >= 4


@pytest.mark.parametrize(
    "form",
    ["sonnet", "villanelle", "terza rima", "couplets", "slant", "blank verse", "haiku", "ballad"],
)
def test_forms_vary(form: str):
    assert any(form in poem["form"] for poem in read_poems())


def test_readme_lists_every_prompt():
    readme = POEMS.with_name("README.md").read_text(encoding="utf-8")
    assert all(f"`{prompt_id}`" in readme for prompt_id in by_prompt())


def test_measured_rhyme_follows_the_style():
    for poem in read_poems():
        density = measure(poem["text"])["rhyme_density"]
        assert isinstance(density, float)
        if not is_rhymed(poem):
            assert density <= MOST_UNRHYMED, poem["poem_id"]
        elif poem["prompt_id"] not in SLANT_RHYMED:
            assert density >= LEAST_RHYMED, poem["poem_id"]
