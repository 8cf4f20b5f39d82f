"""Which words does a peer see? Its own jieba's, or exactly ours."""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from analyzers.tokenizer import question_words, words
from corpus.models import Document
from indexer.mapping import searchable_text

_HAS_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Words:
    """How documents and questions are cut: ``name`` is what the tables call it."""

    name: str
    of_document: Callable[[str], list[str]]
    of_question: Callable[[str], list[str]]

    def fields(self, document: Document) -> tuple[str, str]:
        """Title and body as words with spaces between.

        A peer has no field for the document number: it stands behind the title, where its parts count as words.
        """
        title = self.of_document(titled(document))
        return " ".join(title), " ".join(self.of_document(searchable_text(document)))

    def question(self, text: str) -> list[str]:
        """The distinct words of a question."""
        return list(dict.fromkeys(self.of_question(text)))


def titled(document: Document) -> str:
    """The title and the document number."""
    return f"{document.title} {document.document_number}".rstrip()


def jieba_words(text: str) -> list[str]:
    """What anyone gets who installs jieba: its own dictionary, search mode, small letters, no punctuation."""
    return [word for word in _plain_cut()(text.lower()) if _HAS_WORD.search(word)]


def plain_jieba() -> Callable[[str], list[str]]:
    """`jieba` itself, in search mode, with its dictionary loaded."""
    with warnings.catch_warnings():  # its last release is of 2020 and warns on today's Python
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    # Its cache is read with `marshal`, unchecked: never from a folder that others can write to.
    with tempfile.TemporaryDirectory(prefix="gongkai-jieba-") as private:
        jieba.dt.tmp_dir = private
        jieba.initialize()
    return jieba.lcut_for_search  # type: ignore[no-any-return]


@cache
def _plain_cut() -> Callable[[str], list[str]]:
    """`rjieba` is the same dictionary and model as `jieba`, 16 times faster."""
    import rjieba

    return rjieba.Jieba().cut_for_search


OURS = Words("our words", words, question_words)
JIEBA = Words("jieba", jieba_words, jieba_words)
