"""Which bytes are behind an attachment's address?"""

from __future__ import annotations

import re

from flask import Blueprint, Response

from webapp.errors import NotHereError
from webapp.ports import Services
from webapp.views.downloads import send_blob
from webapp.views.file_names import download_name

_SHA256 = re.compile(r"[0-9a-f]{64}")


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("files", __name__)

    @pages.get("/files/<sha256>/<any_text:name>")
    def attachment(sha256: str, name: str) -> Response:
        """The file that the store has under this SHA-256. The name in the address only picks among its own names."""
        kept = services.store.file(sha256) if _SHA256.fullmatch(sha256) else None
        if kept is None:
            raise NotHereError("附件", name, "它可能已随文件撤下，或者地址抄错了；请回到文件页面重新下载。")
        names = [download_name(own, kept.media_type) for own in kept.names] or [download_name("", kept.media_type)]
        return send_blob(services.blobs, sha256, media_type=kept.media_type, name=name if name in names else names[0])

    return pages
