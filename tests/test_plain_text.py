"""A page's words as a person read them."""

from app.pages.plain_text import plain_text


def test_paragraphs_stand_below_each_other_and_markup_is_gone():
    html = "<h2>A  title</h2>\n<p class='x'>One &amp;\n two.</p><p><b>Th</b>ree.</p>"
    assert plain_text(html) == "A title\nOne & two.\nThree."


def test_blank_line_of_a_text_ends_a_line():
    assert plain_text("<p>Who asks.\n\nWhat for.</p>") == "Who asks.\nWhat for."


def test_text_that_looks_like_markup_is_kept():
    assert plain_text("<p>1 &lt; 2 &lt;b&gt;</p>") == "1 < 2 <b>"
