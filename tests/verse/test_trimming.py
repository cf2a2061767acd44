"""What stands beside the verse is found, and verse is left alone."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.trimming import Trim, TrimKind, apply_trims, find_trims
from tests.counting import growth
from tests.fresh_process import printed_by
from tests.shared_data import shared_data

VERSE = """The gutters fill before the rain
has properly begun,
and someone runs to shut a door
that someone left undone.

The puddle by the bakery
is growing like a rumour,
the pigeons walk around it with
a certain lack of humour."""
FIRST, SECOND = VERSE.split("\n\n")


def found(text: str, title: str | None = None) -> list[str]:
    return [trim.kind.value for trim in find_trims(text, title)]


def trimmed(text: str, title: str | None = None) -> str:
    return apply_trims(text, find_trims(text, title))


@pytest.mark.parametrize(
    "opening",
    [
        "Sure! Here's a poem about the rain:",
        "Here is a short poem about rain, as requested:",
        "Certainly! I'd be happy to help.",
        "Of course! Here you go:",
        "I’d be glad to write a poem about rain.",
        "As an AI language model, I have no feelings, but I can try.",
        "I'm sorry, but I cannot write about real people. Something else instead:",
        "Below is a rhymed poem in two stanzas:",
        "Absolutely!",
        "**Here's a poem for you:**",
        "As an LLM, I have no window.",
        "Gerne! Hier ist ein Gedicht:",
        "Hier ist ein Herbstgedicht für dich:",
        "Voici un poème sur la pluie :",
        "¡Claro! Aquí tienes un poema:",
        "As an\u00a0AI language model, I can try.",
        "好的，这是一首诗：",
    ],
)
def test_what_a_model_says_before_the_poem_is_found_and_goes(opening):
    text = f"{opening}\n\n{VERSE}"
    assert found(text) == ["preamble"]
    assert trimmed(text) == VERSE


@pytest.mark.parametrize(
    "opening",
    [
        "Sure! Here's a poem about the rain:",
        "Sure, here's a poem:",
        "Here is a short rhyming poem about rain:",
        "Here's a poem for you:",
        "Below is a rhymed poem in two stanzas:",
        "Gerne! Hier ist ein Gedicht:",
        "好的，这是一首诗：",
    ],
)
def test_what_no_verse_would_begin_with_goes_also_directly_above_it(opening):
    assert trimmed(f"{opening}\n{VERSE}") == VERSE


@pytest.mark.parametrize("heading", ["# Rain", "**Rain**", "---", "Title: Rain"])
def test_opening_above_a_heading_goes_with_it(heading):
    assert trimmed(f"Here is the poem that I wrote:\n{heading}\n{VERSE}") == VERSE


@pytest.mark.parametrize("label", ["Poem:", "**Poem:**", "Haiku:"])
def test_the_word_poem_above_the_poem_goes(label):
    for blank in ("\n", "\n\n"):
        assert found(f"{label}{blank}{VERSE}") == ["label"]
        assert trimmed(f"{label}{blank}{VERSE}") == VERSE


@pytest.mark.parametrize(
    "title",
    [
        "# Rain",
        "### Rain at Six",
        "**Rain at Six**",
        "*Rain at Six*",
        "__Rain__",
        '**"Rain at Six"**',
        "Title: Rain at Six",
        "**Title:** Rain at Six",
        "Rain at Six",
        '"A Rumour of Rain"',
        "《雨》",
        "# Rain, by ChatGPT",
    ],
)
def test_title_above_the_poem_is_found_and_goes(title):
    assert found(f"{title}\n\n{VERSE}") == ["title"]
    assert trimmed(f"{title}\n\n{VERSE}") == VERSE


@pytest.mark.parametrize("title", ["# Rain", "**Rain**", "Title: Rain"])
def test_marked_title_needs_no_blank_line_below_it(title):
    assert trimmed(f"{title}\n{VERSE}") == VERSE


def test_title_known_from_its_column_is_found_as_the_first_line():
    assert found(f"puddles\n\n{VERSE}") == []
    assert trimmed(f"puddles\n\n{VERSE}", "Puddles") == VERSE
    assert trimmed(f"Two Puddles\n{VERSE}", "two puddles") == VERSE


def test_first_line_that_gave_the_poem_its_title_stays():
    assert found(VERSE, "The gutters fill before the rain") == []


def test_title_without_a_blank_line_is_found_where_it_makes_the_first_stanza_longer():
    text = f"Rumours of the Rain\n{VERSE}\n\n{FIRST}"
    assert trimmed(text) == f"{VERSE}\n\n{FIRST}"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("## The Puddle", "heading"),
        ("Stanza 2:", "label"),
        ("**Verse 2**", "label"),
        ("[Chorus]", "label"),
        ("[Refrain:]", "label"),
        ("(Verse 2)", "label"),
        ("Final couplet:", "label"),
        ("---", "rule"),
        ("***", "rule"),
    ],
)
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_what_parts_two_stanzas_leaves_one_blank_line(line, kind, blank):
    text = f"{FIRST}{blank}{line}{blank}{SECOND}"
    assert found(text) == [kind]
    assert trimmed(text) == VERSE


def test_label_before_a_line_goes_and_the_line_stays():
    assert trimmed(f"Stanza 1: {FIRST}\n\nStanza 2: {SECOND}") == VERSE


@pytest.mark.parametrize(
    "mark", ["{}. ", "{}) ", "{}: ", "{} ", "Line {}: ", "{:02}  ", "L{}: ", "{} - "]
)
def test_numbers_before_every_line_go(mark):
    numbers = iter(range(1, 9))
    text = "\n".join(
        mark.format(next(numbers)) + line if line else line for line in VERSE.split("\n")
    )
    assert set(found(text)) == {"numbering"}
    assert trimmed(text) == VERSE


@pytest.mark.parametrize("fence", ["```", "````", '"""', "'''", "~~~"])
def test_marks_of_a_block_go_and_what_it_holds_stays(fence):
    assert trimmed(f"{fence}\n{VERSE}\n{fence}") == VERSE
    assert trimmed(f"{'```poem text'}\n{VERSE}\n```") == VERSE


