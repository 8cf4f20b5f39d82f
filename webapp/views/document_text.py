"""What does a document look like as official fields, and as a plain text to take away?"""

from __future__ import annotations

from collections.abc import Mapping

from corpus.models import Document, Kind, Validity
from webapp.presenters import chinese_date, kind_label, value_label


def official_fields(document: Document, domain_names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of the panel in their official order (政府信息公开目录), empty ones left out."""
    last_day = "截止日期" if document.kind is Kind.CONSULTATION else "失效日期"
    validity = "" if document.validity is Validity.UNKNOWN else document.validity.label
    fields = [
        ("索引号", document.index_number),
        ("主题分类", document.subject),
        ("发文机关", "、".join(document.issuers)),
        ("发文字号", document.document_number),
        ("成文日期", chinese_date(document.issued_on)),
        ("发布日期", chinese_date(document.published_on)),
        ("施行日期", chinese_date(document.effective_on)),
        (last_day, chinese_date(document.expires_on)),
        ("有效性", validity or str(document.extra.get("validity", ""))),
        ("类型", kind_label(document.kind)),
        ("领域", value_label("domain", document.domain, domain_names)),
        ("地区", document.region),
        ("栏目", document.column),
        ("信息来源", document.source),
    ]
    return [(label, value) for label, value in fields if value.strip()]


def plain_text(document: Document, domain_names: Mapping[str, str]) -> str:
    """Title, official fields, source, text and the list of attachments."""
    head = [document.title, ""]
    head += [f"{label}：{value}" for label, value in official_fields(document, domain_names)]
    if document.url:
        head.append(f"原网页：{document.url}")
    parts = ["\n".join(head), "─" * 30, document.body.strip()]
    if document.attachments:
        names = "\n".join(f"{number}. {item.name}" for number, item in enumerate(document.attachments, start=1))
        parts.append(f"附件：\n{names}")
    return "\n\n".join(part for part in parts if part) + "\n"
