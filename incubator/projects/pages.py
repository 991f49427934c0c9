"""Pages of a team: starting, saving answers and details, comments, the team and its consents."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from incubator.people.guards import PersonRequest, found, signed_in
from incubator.people.pages import mailbox_hint, sign_up_from, signed_in_redirect
from incubator.people.tables import Person
from incubator.programme.seasons import current_season, sections_at
from incubator.programme.tables import Cluster, Competency, Municipality, Organisation
from incubator.projects.access import Access, access
from incubator.projects.answers import Stale, answer_of, save_answer
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.consents import PURPOSES, give_consent, latest_texts, valid_consents, withdraw_consent
from incubator.projects.details import Details, DetailsChanged, change_details
from incubator.projects.diff import diff
from incubator.projects.invitations import (
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)  # fmt: skip
from incubator.projects.start import start
from incubator.projects.tables import Member, Project, ProjectCompetency
from incubator.projects.team import MOST_STUDENTS, make_captain, remove_member, team_of
from incubator.web.dates import clock
from incubator.web.flash import Flash
from incubator.web.forms import Form, read_form
from incubator.web.i18n import _, localized
from incubator.web.markdown import render
from incubator.web.templating import page, redirect, wants_json
from incubator.web.templating import render as render_html

AnyRequest = Request[Any, Any, Any]

#: A draft may run over the section's limit by this much; the gate does not open until it fits.
OVERRUN = 2000


async def enter(request: PersonRequest, project_id: int) -> Access:
    """The person's way into the project, or 404."""
    return found(await access(request.user, project_id))


class StartPages(Controller):
    """From the landing page to the first written word: this page and the document."""

    @get("/start")
    async def show(self, request: AnyRequest) -> Response[Any]:
        if request.scope.get("user"):
            return redirect("/projects/new")
        season = await current_season()
        return page(request, "projects/start.html", form=Form(), season=season)

    @post("/start")
    async def begin(self, request: AnyRequest) -> Response[Any]:
        if request.scope.get("user"):
            return redirect("/projects/new")
        season = found(await current_season())
        form = await read_form(request)
        title = form.text("title", longest=120)
        person = None if form.errors else await sign_up_from(form)
        if person is None:
            return page(request, "projects/start.html", status=422, form=form, season=season)
        project = await start(title, season=season, by=person)
        hint = mailbox_hint(_("Мы отправили письмо: подтвердите адрес по ссылке в нём. Писать можно уже сейчас."))
        return await signed_in_redirect(request, person, f"/projects/{project.id}", hint)

    @get("/projects/new", guards=[signed_in])
    async def new(self, request: PersonRequest) -> Response[Any]:
        return page(request, "projects/new.html", form=Form(), season=await current_season())

    @post("/projects/new", guards=[signed_in])
    async def create(self, request: PersonRequest) -> Response[Any]:
        season = found(await current_season())
        form = await read_form(request)
        title = form.text("title", longest=120, required=True)
        pitch = form.text("pitch", longest=140)
        if form.errors:
            return page(request, "projects/new.html", status=422, form=form, season=season)
        project = await start(title, season=season, by=request.user, pitch=pitch)
        return redirect(f"/projects/{project.id}")

    @post("/preview", guards=[signed_in])
    async def preview(self, request: PersonRequest) -> dict[str, str]:
        """How a text will look; for the live preview."""
        text = (await read_form(request)).value("text")[:10_000]
        return {"html": render(text)}


