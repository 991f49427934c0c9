"""The page of one pupil of a class: correcting name and date of birth, taking a mistaken enrolment back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.classroom.corrections import (
    NAMES,
    PupilCorrection,
    correct_pupil,
    is_date_of_class,
    take_back_enrolment,
    was_used,
)
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.age_history import age_history
from incubator.people.birth_date import birth_date_form, birth_date_from
from incubator.people.enrolments import keeps_class_with
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Person


class PupilPages(Controller):
    path = "/class/pupils/{pupil_id:int}"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, pupil_id: FromPath[int]) -> Response[Any]:
        pupil = await _pupil(request, pupil_id)
        form = (
            birth_date_form(pupil.born_on)
            .with_values(family_name=pupil.family_name, given_name=pupil.given_name, patronymic=pupil.patronymic)
            .with_read(*NAMES)
        )
        return await self._page(request, pupil, form)

    @post()
    async def correct(self, request: PersonRequest, pupil_id: FromPath[int]) -> Response[Any]:
        pupil = await _pupil(request, pupil_id)
        form = await read_form(request)
        family, given = (form.text(name, longest=limits.NAME, required=True) for name in ("family_name", "given_name"))
        patronymic, born_on = form.text("patronymic", longest=limits.NAME), birth_date_from(form, required=True)
        reason = form.text("reason", longest=limits.AGE_REASON)
        if born_on is not None and not form.errors:
            try:
                await correct_pupil(
                    pupil.id, PupilCorrection(family, given, patronymic, born_on, reason), by=request.user,
                    read=form.before(*NAMES),
                )  # fmt: skip
            except (NotAllowed, Stale):
                raise
            except Refusal as refusal:
                form.refuse("reason", refusal.message)
        if form.errors:
            return await self._page(request, pupil, form, status=422)
        return redirect(
            "/class#roll", Flash("success", _("Исправлено: %(family)s %(given)s", family=family, given=given))
        )

    @get("/taking-back")
    async def ask(self, request: PersonRequest, pupil_id: FromPath[int]) -> Response[Any]:
        """Ask before an account is deleted: it does not come back."""
        pupil = await _pupil(request, pupil_id)
        return page(request, "classroom/taking_back.html", pupil=pupil, is_used=await _is_used(pupil))

    @post("/taking-back")
    async def take_back(self, request: PersonRequest, pupil_id: FromPath[int]) -> Response[Any]:
        pupil = await _pupil(request, pupil_id)
        await take_back_enrolment(pupil.id, by=request.user)
        return redirect(
            "/class#roll", Flash("success", _("Запись удалена, как будто её не было: %(name)s", name=pupil.name))
        )

    async def _page(self, request: PersonRequest, pupil: Person, form: Form, *, status: int = 200) -> Response[Any]:
        return page(
            request, "classroom/pupil.html", status=status, pupil=pupil, form=form,
            is_date_of_class=await is_date_of_class(pupil), is_used=await _is_used(pupil),
            history=await age_history(pupil.id),
        )  # fmt: skip


async def _pupil(request: PersonRequest, person_id: int) -> Person:
    """Return a pupil of a class that the reader keeps."""
    get_or_404(await keeps_class_with(request.user, person_id) or None)
    return get_or_404(await Person.objects().get(Person.id == person_id))


async def _is_used(pupil: Person) -> bool:
    return pupil.has_mailbox or await was_used(pupil)


PAGES = [PupilPages]
