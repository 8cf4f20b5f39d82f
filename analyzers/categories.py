"""Which kinds of documents, domains and states of validity does a question name?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from analyzers.lexicon import domains
from analyzers.lexicon.questions import kind_words
from analyzers.lookup import Finder, Typed
from analyzers.normalize import normalize


@dataclass(frozen=True, slots=True)
class FoundCategory:
    """A value of the vocabulary (the code of a kind, domain or validity) at ``text[start:end]``, by its ``name``."""

    code: str
    name: str
    start: int
    end: int
    confidence: float


_VALIDITY = {
    "in_force": ("现行有效", "现行", "有效"),
    "amended": ("已修改", "已修订", "部分有效", "部分失效", "修改", "修订"),
    "repealed": ("废止", "已废止", "作废"),
    "expired": ("失效", "已失效", "过期"),
}
_VALIDITY_NAMES = {"in_force": "现行有效", "amended": "已修改", "repealed": "废止", "expired": "失效"}
# 废止 and 失效 are read where they describe a document; 关于废止部分规章的决定 does something else, and 合同失效 is of
# no document.
_DOCUMENT = "(?:文件|规定|法律|法规|规章|政策|通知|办法|条例|决定|公告|意见|细则|标准|名单|目录)"
_VALIDITY_PATTERNS = (
    (
        "in_force",
        re.compile(rf"现行有效|现行(?=的|[\s,，]|$|有关|{_DOCUMENT})|(?:仍|目前|还在|正在)有效(?=的?{_DOCUMENT})"),
    ),
    ("repealed", re.compile(rf"已经?废止|(?<!宣布)废止(?=的{_DOCUMENT}|文件(?!的))|被废止|^\s*废止\s*$")),
    ("expired", re.compile(rf"已经?失效|(?<!宣布)失效(?=的?{_DOCUMENT})|^\s*失效\s*$")),
    ("amended", re.compile(rf"已经?(?:修改|修订)(?=的?{_DOCUMENT})")),
)


def find_kinds(typed: Typed) -> Iterator[FoundCategory]:
    """The kinds that whole words of the question ask for."""
    for start, end, (code, name, confidence) in _kinds().find_words(typed):
        yield FoundCategory(code, name, start, end, confidence)


def find_domains(typed: Typed) -> Iterator[FoundCategory]:
    """The domains that the question names (0.7), or whose words it uses (0.4)."""
    for start, end, (code, name, confidence) in _domains().find_words(typed):
        yield FoundCategory(code, name, start, end, confidence)


def find_validity(typed: Typed) -> Iterator[FoundCategory]:
    """The states of validity that the question wants its documents to have."""
    for code, pattern in _VALIDITY_PATTERNS:
        for match in pattern.finditer(typed.normal):
            yield FoundCategory(code, _VALIDITY_NAMES[code], match.start(), match.end(), 0.8)


def read_kind(name: str) -> tuple[str, str] | None:
    """The code and the first name of a kind by its code or any of its words; None if it is none."""
    return _kind_names().get(normalize(name))


def read_domain(name: str) -> tuple[str, str] | None:
    """The slug and the name of a domain by its slug or any of its names; None if it is none."""
    return _domain_names().get(normalize(name))


def read_validity_word(name: str) -> tuple[str, str] | None:
    """The code and the name of a state of validity; None if it is none."""
    for code, names in _VALIDITY.items():
        if name in (code, *names):
            return code, _VALIDITY_NAMES[code]
    return None


@cache
def _kinds() -> Finder[tuple[str, str, float]]:
    entries: dict[str, tuple[str, str, float]] = {}
    for kind in kind_words():
        for words, confidence in ((kind.sure, 0.8), (kind.likely, 0.4)):
            for word in words:
                entries[word] = (kind.code, kind.names[0], confidence)
    return Finder(entries)


@cache
def _kind_names() -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {}
    for kind in kind_words():
        for word in (kind.code, *kind.names, *kind.sure):
            names.setdefault(word, (kind.code, kind.names[0]))
    return names


@cache
def _domains() -> Finder[tuple[str, str, float]]:
    entries: dict[str, tuple[str, str, float]] = {}
    for domain in domains():
        for word in domain.words:
            entries[word] = (domain.slug, domain.name, 0.4)
    for domain in domains():
        for word in (*domain.short_names, domain.guidance_name, domain.name):
            entries[word] = (domain.slug, domain.name, 0.7)
    return Finder(entries)


@cache
def _domain_names() -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {}
    for domain in domains():
        for name in (domain.slug, domain.name, domain.guidance_name, *domain.short_names):
            names.setdefault(name, (domain.slug, domain.name))
    return names
