"""What does the crawler's own process do? (Started by `launch`.)

Scrapy's reactor runs once in the life of a process, so every crawl has its own. The job comes as one line of JSON on
standard input; progress, and at last the summary or the error, go out as lines of JSON on standard output; logs go to
standard error. Standard input stays open as a lifeline: the line ``stop`` asks to finish what is in flight and end; the
end of the input means that the parent is dead, and this process goes at once (transactions are whole or not at all).
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from scrapy.crawler import AsyncCrawlerProcess

from corpus.blobs import open_blobs
from corpus.crawl.claims import HostClaims
from corpus.crawl.errors import CrawlBusyError, CrawlError
from corpus.crawl.guard import conclude
from corpus.crawl.reading import Parse
from corpus.crawl.recorder import Progress, Recorder
from corpus.crawl.runs import Run, begin, is_to_be_judged
from corpus.crawl.settings import CrawlSettings, scrapy_settings
from corpus.crawl.site import Site
from corpus.crawl.spider import PortalSpider
from corpus.crawl.summary import CrawlSummary, summarize
from corpus.errors import CorpusError, LockHeldError
from corpus.locks import FolderLocks, locks_of
from corpus.parsers.isolation import ParserPool
from corpus.shared import SharedTables
from corpus.store import DocumentStore

log = logging.getLogger(__name__)

# How long a crawler that was just killed may take to let go of the data folder, in seconds.
LOCK_PATIENCE_S = 3.0

# How long another crawler of the same site may take to begin or to be judged, in seconds: thousands of held documents
# are published in minutes.
_TURN_PATIENCE_S = 3_600.0

# Progress is told at most so often, in seconds.
_PROGRESS_EVERY_S = 0.1


def main() -> int:
    """Run one job; gives 0 if a summary was written, 1 if an error was."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever prints, prints to the log
    job = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    try:
        summary = _crawl(job, stop, out)
    except CorpusError as error:
        log.exception("the crawl failed")
        kind = "busy" if isinstance(error, CrawlBusyError) else "failed"
        _tell(out, {"error": str(error), "kind": kind})
        return 1
    except Exception as error:
        log.exception("the crawl failed")
        _tell(out, {"error": f"{type(error).__name__}: {error}", "kind": "failed"})
        return 1
    _tell(out, {"summary": summary.to_dict()})
    return 0


def _crawl(job: dict[str, Any], stop: threading.Event, out: IO[str]) -> CrawlSummary:
    """Alone in its data folder; on a store that machines share, beside others who are at the same frontier."""
    site = Site.model_validate_json(job["site"])
    settings = CrawlSettings(**job["settings"])
    folder = Path(job["data_dir"])
    with DocumentStore.open(job["store"]) as store:
        work = _Work(job, site, settings, store, folder, stop, out)
        tables = SharedTables.beside(store.engine)
        if tables is not None:
            lease_s = max(settings.lease_s, site.delay_s)
            claims = HostClaims(tables, most=settings.concurrency, lease_s=lease_s, delay_s=site.delay_s)
            return work.shared(claims)
        with ExitStack() as stack:
            try:
                stack.enter_context(FolderLocks(folder).held("crawl", patience_s=LOCK_PATIENCE_S))
            except LockHeldError as error:
                raise CrawlBusyError(
                    f"another crawl works in {folder}; wait until it is done, or use another --data folder"
                ) from error
            return work.alone()


@dataclass(frozen=True, slots=True)
class _Work:
    """One crawl from its beginning to its judgement."""

    job: dict[str, Any]
    site: Site
    settings: CrawlSettings
    store: DocumentStore
    folder: Path
    stop: threading.Event
    out: IO[str]

    def alone(self) -> CrawlSummary:
        began = time.monotonic()
        with self.store.writing() as writer:
            run = begin(writer, self.site)
        visited = self._fetch(run, None)
        if not self.stop.is_set():
            conclude(self.store, run, accept_removals=self.job["accept_removals"])
        return self._summary(run, visited, began)

    def shared(self, claims: HostClaims) -> CrawlSummary:
        """Beginning and judgement are for one crawler at a time: whoever comes first, once all have done their part."""
        began = time.monotonic()
        turns = locks_of(self.store.engine, self.folder)
        turn = f"crawl of {self.site.id}"
        with turns.held(turn, patience_s=_TURN_PATIENCE_S), self.store.writing() as writer:
            run = begin(writer, self.site, alone=False)
        try:
            visited = self._fetch(run, claims)
        finally:
            claims.leave()
        if not self.stop.is_set():
            with turns.held(turn, patience_s=_TURN_PATIENCE_S):
                if is_to_be_judged(self.store, run, self.site):
                    conclude(self.store, run, accept_removals=self.job["accept_removals"])
        return self._summary(run, visited, began)

    def _fetch(self, run: Run, claims: HostClaims | None) -> int:
        """Fetch until nothing is left or ``stop`` is set; gives how many answers this process recorded."""
        settings = self.settings
        with ParserPool(workers=1, parse=_load(settings.parser)) as pool:  # one: pages are recorded in their order
            recorder = Recorder(
                self.store,
                open_blobs(self.job["blobs"]),
                self.site,
                run,
                pool.parse,
                batch=2 * settings.concurrency,
                max_retries=settings.max_retries,
                retry_delay_s=settings.retry_delay_s,
                claims=claims,
            )
            if claims is not None:
                claims.keep(recorder.count_pages)
            _fetch(self.site, settings, recorder, self.stop, _progress_teller(self.out))
        return recorder.progress.visited

    def _summary(self, run: Run, visited: int, began: float) -> CrawlSummary:
        return summarize(
            self.store,
            run.number,
            stopped=self.stop.is_set(),
            resumed=run.resumed,
            visited=visited,
            seconds=time.monotonic() - began,
        )


def _fetch(
    site: Site,
    settings: CrawlSettings,
    recorder: Recorder,
    stop: threading.Event,
    on_progress: Callable[[Progress], None],
) -> None:
    """Run Scrapy until the queue is empty or ``stop`` is set. Raises what kept an answer from being recorded."""
    process = AsyncCrawlerProcess(scrapy_settings(site, settings))
    crawler = process.create_crawler(PortalSpider)
    task = process.crawl(
        crawler, site=site, crawl_settings=settings, recorder=recorder, stop=stop, on_progress=on_progress
    )
    process.start(install_signal_handlers=False)
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise error
    spider = crawler.spider
    if not isinstance(spider, PortalSpider):
        raise CrawlError("the crawler did not start; its log says why")
    if spider.fatal is not None:
        raise spider.fatal


def _watch_parent(stop: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            stop.set()
    os._exit(1)


def _progress_teller(out: IO[str]) -> Callable[[Progress], None]:
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_EVERY_S or progress.queued <= 0:
            last = now
            _tell(out, {"progress": [progress.done, max(progress.queued, 0), progress.last_url]})

    return tell


def _tell(out: IO[str], message: dict[str, Any]) -> None:
    out.write(json.dumps(message, ensure_ascii=False) + "\n")
    out.flush()


def _load(name: str) -> Parse:
    module, _, function = name.partition(":")
    parse: Parse = getattr(import_module(module), function)
    return parse
