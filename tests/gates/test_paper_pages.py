"""A document on paper, asked for by each of its readers: what their page shows, and nothing more."""

import io

import docx
import httpx
import pytest
from openpyxl import load_workbook

from incubator.gates.correct_typo import correct_typo
from incubator.gates.submit import submit
from incubator.programme.presets import Preset
from incubator.programme.tables import Season, Section
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.tables import Submission
from incubator.publication.hiding import MASK
from incubator.publication.passages import hide_passages
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.withdrawals import withdraw_consent
from incubator.reviews.assignment.assign import assign, cancel_assignment
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready, rewrite, submitted
from tests.projects.printed_versions import text_of_pdf, text_of_word

FILES = ("document.pdf", "document.docx")


def text_of(answer: httpx.Response) -> str:
    """Return what a file says, with its words in one line."""
    assert answer.status_code == 200
    is_pdf = answer.headers["content-type"] == "application/pdf"
    return " ".join((text_of_pdf if is_pdf else text_of_word)(answer.content).split())


async def in_files(reader: Browser, address: str) -> str:
    return " ".join([text_of(await reader.http.get(f"{address}/paper/{file}")) for file in FILES])


async def has_linked(reader: Browser, page: str, address: str = "") -> bool:
    """Return whether a page leads to both files."""
    await reader.open(page)
    return all(f'href="{address or page}/paper/{file}' in reader.page.text for file in FILES)


async def test_a_team_takes_its_draft_and_each_version(cast: Cast) -> None:
    await rewrite(cast, "problem", "Сначала было жарко")
    await submitted(cast)
    await rewrite(cast, "problem", "Потом стало сыро")
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    assert await has_linked(team, page)
    assert await has_linked(team, f"{page}/submissions/1")
    draft, version = await in_files(team, page), await in_files(team, f"{page}/submissions/1")
    assert "Потом стало сыро" in draft
    assert "Черновик" in draft
    assert "Сначала было жарко" in version
    assert "сыро" not in version
    for said in (draft, version):
        assert "Мария Кузнецова, капитан" in said
        assert "Школа № 1" in said
    answer = await team.http.get(f"{page}/submissions/1/paper/document.pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="project-{cast.project.id}-1.pdf"'
    assert answer.headers["cache-control"] == "no-store"


async def test_in_english(cast: Cast) -> None:
    await make_ready(cast)
    team = await signed_in(cast.captain)
    await team.open("/language/en")
    said = await in_files(team, f"/projects/{cast.project.id}")
    assert "Contents" in said
    assert "Мария Кузнецова, captain" in said


@pytest.mark.parametrize("name", ["nothing", "document.doc", "document.pdf.docx"])
async def test_other_files_are_not_found(cast: Cast, name: str) -> None:
    team = await signed_in(cast.captain)
    assert (await team.http.get(f"/projects/{cast.project.id}/paper/{name}")).status_code == 404


async def test_an_empty_draft_is_a_document_too(cast: Cast) -> None:
    assert "Содержание" not in await in_files(await signed_in(cast.captain), f"/projects/{cast.project.id}")


async def test_a_corrected_typo_stands_in_the_version(cast: Cast) -> None:
    await rewrite(cast, "problem", "Жаркко")
    submission = await submitted(cast)
    await correct_typo(submission, {"problem": "Жарко"}, reason="Опечатка", version=0, by=cast.organiser)
    said = await in_files(await signed_in(cast.organiser), f"/projects/{cast.project.id}/submissions/1")
    assert "Жарко" in said
    assert "Жаркко" not in said


async def blind_review(cast: Cast) -> tuple[Browser, str]:
    """Return a mentor who must not know the team, and the address of the review."""
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == cast.season.id)
    project = await fresh_project(cast.project)
    details = Details("Улей Кузнецовой", "Медоносы", "", project.cluster, project.municipality, "Школа № 1", ())
    await make_ready(cast)
    project = await fresh_project(cast.project)
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await rewrite(cast, "problem", "Опрос провели Мария Кузнецова и Иван Соколов из Школы № 1.")
    own = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    return await signed_in(cast.mentor), f"/reviews/{own.id}"


