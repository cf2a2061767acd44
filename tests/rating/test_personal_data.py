"""Every column that holds data about a person has its entry, and no entry is of a column gone."""

from sqlmodel import SQLModel

from app import models  # noqa: F401  # fills the metadata
from app.rating.personal_data import OTHERS, RATERS, SIGNED, data_protection_markdown

# Tables without a person, but for who signed their rows.
OF_NOBODY = {
    *("secret", "poem_set", "prompt", "poem", "poem_feature", "scheme_correction"),
    *("source_comparison", "study", "group_link", "pair", "consent_text", "report", "job"),
}


def test_every_table_and_column_about_people_has_an_entry():
    tables = SQLModel.metadata.tables
    held = RATERS | OTHERS
    assert set(tables) == set(held) | OF_NOBODY
    for name, table in held.items():
        assert list(table.columns) == [column.name for column in tables[name].c], name
        assert table.title
        assert table.why
        assert table.how_long


def test_every_column_that_names_an_admin_or_rater_has_an_entry():
    named = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        if table.name in OF_NOBODY
        for column in table.c
        if any(key.column.table.name in {"admin", "rater"} for key in column.foreign_keys)
    }
    assert named == set(SIGNED)


def test_page_names_every_column():
    page = data_protection_markdown()
    for name, table in (RATERS | OTHERS).items():
        assert f"(`{name}`)" in page
        assert all(f"| `{column}` |" in page for column in table.columns)
