"""Which bytes does an attachment have?

The same text gives the same bytes on every machine: archives carry one fixed date, PDFs are written in reportlab's
invariant mode, so that ETags survive a restart. What a machine may be unable to make (a page drawn with a Chinese font,
an .xls) was made before and is kept under prerendered/ (see prerender.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.sample.articles import AttachmentText
from corpus.sample.files.drafts import draft_docx
from corpus.sample.files.ofd import ofd
from corpus.sample.files.packing import gbk_zip_bytes, seven_zip_bytes, zip_bytes
from corpus.sample.files.pdf import catalog_pdf, scan_pdf, text_pdf
from corpus.sample.files.sheets import catalog_xlsx, csv, xlsx
from corpus.sample.files.word import catalog_docx, docx, rtf

CONTENT_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "rtf": "application/rtf",
    "ofd": "application/ofd",
    "png": "image/png",
    "txt": "text/plain",
    "zip": "application/zip",
    "7z": "application/x-7z-compressed",
    "rar": "application/x-rar-compressed",
}
PRERENDERED = Path(__file__).parent.parent / "prerendered"
# RAR 4 signature and nothing else: enough to be recognised and listed as unsupported.
_RAR_BYTES = b"Rar!\x1a\x07\x00"


def attachment_bytes(attachment: AttachmentText) -> bytes:
    """The file. Raises MissingPdfWriterError if it is a PDF of text and reportlab is not installed."""
    text, catalogs = attachment.text, attachment.catalogs
    match attachment.format:
        case "pdf" if attachment.prerendered:
            return scan_pdf(_prerendered(attachment))
        case "pdf":
            return catalog_pdf(catalogs) if catalogs else text_pdf(text)
        case "docx" if attachment.draft:
            return draft_docx(text)
        case "docx":
            return catalog_docx(catalogs) if catalogs else docx(text)
        case "xlsx":
            return catalog_xlsx(catalogs) if catalogs else xlsx(text)
        case "csv":
            return csv(text)
        case "rtf":
            return rtf(text)
        case "ofd":
            return ofd(attachment)
        case "txt":
            return text.strip().replace("\n", "\r\n").encode("gbk")
        case "png" | "xls":
            return _prerendered(attachment)
        case "zip":
            return gbk_zip_bytes(_members(attachment)) if attachment.gbk_names else zip_bytes(_members(attachment))
        case "7z":
            return seven_zip_bytes(_members(attachment))
        case "rar":
            return _RAR_BYTES


def _members(archive: AttachmentText) -> dict[str, bytes]:
    return {member.name: attachment_bytes(member) for member in archive.members}


def _prerendered(attachment: AttachmentText) -> bytes:
    return (PRERENDERED / attachment.prerendered).read_bytes()
