"""Long lists of mentors: found by name or place of work, a page at a time, on both pages that offer them."""

import re

from incubator.backoffice import people_pages, submission_view
from incubator.backoffice.narrowing import narrowed
from incubator.db import writing
from incubator.people.accounts import create_person
from incubator.reference.organisations import organisation_named
from incubator.reviews.assignment.mentors import make_mentor
from tests.browser import Browser, signed_in
from tests.cast import Cast, submitted

NAMES = ["Анна Орлова", "Пётр Ильин", "Пётр Орлов", "Яна Жук"]


def test_the_rows_in_whom_the_words_stand() -> None:
    found = narrowed(NAMES, "петр", str, most=1)
    assert (found.rows, found.more) == (["Пётр Ильин"], 1)
    assert narrowed(NAMES, "", str, most=2).more == 2
    assert narrowed(NAMES, "Сидоров", str, most=2).rows == []


def test_a_page_goes_on_after_its_last_row() -> None:
    page = narrowed(NAMES, "", str, most=2, after=lambda name: name == "Пётр Ильин")
    assert (page.rows, page.more) == (["Пётр Орлов", "Яна Жук"], 0)
    gone = narrowed(NAMES, "", str, most=2, after=lambda name: name == "Уже Нет")
    assert gone.rows == NAMES[:2]


async def many(cast: Cast, number: int) -> None:
    async with writing():
        works_at = await organisation_named("Завод «Заря»", kind="enterprise")
        for n in range(number):
            mentor = await create_person(
                f"m{n:02}@example.org",
                given_name="Наставник",
                family_name=f"Номер{n:02}",
                is_adult=True,
                confirmed=True,
            )
            await make_mentor(mentor, organisation=works_at, by=cast.organiser)


def shown(browser: Browser) -> set[str]:
    """Return the mentors on the page."""
    return set(re.findall(r"people/(\d+)/capacity", browser.page.text))


async def test_an_organiser_finds_a_mentor_among_many(cast: Cast) -> None:
    await many(cast, people_pages.MENTORS)
    organiser = await signed_in(cast.organiser)
    await organiser.open("/organiser/people")
    assert len(shown(organiser)) == people_pages.MENTORS
    (more,) = re.findall(r'rel="next" href="([^"]+)"', organiser.page.text)
    first = shown(organiser)
    await organiser.open(more.replace("&amp;", "&").partition("#")[0])
    second = shown(organiser)
    assert second
    assert not first & second
    await organiser.open("/organiser/people?who=номер07")
    assert len(shown(organiser)) == 1
    assert "Номер07" in organiser.text
    await organiser.open("/organiser/people?who=никто")
    assert "Никого не нашли" in organiser.text


async def test_a_submission_offers_those_who_suit_best_and_finds_the_others(cast: Cast) -> None:
    await many(cast, submission_view.MOST_OFFERED)
    here = f"/organiser/submissions/{(await submitted(cast)).id}"
    organiser = await signed_in(cast.organiser)
    await organiser.open(f"{here}?candidates=1")
    assert organiser.page.text.count('data-own="mentor"') == submission_view.MOST_OFFERED
    assert "есть ещё" in organiser.text
    await organiser.open(f"{here}?candidates=1&who=Номер19")
    assert organiser.page.text.count('data-own="mentor"') == 1
    await organiser.open(f"{here}?candidates=1&who=никто")
    assert "Никого не нашли" in organiser.text
