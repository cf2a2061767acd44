"""The hierarchical model as a part of a report, beside the main estimate."""

import numpy as np

from app.analysis.basis import Basis
from app.analysis.diagnostics import CHANCE
from app.analysis.effects import win_share
from app.analysis.hierarchical import Hierarchical, fit_hierarchical
from app.analysis.options import Group, NotIdentified, Ties
from app.analysis.part_basis import basis_line, half_or_dropped
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.sampling import (
    EXTRA,
    LEAST_ESS,
    MOST_RHAT,
    Posterior,
    Progress,
    Sampling,
    is_installed,
)
from app.analysis.wording import (
    PEOPLE,
    counted,
    feature_words,
    lean_more,
    listed,
    percent,
    sentence_case,
    which_leans_more,
)

NAME = "hierarchical"
TITLE = "Does a model with every source of variation agree?"
NOT_INSTALLED = (
    "The hierarchical model needs an optional part of the program, which is not installed here: "
    f"{EXTRA}."
)
METHOD = """\
A second model, for comparison. For a vote by rater r of group g on poems i (left) and j (right),
logit p = side_g + s_r + (theta_g + b_r + c_q)(x_i - x_j) + gamma_g'(z_i - z_j) + u_i - u_j + w_gi -
w_gj, with x the feature, z the controls, and normal effects of raters on side and feature (s, b),
of prompts on the feature (c, where both poems answer one prompt), of poems (u) and of poems by
group (w). A tie counts as half a choice for each side. Priors: Normal(0, 1.5) for side, theta (per
unit of the feature) and gamma (per standard deviation of a control's differences), HalfNormal(0.7)
for the standard deviations. Sampled by NUTS, non-centred; intervals hold the middle 95% of the
draws.

The two models estimate different things. The main estimate is averaged over the raters, prompts
and poems of the study (marginal). theta_g is of a typical rater, prompt and pair of poems
(conditional), and lies further from 0, because what differs between raters and poems flattens the
average. To be comparable it is averaged too: divided by sqrt(1 + 0.346 v), v the variance of the
log odds of two poems of one prompt that differ by one unit (Zeger, Liang and Albert 1988). Compare
these with the main estimate, never the typical ones.

Nothing is shown unless, for every effect, R-hat (split) is below 1.01, the draws are worth at least
400 independent ones, and no step of the sampler diverged.

Hoffman, M. D. and Gelman, A. (2014). The No-U-Turn sampler. Journal of Machine Learning Research
15, 1593-1623. Phan, D., Pradhan, N. and Jankowiak, M. (2019). Composable effects for flexible and
accelerated probabilistic programming in NumPyro. arXiv 1912.11554. Zeger, S. L., Liang, K.-Y. and
Albert, P. S. (1988). Models for longitudinal data. Biometrics 44, 1049-1060."""

MAIN, AVERAGED, TYPICAL = "main", "averaged", "typical"
ESTIMATES = {
    MAIN: "Main estimate",
    AVERAGED: "This model, averaged likewise",
    TYPICAL: "This model, typical rater and poems",
}
DIFFERENCE = "Non-experts less experts"
SPREADS = {
    "rater_feature": "Between raters, in the effect",
    "rater_side": "Between raters, in the pull of the left side",
    "prompt_feature": "Between prompts, in the effect",
    "poem": "Between poems, in appeal",
    "poem_by_group": "Between poems, in appeal to one group more than to the other",
}
COLUMNS = (
    PartColumn("quantity", "Of", "Whose effect, or which standard deviation", "text"),
    PartColumn("estimate", "Estimate", "Which estimate", "text"),
    PartColumn(
        "log_odds",
        "Log odds",
        "Natural log odds per unit of the feature; of a spread, its standard deviation",
        low="low",
        high="high",
    ),
    PartColumn("rhat", "R-hat", "1.00 where the chains of the sampler agree", "ratio"),
    PartColumn("ess", "Effective draws", "Independent draws that these are worth", "count"),
)

Row = dict[str, Cell]


def hierarchical_part(
    basis: Basis, *, sampling: Sampling | None = None, progress: Progress | None = None
) -> Part:
    """Set the hierarchical model beside the main estimate.

    Parameters
    ----------
    basis
        The votes and the main estimate.
    sampling, progress
        As of `app.analysis.hierarchical.fit_hierarchical`.

    Returns
    -------
    Part
        A row for each estimate of each group and of the difference, then the standard deviations;
        or why there is no number. `data` holds how the sampling went.
    """
    if not is_installed():
        return declined(NAME, TITLE, NOT_INSTALLED, method=METHOD)
    try:
        found = fit_hierarchical(basis.table, basis.options, sampling, progress=progress)
    except NotIdentified as reason:
        return declined(NAME, TITLE, str(reason), method=METHOD)
    return as_part(found, basis)


