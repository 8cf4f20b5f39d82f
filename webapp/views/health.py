"""Can this server answer? For load balancers and for the person on duty."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import CorpusError
from indexer.errors import IndexerError
from webapp.ports import Services


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> tuple[Response, int]:
        """200 with counts when questions are answered; 503 with the reason when they are not."""
        try:
            counts = services.store.counts()
        except (CorpusError, SQLAlchemyError) as error:
            current_app.logger.error("the store cannot answer", exc_info=error)
            return jsonify(status="unavailable", part="store", reason=_first_line(error)), 503
        try:
            documents = services.engine.document_count()
        except IndexerError as error:
            return jsonify(status="unavailable", part="index", reason=str(error), stored=counts.get("live", 0)), 503
        return jsonify(status="ok", documents=documents, stored=counts.get("live", 0)), 200

    return pages


def _first_line(error: Exception) -> str:
    """What went wrong, without the statement that SQLAlchemy adds in the lines below."""
    return str(error).partition("\n")[0]
