"""What was found, taken away as a file: all rows as CSV or XLSX, all documents or the chosen ones as ZIP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from corpus.stored import StoredDocument
from webapp.errors import BadParameterError
from webapp.exports.found import HEADER, Found, find_all, rows, with_documents
from webapp.exports.package import Package
from webapp.exports.sheets import MAX_XLSX_ROWS, csv_stream, xlsx_stream
from webapp.exports.slots import Slots
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.file_names import download_name, ending_of

TOTAL = "X-Total-Count"
# As many ids as the form parser takes (werkzeug's max_form_parts) and a request has room for.
MAX_CHOSEN = 1_000

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = "application/zip"


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("exports", __name__)
    slots = Slots(services.settings.shared_folder)

    def table(media_type: str, write: Callable[[Iterator[Sequence[str]]], Iterator[bytes]]) -> Response:
        search = SearchRequest.read(request.args)

        def make() -> Response:
            found = find_all(services.engine, search.to_query())
            if media_type == XLSX and len(found) > MAX_XLSX_ROWS:
                raise BadParameterError("q", search.text, f"表格最多 {MAX_XLSX_ROWS:,} 行，请缩小范围或下载 CSV。")
            pairs = with_documents(services.store, found)
            lines = rows(pairs, services.domain_names, services.settings.public_url)
            return download(write(lines), media_type, _name(search, f"{len(found)}条"), len(found))

        return slots.answer(make)

    @pages.get("/search.csv")
    def as_csv() -> Response:
        """A row a hit, all of them, whatever the page; `TOTAL` says how many."""
        return table(CSV, lambda lines: csv_stream(HEADER, lines))

    @pages.get("/search.xlsx")
    def as_xlsx() -> Response:
        return table(XLSX, lambda lines: xlsx_stream("检索结果", HEADER, lines))

    @pages.get("/search.zip")
    def all_documents() -> Response:
        """The files of every document that was found, or of which a catalog row was."""
        search = SearchRequest.read(request.args)

        def make() -> Response:
            ids = dict.fromkeys(one.document_id for one in find_all(services.engine, search.to_query()))
            return _package(services, list(ids), search)

        return slots.answer(make)

    @pages.post("/search.zip")
    def chosen_documents() -> Response:
        """The files of the documents whose ids the form names, in its order."""
        ids = list(dict.fromkeys(value for value in request.form.getlist("id") if value))
        if not 1 <= len(ids) <= MAX_CHOSEN:
            raise BadParameterError("id", f"{len(ids)} 个", f"请选择 1 到 {MAX_CHOSEN} 份文件。")
        return slots.answer(lambda: _package(services, ids, SearchRequest()))

    return pages


def _package(services: Services, ids: Sequence[str], search: SearchRequest) -> Response:
    package = Package(services.blobs, services.domain_names, services.settings.public_url)
    pairs: Iterator[tuple[str, StoredDocument | None]] = (
        (one.document_id, stored)
        for one, stored in with_documents(services.store, (Found(name, name, 0, "") for name in ids))
    )
    return download(package.stream(pairs), _ZIP, _name(search, f"{len(ids)}份"), len(ids))


def _name(search: SearchRequest, count: str) -> str:
    """Says what was asked for and how much of it there is."""
    return f"政务公开 {search.text[:40]}（{count}）"


def download(body: Iterator[bytes], media_type: str, title: str, total: int) -> Response:
    """A file that leaves while it is made; `TOTAL` says of how many rows or documents."""
    headers = Headers({TOTAL: str(total)})
    name = download_name(title, media_type)
    # A header is ASCII: the name itself as RFC 8187 writes it, beside a plain one for programs that do not know that.
    names = {"filename": f"gongkai{ending_of(name)}", "filename*": f"UTF-8''{quote(name, safe='')}"}
    headers.set("Content-Disposition", "attachment", **names)
    return Response(body, mimetype=media_type, headers=headers)
