"""Accounts, sessions, lock-out, tokens and the audit log, on SQLite and PostgreSQL, with a clock that is set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from corpus.store import DocumentStore
from webapp.accounts.audit import Action, AuditLog
from webapp.accounts.decisions import Choice, Decisions, cluster_subject, draft_subject
from webapp.accounts.errors import (
    BadNameError,
    LockedOutError,
    NameTakenError,
    UnknownNameError,
    WeakPasswordError,
)
from webapp.accounts.lockout import Lockout
from webapp.accounts.secrets import signing_key
from webapp.accounts.sessions import SessionLimits, Sessions
from webapp.accounts.tokens import Tokens
from webapp.accounts.users import Role, Users

PASSWORD = "云澜湖畔的十二棵柳树"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).replace(tzinfo=None)
LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=8))


@dataclass
class SetClock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def opened(store_url: str) -> Iterator[DocumentStore]:
    with DocumentStore.open(store_url) as store:
        yield store


@pytest.fixture
def users(opened: DocumentStore, clock: SetClock) -> Users:
    made = Users(opened, clock)
    made.add("chen", f"{PASSWORD}!!", Role.STAFF)
    return made


def test_only_the_password_of_an_enabled_account_is_right(users: Users) -> None:
    found = users.verify("chen", f"{PASSWORD}!!")
    assert found is not None
    assert (found.name, found.role) == ("chen", Role.STAFF)
    assert users.verify("chen", f"{PASSWORD}!?") is None
    assert users.verify("nobody", f"{PASSWORD}!!") is None
    users.disable("chen")
    assert users.verify("chen", f"{PASSWORD}!!") is None
    users.disable("chen", False)
    assert users.verify("chen", f"{PASSWORD}!!")


def test_a_password_typed_in_full_width_is_the_same(users: Users) -> None:
    assert users.verify("chen", f"{PASSWORD}！！")


@pytest.mark.usefixtures("users")
def test_the_database_holds_no_password(opened: DocumentStore) -> None:
    with opened.reading() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT * FROM staff_users")).all()
    assert "$argon2id$" in str(rows)
    assert PASSWORD not in str(rows)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "Password123456", "chen-on-the-lake-side", "x" * 200])
def test_a_weak_password_is_refused(users: Users, weak: str) -> None:
    with pytest.raises(WeakPasswordError):
        users.set_password("chen", weak)
    assert users.verify("chen", f"{PASSWORD}!!")


def test_names_are_checked_taken_once_and_named_when_unknown(users: Users) -> None:
    with pytest.raises(NameTakenError, match="chen"):
        users.add("chen", f"{PASSWORD}!!", Role.ADMIN)
    for bad in ("", "a b", "<script>", "x" * 65):
        with pytest.raises(BadNameError):
            users.add(bad, f"{PASSWORD}!!", Role.STAFF)
    with pytest.raises(UnknownNameError, match="wang"):
        users.disable("wang")


@pytest.mark.usefixtures("users")
def test_a_session_ends_when_nobody_uses_it_and_at_the_latest_after_its_limit(
    opened: DocumentStore, clock: SetClock
) -> None:
    sessions = Sessions(opened, LIMITS, clock)
    secret, folder = sessions.start("chen")
    clock.pass_by(minutes=29)
    assert sessions.find(secret)
    clock.pass_by(minutes=29)
    assert sessions.find(secret), "using it starts the idle time again"
    clock.pass_by(minutes=31)
    assert sessions.find(secret) is None
    assert sessions.folders() == {folder}
    assert sessions.end_expired() == 1
    assert sessions.folders() == set()

    secret, _ = sessions.start("chen")
    for _ in range(8 * 3):
        clock.pass_by(minutes=20)
        assert sessions.find(secret)
    clock.pass_by(minutes=1)
    assert sessions.find(secret) is None


def test_sessions_end_with_sign_out_another_password_and_a_disabled_account(
    users: Users, opened: DocumentStore, clock: SetClock
) -> None:
    sessions = Sessions(opened, LIMITS, clock)
    first, second = sessions.start("chen")[0], sessions.start("chen")[0]
    sessions.end(first)
    assert sessions.find(first) is None
    assert sessions.find(second)
    users.set_password("chen", "一间朝南的办公室有三扇窗户")
    assert sessions.find(second) is None
    third = sessions.start("chen")[0]
    users.disable("chen")
    assert sessions.find(third) is None


def test_what_a_page_asks_by_itself_keeps_no_session_open(opened: DocumentStore, clock: SetClock) -> None:
    Users(opened, clock).add("chen", "一扇朝南的窗户和三把椅子", Role.STAFF)
    sessions = Sessions(opened, LIMITS, clock)
    secret = sessions.start("chen")[0]
    clock.pass_by(minutes=20)
    assert sessions.find(secret, in_use=False)
    clock.pass_by(minutes=20)
    assert sessions.find(secret) is None


@pytest.mark.parametrize("name", ["chen", "no-such-account"])
def test_failures_in_a_row_close_the_door_for_longer_each_time(
    opened: DocumentStore, clock: SetClock, name: str
) -> None:
    lockout = Lockout(opened, clock)
    for _ in range(5):
        lockout.begin(name, "203.0.113.7")
    waits = []
    for _ in range(3):
        with pytest.raises(LockedOutError) as closed:
            Lockout(opened, clock).begin(name, "203.0.113.8")  # another worker, another address: the same account
        waits.append(closed.value.until - clock.now)
        clock.now = closed.value.until
        lockout.begin(name, "203.0.113.7")
    assert waits == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]


def test_whoever_guesses_from_everywhere_keeps_the_owner_waiting_for_minutes_only(
    opened: DocumentStore, clock: SetClock
) -> None:
    lockout = Lockout(opened, clock)
    for number in range(40):
        try:
            lockout.begin("chen", f"2001:db8:{number:x}::1")
        except LockedOutError as closed:
            clock.now = closed.until
    with pytest.raises(LockedOutError) as waiting:
        for number in range(2):
            lockout.begin("chen", f"203.0.113.{number}")
    assert waiting.value.until - clock.now <= timedelta(minutes=5)
    lockout.forget("chen")
    lockout.begin("chen", "203.0.113.9")


def test_all_addresses_of_one_network_wait_together(opened: DocumentStore, clock: SetClock) -> None:
    lockout = Lockout(opened, clock)
    for number in range(20):
        lockout.begin(f"name-{number}", f"2001:db8::{number:x}")
    with pytest.raises(LockedOutError):
        lockout.begin("chen", "2001:db8::ffff")
    lockout.begin("chen", "2001:db8:0:1::1")


def test_success_forgets_the_failures_of_the_account(opened: DocumentStore, clock: SetClock) -> None:
    lockout = Lockout(opened, clock)
    for _ in range(10):
        for _ in range(4):
            lockout.begin("chen", "203.0.113.7")
        lockout.succeeded("chen", "203.0.113.7")
        clock.pass_by(days=2)


def test_an_address_that_tries_many_names_is_closed(opened: DocumentStore, clock: SetClock) -> None:
    lockout = Lockout(opened, clock)
    for number in range(20):
        lockout.begin(f"name-{number}", "203.0.113.7")
    with pytest.raises(LockedOutError):
        lockout.begin("chen", "203.0.113.7")
    lockout.begin("chen", "203.0.113.8")


def test_a_token_works_until_it_is_revoked_and_is_kept_as_a_hash(opened: DocumentStore, clock: SetClock) -> None:
    tokens = Tokens(opened, clock)
    secret = tokens.add("cms")
    assert tokens.name_of(secret) == "cms"
    assert tokens.name_of(secret + "x") is None
    with opened.reading() as connection:
        assert secret not in str(connection.execute(sqlalchemy.text("SELECT * FROM api_tokens")).all())
    with pytest.raises(NameTakenError):
        tokens.add("cms")
    tokens.revoke("cms")
    assert tokens.name_of(secret) is None
    assert [item.revoked_at is not None for item in tokens.all()] == [True]
    with pytest.raises(UnknownNameError):
        tokens.revoke("cms")


def test_the_log_keeps_its_order_and_takes_any_text(opened: DocumentStore, clock: SetClock) -> None:
    log = AuditLog(opened, clock)
    log.record("chen", Action.SIGNED_IN, address="203.0.113.7")
    log.record("chen", Action.WITHDREW, "d-1", "个人\0信息\ud800" + "长" * 900)
    lines = log.lines(10)
    assert [line.action for line in lines] == [Action.WITHDREW, Action.SIGNED_IN]
    assert lines[0].detail.startswith("个人信息")
    assert (log.count(), len(log.lines(1, offset=1))) == (2, 1)


def test_the_latest_decision_counts_and_belongs_to_its_documents(opened: DocumentStore, clock: SetClock) -> None:
    decisions = Decisions(opened, clock)
    cluster, draft = cluster_subject(["b", "a"]), draft_subject("全文", "a")
    assert cluster == cluster_subject(["a", "b"])
    decisions.record(cluster, ["a", "b"], Choice.KEEP, "两个部门各需公开", "chen")
    decisions.record(cluster, ["a", "b"], Choice.MERGE, "", "wang")
    decisions.record(draft, ["a"], Choice.NOT_DUPLICATE, "", "wang")
    found = decisions.on([cluster, draft, "other"])
    assert (found[cluster].choice, found[cluster].who) == (Choice.MERGE, "wang")
    assert found[draft].choice is Choice.NOT_DUPLICATE
    assert [decision.members for decision in decisions.on_clusters()] == [{"a", "b"}]


def test_the_signing_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    key = signing_key(tmp_path / "data")
    assert len(key) >= 32
    assert signing_key(tmp_path / "data") == key
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
