"""`gongkai user` and `gongkai token` as an operator runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from corpus.store import DocumentStore, sqlite_url
from webapp.accounts.audit import Action, AuditLog
from webapp.accounts.tokens import Tokens
from webapp.accounts.users import Users

PASSWORD = "云澜湖畔的十二棵老柳树和桥"


def gongkai(data: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    command = [sys.executable, "-m", "webapp", *arguments, "--data", str(data)]
    return subprocess.run(
        command, input=typed, capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def test_accounts_and_tokens_come_and_go(tmp_path: Path) -> None:
    assert gongkai(tmp_path, "user", "add", "chen", "--role", "staff", typed=f"{PASSWORD}\n").returncode == 0
    assert (
        json.loads(gongkai(tmp_path, "user", "list", "--json").stdout)[0].items()
        >= {
            "name": "chen",
            "role": "staff",
            "disabled": False,
        }.items()
    )
    secret = gongkai(tmp_path, "token", "add", "cms").stdout.strip()
    assert gongkai(tmp_path, "user", "disable", "chen").returncode == 0
    assert gongkai(tmp_path, "user", "list").stdout == "chen\tstaff\tdisabled\n"
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        assert Users(store).verify("chen", PASSWORD) is None
        assert Tokens(store).name_of(secret) == "cms"
        actions = [line.action for line in AuditLog(store).lines(10)]
        assert actions == [Action.USER_DISABLED, Action.TOKEN_ADDED, Action.USER_ADDED]
    assert gongkai(tmp_path, "token", "revoke", "cms").returncode == 0
    assert gongkai(tmp_path, "token", "list").stdout == "cms\trevoked\n"


def test_what_is_wrong_is_told_in_a_line(tmp_path: Path) -> None:
    for arguments, typed, said in (
        (("user", "add", "chen", "--role", "staff"), "short\n", "12 to 128"),
        (("user", "add", "chen wang", "--role", "staff"), f"{PASSWORD}\n", "chen wang"),
        (("user", "password", "nobody"), f"{PASSWORD}\n", "nobody"),
        (("token", "revoke", "nothing"), "", "nothing"),
    ):
        refused = gongkai(tmp_path, *arguments, typed=typed)
        assert refused.returncode == 1, arguments
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr
    assert gongkai(tmp_path, "user", "add", "chen", "--role", "king").returncode == 2
