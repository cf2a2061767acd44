"""Admins on the command line."""

from typing import Annotated

import typer

from app.accounts.admins import admin_by_email, create_admin, make_sign_in_link
from app.cli.database import opened
from app.cli.serve import address_of_site
from app.db import transaction
from app.errors import NotFound

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The admin's e-mail address.")]


@app.command("create")
def create(
    email: Email,
    link: Annotated[
        bool, typer.Option("--link", help="Ask for no password: print a link that signs in once.")
    ] = False,
) -> None:
    """Create an admin, with a password that is asked for, or with a link."""
    with opened() as engine:
        password = (
            None if link else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
        with transaction(engine, write=True) as session:
            admin = create_admin(session, email=email, password=password)
            token = make_sign_in_link(session, admin) if link else None
    typer.echo(f"Created the admin {email}.")
    if token:
        typer.echo(_sentence(token))


@app.command("link")
def sign_in_link(email: Email) -> None:
    """Print a link that signs an admin in once, within a week."""
    with opened() as engine, transaction(engine, write=True) as session:
        admin = admin_by_email(session, email)
        if admin is None:
            raise NotFound(f"There is no admin with the e-mail {email}.")
        token = make_sign_in_link(session, admin)
    typer.echo(_sentence(token))


def _sentence(token: str) -> str:
    return f"Signs in once, within a week: {address_of_site()}/admin/sign-in/{token}"
