"""Every id that a request can name, swapped for one of another team, class or school: nothing is shown, nothing changes.

A new route is asked at once; a new field that names a row fails here until it says below what of the other team it would name.
"""

import ast
import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdfium2
import pytest

from incubator.core.formatting import day
from incubator.core.languages import override_locale
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.piccolo_app import APP_CONFIG
from incubator.privacy.references import references
from tests import engines
from tests.browser import Browser, signed_in
from tests.stories.test_every_form_twice import MORE, OTHERWISE
from tests.test_permissions import FILLED, ROUTES
from tests.two_teams import SECRET_WORDS, Scene, two_teams

CODE = Path(__file__).parents[2] / "incubator"
WHO = ("visitor", "captain", "teacher", "mentor", "former_student", "former_teacher")

#: Caches, what counts attempts and who is signed in.
ASIDE = {"form_answer", "rendered_text", "attempt", "throttle", "public_revision", "session"}
#: What everybody may name: a row that refers to one of these is nobody's secret.
CATALOGUE = {
    "season",
    "organisation",
    "cluster",
    "competency",
    "municipality",
    "consent_text",
    "award",
    "section",
    "criterion",
}
#: Ends the session of whoever asks, and names nobody.
LEFT_OUT = {("POST", "/sign-out")}
#: A guard lets nobody of them in here, whatever they name: once is enough.
OFFICE = "/organiser"
#: Whoever holds such a secret may use it: it is made so that nobody guesses it.
BEARER = {"secret", "guardian_secret", "family_codes"}

#: What of the other team each field names that holds an id: one value, or as many as a form may send.
NAMED = {
    "child": ["{project_id}-{person_id}", "{own_project}-{person_id}", "{project_id}-{own_person}", "0-{pupil_id}", "{family_codes}"],
    "pupil": ["{own_pupil}", "{pupil_id}"],
    "of": ["{own_person}", "{person_id}"],
    "scan": ["{own_scan}", "{scan_id}"],
    "person": ["{person_id}"], "project": ["{project_id}"], "organisation": ["{organisation_id}"], "school": ["{organisation_id}"],
    "colleague": ["{teacher_id}"], "coordinator": ["{teacher_id}"], "batch": ["{batch_id}"], "into": ["{project_id}"],
    "mentor": ["{mentor_id}"], "conflict_mentor": ["{mentor_id}"], "submission": ["{submission_id}"],
    "team": ["{project_id}"], "decision": ["{submission_id}"], "pair": ["{submission_id}-{mentor_id}"], "removal": ["{assignment_id}"],
    "picture": ["{file_id}"], "news": ["{news_id}"],
    "season": ["{season_id}"], "award": ["{award}"], "text": ["6"], "based_on": ["6"], "from": ["6"], "revision": ["{revision_id}"], "before": ["6"], "after": ["6"], "through": ["6"],
}  # fmt: skip
#: Routes whose forms name several rows beside each other: each combination alone, too.
SEVERAL = ("/consents", "/class", "/family")
#: What also stands in addresses.
QUERIES = {"project", "school", "of", "batch"}
#: Fields of many values that hold words, or rows of a catalogue that everybody sees.
NO_IDS = {"caption-", "member-", "people-", "clusters", "competencies", "languages", "other", "passage", "purpose", "remark_key", "remark_text", "section", "sections", "stage", "municipality", "text-"}  # fmt: skip


@cache
def calls() -> list[ast.Call]:
    """Return every call in the code."""
    return [
        node
        for file in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]


def fields_with_ids() -> set[str]:
    """Return the names of all fields and queries that the code reads as ids or as many values."""
    return {name for call in calls() for name in _ids_in(call)}


def _ids_in(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"id", "values"} and isinstance(call.func, ast.Attribute):
        read: list[Any] = call.args[:1]
    elif name == "id_in" or (name == "map" and getattr(call.args[0], "id", "") == "id_in"):
        read = [each for argument in call.args for each in ast.walk(argument)]
    else:
        return
    yield from (
        each.value for each in read if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value
    )


