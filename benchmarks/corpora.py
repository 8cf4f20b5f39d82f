"""On how many documents are engines compared? Corpora of several sizes, each a file that any of them can take in.

The smaller ones are articles of `statutes`: all 62,578, or one in six. The larger ones go on with `gov-documents`, cut
into articles and blocks of paragraphs. Neither has issuers or dates throughout, so kind, issuer and date are drawn for
every document, always the same ones, with a few common values and many rare ones.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, count, islice
from pathlib import Path
from random import Random

from benchmarks.datasets import collection_file, read_documents
from corpus.models import Document, Kind
from corpus.records import dump_record, record_from_document

SIZES = {"10k": 10_430, "60k": 62_578, "200k": 200_000, "1m": 1_000_000}

# One article of statutes in so many for the smallest corpus.
_SMALL_EVERY = 6

# A block of paragraphs ends with the paragraph that reaches so many characters, about the mean of an article.
_BLOCK_CHARACTERS = 120

_ARTICLE = re.compile(r"第[零〇一二三四五六七八九十百千\d]+条")

_FIRST_DAY, _DAYS = date(2000, 1, 1), 9_000

_PLACES = ("临江", "安溪", "平岭", "长宁", "东坪", "西川", "南湖", "北原", "青石", "云台")
_OFFICES = (
    "教育局",
    "民政局",
    "财政局",
    "卫生健康委员会",
    "应急管理局",
    "自然资源局",
    "市场监督管理局",
    "人民政府办公室",
)
_LEVELS = ("市", "县", "区", "新区")
ISSUERS = tuple(f"{place}{level}{office}" for office in _OFFICES for level in _LEVELS for place in _PLACES)
KINDS = tuple(kind for kind in Kind if kind is not Kind.CATALOG)


def write_corpus(data: Path, work: Path, size: str) -> Path:
    """The file of a corpus in the work folder, written anew: the same bytes every time."""
    path = work / f"bench-{size}.jsonl.gz"
    with path.open("wb") as file, gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as lines:
        for document in islice(_documents(data, size), SIZES[size]):
            lines.write(f"{dump_record(record_from_document(document))}\n".encode())
    return path


def _documents(data: Path, size: str) -> Iterator[Document]:
    if size == "10k":
        return map(_described, read_documents(collection_file(data, "statutes"), _SMALL_EVERY))
    if size == "1m":  # the same texts again and again, until there are enough
        return (replace(document, id=f"{document.id}-{number}") for number in count() for document in _all(data))
    return _all(data)


def _all(data: Path) -> Iterator[Document]:
    articles = read_documents(collection_file(data, "statutes"))
    longer = read_documents(collection_file(data, "gov-documents"))
    return map(_described, chain(articles, chain.from_iterable(map(_pieces, longer))))


def _pieces(document: Document) -> Iterator[Document]:
    """The articles of a document, each with what stands below it, or its paragraphs in blocks."""
    block: list[str] = []
    blocks = [block]
    for line in filter(None, map(str.strip, document.body.split("\n"))):
        if block and (_ARTICLE.match(line) or sum(map(len, block)) >= _BLOCK_CHARACTERS):
            block = []
            blocks.append(block)
        block.append(line)
    for number, lines in enumerate(blocks, 1):
        yield replace(document, id=f"{document.id}-{number}", body="\n".join(lines), attachments=(), document_number="")


def _described(document: Document) -> Document:
    """The document with a kind, an issuer and a date, drawn by its id."""
    draw = Random(zlib.crc32(document.id.encode()))  # noqa: S311 - it must be the same every time
    return replace(
        document,
        kind=KINDS[int(draw.random() ** 2 * len(KINDS))],
        issuers=(ISSUERS[int(draw.random() ** 2 * len(ISSUERS))],),
        published_on=_FIRST_DAY + timedelta(days=draw.randrange(_DAYS)),
    )
