"""The listed pairs of a real portal: the duplicates, those that must not be merged, and the pages that say nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.models import Document
from corpus.parsers import Source
from corpus.parsers.text import parse_text
from corpus.records import document_from_record
from indexer.duplicates.checker import Checker
from indexer.duplicates.drafts import draft_of_published
from indexer.duplicates.model import Verdict

pytestmark = pytest.mark.realdata

DUPLICATES = (
    ("108348", "108352"), ("108348", "108354"), ("108352", "108355"), ("108354", "108355"), ("21652", "21653"),
    ("21388", "21402"), ("21505", "21508"), ("38109", "38110"),
)  # fmt: skip
OTHERS = (
    ("21449", "21388"), ("21449", "21402"), ("102272", "104937"), ("108715", "108738"), ("108630", "108631"),
    ("38280", "38281"),
)  # fmt: skip
SILENT = ("24150", "24151", "38214", "38215", "21581", "21584")


def with_fields(path: Path) -> Document:
    """The page with the fields of its header, as a crawl would give it."""
    head, _, body = path.read_text("utf-8").partition("==================== 正文 ====================")
    fields = dict(re.findall(r"^(\S+?): ?(.*)$", head, re.MULTILINE))
    record = {
        "id": path.stem,
        "title": fields.get("标题") or path.stem,
        "published_on": fields.get("发布时间", "")[:10],
    }
    return document_from_record({**record, "issuer": fields.get("发布机构", ""), "body": body.strip()})


def as_a_file(path: Path) -> Document:
    """The page as `gongkai ingest` reads the file, its header a part of the text."""
    return parse_text(Source(data=path.read_bytes(), name=path.name)).to_document(path.stem, url="", site="")


@pytest.mark.parametrize("read", [with_fields, as_a_file])
def test_every_listed_pair_is_right(
    published: Callable[..., Checker], realdata: Path, read: Callable[[Path], Document]
) -> None:
    paths = sorted((realdata / "pages" / "pingtan").glob("*.txt"))
    checker = published(*(read(path) for path in paths))

    def check(document_id: str) -> tuple[Verdict, dict[str, Verdict]]:
        stored = checker._store.get(document_id)
        assert stored is not None
        answer = checker.check(draft_of_published(stored))
        return answer.verdict, {made.document_id: made.verdict for made in answer.matches}

    for one, other in DUPLICATES:
        assert check(one)[1][other].is_duplicate, (one, other)
        assert check(other)[1][one].is_duplicate, (other, one)
    for one, other in OTHERS:
        assert not check(one)[1].get(other, Verdict.NOT_FOUND).is_duplicate, (one, other)
        assert not check(other)[1].get(one, Verdict.NOT_FOUND).is_duplicate, (other, one)
    assert {document_id: check(document_id)[0] for document_id in SILENT} == dict.fromkeys(
        SILENT, Verdict.NOT_COMPARABLE
    )
