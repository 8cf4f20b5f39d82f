"""Which headers keep a page from doing more than it should?"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

# Everything comes from here, and no script or style stands inside a page.
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Files were made by others: if a browser shows one all the same, it runs without an origin of ours.
FILE_POLICY: Final = "sandbox"

_HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A page may be kept but must be asked for again: a document that was taken down is gone at once.
    "Cache-Control": "no-cache",
}


def add_security_headers(app: Flask) -> None:
    """Put the headers on every answer; one that a view has set itself (a file's policy, a style's age) stays."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response
