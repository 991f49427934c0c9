"""Which routes ask for a fresh proof, and that what was begun goes on after it."""

from datetime import timedelta

import pytest

from incubator.app import framework
from incubator.core.clock import clock_at, now
from incubator.people.accounts import person_by_email
from incubator.people.guards import freshly_proved
from incubator.people.proof import FRESH
from incubator.projects.staff_invitations import open_staff_invitations
from incubator.projects.tables import Project
from tests.browser import Browser, forms_of, signed_in
from tests.cast import Cast
from tests.factors import PASSWORD, give_app, give_password, type_password

#: Exports of personal data, signed papers, roles, what ends projects and accounts, and the second factor itself.
FRESH_ROUTES = {
    ("GET", "/organiser/assignments/table.csv"),
    ("GET", "/organiser/assignments/table.xlsx"),
    ("GET", "/organiser/consents/table.csv"),
    ("GET", "/organiser/imports/{import_id}/report.xlsx"),
    ("GET", "/organiser/consents/table.xlsx"),
    ("POST", "/organiser/consents/destruction"),
    ("GET", "/consents/{consent_id}/scan"),
    ("POST", "/organiser/people"),
    ("POST", "/organiser/organisations/{organisation_id}/coordinators"),
    ("POST", "/organiser/organisations/{organisation_id}/coordinators/{person_id}/dismissal"),
    ("POST", "/organiser/people/invitations/{invitation_id}/resending"),
    ("POST", "/organiser/people/{person_id}/roles/{role}/withdrawal"),
    ("POST", "/organiser/accounts/{person_id}/address"),
    ("POST", "/organiser/accounts/{person_id}/merging"),
    ("POST", "/organiser/accounts/{person_id}/second-factor/reset"),
    ("POST", "/organiser/accounts/{person_id}/confirmation/end"),
    ("POST", "/profile/merging/{secret}"),
    ("POST", "/projects/{project_id}/office/merger"),
    ("POST", "/projects/{project_id}/office/deletion"),
    ("GET", "/profile/second-factor"),
    ("GET", "/profile/second-factor/app"),
    ("POST", "/profile/second-factor/app"),
    ("POST", "/profile/second-factor/app/confirmation"),
    ("POST", "/profile/second-factor/app/removal"),
    ("POST", "/profile/second-factor/codes"),
    ("POST", "/profile/second-factor/passkeys"),
    ("POST", "/profile/second-factor/passkeys/options"),
    ("POST", "/profile/second-factor/passkeys/{passkey_id}/removal"),
}


def test_the_table_lists_every_route_that_asks_for_a_fresh_proof() -> None:
    found = set()
    for route in framework().routes:
        for method, (handler, _model) in getattr(route, "route_handler_map", {}).items():
            if freshly_proved in handler.resolve_guards():
                parts = route.path_components
                path = "".join(f"/{{{part.name}}}" if hasattr(part, "name") else f"/{part}" for part in parts)
                found.add((str(method), path))
    assert {each for each in found if each[0] in {"GET", "POST"}} == FRESH_ROUTES


