"""The documentation is true: settings, commands, paths, names, figures, links."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import incubator
from incubator import app
from incubator.cli import main
from incubator.config import PROVIDER_SETTINGS, ROOT
from incubator.db import lease
from incubator.files import orphans
from incubator.http import page_cache, prose, rate_limit
from incubator.http.markdown import process
from incubator.jobs import running, worker
from incubator.mail import delivery
from incubator.notifications import digest
from incubator.reference.defaults import default
from incubator.reviews.assignment import matching
from incubator.reviews.scoring import calibration, scores
from incubator.showcase import search
from tests import data_model, pictures
from tests.reviews.test_crowd import COSTS

pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="needs a checkout")

PACKAGE = Path(incubator.__file__).parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}

each_page = pytest.mark.parametrize("page", TEXTS)


def words_of(page: str) -> str:
    """Return the page's text with all whitespace as single spaces."""
    return " ".join(TEXTS[page].split())


# The house.


def test_the_rooms_are_those_of_the_contract_from_top_to_bottom() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [room.strip().removeprefix("incubator.") for layer in contracts[0]["layers"] for room in layer.split(":")]
    house = TEXTS["docs/architecture.md"].partition("## The house")[2].partition("Beside the package")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", house, re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == layers


# Settings.


def settings_read() -> set[str]:
    """Return the environment variables that ``config.py`` reads."""
    tree = ast.parse((PACKAGE / "config.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.get"]
    return {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}  # type: ignore[misc]


def test_every_setting_is_told_of() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", TEXTS["docs/operations.md"], re.MULTILINE)
    assert sorted(told) == sorted(settings_read())


def test_settings_are_read_in_one_place() -> None:
    reading = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"""(environ\.get|environ\[|getenv)\W+["']?INCUBATOR_""", path.read_text("utf-8"))
    ]
    assert reading == []


@each_page
def test_no_other_setting_is_named(page: str) -> None:
    named = set(re.findall(r"\bINCUBATOR_[A-Z_]+", TEXTS[page]))
    of_a_provider = re.compile(rf"INCUBATOR_OIDC_[A-Z_]+_({'|'.join(PROVIDER_SETTINGS)})")
    assert {name for name in named if not of_a_provider.fullmatch(name)} <= settings_read()


# Commands.


def leaves(group: Any, *names: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, *names, name)
        else:
            yield " ".join((*names, name)), command


COMMANDS = dict(leaves(main))


