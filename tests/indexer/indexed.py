"""Documents → store → index, as they come and go in an installation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import Generations
from indexer.sync import sync


def take_in(index: Generations, store_path: Path, batches: Sequence[Sequence[Document]]) -> None:
    """Take documents into a new store batch by batch, indexed after each; beside the last is one that then vanishes."""
    with DocumentStore.open(sqlite_url(store_path)) as store:
        for batch in batches:
            with store.writing() as writer:
                writer.put_many([(document, None) for document in batch])
                for attachment in (item for document in batch for item in document.attachments):
                    sha256 = hashlib.sha256(attachment.url.encode()).hexdigest()
                    writer.put_file(attachment.url, sha256=sha256, size=1, media_type="application/pdf")
                    writer.put_extract(sha256, parser="pdf/1", text=attachment.text, entries=attachment.entries)
                if batch is batches[-1]:
                    writer.put(Document(id="vanished", title="停水津贴检修"))
            sync(store, index)
        with store.writing() as writer:
            writer.mark_gone(["vanished"])
        sync(store, index)
