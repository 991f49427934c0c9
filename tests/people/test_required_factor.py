"""Organisers need a second factor after a grace of seven days; the installation may switch that off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incubator import config
from incubator.config import load
from incubator.core.clock import clock_at, now
from incubator.core.refusals import Refusal
from incubator.people.grants import grant_role
from incubator.people.permissions import Scope, StaffRole, needs_second_factor
from incubator.people.proof import GRACE, Proof
from incubator.people.second_factor import remove_app, reset_factor
from incubator.people.sessions import begin_session, visit_of
from incubator.people.tables import Person
from incubator.reference.organisations import organisation_named
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh
from tests.factors import PASSWORD, give_app, give_password, type_password


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "settings", replace(config.settings, second_factor="required"))


def test_it_is_required_unless_the_setting_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, is_required in ((None, True), ("", True), ("required", True), ("off", True), ("offered", False)):
        if given is None:
            monkeypatch.delenv("INCUBATOR_SECOND_FACTOR")
        else:
            monkeypatch.setenv("INCUBATOR_SECOND_FACTOR", given)
        assert load().is_second_factor_required is is_required, given


def test_organisers_and_coordinators_need_one_and_mentors_do_not() -> None:
    assert {role for role in StaffRole if needs_second_factor([role])} == {StaffRole.ORGANISER, StaffRole.COORDINATOR}


@pytest.mark.usefixtures("required")
async def test_a_coordinator_of_one_school_needs_one_as_well(cast: Cast) -> None:
    school = await organisation_named("Школа № 7")
    teacher = await give_password(cast.teacher)
    await grant_role(teacher, StaffRole.COORDINATOR, by=cast.organiser, scope=Scope.ORGANISATION, scope_id=school)
    browser = await signed_in(teacher)
    await browser.open("/projects")
    assert "осталось 7 дней" in browser.text
    with clock_at(now() + GRACE + timedelta(minutes=1)):
        await browser.open("/consents")
        assert browser.path == "/second-factor"  # a fresh proof, before the page that sets it up


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (24, 1), (25, 2), (7 * 24, 7), (0, 0), (-5, 0)])
def test_a_day_that_has_begun_is_a_day_left(hours: int, days: int) -> None:
    at = now()
    proof = Proof(has_factor=False, has_password=True, due_at=at + timedelta(hours=hours))
    assert proof.days_left(at) == days
    assert proof.is_overdue(at) is (hours <= 0)


@pytest.mark.usefixtures("required")
async def test_an_organiser_is_told_how_many_days_are_left_and_then_gets_to_nothing_else(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = await signed_in(organiser)
    await browser.open("/organiser")
    assert "осталось 7 дней" in browser.text
    with clock_at(now() + GRACE - timedelta(hours=30)):
        await browser.open("/organiser")
        assert "осталось 2 дня" in browser.text
    with clock_at(now() + GRACE + timedelta(minutes=1)):
        for path in (
            "/organiser",
            "/profile",
            f"/projects/{cast.project.id}",
            "/showcase",
            "/organiser/assignments/table.csv",
        ):
            await browser.open(path)
            assert browser.path == "/second-factor", path  # a fresh proof, before the page that sets it up
        await browser.send("/second-factor", password=PASSWORD)
        assert browser.path == "/profile/second-factor"
        assert "нужен уже сейчас" in browser.text
        await browser.send("/sign-out")
        assert browser.page.status_code == 200


@pytest.mark.usefixtures("required")
async def test_no_form_gets_past_it_and_what_was_typed_is_there_to_copy(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = await signed_in(organiser)
    here = f"/projects/{cast.project.id}/talk"
    await browser.open(here)
    with clock_at(now() + GRACE + timedelta(minutes=1)):
        await browser.send(here, post="Длинное сообщение команде, которое жалко было бы потерять")
        assert browser.page.status_code == 403
        assert "Длинное сообщение команде" in browser.text
        answer = await browser.http.get("/organiser", headers={"accept": "application/json"})
        assert answer.status_code == 403


@pytest.mark.usefixtures("required")
async def test_with_a_second_factor_everything_is_open_again(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    app = await give_app(organiser)
    browser = Browser()
    with clock_at(now() + GRACE * 10):
        await type_password(browser, organiser)
        await browser.send("/second-factor", one_time_code=app.code())
        assert browser.path == "/organiser"
        assert "второй шаг при входе. На настройку" not in browser.text


@pytest.mark.usefixtures("required")
async def test_nobody_without_such_a_role_is_asked(cast: Cast) -> None:
    for person in (cast.captain, cast.teacher, cast.mentor):
        browser = await signed_in(person)
        with clock_at(now() + GRACE * 3):
            await browser.open("/projects")
            assert browser.path == "/projects"
            assert "На настройку" not in browser.text


@pytest.mark.usefixtures("required")
async def test_the_grace_begins_with_the_role(cast: Cast) -> None:
    with clock_at(now() + timedelta(days=30)):
        await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
        due = (await fresh(cast.teacher)).factor_due_at
        assert due == now() + GRACE
    with clock_at(now() + timedelta(days=30) + GRACE):
        visit = await visit_of(await begin_session(await fresh(cast.teacher), user_agent="test"))
        assert visit
        assert visit.proof.is_overdue(now())


async def test_a_site_that_switches_it_on_later_gives_everybody_seven_days(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await begin_session(await fresh(cast.organiser), user_agent="test")
    visit = await visit_of(secret)
    assert visit
    assert visit.proof.due_at is None
    monkeypatch.setattr(config, "settings", replace(config.settings, second_factor="required"))
    with clock_at(now() + timedelta(days=20)):
        visit = await visit_of(secret)
        assert visit
        assert visit.proof.days_left(now()) == 7


@pytest.mark.usefixtures("required")
async def test_the_last_factor_of_who_needs_one_stays(cast: Cast) -> None:
    await give_app(cast.organiser)
    with pytest.raises(Refusal):
        await remove_app(cast.organiser)
    await give_app(cast.teacher)
    await remove_app(cast.teacher)


@pytest.mark.usefixtures("required")
async def test_who_lost_it_sets_up_a_new_one_at_once(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    await give_app(cast.teacher)
    await reset_factor(cast.teacher.id, reason="Телефон пропал", by=cast.organiser)
    assert await Person.exists().where((Person.id == cast.teacher.id) & (Person.factor_due_at <= now()))
    browser = await signed_in(cast.teacher)
    await browser.open("/organiser")
    assert browser.path == "/profile/second-factor" or browser.path == "/second-factor"
