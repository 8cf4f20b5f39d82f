"""Is there an index of a real collection in the work folder, written with today's code? If not, make one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.blobs import BlobStore
from corpus.importers import ingest
from corpus.store import DocumentStore, sqlite_url
from indexer import upkeep
from indexer.generations import IndexFolder

_REPOSITORY = Path(__file__).resolve().parent.parent

# Whatever decides what stands in an index: a change in one of these makes a kept index worthless.
_DECISIVE = (
    *("analyzers/**/*.py", "analyzers/**/*.tsv", "corpus/*.py", "indexer/fields.py", "indexer/*mapping.py"),
    *("indexer/columnar/*.py", "indexer/phrasebook*.py", "indexer/upkeep.py"),
)

_MARKER = "made-of.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A collection in store and index: seconds that `ingest` and `sync` took, both 0 for a kept one."""

    folder: IndexFolder
    documents: int
    ingest_s: float
    sync_s: float


def index_collection(source: Path, work: Path) -> Indexed:
    """Ingest and index a collection below ``work``, unless it stands there already as today's code would make it."""
    home = home_of(source, work)
    marker = home / _MARKER
    folder = IndexFolder(home / "index")
    made_of = what_makes(source)  # before the work: somebody may edit the code meanwhile
    if marker.is_file() and (made := json.loads(marker.read_text("utf-8")))["of"] == made_of:
        return Indexed(folder=folder, documents=made["documents"], ingest_s=0.0, sync_s=0.0)
    shutil.rmtree(home, ignore_errors=True)
    _, ingest_s = take_in(source, home)
    documents, sync_s = bring_up(home, made_of)
    return Indexed(folder=folder, documents=documents, ingest_s=ingest_s, sync_s=sync_s)


def home_of(source: Path, work: Path) -> Path:
    """The data folder of a collection below ``work``."""
    return work / source.name.removesuffix(".jsonl.gz")


def take_in(source: Path, home: Path) -> tuple[int, float]:
    """`gongkai ingest` into an empty data folder; gives documents and seconds."""
    (home / "blobs").mkdir(parents=True)
    started = time.perf_counter()
    with DocumentStore.open(sqlite_url(home / "store.db")) as store:
        summary = ingest([source], store, BlobStore(home / "blobs"))
    if summary.refused:
        raise RuntimeError(f"{len(summary.refused)} documents of {source} were refused, first {summary.refused[0]}")
    return summary.read, time.perf_counter() - started


def bring_up(home: Path, made_of: dict[str, str]) -> tuple[int, float]:
    """`gongkai index` of what was taken in, and note of what it was made; gives documents and seconds."""
    with DocumentStore.open(sqlite_url(home / "store.db")) as store:
        summary = upkeep.bring_up(store, IndexFolder(home / "index"))
    note = {"of": made_of, "documents": summary.indexed}
    (home / _MARKER).write_text(json.dumps(note), "utf-8")
    return summary.indexed, summary.seconds


def code_hash() -> str:
    """A hash of the code and word lists that decide what stands in an index."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _DECISIVE for path in _REPOSITORY.glob(pattern)}):
        digest.update(f"{path.relative_to(_REPOSITORY)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def work_folder(chosen: Path | None = None) -> Iterator[Path]:
    """``chosen``, else ``GONGKAI_BENCH_DIR``, both kept; else a temporary folder that is removed at the end."""
    if chosen is None and (named := os.environ.get("GONGKAI_BENCH_DIR")):
        chosen = Path(named)
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as temporary:
        yield Path(temporary)


def what_makes(source: Path) -> dict[str, str]:
    """Hashes of the collection and of the code: an index with the same ones need not be made again."""
    with source.open("rb") as file:
        return {"collection": hashlib.file_digest(file, "sha256").hexdigest(), "code": code_hash()}
