"""A sheet on its way from the team's page to the showcase, without scripts: what serves a text serves it, too."""

from typing import Any

import msgspec
import pytest

from incubator.gates.facts import dossier_of
from incubator.gates.submit import submit
from incubator.gates.workplace import checks
from incubator.http.forms import Form
from incubator.people.tables import Session
from incubator.programme.presets import Preset
from incubator.programme.seasons import section_at
from incubator.programme.tables import Season, Section
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.consents import give_consent
from incubator.projects.document import frozen_parts, parts_of
from incubator.projects.kinds.budget import KIND as BUDGET
from incubator.projects.kinds.sheet import Sheet
from incubator.projects.tables import Submission
from incubator.publication.hiding import MASK
from incubator.publication.passages import hide_passages
from incubator.publication.publish import ask_publication, publish
from incubator.publication.render_again import render_frozen_again
from incubator.publication.withdrawals import withdraw_consent
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, forms_of, signed_in
from tests.cast import Cast, fresh_project, make_ready
from tests.gates.test_deadlines import address_remarks, returned
from tests.publication.visitor import everything_public, places_of
from tests.stories.test_nothing_typed_is_lost import _sign_in, _with_password

KEY = "problem"


@pytest.fixture
async def budget(cast: Cast) -> Cast:
    """Let the season ask for a budget where it asks for the problem."""
    await Section.update({Section.kind: "budget"}).where((Section.season == cast.season.id) & (Section.key == KEY))
    return cast


def sheet_of(*rows: tuple[str, str, str], **fields: str) -> str:
    lines = [
        {"what": what, "category": "materials", "count": n, "price": price, "source": "own"} for what, n, price in rows
    ]
    return BUDGET.stored(Sheet("budget", fields=fields, rows=lines))


async def stored(cast: Cast) -> Sheet:
    answer = await answer_of(cast.project.id, KEY)
    return BUDGET.sheet(answer.text if answer else "")


async def write(cast: Cast, value: str) -> None:
    answer = await answer_of(cast.project.id, KEY)
    await save_answer(
        await fresh_project(cast.project), KEY, value, version=answer.version if answer else 0, by=cast.captain
    )


def cells(suffix: str, *rows: tuple[str, str, str]) -> dict[str, Any]:
    return {
        f"what{suffix}": [what for what, _n, _price in rows],
        f"count{suffix}": [n for _what, n, _price in rows],
        f"price{suffix}": [price for _what, _n, price in rows],
        f"category{suffix}": ["materials" for _row in rows],
        f"source{suffix}": ["own" for _row in rows],
        f"spent{suffix}": ["" for _row in rows],
    }


async def test_the_whole_document_is_saved_with_its_sheet_and_rows_move(budget: Cast) -> None:
    team, page = await signed_in(budget.captain), f"/projects/{budget.project.id}"
    await team.open(page)
    suffix = f"-{KEY}"
    await team.send(
        f"{page}/answers",
        True,
        **{"text-audience": "Пасечники", f"own{suffix}": "2 000"},
        **cells(suffix, ("Доски", "10", "120,50"), ("", "", ""), ("Клей", "", "1 тыс.")),
    )
    sheet = await stored(budget)
    assert [(row["what"], row["price"]) for row in sheet.rows] == [("Доски", "120.5"), ("Клей", "1000")]
    assert sheet.fields == {"own": "2000"}
    assert "Нужно 2\N{NO-BREAK SPACE}205\N{NO-BREAK SPACE}₽, не хватает 205\N{NO-BREAK SPACE}₽" in team.text
    audience = await answer_of(budget.project.id, "audience")
    assert audience
    await team.send(f"{page}/answers", True, **{f"rows{suffix}": "down:0"})
    assert [row["what"] for row in (await stored(budget)).rows] == ["Клей", "Доски"]
    await team.send(f"{page}/answers", True, **{f"rows{suffix}": "remove:0"})
    assert [row["what"] for row in (await stored(budget)).rows] == ["Доски"]
    before = await answer_of(budget.project.id, KEY)
    await team.send(f"{page}/answers")  # nothing typed: nothing saved
    assert await answer_of(budget.project.id, KEY) == before
    assert (await answer_of(budget.project.id, "audience")) == audience


