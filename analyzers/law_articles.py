"""Which article of a law is a text, and which articles and laws does a text cite?

An article is told by the short name of its law and its number: 民法典 and 307.1 (第三百零七条之一).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMERALS = "零〇一二三四五六七八九十百千"
_ARTICLE = rf"第\s?(?P<number>[{_NUMERALS}\d]{{1,8}})\s?条(?:之(?P<sub>[{_NUMERALS}]{{1,3}}))?"
_ANY = re.compile(_ARTICLE)
_TITLE = re.compile(rf"(?P<law>.*\S)\s*{_ARTICLE}(?:\s.*)?", re.DOTALL)

# What a law, a regulation, a rule or an interpretation is called (行政法规制定程序条例, 第五条).
_KIND = "(?:法典|法|条例|规定|细则|规则|解释|规程)"
_ITSELF = re.compile(rf"本{_KIND}$")
_BARE = re.compile(rf"[\u4e00-\u9fff]{{0,24}}{_KIND}(?:[（(][^（）()]{{0,20}}[）)])?$")
_QUOTED = re.compile(r"《(?P<name>(?:[^《》\n]|《[^《》\n]*》){2,80})》(?:[（(][^（）()]{0,40}[）)])?$")
_NAMED = re.compile(rf"《(?P<name>(?:[^《》\n]|《[^《》\n]*》){{1,80}}{_KIND})》")
_LAST = frozenset("》）)法典例定则释程")  # with what the name of a law can end
_LONGEST_LEAD = 130  # characters before an article in which the law is named: 《…》 and a bracket

# What may stand between the articles of one law: 第十二条第一款、第十三条和第十四条第（三）项.
_BETWEEN = re.compile(rf"(?:第?[（(]?[{_NUMERALS}\d]{{1,4}}[）)]?[款项]|[、，,和与及至到或]|以及|或者|的|规定)*")
_UNSAID = re.compile(r"[（(][^（）()]*[）)]|中华人民共和国|[\s,《》〈〉<>]")
_VALUES = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1_000}


class Article(NamedTuple):
    """An article: ``law`` as `law_name` gives it, ``number`` from 1, ``sub`` for 之一, 之二 (0 for none).

    In a citation ``law`` may have words of the sentence before its name (应当认定为刑法): where no mark shows the
    beginning, only the laws that there are tell it (`name_endings`). ``number`` 0 cites the law as a whole. A tuple: a
    collection of laws has tens of thousands, and each is read at every commit.
    """

    law: str
    number: int
    sub: int = 0

    @property
    def key(self) -> str:
        """``刑法/307.1``, a word of the index."""
        return f"{self.law}/{self.number}.{self.sub}"

    @classmethod
    def of_key(cls, key: str) -> Article:
        law, _, place = key.rpartition("/")
        number, _, sub = place.partition(".")
        return cls(law, int(number), int(sub))


def law_name(title: str) -> str:
    """The name of a law without 中华人民共和国, brackets with what is in them, and marks."""
    return _UNSAID.sub("", title)


def article_of(title: str) -> Article | None:
    """The article that a document is whose title says so (中华人民共和国民法典第四百六十七条); None for any other."""
    match = _TITLE.fullmatch(title)
    name = law_name(match["law"]) if match else ""
    return Article(name, *_place(match)) if match and name else None


def cited_articles(text: str, own: Article | None = None) -> set[Article]:
    """The articles that a text cites, and the laws that it names in 《》; ``own`` is the article that it is itself.

    本法 is the own law; where that is unknown, as in a law that is one document, it is left out.
    """
    found = set(_cited(text, own.law if own else ""))
    found.update(Article(law_name(match["name"]), 0) for match in _NAMED.finditer(text))
    return {article for article in found if article.law and article != own}


def name_endings(name: str) -> Iterator[str]:
    """A name and what is left of it from each later character on: the longest that is a law is meant."""
    return (name[start:] for start in range(len(name) - 1))


def _cited(text: str, own: str) -> Iterator[Article]:
    law, end = "", 0
    for match in _ANY.finditer(text):
        if not law or not _BETWEEN.fullmatch(text, end, match.start()):
            lead = text[max(0, match.start() - _LONGEST_LEAD) : match.start()]
            law = _law_before(lead, own) if lead[-1:] in _LAST else ""
        end = match.end()
        if law:
            yield Article(law, *_place(match))


def _law_before(lead: str, own: str) -> str:
    if quoted := _QUOTED.search(lead):
        return law_name(quoted["name"])
    if _ITSELF.search(lead):
        return own
    bare = _BARE.search(lead)
    return law_name(bare[0]) if bare else ""


def _place(match: re.Match[str]) -> tuple[int, int]:
    return _value(match["number"]), _value(match["sub"] or "")


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    value = digit = 0
    for character in numeral:
        if character in _TENS:
            value, digit = value + (digit or 1) * _TENS[character], 0
        else:
            digit = _VALUES.get(character, digit)
    return value + digit
