"""Who somebody is to a panel or a list, as the address of their invitation says. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.accounts.tokens import is_signature, signature
from app.errors import Unusable
from app.studies.plan import Panel

LIST = "list"  # a participant of the admin's own list, by a signed link
LINK = "link"  # whoever was given a personal link
LONGEST_ID = 200
_SIGNED = "invitation"
_PANEL_ID = re.compile(r"[A-Za-z0-9][\w.@+=-]{0,199}", re.ASCII)
# What a panel has put into an address without anybody's id, when its own staff or a researcher
# looks at the study.
_PLACEHOLDER = re.compile(r"\{\{?%|%\}|%SURVEY_CODE%|ASSIGNMENT_ID_NOT_AVAILABLE|\$\{")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom a panel or a list sends."""

    panel: str
    external_id: str
    external_study: str | None = None
    external_session: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """What the parameters of an invitation's address say. `preview`: it is only looked at."""

    arrival: Arrival | None = None
    preview: bool = False


# By panel: the names of the id (the first that is there counts), of the study and of the session.
_NAMES: dict[Panel, tuple[tuple[str, ...], str | None, str | None]] = {
    Panel.PROLIFIC: (("PROLIFIC_PID",), "STUDY_ID", "SESSION_ID"),
    Panel.MTURK: (("workerId",), "hitId", "assignmentId"),
    Panel.SONA: (("survey_code", "id"), None, None),
}


def sign(secret: str, link_key: str, external_id: str) -> str:
    """What the link of a participant on a list proves itself by."""
    return signature(secret, _SIGNED, link_key, external_id)


def read_address(
    panel: Panel, parameters: Mapping[str, str], *, link_key: str, secret: str
) -> Address:
    """A signed link counts in every study; a panel's parameters in one that recruits there."""
    if "sig" in parameters:
        external_id = parameters.get("id", "")
        if not is_signature(parameters["sig"], secret, _SIGNED, link_key, external_id):
            raise unreadable()
        return Address(Arrival(LIST, external_id))
    if panel is Panel.NONE:
        return Address()
    ids, study, session = _NAMES[panel]
    named = next((parameters[name] for name in ids if parameters.get(name)), "")
    others = [parameters.get(name) if name else None for name in (study, session)]
    if any(value and _PLACEHOLDER.search(value) for value in (named, *others)):
        return Address(preview=True)
    if not named:
        return Address()
    if not all(_PANEL_ID.fullmatch(value) for value in (named, *others) if value):
        raise unreadable()
    return Address(Arrival(panel.value, named, others[0] or None, others[1] or None))


def unreadable() -> Unusable:
    return Unusable(
        "The address you opened does not say who you are in the way it should. Please open the "
        "study from its page again, or copy all of the link in your invitation."
    )
