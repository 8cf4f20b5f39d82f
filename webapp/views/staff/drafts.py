"""The check: drafts come in, their verdicts are listed, each with its evidence, and decided on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from indexer.duplicates.drafts import MAX_CHARACTERS
from indexer.duplicates.model import CheckedDraft, Verdict
from webapp.accounts.decisions import Choice, draft_subject
from webapp.exports.duplicates import CHECK_HEADER, check_rows
from webapp.staff.drafts import MAX_DRAFTS, DraftEntry, SessionDrafts, Source, State
from webapp.staff.errors import DraftRefusedError
from webapp.staff.reasons import reason_in_chinese
from webapp.staff.services import Staff
from webapp.views.staff.asked import page_number, read_decision, record_decision
from webapp.views.staff.exporting import table_response
from webapp.views.staff.guard import Landing, signed_in

_PAGE_ROWS = 50
_FILE_BYTES = 100 << 20
# So long the form waits for verdicts before it shows the list: most drafts are done by then.
_WAIT_S = 1.5


def add(pages: Blueprint, staff: Staff) -> None:
    def mine() -> SessionDrafts:
        return staff.folders.of(signed_in().folder)

    @pages.get("/")
    def home() -> str:
        staff.queue.wake(signed_in().folder)
        entries = mine().entries()
        chosen = request.args.get("verdict", "")
        shown = [entry for entry in entries if not chosen or entry.verdict == chosen or entry.state == chosen]
        page = page_number(len(shown), _PAGE_ROWS)
        rows = [(entry, _answer(mine(), entry)) for entry in shown[page.start : page.stop]]
        counts = Counter(entry.verdict or entry.state for entry in entries)
        return render_template(
            "staff/drafts.html",
            rows=rows,
            page=page,
            entries=entries,
            chosen=chosen,
            counts=[(name, name.label, counts[name]) for name in Verdict if counts[name]],
            failed=counts[State.FAILED],
            pending=counts[State.WAITING] + counts[State.READING],
        )

    @pages.post("/check")
    def check() -> AnyResponse:
        _take_in(staff, mine())
        staff.queue.wake(signed_in().folder, _WAIT_S)
        return redirect(url_for("staff.home", _anchor="results"), 303)

    @pages.get("/progress.json")
    def progress() -> Response:
        staff.queue.wake(signed_in().folder)
        entries = mine().entries()
        return jsonify(total=len(entries), done=sum(entry.state in (State.CHECKED, State.FAILED) for entry in entries))

    @pages.post("/clear")
    def clear() -> AnyResponse:
        mine().clear()
        return redirect(url_for("staff.home"), 303)

    @pages.get("/drafts/<draft_id>")
    def draft(draft_id: str) -> str:
        entry, checked = _checked(mine(), draft_id)
        subjects = {match.document_id: draft_subject(entry.text_hash, match.document_id) for match in checked.matches}
        decided = staff.decisions.on(subjects.values())
        return render_template(
            "staff/draft.html",
            entry=entry,
            checked=checked,
            decided={document_id: decided.get(subject) for document_id, subject in subjects.items()},
            choices=list(Choice),
        )

    @pages.post("/drafts/<draft_id>/decision")
    def decide_draft(draft_id: str) -> AnyResponse:
        entry, checked = _checked(mine(), draft_id)
        document_id = request.form.get("document_id", "")
        if document_id not in {match.document_id for match in checked.matches}:
            abort(404)
        choice, why = read_decision()
        record_decision(staff, draft_subject(entry.text_hash, document_id), [document_id], choice, why)
        return redirect(url_for("staff.draft", draft_id=draft_id, _anchor="decided"), 303)

    @pages.get("/results.<suffix>")
    def results(suffix: str) -> Response:
        return table_response(staff, "查重结果", suffix, CHECK_HEADER, _rows(mine()))


def _take_in(staff: Staff, session: SessionDrafts) -> None:
    """Make drafts of what the form holds. Raises DraftRefusedError, PageRefusedError."""
    text = request.form.get("text", "").strip()
    url = request.form.get("url", "").strip()
    files = [(file.filename or "", file.stream) for file in request.files.getlist("files") if file.filename]
    if not (text or url or files):
        raise DraftRefusedError("没有收到内容：请粘贴文字、选择文件，或者填写网址。")
    if len(session.entries()) + len(files) + bool(text) + bool(url) > MAX_DRAFTS:
        raise DraftRefusedError(f"一次登录最多核对 {MAX_DRAFTS:,} 份草稿，请先清空已有结果。")
    if len(text) > MAX_CHARACTERS:
        raise DraftRefusedError(f"文字有 {len(text):,} 字，最多 {MAX_CHARACTERS:,} 字；请分段提交，或者提交文件。")
    if url:
        allowed = staff.pages.allowed(url)
        session.add(allowed, Source.PAGE, url=allowed)
    if text:
        title = request.form.get("title", "").strip()[:200]
        session.add(title, Source.TEXT, data=text.encode("utf-8", "replace"))
    for name, landed in files:
        assert isinstance(landed, Landing)  # noqa: S101 - the guard lets uploads land
        draft_id = session.add(name[-200:], Source.FILE, landed=landed.path)
        entry = session.entry(draft_id)
        if entry is not None and entry.size > _FILE_BYTES:
            session.fail(entry, f"文件超过 {_FILE_BYTES >> 20} MB。")


def _checked(session: SessionDrafts, draft_id: str) -> tuple[DraftEntry, CheckedDraft]:
    entry = session.entry(draft_id)
    if entry is None or entry.state is not State.CHECKED:
        abort(404)
    return entry, session.checked(draft_id)


def _answer(session: SessionDrafts, entry: DraftEntry) -> CheckedDraft | None:
    return session.checked(entry.id) if entry.state is State.CHECKED else None


def _rows(session: SessionDrafts) -> Iterator[tuple[str, ...]]:
    """A row a match; a draft without one has a row as well."""
    for entry in session.entries():
        name = entry.name or "粘贴的文字"
        if entry.state is State.CHECKED:
            checked = session.checked(entry.id)
            problems = tuple(map(reason_in_chinese, checked.problems))
            yield from check_rows([replace(checked, name=name, problems=problems)])
        else:
            yield (name, "没有检查", *[""] * (len(CHECK_HEADER) - 3), entry.problem or "还在等待")
