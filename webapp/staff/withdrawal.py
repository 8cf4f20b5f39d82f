"""How is a document taken out of everything that answers? By the store, at once; and then out of the index, too."""

from __future__ import annotations

import logging
from threading import Thread

from corpus.blobs import Blobs
from corpus.store import DocumentStore
from indexer.errors import IndexBusyError, IndexerError
from indexer.generations import Generations

logger = logging.getLogger(__name__)

# The classes of reason that the public page of a withdrawn document shows; whatever else is said is for the audit only.
REASON_CLASSES = ("个人信息", "发布有误", "主管机关要求", "其他")


def take_down(
    store: DocumentStore, blobs: Blobs, index: Generations, document_id: str, *, reason: str, note: str, purge: bool
) -> None:
    """Withdraw a document for good and bring the index up to it; with ``purge`` nothing of it stays on the disk.

    Raises UnknownDocumentError; IndexBusyError, if another program writes the index: the document is withdrawn all the
    same, and that program takes it out of the index when it is done.
    """
    from indexer.upkeep import bring_up, bring_up_and_purge

    with store.writing() as writer:
        writer.withdraw(document_id, reason=reason, note=note, purge=purge)
    if purge:
        with store.writing() as writer:
            writer.delete_unwanted(blobs)
        store.forget_deleted()
        blobs.sweep(store.blob_names())
        bring_up_and_purge(store, index)
    else:
        bring_up(store, index)


class Takedowns:
    """What staff do. Nobody waits for the index: nothing answers with a withdrawn document (`indexer.withdrawals`)."""

    def __init__(self, store: DocumentStore, index: Generations) -> None:
        self._store, self._index = store, index
        self._following: list[Thread] = []

    def withdraw(self, document_id: str, *, reason: str, note: str) -> None:
        """Withdraw a document for good; the index follows in a thread. Raises UnknownDocumentError."""
        with self._store.writing() as writer:
            writer.withdraw(document_id, reason=reason, note=note)
        follow = Thread(target=self._follow, name="index", daemon=True)
        self._following = [thread for thread in self._following if thread.is_alive()] + [follow]
        follow.start()

    def index_follows(self) -> bool:
        """Has the index still to take in what the store has?"""
        try:
            state = self._index.state()
        except IndexerError:
            return True
        return state is None or state.meta is None or self._store.change_count(after=state.meta.change) > 0

    def close(self) -> None:
        """Wait until the index is brought up."""
        for thread in self._following:
            thread.join()

    def _follow(self) -> None:
        from indexer.upkeep import bring_up

        try:
            bring_up(self._store, self._index)
        except IndexBusyError:
            logger.info("another program writes the index, and takes the withdrawal in when it is done")
        except Exception as error:
            logger.error("the index was not brought up to a withdrawal; run `gongkai index`", exc_info=error)
