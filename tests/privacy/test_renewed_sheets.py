"""A sheet that is signed while another consent stands: what was signed counts, and no evidence is thrown away."""

from datetime import timedelta

from incubator.core.clock import clock_at, now, today
from incubator.db import writing
from incubator.files.orphans import remove_unneeded_rows
from incubator.files.tables import StoredFile
from incubator.people.tables import Consent
from incubator.privacy.scans import bring, file_scans, tray_of
from incubator.privacy.sheets import WantedSheet, drawn_sheets, make_sheets
from incubator.programme.seasons import open_season
from incubator.projects.consents import PHOTO, valid_consents
from incubator.projects.start import start
from incubator.projects.tables import Project
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from tests.browser import signed_in
from tests.cast import Cast
from tests.privacy.photographs import photographed


async def brought(cast: Cast, project: Project) -> list[int]:
    """Print a sheet, photograph it signed, and bring it; return the pages in the tray."""
    batch = await make_sheets([WantedSheet(cast.captain.id, project.id, PHOTO)], locale="ru", by=cast.teacher)
    await bring(photographed(await drawn_sheets(batch))[0], name="IMG.jpg", by=cast.teacher)
    return [each.scan.id for each in await tray_of(cast.teacher)]


async def consents(cast: Cast) -> list[Consent]:
    return await Consent.objects().where(Consent.person == cast.captain.id).order_by(Consent.id)


async def test_a_later_term_holds_although_the_earlier_one_still_stands(cast: Cast) -> None:
    await file_scans(await brought(cast, cast.project), by=cast.teacher)
    (first,) = await consents(cast)
    with clock_at(now() + timedelta(days=310)):
        ends = today() + timedelta(days=300)
        season = await open_season("next", title_ru="Новый", title_en="New", opens_on=today(), closes_on=ends, by=None)
        project = await start("Второй улей", season=season, by=cast.captain)
        async with writing():
            await join(project.id, cast.teacher, "teacher")
        await vouch(project, cast.teacher.id, by=cast.organiser)
        pages = await brought(cast, project)
        teacher = await signed_in(cast.teacher)
        await teacher.open("/consents")
        assert "добавится снимок" not in teacher.text
        await file_scans(pages, by=cast.teacher)
    before, later = await consents(cast)
    assert (before.id, before.scan, before.ends_on) == (first.id, first.scan, first.ends_on)
    assert before.ends_on
    assert later.ends_on
    assert later.ends_on > before.ends_on
    with clock_at(now() + timedelta(days=(before.ends_on - today()).days + 2)):
        assert (await valid_consents([cast.captain.id]))[cast.captain.id, PHOTO].id == later.id


async def test_the_picture_of_another_sheet_replaces_none(cast: Cast) -> None:
    for _time in range(2):
        await file_scans(await brought(cast, cast.project), by=cast.teacher)
    pictures = [each.scan for each in await consents(cast)]
    assert len(set(pictures)) == 2
    with clock_at(now() + timedelta(days=31)):
        await remove_unneeded_rows()
    assert {row["id"] for row in await StoredFile.select(StoredFile.id)} >= set(pictures)
