"""Records and documents: what is read back is equal, what is unknown is kept, what is no document is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import RecordError
from corpus.models import Attachment, Audience, CatalogEntry, Channel, Document, Kind, Level, Mark, Method, Validity
from corpus.records import document_from_record, dump_entries, dump_record, load_entries, record_from_document

CHINESE = "云澜区人民政府办公室关于印发高龄津贴发放管理办法的通知〔2024〕12号abc，。"
LINE = st.text(CHINESE, max_size=20)
NAME = st.text(CHINESE, min_size=1, max_size=12)
BODY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
DAY = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))  # the years that a date is read in
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | LINE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.builds(
    Document,
    id=st.text(CHINESE + " /-", min_size=1, max_size=40).filter(lambda text: bool(text.strip())),
    title=st.lists(NAME, min_size=1, max_size=3).map(" ".join),
    url=LINE,
    site=LINE,
    column=LINE,
    kind=st.sampled_from(Kind),
    document_number=LINE,
    issuers=st.lists(NAME, max_size=3).map(tuple),
    issued_on=DAY,
    published_on=DAY,
    effective_on=DAY,
    expires_on=DAY,
    validity=st.sampled_from(Validity),
    index_number=LINE,
    subject=LINE,
    domain=LINE,
    region=LINE,
    source=LINE,
    keywords=st.lists(NAME, max_size=3).map(tuple),
    body=BODY,
    attachments=st.lists(st.builds(Attachment, name=LINE, url=LINE), max_size=3).map(tuple),
    fetched_at=st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])),
    extra=st.dictionaries(NAME | st.sampled_from(["kind", "issued_on", "extra", "id"]), JSON, max_size=3),
)


def read(**record: object) -> Document:
    return document_from_record({"id": "a", "title": "关于停水的公告", **record})


@settings(deadline=None)
@given(DOCUMENTS)
def test_reading_a_record_back_gives_an_equal_document(document: Document) -> None:
    if document.fetched_at and not datetime.min.replace(tzinfo=UTC) + timedelta(days=1) < document.fetched_at:
        return  # before the first moment that UTC can tell
    record = record_from_document(document)
    assert document_from_record(record) == document
    assert document_from_record(json.loads(dump_record(record))) == document


@settings(deadline=None)
@given(DOCUMENTS)
def test_equal_records_are_one_line_of_text(document: Document) -> None:
    record = record_from_document(document)
    line = dump_record(record)
    assert line == dump_record(dict(reversed(record.items())))
    assert len(line.splitlines()) == 1 or any(mark in document.body for mark in "\x85\u2028\u2029")
    assert "\n" not in line


def test_every_field_of_a_document_has_its_key() -> None:
    full = Document(
        id="a",
        title="题",
        url="u",
        site="s",
        column="c",
        kind=Kind.LAW,
        document_number="n",
        issuers=("i",),
        issued_on=date(2024, 1, 1),
        published_on=date(2024, 1, 2),
        effective_on=date(2024, 1, 3),
        expires_on=date(2024, 1, 4),
        validity=Validity.REPEALED,
        index_number="x",
        subject="j",
        domain="d",
        region="r",
        source="o",
        keywords=("k",),
        body="b",
        attachments=(Attachment(name="f", url="g"),),
        entries=(CatalogEntry(item="最低生活保障"),),
        fetched_at=datetime(2024, 5, 1, tzinfo=UTC),
        extra={"y": 1},
    )
    keys = {field.name for field in fields(Document)} - {"issuers"} | {"issuer"}
    assert set(record_from_document(full)) == keys
    assert set(record_from_document(Document(id="a", title="题"))) == {"id", "title", "kind"}


def test_the_rows_of_a_catalog_are_kept_with_their_cells_and_marks() -> None:
    entry = CatalogEntry(
        serial="1",
        item="最低生活保障",
        subitem="办事指南",
        content="办理事项、办理条件",
        basis="《社会救助暂行办法》",
        time_limit="制定或获取信息之日起10个工作日内",
        publisher="区民政局",
        channels=(Channel("政府网站", Mark.TICKED), Channel("政府网站", Mark.UNTICKED), Channel("其他", Mark.UNMARKED)),
        audiences=(Audience.SPECIFIC_GROUP,),
        audience_text="申请人",
        methods=(Method.PROACTIVE, Method.ON_REQUEST),
        levels=(Level.COUNTY, Level.TOWNSHIP),
        period="2020-07",
        domain="社会救助",
        table=2,
        row=5,
        uncertain=("the item was carried down from the row above",),
    )
    document = Document(id="a", title="题", entries=(entry,))
    assert document_from_record(json.loads(dump_record(record_from_document(document)))) == document
    assert load_entries(dump_entries((entry,))) == (entry,)


def test_rows_that_are_none_are_refused_by_name() -> None:
    with pytest.raises(RecordError, match=r"record 'a': entries\.0\.channels"):
        read(entries=[{"item": "最低生活保障", "channels": "政府网站"}])


def test_only_id_and_title_are_needed() -> None:
    assert document_from_record({"id": "a", "title": "题"}) == Document(id="a", title="题")
    keys = [field.name for field in fields(Document) if field.name != "issuers"]
    nulls = dict.fromkeys([*keys, "issuer"], None)
    assert document_from_record({**nulls, "id": "a", "title": "题"}) == Document(id="a", title="题")


@pytest.mark.parametrize("document_id", ["a b", " 前有空格", "http://www.example.gov.cn/1.html?a=1&b=2", "文-1"])
def test_an_id_is_kept_verbatim(document_id: str) -> None:
    assert read(id=document_id).id == document_id


def test_a_number_may_be_an_id_or_a_text() -> None:
    assert read(id=98968).id == "98968"
    assert read(document_number=2024, title=12.5).title == "12.5"


def test_a_title_is_one_line() -> None:
    assert read(title="\n关于停水的 \t 公告　（试行）\n").title == "关于停水的 公告 （试行）"


def test_unknown_keys_are_kept() -> None:
    document = read(classification="基础教育", 浏览量=12, nested={"a": [1, None]}, extra={"more": True})
    assert document.extra == {"classification": "基础教育", "浏览量": 12, "nested": {"a": [1, None]}, "more": True}
    assert read(extra="不是对象").extra == {"extra": "不是对象"}


@pytest.mark.parametrize(
    ("key", "value", "unknown"),
    [
        ("published_on", "近日", None),
        ("issued_on", "2024-13-45", None),
        ("effective_on", "自印发之日起", None),
        ("kind", "通知", Kind.OTHER),
        ("validity", "有条件有效", Validity.UNKNOWN),
        ("fetched_at", "昨天", None),
        ("fetched_at", 1714550400, None),
        ("fetched_at", "0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_value_that_cannot_be_read_is_kept_beside_the_unknown(key: str, value: object, unknown: object) -> None:
    document = read(**{key: value})
    assert getattr(document, key) == unknown
    assert document.extra == {key: value}
    assert document_from_record(record_from_document(document)) == document


@pytest.mark.parametrize(
    ("key", "value", "meaning"),
    [
        ("published_on", "2024年5月6日", date(2024, 5, 6)),
        ("published_on", "2024-05-06 10:08", date(2024, 5, 6)),
        ("issued_on", "二〇二四年五月六日", date(2024, 5, 6)),
        ("validity", "有效", Validity.IN_FORCE),
        ("validity", "现行有效", Validity.IN_FORCE),
        ("validity", "in_force", Validity.IN_FORCE),
        ("validity", "已废止", Validity.REPEALED),
        ("validity", "失效", Validity.EXPIRED),
        ("validity", "已修改", Validity.AMENDED),
        ("kind", "policy", Kind.POLICY),
        ("fetched_at", "2024-05-01T08:30:00+08:00", datetime(2024, 5, 1, 0, 30, tzinfo=UTC)),
        ("fetched_at", "2024-05-01T08:30:00", datetime(2024, 5, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_values_are_read_in_the_writings_that_are_met(key: str, value: str, meaning: object) -> None:
    document = read(**{key: value})
    assert getattr(document, key) == meaning
    assert document.extra == {}


def test_an_issuer_is_a_text_or_a_list_and_is_not_split() -> None:
    assert read(issuer=" 云澜区民政局、云澜区财政局 ").issuers == ("云澜区民政局、云澜区财政局",)
    assert read(issuer=["云澜区民政局", " ", "云澜区财政局"]).issuers == ("云澜区民政局", "云澜区财政局")
    assert read(issuer="").issuers == read(issuer=[]).issuers == ()


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "must be a JSON object, not list"),
        ("公告", "must be a JSON object, not str"),
        (None, "must be a JSON object, not NoneType"),
        ({}, "needs an id"),
        ({"id": "", "title": "题"}, "needs an id"),
        ({"id": "  ", "title": "题"}, "needs an id"),
        ({"id": "\0", "title": "题"}, "needs an id"),
        ({"id": True, "title": "题"}, "needs an id.*True"),
        ({"id": 1.5, "title": "题"}, r"needs an id.*1\.5"),
        ({"id": ["a"], "title": "题"}, "needs an id"),
        ({"id": "号" * 513, "title": "题"}, "at most 512 characters, this one has 513"),
        ({"id": "n-7"}, "'n-7' has no title"),
        ({"id": "n-7", "title": " \n"}, "'n-7' has no title"),
        ({"id": "n-7", "title": ["题"]}, "'n-7': title must be a text, not list"),
        ({"id": "n-7", "title": "题", "body": {"html": "x"}}, "'n-7': body must be a text, not dict"),
        ({"id": "n-7", "title": "题", "url": True}, "'n-7': url must be a text, not bool"),
        ({"id": "n-7", "title": "题", "keywords": ["a", 1]}, "'n-7': keywords must be a text or a list of texts"),
        ({"id": "n-7", "title": "题", "attachments": "表.pdf"}, "attachments must be a list"),
        ({"id": "n-7", "title": "题", "attachments": ["表.pdf"]}, "attachments must be a list"),
    ],
)
def test_what_is_no_document_is_refused_by_name(record: object, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        document_from_record(record)


def test_what_no_database_keeps_is_left_out_everywhere() -> None:
    document = read(
        title="关于\0停水\ud800的公告",
        body="甲\0乙\udfff",
        issuer=["民\0政局"],
        x={"键\ud800": ["值\0\udc00", {"深": "\ud83d"}]},
        extra=MappingProxyType({"y": "\0"}),
    )
    line = dump_record(record_from_document(document))
    assert "\0" not in line and "\\u0000" not in line
    line.encode()
    assert document.title == "关于停水?的公告"
    assert document.extra == {"x": {"键?": ["值?", {"深": "?"}]}, "y": ""}
