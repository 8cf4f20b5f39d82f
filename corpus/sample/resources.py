"""What does one URL of the portal answer?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property

HTML = "text/html; charset=utf-8"
HTML_UNDECLARED = "text/html"  # the encoding stands in the page's own meta, or nowhere
OPENED = datetime.fromisoformat("2019-01-02T09:00:00+08:00")  # the Last-Modified of what has no date of its own


@dataclass(frozen=True)
class Resource:
    """A stored answer: its bytes, type and status. ``location`` makes it a redirect."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime = OPENED
    location: str | None = None

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> str:
        """The HTTP date of ``modified`` (RFC 9110, 8.8.2)."""
        return format_datetime(self.modified.astimezone(UTC), usegmt=True)
