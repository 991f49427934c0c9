"""The organisers' list of organisations: found, corrected, renamed, merged with all that refers to them."""

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.affiliations import AffiliationCapacity, affiliate, affiliations_of
from incubator.projects.tables import Project
from incubator.publication.publish import ask_publication, publish
from incubator.publication.tables import Publication
from incubator.reference.organisations import find_organisation, organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.candidates import candidate_for
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, submitted

PAGE = "/organiser/organisations"


async def _published(cast: Cast) -> Organisation:
    await submitted(cast)
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    school = await Organisation.objects().get(Organisation.name == "Школа № 1")
    assert school
    return school


async def test_the_list_finds_any_spelling_and_what_was_guessed(cast: Cast) -> None:
    await organisation_named("Школа № 8")
    await organisation_named("Лицей «Берёзка»", kind="school")
    office = await signed_in(cast.organiser)
    await office.open(f"{PAGE}?q=мбоу+сош+№8")
    assert "Школа № 8" in office.text
    assert "Лицей «Берёзка»" not in office.text
    assert "угадано" in office.text
    await office.open(f"{PAGE}?q=березка&kind=school")
    assert "Лицей «Берёзка»" in office.text
    assert "угадано" not in office.text
    await office.open(f"{PAGE}?q=березка&guessed=1")
    assert "Никого не нашлось" in office.text


async def test_pages_follow_each_other_without_repeating_or_skipping(cast: Cast) -> None:
    for n in range(120):
        await organisation_named(f"Школа № {n:03}")
    office = await signed_in(cast.organiser)
    seen: list[str] = []
    path = f"{PAGE}?q=школа"
    while path:
        await office.open(path)
        seen += [line.split("</a>")[0] for line in office.text.split("organisations/")[1:] if "Школа №" in line]
        # The last row of the page is renamed while somebody reads it: the next page begins where it stood.
        await Organisation.update({Organisation.form: "школа 000"}).where(Organisation.name == seen[-1].split(">")[1])
        path = next((part.split('"')[0] for part in office.text.split('rel="next" href="')[1:]), "")
    assert len(seen) == len(set(seen)) >= 120


async def test_a_wrong_name_is_corrected_wherever_it_stands(cast: Cast) -> None:
    school = await _published(cast)
    office = await signed_in(cast.organiser)
    page = f"{PAGE}/{school.id}"
    await office.open(page)
    await office.send(page, name="Школа № 1 имени Пушкина", kind="college", change="correction")
    assert "Сохранено" in office.text
    card = await Publication.objects().first()
    assert card
    assert card.organisation == "Школа № 1 имени Пушкина"
    assert "kind=college" in card.facets
    assert await find_organisation("Школа №1") == school.id  # what people typed before still finds it
    visitor = Browser()
    await visitor.open("/showcase?q=пушкина")
    assert "Тихий улей" in visitor.text
    await visitor.open("/showcase?kind=college")
    assert "Тихий улей" in visitor.text


async def test_a_renamed_one_keeps_its_former_name_in_the_past(cast: Cast) -> None:
    school = await _published(cast)
    office = await signed_in(cast.organiser)
    page = f"{PAGE}/{school.id}"
    await office.open(page)
    await office.send(page, name="Лицей «Маршрут»", change="renamed")
    card = await Publication.objects().first()
    assert card
    assert card.organisation == "Школа № 1"
    assert await find_organisation("лицей Маршрут") == await find_organisation("Школа 1") == school.id


async def test_a_name_that_another_has_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    first, _second = await organisation_named("Школа № 1"), await organisation_named("Лицей № 2")
    office = await signed_in(cast.organiser)
    page = f"{PAGE}/{first}"
    await office.open(page)
    await office.send(page, name="МБОУ лицей №2")
    assert office.page.status_code == 422
    assert "уже есть" in office.text
    assert "МБОУ лицей №2" in office.text


async def test_double_entries_are_merged_with_all_that_refers_to_them(cast: Cast) -> None:
    school = await _published(cast)
    twin = await organisation_named("Первая школа")
    await affiliate(cast.mentor, twin, AffiliationCapacity.EMPLOYEE, by=cast.organiser)
    await affiliate(cast.teacher, school.id, AffiliationCapacity.TEACHER, by=cast.organiser)
    office = await signed_in(cast.organiser)
    page = f"{PAGE}/{school.id}"
    await office.open(page)
    await office.send(f"{page}/merge", into_name="первая  школа")
    assert "Это нельзя отменить одной кнопкой" in office.text
    await office.send(f"{page}/merge")
    assert "всё теперь здесь" in office.text
    assert (await fresh_project(cast.project)).organisation == twin
    assert twin in [row.organisation.id for row in await affiliations_of(cast.teacher.id)]
    assert not await Organisation.exists().where(Organisation.id == school.id)
    assert await find_organisation("Школа №1") == twin
    card = await Publication.objects().first()
    assert card
    assert card.organisation == "Первая школа"
    assert await Event.exists().where(Event.happened == Happened.REFERENCE_CHANGED.value)


async def test_the_same_school_is_a_conflict_however_it_was_typed(cast: Cast) -> None:
    submission = await submitted(cast)
    typed = await organisation_named("МБОУ «СОШ №1»")
    assert typed == (await Project.objects().get(Project.id == cast.project.id)).organisation  # type: ignore[union-attr]
    await affiliate(cast.mentor, typed, AffiliationCapacity.EMPLOYEE, by=cast.organiser)
    candidate = await candidate_for(submission, cast.mentor)
    assert candidate
    assert candidate.is_barred


async def test_other_names_are_added_and_removed(cast: Cast) -> None:
    school = await organisation_named("Лицей имени Менделеева")
    office = await signed_in(cast.organiser)
    page = f"{PAGE}/{school}"
    await office.open(page)
    await office.send(f"{page}/names", other_name="Менделеевка")
    assert await find_organisation("менделеевка") == school
    await office.send(f"{page}/names", other_name=" ")
    assert office.page.status_code == 422
    await office.send(f"{page}/names/1/removal")
    assert await find_organisation("менделеевка") is None


async def test_a_team_is_asked_what_a_new_organisation_is(cast: Cast) -> None:
    known = await organisation_named("Лицей имени Менделеева")
    captain = await signed_in(cast.captain)
    page = f"/projects/{cast.project.id}/details"
    await captain.open(page)
    await captain.send(page, title="Тихий улей", organisation="Лицей Менделеев")
    assert captain.page.status_code == 422
    assert "Скажите, что это" in captain.text
    assert "это «Лицей имени Менделеева»" in captain.text
    await captain.send(page, organisation_kind="is:Лицей имени Менделеева")
    assert (await fresh_project(cast.project)).organisation == known
    await captain.open(page)
    await captain.send(page, organisation="Гараж у реки", organisation_kind="community")
    row = await Organisation.objects().get(Organisation.name == "Гараж у реки")
    assert row
    assert (row.kind, row.is_kind_guessed) == ("community", False)
    await captain.open(page)
    await captain.send(page, organisation="гараж  у реки")  # known by now: nothing is asked
    assert (await fresh_project(cast.project)).organisation == row.id
