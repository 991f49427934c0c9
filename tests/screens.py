"""Pictures of each page in each state, to be looked at: ``python -m tests.screens FOLDER [WORD…]`` takes those whose names have a word.

From the demo, at the widths of a phone and a desk, light and dark, in Russian and English.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from incubator.db.engines import engine_for
from incubator.db.references import some_id_of
from incubator.people.accounts import create_person
from incubator.people.permissions import StaffRole
from incubator.people.sessions import begin_session
from incubator.people.tables import Grant, Person
from incubator.projects.tables import Member, Project
from incubator.reviews.tables import Assignment
from tests.chromium import chromium, serving_demo
from tests.engines import started

WIDTHS, THEMES, LANGUAGES = (390, 1280), ("light", "dark"), ("ru", "en")
_LONG = "Мы спросили пасечников, и вот что они сказали. " * 60

Act = Callable[["Stage", Page], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo that is served, and who plays in it."""

    base: str
    sessions: dict[str, str]
    """The secret of a session by the name of who looks; a visitor has none."""
    projects: dict[str, int]
    """Ids by title."""
    review: int


async def _too_long(stage: Stage, page: Page) -> None:
    await page.locator("textarea[data-limit]").first.fill(_LONG)


async def _without_connection(stage: Stage, page: Page) -> None:
    await page.wait_for_selector("html[data-ready]")
    await page.context.set_offline(True)
    await page.locator("textarea[data-limit]").first.fill("Слова без связи")
    await expect(page.locator("[data-save-state]").first).to_have_class("muted small error")


async def _other_writes(stage: Stage, page: Page) -> None:
    """Let the teammate save the same section, and wait until the page says so."""
    browser = page.context.browser
    assert browser
    other = await browser.new_context()
    await other.add_cookies([{"name": "session", "value": stage.sessions["mate"], "url": stage.base}])
    writer = await other.new_page()
    await writer.goto(page.url)
    await writer.wait_for_selector("html[data-ready]")
    await writer.locator("textarea[data-limit]").first.type(" И ещё слово.")
    await page.wait_for_selector("html[data-ready]")
    await expect(page.locator("[data-others]").first).not_to_be_empty(timeout=30_000)
    await other.close()


async def _sent_empty(stage: Stage, page: Page) -> None:
    await page.locator("main form[method=post] button:not([type=button])").last.click()


#: Name, who looks, where (a title in braces is its project's id), and what is done first.
STATES: tuple[tuple[str, str, str, Act | None], ...] = (
    ("landing", "", "/", None),
    ("catalogue-many", "", "/showcase", None),
    ("catalogue-one", "", "/showcase?q=улья", None),
    ("catalogue-empty", "", "/showcase?q=щщщщ", None),
    ("map", "", "/showcase/map", None),
    ("criteria", "", "/criteria", None),
    ("about", "", "/about", None),
    ("offline", "", "/offline", None),
    ("start-error", "", "/start", _sent_empty),
    ("projects-empty", "newcomer", "/projects", None),
    ("projects-one", "draft", "/projects", None),
    ("projects-many", "teacher", "/projects", None),
    ("document-draft", "draft", "/projects/{Тихий улей}", None),
    ("document-returned", "returned", "/projects/{Хлебная закваска}", None),
    ("document-passed", "passed", "/projects/{Плёнка из картошки}", None),
    ("document-stopped", "stopped", "/projects/{Ветер для остановки}", None),
    ("document-graduated", "graduated", "/projects/{Вторая жизнь сетей}", None),
    ("section-text", "draft", "/projects/{Тихий улей}/answers/problem", None),
    ("section-empty", "draft", "/projects/{Тихий улей}/answers/relevance", None),
    ("section-long", "draft", "/projects/{Тихий улей}/answers/problem", _too_long),
    ("section-offline", "draft", "/projects/{Тихий улей}/answers/problem", _without_connection),
    ("section-other-writer", "draft", "/projects/{Тихий улей}/answers/problem", _other_writes),
    ("section-remarked", "returned", "/projects/{Хлебная закваска}/answers/evidence", None),
    ("section-canvas", "returned", "/projects/{Хлебная закваска}/answers/canvas", None),
    ("section-budget", "returned", "/projects/{Хлебная закваска}/answers/budget", None),
    ("gate", "draft", "/projects/{Тихий улей}/answers/problem#gate", None),
    ("self-check", "draft", "/projects/{Тихий улей}/self-check", None),
    ("history", "returned", "/projects/{Хлебная закваска}/history", None),
    ("team", "draft", "/projects/{Тихий улей}/team", None),
    ("details", "draft", "/projects/{Тихий улей}/details", None),
    ("talk", "returned", "/projects/{Хлебная закваска}/talk", None),
    ("bell-many", "returned", "/notifications", None),
    ("bell-empty", "newcomer", "/notifications", None),
    ("desk-many", "mentor", "/desk", None),
    ("review", "mentor", "/reviews/{}", None),
    ("organiser", "organiser", "/organiser", None),
    ("decisions", "organiser", "/organiser/decisions", None),
)

