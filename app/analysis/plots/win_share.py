"""The chart of a report: how often the rhymed poem is chosen."""

from typing import TYPE_CHECKING, Any, Protocol

from app.analysis.options import Group
from app.analysis.plots.drawing import (
    CHANCE_LINE,
    EXPERT,
    INK,
    MUTED,
    NONEXPERT,
    PAGE,
    SIZES,
    Size,
    Width,
    config,
    described,
    draw,
    to_png,
    wrapped,
)
from app.analysis.plots.rows import tens
from app.analysis.wording import PEOPLE, counted_choices, feature_words, listed, percent, plain

if TYPE_CHECKING:
    import altair as alt

COLOURS = {Group.NONEXPERT: NONEXPERT, Group.EXPERT: EXPERT}
_BESIDE = 14  # pixels left of the groups' names
SHAPES = {"adjusted": "circle", "unadjusted": "diamond"}


class HasDict(Protocol):
    """An analysis."""

    def as_dict(self) -> dict[str, Any]:  # Any: JSON
        """Give the dictionary made of it."""
        ...


def answer_chart(part: dict[str, Any], /, *, width: Width = "wide") -> str:  # Any: JSON
    """Draw the answer of a report: the share of choices by group, adjusted and not.

    Parameters
    ----------
    part
        The part "answer", as JSON holds it.
    width
        As of `win_share_chart`.

    Returns
    -------
    str
        As `win_share_chart`.
    """
    data = part["data"]
    return win_share_chart(data | {"options": {"ties": data["ties"]}}, width=width)


def win_share_chart(result: dict[str, Any] | HasDict, *, width: Width = "wide") -> str:
    """Draw the win share of rhyme by group, adjusted and not.

    Parameters
    ----------
    result
        An analysis, or the dictionary made of one.
    width
        "wide", about 640 pixels, or "narrow", about 340 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute; its role is "img", its
        title and description say what it shows.
    """
    numbers = _as_dict(result)
    svg = draw(_spec(numbers, SIZES[width]))
    return described(svg, _title(numbers), _description(numbers))


def chart_png(
    result: dict[str, Any] | HasDict, *, width: Width = "wide", scale: float = 2.0
) -> bytes:
    """Draw the same chart as a picture.

    Parameters
    ----------
    result, width
        As of `win_share_chart`.
    scale
        Pixels of the picture per pixel of the chart.

    Returns
    -------
    bytes
        A PNG.
    """
    spec = _spec(_as_dict(result), SIZES[width], ground=PAGE)
    return to_png(draw(spec), scale=scale)


def _as_dict(result: dict[str, Any] | HasDict) -> dict[str, Any]:  # Any: JSON
    return result if isinstance(result, dict) else result.as_dict()


