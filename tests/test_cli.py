"""The command line: help, and clear messages instead of tracebacks."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from incubator.cli import main
from tests import forked

COMMANDS = ("demo", "serve", "check", "mail-test", "migrate", "create-organiser", "role list", "role give", "role revoke", "reset-second-factor", "import projects", "import reviews", "import all", "import list", "import undo", "export",
            "programme load-borders", "reindex", "figures")  # fmt: skip


def incubator(
    data: Path | str, *words: str, cwd: Path | None = None, how: tuple[str, ...] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; ``how``: with these words for Python instead of as a fork."""
    env = {**os.environ, "INCUBATOR_DATA": str(data), "LC_ALL": "C.UTF-8"}
    env.pop("DATABASE_URL", None)
    env |= settings
    if not how:
        return forked.finished(words, env, cwd=cwd)
    command = [sys.executable, *how, *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False, cwd=cwd)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(main, [*command.split(), "--help"])
    assert shown.exit_code == 0
    assert f"{command} [OPTIONS]" in shown.output
    known: Any = main
    for word in command.split():
        known = known.commands[word]
    assert known.help
    assert all(option.help for option in known.params if isinstance(option, click.Option))


def test_no_command_is_forgotten() -> None:
    known = {name.split()[0] for name in COMMANDS}
    assert set(main.commands) == known


@pytest.mark.parametrize("words", [("serve",), ("export", "all.jsonl"), ("create-organiser", "a@example.org")])
def test_an_empty_database_is_named_with_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = incubator(tmp_path, *words)
    assert done.returncode == 1
    assert "Run: incubator migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_from_an_empty_folder_to_an_export_and_back(tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    rows = tmp_path / "ideas.csv"
    rows.write_text("id;Название\n1;Мост\n2;\n", "utf-8")
    for data in (there, back):
        assert incubator(data, "migrate").returncode == 0
    assert "/invitations/" in incubator(there, "create-organiser", "office@example.org").stdout
    assert "EMAIL" in incubator(there, "create-organiser", "office").stderr
    brought = incubator(there, "import", "projects", str(rows), "--season", "2024", "--map", "title=Название")
    assert "Created: 1." in brought.stdout
    assert "row 3, Название" in brought.stderr
    assert incubator(there, "export", str(tmp_path / "one.jsonl")).returncode == 0
    assert incubator(back, "import", "all", str(tmp_path / "one.jsonl")).returncode == 0
    assert incubator(back, "export", str(tmp_path / "two.jsonl")).returncode == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_an_import_speaks_the_terminals_language_and_its_status_says_whether_rows_failed(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    rows = tmp_path / "ideas.csv"
    command = ("import", "projects", str(rows), "--season", "2024")
    rows.write_text("№;Название;Район\n1;Мост;Луга\n2;;Луга\n", "utf-8")
    russian = incubator(tmp_path, *command, LC_ALL="ru_RU.UTF-8")
    assert russian.returncode == 1
    assert "строка 3, Название: нет названия" in russian.stderr
    assert "Столбцы: id ← №, title ← Название, municipality ← Район" in russian.stdout
    assert "Создано: 1." in russian.stdout
    rows.write_text("№;Название;Район\n1;Мост через реку;Луга\n2;Сад;Луга\n", "utf-8")
    shown = incubator(tmp_path, *command, "--update", "--dry-run")
    assert shown.returncode == 0
    assert "row 2, Название: 'Мост' → 'Мост через реку'" in shown.stdout
    assert incubator(tmp_path, *command, "--update").returncode == 0
    missing = incubator(tmp_path, *command, "--map", "problem=Беда")
    assert missing.returncode == 1
    assert "there is no column “Беда”. There are the columns №, Название, Район" in missing.stderr
    first, second = incubator(tmp_path, "import", "list").stdout.splitlines()[::-1]
    assert first.endswith("done\tprojects\tideas.csv\t+1\t!1")
    assert "Would be deleted: 1." in incubator(tmp_path, "import", "undo", second.split("\t")[0], LC_ALL="en").stdout
    assert "Deleted: 1." in incubator(tmp_path, "import", "undo", second.split("\t")[0], "--yes").stdout
    assert incubator(tmp_path, "import", "undo", second.split("\t")[0], "--yes").returncode == 1
    assert incubator(tmp_path, "import", "undo", "99").returncode == 1


def test_specialities_say_what_was_skipped(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    rows = tmp_path / "specialities.csv"
    rows.write_text("code,name,level\n09.02.07,Информационные системы,spo\n,Без кода,spo\n", "utf-8")
    done = incubator(tmp_path, "programme", "load-specialities", str(rows))
    assert (done.returncode, "Specialities read: 1. Problems: 1." in done.stdout) == (1, True)


def test_roles_are_given_listed_and_revoked(tmp_path: Path) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    first = incubator(tmp_path, "role", "give", "Office@Example.org", "organiser").stdout.strip()
    assert incubator(tmp_path, "create-organiser", "office@example.org").stdout.strip() != first
    for nowhere in ((), ("--organisation", "\u200b"), ("--organisation", " – ")):
        assert "--organisation" in incubator(tmp_path, "role", "give", "anna@example.org", "mentor", *nowhere).stderr
    long = incubator(tmp_path, "role", "give", "anna@example.org", "mentor", "--organisation", "х" * 201)
    assert "at most 200" in long.stderr
    words = ("role", "give", "anna@example.org", "mentor", "--organisation", "Завод «Заря»", "--mail")
    assert incubator(tmp_path, *words).returncode == 0
    listed = incubator(tmp_path, "role", "list").stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [
        ["mentor", "anna@example.org"],
        ["organiser", "office@example.org"],
    ]
    assert all("invited until" in line and "by the command line" in line for line in listed)
    assert "revoked" in incubator(tmp_path, "role", "revoke", "anna@example.org", "mentor").stdout
    again = incubator(tmp_path, "role", "revoke", "anna@example.org", "mentor")
    assert (again.returncode, "neither has this role nor is invited" in again.stderr) == (1, True)


@pytest.mark.parametrize("name", ["очень" * 20, "'; DROP TABLE project; --", "=cmd|' C calc'!A0", " ", "%_%"])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    path = tmp_path / f"{name}.jsonl"
    path.write_text('{"id": "1", "title": "Мост"}\n', "utf-8")
    done = incubator(tmp_path, "import", "projects", str(path), "--season", "2024")
    assert "Traceback" not in done.stderr
    assert ("Created: 1." in done.stdout) != ("--source" in done.stderr)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--map", "title"), "not of the form field=column"),
        (("--map", "colour=red"), "Unknown field colour"),
        (("--state", "graduated"), "only business plans graduate"),
        (("--source", "a" * 40), "at most 39 characters"),
    ],
)
def test_wrong_options_are_explained(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    assert incubator(tmp_path, "migrate").returncode == 0
    path = tmp_path / "ideas.jsonl"
    path.write_text('{"id": "1", "title": "Мост"}\n', "utf-8")
    done = incubator(tmp_path, "import", "projects", str(path), "--season", "2024", *words)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = incubator(tmp_path, "demo", "--data", str(tmp_path), "--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "Try --port" in done.stderr
