"""How does a kept file leave the house: whole, in part, or not again?"""

from __future__ import annotations

import hashlib
from io import BytesIO

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from corpus.errors import BlobMissingError
from webapp.errors import LostFileError
from webapp.ports import Blobs
from webapp.security import FILE_POLICY
from webapp.views.file_names import content_type


def send_blob(blobs: Blobs, sha256: str, *, media_type: str, name: str) -> Response:
    """The bytes of a blob as a download; conditional and Range requests are answered (RFC 9110, 13 and 14).

    Raises LostFileError if the bytes are not there.
    """
    try:
        file, size = blobs.open(sha256), blobs.size(sha256)
    except BlobMissingError as error:
        raise LostFileError(sha256, name) from error
    response = send_file(
        file,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name,
        etag=sha256,
        conditional=False,  # without the size, which a file on object storage cannot tell, no part could be sent
    )
    response.content_length = size
    if "Range" in request.headers:
        response.response = FileWrapper(file)  # it can seek; a server's own wrapper would read all that is skipped
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return _as_download(response, content_type(media_type))


def send_text(text: str, *, name: str) -> Response:
    """A text as a download, in UTF-8."""
    return send_made(text.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", name=name)


def send_made(data: bytes, *, media_type: str, name: str) -> Response:
    """A file that was made just now as a download."""
    tag = hashlib.sha256(data).hexdigest()
    response = send_file(
        BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=name, etag=tag
    )
    return _as_download(response, media_type)


def _as_download(response: Response, kind: str) -> Response:
    # Set on the header itself: through ``mimetype`` a text would be said to be UTF-8, whatever it is.
    response.headers["Content-Type"] = kind
    response.headers["Content-Security-Policy"] = FILE_POLICY
    # Kept copies are asked for again (the ETag makes that cheap): a file that was taken down is gone at once.
    response.headers["Cache-Control"] = "no-cache"
    response.headers.pop("Expires", None)
    return response
