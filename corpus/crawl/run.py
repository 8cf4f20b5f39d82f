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
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout
from scrapy.crawler import AsyncCrawlerProcess

from corpus.blobs import BlobStore
from corpus.crawl.errors import CrawlBusyError, CrawlError
from corpus.crawl.guard import conclude
from corpus.crawl.reading import Parse
from corpus.crawl.recorder import Progress, Recorder
from corpus.crawl.runs import begin
from corpus.crawl.settings import CrawlSettings, scrapy_settings
from corpus.crawl.site import Site
from corpus.crawl.spider import PortalSpider
from corpus.crawl.summary import CrawlSummary, summarize
from corpus.errors import CorpusError
from corpus.parsers.isolation import ParserPool
from corpus.store import DocumentStore

log = logging.getLogger(__name__)

# How long a crawler that was just killed may take to let go of the data folder, in seconds.
LOCK_PATIENCE_S = 3.0

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
    site = Site.model_validate_json(job["site"])
    settings = CrawlSettings(**job["settings"])
    lock = FileLock(Path(job["data_dir"]) / "crawl.lock")
    try:
        lock.acquire(timeout=LOCK_PATIENCE_S)
    except Timeout as error:
        raise CrawlBusyError(
            f"another crawl works in {job['data_dir']}; wait until it is done, or use another --data folder"
        ) from error
    began = time.monotonic()
    with lock, DocumentStore.open(job["store"]) as store:
        blobs = BlobStore(Path(job["blobs"]))
        with store.writing() as writer:
            run = begin(writer, site)
        with ParserPool(workers=1, parse=_load(settings.parser)) as pool:  # one: pages are recorded in their order
            recorder = Recorder(
                store,
                blobs,
                site,
                run,
                pool.parse,
                batch=2 * settings.concurrency,
                max_retries=settings.max_retries,
                retry_delay_s=settings.retry_delay_s,
            )
            _fetch(site, settings, recorder, stop, _progress_teller(out))
        stopped = stop.is_set()
        if not stopped:
            conclude(store, run, accept_removals=job["accept_removals"])
        return summarize(
            store,
            run.number,
            stopped=stopped,
            resumed=run.resumed,
            visited=recorder.progress.visited,
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
