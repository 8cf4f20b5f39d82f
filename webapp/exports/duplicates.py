"""Checked drafts and clusters of published documents as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexer.duplicates.model import CheckedDraft, Cluster, Match
from webapp.accounts.decisions import Decision

CHECK_HEADER = (
    "草稿", "结论", "是否重复", "已发布文件", "标题", "网址", "关系", "相似度", "草稿被包含", "已发布被包含",
    "发布日期", "先后", "不同之处", "说明",
)  # fmt: skip
CLUSTER_HEADER = (
    "组", "结论", "内容不一致", "事项", "编号", "标题", "发文机关", "栏目", "发文字号", "发布日期", "字数",
    "最低相似度", "决定", "理由", "决定人",
)  # fmt: skip

# More differences than that are read in the alignment, not in a cell.
_SHOWN_FACTS = 20


def check_rows(answers: Iterable[CheckedDraft]) -> Iterator[tuple[str, ...]]:
    """A row for each draft and match; one without a match has one row."""
    for answer in answers:
        own = (answer.name, answer.verdict.label, "是" if answer.verdict.is_duplicate else "否")
        for match in answer.matches:
            yield (*own, *_match_cells(match), "；".join(answer.problems))
        if not answer.matches:
            yield (*own, *[""] * 10, "；".join(answer.problems))


def _match_cells(match: Match) -> tuple[str, ...]:
    facts = (
        f"{fact.kind.label}：{fact.draft or '无'} → {fact.published or '无'}" for fact in match.facts[:_SHOWN_FACTS]
    )
    shares = (match.jaccard, match.draft_in_published, match.published_in_draft)
    return (
        match.document_id,
        match.title,
        match.url,
        match.verdict.label,
        *(f"{share:.0%}" for share in shares),
        match.published_on.isoformat() if match.published_on else "",
        match.direction.label,
        "；".join(facts),
    )


def cluster_rows(clusters: Iterable[Cluster], decided: Sequence[Decision]) -> Iterator[tuple[str, ...]]:
    """A row for each document of each cluster, with the latest of the decisions (the newest last) that is about it."""
    for number, cluster in enumerate(clusters, 1):
        decision = next((item for item in reversed(decided) if cluster.ids <= item.members), None)
        for member in cluster.members:
            yield (
                str(number),
                cluster.verdict.label,
                "是" if cluster.inconsistent else "",
                "；".join(cluster.items),
                member.document_id,
                member.title,
                "、".join(member.issuers),
                member.column,
                member.document_number,
                member.published_on.isoformat() if member.published_on else "",
                str(member.characters),
                f"{cluster.similarity:.0%}",
                decision.choice.label if decision else "",
                decision.why if decision else "",
                decision.who if decision else "",
            )
