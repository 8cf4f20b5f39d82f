"""The list of published documents that show full numbers follows the store, on SQLite and PostgreSQL."""

from __future__ import annotations

from corpus.models import Attachment, Document
from corpus.store import DocumentStore
from tests.webapp.staff.district import ID_CARD
from webapp.staff.findings import Findings


def test_it_follows_what_changes_and_puts_identity_cards_first(store_url: str) -> None:
    attached = "https://www.yunlan.example.cn/files/1.xlsx"
    with DocumentStore.open(store_url) as store:
        findings = Findings(store)
        with store.writing() as writer:
            writer.put_many(
                [
                    (Document(id="a", title="公示", body=f"身份证{ID_CARD}，电话13812345678、13987654321"), None),
                    (Document(id="b", title="联系电话13812345678"), None),
                    (Document(id="c", title="名单", attachments=(Attachment(name="名单", url=attached),)), None),
                    (Document(id="d", title="没有号码"), None),
                ]
            )
        assert findings.behind() == 4
        seen: list[int] = []
        findings.catch_up(seen.append)
        assert (findings.behind(), seen) == (0, [4])
        assert findings.listed(10)[0].document_id == "a"
        assert {item.document_id: sum(item.counts.values()) for item in findings.listed(10)} == {"a": 3, "b": 1}
        assert [item.document_id for item in findings.listed(1, offset=1)] == ["b"]

        with store.writing() as writer:
            writer.put_file(attached, sha256="0" * 64, size=9, media_type="text/plain")
            writer.put_extract("0" * 64, parser="text/2", text=f"陈某某 {ID_CARD}")
            writer.put(Document(id="a", title="公示", body="身份证360***********0013"))
            writer.withdraw("b", reason="个人信息")
        findings.catch_up()
        assert [item.document_id for item in findings.listed(10)] == ["c"]
        assert findings.count() == 1
