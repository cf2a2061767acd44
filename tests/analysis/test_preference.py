"""The fit reaches the same root from anywhere, and says so where there is none."""

import numpy as np
import pytest

from app.analysis.preference import Separated, fit_logit

RNG = np.random.default_rng(5)
X = np.column_stack([np.ones(400), RNG.normal(size=400)])
Y = (RNG.random(400) < 1 / (1 + np.exp(-X @ [0.3, 0.8]))).astype(float)
ONES = np.ones(400)


@pytest.mark.parametrize("start", [[9.0, -9.0], [-6.0, 20.0], [0.0, 0.5]])
def test_a_far_start_leads_to_the_same_root(start):
    near = fit_logit(X, Y, ONES).coef
    assert fit_logit(X, Y, ONES, start=np.array(start)).coef == pytest.approx(near, abs=1e-9)


def test_separated_choices_name_the_column():
    with pytest.raises(Separated) as refused:
        fit_logit(X, (X[:, 1] > 0).astype(float), ONES)
    assert refused.value.column == 1


def test_columns_that_are_the_same_have_no_single_root():
    with pytest.raises(Separated):
        fit_logit(np.ones((4, 2)), np.array([1.0, 0.0, 1.0, 1.0]), np.ones(4))
