"""The sections of a report whose intervals are calibrated. A new one is a line here."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from app.analysis.bootstrap import Bootstrapped
from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.controls import controlled
from app.analysis.coverage import Interval
from app.analysis.diagnostics import group_votes
from app.analysis.dose_response import bin_edges, dose
from app.analysis.effects import Difference, GroupEffect, estimate_group
from app.analysis.experts import expertise
from app.analysis.judges import one_judge
from app.analysis.moderation import Share, controls_of
from app.analysis.options import Group, Options, Ties
from app.analysis.others import other_effects
from app.analysis.pace import MEASURES, laziness
from app.analysis.planning import Plan, plan_of_votes
from app.analysis.points import effect_of_points
from app.analysis.pooled import judge_table, pooled
from app.analysis.power import power_of, simulated_differences
from app.analysis.ranking import rank_sources
from app.analysis.reliability import reliability
from app.analysis.section_calibration import CalibratedSection, Intervals
from app.analysis.shares import shares
from app.analysis.study_parameters import StudyParameters
from app.analysis.terms import Coefficient, subtract
from app.analysis.variation import variation_of
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, plain

LIMIT_STUDIES, POWER_STUDIES, POWER_RUNS = 200, 1000, 40
POINTS = 10.0
ALL = "all measures"
SOURCES = ("a", "c")  # of four: the first, and one in the middle


def _of(one: Coefficient | GroupEffect | Difference) -> Interval:
    return Interval(one.log_odds, one.ci_low, one.ci_high)


def _share(one: Share | Bootstrapped) -> Interval:
    return Interval(one.value, one.low, one.high)


def _comparison(found: Comparison) -> Intervals:
    named = {PEOPLE[group]: found.groups[group] for group in COMPARED}
    every = {**named, "difference": found.difference}
    return {name: _of(one) for name, one in every.items() if one is not None}


def _controlled(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    return {
        f"{name}, {one.words[:1].lower()}{one.words[1:]} held equal": interval
        for one in controlled(table, options)
        if one.name in {"nothing", "source"}
        for name, interval in _comparison(one.comparison).items()
    }


def _others(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    return {
        f"{PEOPLE[group]}, {plain(one.column)}": _of(found)
        for one in other_effects(table, options)
        for group, found in one.groups.items()
        if found is not None and one.column != table.feature
    }


def _shares(table: VoteTable, _options: Options, rng: Generator) -> Intervals:
    found: Intervals = {}
    for group in COMPARED:
        one = shares(group_votes(table, group, Ties.HALF), rng=rng)
        found[f"{PEOPLE[group]}, {ALL}"] = _share(one.total)
        for block, part in one.blocks.items():
            found[f"{PEOPLE[group]}, {block}"] = _share(part)
    return found


def _limit_of_shares(parameters: StudyParameters, rng: Generator) -> dict[str, float]:
    """As fitted: in so many votes nothing is fitted too well."""
    table = pooled([CALIBRATED["shares"].draw(parameters, rng) for _ in range(LIMIT_STUDIES)])
    found = {}
    for group in COMPARED:
        one = shares(group_votes(table, group, Ties.HALF), rng=rng, draws=2)
        found[f"{PEOPLE[group]}, {ALL}"] = one.total_in_sample
        found |= {f"{PEOPLE[group]}, {block}": part for block, part in one.in_sample.items()}
    return found


def _dose(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    found: Intervals = {}
    for group in COMPARED:
        votes = group_votes(table, group, options.ties)
        edges = bin_edges(table.feature, np.abs(votes.feature))
        one = dose(votes, edges, controls_of(table, options), options)
        for bin_ in one.bins:
            found[f"{PEOPLE[group]}, differences up to {bin_.up_to:g}"] = _share(bin_.share)
        if one.bend is not None:
            found[f"{PEOPLE[group]}, bend"] = _of(one.bend)
    return found


def _laziness(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    found: Intervals = {}
    for measure in MEASURES:
        each = {group: laziness(table, group, measure, options).found for group in COMPARED}
        name = measure.heading.lower()
        for group, one in each.items():
            if one is not None:
                found[f"{PEOPLE[group]}, {name}"] = _of(one.term.coefficient)
                found[f"{PEOPLE[group]}, share in {measure.low} decisions ({name})"] = _share(
                    one.shares[0]
                )
        if all(each.values()):
            nonexpert, expert = (one.term for one in each.values() if one is not None)
            found[f"difference, {name}"] = _of(
                subtract(nonexpert, expert, variance=options.variance)
            )
    return found


def _expertise(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    one = expertise(table, options)
    return {
        "change with the score": _of(one.change),
        "share at the low end": _share(one.low[1]),
        "share at the high end": _share(one.high[1]),
    }


def _ordinal(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    asked = replace(options, ties=Ties.ORDINAL)
    votes = {group: group_votes(table, group, Ties.ORDINAL) for group in COMPARED}
    return _comparison(compare(votes, controls_of(table, options), asked))


def _ranking(table: VoteTable, options: Options, rng: Generator) -> Intervals:
    found: Intervals = {}
    ranked = rank_sources(table, options, rng)
    for kind, held in ((ranked.plain, ""), (ranked.held_equal, ", rhyme held equal")):
        for group, one in kind.items():
            for place in () if one is None else one.sources:
                if place.source not in SOURCES:
                    continue
                at = f"{PEOPLE[group]}, source {place.source}{held}"
                found[at] = Interval(place.strength, place.ci_low, place.ci_high)
                found[f"{at}, rank"] = Interval(place.rank, place.rank_low, place.rank_high)
    return found


def _judge(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    votes = group_votes(table, Group.JUDGE, options.ties)
    one = one_judge("J", votes, controls_of(table, options), variance=options.variance)
    return {"one judge": Interval(one.log_odds, one.ci_low, one.ci_high)}


def _judges(table: VoteTable, options: Options, _rng: Generator) -> Intervals:
    votes = group_votes(table, Group.JUDGE, options.ties)
    found = estimate_group(votes, controls_of(table, options), variance=options.variance)
    return {"6 judges together": _of(found.effect)}


def _reliability(table: VoteTable, options: Options, rng: Generator) -> Intervals:
    return {
        f"{PEOPLE[one.group]}, {one.measure}": Interval(one.value, one.low, one.high)
        for one in reliability(table, options, rng)
        if one.value is not None and one.low is not None and one.high is not None
    }


def _power(table: VoteTable, options: Options, rng: Generator) -> Intervals:
    controls = controls_of(table, options)
    read = variation_of(table, StudyParameters(), controls=controls).parameters
    plan = plan_of_votes(table, read, controls=controls)
    seed = int(rng.integers(2**32))
    return _powers(plan.with_effect(effect_of_points(POINTS, read)), POWER_RUNS, seed)


def _powers(plan: Plan, runs: int, seed: int) -> Intervals:
    drawn = simulated_differences(plan, runs=runs, seed=seed)
    one = power_of(plan, [found[plan.parameters.n_experts] for found in drawn])
    nan = float("nan")
    return {
        "10 points, counted": Interval(one.power, one.power_low, one.power_high),
        "10 points, by standard errors": Interval(one.expected, nan, nan),
    }


def _limit_of_power(parameters: StudyParameters, rng: Generator) -> dict[str, float]:
    """Of such studies with poems of their own, the share that sees the difference."""
    plan = Plan(parameters).with_effect(effect_of_points(POINTS, parameters))
    found = _powers(plan, POWER_STUDIES, int(rng.integers(2**32)))
    return dict.fromkeys(found, found["10 points, counted"].value)


_ONE_JUDGE = {
    "n_experts": 0,
    "n_nonexperts": 1,
    "rater_rhyme_sd": 0.0,
    "rater_position_sd": 0.0,
    "median_votes": 240.0,
    "votes_log_sd": 0.0,
}
_SIX_JUDGES = {"n_experts": 0, "n_nonexperts": 6, "median_votes": 240.0, "votes_log_sd": 0.0}
_AGAIN = {"n_prompts": 30, "poems_per_prompt": 2, "median_votes": 40.0, "votes_log_sd": 0.0}

_SECTIONS = (
    CalibratedSection("controls", _controlled),
    CalibratedSection("others", _others, {"control_effects": (("n_lines", 0.1),)}),
    CalibratedSection("shares", _shares, limit=_limit_of_shares),
    CalibratedSection("dose", _dose),
    CalibratedSection("laziness", _laziness, {"haste_rhyme": -0.2}),
    CalibratedSection("expertise", _expertise),
    CalibratedSection("ordinal ties", _ordinal),
    CalibratedSection("ranking", _ranking),
    CalibratedSection("judges", _judge, _ONE_JUDGE, draw=judge_table),
    CalibratedSection("judges together", _judges, _SIX_JUDGES, draw=judge_table),
    CalibratedSection("reliability", _reliability, limit_studies=LIMIT_STUDIES),
    CalibratedSection(
        "reliability, pairs again", _reliability, _AGAIN, limit_studies=LIMIT_STUDIES
    ),
    CalibratedSection("power", _power, limit=_limit_of_power, share=0.5),
)
CALIBRATED = {one.name: one for one in _SECTIONS}
