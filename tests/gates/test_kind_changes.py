"""An organiser changes what a section holds while a team types in it: no word is lost, and nothing is saved that nobody wrote."""

from incubator.programme.changes import change
from incubator.programme.seasons import section_at
from incubator.projects.answers import answer_of
from tests.browser import Browser, signed_in
from tests.cast import Cast, rewrite

NEW = "Новый текст про пчёл, набранный только что целиком"
BY_SCRIPT = {"accept": "application/json", "x-requested-with": "fetch"}
SAYS = "теперь спрашивает этот раздел иначе"


async def ask_as(cast: Cast, kind: str) -> None:
    section = await section_at(cast.season.id, "idea", "problem")
    assert section
    await change(section, revision=section.revision, by=cast.organiser, kind=kind)


async def typed(cast: Cast, path: str) -> tuple[Browser, list[tuple[str, str]]]:
    """Return a browser at the captain's form of the section, and what it would send."""
    browser = await signed_in(cast.captain)
    await browser.open(path)
    return browser, [(name, NEW if name == "text" else value) for name, value in browser.form(path)]


async def stored(cast: Cast) -> str:
    answer = await answer_of(cast.project.id, "problem")
    assert answer
    return answer.text


async def test_a_form_of_the_former_kind_saves_nothing_and_its_words_are_to_be_copied(cast: Cast) -> None:
    path = f"/projects/{cast.project.id}/answers/problem"
    await rewrite(cast, "problem", "Старый текст")
    browser, fields = await typed(cast, path)
    await ask_as(cast, "plan")
    answer = await browser.post(path, fields, headers=BY_SCRIPT)
    assert answer.status_code == 409
    assert SAYS in answer.json()["title"]
    await browser.post(path, fields)
    assert browser.page.status_code == 409
    assert NEW in browser.text
    assert "в прежнем виде он больше не сохраняется" in browser.text
    assert await stored(cast) == "Старый текст"


async def test_the_whole_document_saves_the_rest_and_shows_the_words_of_that_section(cast: Cast) -> None:
    here = f"/projects/{cast.project.id}"
    await rewrite(cast, "problem", "Старый текст")
    browser = await signed_in(cast.captain)
    await browser.open(here)
    await ask_as(cast, "plan")
    await browser.send(f"{here}/answers", text__problem=NEW, text__solution="Датчик в улье")
    assert browser.page.status_code == 409
    assert NEW in browser.text
    assert await stored(cast) == "Старый текст"
    solution = await answer_of(cast.project.id, "solution")
    assert solution
    assert solution.text == "Датчик в улье"


async def test_a_document_in_which_that_section_was_not_touched_is_saved(cast: Cast) -> None:
    here = f"/projects/{cast.project.id}"
    await rewrite(cast, "problem", "Старый текст")
    browser = await signed_in(cast.captain)
    await browser.open(here)
    await ask_as(cast, "plan")
    await browser.send(f"{here}/answers", text__solution="Датчик в улье")
    assert browser.page.status_code == 200
    assert await stored(cast) == "Старый текст"


async def test_rows_of_a_sheet_that_became_a_text_come_back_as_text(cast: Cast) -> None:
    path = f"/projects/{cast.project.id}/answers/problem"
    await ask_as(cast, "plan")
    browser, fields = await typed(cast, path)
    cell = next(n for n, (name, _value) in enumerate(fields) if name == "task")
    fields[cell] = (fields[cell][0], "Опросить соседей")
    await ask_as(cast, "text")
    assert (await browser.post(path, fields, headers=BY_SCRIPT)).status_code == 409
    await browser.post(path, fields)
    assert "Опросить соседей" in browser.text
    assert await answer_of(cast.project.id, "problem") is None


async def test_a_form_from_before_forms_named_their_kind_is_read_as_before(cast: Cast) -> None:
    path = f"/projects/{cast.project.id}/answers/problem"
    browser, fields = await typed(cast, path)
    await browser.post(path, [pair for pair in fields if pair[0] != "kind"])
    assert await stored(cast) == NEW