async def test_two_who_fill_in_one_sheet_choose_with_both_before_them(budget: Cast) -> None:
    page = f"/projects/{budget.project.id}/answers/{KEY}"
    one, other = await signed_in(budget.captain), await signed_in(budget.teammate)
    for browser in (one, other):
        await browser.open(page)
    await one.send(page, **cells("", ("Доски", "10", "120,50")))
    await other.send(page, **cells("", ("Доски", "12", "120,50")))
    assert other.page.status_code == 409
    assert "Сколько, строка 1" in other.text
    assert [row["count"] for row in (await stored(budget)).rows] == ["10"]
    await other.send(page)  # the first of the two buttons keeps one's own
    assert [row["count"] for row in (await stored(budget)).rows] == ["12"]


@pytest.mark.parametrize(("button", "count"), [(0, "12"), (1, "10")])
async def test_a_choice_about_one_cell_keeps_all_others_of_both(budget: Cast, button: int, count: str) -> None:
    page, once = f"/projects/{budget.project.id}/answers/{KEY}", cells("", ("Доски", "1", "120,50"))
    one, other = await signed_in(budget.captain), await signed_in(budget.teammate)
    await one.open(page)
    await one.send(page, **once)
    for browser in (one, other):
        await browser.open(page)
    await one.send(page, **once | {"count": ["10"]}, own="2 000")
    await other.send(page, **once | {"count": ["12"]}, grant="500")
    assert other.page.status_code == 409
    assert "Свои деньги" not in other.text  # it is of one mind with both
    values = [values for action, values in forms_of(other.page.text) if action == page][button]
    # meanwhile somebody changes another cell again: the choice leaves it alone, too
    await one.open(page)
    await one.send(page, sponsor="70")
    await other.post(page, values)
    sheet = await stored(budget)
    assert [row["count"] for row in sheet.rows] == [count]
    assert sheet.fields == {"own": "2000", "grant": "500", "sponsor": "70"}


async def test_what_the_whole_document_could_not_save_keeps_the_cells_of_both(budget: Cast) -> None:
    page, once, suffix = f"/projects/{budget.project.id}", ("Доски", "10", "120,50"), f"-{KEY}"
    one, other = await signed_in(budget.captain), await signed_in(budget.teammate)
    for browser in (one, other):
        await browser.open(page)
    await one.send(f"{page}/answers", True, **cells(suffix, once), **{f"own{suffix}": "2 000"})
    await other.send(f"{page}/answers", True, **cells(suffix, ("Доски", "12", "120,50")), **{f"grant{suffix}": "500"})
    assert other.page.status_code == 409
    await other.send(f"{page}/answers")
    sheet = await stored(budget)
    assert [row["count"] for row in sheet.rows] == ["12"]
    assert sheet.fields == {"own": "2000", "grant": "500"}


async def test_two_who_fill_in_different_blocks_of_a_canvas_do_not_meet(cast: Cast) -> None:
    await Section.update({Section.kind: "canvas"}).where((Section.season == cast.season.id) & (Section.key == KEY))
    page = f"/projects/{cast.project.id}"
    one, other = await signed_in(cast.captain), await signed_in(cast.teammate)
    await one.open(f"{page}/answers/{KEY}")
    await other.open(page)
    await one.send(f"{page}/answers/{KEY}", problem="Зимой не видно")
    await other.send(f"{page}/answers", True, **{f"costs-{KEY}": "3 100 ₽", f"segments-{KEY}": "Пасечники"})
    await one.open(f"{page}/answers/{KEY}")
    assert all(words in one.text for words in ("Зимой не видно", "3 100 ₽", "Пасечники", "Заполнено блоков: 3 из 9"))
    # a script that saves again from a page that does not show the others' cells
    said = {"accept": "application/json", "x-requested-with": "fetch"}
    base = '{"fields":{"problem":"Зимой не видно"},"kind":"canvas"}'
    values = [("csrf", one.csrf()), ("version", "9"), ("base", base), ("problem", "Зимой не видно, жив ли рой")]
    answer = (await one.post(f"{page}/answers/{KEY}", values, headers=said)).json()
    assert msgspec.json.decode(answer["base"])["fields"] == {"problem": "Зимой не видно, жив ли рой"}
    await one.open(f"{page}/answers/{KEY}")
    assert all(words in one.text for words in ("Зимой не видно, жив ли рой", "3 100 ₽", "Пасечники"))


