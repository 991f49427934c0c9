"""Servers that tests fork answer like the command: with the settings of their own environment."""

import ast
import shutil
from pathlib import Path

import httpx
import pytest

from incubator.config import ROOT
from tests.chromium import serving


@pytest.fixture
def data(sqlite_template: Path, tmp_path: Path) -> Path:
    shutil.copyfile(sqlite_template, tmp_path / "incubator.sqlite")
    return tmp_path


def test_a_fork_has_the_settings_of_its_own_environment_and_none_of_another_fork(data: Path) -> None:
    with serving("", data, {"INCUBATOR_DEV": "1"}) as base:
        assert httpx.get(f"{base}/mailbox").status_code == 200
    with serving("", data) as base:
        assert httpx.get(f"{base}/mailbox").status_code == 404


def test_a_fork_that_does_not_start_says_why(data: Path) -> None:
    with (
        pytest.raises(AssertionError, match="Data folder: var is relative"),
        serving("", data, {"INCUBATOR_DATA": "var"}),
    ):
        pass


def kept_settings(source: str) -> list[int]:
    """Return the lines that read a setting as their module is imported; a fork would keep what its parent has read."""
    found: list[int] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "incubator.config":
            found += [node.lineno for name in node.names if name.name == "settings"]
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"config.settings", "os.environ"}:
            found.append(node.lineno)
        waiting += ast.iter_child_nodes(node)
    return found


def test_no_module_keeps_a_setting_that_was_read_as_it_was_imported() -> None:
    """The two that do are the command itself, and the database, which `tests/forked.py` chooses anew."""
    keeping = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.joinpath("incubator").rglob("*.py")
        if kept_settings(path.read_text("utf-8"))
    }
    assert keeping == {"incubator/cli.py", "incubator/piccolo_conf.py"}
