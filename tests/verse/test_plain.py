"""What raters are shown of a text: its words, and no mark of the tool that wrote them."""

import json
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.plain import plain, plain_stanzas
from app.verse.text import words
from tests.counting import growth
from tests.shared_data import shared_data

ROSE = "O rose, thou art sick.\nThe invisible worm,\nThat flies in the night\nIn the howling storm:"
TWO = "Rain fell—so fine\nit’s hardly rain…\n\nand then the “snow”\nthat settled"


def lines_as(form: str, text: str = ROSE) -> str:
    """Every line in a form, {0} for the line and {1} for its number."""
    return "\n".join(form.format(line, n) for n, line in enumerate(text.split("\n"), 1))


def listed(marks: list[str]) -> str:
    return "\n".join(map(str.__add__, marks, ROSE.split("\n")))


SAME = {
    "emphasis": f"**O rose**, thou art *sick*.\nThe __invisible__ _worm_,\n***That***{ROSE[47:]}",
    "a stanza in italics": f"*{ROSE}*",
    "emphasis over two lines": ROSE.replace("The", "*The").replace("flies", "flies*"),
    "escaped emphasis": ROSE.replace("sick", r"\*sick\*"),
    "line numbers": lines_as("{1}. {0}"),
    "bare line numbers": lines_as("{1} {0}"),
    "line numbers in brackets": lines_as("[{1}] {0}"),
    "line numbers in parentheses": lines_as("({1}) {0}"),
    "line numbers from 01": lines_as("0{1} {0}"),
    "escaped line numbers": lines_as("{1}\\. {0}"),
    "line numbers from 0": "\n".join(f"{n}. {line}" for n, line in enumerate(ROSE.split("\n"))),
    "line numbers with a letter": lines_as("L{1}: {0}"),
    "line numbers with a colon apart": lines_as("{1} : {0}"),
    "line numbers with a bar": lines_as("00{1}| {0}"),
    "line numbers with a hash": lines_as("#{1} {0}"),
    "line numbers with a word": lines_as("No. {1} {0}"),
    "line numbers in circles": listed(["① ", "② ", "③ ", "④ "]),
    "line numbers as keys": lines_as("{1}\ufe0f\u20e3 {0}"),
    "line numbers with a hyphen": lines_as("{1} - {0}"),
    "line numbers with a dash": lines_as("**{1} — {0}**"),
    "Roman numerals": listed(["i. ", "ii. ", "iii. ", "iv. "]),
    "letters": listed(["a) ", "b) ", "c) ", "d) "]),
    "letters in brackets": listed(["(A) ", "(B) ", "(C) ", "(D) "]),
    "line numbers at the ends": lines_as("{0}     {1}"),
    "line numbers at the ends in brackets": lines_as("{0} [{1}]"),
    "bullets": lines_as("- {0}"),
    "arrows": lines_as("► {0}"),
    "boxes": lines_as("- [ ] {0}"),
    "a quotation": lines_as("> {0}"),
    "a block of lines": lines_as("| {0}"),
    "a table": "| " + ROSE.replace("\n", " |\n| ").replace(" |\n", " |\n|---|\n", 1) + " |",
    "a code block": f"```text\n{ROSE}\n```",
    "a code block with words": f"```poem text\n{ROSE}\n```",
    "a code block of four marks": f"````\n{ROSE}\n````",
    "a block of quoted text": f'"""\n{ROSE}\n"""',
    "quoted text on its own lines": f'"""{ROSE}"""',
    "a code block on its own lines": f"```{ROSE}```",
    "a code block that ends on a line": f"```poem\n{ROSE}```",
    "quotation marks": f'"{ROSE}"',
    "an indented block": lines_as("    {0}"),
    "line breaks of Markdown": ROSE.replace("\n", "  \n"),
    "line breaks of a backslash": ROSE.replace("\n", "\\\n"),
    "line breaks of LaTeX": ROSE.replace("\n", "\\\\\n"),
    "line breaks of HTML": ROSE.replace("\n", "<br>"),
    "line breaks of HTML and of text": ROSE.replace("\n", "<br />\n"),
    "paragraphs of HTML": lines_as("<p>{0}</p>"),
    "paragraphs in one line": lines_as("<p>{0}</p>").replace("\n", ""),
    "items of HTML": f"<ul>\n{lines_as('  <li>{0}</li>')}\n</ul>",
    "a division of HTML": f'<div class="poem" style="color: red">\n{ROSE}\n</div>',
    "letters of HTML": lines_as("<b>{0}</b>").replace("worm", "<em>w</em>o<I>rm</I>"),
    "the middle of HTML": f"<center>{ROSE}</center>",
    "a comment of HTML": f"<!-- {'rain'} -->{ROSE}",
    "entities": ROSE.replace("O", "&#79;").replace("w", "&#x77;").replace(",", "&comma;"),
    "entities of entities": ROSE.replace(",", "&amp;amp;comma;"),
    "hard blanks": ROSE.replace(" ", "\u00a0"),
    "wide blanks": ROSE.replace(" ", "\u3000"),
    "soft hyphens": ROSE.replace("invisible", "in\u00advis\u00adible"),
    "links": ROSE.replace("worm", "[worm](https://example.org/worm)"),
    "rules at its edges": f"---\n\n{ROSE}\n\n***",
    "line ends of Windows": ROSE.replace("\n", "\r\n"),
    "joined letters": ROSE.replace("fl", "ﬂ"),
}
SAME_TWO = {
    "italics over stanzas": f"*{TWO}*",
    "bold over stanzas": f"**{TWO}**",
    "underscores over stanzas": f"_{TWO}_",
    "entities": TWO.replace("—", "&mdash;").replace("’", "&rsquo;").replace("…", "&hellip;"),
    "numbered entities": TWO.replace("’", "&#8217;")
    .replace("“", "&#x201C;")
    .replace("—", "&#8212;"),
    "two hyphens": TWO.replace("—", "--"),
    "two hyphens apart": TWO.replace("—", " -- "),
    "a hyphen apart": TWO.replace("—", " - "),
    "a short dash": TWO.replace("—", "–"),
    "a short dash apart": TWO.replace("—", " – "),
    "a dash apart": TWO.replace("—", " — "),
    "a horizontal bar": TWO.replace("—", "―"),
    "points": TWO.replace("…", "..."),
    "points apart": TWO.replace("…", ". . ."),
    "paragraphs with breaks": f"<p>{TWO}</p>".replace("\n\n", "</p><p>").replace(
        "fine", "fine<br>"
    ),
    "more blank lines": TWO.replace("\n\n", "\n\n\n\n"),
    "quotations": lines_as("> {0}", TWO),
}


