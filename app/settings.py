"""Every environment variable, its type, default and meaning."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at the edges (`create_app`, the command line) and passed down as values."""

    model_config = SettingsConfigDict(env_prefix="BLINDVERSE_", extra="ignore")

    database_url: Annotated[
        str,
        Field(
            description="SQLAlchemy address of the database: `sqlite:///file.db` or "
            "`postgresql+psycopg://user:password@host/name`."
        ),
    ] = "sqlite:///blindverse.db"
    threads: Annotated[
        int,
        Field(
            ge=1,
            le=200,
            description="Requests handled at the same time; the connection pool is as large.",
        ),
    ] = 20
    public_url: Annotated[
        str,
        Field(
            description="Address under which raters reach the server, for links that are copied; "
            "without it, the address of the request."
        ),
    ] = ""
    insecure_cookies: Annotated[
        bool,
        Field(
            description="Allow cookies on plain HTTP from other machines, for a trial on a local "
            "network. Never on the internet."
        ),
    ] = False
    upload_limit_mb: Annotated[
        int, Field(ge=1, le=2000, description="Largest file of poems that is accepted, in MB.")
    ] = 200
    log_level: Annotated[
        str, Field(description="How much is logged: debug, info, warning, error.")
    ] = "info"


def data_folder(name: str) -> Path:
    """`templates`, `static` or `migrations`: beside the package in a checkout, inside when
    installed."""
    package = Path(__file__).parent
    beside = package.parent / name
    return beside if beside.is_dir() else package / f"_{name}"
