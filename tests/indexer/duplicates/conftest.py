"""A small district that has published some documents, and a checker over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import pytest

from corpus.models import CatalogEntry, Document, Original
from corpus.store import DocumentStore, sqlite_url
from indexer.duplicates.checker import Checker
from indexer.duplicates.model import CheckedDraft, Draft, Match
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine

SUBSIDY = """各镇人民政府，区直各单位：
为切实做好高龄老年人生活补贴发放工作，现就有关事项通知如下。
一、发放对象。具有本区户籍、年满八十周岁的老年人，自年满当月起按月享受高龄补贴，已享受机关离退休待遇的同样纳入。
二、发放标准。八十至八十九周岁每人每月100元，九十至九十九周岁每人每月200元，百岁以上每人每月500元。
三、办理程序。本人或者家属持身份证和户口簿到村（居）民委员会登记，镇民政办五个工作日内完成初审，区民政局每月十日前复核并通过一卡通发放。
四、动态管理。老年人去世或者户籍迁出的，自次月起停发；冒领补贴的，由镇人民政府负责追回，并依法追究责任。
五、经费保障。所需资金由区财政全额负担，列入年度预算，专款专用，不得截留挪用。
云澜区民政局
2024年3月12日"""

OUTAGE = """2024年5月6日云澜电网检修信息
检修时间：2024年5月6日7:00-18:00
检修影响范围：青石镇前进村、柳林村
作业内容：10千伏青石线12号杆更换绝缘子
温馨提示：停电期间请妥善安排生产生活，注意用电安全，提前送电恕不另行通知，详情可拨打供电服务热线咨询。"""

OUTAGE_LATER = """2024年6月18日云澜电网检修信息
检修时间：2024年6月18日6:30-17:00
检修影响范围：南湖街道滨河社区、望江社区
作业内容：10千伏滨河线03号柱上开关消缺
温馨提示：停电期间请妥善安排生产生活，注意用电安全，提前送电恕不另行通知，详情可拨打供电服务热线咨询。"""

DOCUMENTS = (
    Document(
        id="subsidy",
        title="云澜区民政局关于做好高龄老年人生活补贴发放工作的通知",
        document_number="云澜民规〔2024〕3号",
        issuers=("云澜区民政局",),
        column="部门文件",
        published_on=date(2024, 3, 14),
        body=SUBSIDY,
    ),
    Document(id="outage", title="2024年5月6日云澜电网检修信息", published_on=date(2024, 5, 1), body=OUTAGE),
    Document(id="plan", title="云澜区“十四五”社会事业发展规划", published_on=date(2022, 1, 5), body="正文见附件"),
    Document(
        id="school",
        title="云澜区教育体育局关于义务教育招生工作的意见",
        published_on=date(2023, 5, 4),
        body="招生坚持免试就近入学，划片范围由区教育体育局会同镇人民政府确定并提前公布。\n"
        "随迁子女凭居住证登记入学，材料齐全的当场受理，公办学校不得拒收，不得收取与入学挂钩的费用。\n"
        "民办学校与公办学校同步招生，报名人数超过计划的实行电脑随机录取，录取结果当天公布。",
    ),
    Document(
        id="catalog",
        title="云澜区养老服务领域基层政务公开标准目录",
        published_on=date(2023, 9, 1),
        body="养老服务领域公开事项一览表，由区民政局编制，供各镇和街道对照执行并每年更新一次。",
        entries=(
            CatalogEntry(
                item="养老服务业务办理", subitem="养老机构备案", publisher="区民政局", content="备案条件、流程"
            ),
        ),
    ),
)


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Callable[..., Checker]]:
    """Publishes documents (with the SHA-256 of their bytes, if any), indexes them and gives a checker over them."""
    with ExitStack() as stack:

        def publish(*documents: Document, sha256: str = "") -> Checker:
            store = stack.enter_context(DocumentStore.open(sqlite_url(tmp_path / "store.db")))
            original = Original(sha256=sha256, media_type="text/plain", name="a.txt", size=1, parser="text/2")
            with store.writing() as writer:
                writer.put_many([(document, original if sha256 else None) for document in documents])
            folder = IndexFolder(tmp_path / "index")
            bring_up(store, folder)
            return Checker(store, folder, stack.enter_context(closing(WhooshEngine(folder))))

        yield publish


@pytest.fixture
def checker(published: Callable[..., Checker]) -> Checker:
    return published(*DOCUMENTS)


def draft(body: str, title: str = "", **fields: object) -> Draft:
    """A draft with this text."""
    return Draft(name="草稿", document=Document(id="", title=title, body=body, **fields))  # type: ignore[arg-type]


def best(answer: CheckedDraft) -> Match:
    """The first of the matches."""
    return answer.matches[0]
