"""The sections of a report, in their order. A new one is a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator

from app.analysis.answer import answer_part
from app.analysis.basis import Basis
from app.analysis.data_quality import data_part
from app.analysis.limits import limits_part
from app.analysis.options import NotIdentified
from app.analysis.parts import Part, declined
from app.analysis.plots.drawing import Width
from app.analysis.plots.win_share import answer_chart
from app.analysis.preference import Separated

SEED = 20_240_229  # the same report from the same votes, to the last digit

SEPARATED = (
    "In these votes the choices follow one of the measures without exception, so that its effect "
    "has no upper limit and no interval; more votes, among which some go the other way, are needed."
)


class Chart(Protocol):
    """Draws a part, given as JSON would hold it."""

    def __call__(self, part: dict[str, Any], /, *, width: Width) -> str:  # Any: JSON
        """Give an SVG."""
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report.

    Parameters
    ----------
    name
        The name of its part.
    title
        Its heading where the part cannot be made.
    part
        Makes it. Whatever is random in it comes from the generator.
    chart
        Draws it; None for no chart.
    slow
        Whether making it takes long, as a bootstrap does; `blindverse analyse --quick` leaves it
        out.
    """

    name: str
    title: str
    part: Callable[[Basis, Generator], Part]
    chart: Chart | None = None
    slow: bool = False


# answer, controls, others, shares, dose, laziness, neutrality, expertise, ranking, judges,
# reliability, data, grid, multiplicity, power, limits
SECTIONS: tuple[Section, ...] = (
    Section("answer", "What was found?", lambda of, _rng: answer_part(of), answer_chart),
    Section("data", "Which votes does this rest on?", lambda of, _rng: data_part(of)),
    Section("limits", "What can this not tell?", lambda of, _rng: limits_part(of)),
)
CHARTS = {section.name: section.chart for section in SECTIONS if section.chart is not None}

OnError = Callable[[Section, Exception], Part]


def make_parts(
    basis: Basis, sections: tuple[Section, ...] = SECTIONS, *, on_error: OnError | None = None
) -> tuple[Part, ...]:
    """Make the sections of a report.

    Parameters
    ----------
    basis
        The votes and the estimates.
    sections
        Which, in which order.
    on_error
        Gives a part in the place of one that failed for a reason of the program; None to raise.

    Returns
    -------
    tuple of Part
        One a section. Where the votes cannot answer, the part says so. The numbers drawn for one
        section do not depend on the others.
    """
    return tuple(_part(section, basis, on_error) for section in sections)


def _part(section: Section, basis: Basis, on_error: OnError | None) -> Part:
    rng = np.random.default_rng([SEED, *section.name.encode()])
    try:
        return section.part(basis, rng)
    except Separated:
        return declined(section.name, section.title, SEPARATED)
    except NotIdentified as reason:
        return declined(section.name, section.title, str(reason))
    except Exception as error:
        if on_error is None:
            raise
        return on_error(section, error)


def draw_part(part: dict[str, Any], *, width: Width = "wide") -> str | None:  # Any: JSON
    """Draw a part.

    Parameters
    ----------
    part
        The part as JSON holds it.
    width
        "wide" or "narrow".

    Returns
    -------
    str or None
        An SVG; None where the part has no number or no chart.
    """
    chart = CHARTS.get(part["name"])
    return None if chart is None or part["declined"] else chart(part, width=width)
