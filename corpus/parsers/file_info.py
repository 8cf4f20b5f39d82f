"""What does a file say of itself, apart from what its program wrote there when nobody told it?"""

from __future__ import annotations

from collections.abc import Mapping

from corpus.parsers.rules import any_of

_FILLED_IN = ("author", "title", "subject", "creator")


def told(info: Mapping[str, str]) -> dict[str, str]:
    """Without empty values, and without an author, title, subject or creator that nobody chose (``(anonymous)``,
    ``Administrator``, ``Microsoft Word - 1.doc``). The rules are ``data/file_info.tsv``."""
    return {key: value for key, value in info.items() if value and not _is_default(key, value)}


def _is_default(key: str, value: str) -> bool:
    return key in _FILLED_IN and any_of("file_info", key).fullmatch(value.strip()) is not None
