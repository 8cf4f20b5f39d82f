"""A question as the cluster is asked it: what is found, and in which order it is looked at first.

Words and pairs of characters are ranked by ``combined_fields``, which is BM25F proper (frequencies weighted, summed and
only then saturated) but for one b, .75, in all fields; numbers, titles that are meant and official terms count beside
them as they do in `indexer.matching`. The order is only the first one: who is among the first is ranked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from analyzers.partial_number import PartialNumber
from analyzers.question import Question, What
from analyzers.synonyms import PlainWord, Term
from indexer.evidence import grams_of
from indexer.expansion import SYNONYM_WEIGHT
from indexer.matching import CITED_NUMBER_SCORE, MEANT_TITLE_SCORE, OWN_NUMBER_SCORE, PARTIAL_NUMBER_SCORE
from indexer.opensearch.documents import phrase_pairs
from indexer.ranking import BM25F
from indexer.readings import Reading

Clause = dict[str, Any]

# Words and pairs of a question that the cluster is asked for: more belong to a pasted text, and cost as much each.
MOST_WORDS = 300

# What a word says of each field, as in `indexer.ranking`.
_WORD_FIELDS = ("title_words^2", "body_words")
_PAIR_FIELDS = ("title_pairs^2", "body_pairs")


def words_asked(question: Question) -> tuple[str, ...]:
    """The words that are looked for."""
    return question.words[:MOST_WORDS]


def pairs_asked(question: Question, model: BM25F) -> tuple[str, ...]:
    """The pairs of characters that are looked for."""
    return grams_of(question.core)[:MOST_WORDS] if model.gram_share else ()


def numbers_clause(question: Question) -> Clause | None:
    """What bears or names the document numbers of a question; None if it has none."""
    should = list(_numbers(question))
    return {"bool": {"should": should, "minimum_should_match": 1}} if should else None


def everything() -> Clause:
    return {"match_all": {}}


def asked(reading: Reading, model: BM25F, *, only_numbers: bool, every_word: bool = False) -> Clause:
    """The query of a question: any word will do, unless ``every_word``; see `indexer.matching.match`."""
    question = reading.question
    unspoken = [*_numbers(question), *_meant(reading.titles)]
    spoken: list[Clause] = [] if only_numbers or reading.only_titles else list(_spoken(question, model))
    limited = bool(question.phrases or question.title or question.alternatives)
    query: Clause = {"should": [*spoken, *unspoken], "filter": _limits(question), "must_not": _excluded(question)}
    if every_word and question.words and not (question.only_number or question.only_partial):
        met: Clause = {"bool": {"filter": list(_each_word(question))}}
        if question.numbers or question.partial_numbers:
            met = {"bool": {"should": [met, *_numbers(question)], "minimum_should_match": 1}}
        query["filter"].append(met)
    elif not limited:
        if not query["should"]:
            return {"match_none": {}}
        query["minimum_should_match"] = 1
    return {"bool": query}


def _spoken(question: Question, model: BM25F) -> Iterator[Clause]:
    gain = model.k1 + 1  # the cluster leaves this factor of BM25 out
    yield from _combined(words_asked(question), _WORD_FIELDS, gain)
    yield from _combined(pairs_asked(question, model), _PAIR_FIELDS, gain * model.gram_share)
    for plain in question.plain_words:
        yield from (_together(term, SYNONYM_WEIGHT) for term in plain.terms)


def _combined(words: Sequence[str], fields: Sequence[str], boost: float) -> Iterator[Clause]:
    if words:
        yield {"combined_fields": {"query": " ".join(words), "fields": list(fields), "boost": boost}}


def _together(term: Term, boost: float) -> Clause:
    """All words of a term in one field."""
    ways = [[{"term": {field: word}} for word in term.words] for field in ("title_words", "body_words")]
    return {"dis_max": {"queries": [{"bool": {"must": way}} for way in ways], "boost": boost}}


def _numbers(question: Question) -> Iterator[Clause]:
    for number in question.numbers:
        yield _constant({"term": {"number": number.key}}, OWN_NUMBER_SCORE)
        yield _constant({"term": {"cited": number.key}}, CITED_NUMBER_SCORE)
    for piece in question.of(What.PARTIAL_NUMBER):
        if isinstance(piece.value, PartialNumber):
            yield _constant({"regexp": {"number": _key_pattern(piece.value)}}, PARTIAL_NUMBER_SCORE)


def _key_pattern(number: PartialNumber) -> str:
    """The keys that `PartialNumber.matches`, as the cluster's regular expression."""
    code = _escaped(number.code) if number.code else ".+"
    year = str(number.year) if number.year is not None else "[0-9]{4}"
    serial = str(number.serial) if number.serial is not None else "[0-9]+"
    return rf"{code}{year}\.{serial}"


def _escaped(text: str) -> str:
    return re.sub(r"([.?+*|{}\[\]()\"\\#@&<>~^$/-])", r"\\\1", text)


def _meant(titles: Sequence[str]) -> Iterator[Clause]:
    for rank, title in enumerate(titles):
        yield _constant({"term": {"id": title}}, MEANT_TITLE_SCORE * (1 - rank / (len(titles) + 1)))


def _each_word(question: Question) -> Iterator[Clause]:
    """Each word of the question, or an official term for a plain word that it is of."""
    for word in words_asked(question):
        plain = [one for one in question.plain_words if word in one.words]
        yield _any([{"term": {"said": word}}, *(_together(term, 1.0) for term in _terms(plain))])


def _terms(plain_words: Iterable[PlainWord]) -> Iterator[Term]:
    return chain.from_iterable(plain.terms for plain in plain_words)


def _limits(question: Question) -> list[Clause]:
    """What the reader's marks demand: phrases, texts of the title, all terms of one alternative."""
    wanted = [_phrase(text) for text in question.phrases]
    wanted += [_phrase(text, ("title_pairs",)) for text in question.title]
    if question.alternatives:
        wanted.append(_any([{"bool": {"filter": [_phrase(one) for one in terms]}} for terms in question.alternatives]))
    return wanted


def _excluded(question: Question) -> list[Clause]:
    return [_phrase(text) for text in question.excluded]


def _phrase(phrase: str, fields: Sequence[str] = ("title_pairs", "body_pairs")) -> Clause:
    """A text that stands literally in a field (see `indexer.literal`)."""
    found = phrase_pairs(phrase)
    if not found:
        return {"match_none": {}}
    if len(found) == 1:
        way = "prefix" if len(found[0]) == 1 else "term"
        return _any([{way: {field: found[0]}} for field in fields])
    return _any([{"match_phrase": {field: " ".join(found)}} for field in fields])


def _any(ways: Sequence[Clause]) -> Clause:
    return {"bool": {"should": list(ways), "minimum_should_match": 1}}


def _constant(clause: Clause, score: float) -> Clause:
    return {"constant_score": {"filter": clause, "boost": score}}