def test_numbers_before_every_stanza_go():
    assert trimmed(f"1) {FIRST}\n\n2) {SECOND}") == VERSE


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("**The gutters fill** before the rain", "The gutters fill before the rain"),
        ("The gutters *fill* before the rain", "The gutters fill before the rain"),
        ("***The gutters*** fill *and* fill", "The gutters fill and fill"),
        ("*__The gutters__ fill*", "The gutters fill"),
    ],
)
def test_signs_of_emphasis_go_and_the_words_stay(written, left):
    text = VERSE.replace("The gutters fill before the rain", written)
    assert set(found(text)) == {"emphasis"}
    assert trimmed(text) == VERSE.replace("The gutters fill before the rain", left)


def test_poem_in_italics_keeps_all_its_lines():
    assert trimmed("\n".join(f"*{line}*" for line in FIRST.split("\n"))) == FIRST
    assert trimmed(f"*{FIRST}*\n\n*{SECOND}*") == VERSE


def test_code_fence_goes_and_what_it_holds_stays():
    assert found(f"```text\n{VERSE}\n```") == ["fence", "fence"]
    assert trimmed(f"```text\n{VERSE}\n```") == VERSE


@pytest.mark.parametrize(
    "text",
    [
        f"{VERSE}<|im_end|>",
        f"<s>{VERSE}</s>",
        f"[INST] Write a poem. [/INST]\n{VERSE}",
        f"### User:\nWrite about rain.\n\n### Assistant:\n{VERSE}",
        f"User: Write about rain.\n\nAssistant: {VERSE}",
        f"Assistant:\n{VERSE}",
        f"ChatGPT: {VERSE}",
        f"<|im_start|>user\nRain, please.<|im_end|>\n<|im_start|>assistant\n{VERSE}<|im_end|>",
        f"{VERSE}\n\n### User:\nWhat is a black hole?\n\n### Assistant:\nA place.",
        f"{VERSE}\n\nUser: Another one!\n\nAssistant: Rain again.",
        f"<think>Rain it is.\n\nEight lines.</think>\n\n{VERSE}",
    ],
)
def test_markup_of_a_chat_and_turns_of_others_go(text):
    assert set(found(text)) == {"template"}
    assert trimmed(text) == VERSE


