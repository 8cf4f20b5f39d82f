"""Who did what, and when? A log that only grows; it holds ids, names and counts, never a word of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from corpus.records import storable
from corpus.store import DocumentStore
from webapp.accounts.tables import Clock, audit, utc_now

# Longer reasons are cut: the log is read in lines.
_MAX_TEXT = 500


class Action(StrEnum):
    """What can be done; ``label`` is what people see."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    SIGNED_OUT = "signed_out"
    CHECKED = "checked"
    DECIDED = "decided"
    WITHDREW = "withdrew"
    EXPORTED = "exported"
    USER_ADDED = "user_added"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    PASSWORD_SET = "password_set"  # noqa: S105 - what was done, not a password
    TOKEN_ADDED = "token_added"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.SIGNED_IN: "登录",
    Action.SIGN_IN_FAILED: "登录失败",
    Action.LOCKED_OUT: "登录受限",
    Action.SIGNED_OUT: "退出",
    Action.CHECKED: "查重",
    Action.DECIDED: "记录决定",
    Action.WITHDREW: "撤下文件",
    Action.EXPORTED: "导出",
    Action.USER_ADDED: "新增账号",
    Action.USER_DISABLED: "停用账号",
    Action.USER_ENABLED: "启用账号",
    Action.PASSWORD_SET: "修改密码",
    Action.TOKEN_ADDED: "新增令牌",
    Action.TOKEN_REVOKED: "吊销令牌",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log; ``at`` is UTC, ``who`` a user's name, ``token:NAME``, or empty where nobody is known."""

    at: datetime
    who: str
    action: Action
    subject: str
    detail: str
    address: str


class AuditLog:
    """The log, in the store's database."""

    def __init__(self, store: DocumentStore, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock

    def record(self, who: str, action: Action, subject: str = "", detail: str = "", address: str = "") -> None:
        with self._store.writing() as writer:
            writer.connection.execute(
                audit.insert().values(
                    at=self._clock(),
                    who=who,
                    action=action.value,
                    subject=storable(subject)[:_MAX_TEXT],
                    detail=storable(detail)[:_MAX_TEXT],
                    address=address[:64],
                )
            )

    def count(self) -> int:
        with self._store.reading() as connection:
            return connection.scalar(select(func.count()).select_from(audit)) or 0

    def lines(self, limit: int, offset: int = 0) -> list[AuditLine]:
        """The newest lines first."""
        query = select(audit).order_by(audit.c.number.desc()).limit(limit).offset(offset)
        with self._store.reading() as connection:
            return [
                AuditLine(row.at, row.who, Action(row.action), row.subject, row.detail, row.address)
                for row in connection.execute(query)
            ]
