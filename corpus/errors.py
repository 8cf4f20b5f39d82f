"""What can go wrong in the corpus.

CorpusError
├── StoreError
│   ├── StoreBusyError        another writer holds the store
│   ├── StoreVersionError     the store was written by another version of gongkai
│   └── UnknownDocumentError  no document has this id
├── BlobError
│   ├── BlobMissingError      the bytes of this SHA-256 are not kept here
│   │   └── BlobDamagedError  what is kept under it are other bytes
│   └── BlobWriteError        the disk refused (full, read-only …); nothing half-written is left
├── BackupError               a backup that cannot be written, or not be restored from
├── LockHeldError             somebody else does now what one must do alone
├── LockLostError             the lock went while its holder worked
├── UnreadableError           these bytes cannot be read as a document; the reason is shown to people
├── RecordError               a JSONL record that is no document
└── SiteFileError             a site description that cannot be used
"""


class CorpusError(Exception):
    """Root of all errors of this package; the message names the bad value and the remedy."""


class StoreError(CorpusError):
    """The store cannot do what was asked."""


class StoreBusyError(StoreError):
    """Another writer holds the store."""


class StoreVersionError(StoreError):
    """The tables were written by another version of gongkai."""


class UnknownDocumentError(StoreError):
    """No document has this id."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        super().__init__(f"no document has the id {document_id!r}; `gongkai search` prints ids")


class BlobError(CorpusError):
    """The blob store cannot do what was asked."""


class BlobMissingError(BlobError):
    """The bytes of this SHA-256 are not kept here."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"no original with SHA-256 {sha256} is kept")


class BlobDamagedError(BlobMissingError):
    """What is kept under this SHA-256 are other bytes."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.args = (f"the original with SHA-256 {sha256} is damaged; take it from a backup",)


class BlobWriteError(BlobError):
    """The disk or the object storage refused to keep the bytes; nothing half-written is left behind."""


class BackupError(CorpusError):
    """A backup cannot be written, or what is there cannot be restored from."""


class LockHeldError(CorpusError):
    """Somebody else does now what one must do alone; who asks says what to do about it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"another program holds the lock {name!r}; wait until it is done")


class LockLostError(CorpusError):
    """The lock went while its holder worked: what is not final yet must be left."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"the lock {name!r} was lost, and the work was left before its end: {why}; run it again")


class UnreadableError(CorpusError):
    """These bytes cannot be read as a document.

    ``reason`` is one short sentence for people, in English, without the file's name; the bytes are kept all the same.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class RecordError(CorpusError):
    """A JSONL record that is no document."""


class SiteFileError(CorpusError):
    """A site description (TOML) that cannot be used; the message names the key and what is allowed."""
