"""Do the pages say what the manifest says of them, in the form that each family of pages has?"""

from __future__ import annotations

import pytest
from lxml import html
from lxml.etree import _Element

from corpus.sample import ManifestEntry, manifest
from corpus.sample.articles import CatalogRow
from corpus.sample.site import build_site, request_key

ENTRIES = sorted(manifest().entries.values(), key=lambda entry: entry.path)
READABLE = [entry for entry in ENTRIES if not entry.roles & {"broken", "image_only", "raw_title"}]


def text_of(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext())


def page(entry: ManifestEntry) -> str:
    body = build_site()[request_key(entry.path)].body
    return body.decode("gb18030" if entry.template == "gbk" else "utf-8")


def visible_text(source: str) -> str:
    """The page's text without white space, as paragraphs run together."""
    document = html.document_fromstring(source)
    return "".join("".join(text_of(document).split()).split("\u3000"))


@pytest.mark.parametrize("entry", READABLE, ids=lambda entry: entry.path)
def test_page_shows_title_date_source_and_text(entry: ManifestEntry) -> None:
    text = visible_text(page(entry))
    assert "".join(entry.title.split()) in text
    assert entry.source in text
    assert entry.column in text
    day = entry.published_on
    spellings = (f"{day:%Y-%m-%d}", f"{day:%Y——%m——%d}", f"{day.year}年{day.month}月{day.day}日")
    assert any(spelling in text for spelling in spellings)
    for paragraph in entry.text.splitlines():
        assert "".join(paragraph.split()) in text
    assert entry.phrase
    assert entry.phrase in entry.text


@pytest.mark.parametrize("entry", [e for e in READABLE if e.template == "trs"], ids=lambda entry: entry.path)
def test_trs_page_has_the_meta_tags_and_field_table(entry: ManifestEntry) -> None:
    document = html.document_fromstring(page(entry))
    meta = {tag.get("name"): tag.get("content") for tag in document.iter("meta")}
    assert meta["ArticleTitle"] == entry.title
    assert meta["PubDate"] == f"{entry.published_at:%Y-%m-%d %H:%M}"
    assert meta["ContentSource"] == entry.source
    assert meta["ColumnName"] == meta["ColumnType"] == entry.column
    assert (meta["SiteName"], meta["SiteIDCode"]) == ("栖川市云澜区人民政府", "9901020001")
    assert (meta["Url"] or "").endswith(entry.path)
    lines = ["".join(text_of(item).split()) for item in document.cssselect(".index_box li")]
    fields = {label: value for label, _, value in (line.partition("：") for line in lines)}
    if entry.index_number is None:
        assert not fields
        return
    assert fields["索引号"] == entry.index_number
    assert fields["发文字号"] == (entry.document_number or "无")
    assert fields["发文机关"] == "".join((entry.issuer or "").split())
    assert fields["成文日期"] == str(entry.issued_on)
    labels = {"in_force": "有效", "repealed": "废止", "expired": "失效", "amended": "已修改", "unknown": ""}
    assert fields["有效性"] == labels[entry.validity]


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.template == "gbk"], ids=lambda entry: entry.path)
def test_old_section_is_gbk_and_says_gb2312_in_its_meta_only(entry: ManifestEntry) -> None:
    resource = build_site()[request_key(entry.path)]
    assert resource.content_type == "text/html"
    assert b"charset=gb2312" in resource.body
    with pytest.raises(UnicodeDecodeError):
        resource.body.decode("utf-8")
    assert entry.title in resource.body.decode("gbk")


def test_one_gbk_page_needs_more_than_gb2312() -> None:
    body = build_site()[request_key("/mzj/tzgg/show.asp?id=5002")].body
    assert "张堃" in body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_broken_page_is_cut_within_a_character() -> None:
    (path,) = manifest().broken
    body = build_site()[path].body
    assert b"</html>" not in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "修复污水管道长度约8.7公里" in body.decode("utf-8", "replace")


def test_image_only_page_has_a_picture_and_no_text() -> None:
    (path,) = manifest().image_only
    (container,) = html.document_fromstring(build_site()[path].body.decode()).cssselect(".TRS_Editor")
    assert text_of(container).strip() == ""
    (image,) = container.iter("img")
    assert build_site()[image.get("src", "")].body.startswith(b"\x89PNG")


def test_raw_title_is_not_escaped() -> None:
    (path,) = manifest().raw_title
    assert f'<h1 class="title">{manifest().entries[path].title}</h1>' in build_site()[path].body.decode()


def test_scripted_attachments_stand_in_no_link() -> None:
    source = build_site()["/info/1012/2001.htm"].body.decode()
    ((name, path),) = manifest().entries["/info/1012/2001.htm"].attachments
    assert f"apps=[{{name:'{name}',url:'{path}'}}]" in source
    assert not html.document_fromstring(source).cssselect(f"a[href='{path}']")


def test_catalog_tables_have_two_header_rows_and_every_row() -> None:
    catalogs = [entry for entry in ENTRIES if entry.rows]
    assert sum(len(entry.rows) for entry in catalogs) >= 25
    for entry in catalogs:
        (table,) = html.document_fromstring(page(entry)).cssselect("table.MsoNormalTable")
        rows = table.cssselect("tr")
        assert len(rows) == 2 + len(entry.rows)
        head = "".join((text_of(rows[0]) + text_of(rows[1])).split())
        assert head.startswith("序号公开事项公开内容（要素）公开依据公开时限公开主体公开渠道和载体公开对象公开方式")
        assert "一级事项二级事项全社会特定群体主动公开依申请公开" in head
        spans = [int(row.cssselect("td")[1].get("rowspan", "1")) for row, data in data_rows(rows, entry) if data.item]
        assert sum(spans) == len(entry.rows)
        for row, data in data_rows(rows, entry):
            text = text_of(row)
            assert len(row.cssselect("td")) == (12 if data.item else 11) + (2 if data.levels else 0)
            assert text.count("■") == len(data.ticks)
            assert text.count("□") == len(entry.channels) - len(data.ticks) - len(data.bare)
            assert text.count("√") == 2 + len(data.levels)


def data_rows(rows: list[_Element], entry: ManifestEntry) -> list[tuple[_Element, CatalogRow]]:
    return list(zip(rows[2:], entry.rows, strict=True))


def test_near_duplicates_differ_a_little_and_exact_ones_not_at_all() -> None:
    truth = manifest()
    for pair in truth.near_duplicates:
        one, two = (truth.entries[path].text for path in pair)
        assert one != two
        assert len(set(one) ^ set(two)) < 5
        assert abs(len(one) - len(two)) < 10
    for paths in truth.exact_duplicates:
        assert len({truth.entries[path].text for path in paths}) == 1
        assert len({truth.entries[path].column for path in paths}) == len(paths)


def test_the_repealed_document_is_named_by_the_one_that_repeals_it() -> None:
    truth = manifest()
    ((old, new),) = truth.repealed.items()
    assert truth.entries[old].validity == "repealed"
    number = truth.entries[old].document_number
    assert number is not None
    assert f"（{number}）同时废止" in truth.entries[new].text
