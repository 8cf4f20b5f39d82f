"""Which rows of a catalog are answered by what is published, on what evidence, and which seem late?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from corpus.models import CatalogEntry, Document, Kind, Method
from corpus.store import DocumentStore, sqlite_url
from indexer.coverage import CoveredRow, Status, coverage
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine

TODAY = date(2024, 11, 20)


def row(item: str, subitem: str, **fields: object) -> CatalogEntry:
    return CatalogEntry(item=item, subitem=subitem, **{"publisher": "区民政局", **fields})  # type: ignore[arg-type]


ROWS = (
    row("社会救助", "临时救助对象名单", content="救助对象姓名、救助金额", time_limit="信息形成之日起20个工作日内"),
    row("社会救助", "特困人员供养标准", time_limit="每年公开"),
    row("养老服务", "办事指南", content="办理条件、办理材料"),
    row("殡葬服务", "办事指南", content="办理条件、办理材料"),
    row("养老服务", "养老机构备案信息", time_limit="自备案之日起10个工作日内"),
    row("社会救助", "年度救助情况", period="2023"),
    row("社会救助", "个案核查材料", methods=(Method.ON_REQUEST,)),
)
OFFICE = ("云澜区民政局",)
DOCUMENTS = (
    Document(
        id="catalog", title="云澜区民政领域标准目录", kind=Kind.CATALOG, body="临时救助对象名单、办事指南", entries=ROWS
    ),
    Document(
        id="list",
        title="云澜区2024年第三批临时救助对象名单",
        issuers=OFFICE,
        issued_on=date(2024, 9, 2),
        published_on=date(2024, 10, 15),
        body="救助对象姓名：陈某某，救助金额：2000元。",
    ),
    Document(
        id="standard",
        title="关于调整特困人员供养标准的通知",
        issuers=OFFICE,
        published_on=date(2021, 7, 1),
        body="特困人员供养标准调整为每人每月1200元。",
    ),
    Document(
        id="guide",
        title="养老服务补贴办事指南",
        issuers=OFFICE,
        published_on=date(2024, 5, 1),
        body="办理条件、办理材料",
    ),
    Document(
        id="old", title="2021年度社会救助情况", issuers=OFFICE, published_on=date(2022, 1, 9), body="年度救助情况如下。"
    ),
    Document(
        id="other",
        title="养老机构食品安全检查",
        issuers=("云澜区市场监督管理局",),
        published_on=date(2024, 6, 3),
        body="对养老机构的厨房进行检查。",
    ),
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, CoveredRow]]:
    """What was found of each row, by item and sub-item."""
    data: Path = tmp_path_factory.mktemp("coverage")
    folder = IndexFolder(data / "index")
    with DocumentStore.open(sqlite_url(data / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(document, None) for document in DOCUMENTS])
        bring_up(store, folder)
        with closing(WhooshEngine(folder)) as engine:
            yield {f"{found.item} {found.subitem}": found for found in coverage(store, engine, TODAY)}


def test_every_row_that_is_to_be_public_by_itself_is_looked_up(rows: dict[str, CoveredRow]) -> None:
    assert len(rows) == len(ROWS) - 1
    assert "社会救助 个案核查材料" not in rows


def test_what_answers_a_row_is_shown_with_its_evidence_and_the_catalog_itself_is_not(
    rows: dict[str, CoveredRow],
) -> None:
    found = rows["社会救助 临时救助对象名单"]
    assert [made.document_id for made in found.answering] == ["list"]
    assert found.answering[0].name_in_title == 1.0
    assert found.answering[0].same_publisher
    assert "发布机构相同" in found.answering[0].evidence


def test_a_name_that_several_items_share_is_no_evidence_without_the_item(rows: dict[str, CoveredRow]) -> None:
    assert [made.document_id for made in rows["养老服务 办事指南"].answering] == ["guide"]
    assert rows["殡葬服务 办事指南"].status is Status.MISSING


def test_what_only_sounds_alike_is_not_found(rows: dict[str, CoveredRow]) -> None:
    assert rows["养老服务 养老机构备案信息"].status is Status.MISSING


def test_a_document_of_another_year_does_not_answer_a_row_of_one_year(rows: dict[str, CoveredRow]) -> None:
    assert rows["社会救助 年度救助情况"].status is Status.MISSING


def test_days_between_issue_and_publication_are_counted_as_working_days(rows: dict[str, CoveredRow]) -> None:
    found = rows["社会救助 临时救助对象名单"]
    assert found.status is Status.LATE
    assert found.answering[0].late == "成文后 27 个工作日发布，时限 20 个工作日"


def test_what_is_to_come_every_year_and_did_not_is_told(rows: dict[str, CoveredRow]) -> None:
    found = rows["社会救助 特困人员供养标准"]
    assert (found.status, found.late) == (Status.LATE, "每年公开，最近一次是 2021-07-01")
