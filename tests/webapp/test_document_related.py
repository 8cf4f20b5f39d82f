"""What stands beside a document: citations both ways, what replaced it, its guide, and how it is carried away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from bs4 import BeautifulSoup
from docx.shared import Pt
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore, sqlite_url
from indexer.errors import IndexMissingError
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.test_citation_links import CLEARED, DRAFT, NEW, OLD, READING, RULES
from tests.webapp.conftest import MakeClient, ReadingClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import FailingEngine
from tests.webapp.world import GUIDE_ID, NOTICE_ID
from webapp.exports.docx import docx_bytes
from webapp.factory import create_app
from webapp.views.body import read_blocks
from webapp.views.documents import DOCX
from webapp.web_settings import WebSettings

PUBLIC = "https://gk.qinghe.example.cn"
GUIDE = Document(
    id="guide", title="高龄津贴申领办事指南", kind=Kind.GUIDE, body="凭身份证到社区申领。", issuers=("青禾市民政局",)
)
# Enough of other matters that the words of this one are not common.
OTHERS = [Document(id=f"other-{number}", title=f"第{number}号道路养护公告", body="养护施工。") for number in range(30)]

ENDED = replace(OLD, validity=Validity.REPEALED)

Read = Callable[[str], BeautifulSoup]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("related")
    with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
        with store.writing() as writer:
            for document in (ENDED, NEW, READING, DRAFT, RULES, CLEARED, GUIDE, *OTHERS):
                writer.put(document)
        bring_up(store, IndexFolder(folder / "index"))
        engine = WhooshEngine(IndexFolder(folder / "index"))
        app = create_app(engine, store, BlobStore(folder), WebSettings(public_url=PUBLIC))
        yield ReadingClient(app, app.response_class)


@pytest.fixture(scope="module")
def read(city: FlaskClient) -> Read:
    return lambda document_id: read_page(city.get(f"/documents/{document_id}"))


def belongs(page: BeautifulSoup) -> dict[str, list[str]]:
    """Headings and the documents beneath them, by id."""
    return {
        part.select("h3")[0].get_text(): [
            str(link["href"]).rpartition("/")[2] for link in part.select(".related-list a")
        ]
        for part in page.select(".belongs > section")
    }


def test_a_policy_stands_with_its_interpretation_its_guide_and_what_it_cites(read: Read) -> None:
    assert belongs(read("new")) == {
        "政策解读": ["reading"],
        "办事指南": ["guide"],
        "引用": ["old"],
        "相似文件": ["rules", "draft"],
    }


def test_an_interpretation_leads_to_its_policy(read: Read) -> None:
    assert belongs(read("reading"))["引用"] == ["new"]


def test_a_replaced_document_leads_to_what_replaced_it(read: Read) -> None:
    page = read("old")
    (link,) = page.select(".notice-warn a")
    assert link["href"] == "/documents/new"
    assert belongs(page)["被引用"] == ["cleared"]


def test_a_repealed_hit_says_so_and_leads_to_what_replaced_it(city: FlaskClient) -> None:
    page = read_page(city.get("/search?q=高龄津贴&validity=repealed"))
    assert (
        text_of(page, ".hit-ended")
        == "已废止，现行文件是青禾市人民政府关于印发《青禾市高龄津贴管理办法（试行）》的通知"
    )
    assert [link["href"] for link in page.select(".hit-ended a")] == ["/documents/new"]
    assert not read_page(city.get("/search?q=高龄津贴&kind=interpretation")).select(".hit-ended")


def test_a_citation_that_leads_nowhere_is_told_and_no_link(read: Read) -> None:
    assert text_of(read("old"), ".related-unknown") == "本站没有找到的：《中华人民共和国老年人权益保障法》。"


def test_without_an_index_the_document_can_still_be_read(make_client: MakeClient) -> None:
    client = make_client(FailingEngine(IndexMissingError("none")))
    page = read_page(client.get(f"/documents/{NOTICE_ID}"))
    assert page.select(".doc-body p")
    assert "相关文件暂时查不到" in text_of(page, "main")


def test_the_code_and_absolute_addresses_need_the_public_address(read: Read, client: FlaskClient) -> None:
    page = read("new")
    assert page.select(".carry-code svg")
    assert page.select("link[rel=canonical]")[0]["href"] == f"{PUBLIC}/documents/new"
    assert text_of(page, ".reference").endswith(f". {PUBLIC}/documents/new.")
    assert not read_page(client.get(f"/documents/{NOTICE_ID}")).select(".carry-code, .carry svg")


def test_the_reference_names_issuer_title_number_and_date(client: FlaskClient) -> None:
    reference = text_of(read_page(client.get(f"/documents/{NOTICE_ID}")), ".reference")
    assert reference.startswith(
        "云溪区人民政府. 云溪区人民政府关于进一步加强最低生活保障工作的通知: 云政发〔2023〕12号[EB/OL]. (2023-06-19)[20"
    )


@pytest.mark.parametrize(("document_id", "kind"), [(NOTICE_ID, "Legislation"), (GUIDE_ID, "GovernmentService")])
def test_programs_read_the_same_facts(client: FlaskClient, document_id: str, kind: str) -> None:
    page = read_page(client.get(f"/documents/{document_id}"))
    data = json.loads(page.select("script[type='application/ld+json']")[0].get_text())
    assert data["@type"] == kind
    assert data["name"] == text_of(page, "h1")
    if kind == "Legislation":
        assert data["legislationLegalForce"] == "https://schema.org/InForce"
        assert data["datePublished"] == "2023-06-19"


def test_the_word_file_has_the_official_layout(client: FlaskClient) -> None:
    response = client.get(f"/documents/{NOTICE_ID}/docx")
    assert response.mimetype == DOCX
    assert response.headers["Content-Disposition"].startswith("attachment")
    file = docx.Document(BytesIO(response.data))
    title, number, *rest = file.paragraphs
    assert (title.text, title.alignment) == ("云溪区人民政府关于进一步加强最低生活保障工作的通知", 1)
    assert number.text == "云政发〔2023〕12号"
    (paragraph,) = [one for one in rest if one.text.startswith("为切实保障困难群众")]
    assert paragraph.paragraph_format.first_line_indent == Pt(32)
    assert [cell.text for cell in file.tables[0].rows[1].cells] == ["城市低保", "870", "560"]
    assert [one.alignment for one in rest if one.text == "2023年6月15日"] == [2]


def test_a_word_file_holds_whatever_a_text_holds() -> None:
    odd = Document(id="odd", title="控制\x00字符\x0b\ud800", body="甲\x01乙\t丙\n\ufffe")
    file = docx.Document(BytesIO(docx_bytes(odd, read_blocks(odd.body), [])))
    assert file.paragraphs[0].text == "控制字符"


def test_size_and_contrast_can_be_chosen_without_scripts(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{NOTICE_ID}"))
    assert texts_of(page, ".reading legend") == ["字号", "对比度"]
    assert [one["id"] for one in page.select(".reading input[checked]")] == ["size-normal", "contrast-normal"]
