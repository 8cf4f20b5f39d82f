"""How good are the answers, beside those of other engines? `make eval` prints a table a set of topics."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import as_completed
from pathlib import Path

from rich.table import Table

from benchmarks.children import processes
from benchmarks.datasets import TOPIC_SETS, DatasetMissingError, data_folder
from benchmarks.indexing import work_folder
from benchmarks.measuring import PEERS, USUAL_PEERS, Report, measure_all
from benchmarks.tables import machine, show, table
from indexer.baseline import Baseline, pin_baselines
from indexer.evaluate import Measures, changes

COLUMNS = ("hit@1", "hit@10", "MRR@10", "nDCG@10", "R@100")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; gives the exit code."""
    options = _parser().parse_args(arguments)
    peers = () if options.no_peers else tuple(options.peer or USUAL_PEERS)
    chosen = [topic_set for topic_set in TOPIC_SETS if not options.set or topic_set.name in options.set]
    started = time.perf_counter()
    try:
        data = data_folder()
        with work_folder(options.work) as work, processes(options.processes) as pool:
            running = [pool.submit(measure_all, topic_set, data, work, peers) for topic_set in chosen]
            for done in as_completed(running):
                report = done.result()
                took = f"indexed in {report.index_s:.0f} s" if report.index_s else "index kept"
                _say(
                    f"{report.topic_set}: {report.documents:,} documents, {took}; {time.perf_counter() - started:.0f} s"
                )
    except DatasetMissingError as error:
        _say(str(error))
        return 1
    reports = [future.result() for future in running]
    for report in reports:
        show(*tables(report), *(changed(report) if options.changes else ()))
    if options.pin:
        pin_baselines(
            Baseline(report.topic_set, report.judgements, options.pin, report.rows[0].scores) for report in reports
        )
    print(f"{machine()}; {time.perf_counter() - started:.0f} s in all")
    return 0


def tables(report: Report) -> list[Table]:
    """The measures of every system, and by kind of topic where the topics have kinds."""
    topics = report.rows[0].measures.topics
    rows = [*filter(None, [report.before]), *report.rows]
    made = [
        table(
            f"{report.topic_set}: {topics} topics over {report.documents:,} documents{_better_and_worse(report)}",
            ("system", *COLUMNS, "seconds"),
            [(row.system, *_cells(row.measures), "–" if row.seconds is None else f"{row.seconds:.1f}") for row in rows],
        )
    ]
    if kinds := report.rows[0].kinds:
        made.append(
            table(
                f"{report.topic_set} by kind: hit@1 / hit@10",
                ("system", *(f"{kind} ({measures.topics})" for kind, measures in kinds.items())),
                [(row.system, *(_hits(row.kinds[kind]) for kind in kinds)) for row in rows],
            )
        )
    if answers := report.answers:
        values = (
            answers.passage_holds,
            answers.right_or_answer,
            answers.shown,
            answers.shown_right,
            answers.shown_holds,
        )
        made.append(
            table(
                f"{report.topic_set}: literal answers of {answers.topics} topics",
                ("first passage holds it", "right document or answer", "shown above", "of these right", "hold it"),
                [tuple(f"{value:.3f}" for value in values)],
                texts=0,
            )
        )
    return made


def changed(report: Report) -> list[Table]:
    """Every topic that is answered otherwise than when the baseline was pinned, what lost most first."""
    if report.before is None:
        return []
    return [
        table(
            f"{report.topic_set}: topics answered otherwise",
            ("topic", "first rank before", "now", "nDCG@10 before", "now"),
            [
                (
                    one.topic,
                    str(one.rank_before),
                    str(one.rank_after),
                    f"{one.ndcg_before:.3f}",
                    f"{one.ndcg_after:.3f}",
                )
                for one in changes(report.before.scores, report.rows[0].scores)
            ],
        )
    ]


def _better_and_worse(report: Report) -> str:
    if report.before is None:
        return ""
    found = changes(report.before.scores, report.rows[0].scores)
    better = sum(one.ndcg_after > one.ndcg_before for one in found)
    worse = sum(one.ndcg_after < one.ndcg_before for one in found)
    return f"; against what is pinned {better} topics better, {worse} worse"


def _cells(measures: Measures) -> tuple[str, ...]:
    values = (measures.hit_1, measures.hit_10, measures.mrr_10, measures.ndcg_10, measures.recall_100)
    return tuple(f"{value:.3f}" for value in values)


def _hits(measures: Measures) -> str:
    return f"{measures.hit_1:.2f} / {measures.hit_10:.2f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    names = [topic_set.name for topic_set in TOPIC_SETS]
    parser.add_argument("--set", action="append", choices=names, help="only this set of topics; may be repeated")
    parser.add_argument("--no-peers", action="store_true", help="only our own engine")
    parser.add_argument("--peer", action="append", choices=list(PEERS), help=f"instead of {', '.join(USUAL_PEERS)}")
    parser.add_argument("--work", type=Path, help="keep the indexes here and use them again (or GONGKAI_BENCH_DIR)")
    parser.add_argument("--changes", action="store_true", help="also each topic that is answered otherwise")
    parser.add_argument("--pin", metavar="NAME", help="pin what was measured as the baseline, under this name")
    parser.add_argument("--processes", type=int, default=2, help="how many collections at a time (default 2)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
