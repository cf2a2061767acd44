"""Every template is whole; the pages' own tests render them with values."""

import pytest

from app.pages import environment


@pytest.mark.parametrize("name", environment().list_templates())
def test_template_compiles(name: str):
    environment().get_template(name)


def test_no_template_has_style_or_script_of_its_own():
    for name in environment().list_templates():
        source, _path, _current = environment().loader.get_source(environment(), name)  # type: ignore[union-attr]  # it has one
        for forbidden in (" style=", "<style", "<script>", " onclick=", "javascript:"):
            assert forbidden not in source, (name, forbidden)
