"""Which document does a part of an address mean?"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.stored import StoredDocument
from indexer.engine import Query
from indexer.errors import IndexerError
from indexer.mapping import issuers_of
from webapp.errors import NotHereError, WithdrawnError
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.addresses import decode_id


def find_document(services: Services, text: str) -> StoredDocument:
    """The document whose id stands so in an address. Raises NotHereError, WithdrawnError."""
    stored = find_or_none(services, text)
    if stored is None:
        raise NotHereError("编号为这个值的文件", text, "地址可能抄错了，或者文件从未收录；可以按标题或发文字号搜索。")
    return stored


def find_or_none(services: Services, text: str) -> StoredDocument | None:
    """As `find_document`, None if there is none. Raises WithdrawnError if it was taken down."""
    for document_id in (text, decode_id(text)):
        if not document_id:
            continue
        # The takedown is asked first and last: what was withdrawn between the two reads is not shown either.
        stored = services.store.get(document_id)
        withdrawal = services.store.withdrawal(document_id)
        if withdrawal is not None or (stored is not None and stored.state == "withdrawn"):
            raise WithdrawnError(withdrawal, list(_others(services, stored)) if stored else ())
        if stored is not None:
            return stored
    return None


def _others(services: Services, stored: StoredDocument) -> Iterator[tuple[str, SearchRequest]]:
    """Searches for other documents of its kind and of its issuers, those that find something.

    Nothing more of a withdrawn document is told: its title may be why it was taken down.
    """
    kind = stored.document.kind
    wider = [(f"其他{kind.label}", SearchRequest().with_value("kind", kind.value))]
    wider += [(f"{name}发布的文件", SearchRequest().with_value("issuer", name)) for name in issuers_of(stored.document)]
    for label, search in wider:
        try:
            if services.engine.search(Query(filters=search.filters, facets=(), limit=0)).total:
                yield label, search
        except IndexerError:  # the page says what is known without the index too
            return