async def test_a_session_that_ends_loses_no_row(budget: Cast) -> None:
    await _with_password(budget.captain)
    page = f"/projects/{budget.project.id}/answers/{KEY}"
    team = await signed_in(budget.captain)
    await team.open(page)
    rows = [(f"Строка {n}", "", f"{n}00") for n in range(1, 6)]
    typed = [(n, v) for n, v in team.form(page) if n in {"csrf", "version", "alone"}]
    typed += [(name, value) for name, values in cells("", *rows).items() for value in values]
    typed = [(name, "grant" if name == "source" and place % 2 else value) for place, (name, value) in enumerate(typed)]
    await Session.delete().where(Session.person == budget.captain.id)
    await team.post(page, typed)
    assert team.page.status_code == 401
    await _sign_in(team, budget.captain)
    back = team.form(page)
    assert [value for name, value in back if name == "what"] == [what for what, _n, _price in rows]
    assert [value for name, value in back if name == "source"] == [v for name, v in typed if name == "source"]


async def test_both_ways_of_saving_answer_a_script_with_what_follows(budget: Cast) -> None:
    team, page = await signed_in(budget.captain), f"/projects/{budget.project.id}"
    await team.open(f"{page}/answers/{KEY}")
    said = {"accept": "application/json", "x-requested-with": "fetch"}
    values = [
        ("csrf", team.csrf()),
        ("version", "0"),
        *((n, v) for n, vs in cells("", ("Доски", "2", "50")).items() for v in vs),
    ]
    answer = (await team.post(f"{page}/answers/{KEY}", values, headers=said)).json()
    assert answer["version"] == 1
    assert "Нужно 100" in answer["computed"]


async def test_a_mistake_in_a_cell_closes_the_gate_and_advice_does_not(budget: Cast) -> None:
    await make_ready(budget)
    project = await fresh_project(budget.project)
    await write(budget, sheet_of(("Доски", "десять", "100")))
    lines = [line for line in checks(project, await dossier_of(project)) if not line.done]
    assert [(line.text, line.href) for line in lines] == [
        ("Раздел «Проблема»: Сколько, строка 1: «десять» – не число", f"/projects/{project.id}#s-{KEY}")
    ]
    team = await signed_in(budget.captain)
    await team.open(f"/projects/{project.id}")
    assert "«десять» – не число" in team.text
    await write(budget, sheet_of(("Доски", "10", "100"), own="1"))
    assert [line for line in checks(project, await dossier_of(project)) if not line.done] == []
    await team.open(f"/projects/{project.id}")
    assert "Проблема: свои: не хватает 999" in team.text


async def handed_in(cast: Cast, value: str) -> Submission:
    await make_ready(cast)
    await write(cast, value)
    return await submit(await fresh_project(cast.project), by=cast.captain)


async def test_a_version_keeps_the_sheet_and_shows_what_changed_by_cell(budget: Cast) -> None:
    first = await handed_in(budget, sheet_of(("Доски", "10", "100")))
    (part,) = [part for part in frozen_parts(first) if part.key == KEY]
    assert (part.kind, part.html) == ("budget", "")
    assert "Доски" in part.text
    await returned(budget, first)
    await address_remarks(budget)
    await write(budget, sheet_of(("Доски", "10", "140")))
    await submit(await fresh_project(budget.project), by=budget.captain)
    content = first.content
    await Submission.update({Submission.grammar: 0}).where(Submission.id == first.id)
    await render_frozen_again()
    again = await Submission.objects().get(Submission.id == first.id)
    assert again
    assert msgspec.json.decode(again.content) == msgspec.json.decode(content)
    reader = await signed_in(budget.captain)
    await reader.open(f"/projects/{budget.project.id}/submissions/2")
    assert "Что изменилось с версии 1" in reader.text
    assert "Цена, ₽, строка 1" in reader.text
    await reader.open(f"/projects/{budget.project.id}/submissions/2?lang=en")
    assert "1,400\N{NO-BREAK SPACE}₽ needed" in reader.text  # drawn for each reader, in their language


async def test_a_mentor_reads_the_drawing_the_advice_and_in_a_blind_season_no_name(budget: Cast) -> None:
    submission = await handed_in(budget, sheet_of(("Доски", "10", "100"), own="400"))
    assignment = await assign(submission, budget.mentor, by=budget.organiser)
    mentor = await signed_in(budget.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Нужно 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₽" in mentor.text
    assert "свои: не хватает 600\N{NO-BREAK SPACE}₽" in mentor.text
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == budget.season.id)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Нужно 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₽" in mentor.text  # nobody is named: nothing to hide


