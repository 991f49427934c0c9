"""Pages of a team's people: invitations, roles, consents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.clock import today
from incubator.core.email_address import readable
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import client_address
from incubator.http.templating import page, redirect
from incubator.people.consents import is_standing, state_of
from incubator.people.grants import may_in_programme
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.pages import mailbox_hint
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, Person
from incubator.projects.access import Access
from incubator.projects.consents import (
    PARTICIPATION,
    PUBLIC_NAME,
    PURPOSES,
    TAKES_PART,
    give_consent,
    latest_consents,
    latest_texts,
)
from incubator.projects.enter import enter
from incubator.projects.invitations import (
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)  # fmt: skip
from incubator.projects.permissions import INVITED_ROLES, ProjectRole
from incubator.projects.tables import Member
from incubator.projects.team import Mate, make_captain, team_of, unvouched_in
from incubator.publication.entry import organisation_of
from incubator.publication.withdrawals import remove_member, withdraw_consent


class TeamPages(Controller):
    path = "/projects/{project_id:int}/team"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        return await self._page(request, await enter(request, project_id), Form())

    @post("/invitations")
    async def invite(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        role = form.choice("role", INVITED_ROLES)
        email = form.email("email", required=form.value("way") == "email")
        secret = ""
        if not form.errors:
            try:
                secret = await invite_to_team(
                    way.project, role, by=request.user, email=email, address=client_address(request)
                )
            except NotAllowed:
                raise
            except Refusal as refusal:  # too many mails, or an address out of reach
                form.refuse("email", refusal.message)
        if form.errors:
            return await self._page(request, way, form, status=422)
        if email:
            return redirect(
                f"/projects/{project_id}/team",
                mailbox_hint(_("Приглашение отправлено: %(email)s", email=readable(email))),
            )
        return await self._page(request, way, Form(), new_link=f"/invitations/{secret}", new_role=role)

    @post("/invitations/{invitation_id:int}/revocation")
    async def revoke(
        self, request: PersonRequest, project_id: FromPath[int], invitation_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        await revoke_invitation(way.project, invitation_id, by=request.user)
        return redirect(f"/projects/{project_id}/team", Flash("success", _("Приглашение отозвано")))

    @post("/members/{person_id:int}/departure")
    async def remove(
        self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        await remove_member(way.project, person_id, by=request.user)
        return redirect(
            "/projects" if person_id == request.user.id else f"/projects/{project_id}/team",
            Flash("success", _("Готово")),
        )

    @post("/captain")
    async def captain(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        heir = (await read_form(request)).id("person", required=True)
        await make_captain(way.project, heir or 0, by=request.user)
        return redirect(f"/projects/{project_id}/team", Flash("success", _("Капитан сменился")))

    @post("/members/{person_id:int}/consents/{purpose:str}")
    async def consent(
        self, request: PersonRequest, project_id: FromPath[int], person_id: FromPath[int], purpose: FromPath[str]
    ) -> Response[Any]:
        way, person = await self._member(request, project_id, person_id, purpose)
        form = await read_form(request)
        if form.flag("withdraw"):
            await withdraw_consent(way.project, person, purpose, by=request.user)
            return redirect(f"/projects/{project_id}/team", Flash("success", _("Согласие отозвано")))
        await give_consent(way.project, person, purpose, by=request.user, read=form.id("text") or 0)
        return redirect(f"/projects/{project_id}/team", Flash("success", _("Согласие записано")))

    async def _member(
        self, request: PersonRequest, project_id: int, person_id: int, purpose: str
    ) -> tuple[Access, Person]:
        way = await enter(request, project_id)
        get_or_404(purpose if purpose in PURPOSES else None)
        row = (
            await Member.objects(Member.person)
            .where((Member.project == project_id) & (Member.person == person_id))
            .first()
        )
        return way, get_or_404(row).person

    async def _page(
        self,
        request: PersonRequest,
        way: Access,
        form: Form,
        *,
        status: int = 200,
        new_link: str = "",
        new_role: str = "",
    ) -> Response[Any]:
        mates = await team_of(way.project.id)
        consents = await latest_consents([m.person.id for m in mates])
        day = today()
        return page(
            request, "projects/team.html", status=status, way=way, project=way.project, form=form, mates=mates,
            school=await organisation_of(way.project.id),
            consents=consents, states={key: state_of(consent, day).value for key, consent in consents.items()},
            unvouched=await unvouched_in(mates), purposes=PURPOSES,
            documents={mate.person.id: _documents(mate, consents, day) for mate in mates},
            may_end_vouching=await may_in_programme(request.user, StaffAction.VOUCH),
            texts=await latest_texts(), invitations=await pending_invitations(way.project.id),
            has_room=sum(m.is_student for m in mates) < limits.STUDENTS,
            has_teacher=any(m.role == ProjectRole.TEACHER for m in mates), new_link=new_link, new_role=new_role,
        )  # fmt: skip


def _documents(mate: Mate, consents: Mapping[tuple[int, str], Consent], day: date) -> tuple[str, ...]:
    """Return which documents count for a member: an adult who works in the programme may have given one for all teams."""
    if mate.is_student:
        return PURPOSES
    standing = [p for p in TAKES_PART if (row := consents.get((mate.person.id, p))) and is_standing(row, day)]
    return (standing[0] if standing else PARTICIPATION, PUBLIC_NAME)


PAGES = [TeamPages]
