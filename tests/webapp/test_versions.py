"""`/documents/<id>/versions/<n>`: what a document said before, and what is different."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.models import Document, Kind
from corpus.store import DocumentStore, sqlite_url
from tests.webapp.conftest import ReadingClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import MemoryEngine
from webapp.factory import create_app
from webapp.views.versions import Change, changes_between
from webapp.web_settings import WebSettings

FIRST = Document(
    id="qh-fee",
    title="青禾市停车收费标准公告",
    kind=Kind.NOTICE,
    issued_on=date(2024, 3, 1),
    body="一、适用范围\n本市公共停车场。\n二、收费标准\n小型车每小时3元，每日最高20元。\n三、其他\n遇重大活动另行公告。",
)
SECOND = replace(FIRST, body=FIRST.body.replace("3元", "4元") + "\n本公告自2025年1月1日起执行。")
THIRD = replace(SECOND, title="青禾市公共停车场收费标准公告")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        for document in (FIRST, SECOND, THIRD):
            with store.writing() as writer:
                writer.put(document)
        app = create_app(MemoryEngine([THIRD]), store, BlobStore(tmp_path), WebSettings(place_name="青禾市"))
        yield ReadingClient(app, app.response_class)


def test_a_version_shows_what_was_taken_out_and_put_in_since_the_one_before(client: FlaskClient) -> None:
    page = read_page(client.get("/documents/qh-fee/versions/2"))
    assert text_of(page, "h1") == "第 2 版与第 1 版的差别"
    assert texts_of(page, ".changes del") == ["3"]
    assert texts_of(page, ".changes ins") == ["4", "本公告自2025年1月1日起执行。"]
    assert "没有改动的 2 段" in texts_of(page, ".changes summary")


def test_any_two_versions_can_be_compared_and_facts_with_them(client: FlaskClient) -> None:
    page = read_page(client.get("/documents/qh-fee/versions/3?against=1"))
    assert texts_of(page, ".changed-facts dt") == ["标题"]
    assert texts_of(page, ".changed-facts del") == ["青禾市停车收费标准公告"]
    assert texts_of(page, ".changes del") == ["3"]
    page = read_page(client.get("/documents/qh-fee/versions/3"))
    assert not page.select(".changes del, .changes ins")


def test_the_first_version_is_shown_whole(client: FlaskClient) -> None:
    page = read_page(client.get("/documents/qh-fee/versions/1"))
    assert texts_of(page, ".changes p") == FIRST.body.split("\n")


def test_the_document_leads_to_its_versions_and_each_to_the_others(client: FlaskClient) -> None:
    page = read_page(client.get("/documents/qh-fee"))
    (link,) = page.select(".doc-foot a[href*=versions]")
    links = read_page(client.get(str(link["href"]))).select(".version-list a")
    assert len(links) == 4
    assert {client.get(str(one["href"])).status_code for one in links} == {200}


@pytest.mark.parametrize(("address", "status"), [("9", 404), ("0", 404), ("2?against=x", 400), ("2?against=7", 404)])
def test_a_version_that_there_is_not_is_named(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(f"/documents/qh-fee/versions/{address}").status_code == status


def test_paragraphs_that_are_not_alike_are_two() -> None:
    changes = changes_between(replace(FIRST, body="旧办法停止执行。"), replace(FIRST, body="收费由物价部门核定公布。"))
    assert [[(piece.change, piece.text) for piece in change.pieces] for change in changes] == [
        [("-", "旧办法停止执行。")],
        [("+", "收费由物价部门核定公布。")],
    ]


def test_of_a_whole_book_that_changed_the_later_paragraphs_are_shown_whole() -> None:
    lines = [f"第{number}条 经营者应当接受监督，{'不得自行提高收费标准，' * 9}违者处罚。" for number in range(1, 301)]
    old = replace(FIRST, body="\n".join(lines))
    new = replace(FIRST, body="\n".join(line.replace("接受", "自觉接受") for line in lines))
    changes = changes_between(old, new)
    assert {piece.change for piece in changes[0].pieces} == {"", "+"}
    assert [piece.change for piece in changes[-1].pieces] == ["+"]
    assert changes[-1].pieces[0].text == lines[-1].replace("接受", "自觉接受")


def test_of_a_book_of_short_paragraphs_none_is_lost() -> None:
    old = [f"第{number}条 原文。" for number in range(5_000)]
    new = [
        "序言。",
        *(line.replace("原文", "新文") if number % 2 else line for number, line in enumerate(old)),
        "附则。",
    ]
    changes = changes_between(
        Document(id="book", title="汇编", body="\n".join([*old, "完。"])),
        Document(id="book", title="汇编", body="\n".join([*new, "完。"])),
    )
    shown = [line for change in changes for line in (change.folded or [_said(change, "-")])]
    assert [line for line in shown if line] == [*old, "完。"]
    shown = [line for change in changes for line in (change.folded or [_said(change, "+")])]
    assert [line for line in shown if line] == [*new, "完。"]


def _said(change: Change, side: str) -> str:
    return "".join(piece.text for piece in change.pieces if piece.change in ("", side))
