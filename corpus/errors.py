"""What can go wrong in the corpus.

CorpusError
├── StoreError
│   ├── StoreBusyError        another writer holds the store
│   ├── StoreVersionError     the store was written by another version of gongkai
│   └── UnknownDocumentError  no document has this id
├── BlobError
│   ├── BlobMissingError      the bytes of this SHA-256 are not kept here
│   └── BlobWriteError        the disk refused (full, read-only …); nothing half-written is left
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


class BlobWriteError(BlobError):
    """The disk refused to keep the bytes; nothing half-written is left behind."""


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
