"""A fictional district (云澜区) with published documents, a real index, and a staff area over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from corpus.blobs import BlobStore
from corpus.models import Document, Kind
from corpus.store import DocumentStore, sqlite_url
from indexer.duplicates.checker import Checker
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from webapp.accounts.users import Role
from webapp.factory import create_app
from webapp.staff.services import Staff
from webapp.staff.settings import StaffSettings
from webapp.staff.withdrawal import Takedowns
from webapp.web_settings import WebSettings

STAFF, ADMIN = "chen", "lin"
PASSWORD = "云澜湖畔的十二棵老柳树和桥"
ID_CARD = "360121199003070013"

ALLOWANCE_ID, REPOST_ID, OUTAGE_ID, LIST_ID = "yl-allowance", "yl-repost", "yl-outage", "yl-list"

ALLOWANCE = """各镇人民政府、街道办事处，区直各单位：
为积极应对人口老龄化，完善老年人福利制度，现将高龄津贴发放有关事项通知如下。
一、发放对象。具有本区户籍、年满八十周岁的老年人，自年满八十周岁的当月起享受高龄津贴。
二、发放标准。八十至八十九周岁每人每月100元，九十至九十九周岁每人每月200元，百岁以上每人每月500元。
三、申请程序。由老年人本人或者其亲属持户口簿、身份证到户籍所在地的村（居）委会提出申请，街道办事处在五个工作日内完成初审，区民政局在十个工作日内完成审核。
四、资金保障。高龄津贴所需资金列入区级财政预算，由区财政局按季度拨付，区民政局通过社会保障卡按月发放，任何单位和个人不得截留、挤占、挪用。
五、监督管理。村（居）委会每半年核对一次享受人员的生存状况，对冒领、多领的津贴依法予以追回。
本通知自2023年7月1日起施行。"""

_OUTAGE = """因供水管网改造施工，经研究决定，对以下区域实施计划停水，现将有关事项公告如下。
停水时间：{day}8时至20时。
停水区域：{place}沿线居民小区、学校和商铺。
请以上区域的用户提前做好储水准备，恢复供水初期如有水质浑浊现象，请放水片刻后再使用。
因停水给您带来不便，敬请谅解。服务热线：{phone}。"""


def outage(day: str, place: str, phone: str) -> str:
    return _OUTAGE.format(day=day, place=place, phone=phone)


def documents() -> list[Document]:
    notice = Document(
        id=ALLOWANCE_ID,
        title="云澜区人民政府办公室关于发放高龄津贴的通知",
        url="https://www.yunlan.example.cn/zwgk/1101.html",
        column="政府文件",
        kind=Kind.POLICY,
        document_number="云澜政办发〔2023〕7号",
        issuers=("云澜区人民政府办公室",),
        published_on=date(2023, 6, 12),
        body=ALLOWANCE,
    )
    return [
        notice,
        replace(
            notice,
            id=REPOST_ID,
            url="https://www.yunlan.example.cn/mzj/22.html",
            column="民政动态",
            issuers=("云澜区民政局",),
            published_on=date(2023, 6, 15),
        ),
        Document(
            id=OUTAGE_ID,
            title="云澜区供水有限公司计划停水公告",
            url="https://www.yunlan.example.cn/gsgg/31.html",
            column="公示公告",
            kind=Kind.NOTICE,
            issuers=("云澜区供水有限公司",),
            published_on=date(2024, 3, 1),
            body=outage("2024年3月5日", "滨河路", "0799-6210000"),
        ),
        Document(
            id=LIST_ID,
            title="云澜区2024年危房改造补助对象名单公示",
            url="https://www.yunlan.example.cn/gsgg/45.html",
            column="公示公告",
            kind=Kind.NOTICE,
            issuers=("云澜区住房和城乡建设局",),
            published_on=date(2024, 5, 6),
            body=f"姓名\t身份证号\t补助金额（元）\n陈某某\t{ID_CARD}\t24000\n名单公示七日，如有异议请向区住建局反映。",
        ),
        *(
            Document(
                id=f"yl-news-{number}",
                title=f"云澜区召开第{number}次农村人居环境整治推进会",
                column="工作动态",
                kind=Kind.NEWS,
                published_on=date(2024, number, 3),
                body=f"会议通报了第{number}季度整治情况，参会代表共{number * 7}人，围绕厕所改造、垃圾清运作了发言。",
            )
            for number in range(1, 5)
        ),
    ]


@dataclass
class District:
    """What the tests look at: the data folder, its store, and the staff area's services."""

    data: Path
    store: DocumentStore
    engine: WhooshEngine
    staff: Staff
    app: Flask

    def close(self) -> None:
        self.staff.close()
        self.engine.close()
        self.store.close()

    def draft_files(self) -> list[Path]:
        """Every file in the folders of drafts."""
        return [path for path in (self.data / "drafts").rglob("*") if path.is_file()]


def prepare_data(data: Path) -> None:
    """A data folder in which the documents are indexed."""
    (data / "blobs").mkdir(parents=True)
    with DocumentStore.open(sqlite_url(data / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(document, None) for document in documents()])
        bring_up(store, IndexFolder(data / "index"))


def open_district(data: Path, **settings: Any) -> District:
    """The district of a data folder, with two accounts; ``settings`` are of the staff area."""
    store, blobs, index = DocumentStore.open(sqlite_url(data / "store.db")), BlobStore(data / "blobs"), data / "index"
    engine = WhooshEngine(IndexFolder(index))
    staff_settings = StaffSettings(secret_key="云澜" * 16, **{"upload_bytes": 20 << 20, **settings})
    staff = Staff(
        store,
        data,
        Checker(store, IndexFolder(index), engine),
        engine,
        Takedowns(store, IndexFolder(index)),
        staff_settings,
    )
    staff.users.add(STAFF, PASSWORD, Role.STAFF)
    staff.users.add(ADMIN, PASSWORD, Role.ADMIN)
    app = create_app(engine, store, blobs, WebSettings(place_name="云澜区"), staff)
    return District(data, store, engine, staff, app)
