"""What does the text itself say about its number (文号), its signer and its date (落款)?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from analyzers.dates import find_signing_date
from analyzers.document_number import find_document_numbers

_MAX_SIGNERS = 6
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff（）()、·\s]{1,38}"
    r"(局|委|会|府|厅|部|办|室|院|所|中心|处|队|站|公司|银行|协会|大学|学校|医院|署|团|集团|科|股|组|社|台|馆|法院|检察院|支队|大队|总队|街道|镇|乡)"
    r"([（(].{1,10}[）)])?"
)
_BRACKETS = "（()）【】[] "


def number_line(lines: Iterable[str]) -> str:
    """The document number that fills one of the lines by itself, as published; empty if none does."""
    for line in lines:
        found = find_document_numbers(line)
        if len(found) == 1 and not (line[: found[0].start] + line[found[0].end :]).strip(_BRACKETS):
            return found[0].text
    return ""


def signature(text: str) -> tuple[tuple[str, ...], date | None]:
    """Who signed (the lines above the date that name organisations) and when; empty and None if the text does not say.

    Source: GB/T 9704-2012, 7.3.5 (发文机关署名, 成文日期): the date stands below the names.
    """
    found = find_signing_date(text)
    if found is None:
        return (), None
    signers: list[str] = []
    for line in reversed(text[: found.start].split("\n")[-_MAX_SIGNERS - 1 :]):
        name = line.strip()
        if name and _ORGANISATION.fullmatch(name) is None:
            break
        if name:
            signers.insert(0, name)
    return tuple(signers), found.value
