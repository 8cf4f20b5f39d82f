"""How does a table of the staff area leave as a file? Masked, and noted in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from flask import Response, abort, send_file

from webapp.accounts.audit import Action
from webapp.exports.tables import table_csv, table_xlsx
from webapp.staff.services import Staff
from webapp.views.staff.guard import address, signed_in

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    staff: Staff, name: str, suffix: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> Response:
    """The table as a download, ``suffix`` csv or xlsx; anything else is not there (404)."""
    if suffix == "csv":
        data, kind = "".join(table_csv(header, rows)).encode(), "text/csv"
    elif suffix == "xlsx":
        data, kind = table_xlsx(name, header, rows), _XLSX
    else:
        abort(404)
    staff.audit.record(signed_in().name, Action.EXPORTED, name, suffix, address())
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=f"{name}.{suffix}")