@pytest.mark.parametrize(
    "remark",
    [
        "I hope you enjoy this poem!",
        "I hope this poem captures what you had in mind.",
        "Let me know if you would like any changes.",
        "Feel free to ask for another version.",
        "Would you like me to write another one?",
        "(Note: the second stanza is freer than the first.)",
        "*Note: This poem uses an ABCB rhyme scheme.*",
        "This poem uses the image of a puddle to speak about how news travels.",
        "Rhyme scheme: ABCB",
        "I tried to capture the mood of a rainy day. Would you like me to revise it?",
        "It is about rain. Would you like me to change the ending?",
        "(Syllable count: 6-6-6-6)",
        "Happy reading! 📖",
        "**Explanation:**\n\nThe puddle is a rumour.\n\nThe pigeons are its readers.",
        "---\n\nLet me know what you think!",
        "希望您喜欢这首诗。",
    ],
)
def test_what_a_model_says_after_the_poem_goes(remark):
    text = f"{VERSE}\n\n{remark}"
    assert "remark" in found(text)
    assert trimmed(text) == VERSE


@pytest.mark.parametrize(
    "name",
    [
        "— ChatGPT",
        "- Claude 3 Opus",
        "By Claude",
        "by GPT-4",
        "~ Your AI assistant",
        "Written by an AI language model",
        "*— Gemini*",
        "A poem by DeepSeek",
        "By [Your Name]",
    ],
)
def test_signature_of_a_model_is_found_above_and_below(name):
    for text in (f"{name}\n\n{VERSE}", f"{VERSE}\n\n{name}", f"{VERSE}\n{name}"):
        assert found(text) == ["signature"]
        assert trimmed(text) == VERSE
    assert trimmed(f"# Rain\n{name}\n\n{VERSE}") == VERSE


def test_everything_at_once_leaves_the_verse():
    text = (
        "Sure! Here's a poem about rain:\n\n---\n\n# Rain\n*by ChatGPT*\n\n"
        f"**Stanza 1:**\n{FIRST}\n\n**Stanza 2:**\n{SECOND}\n\n---\n\n"
        "I hope you enjoy this poem! Let me know if you want changes.<|im_end|>"
    )
    assert trimmed(text) == VERSE
    assert set(found(text)) == {
        "preamble", "rule", "title", "signature", "label", "remark", "template",
    }  # fmt: skip


@pytest.mark.parametrize(
    "verse",
    [
        VERSE,
        "Sure of the road, I let the road decide,\nsure of the rain, I never went outside.",
        "Here is a poem for nobody to read,\nhere is a bowl of apples, here a seed.",
        "Here is a poem, written far too late.\nHere is the lamp, and here the empty plate.",
        "Here is the poem I never wrote:\nit starts with rain upon your coat.",
        "Here's a poem for my mother:\nshe was like no other.",
        "Sure, I can write you a poem, she said:\nbut first I have to make the bed.",
        "Here are the poems I have lost:\nthe one about the early frost.",
        "I tried to capture fireflies.\n\nI tried to capture all the rain that fell on Monday.",
        "1 bird upon the wire to sing,\n2 birds to hear the other thing.",
        "Certainly the clock is slow,\ncertainly we ought to go.",
        "I hope you like the coat I left,\nI hope it keeps you warm.\n\nI hope you like the coat.",
        "Let me know the hour of it,\nlet me hold the door.\n\nLet me know the hour.",
        "By Claude's old mill the water ran,\nby the millpond sat a man.",
        "Rain\n\nfalls on us all\n\nand then it does not",
        "*\n\nOne star alone above the page\n\n* * *\n\nand three below to end it",
        "He said: Title me a king,\nbut who would want so small a thing?",
        "2 apples on a table set,\n2 pears that nobody would get.",
        "1 bell, 3 birds, and nothing more\n5 minutes to the closing door",
        "What is 3 * 4 * 5 to you?\nA sum that nobody can do.",
        "User: I am tired.\nSystem: I know what you mean.\nUser: Then go.\nSystem: You go.",
        "I am an AI, so I am told,\nI was made of sand and I don't get cold.",
        "As an AI dreams of electric rain\nso I would like to dream again.",
        "- a list of things I lost:\n- a glove\n- the cost",
        "The verse\nof the day\nis a chorus\n\nof hay",
        "床前明月光\n疑是地上霜",
        "",
        "   \n\n\t",
        "1.",
    ],
)
def test_verse_is_left_as_it_is(verse):
    assert find_trims(verse) == ()
    assert trimmed(verse) == verse


