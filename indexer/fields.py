"""The schema of the index, once: what is searched, what is counted, what is shown."""

from __future__ import annotations

from whoosh.columns import NumericColumn, RefBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from analyzers.grams import GramAnalyzer
from analyzers.tokenizer import WordAnalyzer

# Raised when a field changes its meaning; an index of another version is rebuilt, never guessed at.
SCHEMA_VERSION = 4

# The fields whose words are ranked, and those that are counted and filtered by.
TEXT_FIELDS = ("title", "body")
GRAM_FIELDS = ("title_grams", "body_grams")
KEY_COLUMNS = (
    *("kind", "domain", "issuer", "validity", "site", "column", "part"),
    *("audience", "method", "level", "period"),  # of the rows of standard catalogs
)

# Between the values of a column that holds several (a document of three issuers).
SEPARATOR = "\n"


def schema() -> Schema:
    """A new schema object (Whoosh keeps state in it).

    ``title`` and ``body`` hold words without positions: jieba's search mode numbers the parts of a word one after the
    other, so positions would not tell what stands beside what. ``title_grams`` and ``body_grams`` hold the same texts
    as pairs of neighbouring characters with their places: what a phrase is looked up in, and what ranks beside words.
    ``number`` holds the key of the document's own number, ``cited`` those that its text names; both are keys of
    `analyzers.document_number`. ``article`` is the key of the article of law that the document is, ``cites`` those of
    the articles and laws that it cites (`analyzers.law_articles`). ``day`` is the ordinal of the date
    (`datetime.date.toordinal`), 0 for none. ``card`` is what a list of results shows, ``body`` is stored for snippets.
    ``parent`` is the id of the document, its own or the one that a catalog row stands in: what changes or goes with it.
    """
    analyzer = WordAnalyzer()
    return Schema(
        id=ID(unique=True, stored=True),
        parent=ID(),
        title=TEXT(analyzer=analyzer, phrase=False, stored=True),
        body=TEXT(analyzer=analyzer, phrase=False, stored=True),
        title_grams=TEXT(analyzer=GramAnalyzer()),
        body_grams=TEXT(analyzer=GramAnalyzer()),
        number=KEYWORD(commas=True),
        cited=KEYWORD(commas=True),
        article=KEYWORD(commas=True),
        cites=KEYWORD(commas=True),
        day=COLUMN(NumericColumn("i")),
        card=STORED(),
        **{name: COLUMN(RefBytesColumn()) for name in KEY_COLUMNS},
    )
