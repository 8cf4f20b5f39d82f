"""What is read out of a document on its way to the index."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corpus.models import Attachment, CatalogEntry, Document, Kind, Validity
from indexer.catalog_mapping import index_rows
from indexer.fields import schema
from indexer.mapping import date_of, index_fields, issuers_of, own_number_key, searchable_text

PAPER = Document(
    id="jt-2023",
    title="云澜区高龄津贴发放管理办法",
    url="http://www.yunlan.example.cn/1.html",
    site="yunlan",
    column="政策文件",
    kind=Kind.POLICY,
    document_number="云澜政办规[2023]第８号",
    issuers=("云澜区民政局、云澜区财政局",),
    issued_on=date(2023, 2, 27),
    published_on=date(2023, 3, 1),
    validity=Validity.IN_FORCE,
    body="根据国发〔2012〕45号和云澜政办规〔2023〕8号，制定本办法。",
    attachments=(Attachment(name="表.docx", text="申领表见国办发〔2019〕54号"), Attachment(name="图.png")),
)


def test_the_fields_are_those_of_the_schema() -> None:
    rows = index_rows(replace(PAPER, entries=(CatalogEntry(item="社会救助", content="办事指南"),)))
    names = set(schema().names())
    assert all(set(row) <= names for row in rows)
    assert set().union(*rows) == names


def test_the_text_of_attachments_is_searched_with_the_body() -> None:
    assert searchable_text(PAPER).split("\n") == [PAPER.body, "申领表见国办发〔2019〕54号"]
    assert searchable_text(Document(id="a", title="甲")) == ""


def test_numbers_are_kept_by_key_and_a_documents_own_is_not_cited() -> None:
    fields = index_fields(PAPER)
    assert fields["number"] == own_number_key(PAPER) == "云澜政办规2023.8"
    assert fields["cited"] == "国办发2019.54,国发2012.45"
    assert own_number_key(replace(PAPER, document_number="无")) == ""


def test_a_string_that_names_several_issuers_counts_for_each_once() -> None:
    assert issuers_of(PAPER) == ("云澜区民政局", "云澜区财政局")
    twice = replace(PAPER, issuers=("云澜区民政局", "云澜区民政局"))
    assert issuers_of(twice) == ("云澜区民政局",)
    assert index_fields(PAPER)["issuer"] == "云澜区民政局\n云澜区财政局".encode()


def test_the_date_is_that_of_publication_or_else_of_issue() -> None:
    assert date_of(PAPER) == date(2023, 3, 1)
    assert date_of(replace(PAPER, published_on=None)) == date(2023, 2, 27)
    assert index_fields(replace(PAPER, published_on=None, issued_on=None))["day"] == 0


def test_a_domain_is_its_slug_whether_published_by_name_by_slug_or_read_from_the_text() -> None:
    enrolment = replace(PAPER, title="义务教育招生入学通知", body="义务教育学校招生")
    assert index_fields(enrolment)["domain"] == b"compulsory-education"
    for published in ("义务教育", "compulsory-education"):
        assert index_fields(replace(PAPER, domain=published))["domain"] == b"compulsory-education"
    assert index_fields(replace(enrolment, domain="文物"))["domain"] == "文物".encode()  # not guessed at
    assert index_fields(Document(id="a", title="云澜区统计年鉴"))["domain"] == b""