@pytest.mark.parametrize("name", SAME)
def test_same_poem_is_shown_the_same_however_it_was_marked_up(name):
    assert plain(SAME[name]) == ROSE


@pytest.mark.parametrize("name", SAME_TWO)
def test_same_stanzas_are_shown_the_same_however_they_were_set(name):
    assert plain(SAME_TWO[name]) == TWO


@pytest.mark.parametrize(
    "sign",
    "\u200b \u200c \u200d \ufe0f \u180e \u2060 \u2061 \u2062 \u2063 \u202a \u202e \u2066 \u2069 "
    "\u061c \u200e \u200f \u00ad \ufeff \u034f \u3164 \ue0041 \x01 \x7f".replace(
        "\ue0041", "\U000e0041"
    ).split(" "),
    ids=lambda sign: f"U+{ord(sign):04X}",
)
def test_no_unseen_sign_can_mark_a_poem(sign):
    assert plain(ROSE.replace("e", f"e{sign}").replace("\n", f"{sign}\n")) == ROSE


def test_joiners_stay_where_a_script_or_a_picture_needs_them():
    for text in ("می\u200cخواهم", "क्\u200dष", "\U0001f469\u200d\U0001f680"):
        assert plain(text) == text
    assert plain("می\u200c\u200c\u200dخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("heading", ["Rain\n====", "Rain\n----", "# Rain", "## Rain ##"])
def test_heading_loses_its_marks_and_keeps_its_words(heading):
    assert plain_stanzas(f"{heading}\n\nfalls here") == (("Rain",), ("falls here",))


@pytest.mark.parametrize("list_marks", ["- {0}", "* {0}", "{1}. {0}", "[{1}] {0}", "> {0}"])
def test_title_before_a_list_hides_no_list(list_marks):
    assert plain(f"Rose\n\n{lines_as(list_marks)}") == f"Rose\n\n{ROSE}"


@pytest.mark.parametrize("mark", ["-", "*", "+", "•"])
def test_list_of_two_is_a_list(mark):
    assert plain(f"{mark} rain\n{mark} snow") == "rain\nsnow"


@pytest.mark.parametrize("form", ["{0}     {1}", "{0}\t\t({1})", "{1}   {0}"])
def test_number_of_every_fifth_line_goes(form):
    verse = [f"a line of {word} and {word}" for word in ROSE.split()[:10]]
    numbered = [form.format(one, n) if n % 5 == 0 else one for n, one in enumerate(verse, 1)]
    assert plain("\n".join(numbered)) == "\n".join(verse)
    excerpt = [form.format(one, n) if n % 5 == 0 else one for n, one in enumerate(verse, 38)]
    assert plain("\n".join(excerpt)) == "\n".join(verse)


@pytest.mark.parametrize(
    ("straight", "shown"),
    [
        ("\"Come in,\" she said, 'it's late.'", "“Come in,” she said, ‘it’s late.’"),
        ("'Tis but a day o' rain, 'twas said", "’Tis but a day o’ rain, ’twas said"),
        ("the boys' hats in the '90s", "the boys’ hats in the ’90s"),
        ("wait... there -- no", "wait… there—no"),
        ("she said \"he called it 'home'\" twice", "she said “he called it ‘home’” twice"),
        ('"I came -- " he said -- "and went"', "“I came—” he said—“and went”"),
        ('她说："雨"，又说："雪"。', "她说：“雨”，又说：“雪”。"),
    ],
)
def test_quotation_marks_dashes_and_points_have_one_form(straight, shown):
    assert plain(straight) == shown
    curved = shown.replace("’Tis", "‘Tis").replace("’twas", "‘twas").replace("’90s", "‘90s")
    assert plain(curved) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("stop for Death –\nHe kindly –", "stop for Death—\nHe kindly—"),
        ("And Finished knowing - then -", "And Finished knowing—then—"),
        ("- Who goes there?\nNobody.\n- A friend.", "—Who goes there?\nNobody.\n—A friend."),
        ("Take, C - - , at once", "Take, C——, at once"),
        ("Mr. D---- of old", "Mr. D——of old"),
        ("1914–1918", "1914-1918"),
        ("5 - 3 is two", "5 - 3 is two"),
        ("blue\u2011green", "blue-green"),
        ("They sang.  We slept.", "They sang. We slept."),
        ("and so.... And", "and so…. And"),
        ("AT&amp;T &c. &unknown; R&B;", "AT&T &c. &unknown; R&B;"),
        ("I &lt;3 you", "I <3 you"),
        (r"a \# of days \[none\] \*", "a # of days [none] *"),
    ],
)
def test_marks_of_the_poet_keep_their_meaning(written, shown):
    assert plain(written) == shown


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "___", "⁂", "- - -", "—————", r"\* \* \*"])
def test_dividing_lines_inside_a_poem_look_alike(rule):
    assert plain(f"One\nTwo\n{rule}\nThree") == "One\nTwo\n\n* * *\n\nThree"
    assert plain(f"*One\nTwo\n{rule}\nThree*") == "One\nTwo\n\n* * *\n\nThree"


