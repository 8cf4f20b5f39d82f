"""A small fictional district (云溪区) to look at pages with: real store, real blobs, an engine that reads them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from corpus.blobs import BlobStore
from corpus.models import Attachment, Document, Kind, Original, Validity
from corpus.store import DocumentStore, sqlite_url

SITE = "https://www.yunxi.example.cn"

LOW_INCOME = "低保怎么申请"
NOTICE_ID = "yx-2023-012"
GUIDE_ID = "yx-guide-低保"
CATALOG_ID = "zwgk/目录/义务教育"
REPEALED_ID = "yx-2015-007"
HOSTILE_ID = "yx-hostile"
GONE_ID = "yx-gone"
WITHDRAWN_ID = "yx-withdrawn"
BARE_ID = "yx-bare"

WITHDRAWN_WORDS = "某某同志的身份证号码"

PDF_BYTES = b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
PAGE_BYTES = "<html><meta charset=gbk><title>关于加强…</title>".encode("gbk")

_NOTICE_BODY = """\
云溪区人民政府关于进一步加强最低生活保障工作的通知
云政发〔2023〕12号
各街道办事处、各镇人民政府，区政府各部门：
为切实保障困难群众基本生活，根据《社会救助暂行办法》和《云溪区社会救助实施细则》（云政发〔2021〕8号）的规定，结合我区实际，现就进一步加强最低生活保障（以下简称低保）工作通知如下。
一、准确认定低保对象
（一）户籍状况、家庭收入和家庭财产是认定低保对象的三个基本条件
持有本区常住户口的居民，共同生活的家庭成员人均收入低于当地低保标准，且家庭财产状况符合本区规定的，可以申请低保。申请低保以家庭为单位，由户主或者其代理人向户籍所在地的街道办事处、镇人民政府提出书面申请。
（二）家庭收入的计算
家庭收入是指共同生活的家庭成员在规定期限内的全部可支配收入，包括工资性收入、经营净收入、财产净收入和转移净收入。优待抚恤金、高龄津贴、见义勇为奖金不计入家庭收入。
二、规范审核审批程序
街道办事处、镇人民政府应当自受理申请之日起30个工作日内完成入户调查和审核，并将审核结果在申请人所在村（社区）公示7日。区民政局自收到审核意见之日起10个工作日内作出审批决定；不予批准的，应当书面告知申请人并说明理由。
三、调整低保标准
自2023年7月1日起，我区低保标准调整如下：
类别\t每人每月（元）\t月人均补差（元）
城市低保\t870\t560
农村低保\t675\t430
特困人员基本生活\t1131\t—
四、工作要求
各单位要加强组织领导，落实工作责任，对骗取低保待遇的，依法追回并给予处罚。区民政局要会同区财政局于每年12月底前开展一次专项检查。
本通知自2023年7月1日起施行，有效期五年。
附件：1. 最低生活保障申请表
2. 低保家庭经济状况核查授权书
云溪区人民政府
2023年6月15日
（此件主动公开）
"""

_GUIDE_BODY = """\
一、办理条件
具有本区户籍，共同生活的家庭成员人均收入低于低保标准，家庭财产状况符合规定。
二、申请材料
最低生活保障申请表、身份证、户口簿、收入证明、家庭经济状况核查授权书。
三、办理流程
申请人向户籍所在地街道办事处（镇人民政府）提出申请；街道办事处入户调查、民主评议；区民政局审批；公示后发放低保证。
四、办理时限
法定时限为40个工作日，承诺时限为22个工作日。
五、办理地点和咨询电话
云溪区政务服务中心二楼社会救助窗口，电话 0799-0000000。
"""

_CATALOG_BODY = "\n".join(
    [
        "云溪区义务教育领域基层政务公开标准目录",
        "序号\t一级事项\t二级事项\t公开内容（要素）\t公开依据\t公开时限\t公开主体\t公开渠道和载体\t公开对象",
        "1\t政策文件\t教育法律法规\t法律、行政法规、部门规章和规范性文件\t《中华人民共和国教育法》"
        "《中华人民共和国政府信息公开条例》\t自信息形成或变更之日起20个工作日内\t区教育局"
        "\t■政府网站 □政府公报 ■政务服务中心\t√全社会",
        "2\t招生管理\t学校介绍\t办学性质、办学地点、办学规模、办学基本条件、联系方式\t《中华人民共和国义务教育法》"
        "\t自信息形成或变更之日起20个工作日内\t区教育局\t■政府网站 ■入户/现场\t√全社会",
        "3\t招生管理\t招生政策\t义务教育招生工作的实施意见、公办学校施教区划分\t《中华人民共和国义务教育法》"
        "\t自信息形成之日起10个工作日内\t区教育局\t■政府网站 □公开查阅点\t√全社会",
    ]
)


def _documents(pdf: str, form: str) -> list[tuple[Document, Original | None]]:
    fetched = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    notice = Document(
        id=NOTICE_ID,
        title="云溪区人民政府关于进一步加强最低生活保障工作的通知",
        url=f"{SITE}/zwgk/zcwj/202306/t20230615_10012.html",
        site="云溪区人民政府",
        column="政策文件",
        kind=Kind.POLICY,
        document_number="云政发〔2023〕12号",
        issuers=("云溪区人民政府",),
        issued_on=date(2023, 6, 15),
        published_on=date(2023, 6, 19),
        effective_on=date(2023, 7, 1),
        validity=Validity.IN_FORCE,
        index_number="YX000-0201-2023-0012",
        subject="民政、扶贫、救灾",
        domain="social-assistance",
        source="云溪区人民政府办公室",
        body=_NOTICE_BODY,
        attachments=(
            Attachment(name="附件1：最低生活保障申请表.doc", url=f"{SITE}/files/a1.doc"),
            Attachment(name="低保家庭经济状况核查授权书", url=f"{SITE}/files/a2.pdf"),
            Attachment(name="附件3：旧版说明.rar", url=f"{SITE}/files/a3.rar"),
        ),
        fetched_at=fetched,
    )
    guide = Document(
        id=GUIDE_ID,
        title="最低生活保障申请办事指南",
        url=f"{SITE}/bszn/dibao.html",
        site="云溪区人民政府",
        column="办事指南",
        kind=Kind.GUIDE,
        issuers=("云溪区民政局",),
        published_on=date(2023, 8, 1),
        domain="social-assistance",
        body=_GUIDE_BODY,
        fetched_at=fetched,
    )
    catalog = Document(
        id=CATALOG_ID,
        title="云溪区义务教育领域基层政务公开标准目录",
        url=f"{SITE}/zwgk/bzml/ywjy.html",
        site="云溪区人民政府",
        column="标准目录",
        kind=Kind.CATALOG,
        issuers=("云溪区教育局",),
        published_on=date(2020, 9, 28),
        domain="compulsory-education",
        body=_CATALOG_BODY,
        fetched_at=fetched,
    )
    repealed = Document(
        id=REPEALED_ID,
        title="云溪区人民政府办公室关于印发《云溪区城乡低保操作规程（试行）》的通知",
        url=f"{SITE}/zwgk/zcwj/201504/t20150420_7.html",
        site="云溪区人民政府",
        column="政策文件",
        kind=Kind.POLICY,
        document_number="云政办发〔2015〕7号",
        issuers=("云溪区人民政府办公室",),
        issued_on=date(2015, 4, 20),
        published_on=date(2015, 4, 22),
        expires_on=date(2023, 7, 1),
        validity=Validity.REPEALED,
        domain="social-assistance",
        body="各街道办事处：\n现将《云溪区城乡低保操作规程（试行）》印发给你们，请遵照执行。申请低保按本规程办理。\n2015年4月20日",
        fetched_at=fetched,
    )
    hostile = Document(
        id=HOSTILE_ID,
        title='低保<script>alert(1)</script>"公告"&amp;',
        url="javascript:alert(1)",
        site='"><img src=x onerror=alert(2)>',
        kind=Kind.NOTICE,
        issuers=("<b>云溪区</b>民政局",),
        published_on=date(2022, 1, 5),
        body='低保<img src=x onerror="alert(3)">名单\n<td>甲</td>\t</table><script>alert(4)</script>',
        attachments=(Attachment(name='表"\r\nX-Evil: 1/../<x>.pdf', url="javascript:alert(5)"),),
    )
    gone = Document(
        id=GONE_ID,
        title="云溪区临时救助工作公告",
        url=f"{SITE}/zwgk/gg/1.html",
        kind=Kind.NOTICE,
        published_on=date(2021, 2, 1),
        body="临时救助工作有关事项公告如下。",
    )
    withdrawn = Document(
        id=WITHDRAWN_ID,
        title=f"公示：{WITHDRAWN_WORDS}",
        kind=Kind.NOTICE,
        body=WITHDRAWN_WORDS,
        attachments=(Attachment(name="名单.pdf", url=f"{SITE}/files/secret.pdf"),),
    )
    bare = Document(id=BARE_ID, title="云溪区人大常委会公告第3号")
    original_page = Original(
        sha256=form, media_type="text/html", name="t20230615_10012.html", size=len(PAGE_BYTES), parser="html/1"
    )
    original_pdf = Original(
        sha256=pdf, media_type="application/pdf", name="P020150420.pdf", size=len(PDF_BYTES), parser="pdf/1"
    )
    filler = [
        Document(
            id=f"yx-news-{number:03}",
            title=f"云溪区召开第{number}次低保工作专题会议",
            site="云溪区人民政府",
            column="工作动态",
            kind=Kind.NEWS,
            issuers=(f"云溪区第{number % 13 + 1}街道办事处",),
            published_on=date(2024, number % 12 + 1, number % 28 + 1),
            body="会议听取了低保工作情况汇报，研究部署下一步工作。" * 3,
        )
        for number in range(1, 61)
    ]
    return [
        (notice, original_page),
        (guide, None),
        (catalog, None),
        (repealed, original_pdf),
        (hostile, None),
        (gone, None),
        (withdrawn, original_pdf),
        (bare, None),
        *((document, None) for document in filler),
    ]


@dataclass(frozen=True, slots=True)
class World:
    store: DocumentStore
    blobs: BlobStore
    folder: Path
    pdf: str
    page: str
    secret: str


def build_world(folder: Path) -> World:
    """Store and blobs in a folder, with every state that a document can be in."""
    blobs = BlobStore(folder / "blobs")
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    pdf, page = blobs.put(PDF_BYTES), blobs.put(PAGE_BYTES)
    doc, secret = blobs.put(b"\xd0\xcf\x11\xe0 word"), blobs.put(b"%PDF-1.4 secret")
    store = DocumentStore.open(sqlite_url(folder / "store.db"))
    with store.writing() as writer:
        writer.put_many(_documents(pdf, page))
        writer.put_file(f"{SITE}/files/a1.doc", sha256=doc, size=10, media_type="application/msword")
        writer.put_file(f"{SITE}/files/a2.pdf", sha256=pdf, size=len(PDF_BYTES), media_type="application/pdf")
        writer.put_file(f"{SITE}/files/a3.rar", problem="rar is not read")
        writer.put_file(f"{SITE}/files/secret.pdf", sha256=secret, size=15, media_type="application/pdf")
        writer.put_file("javascript:alert(5)", sha256=pdf, size=len(PDF_BYTES), media_type="application/pdf")
        writer.mark_gone([GONE_ID])
        writer.withdraw(WITHDRAWN_ID, reason="个人信息", note="电话反映")
    return World(store, blobs, folder, pdf, page, secret)