def _estimates(result: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:  # Any: JSON
    """The estimates to draw, each with its kind."""
    if not result["adjusted_for"]:
        return [("unadjusted", result["groups"])]
    return [("adjusted", result["groups"]), ("unadjusted", result["unadjusted"]["groups"])]


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:  # Any: JSON
    rows = []
    for kind, groups in _estimates(result):
        for group in COLOURS:
            effect = groups[group.value]
            row: dict[str, Any] = {"group": _people(group), "kind": kind}  # Any: JSON
            if effect is not None:
                share, low, high = (
                    effect[key] for key in ("win_share", "win_share_ci_low", "win_share_ci_high")
                )
                label = f"{percent(share)}% ({percent(low)} to {percent(high)})"
                row |= {"share": 100 * share, "low": 100 * low, "high": 100 * high, "label": label}
            rows.append(row)
    return rows


def _people(group: Group) -> str:
    return PEOPLE[group].capitalize()


def _spec(
    result: dict[str, Any], size: Size, *, ground: str = "transparent"
) -> dict[str, Any]:  # Any: JSON
    chart = _layers(result, size)
    chart = chart.properties(width=size.plot, height=size.row * len(COLOURS))
    spec: dict[str, Any] = chart.configure(
        **config(size, ground, left=_BESIDE)
    ).to_dict()  # Any: JSON
    return spec


def _layers(result: dict[str, Any], size: Size) -> "alt.LayerChart | alt.FacetChart":  # Any: JSON
    import altair as alt

    rows = _rows(result)
    kinds = [kind for kind, _ in _estimates(result)]
    drawn = [row for row in rows if "share" in row]
    low, high = tens([row[end] for row in drawn for end in ("low", "high")], result)
    domain = int(low), int(high)
    people = [_people(group) for group in COLOURS]
    side = alt.Y("group:N", sort=people, title=None).scale(domain=people, paddingInner=0.12)
    offset = alt.YOffset("kind:N").scale(domain=kinds, paddingOuter=0.1)
    colour = alt.Color("group:N", legend=None).scale(domain=people, range=[*COLOURS.values()])
    data = alt.Chart(alt.InlineData(values=drawn))
    share = (
        alt.X("share:Q")
        .title(wrapped(_axis_title(result), size.title_words))
        .scale(domain=domain, nice=False)
        .axis(
            values=[*range(domain[0], domain[1] + 1, 10)],
            labelFlush=False,
            tickRound=False,  # nor moved by half a pixel: the line at 50 lies on the dashes
            translate=0,
        )
    )
    shape = (
        alt.Shape("kind:N")
        .scale(domain=kinds, range=[SHAPES[kind] for kind in kinds])
        .legend(
            title=None,
            orient="top",
            symbolSize=90,
            symbolFillColor=INK,
            symbolStrokeColor=INK,
            values=kinds,
        )
        if len(kinds) > 1
        else alt.value(SHAPES[kinds[0]])
    )
    chance = alt.Chart(alt.InlineData(values=[{"share": 50}])).mark_rule(
        color=CHANCE_LINE, strokeDash=[5, 4], strokeWidth=1.5
    )
    missing = alt.Chart(alt.InlineData(values=[row for row in rows if "share" not in row]))
    label = data.encode(x=share, y=side, yOffset=offset)
    words: dict[str, Any] = {  # Any: Altair's keywords
        "fontSize": size.text,
        "stroke": PAGE,
        "strokeWidth": size.text / 2,
        "strokeJoin": "round",
    }
    return alt.layer(
        chance.encode(x=share),
        label.mark_text(color=INK, dy=-14, **words).encode(text="label:N"),
        data.mark_rule(strokeWidth=3)
        .transform_calculate(share="datum.low")
        .encode(x=share, x2="high:Q", y=side, yOffset=offset, color=colour),
        data.mark_point(size=150, filled=True, opacity=1).encode(
            x=share, y=side, yOffset=offset, color=colour, shape=shape
        ),
        missing.mark_text(color=MUTED, text="no estimate", **words).encode(
            x=alt.datum((domain[0] + domain[1]) / 2), y=side, yOffset=offset
        ),
    )


def _axis_title(result: dict[str, Any]) -> str:  # Any: JSON
    return f"{_share(result)}, %"


def _share(result: dict[str, Any]) -> str:  # Any: JSON
    of_what = counted_choices(result["options"]["ties"])
    found = (one["step"] for one in result["groups"].values() if one and "step" in one)
    step = result.get("step") or next(found, 1.0)
    return f"Share of {of_what} for {feature_words(result['feature'], step).chosen}"


def _title(result: dict[str, Any]) -> str:  # Any: JSON
    return f"{_share(result)}, by group of raters, with 95% intervals"


def _description(result: dict[str, Any]) -> str:  # Any: JSON
    held = listed([plain(name) for name in result["adjusted_for"]] or ["nothing"])
    parts = [
        f"{row['group']}, {row['kind']}: {row.get('label', 'no estimate')}."
        for row in _rows(result)
    ]
    return " ".join([*parts, f"Adjusted for {held}. A dashed line marks 50%."])
