"""The forms of a study: what it is, its design, and whom it recruits."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from app.errors import Unusable
from app.models import RaterKind
from app.pages.languages import is_language, languages
from app.rating.arriving import LINK, LIST
from app.rating.instrument import RULES
from app.studies import plan
from app.studies.lifecycle import MOST_PAIRS_PER_RATER
from app.studies.plan import Design, Panel, Recruitment, When
from app.studies.recruiting import LONGEST_LABEL, MOST_LINKS, Quotas
from app.web.forms import Form, Model, parse_form

PANELS = (
    (Panel.NONE.value, "No panel: you send the links yourself"),
    (Panel.PROLIFIC.value, "Prolific"),
    (Panel.MTURK.value, "Amazon Mechanical Turk"),
    (Panel.SONA.value, "Sona"),
)
PANEL_NAMES = dict(PANELS) | {LIST: "Your list", LINK: "Personal link"}
_MOST_QUOTA = 1_000_000
_MINUTES = "%Y-%m-%dT%H:%M"  # as a field for date and time has it


def _none_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_EMPTY = BeforeValidator(_none_if_empty)
OptionalInt = Annotated[int | None, _EMPTY]
Quota = Annotated[Annotated[int, Field(ge=0, le=_MOST_QUOTA)] | None, _EMPTY]
Age = Annotated[Annotated[int, Field(ge=1, le=plan.OLDEST)] | None, _EMPTY]
AfterPairs = Annotated[Annotated[int, Field(ge=1)] | None, _EMPTY]
Count = Annotated[int, Field(ge=0, le=plan.MOST_CHECKS)]
Code = Annotated[str, Field(max_length=64)]


class RecruitmentForm(BaseModel):
    """May change while the study is open."""

    panel: Panel = Panel.NONE
    only_from_panel: bool = False
    return_link: str = Field(default="", max_length=1000)
    completion_code: Code = ""
    screened_out_code: Code = ""
    failed_attention_code: Code = ""
    failed_checks_forgiven: Count = 0
    closes_at: Annotated[datetime | None, _EMPTY] = None
    keep_identities_days: int = Field(default=90, ge=0, le=plan.LONGEST_KEPT)
    quota_nonexpert: Quota = None
    quota_expert: Quota = None

    @field_validator("return_link", "completion_code", "screened_out_code", "failed_attention_code")
    @classmethod
    def trimmed(cls, value: str) -> str:
        return value.strip()

    @field_validator("closes_at")
    @classmethod
    def in_utc(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=value.tzinfo or UTC) if value else None

    def recruitment(self) -> Recruitment:
        return Recruitment(**{name: getattr(self, name) for name in _names(Recruitment)})

    def quotas(self) -> Quotas:
        return {
            RaterKind.NONEXPERT: self.quota_nonexpert,
            RaterKind.EXPERT: self.quota_expert,
        }


class DraftForm(RecruitmentForm):
    name: str = Field(min_length=1, max_length=200)
    title: str = Field(default="", max_length=200)
    question: str = Field(min_length=1, max_length=300)
    about: str = Field(default="", max_length=5000)
    pairs_per_rater: int = Field(ge=1, le=MOST_PAIRS_PER_RATER)
    language: str = plan.USUAL_LANGUAGE
    minimum_age: Age = None
    instrument_when: When = When.BEFORE
    recognition_test: bool = False
    knowledge_test: bool = False
    expert_rule: str = Design().expert_rule
    screens_out: bool = False
    practice: bool = False
    asks_confidence: bool = False
    asks_ease: bool = False
    break_every: AfterPairs = None
    repeats: int = Field(default=0, ge=0, le=plan.MOST_REPEATS)
    checks: Count = 0
    fastest_reading: int = Field(default=700, ge=plan.SLOWEST, le=plan.FASTEST)
    most_one_side: float = Field(default=0.9, gt=0.5, le=1)

    @field_validator("language")
    @classmethod
    def known(cls, value: str) -> str:
        value = value.strip()
        if not is_language(value):
            raise ValueError("Language must be the code of a language, such as en, de or pt-BR.")
        return value

    @field_validator("expert_rule")
    @classmethod
    def of_the_instrument(cls, value: str) -> str:
        if value not in RULES:
            raise ValueError("Choose one of the rules.")
        return value

    @field_validator("screens_out")
    @classmethod
    def by_questions_before(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("instrument_when") is When.AFTER:
            raise ValueError("To end the study early, ask the questions before the pairs.")
        return value

    @model_validator(mode="after")
    def possible(self) -> "DraftForm":
        self.design()
        return self

    def design(self) -> Design:
        try:
            return Design(**{name: getattr(self, name) for name in _names(Design)})
        except Unusable as error:
            raise ValueError(str(error)) from error

    def texts(self) -> dict[str, Any]:  # Any: words of several types
        """What is neither design nor recruitment."""
        names = ("name", "title", "question", "about", "pairs_per_rater")
        return {name: getattr(self, name) for name in names}


class StudyForm(DraftForm):
    poem_set: str = Field(min_length=1)


Draft = TypeVar("Draft", bound=DraftForm)


def parse_draft(model: type[Draft], values: Mapping[str, str]) -> Form[Draft]:
    """With what the recruitment asks of the design."""
    form = parse_form(model, values)
    if form.valid is None:
        return form
    return _refused(form, plan.mistakes(form.valid.design(), form.valid.recruitment()))


def parse_recruitment(design: Design, values: Mapping[str, str]) -> Form[RecruitmentForm]:
    form = parse_form(RecruitmentForm, values)
    if form.valid is None:
        return form
    return _refused(form, plan.mistakes(design, form.valid.recruitment()))


def words() -> dict[str, Any]:  # Any: what a template is given
    """How the choices of the form are called."""
    return {
        "panels": PANELS,
        "panel_names": PANEL_NAMES,
        "rules": list(RULES.items()),
        "spoken": languages(),
    }


def _refused(form: Form[Model], errors: Mapping[str, str]) -> Form[Model]:
    return form.refused(**errors) if errors else form


def design_values(design: Design) -> dict[str, str]:
    """As the fields of a form show them."""
    return {name: _typed(getattr(design, name)) for name in _names(Design)}


def recruitment_values(recruitment: Recruitment, quotas: Quotas) -> dict[str, str]:
    values = {name: _typed(getattr(recruitment, name)) for name in _names(Recruitment)}
    return values | {f"quota_{kind}": _typed(quota) for kind, quota in quotas.items()}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(_MINUTES)
    return "" if value is None else str(value)


def _names(kind: type[Design] | type[Recruitment]) -> list[str]:
    return [field.name for field in fields(kind)]


class PersonalLinksForm(BaseModel):
    kind: RaterKind
    labels: str = Field(default="", max_length=100_000)
    number: OptionalInt = None

    @field_validator("kind")
    @classmethod
    def of_people(cls, value: RaterKind) -> RaterKind:
        if value == RaterKind.JUDGE:
            raise ValueError("Choose a group.")
        return value

    @model_validator(mode="after")
    def some(self) -> "PersonalLinksForm":
        if not self.labels.strip() and not self.number:
            raise ValueError("Say how many links to make, or write a label on each line.")
        if not 1 <= len(self.wanted()) <= MOST_LINKS:
            raise ValueError(f"Between 1 and {MOST_LINKS:,} links can be made at once.")
        if any(len(label) > LONGEST_LABEL for label in self.wanted()):
            raise ValueError(f"A label may have at most {LONGEST_LABEL} characters.")
        return self

    def wanted(self) -> list[str]:
        labels = [line.strip() for line in self.labels.splitlines() if line.strip()]
        return labels or [""] * min(self.number or 0, MOST_LINKS + 1)


class SignedLinksForm(BaseModel):
    list_kind: RaterKind
    ids: str = Field(default="", max_length=150_000)

    def wanted(self) -> list[str]:
        """Each once, in their order."""
        lines = (line.strip() for line in self.ids.splitlines())
        return list(dict.fromkeys(line for line in lines if line))
