"""Which programs may call the API? Tokens: shown once when they are made, kept as hashes, revoked by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from corpus.store import DocumentStore
from webapp.accounts.errors import NameTakenError, UnknownNameError
from webapp.accounts.secrets import hash_secret, new_secret
from webapp.accounts.tables import Clock, tokens, utc_now
from webapp.accounts.users import checked_name

# What a leaked token is known by, in logs and by scanners of source code.
_PREFIX = "gk_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret; ``revoked_at`` is None while it works. Times are UTC."""

    name: str
    created_at: datetime
    revoked_at: datetime | None


class Tokens:
    """The tokens, in the store's database."""

    def __init__(self, store: DocumentStore, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock

    def add(self, name: str) -> str:
        """Make a token; gives it whole, for the only time. Raises BadNameError, NameTakenError (also if revoked)."""
        secret = _PREFIX + new_secret()
        values = {"name": checked_name(name), "secret_hash": hash_secret(secret), "created_at": self._clock()}
        with self._store.writing() as writer:
            if writer.connection.scalar(select(tokens.c.name).where(tokens.c.name == name)):
                raise NameTakenError(f"there is, or was, a token {name!r}; take another name")
            writer.connection.execute(tokens.insert().values(**values))
        return secret

    def all(self) -> list[Token]:
        with self._store.reading() as connection:
            query = select(tokens.c.name, tokens.c.created_at, tokens.c.revoked_at).order_by(tokens.c.name)
            return [Token(*row) for row in connection.execute(query)]

    def name_of(self, secret: str) -> str | None:
        """The name of the token with this secret; None if there is none or it was revoked."""
        works = (tokens.c.secret_hash == hash_secret(secret)) & tokens.c.revoked_at.is_(None)
        with self._store.reading() as connection:
            return connection.scalar(select(tokens.c.name).where(works))

    def revoke(self, name: str) -> None:
        """Let it work no more. Raises UnknownNameError."""
        works = (tokens.c.name == name) & tokens.c.revoked_at.is_(None)
        with self._store.writing() as writer:
            if not writer.connection.execute(update(tokens).where(works).values(revoked_at=self._clock())).rowcount:
                raise UnknownNameError(f"no token {name!r} is in use; `gongkai token list` names them")
