"""`user`, `token`: who may use the staff area, and which programs the API."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from webapp.commands.common import print_json, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from corpus.store import DocumentStore
    from webapp.accounts.audit import Action

_ROLES = ("staff", "admin")


@click.group()
def user() -> None:
    """Accounts of the staff area."""


@click.group()
def token() -> None:
    """Tokens with which programs call the API."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="admin also sees audit log and accounts.")
@with_workspace
def user_add(workspace: Workspace, name: str, role: str) -> None:
    """Make an account; the password is asked for, or read from the first line of stdin."""
    from webapp.accounts.audit import Action
    from webapp.accounts.users import Role, Users, checked_name

    with _accounts(workspace) as store:
        checked_name(name)
        Users(store).add(name, _password(), Role(role))
        _note(store, Action.USER_ADDED, name, role)
    say(f"added: {name} ({role})")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_workspace
def user_list(workspace: Workspace, as_json: bool) -> None:
    """Name, role and state of every account."""
    from webapp.accounts.users import Users

    with _accounts(workspace) as store:
        found: list[dict[str, object]] = [
            {"name": item.name, "role": item.role.value, "disabled": item.disabled, "created_at": f"{item.created_at}"}
            for item in Users(store).all()
        ]
    _print(found, as_json, lambda item: (item["name"], item["role"], "disabled" if item["disabled"] else ""))


@user.command("disable")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let the account in again.")
@with_workspace
def user_disable(workspace: Workspace, name: str, undo: bool) -> None:
    """Let an account in no more; its sessions end at once."""
    from webapp.accounts.audit import Action
    from webapp.accounts.lockout import Lockout
    from webapp.accounts.users import Users

    with _accounts(workspace) as store:
        Users(store).disable(name, not undo)
        if undo:
            Lockout(store).forget(name)
        _note(store, Action.USER_ENABLED if undo else Action.USER_DISABLED, name)
    say(f"{'enabled' if undo else 'disabled'}: {name}")


@user.command("password")
@click.argument("name")
@with_workspace
def user_password(workspace: Workspace, name: str) -> None:
    """Give an account another password; its sessions end at once."""
    from webapp.accounts.audit import Action
    from webapp.accounts.errors import UnknownNameError
    from webapp.accounts.lockout import Lockout
    from webapp.accounts.users import Users

    with _accounts(workspace) as store:
        if Users(store).find(name) is None:
            raise UnknownNameError(f"there is no account {name!r}; `gongkai user list` names them")
        Users(store).set_password(name, _password())
        Lockout(store).forget(name)
        _note(store, Action.PASSWORD_SET, name)
    say(f"password set: {name}")


@token.command("add")
@click.argument("name")
@with_workspace
def token_add(workspace: Workspace, name: str) -> None:
    """Make a token and print it; it is shown this once only."""
    from webapp.accounts.audit import Action
    from webapp.accounts.tokens import Tokens

    with _accounts(workspace) as store:
        secret = Tokens(store).add(name)
        _note(store, Action.TOKEN_ADDED, name)
    say("keep this token now, it is not shown again:")
    click.echo(secret)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_workspace
def token_list(workspace: Workspace, as_json: bool) -> None:
    """Name and state of every token."""
    from webapp.accounts.tokens import Tokens

    with _accounts(workspace) as store:
        found: list[dict[str, object]] = [
            {"name": item.name, "created_at": f"{item.created_at}", "revoked": item.revoked_at is not None}
            for item in Tokens(store).all()
        ]
    _print(found, as_json, lambda item: (item["name"], "revoked" if item["revoked"] else ""))


@token.command("revoke")
@click.argument("name")
@with_workspace
def token_revoke(workspace: Workspace, name: str) -> None:
    """Let a token work no more."""
    from webapp.accounts.audit import Action
    from webapp.accounts.tokens import Tokens

    with _accounts(workspace) as store:
        Tokens(store).revoke(name)
        _note(store, Action.TOKEN_REVOKED, name)
    say(f"revoked: {name}")


@contextmanager
def _accounts(workspace: Workspace) -> Iterator[DocumentStore]:
    """The store; what is wrong with a name or a password is a line for whoever typed it."""
    from webapp.accounts.errors import AccountError

    try:
        yield workspace.store
    except AccountError as error:
        raise click.ClickException(str(error)) from None


def _password() -> str:
    """Asked for twice at a terminal, else the first line of stdin; never an argument, which others could see."""
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")


def _note(store: DocumentStore, action: Action, subject: str, detail: str = "") -> None:
    from webapp.accounts.audit import AuditLog

    AuditLog(store).record("shell", action, subject, detail)


def _print(
    found: list[dict[str, object]], as_json: bool, cells: Callable[[dict[str, object]], tuple[object, ...]]
) -> None:
    if as_json:
        print_json(found)
        return
    for item in found:
        click.echo("\t".join(str(cell) for cell in cells(item) if cell))
