"""Who are the staff? Accounts: made, listed, disabled, given another password, checked at sign-in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, delete, select, update

from corpus.store import DocumentStore
from webapp.accounts.errors import BadNameError, NameTakenError, UnknownNameError
from webapp.accounts.passwords import Passwords, check_strength
from webapp.accounts.tables import Clock, sessions, users, utc_now

_NAME = re.compile(r"[\w][\w.@-]{0,63}")


class Role(StrEnum):
    """What an account may do: staff check, decide and withdraw; an admin sees the audit log and the accounts too."""

    STAFF = "staff"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return {Role.STAFF: "工作人员", Role.ADMIN: "管理员"}[self]


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    name: str
    role: Role
    disabled: bool
    created_at: datetime  # UTC


def checked_name(name: str) -> str:
    """The name, if an account or a token can have it; raises BadNameError."""
    if not _NAME.fullmatch(name):
        raise BadNameError(f"{name!r} is no name; use 1 to 64 letters, digits, Chinese characters, and . _ - @")
    return name


class Users:
    """The accounts, in the store's database."""

    def __init__(self, store: DocumentStore, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock
        self._passwords = Passwords()

    def add(self, name: str, password: str, role: Role) -> User:
        """Make an account. Raises BadNameError, NameTakenError, WeakPasswordError."""
        check_strength(password, checked_name(name))
        password_hash = self._passwords.hash(password)
        with self._store.writing() as writer:
            if writer.connection.scalar(select(users.c.name).where(users.c.name == name)):
                raise NameTakenError(f"there is an account {name!r} already; `gongkai user password` changes it")
            values = {"name": name, "role": role.value, "disabled": False, "created_at": self._clock()}
            writer.connection.execute(users.insert().values(password_hash=password_hash, **values))
        return User(name, role, False, values["created_at"])  # type: ignore[arg-type]

    def all(self) -> list[User]:
        with self._store.reading() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def find(self, name: str) -> User | None:
        with self._store.reading() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return None if row is None else _user(row)

    def verify(self, name: str, password: str) -> User | None:
        """The account, if it has this password and is not disabled; anything else takes as long and is None."""
        with self._store.reading() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        if not self._passwords.matches(row.password_hash if row else None, password) or row is None or row.disabled:
            return None
        if self._passwords.is_dated(row.password_hash):
            self._change(name, password_hash=self._passwords.hash(password))
        return _user(row)

    def set_password(self, name: str, password: str) -> None:
        """Change it, and end every session of the account. Raises UnknownNameError, WeakPasswordError."""
        check_strength(password, name)
        self._change(name, end_sessions=True, password_hash=self._passwords.hash(password))

    def disable(self, name: str, disabled: bool = True) -> None:
        """Let the account in no more (its sessions end), or again. Raises UnknownNameError."""
        self._change(name, end_sessions=True, disabled=disabled)

    def _change(self, name: str, *, end_sessions: bool = False, **values: object) -> None:
        with self._store.writing() as writer:
            if not writer.connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
                raise UnknownNameError(f"there is no account {name!r}; `gongkai user list` names them")
            if end_sessions:
                writer.connection.execute(delete(sessions).where(sessions.c.user_name == name))


def _user(row: Row) -> User:  # type: ignore[type-arg]
    return User(row.name, Role(row.role), row.disabled, row.created_at)
