"""How does a program run a crawl? In a process of its own, with progress, and stopped cleanly by Ctrl-C."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from corpus.blobs import Blobs
from corpus.carried_files import read_new_files
from corpus.crawl.errors import CrawlBusyError, CrawlError
from corpus.crawl.settings import CrawlSettings
from corpus.crawl.site import Site
from corpus.crawl.summary import CrawlSummary, UnreadFile
from corpus.locks import locks_of
from corpus.store import DocumentStore

# Not ``-m``: its parser's process would load the whole module again as its main one.
_RUN = "import sys; from corpus.crawl.run import main; sys.exit(main())"

# How long another crawler may take to read its files, in seconds: with OCR, some hundred a minute.
_FILES_PATIENCE_S = 4 * 3_600.0

# Called with how many addresses and files are done, how many are known and waiting, and the last one.
OnProgress = Callable[[int, int, str], None]


def crawl(
    site: Site,
    store: DocumentStore,
    blobs: Blobs,
    *,
    data_dir: Path,
    accept_removals: bool = False,
    settings: CrawlSettings | None = None,
    on_progress: OnProgress | None = None,
) -> CrawlSummary:
    """Crawl a site to the end, or continue a crawl of it that was cut off; then read the files that it fetched.

    ``data_dir`` holds the lock (one crawl at a time; on PostgreSQL any number share the work, see `claims`) and
    ``logs/crawl-<site>.log``. ``accept_removals`` confirms that what vanished or shrank is meant to.

    Ctrl-C (KeyboardInterrupt) finishes and commits what is in flight and gives a summary whose outcome is ``stopped``;
    a second one ends the crawl at once, and raises. After either, as after a kill -9 at any moment, the next call
    continues: nothing that was committed is fetched again.

    Raises CrawlBusyError if another crawl works in this folder, CrawlError if this one cannot go on (disk full, store
    busy, killed).
    """
    logs = data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log_path = logs / f"crawl-{site.id}.log"
    job = {
        "site": site.model_dump_json(),
        "store": store.engine.url.render_as_string(hide_password=False),
        "blobs": blobs.url,
        "data_dir": str(data_dir.resolve()),
        "accept_removals": accept_removals,
        "settings": asdict(settings or CrawlSettings()),
    }
    with (
        log_path.open("ab") as log,
        subprocess.Popen(  # noqa: S603 (our own words)
            [sys.executable, "-c", _RUN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            process_group=0,  # the terminal's Ctrl-C is ours to pass on
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as child,
    ):
        assert child.stdin is not None and child.stdout is not None  # noqa: S101
        try:
            answer = _converse(child, child.stdin, child.stdout, job, on_progress)
        except BaseException:
            child.kill()
            raise
    if "summary" in answer:
        summary = CrawlSummary.from_dict(answer["summary"])
        return summary if summary.outcome == "stopped" else _read_files(summary, store, blobs, data_dir, on_progress)
    if answer.get("kind") == "busy":
        raise CrawlBusyError(answer["error"])
    if "error" in answer:
        raise CrawlError(f"the crawl of {site.id} stopped: {answer['error']}; run it again to continue")
    raise CrawlError(
        f"the crawler's process ended without a word (exit code {child.returncode}); "
        f"{log_path} may say why, and running it again continues"
    )


def _read_files(
    summary: CrawlSummary, store: DocumentStore, blobs: Blobs, data_dir: Path, on_progress: OnProgress | None
) -> CrawlSummary:
    """Read the attachments that were fetched, on all cores; pages were read as they came.

    Where several crawlers end together, one reads: the others wait, and find nothing left.
    """

    def progress(done: int, left: int, url: str) -> None:
        if on_progress is not None:
            on_progress(summary.read + done, left, url)

    with locks_of(store.engine, data_dir).held("files", patience_s=_FILES_PATIENCE_S):
        reading = read_new_files(store, blobs, progress)
    return replace(summary, unread=tuple(UnreadFile(url, reason) for url, reason in reading.refused))


def _converse(
    child: subprocess.Popen[str],
    to_child: IO[str],
    from_child: IO[str],
    job: dict[str, Any],
    on_progress: OnProgress | None,
) -> dict[str, Any]:
    """Send the job, pass progress on, and give the last message; the first Ctrl-C asks the child to stop."""
    with suppress(BrokenPipeError):
        to_child.write(json.dumps(job) + "\n")
        to_child.flush()
    answer: dict[str, Any] = {}
    asked = False
    while True:
        try:
            for line in from_child:
                message = json.loads(line)
                if "progress" in message:
                    if on_progress is not None:
                        on_progress(*message["progress"])
                else:
                    answer = message
            child.wait()
        except KeyboardInterrupt:
            if asked:
                raise
            asked = True
            with suppress(BrokenPipeError):
                to_child.write("stop\n")
                to_child.flush()
        else:
            with suppress(BrokenPipeError):
                to_child.close()
            return answer
