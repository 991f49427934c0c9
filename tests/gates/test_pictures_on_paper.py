"""Photographs in a document on paper: for whom their page shows them, and not a moment longer."""

import io

import docx
import pypdfium2
from msgspec.structs import replace

from incubator.attachments import paper_pictures as module
from incubator.attachments.people_on import Said
from incubator.attachments.tables import People
from incubator.gates.submit import submit
from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.consents import PHOTO
from incubator.projects.document import Frozen
from incubator.projects.kinds.files import COVER, KIND
from incubator.projects.kinds.sheet import Sheet
from incubator.projects.start import start
from incubator.projects.tables import Answer
from incubator.publication.withdrawals import withdraw_consent
from incubator.reviews.assignment.assign import assign
from tests.attachments.uploads import KEY, pdf
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, rewrite
from tests.gates.test_file_pages import made_public, with_picture


async def pictures_in(reader: Browser, address: str, alt: str = "Улей на весах") -> tuple[int, int]:
    """Return how many photographs the PDF of an address holds, and how many with these words its Word file."""
    pdf = pypdfium2.PdfDocument((await reader.http.get(f"{address}/paper/document.pdf")).content)
    found = [each for page in pdf for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=15)]
    count = len(found)
    pdf.close()
    word = docx.Document(io.BytesIO((await reader.http.get(f"{address}/paper/document.docx")).content))
    alts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    return count, alts.count(alt)


async def test_a_team_and_its_mentor_see_them(cast: Cast) -> None:
    await with_picture(cast)
    team = await signed_in(cast.captain)
    assert await pictures_in(team, f"/projects/{cast.project.id}") == (1, 1)
    own = await assign(await submit(await fresh_project(cast.project), by=cast.captain), cast.mentor, by=cast.organiser)
    assert await pictures_in(team, f"/projects/{cast.project.id}/submissions/1") == (1, 1)
    assert await pictures_in(await signed_in(cast.mentor), f"/reviews/{own.id}") == (1, 1)


async def test_the_blind_see_none(cast: Cast) -> None:
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == cast.season.id)
    await with_picture(cast)
    own = await assign(await submit(await fresh_project(cast.project), by=cast.captain), cast.mentor, by=cast.organiser)
    assert await pictures_in(await signed_in(cast.mentor), f"/reviews/{own.id}") == (0, 0)


async def test_a_forged_cell_brings_nobody_the_picture_of_another_team(cast: Cast) -> None:
    ref = await with_picture(cast)
    row = {"file": str(ref), "caption": "Улей на весах", "use": "gallery", "readers": "all"}
    forger = cast.outsider
    project = await start("Чужой глаз", season=cast.season, by=forger, pitch="Смотрим")
    await save_answer(project, KEY, KIND.stored(Sheet(KIND.key, rows=[row])), version=0, by=forger)
    assert await pictures_in(await signed_in(forger), f"/projects/{project.id}") == (0, 0)
    value = (await answer_of(project.id, KEY) or Answer(text="")).text
    part = Frozen(KEY, "idea", "Снимки", "Pictures", "", 0, "Улей", "", KIND.key, value)
    assert await module.pictures_in([part], project.id) == {}
    assert len(await module.pictures_in([part], cast.project.id)) == 1


async def test_the_public_sees_them_as_long_as_everybody_on_them_agrees(cast: Cast) -> None:
    await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id})))
    await made_public(cast)
    visitor, page = Browser(), f"/showcase/{(await fresh_project(cast.project)).slug}"
    assert await pictures_in(visitor, page) == (1, 1)
    await withdraw_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    assert await pictures_in(visitor, page) == (0, 0)


async def as_cover(cast: Cast) -> None:
    answer = await answer_of(cast.project.id, KEY)
    assert answer
    sheet = KIND.sheet(answer.text)
    await rewrite(cast, KEY, KIND.stored(replace(sheet, rows=[{**row, "use": COVER} for row in sheet.rows])))


async def test_the_title_page_shows_a_photograph_as_long_as_everybody_on_it_agrees(cast: Cast) -> None:
    await with_picture(cast, Said(People.TEAM, frozenset({cast.captain.id})))
    await as_cover(cast)
    await made_public(cast)
    visitor, page = Browser(), f"/showcase/{(await fresh_project(cast.project)).slug}"
    assert await pictures_in(visitor, page) == (1, 1)
    await withdraw_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    assert await pictures_in(visitor, page) == (0, 0)
    assert await pictures_in(visitor, page, "Пейзаж на обложке") == (0, 1)


async def test_a_presentation_is_there_with_its_first_page(cast: Cast) -> None:
    await with_picture(cast, content=pdf(4))
    team = await signed_in(cast.captain)
    assert await pictures_in(team, f"/projects/{cast.project.id}", "Улей на весах (4 страницы)") == (1, 1)
