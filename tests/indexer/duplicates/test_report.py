"""What of everything published says the same?"""

from __future__ import annotations

from dataclasses import replace

from corpus.models import CatalogEntry, Document
from corpus.store import DocumentStore
from indexer.duplicates.model import Verdict
from indexer.duplicates.report import Report, report
from tests.indexer.duplicates.conftest import DOCUMENTS, OUTAGE_LATER, SUBSIDY

SUBSIDY_DOCUMENT = DOCUMENTS[0]


def over(store: DocumentStore, *documents: Document) -> Report:
    with store.writing() as writer:
        writer.put_many([(document, None) for document in documents])
    return report(store)


def found(made: Report) -> list[tuple[Verdict, list[str]]]:
    return [(cluster.verdict, [member.document_id for member in cluster.members]) for cluster in made.clusters]


def test_copies_are_one_cluster_and_all_but_one_could_go(store: DocumentStore) -> None:
    copies = [replace(SUBSIDY_DOCUMENT, id=f"copy-{number}", published_on=None) for number in range(3)]
    edited = replace(copies[0], id="edited", body=SUBSIDY.replace("每月十日前", "每月十五日前"))
    made = over(store, *DOCUMENTS, *copies, edited)
    assert found(made) == [(Verdict.NEAR_DUPLICATE, ["subsidy", "edited", "copy-0", "copy-1", "copy-2"])]
    assert (made.documents, made.could_go) == (len(DOCUMENTS) + 4, 4)
    assert made.by_issuer() == {"云澜区民政局": 5}
    assert made.by_column() == {"部门文件": 5}


def test_templates_and_unlike_documents_are_no_cluster(store: DocumentStore) -> None:
    later = Document(id="later", title="2024年6月18日云澜电网检修信息", body=OUTAGE_LATER)
    assert not over(store, *DOCUMENTS, later).clusters


def test_versions_are_told_but_none_of_them_could_go(store: DocumentStore) -> None:
    version = replace(SUBSIDY_DOCUMENT, id="older", body="\n".join(SUBSIDY.split("\n")[:4]) + "\n标准另行制定。")
    made = over(store, *DOCUMENTS, version)
    assert [verdict for verdict, _ in found(made)] == [Verdict.NEW_VERSION]
    assert made.could_go == 0


def test_an_item_told_differently_is_inconsistent(store: DocumentStore) -> None:
    row = CatalogEntry(item="养老服务业务办理", subitem="养老机构备案", publisher="各镇", content="只公开备案结果")
    town = Document(id="town", title="青石镇政务公开目录", body="青石镇公开事项，由党政办负责维护。", entries=(row,))
    again = replace(DOCUMENTS[4], id="again", title="民政领域目录", body="区民政局按季度更新的公开事项，供查询使用。")
    made = over(store, *DOCUMENTS, town, again)
    assert {(cluster.inconsistent, cluster.ids, cluster.items) for cluster in made.clusters} == {
        (False, frozenset({"catalog", "again"}), ("养老服务业务办理 · 养老机构备案",)),
        (True, frozenset({"catalog", "again", "town"}), ("养老服务业务办理 · 养老机构备案",)),
    }
    assert made.could_go == 1


def test_an_empty_store_gives_an_empty_report(store: DocumentStore) -> None:
    made = report(store)
    assert (made.documents, made.clusters, made.could_go) == (0, (), 0)
