"""A paragraph on methods, ready for a paper, with the numbers of the study."""

from dataclasses import dataclass
from typing import Any

from app.analysis.wording import (
    counted,
    counted_choices,
    feature_words,
    in_points,
    listed,
    p_value,
    percent,
    plain,
)

Json = dict[str, Any]  # Any: JSON

_GROUPS = {"nonexpert": "non-expert", "expert": "expert"}
_REFERENCES = {
    "Davidson (1970)": "Davidson, R. R. (1970). On extending the Bradley–Terry model to "
    "accommodate ties in paired comparison experiments. Journal of the American Statistical "
    "Association, 65(329), 317–328.",
    "Papke and Wooldridge 1996": "Papke, L. E., & Wooldridge, J. M. (1996). Econometric methods "
    "for fractional response variables with an application to 401(k) plan participation rates. "
    "Journal of Applied Econometrics, 11(6), 619–632.",
    "Cameron, Gelbach and Miller 2011": "Cameron, A. C., Gelbach, J. B., & Miller, D. L. (2011). "
    "Robust inference with multiway clustering. Journal of Business & Economic Statistics, 29(2), "
    "238–249.",
    "Aronow, Samii and Assenova 2015": "Aronow, P. M., Samii, C., & Assenova, V. A. (2015). "
    "Cluster-robust variance estimation for dyadic data. Political Analysis, 23(4), 564–577.",
    "MacKinnon, Nielsen and Webb 2024": "MacKinnon, J. G., Nielsen, M. Ø., & Webb, M. D. (2024). "
    "Cluster-robust jackknife and bootstrap inference for logistic regression models. "
    "arXiv:2406.00650.",
    "Zou and Donner 2008": "Zou, G. Y., & Donner, A. (2008). Construction of confidence limits "
    "about effect measures: A general approach. Statistics in Medicine, 27(10), 1693–1702.",
    "Satterthwaite 1946": "Satterthwaite, F. E. (1946). An approximate distribution of estimates "
    "of variance components. Biometrics Bulletin, 2(6), 110–114.",
}


@dataclass(frozen=True, slots=True)
class Methods:
    """What a paper says of how its numbers came about.

    Parameters
    ----------
    text
        The paragraph.
    references
        What it cites, in full.
    """

    text: str
    references: tuple[str, ...]

    @property
    def block(self) -> str:
        """Both, to be copied."""
        return "\n\n".join([self.text, "References", *self.references])


def methods(analysis: Json, period: str = "") -> Methods:
    """Write the paragraph of a study.

    Parameters
    ----------
    analysis
        An analysis as JSON holds it.
    period
        When the votes were cast, as "from 2026-01-31 on"; empty where that was not chosen.

    Returns
    -------
    Methods
        The paragraph and its references; without estimates where there are none.
    """
    shown = any(analysis["groups"].values())
    estimated = [_model(analysis), _uncertainty(analysis), *_results(analysis)]
    sentences = [
        _votes(analysis, period),
        _EXPERTS[analysis["options"].get("experts", "invitation")],
        *(estimated if shown else ["No effect was estimated.", analysis["sentence"]]),
        (
            f"Analyses were run with Blindverse {analysis['version']}; the SHA-256 of the "
            f"analysed rows is {analysis['data']['sha256']}."
        ),
    ]
    text = " ".join(sentences)
    return Methods(text, tuple(full for cited, full in _REFERENCES.items() if cited in text))


def _votes(analysis: Json, period: str) -> str:
    data = analysis["data"]
    who = [
        f"{counted(counts['raters'], person)} gave {counted(counts['votes'], 'vote')}"
        f" on {counted(counts['poems'], 'poem')} for {counted(counts['prompts'], 'prompt')}"
        f" ({100 * counts['tie_rate']:.0f}% ties)"
        for group, person in _GROUPS.items()
        if (counts := data["counts"][group])["votes"]
    ]
    given = f"; {listed(who)}" if who else ""
    simulated = " All votes were simulated." if 0 < data["rows"] == data["simulated"] else ""
    out = (
        f" {counted(data['left_out'], 'vote')} on pairs with a poem that lacked "
        f"{listed([plain(name) for name in data['missing']], 'or')} were left out."
        if data["left_out"]
        else ""
    )
    shown = "Raters compared poems in pairs"
    if period:
        out = f" Only votes cast {period} (UTC) were used.{out}"
    marked = data.get("excluded", 0)  # reports stored before votes could be excluded have none
    if marked:
        done = "left out" if analysis["options"]["exclusions"] == "drop" else "counted"
        out += f" {counted(marked, 'vote')} marked as excluded {_were(marked)} {done}."
    return f"{shown}{given}.{simulated}{out}"


