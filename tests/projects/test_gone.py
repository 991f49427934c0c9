"""What somebody writes into a project that was merged or deleted meanwhile: said, and theirs to copy."""

from incubator.gates.delete_project import delete_project
from incubator.gates.merge_projects import merge_projects
from incubator.projects.start import start
from tests.browser import signed_in
from tests.cast import Cast, fresh_project

WORDS = "Мы поговорили с пасечниками\nи записали <ответы> & цифры"


async def test_words_for_a_merged_project_are_shown_to_copy(cast: Cast) -> None:
    double = await start("Тихий улей 2", season=cast.season, by=cast.captain, pitch="Датчики для пасеки")
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{double.id}")
    posted = [*browser.form(f"/projects/{double.id}/answers"), ("text-problem", WORDS)]
    await merge_projects(double, await fresh_project(cast.project), reason="Одно и то же", by=cast.organiser)
    page = await browser.post(f"/projects/{double.id}/answers", posted)
    assert page.status_code == 409
    assert "объединили с другим" in browser.text
    assert WORDS in browser.text
    assert "<ответы>" not in page.text
    assert f'href="/projects/{cast.project.id}"' in page.text
    assert (await browser.open(f"/projects/{double.id}")).status_code == 200
    assert browser.path == f"/projects/{cast.project.id}"


async def test_a_script_learns_that_a_project_was_merged(cast: Cast) -> None:
    double = await start("Тихий улей 2", season=cast.season, by=cast.captain, pitch="Датчики для пасеки")
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{double.id}")
    posted = [*browser.form(f"/projects/{double.id}/answers"), ("text-problem", WORDS)]
    await merge_projects(double, await fresh_project(cast.project), reason="Одно и то же", by=cast.organiser)
    page = await browser.post(
        f"/projects/{double.id}/answers", posted,
        headers={"accept": "application/json", "x-requested-with": "fetch"},
    )  # fmt: skip
    assert page.status_code == 409
    assert "объединили" in page.json()["title"]


async def test_words_for_a_deleted_project_are_shown_to_copy(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}/talk")
    posted = [*browser.form(f"/projects/{cast.project.id}/talk"), ("text", WORDS)]
    await delete_project(await fresh_project(cast.project), typed="Тихий улей", reason="Проба", by=cast.organiser)
    page = await browser.post(f"/projects/{cast.project.id}/talk", posted)
    assert page.status_code == 404
    assert WORDS in browser.text


async def test_a_page_that_never_was_repeats_no_password(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    page = await browser.post(
        "/nowhere", {"csrf": browser.csrf(), "new_password": "три слова подряд", "text": "Два слова"}
    )
    assert page.status_code == 404
    assert "три слова подряд" not in browser.text