async def test_a_name_in_a_cell_is_masked_for_blind_mentors(budget: Cast) -> None:
    submission = await handed_in(budget, sheet_of(("Проезд Марии Кузнецовой", "1", "100")))
    assignment = await assign(submission, budget.mentor, by=budget.organiser)
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == budget.season.id)
    mentor = await signed_in(budget.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Кузнецов" not in mentor.text
    assert f"Проезд {MASK}" in mentor.text


async def test_the_public_sees_the_drawing_and_what_is_hidden_is_nowhere(
    budget: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await handed_in(budget, sheet_of(("Доски", "10", "100"), ("Проезд Марии Кузнецовой", "1", "55")))
    await give_consent(budget.project, budget.captain, "public_name", by=budget.teacher)
    team = await signed_in(budget.captain)
    await team.open(f"/projects/{budget.project.id}/showcase")
    assert "Проезд" in team.text
    await ask_publication(budget.project, by=budget.captain)
    await publish(budget.project, by=budget.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{budget.project.slug}")
    assert "Нужно 1\N{NO-BREAK SPACE}055\N{NO-BREAK SPACE}₽" in visitor.text
    await visitor.open("/showcase?q=доски")
    assert "Тихий улей" in visitor.text
    await withdraw_consent(budget.project, budget.captain, "public_name", by=budget.teacher)
    found = await everything_public(budget.project.slug, monkeypatch, "Кузнецов")
    assert places_of("Кузнецов", found) == []
    await visitor.open(f"/showcase/{budget.project.slug}")
    assert "Доски" in visitor.text  # what is left is read as a table
    await hide_passages(budget.project, ["Доски"], by=budget.captain)
    await visitor.open(f"/showcase/{budget.project.slug}")
    assert "Доски" not in visitor.text


async def test_a_typo_is_corrected_in_texts_only(budget: Cast) -> None:
    await handed_in(budget, sheet_of(("Доски", "10", "100")))
    office = await signed_in(budget.organiser)
    page = f"/projects/{budget.project.id}/office/correction"
    await office.open(page)
    names = {name for name, _value in office.form(page)}
    assert "text-audience" in names
    assert f"text-{KEY}" not in names


async def test_an_organiser_chooses_what_a_section_holds(cast: Cast) -> None:
    row = await section_at(cast.season.id, "idea", KEY)
    assert row
    await write(cast, "Доски по 100 рублей")
    office = await signed_in(cast.organiser)
    page = f"/organiser/seasons/{cast.season.id}/idea/sections/{row.id}"
    await office.open(page)
    await office.send(page, kind="budget", preview="1")
    assert "Так раздел увидит команда" in office.text
    assert "Откуда деньги" in office.text
    unasked = await section_at(cast.season.id, "idea", KEY)
    assert unasked
    assert unasked.kind == "text"
    await office.send(page, kind="text", limit="700", preview="1")
    assert "не длиннее 700 знаков" in office.text
    await office.send(page, kind="budget")
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}")
    assert "Текст, который был здесь раньше" in team.text
    assert "Доски по 100 рублей" in team.text
    (part,) = [part for part in await parts_of(await fresh_project(cast.project)) if part.key == KEY]
    assert part.text == "Доски по 100 рублей"
    stored = BUDGET.typed(Form(what="Доски", price="100"))
    await write(cast, stored)
    await office.open(page)
    await office.send(page, kind="text")
    await team.open(f"/projects/{cast.project.id}")
    assert "| Доски |" in team.text  # words instead of JSON; the cells stay until somebody saves
    assert "{" not in dict(team.form(f"/projects/{cast.project.id}/answers"))[f"text-{KEY}"]
    deep = '{"kind":"budget","x":' + "[" * 9000 + "]" * 9000 + "}"
    await office.open(page)
    await office.send(page, kind="budget")
    await team.open(f"/projects/{cast.project.id}/answers/{KEY}")
    assert 'value="Доски"' in team.text
    await team.send(f"/projects/{cast.project.id}/answers/{KEY}", value=deep)
    assert team.page.status_code in {200, 422}
    await office.open(page)
    await office.send(page, kind="nonsense")
    assert office.page.status_code == 422