@pytest.mark.parametrize(
    "verse",
    [
        "—Who goes there?\n—A friend.\nThe gate swung wide.",
        "A star * is not a word",
        "5 * 3 * 2 are factors",
        "snake_case and other_names",
        "the word*\nand its note*",
        "d*mn and f*ck",
        "Because I could not stop for Death—\nHe kindly stopped for me—",
        "  stairs\n    go\n      down\nand up",
        "1 I am\n7 years old\n3 cats",
        "1 for sorrow\n2 for joy\n3 for a girl\n4 for a boy",
        "Magpies\n\n1 crow sang\n2 crows flew\n3 crows came",
        "I was born in 1914\nand wed in 1938\nand died",
        "I have 1\nYou have 2\nWe have 3",
        "this way --> that way",
        "Twenty-one\n22 houses\nbefore 23",
        "I\nOne\n\nII\nTwo",
        "I. One\nOne more\n\nII. Two\nTwo more",
        "I. One\n\nII. Two\n\nIII. Three",
        "a) rain\nb) snow\nor what you will",
        "A: apple-pie\nB: bit it\nC: cut it",
        "1—Who goes?\n2 A friend.\n3—Then come.",
        "[ ] yes\nand no",
        "“Rain,” she said,\n“and snow.”",
        "1\nOne\nOne more\n\n2\nTwo\nTwo more",
        "e.e. cummings(a leaf falls)l-one-l-iness",
        "[the wind](so low) blew",
        "a < b and <silence> > c",
        "Salt & sand; rice & beans;",
        "either | or",
        "# of days: none",
        "One\n\nTwo\n\nThree",
        "ALL CAPS, AND ~ a tilde",
    ],
)
def test_what_a_poet_may_write_stays(verse):
    shown = plain(verse)
    assert words(shown) == words(verse)
    if not verse.startswith("#"):
        assert shown == verse


