"""Forms: checked values, or what was typed with an error by field to show again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.errors import Unusable

_FORM_TYPE = "application/x-www-form-urlencoded"
_LONGEST_FORM = 200_000  # bytes
_MOST_FIELDS = 6_000  # one a line of a long poem

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
    """The fields of a posted form: text only, and never more than a form of ours can hold, since
    anybody can send one."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_FORM:
            raise Unusable("The form is longer than any of ours.")
    if not request.headers.get("content-type", "").startswith(_FORM_TYPE) and body:
        raise Unusable("The form was not sent as a form.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Unusable("The form did not arrive whole. Please go back and try again.") from error
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise Unusable("The form holds a character that cannot be stored.")
    return {name: value.replace("\r\n", "\n") for name, value in pairs}  # as browsers count them


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


def _sentence(  # noqa: C901, PLR0911  # a sentence for each kind
    name: str, kind: str, message: str, context: Mapping[str, object]
) -> str:
    label = name.replace("_", " ").capitalize()
    if kind in {"missing", "string_too_short"}:
        return f"{label} is needed."
    if kind == "string_too_long":
        return f"{label} may have at most {context['max_length']} characters."
    if kind in {"int_parsing", "int_from_float"}:
        return f"{label} must be a whole number."
    if kind == "float_parsing":
        return f"{label} must be a number."
    if kind.startswith("datetime"):
        return f"{label} must be a date and a time, such as 2026-11-25T18:00."
    if kind == "greater_than":
        return f"{label} must be more than {context['gt']}."
    if kind == "greater_than_equal":
        return f"{label} must be at least {context['ge']}."
    if kind == "less_than_equal":
        return f"{label} must be at most {context['le']}."
    return message.removeprefix("Value error, ")
