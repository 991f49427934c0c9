"""Somebody writes, the world moves on meanwhile, and the form comes too late: every word is saved, or shown again."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from incubator.db import run_sql
from incubator.gates.decide import decide
from incubator.gates.delete_project import delete_project, name_to_type
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.submit import leave, take_back
from incubator.http.refill import _Page
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.start import start
from incubator.projects.tables import Submission
from incubator.publication.withdrawals import remove_member
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.tables import Decision
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project
from tests.scale import IS_WHOLE
from tests.stories.test_every_form_twice import Scene, sqlite_scene  # noqa: F401 - a fixture
from tests.stories.test_nothing_typed_is_lost import PEOPLE
from tests.test_permissions import ROUTES, WHO

_TEXTS = {"text", "textarea", "search"}


async def team_leaves(cast: Cast) -> None:
    await Decision.delete(force=True)
    await leave(await fresh_project(cast.project), by=cast.captain)


async def submission_is_taken_back(cast: Cast) -> None:
    await Decision.delete(force=True)
    await take_back(await fresh_project(cast.project), by=cast.captain)


async def project_is_deleted(cast: Cast) -> None:
    await Decision.delete(force=True)
    project = await fresh_project(cast.project)
    await delete_project(project, typed=name_to_type(project), reason="Проба", with_reviews=True, by=cast.organiser)


async def project_is_merged(cast: Cast) -> None:
    await Decision.delete(force=True)
    other = await start("Второй", season=cast.season, by=cast.outsider)
    await merge_projects(await fresh_project(cast.project), other, reason="Дубликат", by=cast.organiser)


async def decision_is_taken(cast: Cast) -> Decision:
    await Decision.delete(force=True)
    submission = await Submission.objects().first()
    assert submission
    return await decide(submission, "advance", reason="Хорошо", override="Некому", by=cast.organiser)


async def decision_is_released(cast: Cast) -> None:
    await release(await decision_is_taken(cast), by=cast.organiser)


async def season_closes(cast: Cast) -> None:
    await Season.update({Season.closes_on: cast.season.opens_on}).where(Season.id == cast.season.id)


async def members_are_removed(cast: Cast) -> None:
    for person in (cast.teammate, cast.teacher, cast.coach):
        await remove_member(cast.project, person.id, by=cast.organiser)


async def mentor_is_dismissed(cast: Cast) -> None:
    await dismiss(cast.mentor, StaffRole.MENTOR, by=cast.organiser)


CHANGES: list[Callable[[Cast], Awaitable[Any]]] = [
    decision_is_taken, team_leaves, project_is_deleted, submission_is_taken_back, project_is_merged,
    decision_is_released, season_closes, members_are_removed, mentor_is_dismissed,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES if IS_WHOLE else CHANGES[:3])
async def test_no_word_is_lost_when_the_world_moves_on(
    sqlite_scene: Scene,  # noqa: F811
    tmp_path: Path,
    change: Callable[[Cast], Awaitable[Any]],
) -> None:
    tried = 0
    for who in PEOPLE:
        person = getattr(sqlite_scene.cast, who)
        async with sqlite_scene.copy(tmp_path):
            forms = [form async for form in _forms_of(sqlite_scene, who, person)]
        for place, action, names in forms:
            async with sqlite_scene.copy(tmp_path):
                browser = await signed_in(person)
                await browser.open(place)
                typed = {name: f"Слово {n}, длинное и очень важное для всех вместе" for n, name in enumerate(names)}
                values = [pair for pair in browser.form(action) if pair[0] not in typed]
                await change(sqlite_scene.cast)
                await browser.post(action, [*values, *typed.items()])
                assert browser.page.status_code < 500, (who, place, action)
                lost = [name for name, text in typed.items() if not (_shows(browser, text) or await _is_stored(text))]
                assert not lost, (who, place, action, browser.page.status_code, browser.path)
                tried += 1
    assert tried > 40


async def _forms_of(scene: Scene, who: str, person: Person) -> AsyncIterator[tuple[str, str, list[str]]]:
    """Yield each form of the person's pages once: where it is, where it goes, the names of its texts."""
    seen = set[str]()
    letter = WHO.index(who)
    for path in (path for (method, path), letters in ROUTES.items() if method == "GET" and letters[letter] == "o"):
        browser, place = await signed_in(person), path.format(**scene.values)
        await browser.open(place)
        if browser.path != place or not browser.page.headers["content-type"].startswith("text/html"):
            continue
        for form in _Page(browser.page.text).forms.values():
            names = {control.name for control in form.controls if control.kind in _TEXTS}
            own = sorted(name for name in names if not re.match(r"[0-9a-f]{8}[._-]", name))
            if own and form.action not in seen and "with=all" not in form.action:
                seen.add(form.action)
                yield place, form.action, own


def _shows(browser: Browser, text: str) -> bool:
    return text in " ".join(unescape(browser.page.text).split())


async def _is_stored(text: str) -> bool:
    """Return whether a row of any table has the text."""
    tables = await run_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    for table in (row["name"] for row in tables if not row["name"].startswith(("sqlite_", "form_answer"))):
        columns = await run_sql(f"SELECT name FROM pragma_table_info('{table}')")
        has_it = " OR ".join(f"\"{column['name']}\" LIKE '%{text}%'" for column in columns)
        if await run_sql(f'SELECT 1 AS found FROM "{table}" WHERE {has_it} LIMIT 1'):
            return True
    return False
