"""Which calls are there, and what does each take and answer? The routes and the OpenAPI document are made of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from webapp.api import models
from webapp.api.parameters import CURSOR, LIMIT, QUESTION, SORT, Parameter, narrowing
from webapp.params import Scope

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A call by GET. ``path`` is below `PREFIX`; ``names_document`` says that it ends with the id of a document."""

    name: str
    path: str
    summary: str
    parameters: Sequence[Parameter] = ()
    answer: type[BaseModel]
    names_document: bool = False


_PAGED = (LIMIT, CURSOR)

SEARCH = Operation(
    name="search",
    path="/search",
    summary="检索：和网页一样的条件，全部结果都能翻到",
    parameters=(*narrowing(Scope.EVERYTHING), SORT, *_PAGED),
    answer=models.SearchAnswer,
)
FACETS = Operation(
    name="facets",
    path="/facets",
    summary="检索到的文件按各条件的件数",
    parameters=narrowing(Scope.EVERYTHING),
    answer=models.FacetsAnswer,
)
SUGGEST = Operation(
    name="suggest",
    path="/suggest",
    summary="打了一半的字可能要找什么（汉字、拼音、声母）",
    parameters=(QUESTION,),
    answer=models.SuggestAnswer,
)
DOCUMENTS = Operation(
    name="documents",
    path="/documents",
    summary="所有文件，按变动先后；留着最后的 next，以后从那里接着取新的变动",
    parameters=_PAGED,
    answer=models.DocumentsAnswer,
)
DOCUMENT = Operation(
    name="document",
    path="/documents/{id}",
    summary="一份文件的全部内容",
    answer=models.WholeDocument,
    names_document=True,
)
CATALOG = Operation(
    name="catalog",
    path="/catalog",
    summary="标准目录的事项",
    parameters=(*narrowing(Scope.CATALOG), SORT, *_PAGED),
    answer=models.CatalogAnswer,
)
FEEDS = Operation(name="feeds", path="/feeds", summary="可以订阅的地址", answer=models.FeedsAnswer)
STATUS = Operation(name="status", path="/status", summary="文件数和更新时间", answer=models.StatusAnswer)

OPERATIONS = (SEARCH, FACETS, SUGGEST, DOCUMENTS, DOCUMENT, CATALOG, FEEDS, STATUS)
