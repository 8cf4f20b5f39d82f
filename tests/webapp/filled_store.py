"""A store with rows in every table, and what it holds, to compare with another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, Integer, Table, func, select

from corpus.blobs import Blobs
from corpus.models import Attachment, Document, Kind, Original
from corpus.store import DocumentStore
from webapp.tables import ALL_TABLES

NOTICE = Document(
    id="yunxi-1",
    title="关于做好2024年义务教育招生工作的通知",
    url="http://www.example.gov.cn/zwgk/1.html",
    site="yunxi",
    kind=Kind.POLICY,
    document_number="云教体字〔2024〕12号",
    issuers=("云溪区教育体育局",),
    issued_on=date(2024, 4, 28),
    body="各小学、初中：\n现将有关事项通知如下。",
)
DOCUMENTS = 450  # more than two batches


def fill(store: DocumentStore, blobs: Blobs) -> None:
    """Documents in every state, with versions and files; and rows of any values in the tables that are left."""
    file = Attachment(name="学区划分表.pdf", url="http://www.example.gov.cn/a.pdf")
    originals = [blobs.put(f"<title>{number}</title>".encode()) for number in range(20)]
    with store.writing() as writer:
        writer.put_many(
            [
                (
                    replace(NOTICE, id=f"yunxi-{number}", body=f"正文第{number}号。\n" * 20, attachments=(file,)),
                    Original(
                        sha256=originals[number % 20],
                        media_type="text/html",
                        name=f"{number}.html",
                        size=20,
                        parser="html/1",
                    ),
                )
                for number in range(DOCUMENTS)
            ]
        )
        pdf = blobs.put(b"%PDF-1.4 1")
        writer.put_file(file.url, sha256=pdf, size=10, media_type="application/pdf")
        writer.put_extract(pdf, parser="pdf/1", text="滨河路以东")
    with store.writing() as writer:
        writer.put(replace(NOTICE, id="yunxi-7", title="补充通知", body="𠮷野家、“引号”、\ttab"))
        writer.mark_gone(["yunxi-8"])
        writer.withdraw("yunxi-9", reason="个人信息", note="附件含身份证号")
        writer.record_failure("http://www.example.gov.cn/b.pdf", "the file is truncated")
    with store.writing() as writer:
        for table in ALL_TABLES:
            if not writer.connection.scalar(select(func.count()).select_from(table)):
                writer.connection.execute(table.insert(), [_row(table, number) for number in (1, 2, 3)])


def _row(table: Table, number: int) -> dict[str, object]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[object], number: int) -> object:
    if column.nullable and number == 3:
        return None
    if column.name == "sha256" and not column.primary_key:  # of a held version that was read from no file
        return ""
    if isinstance(column.type, Boolean):
        return number == 1
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat("2024-05-01T08:30:00.123456") + timedelta(hours=number)
    if isinstance(column.type, BigInteger):
        return number << 40
    if isinstance(column.type, Integer):
        return number * 10
    if isinstance(column.type, Date):
        return date(2024, 5, number)
    if isinstance(column.type, Float):
        return number / 7
    return f"第{number}行"


def everything(store: DocumentStore) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in ALL_TABLES
        }
