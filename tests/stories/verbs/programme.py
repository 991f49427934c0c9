"""Verbs of seasons, reference rows and awards."""

from incubator.core.clock import end_of_day, today
from incubator.history.record import Happened
from incubator.programme.changes import add_criterion, add_section, change, change_season, remove
from incubator.programme.season_rates import change_rates
from incubator.programme.seasons import criteria_at, open_season, sections_at
from incubator.programme.tables import Season, Section
from incubator.programme.tax_rates import RATES
from incubator.projects.season_changes import change_season_of_teams
from incubator.publication.awards import add_award
from incubator.publication.organisations import correct_organisation, merge_duplicates
from incubator.reference.merging import add_name, merge, rename
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Municipality, Organisation
from incubator.showcase.region_map.load import forget_borders, load_borders
from tests.cast import Cast, in_days
from tests.sample import OURS
from tests.stories.verbs.table import Call, Room

room = Room()


@room.once(Happened.SEASON_OPENED)
async def open_a_season(cast: Cast) -> Call:
    return lambda: open_season(
        "later", title_ru="Потом", title_en="Later", opens_on=in_days(400), closes_on=in_days(500), by=cast.organiser
    )


@room.once(Happened.SEASON_CHANGED)
async def change_a_season(cast: Cast) -> Call:
    return lambda: change_season(
        cast.season, version=1, title_ru="Позже", title_en="Later", opens_on=today(), closes_on=in_days(310),
        visibility="open", may_answer=True, confidence="weighed", electronic_consent=False, stages={}, by=cast.organiser,
    )  # fmt: skip


@room.once(Happened.SEASON_CHANGED, Happened.DATE_MOVED)
async def move_the_date_of_a_stage(cast: Cast) -> Call:
    (row,) = await Season.select(Season.version).where(Season.id == cast.season.id)
    return lambda: change_season_of_teams(
        cast.season, version=row["version"], title_ru="Позже", title_en="Later", opens_on=today(), closes_on=in_days(310),
        visibility="open", may_answer=True, confidence="weighed", electronic_consent=False, by=cast.organiser,
        stages={"idea": {"submit_by": end_of_day(in_days(50))}},
    )  # fmt: skip


@room.once(Happened.SEASON_CHANGED)
async def change_the_rates_of_a_season(cast: Cast) -> Call:
    (row,) = await Season.select(Season.version).where(Season.id == cast.season.id)
    return lambda: change_rates(cast.season, RATES[:2], version=row["version"], by=cast.organiser)


@room.once(Happened.SECTION_CHANGED)
async def change_a_section(cast: Cast) -> Call:
    section = (await sections_at(cast.season.id, "idea"))[0]
    return lambda: change(section, revision=1, by=cast.organiser, title_ru="Главное")


@room.once(Happened.SECTION_CHANGED)
async def change_a_section_that_is_in_use(cast: Cast) -> Call:
    section = (await sections_at(cast.season.id, "idea"))[1]
    await Section.update({Section.is_in_use: True}).where(Section.id == section.id)
    return lambda: change(section, revision=1, by=cast.organiser, title_ru="Второе")


@room.once(Happened.CRITERION_CHANGED)
async def change_a_criterion(cast: Cast) -> Call:
    criterion = (await criteria_at(cast.season.id, "idea"))[0]
    return lambda: change(criterion, revision=1, by=cast.organiser, weight=25)


@room.once(Happened.SECTION_CHANGED)
async def add_a_section(cast: Cast) -> Call:
    return lambda: add_section(cast.season, "idea", by=cast.organiser, title_ru="Ещё", title_en="More", limit=100)


@room.once(Happened.CRITERION_CHANGED)
async def add_a_criterion(cast: Cast) -> Call:
    return lambda: add_criterion(cast.season, "idea", by=cast.organiser, title_ru="Ещё", title_en="More", weight=5)


@room.once(Happened.SECTION_CHANGED)
async def remove_a_section(cast: Cast) -> Call:
    section = (await sections_at(cast.season.id, "idea"))[2]
    return lambda: remove(section, by=cast.organiser)


@room.once(Happened.REFERENCE_CHANGED)
async def rename_an_organisation(cast: Cast) -> Call:
    school = await organisation_named("Школа № 1")
    return lambda: rename(school, "Лицей № 1", by=cast.organiser)


@room.once(Happened.REFERENCE_CHANGED)
async def give_a_district_another_name(cast: Cast) -> Call:
    district = await Municipality.objects().first()
    assert district
    return lambda: add_name(Municipality, district.id, "Старый уезд", by=cast.organiser)


@room.once(Happened.REFERENCE_CHANGED)
async def merge_two_organisations(cast: Cast) -> Call:
    ended, into = await organisation_named("Школа № 2"), await organisation_named("Школа № 3")
    return lambda: merge(Organisation, ended, into, by=cast.organiser)


@room.once(Happened.REFERENCE_CHANGED)
async def merge_double_entries(cast: Cast) -> Call:
    twin, into = [
        await Organisation.objects().get(Organisation.id == await organisation_named(f"Школа № {n}")) for n in (4, 5)
    ]
    assert twin
    assert into
    return lambda: merge_duplicates(twin, into, by=cast.organiser)


@room.once(Happened.REFERENCE_CHANGED)
async def correct_an_organisation(cast: Cast) -> Call:
    row = await Organisation.objects().get(Organisation.id == await organisation_named("Школа № 6"))
    assert row
    return lambda: correct_organisation(
        row, name="Лицей № 6", kind="school", municipality=None, is_new_name=False, by=cast.organiser
    )


@room.twice(Happened.REFERENCE_CHANGED)
async def load_the_map(_cast: Cast) -> Call:
    return lambda: load_borders(OURS.borders.read_text("utf-8"), credit="© никто")


@room.twice(Happened.REFERENCE_CHANGED)
async def forget_the_map(_cast: Cast) -> Call:
    return forget_borders


@room.once(Happened.AWARD_ADDED)
async def add_an_award(cast: Cast) -> Call:
    return lambda: add_award(cast.season, title_ru="Выбор жюри", title_en="Jury's choice", by=cast.organiser)
