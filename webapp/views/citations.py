"""How is a document cited: by people (GB/T 7714-2015), and by programs (schema.org)?"""

from __future__ import annotations

from datetime import date

from corpus.models import Document, Kind, Validity
from webapp.presenters import safe_link

_TYPES = {Kind.POLICY: "Legislation", Kind.LAW: "Legislation", Kind.GUIDE: "GovernmentService", Kind.REPORT: "Report"}
# schema.org/LegalForceStatus; what a document does not say is not claimed.
_FORCE = {
    Validity.IN_FORCE: "InForce",
    Validity.AMENDED: "PartiallyInForce",
    Validity.REPEALED: "NotInForce",
    Validity.EXPIRED: "NotInForce",
}


def reference(document: Document, address: str, today: date) -> str:
    """The entry for a list of references: 责任者. 题名: 文号[EB/OL]. (发布日期)[引用日期]. 地址.

    Source: GB/T 7714-2015, 4.6. ``address`` is the page's own, absolute; without one the source's stands there.
    """
    issuers = ", ".join(document.issuers[:3]) + (", 等" if len(document.issuers) > 3 else "")
    title = f"{document.title}: {document.document_number}" if document.document_number else document.title
    day = document.published_on or document.issued_on
    published = f"({day.isoformat()})" if day else ""
    parts = [issuers, f"{title}[EB/OL]", f"{published}[{today.isoformat()}]", address or safe_link(document.url)]
    return ". ".join(part for part in parts if part) + "."


def structured_data(document: Document, address: str) -> dict[str, object]:
    """The document for search engines, as JSON-LD; only what it says. ``address`` is its page, absolute or empty."""
    kind = _TYPES.get(document.kind, "DigitalDocument")
    bodies = [{"@type": "GovernmentOrganization", "name": name} for name in document.issuers]
    day = document.published_on or document.issued_on
    said: dict[str, object] = {"name": document.title, "inLanguage": "zh-CN", "url": address}
    if kind == "Legislation":
        force = _FORCE.get(document.validity)
        said |= {
            "legislationIdentifier": document.document_number,
            "legislationDate": document.issued_on.isoformat() if document.issued_on else "",
            "legislationDateOfApplicability": document.effective_on.isoformat() if document.effective_on else "",
            "legislationPassedBy": bodies,
            "legislationLegalForce": f"https://schema.org/{force}" if force else "",
        }
    if kind == "GovernmentService":
        del said["inLanguage"]
        said |= {"provider": bodies, "areaServed": document.region}
    else:
        said |= {"datePublished": day.isoformat() if day else "", "publisher": bodies, "keywords": document.subject}
    return {"@context": "https://schema.org", "@type": kind} | {name: value for name, value in said.items() if value}
