"""The instrument: whole in each language, silent on what a study is about, kept with a study."""

import re
import tomllib
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session

from app.errors import Unusable
from app.models import RaterKind, Study
from app.studies import instrument
from app.studies.instrument import (
    LANGUAGES,
    SELF_DESCRIBED,
    Kind,
    in_words,
    questionnaire,
    questionnaire_of,
    rules,
    sections_in,
)
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design, When
from app.studies.scoring import points, scored, share
from tests.factories import make_poem_set, make_prompted_poems

RAW = tomllib.loads(files("app.studies").joinpath("instrument.toml").read_text(encoding="utf-8"))
TELLS = re.compile("rhym|reim", re.IGNORECASE)
BOTH_TESTS = Design(recognition_test=True, knowledge_test=True)
NOVICE = {
    "reads": "rarely",
    "writes": "never",
    "published": "no",
    "studied": "school",
    "years": "none",
    "self_described": "nonexpert",
}
SCHOLAR = {
    "reads": "weekly",
    "writes": "never",
    "published": "no",
    "studied": "degree",
    "years": "to_15",
    "self_described": "nonexpert",
}


def texts(raw: Any) -> list[Any]:  # Any: TOML
    """Everything in the file that a rater may read."""
    if isinstance(raw, dict):
        own = [raw[key] for key in ("text", "hint", "label", "heading", "intro") if key in raw]
        return own + [text for value in raw.values() for text in texts(value)]
    return [text for value in raw for text in texts(value)] if isinstance(raw, list) else []


def test_every_text_stands_in_every_language():
    found = texts(RAW)
    assert len(found) > 100
    for text in found:
        if isinstance(text, dict):
            assert set(text) == set(LANGUAGES), text
            assert all(one.strip() for one in text.values()), text
        else:
            assert text.strip()


def test_no_text_in_any_language_mentions_rhyme():
    for language in LANGUAGES:
        for section in sections_in(language):
            shown = [section.heading, section.intro]
            for item in section.items:
                shown += [item.text, item.hint, *(option.label for option in item.options)]
            assert [text for text in shown if TELLS.search(text)] == []


def test_names_of_items_are_unique_and_say_their_source():
    items = [item for section in sections_in("en") for item in section.items]
    assert len({item.name for item in items}) == len(items)
    assert all(item.source for item in items)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", item.name) for item in items)
    assert all("_" not in section.name for section in sections_in("en"))


def test_recognition_test_has_as_many_foils_as_poets_in_the_order_of_the_alphabet():
    names = next(section for section in sections_in("en") if section.kind is Kind.NAMES).items
    worth = [item.options[0].points for item in names]
    assert worth.count(1) == worth.count(-1) == 24
    for item, own in zip(names, worth, strict=True):
        assert item.source.startswith("foil: ") == (own < 0)
        assert item.source.startswith("poet, ") == (own > 0)
    plain = str.maketrans("üöłÜÖŁ", "uolUOL")
    surnames = [item.text.split()[-1].translate(plain) for item in names]
    surnames = [
        "Balfour" if item.name == "balfour" else s for item, s in zip(names, surnames, strict=True)
    ]
    assert surnames == sorted(surnames)


def test_knowledge_item_has_one_right_answer_and_lets_one_not_know():
    section = next(section for section in sections_in("de") if section.kind is Kind.CHOICE)
    for item in section.items:
        assert sorted(option.points for option in item.options) == [0, 0, 0, 0, 1]
        assert item.options[-1].value == "unknown"
    firsts = [[option.points for option in item.options].index(1) for item in section.items]
    assert any(one != other for one, other in pairwise(firsts))


def test_self_description_is_not_scored_and_its_answers_are_the_groups():
    item = next(item for item in sections_in("en")[0].items if item.name == SELF_DESCRIBED)
    assert not item.is_scored
    assert [RaterKind(option.value) for option in item.options]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_rule_speaks_of_sections_items_and_answers_that_exist(rule):
    sections = {section.name for section in sections_in("en")}
    assert set(rule.weights) <= sections
    assert 0 <= rule.expert_from <= 1
    items = {item.name: item for section in sections_in("en") for item in section.items}
    for name, values in rule.one_of.items():
        assert all(items[name].points(value) is not None for value in values)
    words = in_words(questionnaire(Design(expert_rule=rule.name, knowledge_test=True)))
    assert rule.title in words
    assert not TELLS.search(words)


