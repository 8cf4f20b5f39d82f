"""How were the real topics answered when that was last pinned? What `gongkai evaluate` and `make eval` compare with.

``baseline.tsv`` has a row a topic: no questions and no documents, only the topic's number and how it was answered. A
baseline holds for the judgements whose hash it names, and for no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.evaluate import TopicScore

_FILE = Path(__file__).with_name("baseline.tsv")


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a set of topics was answered by what ``pinned`` names (a day, a commit)."""

    topic_set: str
    judgements: str
    pinned: str
    scores: Mapping[str, TopicScore]


def judgements_hash(topics: Path, qrels: Path) -> str:
    """The SHA-256 of the topics followed by the judgements."""
    return hashlib.sha256(topics.read_bytes() + qrels.read_bytes()).hexdigest()


def baseline_for(topics: Path, qrels: Path, file: Path = _FILE) -> Baseline | None:
    """The baseline of these judgements; None if none is pinned."""
    wanted = judgements_hash(topics, qrels)
    return next((one for one in read_baselines(file) if one.judgements == wanted), None)


def read_baselines(file: Path = _FILE) -> tuple[Baseline, ...]:
    """All that are pinned."""
    found: list[Baseline] = []
    scores: dict[str, TopicScore] = {}
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if cells[0] == "set":
            scores = {}
            found.append(Baseline(cells[1], cells[2], cells[3], scores))
        else:
            scores[cells[0]] = TopicScore(int(cells[1]), float(cells[2]), float(cells[3]))
    return tuple(found)


def pin_baselines(baselines: Iterable[Baseline], file: Path = _FILE) -> None:
    """Pin these; those of other sets stay as they are."""
    known = {one.topic_set: one for one in (read_baselines(file) if file.is_file() else ())}
    known |= {one.topic_set: one for one in baselines}
    lines = [
        "# How the topics of each set were answered: `set`, its name, the SHA-256 of topics and judgements, what was",
        "# measured; then a row a topic: id, rank of its first relevant document (0: not found), nDCG@10, R@100.",
        "# Written by `python -m benchmarks.relevance --pin`.",
    ]
    for one in sorted(known.values(), key=lambda one: one.topic_set):
        lines.append(f"set\t{one.topic_set}\t{one.judgements}\t{one.pinned}")
        lines += [f"{topic}\t{s.rank}\t{s.ndcg:.3f}\t{s.recall:.3f}" for topic, s in sorted(one.scores.items())]
    file.write_text("\n".join(lines) + "\n", "utf-8")
