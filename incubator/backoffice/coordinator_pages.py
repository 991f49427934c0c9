"""Who is responsible for a school's documents: naming a coordinator, and ending it."""

from typing import Any

from litestar import Controller, Response, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import redirect
from incubator.people.coordinators import coordinators_of, dismiss_coordinator, name_coordinator
from incubator.people.guards import PersonRequest, freshly_proved, organiser


class CoordinatorPages(Controller):
    path = "/organiser/organisations/{organisation_id:int}/coordinators"
    guards = [organiser, freshly_proved]

    @post()
    async def name(self, request: PersonRequest, organisation_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        person = get_or_404(form.id("coordinator"))
        await name_coordinator(person, organisation_id, by=request.user)
        return redirect(_here(organisation_id), Flash("success", _("Записано: человек узнает об этом из письма")))

    @post("/{person_id:int}/dismissal")
    async def dismiss(
        self, request: PersonRequest, organisation_id: FromPath[int], person_id: FromPath[int]
    ) -> Response[Any]:
        named = await coordinators_of(organisation_id)
        grant = get_or_404(next((each for each in named if each.person.id == person_id), None))
        await dismiss_coordinator(grant.person, organisation_id, by=request.user)
        return redirect(_here(organisation_id), Flash("success", _("Роль снята")))


def _here(organisation_id: int) -> str:
    return f"/organiser/organisations/{organisation_id}#coordinators"


PAGES = [CoordinatorPages]
