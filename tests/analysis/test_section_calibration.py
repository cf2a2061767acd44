"""The other intervals of a report hold the truth as often as they promise."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from app.analysis import Options
from app.analysis.calibrated_sections import CALIBRATED
from app.analysis.coverage import Interval, seeds
from app.analysis.pooled import informed_table, pooled
from app.analysis.section_calibration import (
    CalibratedSection,
    judge_section,
    section_intervals,
    section_limits,
)
from app.analysis.simulate import StudyParameters

STUDIES, LIMIT_STUDIES, SEED = 40, 60, 6
CHANCE = 0.0001  # for each of many intervals, that a test fails although coverage is 93%
SMALL = replace(StudyParameters(), n_nonexperts=60, n_prompts=24)
QUICK = [name for name in CALIBRATED if name not in {"shares", "power"}]


def judged(section: CalibratedSection, studies: int = STUDIES):
    quick = replace(section, limit_studies=LIMIT_STUDIES)
    truth = section_limits(quick, SMALL, np.random.default_rng(SEED))
    found = [
        section_intervals(quick, SMALL, np.random.default_rng(seed))
        for seed in seeds(SEED, 0, studies)
    ]
    return judge_section(found, truth)


@pytest.mark.parametrize("name", QUICK)
def test_intervals_of_a_section_hold_the_truth_as_often_as_promised(name):
    found = judged(CALIBRATED[name])
    assert found
    for interval, one in found.items():
        least = binom.ppf(CHANCE, one.studies, 0.93)
        assert round(one.coverage.value * one.studies) >= least, interval


@pytest.mark.parametrize("name", QUICK)
def test_every_section_gives_intervals_in_most_studies(name):
    table = CALIBRATED[name].draw(CALIBRATED[name].parameters(SMALL), np.random.default_rng(2))
    found = CALIBRATED[name].find(table, Options(), np.random.default_rng(2))
    assert all(one.low <= one.value <= one.high for one in found.values())


def test_interval_that_is_half_as_wide_does_not_pass():
    def halved(table, options, rng):
        found = CALIBRATED["dose"].find(table, options, rng)
        return {
            name: Interval(one.value, (one.low + 3 * one.value) / 4, (one.high + 3 * one.value) / 4)
            for name, one in found.items()
        }

    one = judged(replace(CALIBRATED["dose"], find=halved))["non-experts, bend"]
    assert one.coverage.value * one.studies < binom.ppf(CHANCE, one.studies, 0.93)


def test_pooled_studies_share_no_rater_poem_or_prompt():
    tables = [informed_table(SMALL, np.random.default_rng(seed)) for seed in (1, 2)]
    both = pooled(tables)
    for name in ("raters", "poems", "prompts", "vote_ids"):
        assert len(getattr(both, name)) == sum(len(getattr(one, name)) for one in tables)
    first = len(tables[0].rater)
    assert not set(both.rater[:first]) & set(both.rater[first:])
    assert not set(both.left[:first]) & set(both.left[first:])
    np.testing.assert_array_equal(
        both.prompt[both.left[first:]] - len(tables[0].prompts),
        tables[1].prompt[tables[1].left],
    )
    np.testing.assert_array_equal(both.context.score[:first], tables[0].context.score)


def test_quick_decisions_lean_more_where_that_is_drawn():
    hasty = replace(StudyParameters(), haste_rhyme=-0.8)
    found = CALIBRATED["laziness"].find(
        informed_table(hasty, np.random.default_rng(3)), Options(), np.random.default_rng(3)
    )
    assert found["non-experts, decision time"].high < 0
    assert found["non-experts, stated ease"].low > 0
