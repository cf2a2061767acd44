"""A part is made when it is first asked for, and once for each object."""

from app.verse.part import part


class Line:
    n_made = 0

    def __init__(self, text: str) -> None:
        self.text = text

    @part
    def words(self) -> list[str]:
        """The words."""
        self.n_made += 1
        return self.text.split()


def test_part_is_made_once_for_each_object_when_it_is_asked_for():
    line, other = Line("a day"), Line("a way")
    assert line.n_made == 0
    assert line.words is line.words
    assert line.words == ["a", "day"]
    assert (line.n_made, other.n_made) == (1, 0)
    assert other.words == ["a", "way"]


def test_part_of_a_class_is_itself_with_its_description():
    assert isinstance(Line.words, part)
    assert Line.words.__doc__ == "The words."
