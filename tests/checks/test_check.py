"""`incubator check`, `incubator mail-test`, and what `incubator serve` refuses, as they are run."""

import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubator.config import load
from incubator.core.disk import LEAST_FREE
from tests.chromium import free_port
from tests.identity_provider import CLIENT, identity_provider
from tests.mail.sent import post_office
from tests.test_cli import incubator


def marks(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    """Return the mark of each line by the check's name."""
    return {name: mark for mark, name in re.findall(r"^([+!x]) ([^:]+):", done.stdout, re.MULTILINE)}


def test_check_looks_at_everything_and_says_how_to_mend_it(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    done = incubator(tmp_path, "check", INCUBATOR_SECOND_FACTOR="offered")
    assert done.returncode == 0
    assert marks(done) == {
        "Address of the site": "!", "Proxy": "+", "Mail": "+", "Sender of mail": "+", "Data folder": "+",
        "Rights of files": "+", "Room on the disk": "+", "Temporary folder": "+", "Stored files": "+", "Database": "+", "Clock": "+",
        "Signing in with other sites": "+", "Second step when signing in": "!", "Development mode": "+",
    }  # fmt: skip
    assert "Адрес сайта" in incubator(tmp_path, "check", LC_ALL="ru_RU.UTF-8").stdout


def test_a_mail_server_without_a_scheme_is_refused_with_the_right_spelling(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    for command in ("serve", "check"):
        done = incubator(tmp_path, command, INCUBATOR_SMTP_URL="mail.example.org:587")
        assert done.returncode == 1
        assert "smtp://user:password@mail.example.org:587" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_other_sites_to_sign_in_with_are_asked_and_secrets_not_shown(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    with identity_provider() as provider:
        env: dict[str, Any] = {
            "INCUBATOR_OIDC": "school, vk-id", "INCUBATOR_OIDC_SCHOOL_ISSUER": provider.address,
            "INCUBATOR_OIDC_SCHOOL_CLIENT_ID": CLIENT, "INCUBATOR_OIDC_SCHOOL_CLIENT_SECRET": "tops3cret",
            "INCUBATOR_OIDC_VK_ID_ISSUER": f"http://127.0.0.1:{free_port()}", "INCUBATOR_OIDC_VK_ID_CLIENT_ID": "1",
        }  # fmt: skip
        done = incubator(tmp_path, "check", **env)
        assert done.returncode == 0
        assert marks(done)["Signing in with other sites"] == "!"
        assert "vk-id: " in done.stdout
        assert "school" not in done.stdout
        assert "tops3cret" not in done.stdout + done.stderr
        del env["INCUBATOR_OIDC_VK_ID_CLIENT_ID"]
        for command in ("serve", "check"):
            done = incubator(tmp_path, command, **env)
            assert done.returncode == 1
            assert "INCUBATOR_OIDC_VK_ID_CLIENT_ID" in done.stdout + done.stderr
        done = incubator(tmp_path, "check", **env | {"INCUBATOR_OIDC": "school"})
    assert marks(done)["Signing in with other sites"] == "+"


def test_a_relative_data_folder_is_refused_by_every_command(tmp_path: Path) -> None:
    for command in (("serve",), ("migrate",), ("export", "all.jsonl")):
        done = incubator("var", *command, cwd=tmp_path)
        assert done.returncode == 1
        assert f"INCUBATOR_DATA={tmp_path / 'var'}" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:tops3cret@host/name",
        "postgres://user:tops3cret#1@host/name",
        "postgres://user:tops3cret/1@host/name",
        "postgres://user:tops3cret@host:port/name",
        "postgres://user:tops3cret@[::1/name",
        "sqlite:///ideas.db",
        "ideas.db",
    ],
)
def test_an_address_of_the_database_that_cannot_be_read_is_named_without_its_password(tmp_path: Path, url: str) -> None:
    for command in (("serve", "--port", str(free_port())), ("check",), ("migrate",), ("role", "list")):
        done = incubator(tmp_path, *command, cwd=tmp_path, DATABASE_URL=url)
        assert done.returncode == 1
        assert "DATABASE_URL" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert "tops3cret" not in done.stdout + done.stderr
    assert list(tmp_path.glob("*.db*")) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgres://user:p%23ss@host/name",
        "postgresql://user@[::1]:5432/name?sslmode=require",
        "postgres://one:1,two:2/name",
        "postgres:///name?host=/run/postgresql",
        "sqlite:////srv/ideas.db",
        "/srv/ideas.db",
        "",
    ],
)
def test_every_other_address_is_tried(url: str) -> None:
    assert not replace(load(), database_url=url).is_database_unreadable


def test_the_default_folder_is_the_same_from_everywhere(tmp_path: Path) -> None:
    code = "from incubator.config import load; print(load().data)"
    env = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    places = {
        subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=cwd, capture_output=True, text=True, check=True
        ).stdout
        for cwd in (tmp_path, "/")
    }
    assert len(places) == 1
    assert Path(places.pop().strip()).is_absolute()


def test_serving_another_folder_names_the_one_of_the_last_time(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    assert incubator(tmp_path / "one", "migrate", STATE_DIRECTORY=state).returncode == 0
    done = incubator(tmp_path / "two", "serve", STATE_DIRECTORY=state)
    assert done.returncode == 1
    assert f"INCUBATOR_DATA={tmp_path / 'one'}" in done.stderr
    assert not (tmp_path / "two").exists()


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert incubator(data, "migrate").returncode == 0
    assert incubator(data, "export", str(tmp_path / "all.jsonl")).returncode == 0
    for path in (data, *data.rglob("*"), tmp_path / "all.jsonl"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    data.chmod(0o755)
    (data / "incubator.sqlite").chmod(0o644)
    assert marks(incubator(data, "check"))["Rights of files"] == "+"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "incubator.sqlite").stat().st_mode) == 0o600


def test_starting_on_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    assert incubator(tmp_path, "migrate").returncode == 0
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); from incubator.cli import main; main()"
    )
    done = incubator(tmp_path, "serve", "--port", str(free_port()), how=("-c", limited))
    assert done.returncode == 1
    assert "x Database: cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_test_mail_says_what_the_server_answered(tmp_path: Path) -> None:
    command = ("mail-test", "maria@example.org")
    refused = incubator(tmp_path, *command, INCUBATOR_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert refused.returncode == 1
    assert "SMTPConnectError" in refused.stderr
    to_file = incubator(tmp_path, *command)
    assert str(tmp_path / "mail") in to_file.stdout
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    with post_office() as (box, address):
        assert "has accepted" in incubator(tmp_path, *command, INCUBATOR_SMTP_URL=address).stdout
        assert [mail["To"] for mail in box.got] == ["maria@example.org"]
        box.refusal = "550 5.7.1 you may not send"
        refused = incubator(tmp_path, *command, INCUBATOR_SMTP_URL=address)
    assert refused.returncode == 1
    assert "you may not send" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_check_greets_the_mail_server(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    away = incubator(tmp_path, "check", INCUBATOR_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert marks(away)["Mail"] == "!"
    for smtputf8, mark in ((True, "+"), (False, "!")):
        with post_office(smtputf8=smtputf8) as (_box, address):
            assert marks(incubator(tmp_path, "check", INCUBATOR_SMTP_URL=address))["Mail"] == mark


def test_the_limit_of_free_room_is_stated_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    assert f"{LEAST_FREE // 2**20} MB" in text
