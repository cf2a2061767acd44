"""The chart of a calibration: how often intervals held the truth."""

from typing import Any

from app.analysis.plots.drawing import (
    CHANCE_LINE,
    EXPERT,
    INK,
    MUTED,
    NONEXPERT,
    PAGE,
    SIZES,
    config,
    described,
    draw,
)

NOMINAL, LEAST, MOST = 95.0, 93.0, 98.5
SHAPES = {"ours": "circle", "by rater": "diamond", "naive": "square"}
COLOURS = {"ours": EXPERT, "by rater": NONEXPERT, "naive": MUTED}
LOWEST = 20
ROW = 15  # pixels


def coverage_chart(rows: list[dict[str, Any]]) -> str:  # Any: JSON
    """Draw the coverage of each method by scenario and quantity.

    Parameters
    ----------
    rows
        Each with `scenario`, `quantity`, `method` ("ours", "by rater" or "naive"), `coverage` and
        its standard error `se`, in percent.

    Returns
    -------
    str
        An SVG; the band from 93 to 98.5% is marked, and a dashed line 95%.
    """
    import altair as alt

    size = SIZES["wide"]
    data = alt.InlineData(
        values=[
            row | {"low": row["coverage"] - 2 * row["se"], "high": row["coverage"] + 2 * row["se"]}
            for row in rows
        ]
    )
    methods = [*SHAPES]
    n_quantities = len({row["quantity"] for row in rows})
    scale = alt.Scale(domain=[LOWEST, 100], clamp=True, zero=False)
    x = alt.X("coverage:Q", scale=scale).title("Studies whose 95% interval held the truth, %")
    y = alt.Y("quantity:N").title(None)
    colour = alt.Color("method:N").scale(domain=methods, range=[*COLOURS.values()])
    colour = colour.legend(title=None, orient="top")
    shape = alt.Shape("method:N").scale(domain=methods, range=[*SHAPES.values()])
    shape = shape.legend(title=None, orient="top")
    base = alt.Chart(data)
    each = base.transform_aggregate(n="count()", groupby=["scenario"])
    band = each.mark_rect(color=CHANCE_LINE, opacity=0.2).encode(
        x=alt.datum(LEAST, scale=scale), x2=alt.datum(MOST)
    )
    line = each.mark_rule(color=CHANCE_LINE, strokeDash=[5, 4]).encode(x=alt.datum(NOMINAL))
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, color=colour
    )
    points = base.mark_point(size=60, filled=True, opacity=1).encode(
        x=x, y=y, color=colour, shape=shape
    )
    chart = (
        alt.layer(band, line, bars, points)
        .properties(width=size.plot, height=(n_quantities + 1) * ROW)
        .facet(
            row=alt.Row("scenario:N", sort=list(dict.fromkeys(row["scenario"] for row in rows)))
            .title(None)
            .header(labelAngle=0, labelAlign="left", labelColor=INK, labelFontSize=size.text)
        )
    )
    svg = draw(chart.configure(**config(size, PAGE)).to_dict())
    told = "; ".join(
        f"{row['scenario']}, {row['quantity']}: {row['coverage']:.1f}%"
        for row in rows
        if row["method"] == "ours"
    )
    return described(svg, "Coverage of the 95% intervals by scenario and method", f"Ours: {told}.")
