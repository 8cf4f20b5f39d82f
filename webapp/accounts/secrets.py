"""How are secrets made and kept? Random for cookies and tokens, of which only hashes are kept; one key that signs."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy import select

from corpus.shared import is_shared
from corpus.store import DocumentStore
from webapp.accounts.tables import shared_secrets

# OWASP asks at least 128 bits of a session's secret; so many bytes are 256.
_BYTES = 32

_SIGNING = "signing"


def new_secret() -> str:
    """A secret nobody can guess, in characters that pass through headers and cookies."""
    return secrets.token_urlsafe(_BYTES)


def hash_secret(secret: str) -> str:
    """What is kept of it. It is random, so a fast hash is as safe as a slow one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def shared_signing_key(store: DocumentStore, folder: Path) -> str:
    """The key that signs cookies and forms, the same on every machine that uses the store: kept in its database where
    that serves many machines, else in the data folder (see `signing_key`).

    Who reads the database gains little by it: a cookie carries a session's secret, of which the database has a hash.
    """
    if not is_shared(store.engine):
        return signing_key(folder)
    query = select(shared_secrets.c.value).where(shared_secrets.c.name == _SIGNING)
    with store.reading() as connection:
        known: str | None = connection.scalar(query)
    if known is not None:
        return known
    with store.writing() as writer:
        known = writer.connection.scalar(query)  # another server may have been first
        if known is None:
            known = new_secret()
            writer.connection.execute(shared_secrets.insert().values(name=_SIGNING, value=known))
    return known


def signing_key(folder: Path) -> str:
    """The key that signs cookies, from the file ``secret.key`` in the data folder; made there, mode 0600, when there
    is none. All workers get the same one."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".secret-{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_secret())
        try:
            path.hardlink_to(draft)  # it appears whole, and only if there is none
        except FileExistsError:
            pass  # another worker was first
        finally:
            draft.unlink()
    return path.read_text("ascii")