def flags() -> set[str]:
    """Return the names of all boxes and buttons that let a form do something else."""
    first = (call.args[0] for call in calls() if getattr(call.func, "attr", "") == "flag")
    return {each.value for each in first if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_field_that_holds_an_id_is_swapped_here() -> None:
    assert fields_with_ids() <= NAMED.keys() | NO_IDS
    assert fields_with_ids() >= {"child", "pupil", "scan", "project", "of"}  # otherwise nothing was found


class Watch:
    """Sees what changes in the file of the database, and puts it back."""

    def __init__(self, scene: Scene, path: Path) -> None:
        self._live, self._kept = sqlite3.connect(path), sqlite3.connect(":memory:")
        self._live.backup(self._kept)
        self._strangers = {person.id for person in scene.strangers.values()}
        self._of_programme = {
            ("person", each.id) for each in (scene.cast.organiser, scene.cast.mentor, scene.cast.second_mentor)
        }
        self._people = {each.name for each in references()}
        self._before = self._rows(self._kept)
        self._theirs = {
            key for key in self._before if key[1] in scene.rows.get(key[0], ()) and not self._is_strangers(key)
        }
        self._version = self._data_version()

    def _data_version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def _rows(self, there: sqlite3.Connection) -> dict[tuple[str, int], dict[str, Any]]:
        there.row_factory = sqlite3.Row
        names = [each._meta.tablename for each in APP_CONFIG.table_classes if each._meta.tablename not in ASIDE]
        return {(name, row["id"]): dict(row) for name in names for row in there.execute(f'SELECT * FROM "{name}"')}

    def _is_strangers(self, key: tuple[str, int]) -> bool:
        """Return whether the row is, or speaks of, somebody who asks here: they may change it."""
        table, id_ = key
        about = (value for name, value in self._before[key].items() if f"{table}.{name}" in self._people)
        return (table == "person" and id_ in self._strangers) or bool(self._strangers & set(about))

    def _refers(self, key: tuple[str, int], row: dict[str, Any]) -> bool:
        """Return whether the row names anything of the other team."""
        named = {(target, row[column]) for column, target in TARGETS[key[0]]}
        return bool((named & self._theirs) - self._of_programme)

    def changes(self) -> list[str]:
        """Return what was done to the other team's rows since last time; everything is put back."""
        if self._data_version() == self._version:
            return []
        rows = self._rows(self._live)
        found = [
            f"{key} {self._before[key]} -> {rows.get(key)}"
            for key in self._theirs
            if rows.get(key) != self._before[key]
        ]
        found += [f"new {key} {row}" for key, row in rows.items() if key not in self._before and self._refers(key, row)]
        self._kept.backup(self._live)
        self._version = self._data_version()
        return found


def _targets(table: Any) -> list[tuple[str, str]]:
    """Return the columns of a table that refer to a row of some team, with that row's table."""
    keys = [(each._meta.name, each._foreign_key_meta.resolved_references._meta.tablename) for each in table._meta.foreign_key_columns]  # fmt: skip
    if table is Event:
        keys += [("subject_id", "person"), ("project_id", "project"), ("submission_id", "submission")]
    return [(name, target) for name, target in keys if target not in CATALOGUE]


TARGETS = {table._meta.tablename: _targets(table) for table in APP_CONFIG.table_classes}


async def words_of(scene: Scene) -> set[str]:
    """Return what nobody outside the team may read: names, addresses, dates of birth, codes, texts."""
    known = {scene.cast.organiser.id, *(person.id for person in scene.strangers.values())}
    people = await Person.objects()
    theirs = [each for each in people if each.id in scene.rows["person"] and each.id not in known]
    words = {each.family_name for each in theirs} - {each.family_name for each in people if each.id in known}
    words |= {each.email for each in theirs} | {each.email.partition("@")[0] for each in theirs if not each.has_mailbox}
    for born_on in {each.born_on for each in theirs if each.born_on}:
        words |= {born_on.isoformat(), f"{born_on:%d.%m.%Y}"}
        for locale in ("ru", "en"):
            with override_locale(locale):
                words |= {day(born_on), day(born_on, "short")}
    words = {word for word in words if not any(word in each.email for each in people if each.id in known)}
    return words | set(SECRET_WORDS) | {scene.cast.project.title, scene.theirs["code"], scene.theirs["family_codes"]}


def text_of(response: Any) -> str:
    """Return what a person reads in an answer of any kind."""
    if response.headers.get("content-type", "").startswith("application/pdf"):
        with pypdfium2.PdfDocument(io.BytesIO(response.content)) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)
    return unescape(response.content.decode("utf-8", "replace"))


def _filled(scene: Scene, template: str) -> str:
    own, theirs = scene.own, scene.theirs
    return template.format(
        **theirs, mentor_id=scene.cast.mentor.id, own_project=own["project_id"], own_person=own["person_id"],
        own_pupil=own["pupil_id"], own_scan=own["scan_id"],
    )  # fmt: skip


def paths(scene: Scene, path: str) -> list[str]:
    """Return the route with every id of the other team, and with the first of one's own before the other team's."""
    theirs = scene.theirs | dict.fromkeys(BEARER, "x" * 43)
    own = {name: scene.own[name] for name in BEARER if scene.own[name] != scene.theirs[name]}
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    found = [path.format(**theirs | own)]
    if names and not path.startswith(OFFICE) and scene.own[names[0]] != scene.theirs[names[0]]:
        found.append(path.format(**theirs | own | {names[0]: scene.own[names[0]]}))
        found.append(path.format(**theirs | own | {name: scene.own[name] for name in names[:-1]}))
    return list(dict.fromkeys(found))


