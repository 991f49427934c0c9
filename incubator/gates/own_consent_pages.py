"""«Мои согласия»: what somebody consented to, by whom it was recorded, what it is worth; giving and taking back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.consents import OWN, STANDING, ConsentState, state_of
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Consent, Person
from incubator.projects.consents import DOCUMENTS, PURPOSES, STAFF, latest_texts
from incubator.projects.own_consents import agree_too, coming_of_age, consents_of, give_own_consent
from incubator.projects.staff_consents import works_in_programme
from incubator.projects.tables import Member
from incubator.publication.withdrawals import withdraw_own_consent


class OwnConsentPages(Controller):
    path = "/profile/consents"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        person = request.user
        return page(
            request, "projects/own_consents.html", latest=await latest_texts(), birthday=coming_of_age(person),
            staff=STAFF, **_view(await consents_of(person), person, await _documents_for(person)),
        )  # fmt: skip

    @post("/{purpose:str}")
    async def change(self, request: PersonRequest, purpose: FromPath[str]) -> Response[Any]:
        get_or_404(purpose if purpose in DOCUMENTS else None)
        form = await read_form(request)
        if form.flag("withdraw"):
            await withdraw_own_consent(request.user, purpose)
            return redirect("/profile/consents", Flash("success", _("Согласие отозвано")))
        if form.flag("agree_too"):
            await agree_too(request.user, purpose, read=form.id("text") or 0)
            return redirect("/profile/consents", Flash("success", _("Спасибо! Теперь согласие действует")))
        await give_own_consent(request.user, purpose, read=form.id("text") or 0)
        return redirect("/profile/consents", Flash("success", _("Согласие записано")))


async def _documents_for(person: Person) -> tuple[str, ...]:
    """Return the documents that are the person's to give: of those who take part, of those who work in the programme, or all."""
    if not await works_in_programme(person.id):
        return PURPOSES
    is_in_team = await Member.exists().where(Member.person == person.id)
    return (STAFF, *PURPOSES) if is_in_team else (STAFF,)


def _view(rows: list[Consent], person: Person, documents: tuple[str, ...]) -> dict[str, Any]:
    """Return the consents by purpose, their states, and for which purposes one can be taken back or given."""
    shown = _shown(rows, documents)
    day = today()
    states = {row.id: state_of(row, day) for row in rows}
    standing = [row for row in rows if states[row.id] in STANDING]
    return {
        "purposes": shown,
        "by_purpose": {purpose: [row for row in rows if row.purpose == purpose] for purpose in shown},
        "states": {number: state.value for number, state in states.items()},
        "standing": {row.purpose for row in standing},
        "waiting_for_me": {row.purpose for row in standing if states[row.id] is ConsentState.TEENAGER},
        "signed": {row.purpose: row.text for row in reversed(standing)},
        "may_give": _to_give(standing, person) & set(documents),
    }


def _shown(rows: list[Consent], documents: tuple[str, ...]) -> list[str]:
    """Return the documents that are the person's to give, and those that they gave once; the one for work first."""
    known = {row.purpose for row in rows}
    return [purpose for purpose in (STAFF, *PURPOSES) if purpose in documents or purpose in known]


def _to_give(standing: list[Consent], person: Person) -> set[str]:
    """Return the purposes for which the person can sign and has not signed."""
    if not person.is_adult and coming_of_age(person) is None:
        return set()
    return set(DOCUMENTS) - {row.purpose for row in standing if row.signatory in OWN}


PAGES = [OwnConsentPages]