def test_language_without_texts_gets_english():
    assert (
        sections_in("fr")[0].heading == sections_in("en")[0].heading != sections_in("de")[0].heading
    )


def test_score_is_the_weighted_mean_of_shares_of_points():
    asked = questionnaire(BOTH_TESTS)
    habits, poets, devices = asked.sections
    answers = SCHOLAR | {"dickinson": "yes", "plath": "yes", "frost": "yes", "ammann": "yes"}
    answers |= {"sonnet": "sonnet", "haiku": "haiku", "volta": "coda"}
    assert share(habits, answers) == pytest.approx(7 / 13)
    assert share(poets, answers) == pytest.approx((3 - 1) / 24)
    assert share(devices, answers) == pytest.approx(2 / 8)
    assert scored(asked, answers).score == pytest.approx((2 * 7 / 13 + 2 / 24 + 2 / 8) / 4)


def test_guessing_every_name_gains_nothing_and_more_false_alarms_than_hits_are_zero():
    poets = questionnaire(BOTH_TESTS).sections[1]
    every = {item.name: "yes" for item in poets.items}
    foils = {item.name: "yes" for item in poets.items if item.most == 0}
    assert share(poets, every) == share(poets, foils) == 0
    assert sum(points(poets, foils).values()) == -24


@pytest.mark.parametrize(
    ("rule", "answers", "is_expert"),
    [
        ("usual", NOVICE, False),
        ("usual", SCHOLAR, True),
        ("usual", SCHOLAR | {"reads": "yearly"}, False),
        ("strict", SCHOLAR, True),
        ("strict", SCHOLAR | {"studied": "school", "writes": "regularly"}, False),
        ("practice", NOVICE | {"published": "single"}, True),
        ("practice", NOVICE, False),
    ],
)
def test_rule_makes_a_group_of_answers(rule, answers, is_expert):
    found = scored(questionnaire(Design(expert_rule=rule)), answers)
    assert found.scored_as == (RaterKind.EXPERT if is_expert else RaterKind.NONEXPERT)
    assert found.self_described == RaterKind.NONEXPERT


def test_score_on_the_threshold_is_an_experts():
    asked = questionnaire(Design(expert_rule="tests", knowledge_test=True))
    names = [item.name for item in asked.sections[1].items][:4]
    found = scored(asked, dict(zip(names, names, strict=True)))
    assert (found.score, found.scored_as) == (0.5, RaterKind.EXPERT)


def test_rule_that_scores_what_is_not_asked_is_refused():
    with pytest.raises(Unusable, match="scores poets or devices, which this study does not ask"):
        questionnaire(Design(expert_rule="tests"))
    with pytest.raises(Unusable, match="no rule 'mine'; it has: usual"):
        questionnaire(Design(expert_rule="mine"))


def test_screening_out_after_the_pairs_is_refused():
    with pytest.raises(Unusable, match="before the pairs"):
        Design(screens_out=True, instrument_when=When.AFTER)


def opened(session: Session, design: Design) -> Study:
    poem_set = make_poem_set(session)
    make_prompted_poems(session, poem_set=poem_set)
    study = create_study(
        session, name="S", poem_set_key=poem_set.key, question="Which?", pairs_per_rater=1
    )
    study.design = design.to_json()
    return open_study(session, study.key)


@pytest.fixture
def other_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Puts another instrument in the place of the file."""
    caches = (instrument.sections_in, instrument.rules)

    def put(raw: dict[str, Any]) -> None:
        monkeypatch.setattr(instrument, "_file", lambda: raw)
        for cached in caches:
            cached.cache_clear()

    yield put
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


def test_open_study_keeps_its_questions_and_rule_whatever_becomes_of_the_file(session, other_file):
    design = Design(language="de", knowledge_test=True, expert_rule="strict")
    study = opened(session, design)
    session.expire(study)
    before = questionnaire(design)
    rule = RAW["rules"][1] | {"expert_from": 0.9}
    other_file(RAW | {"version": "other", "items": RAW["items"][2:], "rules": [rule]})
    now, kept = questionnaire(design), questionnaire_of(study.design)
    assert (now.version, now.rule.expert_from) == ("other", 0.9)
    assert kept == before
    assert kept.sections[0].heading == "Über Ihr Lesen"
    assert Design.from_json(study.design) == design


def test_study_whose_rule_cannot_be_used_does_not_open(session):
    with pytest.raises(Unusable, match="Tests alone"):
        opened(session, Design(expert_rule="tests"))
