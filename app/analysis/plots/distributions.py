"""The chart of a feature's distribution by source."""

from dataclasses import dataclass
from functools import lru_cache

from app.analysis.plots.drawing import ACCENT, BAR, Spec, Width, described, draw
from app.analysis.plots.rows import KEPT, SIZES, layer, row_names, stacked, x_axis
from app.analysis.wording import counted

# Within a row of height 1, from its top: the foot of the bars, and the quartiles below; and how
# high the bars may be, which on a phone stand under the name.
BASE, BELOW = 0.77, 0.88
HEIGHT: dict[Width, float] = {"wide": 0.63, "narrow": 0.42}
GAP = 0.06  # of a bar's width, at either side


@dataclass(frozen=True, slots=True)
class SourceBars:
    """A feature's values on the poems of one source.

    Parameters
    ----------
    source
        Its name.
    n
        Poems with a value, from 1.
    counts
        Poems in each bin.
    quartiles
        Lower quartile, median and upper quartile.
    """

    source: str
    n: int
    counts: tuple[int, ...]
    quartiles: tuple[float, float, float]


@lru_cache(KEPT)
def distribution_chart(
    rows: tuple[SourceBars, ...],
    *,
    edges: tuple[float, ...],
    title: str,
    axis: str,
    width: Width = "wide",
    noun: str = "poem",
) -> str:
    """Draw the distribution of a feature, a row for each source.

    Parameters
    ----------
    rows
        Sources, from the top, at least one.
    edges
        Edges of the bins, one more than counts.
    title
        What the chart shows, for who cannot see it.
    axis
        The feature with its unit.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.
    noun
        What is counted, in the singular.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute. Bars are poems, the
        highest of every row equally high; below them a line joins the quartiles, and a point is
        the median.
    """
    told = " ".join(
        f"{row.source}, {counted(row.n, noun)}: median {row.quartiles[1]:.3g}, "
        f"quartiles {row.quartiles[0]:.3g} and {row.quartiles[2]:.3g}."
        for row in rows
    )
    x = x_axis(axis, (edges[0], edges[-1]), SIZES[width])
    names = row_names([(row.source, counted(row.n, noun)) for row in rows], width)
    layers = [_bars(rows, edges, x, HEIGHT[width]), *_quartiles(rows, edges, x), *names]
    return described(draw(stacked(layers, len(rows), SIZES[width])), title, told)


def _bars(rows: tuple[SourceBars, ...], edges: tuple[float, ...], x: Spec, height: float) -> Spec:
    gap = (edges[1] - edges[0]) * GAP
    values = [
        {
            "x": edges[ix] + gap,
            "x2": edges[ix + 1] - gap,
            "y": number + BASE,
            "y2": number + BASE - height * count / max(row.counts),
        }
        for number, row in enumerate(rows)
        for ix, count in enumerate(row.counts)
        if count
    ]
    mark = {"type": "rect", "color": BAR}
    return layer(mark, values, x=x, x2={"field": "x2"}, y2={"field": "y2"})


def _quartiles(
    rows: tuple[SourceBars, ...], edges: tuple[float, ...], x: Spec
) -> tuple[Spec, Spec]:
    values = []
    for number, row in enumerate(rows):
        low, median, high = (min(max(one, edges[0]), edges[-1]) for one in row.quartiles)
        values.append({"x": low, "x2": high, "median": median, "y": number + BELOW})
    point = {"type": "point", "filled": True, "size": 46, "opacity": 1, "color": ACCENT}
    return (
        layer({"type": "rule", "strokeWidth": 2, "color": ACCENT}, values, x=x, x2={"field": "x2"}),
        layer(point, values, x=x | {"field": "median"}),
    )