#: Who looks, as the captain of which project.
_CAPTAINS = {
    "draft": "Тихий улей", "returned": "Хлебная закваска", "passed": "Плёнка из картошки", "stopped": "Ветер для остановки",
    "graduated": "Вторая жизнь сетей",
}  # fmt: skip


async def _set_stage(base: str, database: Path) -> Stage:
    async with started(engine_for(f"sqlite:///{database}")):
        projects = {row["title"]: row["id"] for row in await Project.select(Project.id, Project.title)}
        waiting = await Assignment.objects(Assignment.mentor).where(Assignment.waiting()).first()
        teacher = await Member.objects(Member.person).where(Member.role == "teacher").first()
        organiser = await Grant.objects(Grant.person).where(Grant.role == StaffRole.ORGANISER.value).first()
        mate = await _member("Тихий улей", "student")
        assert waiting
        assert teacher
        assert organiser
        people = {who: await _member(title, "captain") for who, title in _CAPTAINS.items()} | {
            "mate": mate, "mentor": waiting.mentor, "teacher": teacher.person, "organiser": organiser.person,
            "newcomer": await create_person("new@example.org", given_name="Ника", family_name="Новая", confirmed=True),
        }  # fmt: skip
        secrets = {who: await begin_session(person, user_agent="screens") for who, person in people.items()}
        return Stage(base, secrets, projects, some_id_of(waiting))


async def _member(title: str, role: str) -> Person:
    where = (Member.project.title == title) & (Member.role == role)
    member = await Member.objects(Member.person).where(where).first()
    assert member, title
    person: Person = member.person
    return person


async def _take(browser: Browser, stage: Stage, folder: Path, state: tuple[str, str, str, Act | None]) -> None:
    name, who, where, act = state
    path = where.replace("{}", str(stage.review))
    for title, number in stage.projects.items():
        path = path.replace(f"{{{title}}}", str(number))
    for width, theme, language in product(WIDTHS, THEMES, LANGUAGES):
        context = await browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme="dark" if theme == "dark" else "light"
        )
        await context.add_cookies([{"name": "lang", "value": language, "url": stage.base}])
        if who:
            await context.add_cookies([{"name": "session", "value": stage.sessions[who], "url": stage.base}])
        page = await context.new_page()
        await page.goto(stage.base + path)
        await page.wait_for_load_state("networkidle")
        if act:
            await act(stage, page)
        await page.screenshot(path=folder / f"{name}-{width}-{theme}-{language}.png", full_page=True)
        await context.close()


async def main(folder: Path, words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as scratch, serving_demo(Path(scratch)) as base:
        stage = await _set_stage(base, Path(scratch) / "incubator.sqlite")
        async with chromium() as browser:
            for state in STATES:
                if not words or any(word in state[0] for word in words):
                    await _take(browser, stage, folder, state)
                    print(state[0])


if __name__ == "__main__":
    os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