async def test_a_blind_mentor_reads_no_names(cast: Cast) -> None:
    mentor, page = await blind_review(cast)
    assert await has_linked(mentor, page)
    for file in FILES:
        answer = await mentor.http.get(f"{page}/paper/{file}")
        said = text_of(answer)
        hidden = ("Кузнецов", "Соколов", "Медоносы", "Школ", "Мария", "Иван")
        assert [word for word in hidden if word.casefold() in said.casefold()] == []
        assert f"Опрос провели {MASK} и {MASK}" in said
        assert cast.project.slug not in answer.headers["content-disposition"]
    facts = docx.Document(io.BytesIO((await mentor.http.get(f"{page}/paper/document.docx")).content)).core_properties
    assert facts.author == ""
    assert b"/Author" not in (await mentor.http.get(f"{page}/paper/document.pdf")).content


def in_workbook(answer: httpx.Response) -> str:
    """Return what a workbook says; nothing if there is none."""
    if answer.status_code == 404:
        return ""
    sheets = load_workbook(io.BytesIO(answer.content)).worksheets
    return " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value)


async def test_a_blind_mentor_reads_no_names_in_a_table(cast: Cast) -> None:
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == cast.season.id)
    await Section.update({Section.kind: "budget"}).where(
        (Section.season == cast.season.id) & (Section.key == "problem")
    )
    await make_ready(cast)
    await rewrite(cast, "problem", '{"kind":"budget","rows":[{"what":"Датчик Марии Кузнецовой","price":"350"}]}')
    own = await assign(await submit(await fresh_project(cast.project), by=cast.captain), cast.mentor, by=cast.organiser)
    mentor, page = await signed_in(cast.mentor), f"/reviews/{own.id}"
    for said in (await in_files(mentor, page), in_workbook(await mentor.http.get(f"{page}/paper/finance.xlsx"))):
        assert MASK in said
        assert [word for word in ("Кузнецов", "Марии", cast.project.team_name or "Улей-команда") if word in said] == []


async def test_whose_review_is_over_takes_nothing_more(cast: Cast) -> None:
    submission = await submitted(cast)
    own = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    address = f"/reviews/{own.id}/paper/document.pdf"
    assert "Кузнецова" not in text_of(await mentor.http.get(address))
    await cancel_assignment(own, by=cast.organiser)
    assert (await mentor.http.get(address)).status_code == 404


async def test_the_public_takes_what_is_approved_with_names_as_consents_allow(cast: Cast) -> None:
    await rewrite(cast, "problem", "Датчики придумала не одна Мария")
    await submitted(cast)
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    visitor, page = Browser(), f"/showcase/{(await fresh_project(cast.project)).slug}"
    assert await has_linked(visitor, page)
    assert "Мария Кузнецова, капитан" in await in_files(visitor, page)
    assert "Иван Соколов" not in await in_files(visitor, page)
    await hide_passages(cast.project, ["Датчики"], by=cast.captain)
    assert "Датчики" not in await in_files(visitor, page)
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    for file in FILES:
        answer = await visitor.http.get(f"{page}/paper/{file}")
        assert answer.status_code == 404 or "Кузнецов" not in text_of(answer)
    await unpublish(cast.project, by=cast.captain)
    assert (await visitor.http.get(f"{page}/paper/document.pdf")).status_code == 404


async def test_finances_are_a_workbook_where_there_are_some(cast: Cast) -> None:
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    assert (await team.http.get(f"{page}/paper/finance.xlsx")).status_code == 404
    await Section.update({Section.kind: "budget"}).where(
        (Section.season == cast.season.id) & (Section.key == "problem")
    )
    await rewrite(cast, "problem", '{"kind":"budget","rows":[{"what":"=Датчик","count":"2","price":"350.5"}]}')
    await team.open(page)
    assert f'href="{page}/paper/finance.xlsx"' in team.page.text
    answer = await team.http.get(f"{page}/paper/finance.xlsx")
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    assert (sheet["A5"].value, sheet["A5"].data_type) == ("=Датчик", "s")
    assert (sheet["C5"].value, sheet["D5"].value) == (2, 350.5)
    assert sheet["G5"].value is None
    await submitted(cast)
    versions = await Submission.objects().where(Submission.project == cast.project.id)
    assert len(versions) == 1
    assert (await team.http.get(f"{page}/submissions/1/paper/finance.xlsx")).status_code == 200