class AnswerPages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @post("/answers/{key:str}")
    async def save(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        way = await enter(request, project_id)
        project = way.project
        sections = {s.key: s for s in await sections_at(project.season.id, project.stage)}
        section = found(sections.get(key))
        form = await read_form(request)
        text = form.text("text", longest=section.limit + OVERRUN, lines=True)
        if form.errors:
            return self._too_long(request, way, section, form)
        try:
            answer = await save_answer(project, key, text, version=form.version(), by=request.user)
        except Stale as stale:
            return await self._conflict(request, way, section, text, stale)
        if wants_json(request):
            return Response({"version": answer.version, "saved_at": clock(answer.changed_at), "html": answer.html})
        return redirect(f"/projects/{project_id}#s-{key}", Flash("success", _("Сохранено")))

    def _too_long(self, request: PersonRequest, way: Access, section: Any, form: Form) -> Response[Any]:
        if wants_json(request):
            return Response({"error": form.error("text")}, status_code=422)
        return page(
            request, "projects/section.html", status=422, project=way.project, section=section, form=form,
            version=form.version(),
        )  # fmt: skip

    async def _conflict(
        self, request: PersonRequest, way: Access, section: Any, text: str, stale: Stale
    ) -> Response[Any]:
        """Both texts and what differs: nothing is lost, the person chooses."""
        theirs = stale.theirs
        author = await Person.objects().get(Person.id == theirs.changed_by) if theirs.changed_by else None
        context = {
            "project": way.project,
            "section": section,
            "yours": text,
            "theirs": theirs,
            "their_name": author.name if author else "",
            "changes": diff(theirs.text, text),
            "message": stale.message,
        }
        if wants_json(request):
            html = render_html(request, "projects/_conflict.html", **context)
            return Response({"html": html, "version": theirs.version, "theirs": theirs.text}, status_code=409)
        return page(request, "projects/conflict.html", status=409, **context)

    @get("/answers/{key:str}")
    async def show(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        """One section on a page of its own: for a phone, a slow line, or print."""
        way = await enter(request, project_id)
        sections = {s.key: s for s in await sections_at(way.project.season.id, way.project.stage)}
        answer = await answer_of(project_id, key)
        return page(
            request, "projects/section.html", project=way.project, section=found(sections.get(key)),
            form=Form(text=answer.text if answer else ""), version=answer.version if answer else 0,
        )  # fmt: skip

    @post("/comments")
    async def comment(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        text = form.text("text", longest=2000, required=True, lines=True)
        key = form.text("key", longest=40)
        if form.errors:
            return page(request, "projects/comment.html", status=422, project=way.project, form=form, key=key)
        await comment(way.project, key, text, by=request.user)
        return redirect(f"/projects/{project_id}#s-{key}" if key else f"/projects/{project_id}")

    @post("/comments/{comment_id:int}/resolution")
    async def resolve(
        self, request: PersonRequest, project_id: FromPath[int], comment_id: FromPath[int]
    ) -> Response[Any]:
        way = await enter(request, project_id)
        await resolve_comment(way.project, comment_id, by=request.user)
        return redirect(f"/projects/{project_id}")


async def detail_options() -> dict[str, Any]:
    """The lists that the details offer."""
    organisations = await Organisation.select(Organisation.name).order_by(Organisation.name).limit(500)

    async def titles(table: Any) -> list[tuple[str, str]]:
        rows = await table.select(table.id, table.title_ru, table.title_en)
        return sorted(((str(r["id"]), localized(r, "title")) for r in rows), key=lambda o: o[1])

    return {
        "clusters": await titles(Cluster),
        "municipalities": await titles(Municipality),
        "competencies": await titles(Competency),
        "organisations": [r["name"] for r in organisations],
    }


class DetailPages(Controller):
    path = "/projects/{project_id:int}/details"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        p = way.project
        rows = await ProjectCompetency.select(ProjectCompetency.competency).where(ProjectCompetency.project == p.id)
        form = Form(
            title=p.title, team_name=p.team_name, help_wanted=p.help_wanted, version=p.details_version,
            cluster=p.cluster.id if p.cluster else "", municipality=p.municipality.id if p.municipality else "",
            organisation=p.organisation.name if p.organisation and p.organisation.id else "",
            competencies=[r["competency"] for r in rows],
        )  # fmt: skip
        return await self._page(request, way, form)

    @post()
    async def save(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        form = await read_form(request)
        options = await detail_options()
        known = {
            name: {value for value, _title in options[name]} for name in ("clusters", "municipalities", "competencies")
        }
        details = Details(
            title=form.text("title", longest=120, required=True),
            team_name=form.text("team_name", longest=80),
            help_wanted=form.text("help_wanted", longest=300),
            cluster=int(form.choice("cluster", known["clusters"], required=False) or 0) or None,
            municipality=int(form.choice("municipality", known["municipalities"], required=False) or 0) or None,
            organisation=form.text("organisation", longest=200),
            competencies=tuple(int(v) for v in form.values("competencies")[:8] if v in known["competencies"]),
        )
        if not form.errors:
            try:
                await change_details(way.project, details, version=form.version(), by=request.user)
            except DetailsChanged as changed:
                form.refuse("title", changed.message)
            else:
                return redirect(f"/projects/{project_id}", Flash("success", _("Сохранено")))
        return await self._page(request, way, form, status=422)

    async def _page(self, request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
        fresh = await Project.select(Project.details_version).where(Project.id == way.project.id).first()
        version = fresh["details_version"] if fresh and form.errors else way.project.details_version
        return page(
            request, "projects/details.html", status=status, way=way, project=way.project, form=form,
            version=version, **await detail_options(),
        )  # fmt: skip


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
        role = form.choice("role", ("student", "teacher", "coach"))
        email = form.email("email", required=form.value("way") == "email")
        if form.errors:
            return await self._page(request, way, form, status=422)
        secret = await invite_to_team(way.project, role, by=request.user, email=email)
        if email:
            return redirect(
                f"/projects/{project_id}/team", mailbox_hint(_("Приглашение отправлено: %(email)s", email=email))
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
        if (await read_form(request)).flag("withdraw"):
            await withdraw_consent(way.project, person, purpose, by=request.user)
            return redirect(f"/projects/{project_id}/team", Flash("success", _("Согласие отозвано")))
        await give_consent(way.project, person, purpose, by=request.user)
        return redirect(f"/projects/{project_id}/team", Flash("success", _("Согласие записано")))

    async def _member(
        self, request: PersonRequest, project_id: int, person_id: int, purpose: str
    ) -> tuple[Access, Person]:
        way = await enter(request, project_id)
        found(purpose if purpose in PURPOSES else None)
        row = (
            await Member.objects(Member.person)
            .where((Member.project == project_id) & (Member.person == person_id))
            .first()
        )
        return way, found(row).person

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
        return page(
            request, "projects/team.html", status=status, way=way, project=way.project, form=form, mates=mates,
            consents=await valid_consents([m.person.id for m in mates]), purposes=PURPOSES,
            texts=await latest_texts(), invitations=await pending_invitations(way.project.id),
            has_room=sum(m.is_student for m in mates) < MOST_STUDENTS,
            has_teacher=any(m.role == "teacher" for m in mates), new_link=new_link, new_role=new_role,
        )  # fmt: skip


PAGES = [StartPages, AnswerPages, DetailPages, TeamPages]
