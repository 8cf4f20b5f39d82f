"""Site files: defaults, and errors that name the key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.crawl import Site, canonical_url, load_site, parse_site
from corpus.errors import SiteFileError

MINIMAL = '[site]\nid = "a"\nstart_urls = ["http://www.a.gov.cn/"]\n'
LISTING = '[[listing]]\nurl = "http://www.a.gov.cn/api?p={page}"\nitems = "rows"\n[listing.fields]\nurl = "url"\n'


def test_a_site_of_one_address_has_careful_defaults() -> None:
    site = Site.from_url("http://WWW.a.gov.cn:80/x/../index.html ")
    assert (site.id, site.hosts, site.start_urls) == (
        "www.a.gov.cn",
        ["www.a.gov.cn"],
        ["http://www.a.gov.cn/index.html"],
    )
    assert (site.delay_s, site.allow_private) == (1.0, False)
    assert site.covers("https://www.a.gov.cn/")
    assert not site.covers("http://www.a.gov.cn:8080/")
    assert not site.covers("http://a.gov.cn/")


def test_hosts_may_be_written_as_people_write_them() -> None:
    site = parse_site(
        '[site]\nid = "a"\nhosts = ["中国政府网.cn", "A.cn:443"]\nstart_urls = ["https://中国政府网.cn/"]'
    )
    assert site.covers(canonical_url("http://中国政府网.cn/") or "")
    assert site.covers("https://a.cn/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id = 1", "no [site] table"),
        ("[site", "no TOML"),
        ('[site]\nid = "a"', "start_urls: Field required"),
        (MINIMAL + "delay = 2", "delay: is unknown; known are allow_private"),
        (MINIMAL + "delay_s = -1", "delay_s"),
        (MINIMAL + 'deny = ["("]', "deny.0: is no regular expression"),
        (MINIMAL + 'hosts = ["http://x.cn/"]', "hosts must be host or host:port"),
        (MINIMAL + 'sitemaps = ["http://b.cn/s.xml"]', "add its host to hosts"),
        ('[site]\nid = "a"\nstart_urls = ["ftp://a.cn/"]', "must be an address that begins with http"),
        ('[site]\nid = "a/b"\nstart_urls = ["http://a.cn/"]', "id"),
        (MINIMAL + "[colum]\n", "colum is unknown; tables are [site], [[column]], [[listing]]"),
        (MINIMAL + '[[column]]\nprefix = "/a/"\nkind = "letter"', "column.0.kind"),
        (MINIMAL + LISTING.replace("{page}", "{pg}"), "unknown placeholder {pg}; known are page, page_end"),
        (MINIMAL + LISTING.replace('url = "url"', 'titel = "t"'), "listing.0.fields.titel"),
        (MINIMAL + LISTING.replace('url = "url"', 'title = "t"'), "fields must say where an item's url stands"),
        (MINIMAL + LISTING.replace("items =", 'body = "x"\nitems ='), 'a body needs method = "POST"'),
    ],
)
def test_a_mistake_is_named_with_its_key(text: str, words: str) -> None:
    with pytest.raises(SiteFileError) as raised:
        parse_site(text, "a.toml")
    assert words in str(raised.value)
    assert str(raised.value).startswith("a.toml")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match="cannot read the site file"):
        load_site(tmp_path / "none.toml")
    with pytest.raises(SiteFileError, match="no address to crawl"):
        Site.from_url("www.a.gov.cn")


def test_the_longest_prefix_names_the_column() -> None:
    columns = '[[column]]\nprefix = "/zwgk/"\nname = "公开"\n[[column]]\nprefix = "/zwgk/zfwj/"\nname = "政府文件"\n'
    site = parse_site(MINIMAL + columns)
    found = site.column_of("http://www.a.gov.cn/zwgk/zfwj/1.html")
    assert found is not None
    assert found.name == "政府文件"
    assert site.column_of("http://www.a.gov.cn/news/1.html") is None


def test_each_makes_a_listing_for_every_value() -> None:
    text = LISTING.replace("?p=", "/{category}?p=").replace("items =", 'each = {category = ["5", "6"]}\nitems =')
    urls = [item.url for item in parse_site(MINIMAL + text).listings()]
    assert urls == ["http://www.a.gov.cn/api/5?p={page}", "http://www.a.gov.cn/api/6?p={page}"]


def test_what_decides_how_pages_are_read_changes_the_digest() -> None:
    plain = parse_site(MINIMAL)
    assert plain.digest() == parse_site(MINIMAL + "delay_s = 3").digest()
    assert plain.digest() != parse_site(MINIMAL + '[[column]]\nprefix = "/a/"\nname = "通知"').digest()
