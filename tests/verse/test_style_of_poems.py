"""The endings of poems by models and by people, beside the checkout."""

from statistics import mean

import pytest

from tests.shared_data import shared_data
from tests.verse.style_labels import human_poems, labelled_poems, measured, model_poems, score

pytestmark = pytest.mark.shared

# What docs/verse.md reports, less a little.
LEAST_ACCURACY = {"model": 0.75, "human": 0.8}


def mean_score(name: str, texts: list[str]) -> float:
    found = [measured(name, text) for text in texts]
    return mean(value for value in found if isinstance(value, float))


@pytest.mark.parametrize("writer", ["model", "human"])
def test_morals_of_poems_that_we_read_are_found_as_often_as_reported(writer):
    labelled = [row for row in labelled_poems(shared_data(), "test") if row[2] == writer]
    right = mean((score("moral_ending", text) >= 0.5) == moral for text, moral, _ in labelled)
    assert right >= LEAST_ACCURACY[writer]


def test_models_end_with_more_uplift_and_more_morals_than_people():
    models, people = model_poems(shared_data()), human_poems(shared_data())
    assert mean_score("uplift_ending", models) > mean_score("uplift_ending", people) + 0.03
    assert mean_score("moral_ending", models) > mean_score("moral_ending", people) + 0.15
