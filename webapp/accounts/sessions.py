"""Who is signed in, and until when? Sessions in the database, so that they can be ended at once and on every worker."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from corpus.store import DocumentStore
from webapp.accounts.secrets import hash_secret, new_secret
from webapp.accounts.tables import Clock, sessions, users, utc_now
from webapp.accounts.users import Role

# That a session is in use is written down this often: a page costs no write, and the idle limit is off by so little.
_SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long nobody may use a session before it ends (``idle``), and how long it lasts at most (``absolute``)."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; ``folder`` names the place of the session's drafts."""

    user_name: str
    role: Role
    folder: str
    started_at: datetime  # UTC
    ends_at: datetime  # UTC; the absolute limit


class Sessions:
    """The open sessions, in the store's database."""

    def __init__(self, store: DocumentStore, limits: SessionLimits, clock: Clock = utc_now) -> None:
        self._store, self._limits, self._clock = store, limits, clock

    def start(self, user_name: str) -> tuple[str, str]:
        """Sign somebody in: the secret for the cookie, and the name of the session's folder."""
        secret, folder, now = new_secret(), secrets.token_hex(16), self._clock()
        with self._store.writing() as writer:
            writer.connection.execute(
                sessions.insert().values(
                    secret_hash=hash_secret(secret), user_name=user_name, folder=folder, started_at=now, seen_at=now
                )
            )
        return secret, folder

    def find(self, secret: str, *, in_use: bool = True) -> Session | None:
        """The session of this secret, which is now in use; None if it ended or its account is disabled.

        ``in_use`` is False for what a page asks by itself: that keeps no session open.
        """
        key, now = hash_secret(secret), self._clock()
        query = (
            select(sessions, users.c.role)
            .join(users, users.c.name == sessions.c.user_name)
            .where(sessions.c.secret_hash == key, ~users.c.disabled)
        )
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or now - row.seen_at > self._limits.idle or now - row.started_at > self._limits.absolute:
            return None
        if in_use and now - row.seen_at > _SEEN_EVERY:
            with self._store.writing() as writer:
                writer.connection.execute(update(sessions).where(sessions.c.secret_hash == key).values(seen_at=now))
        ends_at = row.started_at + self._limits.absolute
        return Session(row.user_name, Role(row.role), row.folder, row.started_at, ends_at)

    def end(self, secret: str) -> None:
        """Sign out; a session that ended already is no error."""
        with self._store.writing() as writer:
            writer.connection.execute(delete(sessions).where(sessions.c.secret_hash == hash_secret(secret)))

    def end_expired(self) -> int:
        """Forget the sessions that are over; gives how many there were."""
        now = self._clock()
        over = or_(sessions.c.seen_at < now - self._limits.idle, sessions.c.started_at < now - self._limits.absolute)
        with self._store.reading() as connection:
            if connection.execute(select(sessions.c.folder).where(over).limit(1)).first() is None:
                return 0
        with self._store.writing() as writer:
            return writer.connection.execute(delete(sessions).where(over)).rowcount

    def folders(self) -> set[str]:
        """The folders of the open sessions: whatever else stands beside them is to be wiped."""
        with self._store.reading() as connection:
            return set(connection.scalars(select(sessions.c.folder)))

    def owner(self, folder: str) -> str:
        """Whose session has this folder; empty if it ended."""
        with self._store.reading() as connection:
            return connection.scalar(select(sessions.c.user_name).where(sessions.c.folder == folder)) or ""
