"""The landing page: the growth that leads it, its figures, and what it says when there is little."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from incubator.projects.document import content_of, frozen_parts
from incubator.projects.tables import Project, Submission
from incubator.publication.hiding import MASK
from incubator.publication.tables import PublicVersion
from incubator.showcase.growth_story import GrowthStory, excerpt, growth_story
from incubator.showcase.reference_titles import reference_lists
from tests.browser import Browser
from tests.showcase.test_catalogue import TOLD, show

PROBLEM = "На пасеке зимой гибнет каждая третья семья пчёл."
GROWN = f"{PROBLEM} Мы опросили сорок пасечников: двадцать шесть узнают об этом только весной, когда поздно."
REBUILT = "Сорок опрошенных пасечников теряют весной треть семей, потому что зимой никто не слышит улей без датчика."


async def landing() -> Browser:
    browser = Browser()
    assert (await browser.open("/")).status_code == 200
    return browser


async def told() -> GrowthStory | None:
    return await growth_story(await reference_lists())


async def grow(title: str, text: str) -> None:
    """Publish one more version of the project, whose problem has become ``text``."""
    project = await Project.objects().get(Project.title == title)
    assert project
    last = await PublicVersion.objects().where(PublicVersion.project == project.id).order_by(PublicVersion.number, ascending=False).first()  # fmt: skip
    assert last
    parts = [
        msgspec.structs.replace(part, text=text, html=f"<p>{text}</p>") if part.key == "problem" else part
        for part in frozen_parts(last)
    ]
    first = await Submission.objects().get(Submission.id == last.submission)
    assert first
    values = {name: value for name, value in first.to_dict().items() if name not in {"id", "number", "content"}}
    submission = Submission(**values, number=last.number + 1, content=content_of(parts))
    await submission.save()
    await PublicVersion(
        project=project.id, submission=submission.id, number=last.number + 1, stage=last.stage, title=last.title,
        submitted_at=last.submitted_at, approved_at=last.approved_at, content=content_of(parts), grammar=last.grammar,
    ).save()  # fmt: skip


def rows(*titles: str) -> list[dict[str, str]]:
    return [{"id": title, "title": title, "pitch": "Коротко о деле", "problem": PROBLEM} for title in titles]


async def test_an_empty_showcase_invites(database: Any) -> None:
    text = (await landing()).text
    assert "Витрина только открылась" in text
    assert "Программа в цифрах" not in text
    assert "Как рос проект" not in text


async def test_with_one_project_that_has_not_grown_nothing_is_told(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, TOLD[:1])
    text = (await landing()).text
    assert "Как рос проект" not in text
    assert re.findall(r"<strong>(\d+)</strong>\s*<a href=\"([^\"]+)\">([^<]+)</a>", text) == [
        ("1", "/showcase", "проект на витрине")
    ]


async def test_the_strongest_change_leads(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, rows("Немного", "Сильно", "Позже", "Ничего"))
    await grow("Немного", GROWN)
    await grow("Сильно", REBUILT)
    await grow("Ничего", PROBLEM + " Совсем.")
    story = await told()
    assert story
    assert "".join(text for text, _is_find in story.card.title) == "Сильно"
    assert (story.before, story.after) == (PROBLEM, REBUILT)
    text = (await landing()).text
    assert PROBLEM in text
    assert REBUILT in text
    assert re.search(r'<a href="/showcase/silno#growth">Сильно</a>', text)
    await grow("Позже", REBUILT)  # as strong, and newer
    story = await told()
    assert story
    assert story.card.url == "/showcase/pozzhe"


async def test_who_came_farther_leads_before_a_stronger_change(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, rows("Прошли путь"), stage="plan", state="graduated")
    await show(tmp_path, rows("В начале"))
    await grow("В начале", REBUILT)
    assert (await told() or pytest.fail("no story")).card.url == "/showcase/v-nachale"
    await grow("Прошли путь", GROWN)
    assert (await told() or pytest.fail("no story")).card.url == "/showcase/proshli-put"


@pytest.mark.parametrize("text", [PROBLEM + " Совсем.", f"{GROWN} Звоните {MASK}.", "Пчёлы гибнут."])
async def test_a_correction_a_hidden_name_and_a_shorter_text_are_no_story(
    sqlite: Any, tmp_path: Path, text: str
) -> None:
    await show(tmp_path, rows("Улей"))
    await grow("Улей", text)
    assert await told() is None


async def test_a_version_that_was_taken_off_tells_nothing(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, rows("Улей"))
    await grow("Улей", REBUILT)
    assert await told()
    await PublicVersion.update({PublicVersion.ended_at: PublicVersion.approved_at}).where(PublicVersion.number == 2)
    assert await told() is None


async def test_four_people_see_where_to_begin(database: Any) -> None:
    text = (await landing()).text
    ways = text.partition("Для кого")[2].partition("</section>")[0]
    assert re.findall(r"<h3>([^<]+)</h3>\s*<p>[^<]+</p>\s*<p><a href=\"([^\"]+)\">", ways) == [
        ("Школьникам и студентам", "/start"), ("Педагогам", "/sign-in"), ("Наставникам", "/sign-in?next=/desk"),
        ("Родителям и работодателям", "/showcase"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Коротко", "Коротко"), ("раз два три четыре", "раз два три…"), ("раз, два, три, четыре", "раз, два…"), ("оченьдлинноеслово", "…")],
)  # fmt: skip
def test_an_excerpt_ends_after_a_word(text: str, expected: str) -> None:
    assert excerpt(text, 14) == expected
    assert len(excerpt(text, 14)) <= 14
