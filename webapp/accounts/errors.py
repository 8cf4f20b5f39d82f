"""What can go wrong with accounts.

AccountError              the message names the value and the remedy, in English: the shell shows it
├── BadNameError          no name of an account or token can be written so
├── NameTakenError        an account or token has this name already
├── UnknownNameError      no account or token has this name
├── WeakPasswordError     the password is too easy to guess
└── LockedOutError        too many failed sign-ins; tells when the next may be tried
"""

from __future__ import annotations

from datetime import datetime


class AccountError(Exception):
    """Root of all errors of this package."""


class BadNameError(AccountError):
    """No name of an account or token can be written so."""


class NameTakenError(AccountError):
    """An account or token has this name already."""


class UnknownNameError(AccountError):
    """No account or token has this name."""


class WeakPasswordError(AccountError):
    """The password is too easy to guess."""


class LockedOutError(AccountError):
    """Too many failed sign-ins; ``until`` (UTC) is when the next may be tried."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"too many failed sign-ins; try again after {until:%Y-%m-%d %H:%M:%S} UTC")
