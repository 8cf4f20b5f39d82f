"""Are duplicates found, are others left alone, and how long does it take? Tables for `python -m benchmarks`."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from rich.table import Table

from benchmarks.children import alone
from benchmarks.corpora import write_corpus
from benchmarks.datasets import collection_file, read_documents
from benchmarks.duplicate_edits import EDITS
from benchmarks.indexing import home_of, index_collection
from benchmarks.tables import table
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from corpus.stored import StoredDocument
from indexer.duplicates.checker import Checker, Sides, match
from indexer.duplicates.drafts import draft_of_text
from indexer.duplicates.model import CheckedDraft, Draft, Verdict
from indexer.duplicates.report import report
from indexer.duplicates.shingles import Hashes, letters_of, shingles_of
from indexer.duplicates.signature_file import SignatureFile, write_signatures
from indexer.duplicates.signing import minhash, sign
from indexer.duplicates.verdicts import Thresholds
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine

Say = Callable[[str], None]

# These say of a pair that it is one text; a template, or a document that says nothing, is none.
FOUND = frozenset({Verdict.SAME_FILE, Verdict.SAME_TEXT, Verdict.REPOST, Verdict.NEW_VERSION, Verdict.NEAR_DUPLICATE})

_HARDEST = 10  # of the index's own hits a law
_EDITED = 40  # documents of each size: some 130 s
_SIZES = (("500 to 1,000", 500, 1_000), ("1,000 to 5,000", 1_000, 5_000), ("5,000 to 20,000", 5_000, 20_000))
_DRAFTS, _DRAFT_CHARACTERS = 100, 5_000
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,12}[〔\[（(]?(19|20)\d\d[〕\]）)]?年?第?\d+号|第[一二三四五六七八九十百零〇\d]+号"
)
_SAMPLE = 3_000  # statutes of which every pair is compared


def duplicates(data: Path, work: Path, temporary: Path, say: Say) -> Iterator[Table]:
    """All tables; ``work`` keeps the index of 200,000 documents, ``temporary`` the others."""
    say("duplicates: law versions …")
    yield from laws(data, temporary / "laws")
    say("duplicates: edits of real documents …")
    yield edits(data, temporary / "edits")
    say("duplicates: signatures beside datasketch …")
    yield signatures(data, temporary / "signatures.gk")
    say("duplicates: 200,000 documents …")
    yield speed(data, work)
    say("duplicates: the report over all statutes …")
    yield whole_report(data, work)


def laws(data: Path, folder: Path) -> Iterator[Table]:
    """Versions of laws without titles and numbers against the hardest other laws; then the others, by title."""
    with gzip.open(data / "law-versions.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    near = [pair for pair in pairs if pair["jaccard5"] >= 0.5]
    rows = []
    for what, figures in (("titles and 文号", False), ("and all figures", True)):
        documents = [_unnamed(str(number), pair["b"], pair["title"], figures) for number, pair in enumerate(pairs)]
        with checking(documents, folder / what) as (checker, engine):
            frequent = checker.signatures().files[0].boilerplate
            theirs = cache(partial(_side, documents, frequent))
            found, wrong, seen = 0, set(), 0
            for number, pair in enumerate(pairs):
                if pair["jaccard5"] < 0.5:
                    continue
                draft = Draft(name="", document=_unnamed("", pair["a"], pair["title"], figures))
                verdicts = {made.document_id: made.verdict for made in checker.check(draft).matches}
                found += verdicts.get(str(number)) in FOUND
                hits = engine.search(Query(text=draft.document.body[:60], limit=_HARDEST)).hits
                hits += engine.search(Query(text=pair["title"], limit=_HARDEST)).hits
                ours = Sides(draft.document, frequent, "")
                judged = {hit.document_id: match(ours, theirs(hit.document_id), Thresholds()).verdict for hit in hits}
                for other, verdict in {**judged, **verdicts}.items():
                    if pairs[int(other)]["title"] != pair["title"]:
                        seen += 1
                        if verdict in FOUND:
                            wrong.add((number, other))
        precision = found / (found + len(wrong))
        counts = [str(count) for count in (len(near), found, seen, len(wrong))]
        rows.append([what, *counts, f"{found / len(near):.3f}", f"{precision:.3f}"])
    columns = ("removed from both sides", "pairs", "found", "others", "wrong", "recall", "precision")
    yield table("law versions", columns, rows)
    yield _by_title(pairs, folder / "titled")


def _by_title(pairs: Sequence[dict[str, Any]], folder: Path) -> Table:
    """The pairs that have less in common, with their titles."""
    far = [pair for pair in pairs if pair["jaccard5"] < 0.5]
    documents = [Document(id=str(number), title=pair["title"], body=pair["b"]) for number, pair in enumerate(far)]
    told: Counter[str] = Counter()
    with checking(documents, folder) as (checker, _):
        for number, pair in enumerate(far):
            answer = checker.check(Draft(name="", document=Document(id="", title=pair["title"], body=pair["a"])))
            told[_told(answer, str(number))] += 1
    rows = [[name, str(count)] for name, count in told.most_common()]
    return table("law versions: the other pairs, by title", ("verdict", "pairs"), rows)


def edits(data: Path, folder: Path) -> Table:
    """Documents that come back changed, without their titles: how many are told as the same."""
    documents = list(read_documents(collection_file(data, "gov-documents")))
    rows = []
    with checking(documents, folder) as (checker, _):
        chosen = {
            name: Random(1).sample([item for item in documents if low <= len(item.body) < high], _EDITED)  # noqa: S311
            for name, low, high in _SIZES
        }
        for what, edit, shares in EDITS:
            for share in shares:
                cells = []
                told: Counter[Verdict] = Counter()
                for some in chosen.values():
                    found = 0
                    for item in some:
                        body = edit(item.body, share, Random(item.id))  # noqa: S311
                        answer = checker.check(Draft(name="", document=Document(id="", title="", body=body)))
                        verdict = _told(answer, item.id)
                        found += verdict in FOUND or _has_all(answer)
                        told[verdict] += 1
                    cells.append(f"{found / len(some):.3f}")
                most = ", ".join(
                    f"{verdict.value} {count / told.total():.2f}" for verdict, count in told.most_common(2)
                )
                rows.append([what, f"{share:.0%}", most, *cells])
    columns = ("edit", "of it", "told as", *(name for name, *_ in _SIZES))
    caption = "Found is also an excerpt that another document has word for word, if that one is told."
    return table("edits: recall by the number of characters", columns, rows, texts=3, caption=caption)


def signatures(data: Path, path: Path) -> Table:
    """Signing, and finding pairs, beside datasketch; what brute force finds is the truth."""
    documents = [_stored(item) for item in read_documents(collection_file(data, "statutes"))]
    started = time.process_time()
    for at in range(0, len(documents), 2_000):
        sign(documents[at : at + 2_000])
    ours = len(documents) / (time.process_time() - started)
    sample = documents[:: len(documents) // _SAMPLE][:_SAMPLE]
    texts = [item.document.body for item in sample]
    hashes, starts = shingles_of(letters_of(texts))
    sets = [np.unique(hashes[low:high]) for low, high in pairwise(starts)]
    truth = _brute_force(sets)
    write_signatures(path, sample)
    file, places = SignatureFile(path), {item.document.id: number for number, item in enumerate(sample)}
    started = time.process_time()
    answers = minhash(hashes, starts)
    found = set()
    for number in range(len(sample)):
        rows, _ = file.in_a_band(answers[number], 1_000)
        found |= {(number, other) for other in (places[file.id(row)] for row in rows.tolist()) if number < other}
    asking = (time.process_time() - started) / len(sample)
    started = time.process_time()
    peer = MinHashLSH(threshold=0.5, num_perm=128)
    made = [_datasketch(item) for item in sets]
    signing = len(sample) / (time.process_time() - started)
    started = time.process_time()
    theirs = set()
    for number, one in enumerate(made):
        theirs |= {(other, number) for other in peer.query(one)}
        peer.insert(number, one)
    theirs_asking = (time.process_time() - started) / len(sample)
    lines = [
        [name, f"{signed:,.0f}", f"{1_000 * asked:.2f}", f"{_recall(truth, pairs):.3f}", f"{len(pairs):,}"]
        for name, signed, asked, pairs in (
            ("ours", ours, asking, found),
            ("datasketch", signing, theirs_asking, theirs),
        )
    ]
    caption = (
        "Ours signs from the text, with samples and keys; datasketch from ready shingles. "
        f"Pairs of a Jaccard from .5 among {len(sample):,}: {len(truth):,}."
    )
    return table(
        "signatures of statutes",
        ("", "signed a second", "ms a question", "recall", "candidates"),
        lines,
        caption=caption,
    )


def speed(data: Path, work: Path) -> Table:
    """Checking drafts of 5,000 characters against 200,000 documents, in processor time."""
    source = write_corpus(data, work, "200k")
    index_collection(source, work)
    home = home_of(source, work)
    documents = read_documents(collection_file(data, "gov-documents"))
    bodies = [item.body for item in documents if len(item.body) >= _DRAFT_CHARACTERS]
    taken: defaultdict[str, list[float]] = defaultdict(list)
    folder = IndexFolder(home / "index")
    with DocumentStore.open(sqlite_url(home / "store.db")) as store, closing(WhooshEngine(folder)) as engine:
        checker = Checker(store, folder, engine)
        checker.check(draft_of_text(bodies[0][:_DRAFT_CHARACTERS], "-"))
        for body in Random(1).sample(bodies, _DRAFTS):  # noqa: S311
            text = body[:_DRAFT_CHARACTERS]
            for what, some in (("published", text), ("new (its sentences read backwards)", _backwards(text))):
                draft = draft_of_text(some, "-")
                started = time.process_time()
                checker.check(draft)
                taken[what].append(1_000 * (time.process_time() - started))
    rows = [
        [name, f"{quantiles(times, n=20)[9]:.0f}", f"{quantiles(times, n=20)[18]:.0f}"] for name, times in taken.items()
    ]
    return table("a draft of 5,000 characters beside 200,000 documents: ms", ("", "p50", "p95"), rows)


def whole_report(data: Path, work: Path) -> Table:
    """The report over all statutes, in a process of its own."""
    source = collection_file(data, "statutes")
    index_collection(source, work)
    (seconds, documents, clusters), peak = alone(_report, home_of(source, work))
    row = [f"{documents:,}", f"{clusters:,}", f"{seconds:.0f}", f"{peak:.0f}"]
    return table("the report over all statutes", ("documents", "clusters", "s", "MB"), [row], texts=0)


def _report(home: Path) -> tuple[float, int, int]:
    started = time.process_time()
    with DocumentStore.open(sqlite_url(home / "store.db")) as store:
        made = report(store)
    return time.process_time() - started, made.documents, len(made.clusters)


@contextmanager
def checking(documents: Sequence[Document], folder: Path) -> Iterator[tuple[Checker, WhooshEngine]]:
    """A checker, and the engine, over these documents, in a store and index of their own."""
    folder.mkdir(parents=True)
    index = IndexFolder(folder / "index")
    with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(document, None) for document in documents])
        bring_up(store, index)
        with closing(WhooshEngine(index)) as engine:
            yield Checker(store, index, engine), engine


def _unnamed(document_id: str, text: str, title: str, figures: bool) -> Document:
    """A law without its title, the numbers of its orders and the marks of the collection; or without any figure."""
    text = re.sub(r"<!--.*?-->|^#+ ?", "", text.replace(title, ""), flags=re.MULTILINE | re.DOTALL)
    text = _NUMBER.sub("", text)
    return Document(id=document_id, title="法规", body=re.sub(r"[0-9]+", "", text) if figures else text)


def _side(documents: Sequence[Document], frequent: Hashes, number: str) -> Sides:
    return Sides(documents[int(number)], frequent, "")


def _told(answer: CheckedDraft, document_id: str) -> Verdict:
    """The verdict on a draft and this document."""
    return next((made.verdict for made in answer.matches if made.document_id == document_id), Verdict.NOT_FOUND)


def _has_all(answer: CheckedDraft) -> bool:
    """Is a document told that has all of the draft?"""
    return any(made.verdict in FOUND and made.draft_in_published == 1 for made in answer.matches)


def _backwards(text: str) -> str:
    return "。".join(sentence[::-1] for sentence in text.split("。"))


def _stored(document: Document) -> StoredDocument:
    return StoredDocument(document=document, state="live", version=1, original=None, changed_at=datetime.now(UTC))


def _datasketch(shingles: Hashes) -> MinHash:
    made = MinHash(num_perm=128)
    made.update_batch([item.tobytes() for item in shingles])
    return made


def _brute_force(sets: Sequence[Hashes]) -> set[tuple[int, int]]:
    """Every pair with a Jaccard from .5, by counting the shingles that each two share."""
    having: defaultdict[int, list[int]] = defaultdict(list)
    found = set()
    for number, some in enumerate(sets):
        shared = Counter(other for shingle in some.tolist() for other in having[shingle])
        for other, count in shared.items():
            if count >= 0.5 * (len(some) + len(sets[other]) - count):
                found.add((other, number))
        for shingle in some.tolist():
            having[shingle].append(number)
    return found


def _recall(truth: set[tuple[int, int]], found: set[tuple[int, int]]) -> float:
    return len(truth & found) / len(truth)
