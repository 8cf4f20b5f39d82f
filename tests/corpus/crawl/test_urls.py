"""Addresses: what is the same, what is none, and what kind of file it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.crawl.urls import FileClass, canonical_url, classify, document_id_for, file_name


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTP://WWW.PingTan.gov.cn:80", "http://www.pingtan.gov.cn/"),
        ("https://a.gov.cn:443/x", "https://a.gov.cn/x"),
        ("http://a.gov.cn:8080/x", "http://a.gov.cn:8080/x"),
        (" http://a.gov.cn/t1.htm \n", "http://a.gov.cn/t1.htm"),
        ("http://a.gov.cn/t1.htm%20%20", "http://a.gov.cn/t1.htm"),
        ("http://a.gov.cn/t1.htm#top", "http://a.gov.cn/t1.htm"),
        ("http://a.gov.cn/t1.htm;jsessionid=8F3A2C7E", "http://a.gov.cn/t1.htm"),
        ("http://a.gov.cn/t1.htm;jsessionid=8F3A2C7E?id=3", "http://a.gov.cn/t1.htm?id=3"),
        ("http://a.gov.cn/s?PHPSESSID=8f3a&id=3&JSESSIONID=1", "http://a.gov.cn/s?id=3"),
        ("http://a.gov.cn/s?sid=8f3a2c7e91d04b56a0e1&id=3", "http://a.gov.cn/s?id=3"),
        ("http://a.gov.cn/api/all/5?page=1&sid=200053", "http://a.gov.cn/api/all/5?page=1&sid=200053"),
        ("http://a.gov.cn/a/./b/../c.html", "http://a.gov.cn/a/c.html"),
        ("http://a.gov.cn/../../c.html", "http://a.gov.cn/c.html"),
        ("http://a.gov.cn/附件.pdf", "http://a.gov.cn/%E9%99%84%E4%BB%B6.pdf"),
        ("http://a.gov.cn/%e9%99%84%e4%bb%b6%2Epdf", "http://a.gov.cn/%E9%99%84%E4%BB%B6.pdf"),
        ("http://a.gov.cn/s?b=2&a=1&", "http://a.gov.cn/s?b=2&a=1"),
        ("http://a.gov.cn/x?", "http://a.gov.cn/x"),
        ("http://中国政府网.cn/", "http://xn--fiqs8sirgfmhqw4b.cn/"),
        ("javascript:void(0)", None),
        ("mailto:a@a.gov.cn", None),
        ("http://user:secret@a.gov.cn/", None),
        ("http://a.gov.cn/list/el.url", None),
        ("http://a.gov.cn/list/item.linkUrl", None),
        ("http://a.gov.cn/{{item.url}}", None),
        ("http://a.gov.cn/%7B%7Bitem.url%7D%7D", None),
        ("http://a.gov.cn/${url}", None),
        ("http://a.gov.cn/'+url+'", None),
        ("http://a.gov.cn/undefined", None),
        ("http://a.gov.cn/" + "x" * 3_000, None),
        ("http://a.gov.cn:port/", None),
        ("http:///x", None),
        ("", None),
    ],
)
def test_an_address_has_one_spelling(written: str, canonical: str | None) -> None:
    if canonical is None or "xn--" not in canonical:
        assert canonical_url(written) == canonical
    else:
        found = canonical_url(written)
        assert found is not None
        assert found.startswith("http://xn--")


@given(st.text(alphabet=st.sampled_from("abc/.?&=%20;#:é附 +'\"[]{}()~-_"), max_size=40))
def test_the_canonical_spelling_is_its_own(tail: str) -> None:
    once = canonical_url("http://a.gov.cn/" + tail)
    assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("http://a.gov.cn/f/a.PDF", FileClass.ATTACHMENT),
        ("http://a.gov.cn/f/a.ofd?x=1", FileClass.ATTACHMENT),
        ("http://a.gov.cn/f/a.7z", FileClass.ATTACHMENT),
        ("http://a.gov.cn/f/a.rar", FileClass.UNSUPPORTED),
        ("http://a.gov.cn/f/a.css", FileClass.FURNITURE),
        ("http://a.gov.cn/f/a.jsp", FileClass.PAGE),
        ("http://a.gov.cn/f.d/", FileClass.PAGE),
        ("http://a.gov.cn/pdf", FileClass.PAGE),
    ],
)
def test_an_extension_says_what_is_fetched(url: str, form: FileClass) -> None:
    assert classify(url) is form


def test_a_document_has_the_same_id_under_every_spelling() -> None:
    assert document_id_for("HTTP://a.gov.cn/x/../a.htm%20#top") == document_id_for("http://a.gov.cn/a.htm")
    assert len(document_id_for("http://a.gov.cn/")) == 16
    assert file_name("http://a.gov.cn/%E9%99%84%E4%BB%B6.pdf") == "附件.pdf"
    with pytest.raises(ValueError, match="http:// or https://"):
        document_id_for("ftp://a.gov.cn/")