_EXPERTS = {
    "invitation": "Who was an expert was decided by the invitation.",
    "self-described": "Experts were raters who described themselves as such; raters who did not "
    "say were left out.",
    "scored": "Experts were raters whose answers to questions about themselves met a rule fixed "
    "before the study opened; raters who did not answer were left out.",
    "score": "Experts were raters whose score of expertise was above the median of the raters; "
    "raters without a score were left out.",
}


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _model(analysis: Json) -> str:
    noun, held = feature_words(analysis["feature"]).noun, analysis["adjusted_for"]
    measure = "rhyme density (0 to 1)" if noun == "rhyme" else noun
    beside = f", on the differences in {listed([plain(name) for name in held])}" if held else ""
    choice, by = _TIES[analysis["options"]["ties"]]
    return (
        f"For each group we regressed the choice ({choice}) on the difference in "
        f"{measure} between the left and the right poem{beside} and on an intercept for the side, "
        f"by {by}."
    )


_TIES = {
    "half": (
        "left 1, right 0, a tie one half",
        "fractional logistic regression (Papke and Wooldridge 1996)",
    ),
    "drop": ("left 1, right 0, ties left out", "logistic regression"),
    "ordinal": (
        "left, tie or right",
        "maximum likelihood in the model of paired comparisons with ties of Davidson (1970)",
    ),
}
_WEIGHTS = {
    "tau": "Votes were weighted by 1 / (1 + τ²I), τ² being the variance of the effect between "
    "raters and I the information of a rater's votes.",
    "equal": "All votes were weighted equally.",
    "rater": "Votes were weighted so that every rater counted the same.",
}


def _uncertainty(analysis: Json) -> str:
    by, options = analysis["data"]["clustered_by"], analysis["options"]
    errors = {
        "two-way": f"Standard errors were clustered by rater and by {by} (Cameron, Gelbach and "
        "Miller 2011; for pairs that join two of them, Aronow, Samii and Assenova 2015) with a "
        "linearised cluster jackknife (MacKinnon, Nielsen and Webb 2024), and intervals taken from "
        "a t distribution with effective degrees of freedom (Satterthwaite 1946).",
        "rater": "Standard errors were clustered by rater alone, with a linearised cluster "
        "jackknife (MacKinnon, Nielsen and Webb 2024).",
        "naive": "Standard errors treated votes as independent.",
    }
    return f"{_WEIGHTS[options['weights']]} {errors[options['variance']]}"


def _results(analysis: Json) -> list[str]:
    found = [
        f"{person}s chose {feature_words(analysis['feature'], effect.get('step', 1.0)).chosen} in "
        f"{percent(effect['win_share'])}% of {counted_choices(analysis['options']['ties'])} "
        f"(95% CI {percent(effect['win_share_ci_low'])} "
        f"to {percent(effect['win_share_ci_high'])}; odds ratio {_ratio(effect['odds_ratio'])}, "
        f"{_ratio(effect['odds_ratio_ci_low'])} to {_ratio(effect['odds_ratio_ci_high'])}; "
        f"{effect['df']:.1f} df)"
        for group, person in _GROUPS.items()
        if (effect := analysis["groups"][group])
    ]
    sentences = [f"By this model, {listed(found)}."]
    if one := analysis["difference"]:
        sentences.append(
            "The ratio of the odds ratios, non-experts to experts, was "
            f"{_ratio(one['ratio_of_odds_ratios'])} (95% CI {_ratio(one['ratio_ci_low'])} to "
            f"{_ratio(one['ratio_ci_high'])}; {p_value(one['p_value'])}, {one['df']:.1f} df)."
        )
        if "win_share" in one:  # reports stored before differences had a share have none
            value, low, high = one["win_share"], one["win_share_ci_low"], one["win_share_ci_high"]
            sentences.append(
                "The difference of the shares, non-experts less experts, was "
                f"{in_points(value, low, high, '95% CI')}, from both intervals (Zou and Donner "
                "2008)."
            )
    return sentences


def _ratio(value: float | None) -> str:
    return "∞" if value is None else f"{value:.2f}"
