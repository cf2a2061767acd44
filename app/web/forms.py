"""Forms: checked values, or what was typed with an error by field to show again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Form(Generic[Model]):
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    valid: Model | None = None

    def refused(self, **errors: str) -> "Form[Model]":
        """The same values with errors that only the domain could find."""
        return Form(self.values, {**self.errors, **errors})


async def form_values(request: Request) -> dict[str, str]:
    """The text fields of a posted form."""
    data = await request.form(max_fields=1000)
    return {name: value for name, value in data.items() if isinstance(value, str)}


def parse_form(model: type[Model], values: Mapping[str, str]) -> Form[Model]:
    try:
        return Form(values, {}, model.model_validate(dict(values)))
    except ValidationError as error:
        errors: dict[str, str] = {}
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else ""
            errors.setdefault(
                name, _sentence(name, problem["type"], problem["msg"], problem.get("ctx", {}))
            )
        return Form(values, errors)


def _sentence(name: str, kind: str, message: str, context: Mapping[str, object]) -> str:
    label = name.replace("_", " ").capitalize()
    if kind in {"missing", "string_too_short"}:
        return f"{label} is needed."
    if kind == "string_too_long":
        return f"{label} may have at most {context['max_length']} characters."
    if kind in {"int_parsing", "int_from_float"}:
        return f"{label} must be a whole number."
    if kind == "greater_than_equal":
        return f"{label} must be at least {context['ge']}."
    if kind == "less_than_equal":
        return f"{label} must be at most {context['le']}."
    return message.removeprefix("Value error, ")