def as_part(found: Hierarchical, basis: Basis) -> Part:
    """Show a fitted model beside the main estimate.

    Parameters
    ----------
    found
        The model.
    basis
        The votes and the main estimate.

    Returns
    -------
    Part
        As `hierarchical_part` gives it.
    """
    rhat, ess = _worst(found)
    data = {
        "feature": basis.table.feature,
        "votes": found.votes,
        "of": found.of,
        "draws": found.draws,
        "divergences": found.divergences,
        "most_rhat": rhat,
        "least_ess": ess,
    }
    if not found.settled:
        return Part(NAME, TITLE, _astray(found), declined=True, method=METHOD, data=data)
    rows = [*_effects(found, basis), *(_spread(SPREADS[n], s) for n, s in found.spreads.items())]
    return Part(
        NAME,
        TITLE,
        _sentence(found, basis),
        columns=COLUMNS,
        rows=tuple(rows),
        method=METHOD,
        notes=_notes(found, basis),
        data=data,
        basis=basis_line(
            counted(found.votes, "vote")
            + (f", drawn from {found.of:,}" if found.of > found.votes else ""),
            basis.table,
            half_or_dropped(basis.options),
            weights="every vote the same",
            intervals="middle 95% of the draws",
        ),
    )


def _worst(found: Hierarchical) -> tuple[float, float]:
    """The largest R-hat and the fewest effective draws; not-a-number where one of them is."""
    return (
        float(np.max([one.rhat for one in found.effects])),
        float(np.min([one.ess for one in found.effects])),
    )


def _astray(found: Hierarchical) -> str:
    rhat, ess = _worst(found)
    wrong = []
    if not rhat < MOST_RHAT:
        wrong.append(f"its chains disagree (R-hat {rhat:.3f}, where below {MOST_RHAT} is asked)")
    if not ess >= LEAST_ESS:
        wrong.append(f"its draws are worth {ess:.0f} independent ones ({LEAST_ESS:.0f} are asked)")
    if found.divergences:
        wrong.append(f"{counted(found.divergences, 'step')} of it went astray")
    return (
        f"The sampler did not settle in {found.draws:,} draws: {listed(wrong)}. Its numbers are "
        "not to be relied on and not shown; the main estimate does not depend on it."
    )


def _effects(found: Hierarchical, basis: Basis) -> list[Row]:
    rows = []
    for group, slope in found.slopes.items():
        name, main = PEOPLE[group].capitalize(), basis.estimate.groups[group]
        if main is not None:
            rows.append(_main(name, main.log_odds, main.ci_low, main.ci_high))
        rows += [_row(name, AVERAGED, slope.averaged), _row(name, TYPICAL, slope.typical)]
    difference = basis.estimate.difference
    if found.averaged is not None and found.typical is not None:
        if difference is not None:
            ends = difference.ci_low, difference.ci_high
            rows.append(_main(DIFFERENCE, difference.log_odds, *ends))
        rows += [_row(DIFFERENCE, AVERAGED, found.averaged)]
        rows += [_row(DIFFERENCE, TYPICAL, found.typical)]
    return rows


def _main(name: str, value: float, low: float, high: float) -> Row:
    return {
        "quantity": name,
        "estimate": ESTIMATES[MAIN],
        "key": MAIN,
        "log_odds": value,
        "low": low,
        "high": high,
        "rhat": None,
        "ess": None,
    }


def _row(name: str, key: str, one: Posterior) -> Row:
    return {
        "quantity": name,
        "estimate": ESTIMATES.get(key, key),
        "key": key,
        "log_odds": one.mean,
        "low": one.low,
        "high": one.high,
        "rhat": one.rhat,
        "ess": round(one.ess),
    }


def _spread(name: str, one: Posterior) -> Row:
    """Of a standard deviation; without its numbers where it has not settled."""
    row = _row(name, "Standard deviation", one)
    return row if one.settled else row | dict.fromkeys(("log_odds", "low", "high"))


def _sentence(found: Hierarchical, basis: Basis) -> str:
    feature = basis.table.feature
    words = feature_words(feature, basis.table.step)
    shares = [
        f"{percent(one.win_share.mean)}% of choices by {PEOPLE[group]} "
        f"({percent(one.win_share.low)} to {percent(one.win_share.high)}{_beside(group, basis)})"
        for group, one in found.slopes.items()
    ]
    text = (
        "A second model, in which every rater, prompt and poem may differ, puts the choice of "
        f"{words.chosen} at {listed(shares)}."
    )
    if (one := found.averaged) is None:
        return text
    if one.low > 0 or one.high < 0:
        away = all(slope.win_share.high < CHANCE for slope in found.slopes.values())
        return f"{text} In it {lean_more(feature, nonexperts=one.low > 0, away=away)}."
    return f"{text} {sentence_case(which_leans_more(feature))}, it does not settle."


def _beside(group: Group, basis: Basis) -> str:
    main = basis.estimate.groups[group]
    if main is None:
        return ""
    share = percent(win_share(main.intercept, main.step * main.log_odds))
    return f"; {share}% by the main estimate"


def _notes(found: Hierarchical, basis: Basis) -> tuple[str, ...]:
    rhat, ess = _worst(found)
    notes = [
        (
            "Compare with the main estimate only what is averaged likewise; the effect on a "
            "typical rater is another quantity and lies further from 0."
        ),
        (
            f"The sampler settled in {found.draws:,} draws: R-hat at most {rhat:.3f}, draws worth "
            f"at least {ess:,.0f} independent ones, none astray."
        ),
    ]
    if found.votes < found.of:
        notes.append(f"{counted(found.votes, 'vote')} drawn at random from {found.of:,} were used.")
    if basis.options.ties is Ties.ORDINAL:
        notes.append("Here a tie counts as half a choice for each side.")
    hidden = [SPREADS[name] for name, one in found.spreads.items() if not one.settled]
    if hidden:
        notes.append(
            f"Not settled, and so without numbers: {listed([one.lower() for one in hidden])}."
        )
    return tuple(notes)