def bodies(scene: Scene, path: str) -> Iterator[list[tuple[str, str]]]:
    """Yield what the form of a route sends, with each of the ids that a field can name."""
    words = {**MORE, **FILLED, **OTHERWISE.get(path, {})}
    words = {name: value for name, value in words.items() if name not in NAMED}
    for turn in range(max(map(len, NAMED.values())) if path.startswith(SEVERAL) else 0):
        ids = [(name, _filled(scene, values[turn % len(values)])) for name, values in NAMED.items()]
        yield [*words.items(), *ids]
    every = [(name, _filled(scene, value)) for name, values in NAMED.items() for value in values]
    if not path.startswith(OFFICE) and ("{" in path or path.startswith(SEVERAL)):
        yield [*words.items(), *every, *((name, "1") for name in flags())]
    yield [*words.items(), *every]


def requests(scene: Scene) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield method, address and form of everything that is asked."""
    for method, path in sorted(ROUTES.keys() - LEFT_OUT):
        for address in paths(scene, path):
            if method == "POST":
                yield from ((method, address, body) for body in bodies(scene, path))
            else:
                yield from ((method, address + query, []) for query in queries(scene, path))


def queries(scene: Scene, path: str) -> Iterator[str]:
    """Yield what may stand behind an address that names no row itself."""
    yield ""
    if "{" not in path and not path.startswith(OFFICE):
        named = [(name, _filled(scene, value)) for name, values in NAMED.items() for value in values]
        yield "?" + urlencode(named)
        if path.startswith(SEVERAL):
            yield from ("?" + urlencode([pair]) for pair in named if pair[0] in QUERIES)


class Asker:
    """One person, who asks again and again as if it were the first time."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._cookies = browser, list(browser.http.cookies.jar)
        self._csrf = browser.csrf()

    async def ask(self, method: str, address: str, body: list[tuple[str, str]]) -> tuple[int, str]:
        """Return the status, and all that the person reads, also on the page to which they are led."""
        self._browser.http.cookies.clear()
        for cookie in self._cookies:
            self._browser.http.cookies.jar.set_cookie(cookie)
        if method == "GET":
            answer = await self._browser.http.get(address)
        else:
            answer = await self._browser.post(address, [*body, ("csrf", self._csrf)], follow=False)
        text = text_of(answer)
        if answer.has_redirect_location and not answer.headers["location"].startswith("/sign-in"):
            text += text_of(await self._browser.http.get(answer.headers["location"]))
        return answer.status_code, text


async def asker(person: Person | None) -> Asker:
    """Return how a person asks; None: somebody without an account."""
    browser = await signed_in(person) if person else Browser()
    await browser.open("/profile" if person else "/sign-in")
    return Asker(browser)


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    folder = tmp_path_factory.mktemp("others")

    async def play() -> Scene:
        async with engines.sqlite_copy(sqlite_template, folder):
            return await two_teams()

    with asyncio.Runner() as runner:
        return folder / "test.sqlite", runner.run(play())


@pytest.fixture
async def scene(played: tuple[Path, Scene], tmp_path: Path) -> AsyncIterator[Scene]:
    async with engines.sqlite_copy(played[0], tmp_path):
        yield played[1]


@pytest.mark.parametrize("who", WHO)
async def test_nobody_of_elsewhere_learns_or_changes_anything(scene: Scene, who: str, tmp_path: Path) -> None:
    stranger, words = await asker(scene.strangers.get(who)), await words_of(scene)
    watch = Watch(scene, tmp_path / "test.sqlite")
    found = []
    for method, address, body in requests(scene):
        status, text = await stranger.ask(method, address, body)
        asked = f"{address} {body}"
        wrong = [word for word in words if word in text and word not in asked] + watch.changes()
        if wrong or status >= 500:
            found.append((method, address, status, wrong, body))
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("who", ["captain", "teacher"])
async def test_those_whose_it_is_see_and_change_much_by_the_same_requests(
    scene: Scene, who: str, tmp_path: Path
) -> None:
    """Otherwise the test above would prove little."""
    entitled, words = await asker(getattr(scene.cast, who)), await words_of(scene)
    watch = Watch(scene, tmp_path / "test.sqlite")
    seen, changed = 0, 0
    for method, path in sorted(ROUTES.keys() - LEFT_OUT):
        *_bodies, body = bodies(scene, path)
        _status, text = await entitled.ask(method, paths(scene, path)[0], body if method == "POST" else [])
        seen += any(word in text for word in words)
        changed += bool(watch.changes())
    assert seen > 20
    assert changed > 10
