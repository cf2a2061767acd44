"""The Jinja environment, and the addresses of static files. Knows no request."""

import hashlib
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import __version__
from app.pages.languages import ENGLISH, catalogue, decimal, direction, languages, moment
from app.settings import data_folder

STATIC_ADDRESS = "/static"
_HASH_LENGTH = 10


@cache
def static_files() -> dict[str, str]:
    """From the path of each static file to its name in an address, which changes with its
    content, so that browsers may keep it for ever."""
    folder = data_folder("static")
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder).as_posix()): _hashed(file, folder) for file in files}


def static(path: str) -> str:
    return f"{STATIC_ADDRESS}/{static_files()[path]}"


@cache
def environment(language: str = ENGLISH) -> Environment:
    """The templates, in one language: `_("…")` and `{% trans %}` in them are its catalogue's."""
    environment = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(data_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # by the extension
        catalogue(language), newstyle=True
    )
    spoken = language if language in languages() else ENGLISH
    environment.globals |= {
        "static": static,
        "app_version": __version__,
        "flashes": [],
        "language": spoken,
        "direction": direction(spoken),
    }
    environment.filters |= {
        "moment": partial(moment, spoken),
        "decimal": partial(decimal, spoken),
    }
    return environment


def render(template: str, *, language: str = ENGLISH, **values: object) -> str:
    return environment(language).get_template(template).render(**values)


def _hashed(file: Path, folder: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:_HASH_LENGTH]
    name = file.relative_to(folder)
    return str(name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix())
