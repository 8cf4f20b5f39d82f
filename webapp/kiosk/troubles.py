"""What does the kiosk say when it cannot answer? It speaks to somebody in a hall, not to an administrator."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from corpus.errors import CorpusError
from indexer.errors import IndexerError, QueryError
from webapp.errors import BadParameterError, NotHereError, WithdrawnError
from webapp.presenters import chinese_date

_STAFF = "如果一直这样，请告诉大厅的工作人员。"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong and what to do; ``is_ours`` if whoever runs this must look at it."""

    status: int
    title: str
    remedy: str
    is_ours: bool = False


def trouble_of(error: Exception) -> Trouble:
    """What to say of any error."""
    match error:
        case WithdrawnError():
            audit = error.withdrawal
            told = f"撤下日期：{chinese_date(audit.withdrawn_on)}。原因类别：{audit.reason}。" if audit else ""
            return Trouble(410, "这份文件已经撤下", f"{told}需要时可以向发文机关申请公开。")
        case NotHereError():
            return Trouble(404, "没有找到这份文件", "它可能刚刚被移走。请返回首页，按标题或文号再查一次。")
        case BadParameterError():
            return Trouble(400, "这样查不了", error.allowed)
        case QueryError():
            return Trouble(400, "这个问题不能这样查", "请换一种写法，或者少写几个字。")
        case IndexerError():
            return Trouble(503, "现在查不了", f"检索用的索引没有打开，修好后会自动恢复。{_STAFF}", is_ours=True)
        case CorpusError() | SQLAlchemyError():
            return Trouble(503, "现在读不了文件", f"文件库没有打开，修好后会自动恢复。{_STAFF}", is_ours=True)
        case HTTPException():
            status = error.code or 500
            if status == 413:
                return Trouble(413, "输入的内容太长", "请少写几个字。")
            return Trouble(status, "没有这个页面", "请返回首页重新查找。")
    return Trouble(500, "这一页出了错", f"错误在本机，不在您的操作。请返回首页再试。{_STAFF}", is_ours=True)


def log_line(error: Exception) -> str:
    """An error for the log; only the index's own bring their message, as that of any other may quote what was asked."""
    if isinstance(error, IndexerError):
        return str(error)
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
