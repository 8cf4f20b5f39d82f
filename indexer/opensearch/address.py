"""Where is a cluster, and what is the index called there? One address says both."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

# What the index is called where the address does not say it.
_NAME = "gongkai"


class Address(NamedTuple):
    """The nodes of a cluster as URLs, and the name of the index there."""

    nodes: tuple[str, ...]
    name: str


def read_address(url: str) -> Address:
    """Read ``http://node:9200,http://other:9200/NAME``: nodes, by commas, and the name of the index (``gongkai``).

    Raises ValueError for what is no such address.
    """
    nodes, name = [], _NAME
    for one in url.split(","):
        parts = urlsplit(one.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("there is no address of a node in it; write http://HOST:9200/NAME")
        nodes.append(f"{parts.scheme}://{parts.netloc}")
        name = parts.path.strip("/") or name
    if name != name.lower() or not name.replace("-", "").replace("_", "").isalnum() or not name[0].isalnum():
        raise ValueError(f"{name!r} is no name of an index; use small letters, digits, - and _")
    return Address(tuple(nodes), name)
