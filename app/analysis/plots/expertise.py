"""The charts of expertise: shares along the score, and under each definition of an expert."""

from typing import Any

from app.analysis.comparison import COMPARED
from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import Mark, curve_chart, rows_chart, share_axis, told
from app.analysis.plots.rows import tens
from app.analysis.wording import PEOPLE, counted

KEYS = ("share", "share_ci_low", "share_ci_high")


def expertise_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the share of choices for the feature along the score of expertise.

    Parameters
    ----------
    part
        `expertise_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = part["rows"]
    curve = [
        {"people": "", "x": row["score"]}
        | dict(zip(("value", "low", "high"), (100 * row[key] for key in KEYS), strict=True))
        for row in rows
    ]
    ends = [rows[0], rows[len(rows) // 2], rows[-1]]
    words = [told(f"Score {row['score']:.3g}", *(row[key] for key in KEYS)) for row in ends]
    return curve_chart(
        curve,
        [],
        title=f"{part['title']} Shares of choices by score of expertise, with a 95% band",
        description=" ".join([*words, "A dashed line marks 50%."]),
        x_title="Score of expertise (units of the file)",
        y_title=share_axis(part["data"]),
        data=part["data"],
        width=width,
    )


def definitions_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the groups' shares under each definition of an expert.

    Parameters
    ----------
    part
        `definitions_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    marks, words = [], []
    for number, row in enumerate(part["rows"]):
        for group in COMPARED:
            shares = [row[f"{group.value}_{key}"] for key in KEYS]
            if None in shares:
                continue
            people = PEOPLE[group].capitalize()
            value, low, high = (100 * share for share in shares)
            marks.append(Mark(number, people, people, value, low, high))
            words.append(told(f"{row['heading']}, {PEOPLE[group]}", *shares))
    return rows_chart(
        [(NAMES[row["definition"]], _raters(row)) for row in part["rows"]],
        marks,
        title=f"{part['title']} Shares of choices with 95% intervals",
        description=" ".join([*words, "A dashed line marks 50%."]),
        axis=share_axis(part["data"]),
        domain=tens([end for one in marks for end in (one.low, one.high)], part["data"]),
        width=width,
    )


NAMES = {
    "invitation": "As invited",
    "self-described": "Self-described",
    "scored": "As scored",
    "score": "Median split",
}


def _raters(row: dict[str, Any]) -> str:  # Any: JSON
    experts = row["expert_raters"]
    return "no experts" if experts is None else counted(experts, "expert")