def named_commands(text: str) -> Iterator[str]:
    """Return what follows ``incubator`` in code: in backticks, or in an indented line."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4,}(.+)$", text, re.MULTILINE)
    for line in code:
        yield from re.findall(r"(?:^|&& |\$ )incubator ([a-z][^#&|]*)", line.strip())


@each_page
def test_every_named_command_exists(page: str) -> None:
    for words in named_commands(TEXTS[page]):
        command: Any = main
        rest = words.split()
        while rest and isinstance(command, click.Group) and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        assert command is not main, words
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in rest if word.startswith("--")} <= options, words


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_and_is_told_of(command: str) -> None:
    assert CliRunner().invoke(main, [*command.split(), "--help"]).exit_code == 0
    told = [words for text in TEXTS.values() for words in named_commands(text)]
    assert any(words == command or words.startswith(command + " ") for words in told)


def test_the_readme_has_the_lines_that_others_read() -> None:
    assert "\n    pip install -c constraints.txt -e . && incubator demo\n" in TEXTS["README.md"]
    assert "\n    pip install -c constraints.txt -e '.[test]' && pytest\n" in TEXTS["README.md"]


# Paths and names.

_FILE = re.compile(r"(?<![\w./<…*$-])[\w-][\w./-]*\.(?:py|md|toml|html|css|js|po|webp|svg|cfg|json)\b(?![\w…*])")
_FOLDER = re.compile(r"`([\w-]+(?:/[\w-]+)*/)`")
_MODULE = re.compile(r"(?<![\w./`-])`?((?:incubator|tests)(?:\.[A-Za-z_]\w*)+)(?::(\w+))?")
_FUNCTION = re.compile(r"([\w-][\w./-]*\.py)`?: `?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?=[(`])")

#: Where a path may begin.
_STARTS = (ROOT, PACKAGE, ROOT / "docs", ROOT / "static", ROOT / "templates")


def found(path: str, page: str) -> Path | None:
    """Return the file or folder that ``path`` names: from one of the roots, from the page itself, or by name anywhere."""
    for start in (*_STARTS, (ROOT / page).parent):
        if (start / path).exists():
            return start / path
    if "/" in path.rstrip("/"):
        return None
    places = [PACKAGE, ROOT / "tests", ROOT / "static", ROOT / "templates"]
    return next((each for place in places for each in place.rglob(path.rstrip("/"))), None)


@each_page
def test_every_path_exists(page: str) -> None:
    text = re.sub(r"https?://\S+|\]\([^)]*\)", "", TEXTS[page])
    named = {*_FILE.findall(text), *_FOLDER.findall(text)}
    assert {path for path in named if not found(path, page)} == set()


@each_page
def test_every_module_exists(page: str) -> None:
    for name, attribute in _MODULE.findall(TEXTS[page]):
        value: Any = importlib.import_module(name.partition(".")[0])
        for part in [*name.split(".")[1:], *filter(None, [attribute])]:
            try:
                value = (
                    getattr(value, part)
                    if hasattr(value, part)
                    else importlib.import_module(f"{value.__name__}.{part}")
                )
            except (ImportError, AttributeError):
                pytest.fail(f"{name}: there is no {part}")


@each_page
def test_every_function_is_where_it_is_said_to_be(page: str) -> None:
    for path, name in _FUNCTION.findall(TEXTS[page]):
        file = found(path, page)
        assert file, path
        known = {
            getattr(node, "name", None) or getattr(node, "id", None)
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
        }
        assert set(name.split(".")) <= known, f"{path}: {name}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _sharp, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#:]+)", page.read_text("utf-8")):
            near = (page.parent / target).resolve()
            files = sorted(near.glob("*.md")) if near.is_dir() else [near]
            waiting += [file for file in files if file.suffix == ".md" and file not in reached]
    assert {str(page.relative_to(ROOT)) for page in PAGES if page not in reached} == set()


# Output of commands.


def test_the_data_model_is_as_the_tables_are() -> None:
    assert data_model.FILE.read_text("utf-8") == data_model.text(), "run: python -m tests.data_model"


def test_the_pictures_are_there_and_small() -> None:
    for name in pictures.PICTURES:
        assert f"(docs/pictures/{name})" in TEXTS["README.md"]
        assert 5_000 < (pictures.FOLDER / name).stat().st_size < 120_000


# Figures and promises.

_NUMBERS = dict(enumerate(["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]))


def _said(number: float) -> str:
    return _NUMBERS.get(int(number), str(int(number)))


def _minutes(seconds: float) -> str:
    return f"{_said(seconds / 60)} minutes"


_TEAMS = sorted((PACKAGE / "demo" / "story" / "projects").glob("*.toml"))
_DISTRICTS = default("municipalities")["municipality"]

#: A page, and a sentence in it with the constant filled in.
FIGURES = [
    ("docs/operations.md", f"looks every {_minutes(app.ROUND)} for"),
    ("docs/operations.md", f"daily digests (at {digest.HOUR} in the region)"),
    ("docs/operations.md", f"given up after {_said(1 + len(delivery.PAUSES))} attempts"),
    ("docs/operations.md", f"({delivery.PAUSES[0].seconds // 60} min … {delivery.PAUSES[-1] // timedelta(hours=1)} h)"),
    ("docs/operations.md", f"{page_cache.LARGEST // 1024**2} MB of public pages"),
    ("docs/operations.md", f"answers {rate_limit.BURST} requests at once and {rate_limit.RATE:.0f} a second"),
    ("docs/mechanisms.md", f"{orphans.ROW_AGE.days} days after the upload"),
    ("docs/mechanisms.md", "names a day after they were put"),
    ("docs/mechanisms.md", f"a lease of {_minutes(running.LEASE.total_seconds())}"),
    ("docs/mechanisms.md", f"renewed every {worker.BEAT:.0f} seconds"),
    ("docs/mechanisms.md", f"every={app.ROUND}"),
    ("docs/architecture.md", f"kept for {prose.KEPT.days} days"),
    ("docs/architecture.md", f"killed after {_said(process.LIMIT)} seconds"),
    ("docs/adr/0007-pages-from-memory.md", f"relied on for {lease.LEASE * 1000:.0f} ms"),
    ("docs/adr/0008-the-index-of-the-showcase.md", f"the newest {search.MOST_READ:,} at most"),
    ("docs/adr/0010-python-markdown.md", f"more than {_said(process.LIMIT)} seconds"),
    ("docs/reviewing.md", f"A pair costs {matching.BASE} points"),
    ("docs/reviewing.md", f"and {matching.LOAD} more for each review"),
    ("docs/reviewing.md", f"−{-matching.BIDS['gladly']} · +{matching.BIDS['rather_not']}"),
    ("docs/reviewing.md", f"fewer than {_said(calibration.ENOUGH)} reviews"),
    ("docs/reviewing.md", f"scores {scores.WIDE:.0f} % of the scale or more apart"),
    ("docs/reviewing.md", f"within {_minutes(app.ROUND)} where"),
    ("README.md", f"a story of {len(_TEAMS) + 1} teams"),  # one is the class's (demo/class_story.py)
    ("docs/glossary.md", f"{len(_DISTRICTS)} districts"),
]


@pytest.mark.parametrize(("page", "sentence"), FIGURES)
def test_figures_are_those_of_the_code(page: str, sentence: str) -> None:
    assert sentence in words_of(page)


def test_the_numbers_of_queries_are_those_that_a_test_counts() -> None:
    told = dict(re.findall(r"^\| ([^|]+) \| (\d+) \| \d+ · \d+ \|", TEXTS["docs/reviewing.md"], re.MULTILINE))
    assert sorted(map(int, told.values())) == sorted(COSTS.values())
    assert int(told["proposal"]) == COSTS["organiser", "/organiser/proposal"]
    assert int(told["desk"]) == COSTS["mentor", "/desk"]
    assert int(told["bids"]) == COSTS["mentor", "/desk/bids"]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["dev"]]
    names = {re.split(r"[\[<>=;]", requirement)[0].lower() for requirement in wanted}
    told = TEXTS["docs/dependencies.md"].lower()
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", told)} == set()


def _sleeps(path: Path) -> bool:
    """Return whether it calls a ``sleep`` that really waits."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return any(
        ast.unparse(call.func).rpartition(".")[2] == "sleep" and ast.unparse(call.args[0]) != "0"
        for call in calls
        if call.args
    )


def test_who_lets_time_pass_is_named() -> None:
    sleepers = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if _sleeps(path)}
    assert {path for path in sleepers if f"`{path}`" not in TEXTS["docs/testing.md"]} == set()
