"""What of everything published says the same? Clusters by verdict, issuer and column, and a decision on each."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from indexer.duplicates.model import Cluster
from webapp.accounts.decisions import Choice, Decision, cluster_subject
from webapp.exports.duplicates import CLUSTER_HEADER, cluster_rows
from webapp.staff.services import Staff
from webapp.views.staff.asked import page_number, read_decision, record_decision
from webapp.views.staff.exporting import table_response

_PAGE_ROWS = 20
# Members of a cluster that are shown at once; a cluster of a hundred reposts says nothing more.
_SHOWN_MEMBERS = 10


def add(pages: Blueprint, staff: Staff) -> None:
    @pages.get("/report")
    def report() -> str:
        kept = staff.report.read()
        found = _asked(staff, kept.report.clusters if kept else ())
        page = page_number(len(found), _PAGE_ROWS)
        decided = staff.decisions.on_clusters()
        return render_template(
            "staff/report.html",
            kept=kept,
            behind=staff.report.behind(kept) if kept else 0,
            making=staff.report.progress(),
            rows=[(cluster, _decision_on(cluster, decided)) for cluster in found[page.start : page.stop]],
            page=page,
            asked=_filters(),
            inconsistent=sum(cluster.inconsistent for cluster in kept.report.clusters) if kept else 0,
            verdicts=kept.report.by_verdict() if kept else {},
            choices=list(Choice),
            shown_members=_SHOWN_MEMBERS,
            subject_of=lambda cluster: cluster_subject(cluster.ids),
        )

    @pages.post("/report/make")
    def make_report() -> AnyResponse:
        staff.report.start()
        return redirect(url_for("staff.report"), 303)

    @pages.get("/report/progress.json")
    def report_progress() -> Response:
        done, total = staff.report.progress() or (1, 1)
        return jsonify(done=done, total=max(total, 1))

    @pages.post("/report/decision")
    def decide_cluster() -> AnyResponse:
        kept, subject = staff.report.read(), request.form.get("subject", "")
        clusters = kept.report.clusters if kept else ()
        cluster = next((item for item in clusters if cluster_subject(item.ids) == subject), None)
        if cluster is None:
            abort(404)
        choice, why = read_decision()
        record_decision(staff, subject, cluster.ids, choice, why)
        asked = {**_filters(), "page": request.form.get("page", "1")}
        return redirect(f"{url_for('staff.report')}?{urlencode(asked)}", 303)

    @pages.get("/report.<suffix>")
    def report_file(suffix: str) -> Response:
        kept = staff.report.read()
        clusters = _asked(staff, kept.report.clusters if kept else ())
        return table_response(
            staff, "重复情况", suffix, CLUSTER_HEADER, cluster_rows(clusters, staff.decisions.on_clusters())
        )


def _filters() -> dict[str, str]:
    """The filters that were asked for; ``open`` leaves out what is decided."""
    names = ("verdict", "issuer", "column", "items", "open")
    return {name: value for name in names if (value := request.values.get(name, "").strip())}


def _asked(staff: Staff, clusters: Sequence[Cluster]) -> list[Cluster]:
    filters = _filters()
    decided = staff.decisions.on_clusters() if "open" in filters else []

    def fits(cluster: Cluster) -> bool:
        issuer, column = filters.get("issuer", ""), filters.get("column", "")
        return (
            filters.get("verdict", cluster.verdict) == cluster.verdict
            and ("items" not in filters or cluster.inconsistent)
            and (not issuer or any(issuer in name for member in cluster.members for name in member.issuers))
            and (not column or any(column in member.column for member in cluster.members))
            and _decision_on(cluster, decided) is None
        )

    return [cluster for cluster in clusters if fits(cluster)]


def _decision_on(cluster: Cluster, decided: Sequence[Decision]) -> Decision | None:
    """The latest decision on this cluster, or on a larger one that it was part of: nothing is asked twice."""
    return next((item for item in reversed(decided) if cluster.ids <= item.members), None)
