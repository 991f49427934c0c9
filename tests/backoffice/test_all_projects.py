"""The list of all projects: found however it is spelt, and no page repeats or skips a row while people work."""

import re
from datetime import timedelta

from incubator.core.clock import clock_at, now
from incubator.projects.start import start
from incubator.projects.tables import Project
from tests.browser import Browser, signed_in
from tests.cast import Cast

PAGE = "/organiser/projects"


def titles(browser: Browser) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a href="/projects/\d+">([^<]+)</a>', browser.text)


def next_page(browser: Browser) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', browser.text)
    return found[1] if found else ""


async def _projects(cast: Cast, count: int) -> None:
    for n in range(count):
        with clock_at(now() + timedelta(minutes=n)):
            await start(f"Идея {n:03}", season=cast.season, by=cast.captain)


async def test_every_page_follows_the_one_before_while_people_work(cast: Cast) -> None:
    await _projects(cast, 104)
    office = await signed_in(cast.organiser)
    for sort in ("new", "title"):
        seen: list[str] = []
        path = f"{PAGE}?sort={sort}"
        while path:
            await office.open(path)
            seen += titles(office)
            path = next_page(office)
            # Somebody works on what is listed: nothing moves.
            await Project.update({Project.changed_at: now() + timedelta(days=1)}).where(Project.title == seen[-1])
            await start(f"Ещё одна {sort} {len(seen)}", season=cast.season, by=cast.captain)
        wanted = {f"Идея {n:03}" for n in range(104)}
        assert wanted <= set(seen)
        assert len(seen) == len(set(seen))


async def test_what_moved_to_the_top_meanwhile_is_said(cast: Cast) -> None:
    await _projects(cast, 60)
    office = await signed_in(cast.organiser)
    with clock_at(now() + timedelta(hours=2)):
        await office.open(f"{PAGE}?sort=changed")
        first = titles(office)
        path = next_page(office)
    with clock_at(now() + timedelta(hours=3)):
        await Project.update({Project.changed_at: now()}).where(Project.title == "Идея 002")
        await office.open(path)
    second = titles(office)
    assert "изменился 1 проект: теперь это начало списка" in office.text
    assert not set(first) & set(second)
    assert "Идея 002" not in second
    await office.open(f"{PAGE}?sort=changed")
    assert titles(office)[0] == "Идея 002"


async def test_a_project_is_found_by_title_team_or_person_however_they_are_spelt(cast: Cast) -> None:
    await start("Чёрный «Ёж»: датчики", season=cast.season, by=cast.outsider)
    office = await signed_in(cast.organiser)
    for words, found in (
        ("черный  ёж", ["Чёрный «Ёж»: датчики"]), ("ТИХИЙ-УЛЕЙ", ["Тихий улей"]), ("чужой лев", ["Чёрный «Ёж»: датчики"]),
        ("кузнецова", ["Тихий улей"]), ("никого", []), ("%", ["Чёрный «Ёж»: датчики", "Тихий улей"]),
    ):  # fmt: skip
        await office.open(f"{PAGE}?q={words}")
        assert titles(office) == found, words


async def test_an_address_typed_by_hand_shows_the_beginning(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    for query in ("after=x", "after=1~y&sort=changed", "sort=changed&since=z&after=99999999999", "stage=no&state=no"):
        answer = await office.open(f"{PAGE}?{query}")
        assert answer.status_code == 200, query
