"""People of the programme: inviting mentors and organisers, who holds which role, taking one away."""

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.narrowing import narrowed
from incubator.core import limits
from incubator.core.email_address import readable
from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.affiliations import affiliations_by_person
from incubator.people.grants import is_last_organiser, role_holders
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.people.pages import mailbox_hint
from incubator.people.permissions import INVITED_STAFF, StaffRole
from incubator.people.tables import Grant
from incubator.projects.staff_consents import with_staff_consent
from incubator.projects.staff_invitations import (
    invite_staff,
    open_staff_invitations,
    resend_staff_invitation,
    revoke_staff_invitation,
)
from incubator.reference.organisation_field import kind_options, read_organisation
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.dismissal import dismiss, reviews_waiting_for
from incubator.reviews.assignment.mentors import change_capacity
from incubator.reviews.assignment.reviewers import waiting_by_mentor
from incubator.reviews.tables import Mentor

#: Mentors on a page.
MENTORS = 50


class PeoplePages(Controller):
    path = "/organiser/people"
    guards = [organiser]

    @get()
    async def people(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request, Form(role="mentor"))

    @post(guards=[freshly_proved])
    async def invite(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.email("email")
        role = form.choice("role", INVITED_STAFF)
        work = await read_organisation(form)
        if role == StaffRole.MENTOR and not work.name:
            form.refuse("organisation", _("Без места работы не увидеть конфликт интересов: укажите организацию"))
        if not form.errors:
            try:
                async with writing():
                    organisation = await organisation_named(work.name, kind=work.kind) if work.name else None
                    await invite_staff(role, email=email, by=request.user, organisation=organisation)
            except Refusal as refusal:
                form.refuse("email", refusal.message)
        if form.errors:
            return await self._page(request, form, status=422)
        return redirect(
            "/organiser/people", mailbox_hint(_("Приглашение отправлено: %(email)s", email=readable(email)))
        )

    @post("/invitations/{invitation_id:int}/resending", guards=[freshly_proved])
    async def resend(self, request: PersonRequest, invitation_id: FromPath[int]) -> Response[Any]:
        email = await resend_staff_invitation(invitation_id, by=request.user)
        return redirect(
            "/organiser/people", mailbox_hint(_("Приглашение отправлено: %(email)s", email=readable(email)))
        )

    @post("/invitations/{invitation_id:int}/revocation")
    async def revoke(self, request: PersonRequest, invitation_id: FromPath[int]) -> Response[Any]:
        await revoke_staff_invitation(invitation_id, by=request.user)
        return redirect("/organiser/people", Flash("success", _("Приглашение отозвано")))

    @post("/{person_id:int}/capacity")
    async def capacity(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        form = await read_form(request)
        capacity = form.number("capacity", least=0, most=limits.CAPACITY)
        if form.errors:
            raise Refusal(form.error("capacity"))
        get_or_404(await Mentor.exists().where(Mentor.person == person_id) or None)
        await change_capacity(person_id, capacity, by=request.user)
        load = (await waiting_by_mentor(person_id)).get(person_id, 0)
        words = form.text("who", longest=limits.FULL_NAME)
        to = f"/organiser/people?{urlencode({'who': words})}#mentors" if words else "/organiser/people#mentors"
        return redirect(to, Flash("success", _("Сохранено")), *over_capacity(load, capacity))

    @get("/{person_id:int}/roles/{role:str}")
    async def ask(self, request: PersonRequest, person_id: FromPath[int], role: FromPath[str]) -> Response[Any]:
        """Show what taking the role away means, and ask."""
        grant = get_or_404(await _grant(person_id, role))
        holder = grant.person
        return page(
            request, "backoffice/role.html", grant=grant, holder=holder,
            is_last=role == StaffRole.ORGANISER and await is_last_organiser(holder.id),
            waiting=await reviews_waiting_for(holder) if role == StaffRole.MENTOR else 0,
        )  # fmt: skip

    @post("/{person_id:int}/roles/{role:str}/withdrawal", guards=[freshly_proved])
    async def take(self, request: PersonRequest, person_id: FromPath[int], role: FromPath[str]) -> Response[Any]:
        grant = get_or_404(await _grant(person_id, role))
        await dismiss(grant.person, StaffRole(role), by=request.user)
        to = "/" if person_id == request.user.id else "/organiser/people"
        return redirect(to, Flash("success", _("Роль снята")))

    async def _page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        query = request.query_params
        mentors, organisers = await role_holders(StaffRole.MENTOR), await role_holders(StaffRole.ORGANISER)
        names = [r["name"] for r in await Organisation.select(Organisation.name).order_by(Organisation.name).limit(500)]
        affiliations = await affiliations_by_person(grant.person.id for grant in mentors)
        words, after = query.get("who", "").strip()[: limits.FULL_NAME], query.get("after", "")

        def text_of(grant: Grant) -> str:
            work = [each.organisation.name for each in affiliations.get(grant.person.id, [])]
            return " ".join([grant.person.name, grant.person.email, *work])

        shown = narrowed(mentors, words, text_of, most=MENTORS, after=lambda grant: str(grant.person.id) == after)
        capacities = await Mentor.select(Mentor.person, Mentor.capacity)
        return page(
            request, "backoffice/people.html", status=status, form=form, kinds=await kind_options(form), invitations=await open_staff_invitations(),
            mentors=shown, has_mentors=bool(mentors), is_long=len(mentors) > MENTORS, is_paged=bool(after), organisers=organisers,
            documented=await with_staff_consent([grant.person.id for grant in (*shown.rows, *organisers)]),
            capacities={row["person"]: row["capacity"] for row in capacities},
            affiliations=affiliations, next=f"/organiser/people?{urlencode({'who': words, 'after': shown.rows[-1].person.id})}#mentors" if shown.more else "",
            loads=await waiting_by_mentor(), organisations=names,
        )  # fmt: skip


def over_capacity(load: int, capacity: int) -> list[Flash]:
    """Return what to know about a limit below what somebody has already."""
    if load <= capacity:
        return []
    text = ngettext(
        "Ждёт уже %(n)s рецензия, это больше предела: она остаётся за наставником, пока её не передать другому",
        "Ждут уже %(n)s рецензий, это больше предела: они остаются за наставником, пока их не передать другим",
        load,
    )
    return [Flash("warning", text)]


async def _grant(person_id: int, role: str) -> Grant | None:
    """Return the grant of this role over the whole programme that the person holds."""
    if role not in set(StaffRole):
        return None
    return next((grant for grant in await role_holders(StaffRole(role)) if grant.person.id == person_id), None)


PAGES = [PeoplePages]
