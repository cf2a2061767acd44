"""Names of models and of the set's own sources, as raters would read them in a poem."""

import pytest

from app.poems.names import names_in, source_names

VERSE = "The kettle ticks upon the stove,\nthe window holds a bird,\n{}\n\nand rain\ncomes on."


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("I am GPT\u20114, and rain.", "GPT-4"),
        (r"GPT\-4 wrote this", "GPT-4"),
        ("As an\u00a0AI, I hear the rain.", "As an AI"),
        ("as an\nAI I hear the rain", "as an AI"),
        ("my name is Chat<b>GPT</b>", "ChatGPT"),
        ("my name is Chat**GPT**", "ChatGPT"),
        ("my name is Chat\u00adGPT", "ChatGPT"),
        ("my name is Cl\u200baude", "Claude"),
        ("my name is Cl&#97;ude", "Claude"),
        ("my name is ＣｈａｔＧＰＴ", "ChatGPT"),
        ("see [the rain](https://claude.ai)", "claude"),
        ("by **Llama**", "by Llama"),
    ],
)
def test_name_is_found_as_raters_read_it_and_as_it_was_written(written, name):
    assert names_in(VERSE.format(written)) == (name,)


def test_byline_below_a_title_or_in_its_line_is_a_name():
    for title in ("Kettle\nby Llama", "Kettle, by Llama", "Kettle — Llama"):
        assert names_in(f"{title}\n\n{VERSE}"), title
    assert names_in(VERSE.format("the llama stands, a gemma, a falcon")) == ()


SOURCES = source_names(["Demo A", "model-x", "vendor/Poet-7b", "rain", "William Blake", "7", "A"])
SHORTENED = source_names(["vendor/Poet2.5-7B-Instruct", "2nd-year-students"])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("I, Demo A, have seen", "Demo A"),
        ("and so Model-X goes on", "Model-X"),
        ("so **poet\\-7B** goes on", "poet-7B"),
        ("says William Blake", "William Blake"),
        ("— Rain", "Rain"),
        ("by rain", "by rain"),
        ("written by A", "written by A"),
    ],
)
def test_name_of_a_source_of_the_set_is_found(line, name):
    assert names_in(VERSE.format("of old"), SOURCES) == ()
    assert name in names_in(VERSE.format(line), SOURCES)
    assert names_in(VERSE.format(line)) == ()


@pytest.mark.parametrize("name", ["Poet2.5", "Poet2.5-7B", "poet2.5-7b-instruct"])
def test_source_is_found_by_the_parts_of_its_name(name):
    assert names_in(VERSE.format(f"so {name} hums"), SHORTENED) == (name,)
    assert names_in(VERSE.format("on the 2nd of May the poet"), SHORTENED) == ()


@pytest.mark.parametrize(
    "line", ["the demo a friend", "A rain of 7 days", "by the rain", "a model, x", "blake and rain"]
)
def test_words_of_verse_that_are_sources_are_no_names(line):
    assert names_in(VERSE.format(line), SOURCES) == ()


def test_title_that_is_the_name_of_a_source_is_found():
    for title in ("Rain", "Kettle, by rain", "Model-X"):
        assert names_in(f"{title}\n\n{VERSE.format('of old')}", SOURCES) == (title,)
