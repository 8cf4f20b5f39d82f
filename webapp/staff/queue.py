"""Who looks at the drafts? Threads of every worker, one a session at a time; a page that still waits wakes them."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import PurePosixPath
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING

from corpus.errors import CorpusError, UnreadableError
from corpus.file_documents import Refusal
from corpus.models import Document
from corpus.parsers import Member, Parsed, Source
from indexer.duplicates.drafts import draft_of_text, drafts_of_file
from indexer.duplicates.model import CheckedDraft, Draft, DuplicateChecker
from indexer.errors import IndexerError
from webapp.staff import drafts as kept
from webapp.staff.drafts import MAX_DRAFTS, DraftEntry, DraftFolders, SessionDrafts, State
from webapp.staff.errors import PageRefusedError
from webapp.staff.pages import PortalPages
from webapp.staff.reasons import reason_in_chinese

if TYPE_CHECKING:
    from corpus.parsers.isolation import ParserPool

# Sessions that one worker looks at side by side; each has one parser process, which bounds the memory.
_THREADS = 2
_LOOK_S = 0.1

# Told of every verdict, with the name of the session's folder.
OnChecked = Callable[[str, CheckedDraft], None]

logger = logging.getLogger(__name__)


class DraftQueue:
    """Reads drafts (files in a process of their own) and has them checked."""

    def __init__(
        self, folders: DraftFolders, checker: DuplicateChecker, pages: PortalPages, on_checked: OnChecked
    ) -> None:
        self._folders, self._checker, self._pages = folders, checker, pages
        self._on_checked = on_checked
        self._slots = BoundedSemaphore(_THREADS)
        self._closing = Event()

    def close(self) -> None:
        """Begin no further draft, and wait for those that are being looked at."""
        self._closing.set()
        for _ in range(_THREADS):
            self._slots.acquire()

    def wake(self, session_folder: str, wait_s: float = 0.0) -> None:
        """See to it that somebody looks at the session's drafts; wait so long at most for it to be done."""
        session = self._folders.of(session_folder)
        if not session.pending():
            return
        if not self._closing.is_set() and self._slots.acquire(blocking=False):
            # A worker that is stopped does not wait for it: the draft that it was at is marked so by the next one.
            Thread(target=self._work, args=(session,), name="drafts", daemon=True).start()
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline and session.pending():
            time.sleep(_LOOK_S)

    def _work(self, session: SessionDrafts) -> None:
        try:
            with session.working() as mine, ExitStack() as stack:
                reader = _Reader(stack)
                while mine and not self._closing.is_set() and (pending := session.pending()):
                    for entry in pending:
                        if not self._closing.is_set():
                            self._look_at(session, entry, reader)
        except FileNotFoundError:
            return  # the session ended and was wiped, or its drafts were cleared
        except Exception as error:
            # Only its type: what it says could quote a draft.
            logger.error("the queue of drafts stopped: %s", type(error).__name__)
        finally:
            self._slots.release()

    def _look_at(self, session: SessionDrafts, entry: DraftEntry, reader: _Reader) -> None:
        if entry.state is State.READING:
            session.fail(entry, "检查中途程序停止，没有结果。可以再提交一次。")
            return
        data = session.read_bytes(entry.id)
        session.begin(entry)
        try:
            draft, members = self._readable(entry, data, reader)
            if session.entry(entry.id) is None:  # cleared meanwhile
                return
            if members:
                _unpack(session, entry, members)
            else:
                checked = self._checker.check(draft)
                self._on_checked(session.folder.name, checked)
                session.finish(entry, draft, checked, text_hash(draft))
        except UnreadableError as error:
            session.fail(entry, reason_in_chinese(error.reason))
        except PageRefusedError as error:
            session.fail(entry, str(error))
        except (IndexerError, CorpusError) as error:
            logger.error("a draft cannot be checked: %s", type(error).__name__)
            session.fail(entry, "现在不能比对：索引没有打开。管理员可运行 gongkai status 查看原因。")
        except OSError:
            raise
        except Exception as error:
            logger.error("a draft cannot be checked: %s", type(error).__name__)
            session.fail(entry, f"检查时出错（{type(error).__name__}），没有结果。")

    def _readable(self, entry: DraftEntry, data: bytes, reader: _Reader) -> tuple[Draft, tuple[Member, ...]]:
        """The draft, and what is in it if it is an archive. Of a file that cannot be read the bytes are compared."""
        try:
            return self._read(entry, data, reader)
        except UnreadableError as error:
            if entry.source is not kept.Source.FILE:
                raise
            nothing = Document(id="", title="")
            sha256 = hashlib.sha256(data).hexdigest()
            return Draft(name=entry.name, document=nothing, sha256=sha256, problems=(error.reason,)), ()

    def _read(self, entry: DraftEntry, data: bytes, reader: _Reader) -> tuple[Draft, tuple[Member, ...]]:
        """The draft, and what is in it if it is an archive."""
        if entry.source is kept.Source.TEXT:
            return text_draft(entry.name, data), ()
        if entry.source is kept.Source.PAGE:
            page = self._pages.fetch(entry.url)
            read = reader.read(Source(data=page.data, url=page.url, content_type=page.content_type))
            draft = file_draft(entry.name, page.data, read)
            draft = replace(draft, document=replace(draft.document, url=page.url))
            return replace(draft, published_id=_document_id(page.url)), read.members
        read = reader.read(Source(data=data, name=PurePosixPath(entry.name).name))
        return file_draft(entry.name, data, read), read.members


def _unpack(session: SessionDrafts, archive: DraftEntry, members: tuple[Member, ...]) -> None:
    """Put what is in an archive into its place, to be checked one by one; say so where not all of it fits."""
    room = MAX_DRAFTS - (len(session.entries()) - 1)
    taken = members if len(members) <= room else members[: room - 1]
    for member in taken:
        session.add(f"{archive.name} › {member.name}", kept.Source.FILE, data=member.data)
    if len(taken) == len(members):
        session.drop(archive)
    else:
        session.fail(archive, f"压缩包里有 {len(members)} 份文件，只检查前 {len(taken)} 份；其余的请清空结果后再提交。")


class _Reader:
    """A parser process, started when the first file comes and ended with the stack."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._pool: ParserPool | None = None

    def read(self, source: Source) -> Parsed:
        """Raises UnreadableError."""
        from corpus.parsers.isolation import ParserPool  # loads every parser

        if self._pool is None:
            self._pool = self._stack.enter_context(ParserPool(workers=1))
        return self._pool.parse(source)


def text_draft(title: str, data: bytes) -> Draft:
    """The draft of a pasted text (UTF-8). Raises UnreadableError if it says nothing."""
    draft = draft_of_text(data.decode("utf-8", "replace"), title)
    return replace(draft, document=replace(draft.document, title=title)) if title else draft


def file_draft(name: str, data: bytes, read: Parsed) -> Draft:
    """The draft that was read out of these bytes. Raises UnreadableError if it is no document."""
    item = next(drafts_of_file(name, data, read))
    if isinstance(item, Refusal):
        raise UnreadableError(item.reason)
    return item


def text_hash(draft: Draft) -> str:
    """By what a draft is known when it comes again."""
    return hashlib.sha256(draft.document.body.encode("utf-8", "surrogatepass")).hexdigest()


def _document_id(url: str) -> str:
    from corpus.crawl.urls import document_id_for

    return document_id_for(url)
