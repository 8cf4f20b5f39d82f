"""Which real collections and topics are there to measure on, and where are they?"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus.models import Document
from corpus.records import document_from_record

_REPOSITORY = Path(__file__).resolve().parent.parent


class DatasetMissingError(Exception):
    """The real documents are not there; the message says where they were looked for."""


@dataclass(frozen=True, slots=True)
class TopicSet:
    """Topics with judgements (``<name>.dev.tsv``, ``<name>.dev.qrels``) over one collection."""

    name: str
    collection: str

    def topics(self, folder: Path) -> Path:
        """The file of topics in the data folder."""
        return folder / f"{self.name}.dev.tsv"

    def qrels(self, folder: Path) -> Path:
        """The file of judgements in the data folder."""
        return folder / f"{self.name}.dev.qrels"

    def answers(self, folder: Path) -> Path:
        """The file of literal answers (``topic<TAB>answer``) in the data folder; few sets have one."""
        return folder / f"{self.name}.dev.answers.tsv"


# What takes longest to index stands first, so that two processes end at about the same time.
TOPIC_SETS = (
    TopicSet("gov-questions", "gov-documents"),
    TopicSet("statutes", "statutes"),
    TopicSet("known-items", "titles"),
)


def data_folder() -> Path:
    """``GONGKAI_REALDATA``, or ``shared/data`` beside the repository. Raises DatasetMissingError."""
    folder = Path(os.environ.get("GONGKAI_REALDATA", _REPOSITORY.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        raise DatasetMissingError(f"no real documents in {folder}; set GONGKAI_REALDATA to the folder that has them")
    return folder


def collection_file(folder: Path, collection: str) -> Path:
    """The JSON lines of a collection. Raises DatasetMissingError."""
    path = folder / f"{collection}.jsonl.gz"
    if not path.is_file():
        raise DatasetMissingError(f"{path} is not there; GONGKAI_REALDATA must name a folder with all collections")
    return path


def read_documents(path: Path, every: int = 1) -> Iterator[Document]:
    """The documents of a collection in the order of the file: all, or ``every`` so-manieth as a sample."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            yield document_from_record(json.loads(line))
