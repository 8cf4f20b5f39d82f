"""What can go wrong between a question and its answer.

IndexerError
├── QueryError            the reader's question cannot be asked so: the message says what is allowed
│   ├── UnknownFieldError
│   └── UnknownValueError
├── IndexMissingError     nothing was indexed yet
├── IndexBusyError        another process is writing the index
├── IndexDamagedError     a file of the index is torn or not as it was written
├── IndexOutdatedError    the index was written with another schema or other dictionaries
└── EvaluationError       topics or judgements that cannot be read
"""

from collections.abc import Iterable


class IndexerError(Exception):
    """Root of all errors of this package; the message names the bad value and the remedy."""


class QueryError(IndexerError):
    """The question cannot be asked so; the message is safe to show."""


class UnknownFieldError(QueryError):
    """A filter names a field that there is not."""

    def __init__(self, field: str, known: Iterable[str]) -> None:
        self.field, self.known = field, tuple(known)
        super().__init__(f"unknown field {field!r}; use one of {', '.join(self.known)}")


class UnknownValueError(QueryError):
    """A filter names a value that its field does not have."""

    def __init__(self, field: str, value: str, known: Iterable[str]) -> None:
        self.field, self.value, self.known = field, value, tuple(known)
        super().__init__(f"{field} cannot be {value!r}; use one of {', '.join(self.known)}")


class IndexMissingError(IndexerError):
    """Nothing was indexed yet."""


class IndexBusyError(IndexerError):
    """Another process is writing the index."""


class IndexDamagedError(IndexerError):
    """A file of the index is torn or not as it was written; `gongkai index --rebuild` makes it anew from the store."""


class IndexOutdatedError(IndexerError):
    """The index was written with another schema or other dictionaries; `gongkai index --rebuild` makes it anew."""


class IndexAwayError(IndexerError):
    """The cluster that holds the index does not answer, or only in part; what is to be written waits in the store."""


class EvaluationError(IndexerError):
    """Topics or judgements that cannot be read; the message names the file and the line."""
