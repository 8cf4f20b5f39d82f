"""The peer: SQLite's FTS5 and jieba behind Flask, with the pages that a reader of ours asks for, as plainly as can be.

Words joined by spaces, `unicode61`, `bm25()` with the title twice, an OR of the question's words: how the best-known
open index of Chinese government documents does it. A page has ten hits with snippets, the total, counts by kind and
year.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from flask import Flask, Response, jsonify, render_template_string, request, url_for

from benchmarks.peers.words import jieba_words
from corpus.models import Document
from indexer.mapping import date_of

_PAGE = 10
_FILE = "peer.db"

_FOUND = "FROM texts JOIN facts ON facts.number = texts.rowid WHERE texts MATCH ? AND (? = '' OR facts.kind = ?)"
_BEST = (
    "SELECT facts.id, facts.title, facts.kind, facts.year, snippet(texts, 1, '<b>', '</b>', '…', 40)"
    f" {_FOUND} AND rank MATCH 'bm25(2.0, 1.0)' ORDER BY rank LIMIT ? OFFSET ?"
)
_BY = "SELECT facts.{0}, count(*) AS documents " + _FOUND + " GROUP BY facts.{0} ORDER BY documents DESC"
_ALIKE = (
    "SELECT facts.id, facts.title FROM texts JOIN facts ON facts.number = texts.rowid"
    " WHERE texts MATCH ? AND facts.id != ? AND rank MATCH 'bm25(2.0, 1.0)' ORDER BY rank LIMIT 5"
)

_RESULTS = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{{ text }}</title>
<form action="/search"><input name="q" value="{{ text }}"><button>搜索</button></form><h1>找到 {{ total }} 条</h1>
<ul>{% for kind, count in kinds %}<li>
<a href="{{ url_for('search', q=text, kind=kind) }}">{{ kind }}</a> {{ count }}</li>{% endfor %}</ul>
<ul>{% for year, count in years %}<li>{{ year }} {{ count }}</li>{% endfor %}</ul>
<ol>{% for id, title, kind, year, snippet in hits %}<li><a href="{{ url_for('document', name=id) }}">{{ title }}</a>
<p>{{ snippet }}</p><p>{{ kind }} {{ year }}</p></li>{% endfor %}</ol>
{% if more %}<a rel="next" href="{{ more }}">下一页</a>{% endif %}</html>"""

_DOCUMENT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{{ title }}</title><h1>{{ title }}</h1>
<p><a href="{{ url_for('text', name=id) }}">下载文本</a></p>{% for line in lines %}<p>{{ line }}</p>{% endfor %}
<ul>{% for other, name in alike %}<li>
<a href="{{ url_for('document', name=other) }}">{{ name }}</a></li>{% endfor %}</ul>
</html>"""


def build(documents: Iterable[Document], folder: Path) -> None:
    """Write the peer's index in an empty folder."""
    connection = sqlite3.connect(folder / _FILE)
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='unicode61 remove_diacritics 0')")
    connection.execute(
        "CREATE TABLE facts (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, kind TEXT, year TEXT, body TEXT)"
    )
    connection.execute("CREATE INDEX titles ON facts (title)")
    with connection:
        for number, document in enumerate(documents, 1):
            cut = (" ".join(jieba_words(document.title)), " ".join(jieba_words(document.body)))
            connection.execute("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", (number, *cut))
            day = date_of(document)
            facts = (document.id, document.title, document.kind.label, str(day.year) if day else "", document.body)
            connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (number, *facts))
        connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
    connection.close()


def application(folder: str) -> Flask:
    """The peer's pages over the index in a folder; each thread has a connection of its own."""
    app, own = Flask(__name__), threading.local()

    def ask(sql: str, *values: object) -> list[tuple[str, ...]]:
        if not hasattr(own, "connection"):
            own.connection = sqlite3.connect(Path(folder) / _FILE)
        return list(own.connection.execute(sql, values))

    @app.get("/search")
    def search() -> str:
        text, kind = request.args.get("q", ""), request.args.get("kind", "")
        page = request.args.get("page", 1, type=int)
        asked = (_match(text), kind, kind)
        kinds = ask(_BY.format("kind"), *asked)
        total = sum(int(count) for _, count in kinds)
        return render_template_string(
            _RESULTS,
            text=text,
            total=total,
            kinds=kinds,
            years=ask(_BY.format("year"), *asked),
            hits=ask(_BEST, *asked, _PAGE, (page - 1) * _PAGE),
            more=url_for("search", q=text, kind=kind, page=page + 1) if page * _PAGE < total else "",
        )

    @app.get("/documents/<name>")
    def document(name: str) -> str:
        ((title, body),) = ask("SELECT title, body FROM facts WHERE id = ?", name)
        alike = ask(_ALIKE, _match(title), name)
        return render_template_string(_DOCUMENT, id=name, title=title, lines=body.splitlines(), alike=alike)

    @app.get("/documents/<name>/text")
    def text(name: str) -> Response:
        ((body,),) = ask("SELECT body FROM facts WHERE id = ?", name)
        return Response(body, mimetype="text/plain")

    @app.get("/suggest.json")
    def suggest() -> Response:
        typed = request.args.get("q", "")
        return jsonify([title for (title,) in ask("SELECT title FROM facts WHERE title GLOB ? LIMIT 8", f"{typed}*")])

    return app


def _match(text: str) -> str:
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(jieba_words(text)))
