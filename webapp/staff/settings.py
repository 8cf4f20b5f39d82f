"""What can the operator say about the staff area?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSettings:
    """Settings of the staff area.

    ``secret_key`` signs the cookie. ``idle`` and ``absolute`` limit a session (OWASP, Session Management: 15–30 minutes
    and 4–8 hours for an office). ``secure_cookie`` keeps the cookie to HTTPS (and loopback); only a closed network
    without HTTPS turns it off. ``upload_bytes`` is what one upload may hold in all. ``proxies`` is how many reverse
    proxies stand in front and say in ``X-Forwarded-For`` and ``-Proto`` who asks; without it all who come through one
    share its lock-out. ``private_hosts`` (``host`` or ``host:port``) are portals at private addresses whose pages staff
    may have checked.
    """

    secret_key: str
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=8)
    secure_cookie: bool = True
    upload_bytes: int = 300 << 20
    proxies: int = 0
    private_hosts: tuple[str, ...] = ()
