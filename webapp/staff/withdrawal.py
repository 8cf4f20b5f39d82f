"""How is a document taken out of everything that answers? The one way of the shell and of the staff area."""

from __future__ import annotations

from corpus.blobs import BlobStore
from corpus.store import DocumentStore
from indexer.generations import IndexFolder

# The classes of reason that the public page of a withdrawn document shows; whatever else is said is for the audit only.
REASON_CLASSES = ("个人信息", "发布有误", "主管机关要求", "其他")


def take_down(
    store: DocumentStore, blobs: BlobStore, index: IndexFolder, document_id: str, *, reason: str, note: str, purge: bool
) -> None:
    """Withdraw a document for good and bring the index up to it; with ``purge`` nothing of it stays on the disk.

    Raises UnknownDocumentError; IndexBusyError, if another program writes the index: the document is withdrawn all the
    same, and that program takes it out of the index when it is done.
    """
    from indexer.upkeep import bring_up, bring_up_and_purge

    with store.writing() as writer:
        orphans = writer.withdraw(document_id, reason=reason, note=note, purge=purge)
    for sha256 in orphans:
        blobs.delete(sha256)
    if purge:
        store.forget_deleted()
        blobs.sweep(store.blob_names())
        bring_up_and_purge(store, index)
    else:
        bring_up(store, index)
