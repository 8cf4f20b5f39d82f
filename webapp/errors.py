"""What can go wrong between a request and its page.

WebError
├── BadParameterError   a known parameter that cannot be read: 400, names it and what is allowed
├── NotHereError        there is no such document or file: 404, names it
├── WithdrawnError      the document was taken down: 410, date and class of reason only
└── LostFileError       the store says that the bytes are kept, but they are not: 500, for whoever runs this

The messages are what people read, so they are in Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.stored import Withdrawal

if TYPE_CHECKING:
    from webapp.params import SearchRequest


class WebError(Exception):
    """Root of all errors of this package; the message names the bad value and the remedy."""


class BadParameterError(WebError):
    """A known parameter that cannot be read; ``allowed`` says what can be."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        self.name, self.allowed = name, allowed
        self.value = value if len(value) <= 60 else f"{value[:60]}…"
        super().__init__(f"参数 {name} 不能是“{self.value}”：{allowed}")


class NotHereError(WebError):
    """There is no such thing; ``what`` is its kind (文件, 附件 …), ``name`` how it was asked for."""

    def __init__(self, what: str, name: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        self.name = name if len(name) <= 120 else f"{name[:120]}…"
        super().__init__(f"没有找到{what}“{self.name}”。{remedy}")


class WithdrawnError(WebError):
    """The document was taken down (撤下); None where the audit line itself is missing.

    ``nearest`` are searches, by what they are called, that find others of its kind and issuers; nothing tells its text.
    """

    def __init__(self, withdrawal: Withdrawal | None, nearest: Sequence[tuple[str, SearchRequest]] = ()) -> None:
        self.withdrawal, self.nearest = withdrawal, tuple(nearest)
        super().__init__("这份文件已经撤下")


class LostFileError(WebError):
    """The store names bytes that the blob store does not have."""

    def __init__(self, sha256: str, name: str) -> None:
        self.sha256, self.name = sha256, name
        super().__init__(f"“{name}”的字节（SHA-256 {sha256}）不在 blobs 文件夹里；请从备份恢复")
