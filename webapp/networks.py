"""Whom does an address stand for?"""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """Whom an address stands for: with IPv6 a household or an office has a network of 64 bits (RFC 6177)."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:  # behind a Unix socket there is none
        return ""
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
