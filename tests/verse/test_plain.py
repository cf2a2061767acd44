"""What raters are shown of a text: its words, and no mark of the tool that wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse.plain import plain, plain_stanzas
from app.verse.text import words

ROSE = "O rose, thou art sick.\nThe invisible worm,\nThat flies in the night\nIn the howling storm:"

SAME = [
    (
        "emphasis",
        f"**O rose**, thou art *sick*.\nThe __invisible__ _worm_,\n***That flies***{ROSE[53:]}",
    ),
    ("a stanza in italics", f"*{ROSE}*"),
    ("line numbers", "\n".join(f"{n}. {line}" for n, line in enumerate(ROSE.split("\n"), 1))),
    ("bare line numbers", "\n".join(f"{n} {line}" for n, line in enumerate(ROSE.split("\n"), 1))),
    ("bullets", "\n".join(f"- {line}" for line in ROSE.split("\n"))),
    ("a quotation", "\n".join(f"> {line}" for line in ROSE.split("\n"))),
    ("a code block", f"```text\n{ROSE}\n```"),
    ("an indented block", "\n".join(f"    {line}" for line in ROSE.split("\n"))),
    ("line breaks of Markdown", ROSE.replace("\n", "  \n")),
    ("line breaks of a backslash", ROSE.replace("\n", "\\\n")),
    ("line breaks of HTML", ROSE.replace("\n", "<br>\n").replace("<br>\n", "<br>")),
    ("hard blanks", ROSE.replace(" ", "\u00a0")),
    ("soft hyphens", ROSE.replace("invisible", "in\u00advis\u00adible")),
    ("rules at its edges", f"---\n\n{ROSE}\n\n***"),
    ("line ends of Windows", ROSE.replace("\n", "\r\n")),
]


@pytest.mark.parametrize("text", [text for _, text in SAME], ids=[name for name, _ in SAME])
def test_same_poem_is_shown_the_same_however_it_was_marked_up(text):
    assert plain(text) == ROSE


@pytest.mark.parametrize(
    ("straight", "shown"),
    [
        ("\"Come in,\" she said, 'it's late.'", "“Come in,” she said, ‘it’s late.’"),
        ("'Tis but a day o' rain, 'twas said", "’Tis but a day o’ rain, ’twas said"),
        ("the boys' hats in the '90s", "the boys’ hats in the ’90s"),
        ("wait... there -- no", "wait… there — no"),
        ("she said \"he called it 'home'\" twice", "she said “he called it ‘home’” twice"),
    ],
)
def test_quotation_marks_dashes_and_points_have_one_form(straight, shown):
    assert plain(straight) == shown
    curved = shown.replace("’Tis", "‘Tis").replace("’twas", "‘twas").replace("’90s", "‘90s")
    assert plain(curved) == shown


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "___", "⁂", "- - -", "—————", "~~~~ ~~~"])
def test_dividing_lines_inside_a_poem_look_alike(rule):
    if rule.startswith("~"):
        rule = "~ ~ ~"
    assert plain(f"One\nTwo\n{rule}\nThree") == "One\nTwo\n\n* * *\n\nThree"


@pytest.mark.parametrize(
    "verse",
    [
        "— Who goes there?\n— A friend.\nThe gate swung wide.",
        "- Who goes there?\n- A friend.",
        "A star * is not a word",
        "5 * 3 * 2 are factors",
        "snake_case and other_names",
        "Because I could not stop for Death –\nHe kindly stopped for me –",
        "  stairs\n    go\n      down\nand up",
        "1 I am\n7 years old\n3 cats",
        "Twenty-one\n22 houses\nbefore 23",
        "e.e. cummings(a leaf falls)l-one-l-iness",
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


def test_heading_loses_its_marks_and_keeps_its_words():
    assert plain_stanzas("## The Rose\n\nO rose") == (("The Rose",), ("O rose",))


@given(st.text(alphabet="ab1'\"*_-#>`~. \n\\<br>&;—“’é\u00a0", max_size=60))
def test_plain_text_is_plain_already(text):
    assert plain(plain(text)) == plain(text)