def test_trim_says_where_it_is_and_what_would_go():
    text = f"# Rain\r\n\r\n{VERSE}\n\n(Note: it rains\non and on.)\n\nRhyme scheme: ABCB"
    title, remark = find_trims(text)
    assert title == Trim(TrimKind.TITLE, 1, 1, "# Rain", ((0, 6),))
    assert (remark.kind, remark.first, remark.last) == (TrimKind.REMARK, 16, 16)
    assert remark.why == "What a chat model says after the poem"
    assert apply_trims(text, [remark]).endswith("(Note: it rains\non and on.)")


def test_only_the_trims_that_are_given_are_cut():
    text = f"# Rain\n\n**Verse 1**\n{VERSE}"
    chosen = [trim for trim in find_trims(text) if trim.kind is TrimKind.LABEL]
    assert apply_trims(text, chosen) == f"# Rain\n\n{VERSE}"


def test_text_that_is_nothing_but_chat_leaves_nothing():
    assert trimmed("I'm sorry, but as an AI I cannot create that.") == ""


@settings(deadline=None)
@given(st.text(st.sampled_from("*_#-=`<|>[]/1.) \n\tAaUser:Note《》"), max_size=80))
def test_any_text_is_read_without_error_and_trims_never_overlap(text):
    trims = find_trims(text)
    spans = [span for trim in trims for span in trim.spans]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    cut = sorted(place for start, end in spans for place in range(start, end))
    assert len(cut) == len(set(cut))
    left = "".join(char for place, char in enumerate(text) if place not in set(cut))
    assert apply_trims(text, trims).split() == left.split() or not trims


@pytest.mark.parametrize(
    "piece", ["I hope you enjoy this poem!\n\n", "Here is a poem for you:\n\n", "<think>a "]
)
def test_chat_by_the_thousand_takes_work_in_proportion(piece):
    assert growth(lambda n: trimmed(piece * n), 100) < 11


@pytest.mark.parametrize(
    ("piece", "left"),
    [("Here is a poem for you:\n\n", ""), ("<think>a ", "a " * 8_000), ("`", "")],
)
def test_chat_by_the_thousand_is_read_to_its_end(piece, left):
    assert trimmed(piece * 8_000) == left.strip()


@pytest.mark.shared
def test_marked_verse_by_people_has_nothing_to_trim():
    records = (shared_data() / "rhyme" / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines()
    poems: dict[str, list[str]] = {}
    for record in map(json.loads, records):
        assert find_trims("\n".join(record["lines"])) == ()
        poems.setdefault(record["poem"], []).append("\n".join(record["lines"]))
    assert len(poems) > 500
    assert all(find_trims("\n\n".join(stanzas)) == () for stanzas in poems.values())


def test_who_only_measures_does_not_wait_for_the_patterns_of_trimming():
    asked = (
        "import sys, app.verse; app.verse.measure('Rain');"
        "assert 'app.verse.trimming' not in sys.modules;"
        "from app.verse import find_trims;"
        "assert all(hasattr(app.verse, name) for name in app.verse.__all__);"
        "assert not hasattr(app.verse, 'nothing')"
    )
    printed_by(asked)
