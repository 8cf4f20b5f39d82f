"""What do the <meta> tags of 《政府网站发展指引》 say? Any case, known misspellings, empty ones passed over."""

from __future__ import annotations

from bs4 import BeautifulSoup

from corpus.parsers.html.labels import blank
from corpus.parsers.html.layout import attribute
from corpus.parsers.rules import read_rules
from corpus.parsers.spacing import tidy


def read_meta(soup: BeautifulSoup) -> dict[str, str]:
    """Field → value, for the fields of ``data/meta.tsv`` whose tag is filled."""
    named: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        value = tidy(attribute(tag, "content"))
        if not blank(value):
            named.setdefault(attribute(tag, "name").strip().lower(), value)
    filled = {field: [named[name] for name in names.split() if name in named] for field, names in read_rules("meta")}
    return {field: values[0] for field, values in filled.items() if values}
