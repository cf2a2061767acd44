"""Admins on the command line."""

import sys
from typing import Annotated

import typer

from app.accounts.admins import (
    admin_by_email,
    create_admin,
    make_sign_in_link,
    require_new_email,
    set_password,
)
from app.cli.database import opened
from app.cli.serve import address_of_site
from app.db import Session, transaction
from app.errors import NotFound
from app.models import Admin

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The admin's e-mail address.")]


@app.command("create")
def create(
    email: Email,
    link: Annotated[
        bool, typer.Option("--link", help="Ask for no password: print a link that signs in once.")
    ] = False,
) -> None:
    """Create an admin, with a password or a link.

    The password is asked for twice, or read as one line from a pipe.
    """
    with opened() as engine:
        with transaction(engine, write=False) as session:
            require_new_email(session, email)
        password = None if link else _asked_for_password()
        with transaction(engine, write=True) as session:
            admin = create_admin(session, email=email, password=password)
            token = make_sign_in_link(session, admin) if link else None
    typer.echo(f"Created the admin {email}.")
    if token:
        typer.echo(_sentence(token))


@app.command("password")
def change_password(email: Email) -> None:
    """Give an admin a new password, for one who forgot it. Ends their sessions."""
    with opened() as engine:
        with transaction(engine, write=False) as session:
            _admin(session, email)
        password = _asked_for_password()
        with transaction(engine, write=True) as session:
            admin_id = _admin(session, email).id or 0
            set_password(session, admin_id, password, keep=None)
    typer.echo(f"The password of {email} is changed.")


@app.command("link")
def sign_in_link(email: Email) -> None:
    """Print a link that signs an admin in once, within a week."""
    with opened() as engine, transaction(engine, write=True) as session:
        token = make_sign_in_link(session, _admin(session, email))
    typer.echo(_sentence(token))


def _admin(session: Session, email: str) -> Admin:
    admin = admin_by_email(session, email)
    if admin is None:
        raise NotFound(f"There is no admin with the e-mail {email}.")
    return admin


def _asked_for_password() -> str:
    """Twice and unseen from a person; one line from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _sentence(token: str) -> str:
    return f"Signs in once, within a week: {address_of_site()}/admin/sign-in/{token}"
