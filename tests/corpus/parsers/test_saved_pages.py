"""Every saved page comes out as a person reads it; the run ends with a table, page by page.

``expected_pages.json`` was written by hand from the pages. A field that a page does not show is not in it; ``""`` says
that the page shows the label and nothing (无). Texts are compared with the extraction of another author.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.parsers import Link, Parsed, Source, Verdict
from corpus.parsers.html import parse_html
from tests.corpus.parsers.conftest import AddToTable

pytestmark = pytest.mark.realdata

EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "expected_pages.json").read_text("utf-8"))
ARTICLES = [page for page, fields in EXPECTED.items() if fields["verdict"] == "article"]
LISTINGS = [page for page, fields in EXPECTED.items() if fields["verdict"] == "listing"]
FIELDS = (
    "title",
    "published_on",
    "source",
    "column",
    "document_number",
    "index_number",
    "issued_on",
    "validity",
    "issuer",
    "subject",
)


def read(realdata: Path, page: str) -> Parsed:
    return parse_html(Source(data=(realdata / "pages" / page).read_bytes(), url=EXPECTED[page].get("url", "")))


def value(parsed: Parsed, field: str) -> str:
    found = parsed.issuers if field == "issuer" else getattr(parsed, field)
    return "、".join(found) if isinstance(found, tuple) else str(found)


def other_authors_text(path: Path) -> str:
    """Without its header, white space, and the page furniture that some of these texts begin and end with."""
    text = re.sub(r"\s", "", path.read_text("utf-8").split("= 正文 =", 1)[-1].lstrip("= "))
    if text.startswith("当前位置"):
        text = text.partition("微信微博QQ空间")[2]
        text = re.sub(r"来源：[^：]*附件下载.*$", "", text)
    return text


def check_text(parsed: Parsed, expected: Mapping[str, Any], other: Path) -> bool:
    if other.is_file():
        return re.sub(r"\s", "", parsed.body) == other_authors_text(other)
    if not expected["starts"]:
        return parsed.body == ""
    return parsed.body.startswith(expected["starts"]) and parsed.body.endswith(expected["ends"])


@pytest.mark.parametrize("page", ARTICLES)
def test_an_article_reads_as_a_person_reads_it(page: str, realdata: Path, page_table: AddToTable) -> None:
    expected = EXPECTED[page]
    parsed = read(realdata, page)
    cells = {"verdict": "ok" if parsed.verdict is Verdict.ARTICLE else parsed.verdict.value}
    cells |= {
        field: "ok" if value(parsed, field) == expected[field] else f"{value(parsed, field)!r}"
        for field in FIELDS
        if field in expected
    }
    other = (realdata / "pages" / page).with_suffix(".txt")
    cells["text"] = "ok" if check_text(parsed, expected, other) else "differs"
    files = [link.text for link in parsed.attachments]
    cells["files"] = "ok" if files == expected["files"] else f"{files!r}"
    page_table(page, cells)
    assert {name: cell for name, cell in cells.items() if cell != "ok"} == {}


@pytest.mark.parametrize("page", LISTINGS)
def test_a_listing_gives_its_rows(page: str, realdata: Path, page_table: AddToTable) -> None:
    expected = EXPECTED[page]
    parsed = read(realdata, page)
    base = "" if expected["rows"] and expected["rows"][0][0].startswith("http") else expected["url"]
    rows = [{"url": base + url, "title": title, "published_on": day} for url, title, day in expected["rows"]]
    wanted = [Link(base + url, title) for url, title, _ in expected["rows"]] + [
        Link(*link) for link in expected.get("links", [])
    ]
    cells = {
        "verdict": "ok" if parsed.verdict is Verdict.LISTING else parsed.verdict.value,
        "column": "ok" if parsed.column == expected["column"] else repr(parsed.column),
        "rows": "ok" if parsed.extra["rows"] == rows else "differ",
        "links": "ok" if set(wanted) <= set(parsed.links) else "missing",
    }
    page_table(page, cells)
    assert {name: cell for name, cell in cells.items() if cell != "ok"} == {}


# What these pages say nowhere else.
ONLY_IN_TAGS = {
    ("portals/handan_details.jsp", "source"),
    ("portals/handan_details.jsp", "column"),
    ("portals/wjmoe.gov.cn.html", "column"),
}
MARKS = r"(?i)TRS_Editor|article_content(_01)?|trs_editor_view|TRS_UEDITOR|id=.zoom.|bt_content|article-con\b"


@pytest.mark.parametrize("page", [page for page in ARTICLES if "title" in EXPECTED[page]])
def test_a_page_without_its_meta_tags_still_shows_its_fields(page: str, realdata: Path) -> None:
    """The tags and the names of the containers are taken away: what remains is what a person sees."""
    markup = (realdata / "pages" / page).read_text("utf-8")
    markup = re.sub(MARKS, "unknown", re.sub(r"(?i)<meta\s[^>]*name=[^>]*>", "", markup))
    parsed = parse_html(Source(data=markup.encode()))
    wrong = {
        field: value(parsed, field)
        for field in FIELDS
        if field in EXPECTED[page]
        and value(parsed, field) != EXPECTED[page][field]
        and (page, field) not in ONLY_IN_TAGS
        and (parsed.body or field not in {"issuer", "issued_on"})
    }
    assert (parsed.verdict, wrong) == (Verdict.ARTICLE, {})


@pytest.mark.parametrize("page", list(EXPECTED))
def test_no_link_is_a_template_leftover(page: str, realdata: Path) -> None:
    parsed = read(realdata, page)
    assert all(re.match(r"https?://[\w.-]+", link.url) for link in parsed.links)
    assert not [link for link in parsed.links if re.search(r"\{\{|javascript|el\.url|chnldocurl", link.url)]
    assert len({link.url for link in parsed.links}) == len(parsed.links)


@pytest.mark.parametrize("charset", ["gbk", "gb18030", "big5hkscs", "utf-16"])
def test_a_wrong_declaration_does_no_harm(charset: str, realdata: Path) -> None:
    """The page says utf-8 in its markup and in its header; its bytes are something else."""
    page = realdata / "pages" / "pingtan" / "102272.html"
    text = page.read_text("utf-8")
    if charset == "big5hkscs":  # traditional characters only: what Big5 cannot write is no test of reading it
        text = text.encode(charset, errors="ignore").decode(charset)
    as_published = parse_html(Source(data=text.encode()))
    recoded = Source(data=text.encode(charset, errors="ignore"), content_type="text/html; charset=utf-8")
    parsed = parse_html(recoded)
    assert (parsed.title, parsed.body, parsed.index_number) == (
        as_published.title,
        as_published.body,
        as_published.index_number,
    )
    assert parsed.problems == ()
