"""How does a kept file leave the house: whole, in part, or not again?"""

from __future__ import annotations

import hashlib
from io import BytesIO

from flask import Response, send_file

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
        path = blobs.path(sha256)
    except BlobMissingError as error:
        raise LostFileError(sha256, name) from error
    response = send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name, etag=sha256)
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