PIECES = (
    *("a", "b", "1", "'", '"', "*", "**", "_", "-", "--", "—", "–", " ", "  ", "\n", "\n\n", "#"),
    *(">", "`", "~~", ".", "...", "…", "\\", "<br>", "<p>", "</p>", "<b>", "&amp;", "&mdash;", ";"),
    *(
        "[",
        "](http://a.b)",
        "|",
        "1. ",
        "2. ",
        "- ",
        "===",
        "---",
        "\u200d",
        "\u3000",
        "é",
        "雨",
        "“",
        *("i. ", "ii. ", "a) ", "b) ", "0. ", "L1: ", "1 - ", "► ", "[ ] ", '"""', "````", "”"),
        *("1 : ", "2 : ", "1 for", "#1 ", "①", "|"),
    ),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_plain_text_is_plain_already(text):
    assert plain(plain(text)) == plain(text)


verse_words = st.sampled_from(
    [
        "rain",
        "o’er",
        "the",
        "Snow",
        "well-worn",
        "naïve",
        "7",
        "1914",
        "Où",
        "дождь",
        "雨",
        "&",
        "I",
    ]
)
ordinary_lines = st.lists(
    st.tuples(verse_words, st.sampled_from(["", "", "", ",", ".", " —", "—", ";", "!", "…", "?"])),
    min_size=1,
    max_size=6,
).map(lambda pairs: "so " + " ".join("".join(pair) for pair in pairs) + " fell")
ordinary_verse = st.lists(
    st.lists(ordinary_lines, min_size=1, max_size=5).map("\n".join), min_size=1, max_size=4
).map("\n\n".join)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


@settings(deadline=None)
@given(ordinary_verse)
def test_no_letter_or_digit_of_verse_is_lost(verse):
    shown = plain(verse)
    assert letters(shown) == letters(verse)
    assert [line.strip() != "" for line in shown.split("\n")] == [
        line != "" for line in verse.split("\n")
    ]


DRESSES: dict[str, Callable[[str], str]] = {
    "emphasis": lambda text: re.sub(r"\brain\b", "**rain**", text),
    "tags": lambda text: re.sub(r"\bthe\b", "<i>the</i>", text),
    "dashes": lambda text: text.replace(" —", " – ").replace("—", " -- "),
    "straight": lambda text: text.replace("’", "'").replace("…", "..."),
    "entities": lambda text: text.replace("&", "&amp;").replace("’", "&rsquo;"),
    "unseen": lambda text: text.replace("n", "n\u200d\u2060"),
    "blanks": lambda text: text.replace(" ", "\u00a0"),
    "breaks": lambda text: text.replace("\n", "<br>\n"),
    "quoted": lambda text: lines_as("> {0}", text),
    "italics": lambda text: f"*{text}*",
    "fenced": lambda text: f"```\n{text}\n```",
}


@settings(deadline=None)
@given(ordinary_verse, st.sets(st.sampled_from([*DRESSES])))
def test_poems_that_differ_in_marks_alone_are_shown_identically(verse, chosen):
    dressed = verse
    for name, dress in DRESSES.items():  # in this order
        if name in chosen and not (name == "italics" and "emphasis" in chosen):
            dressed = dress(dressed)
    assert plain(dressed) == plain(verse)


@pytest.mark.parametrize("mark", ["`", '"""', "*", "[", "<", "&"])
def test_nothing_but_marks_by_the_thousand_is_read_to_its_end(mark):
    assert letters(plain(mark * 60_000)) == ""


def test_dividing_lines_by_the_thousand_take_work_in_proportion():
    verse = "A line of verse\n"
    assert growth(lambda n: plain(f"{verse}---\n" * n), 100) < 11
    assert growth(lambda n: plain(verse + "---\n\n" * n + verse), 100) < 11


@pytest.mark.shared
def test_marked_verse_and_poems_of_models_keep_every_letter():
    folder = shared_data()
    marked = [
        "\n".join(json.loads(row)["lines"])
        for row in (folder / "rhyme" / "gold_dev.jsonl").read_text("utf-8").splitlines()
    ]
    by_models = [
        json.loads(row)["text"]
        for name in ("model_poems", "copoet_poems")
        for row in (folder / "poems" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    for text in marked:
        assert letters(plain(text)) == letters(text)
    for text in by_models:  # some number their stanzas
        assert re.sub(r"\d", "", letters(plain(text))) == re.sub(r"\d", "", letters(text))
    for text in marked + by_models:
        assert plain(plain(text)) == plain(text)
