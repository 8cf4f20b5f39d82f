"""Is this the password, and is a new one good enough? Argon2id; nothing but a hash is ever kept."""

from __future__ import annotations

import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.accounts.errors import WeakPasswordError

# OWASP, Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. RFC 9106's 64 MiB would let a burst of
# sign-ins on all threads of a small server take a gigabyte.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1

# NIST SP 800-63B: length counts, rules about kinds of characters do not; the upper end bounds the work.
MIN_LENGTH = 12
MAX_LENGTH = 128
_MIN_DIFFERENT = 6

# What guessing begins with: rows of the keyboard and words, in lower case.
_GUESSED_FIRST = ("password", "qwerty", "123456", "654321", "abcdef", "111111", "asdfgh", "admin", "gongkai", "zwgk")


class Passwords:
    """Hashes and checks passwords; safe to share between threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Is it the password of this hash? None (no such account) takes as long and is False."""
        try:
            self._hasher.verify(password_hash or self._nobody, _normal(password[:MAX_LENGTH]))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_dated(self, password_hash: str) -> bool:
        """Was it made with other parameters than today's?"""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")


def check_strength(password: str, name: str) -> None:
    """Raises WeakPasswordError, saying what is wrong with the password as one for the account ``name``."""
    plain = _normal(password).casefold()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPasswordError(f"the password must have {MIN_LENGTH} to {MAX_LENGTH} characters, not {len(password)}")
    if len(set(plain)) < _MIN_DIFFERENT:
        raise WeakPasswordError(f"the password must have at least {_MIN_DIFFERENT} different characters")
    if name.casefold() in plain:
        raise WeakPasswordError("the password must not contain the account's name")
    rest = plain
    for guess in _GUESSED_FIRST:
        rest = rest.replace(guess, "")
    if len(rest) < MIN_LENGTH // 2:
        raise WeakPasswordError("the password is little more than a word or a row of keys that is guessed first")


def _normal(password: str) -> str:
    """The same characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)