async def test_a_form_goes_on_after_the_password_was_typed_again(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = await signed_in(organiser)
    await browser.open("/organiser/people")
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.send("/organiser/people", role="organiser", email="novaya@example.org")
        assert browser.page.status_code == 401
        assert "продолжится само" in browser.text
        assert not await open_staff_invitations()
        await browser.send("/second-factor", password="не тот пароль")
        assert browser.page.status_code == 422
        assert not await open_staff_invitations()
        await browser.send("/second-factor", password=PASSWORD)
        assert browser.path == "/organiser/people"
        assert "Приглашение отправлено" in browser.text
        assert [row.email for row in await open_staff_invitations()] == ["novaya@example.org"]


async def test_whoever_has_a_second_factor_shows_it_and_the_password_is_not_enough(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    app = await give_app(organiser)
    browser = await signed_in(organiser)
    here = f"/projects/{cast.project.id}/office"
    await browser.open(here)
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.send(f"{here}/deletion", delete_reason="Завели по ошибке", typed=cast.project.title)
        await browser.send("/second-factor", password=PASSWORD)
        assert browser.page.status_code == 422
        assert await Project.exists().where(Project.id == cast.project.id)
        await browser.send("/second-factor", one_time_code=app.code())
        assert not await Project.exists().where(Project.id == cast.project.id)


async def test_an_error_in_the_form_that_went_on_is_shown_with_what_was_typed(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = await signed_in(organiser)
    here = f"/organiser/accounts/{cast.teacher.id}"
    await browser.open(here)
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.send(f"{here}/address", new_email=cast.captain.email, address_reason="Сменила работу")
        await browser.send("/second-factor", password=PASSWORD)
        assert browser.page.status_code == 422
        values = dict(dict(forms_of(browser.page.text))[f"{here}/address"])
        assert values["address_reason"] == "Сменила работу"


async def test_a_file_is_fetched_after_the_proof(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = await signed_in(organiser)
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.open("/organiser/assignments/table.csv")
        assert browser.path == "/second-factor"
        await browser.send("/second-factor", password=PASSWORD)
        assert 'content="0; url=/organiser/assignments/table.csv"' in browser.page.text
        await browser.open("/organiser/assignments/table.csv")
        assert browser.page.headers["content-type"].startswith("text/csv")


async def test_a_form_of_another_site_is_never_kept_to_go_on(cast: Cast) -> None:
    """Otherwise who proves themselves for something else would do what somebody else wanted."""
    browser = await signed_in(await give_password(cast.organiser))
    await browser.open("/organiser/people")
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        values = {"role": "organiser", "email": "evil@example.org"}
        for headers, token in (
            ({"sec-fetch-site": "cross-site"}, browser.csrf()),
            ({"sec-fetch-site": "same-origin"}, "0" * 80),
        ):
            await browser.post("/organiser/people", {**values, "csrf": token}, headers=headers)
            assert "evil@example.org" not in browser.text
            await browser.open("/organiser/people")


async def test_what_somebody_else_had_typed_does_not_go_on(cast: Cast) -> None:
    organiser, teacher = await give_password(cast.organiser), await give_password(cast.teacher)
    browser = await signed_in(organiser)
    await browser.open("/organiser/people")
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.send("/organiser/people", role="organiser", email="novaya@example.org")
        kept = dict(browser.form("/second-factor"))["kept"]
        other = await signed_in(teacher)
        with clock_at(now() + FRESH + timedelta(minutes=1)):
            await other.open("/second-factor?next=/profile")
            await other.send("/second-factor", password=PASSWORD, kept=kept)
        assert await open_staff_invitations() == []


async def test_words_typed_before_signing_in_come_back_after_the_second_factor(cast: Cast) -> None:
    teacher = await give_password(cast.teacher)
    app = await give_app(teacher)
    browser = await signed_in(teacher)
    here = f"/projects/{cast.project.id}/talk"
    await browser.open(here)
    browser.http.cookies.delete("session")
    await browser.send(here, post="Длинное письмо команде, которое жалко потерять")
    assert browser.page.status_code == 401
    with clock_at(now() + timedelta(minutes=1)):
        await browser.send("/sign-in", email=teacher.email, password=PASSWORD)
        assert "Ваш текст цел" in browser.text
        await browser.send("/second-factor", one_time_code=app.code())
        assert dict(browser.form(here))["post"] == "Длинное письмо команде, которое жалко потерять"


async def test_who_has_neither_password_nor_factor_chooses_a_password_first(cast: Cast) -> None:
    browser = await signed_in(cast.organiser)
    with clock_at(now() + FRESH + timedelta(minutes=1)):
        await browser.open("/organiser/assignments/table.csv")
        assert "Сначала" not in browser.text
        assert "У вас ещё нет пароля" in browser.text
        await browser.open("/profile/password")
        await browser.send("/profile/password", new_password=PASSWORD)
        await browser.open("/organiser/assignments/table.csv")
        assert browser.page.headers["content-type"].startswith("text/csv")


async def test_signing_in_with_the_password_is_a_fresh_proof(cast: Cast) -> None:
    organiser = await give_password(cast.organiser)
    browser = Browser()
    await type_password(browser, organiser)
    await browser.open("/organiser/assignments/table.csv")
    assert browser.page.status_code == 200
    assert browser.path == "/organiser/assignments/table.csv"
    assert await person_by_email(organiser.email)


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_the_proof_leads_nowhere_else(cast: Cast, path: str) -> None:
    browser = await signed_in(await give_password(cast.organiser))
    await browser.open(f"/second-factor?next={path}")
    assert browser.page.url.host == "testserver"
