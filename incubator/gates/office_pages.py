"""What an organiser can do with a team's project on its behalf: each with a reason, recorded, and told to the team."""

import re
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.gates.correct_typo import correct_typo
from incubator.gates.delete_project import hanging_on, name_to_type
from incubator.gates.merge_projects import merge_projects, merging_of
from incubator.gates.planned_deletion import keep_project, plan_deletion
from incubator.gates.submit import leave
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, freshly_proved, signed_in
from incubator.projects.access import Access, access_to, require
from incubator.projects.document import Frozen, frozen_parts, parts_of, submissions_of
from incubator.projects.enter import enter
from incubator.projects.errata import TITLE, corrected, errata_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Project, Submission
from incubator.projects.team_mail import told_in_words
from incubator.publication.publish import ask_publication
from incubator.publication.versions import shown_or_waiting

_NUMBER = re.compile(r"(?:\S*/projects/)?(\d{1,10})\S*", re.ASCII)


class OfficePages(Controller):
    path = "/projects/{project_id:int}/office"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        return await _page(request, await _enter(request, project_id), Form())

    @post("/publication")
    async def offer(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Ask for publication in the team's name."""
        way, form = await _enter(request, project_id), await read_form(request)
        reason = form.text("offer_reason", longest=limits.OFFICE_REASON, required=True)
        if not form.errors:
            try:
                await ask_publication(way.project, by=request.user, reason=reason)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("offer_reason", refusal.message)
            else:
                told = await told_in_words(project_id)
                return redirect("/organiser/publications", Flash("success", _("Просьба записана.") + " " + told))
        return await _page(request, way, form, status=422)

    @post("/withdrawal")
    async def withdraw(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Withdraw the team from the programme."""
        way, form = await _enter(request, project_id), await read_form(request)
        reason = form.text("leave_reason", longest=limits.OFFICE_REASON, required=True)
        if not form.errors:
            try:
                await leave(way.project, by=request.user, reason=reason)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("leave_reason", refusal.message)
            else:
                text = (
                    _("Команда снята с программы. Вернуть её можно здесь же.") + " " + await told_in_words(project_id)
                )
                return redirect(f"/projects/{project_id}", Flash("info", text))
        return await _page(request, way, form, status=422)

    @post("/merger", guards=[freshly_proved])
    async def merge(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Show what merging this duplicate into another project would move, or with ``is_sure`` do it."""
        way, form = await _enter(request, project_id), await read_form(request)
        reason = form.text("merge_reason", longest=limits.OFFICE_REASON, required=True)
        into = await _chosen(request, form)
        if into is None or form.errors:
            return await _page(request, way, form, status=422)
        if not form.flag("is_sure"):
            return await _merger_page(request, way, into, form)
        try:
            await merge_projects(await _bare(way.project), into, reason=reason, by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("into", refusal.message)
            return await _page(request, way, form, status=422)
        return redirect(
            f"/projects/{into.id}", Flash("success", _("Проекты объединены.") + " " + await told_in_words(into.id))
        )

    @get("/correction")
    async def before_correcting(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await _enter(request, project_id)
        submission = await _newest(project_id)
        return await _correction_page(request, way, submission, await _as_read(submission))

    @post("/correction")
    async def correct(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Correct typos in the newest submitted version."""
        way, form = await _enter(request, project_id), await read_form(request)
        submission = await _newest(project_id)
        reason = form.text("reason", longest=limits.OFFICE_REASON, required=True)
        texts = {TITLE: form.text("title", longest=limits.TITLE, required=True)}
        for part in _texts_in(submission):
            texts[part.key] = form.text(f"text-{part.key}", longest=max(part.limit, len(part.text)), lines=True)
        if form.value("number") != str(submission.number):
            form.refuse("reason", _("Команда за это время сдала новую версию: посмотрите её"))
        if not form.errors:
            try:
                await correct_typo(submission, texts, reason=reason, version=form.version(), by=request.user)
            except NotAllowed:
                raise
            except Stale as changed:
                stored = await _as_read(submission)
                form = rebased(form, stored, texts=stored.names())
                form.refuse("version", changed.message)
            except Refusal as refusal:
                form.refuse("reason", refusal.message)
            else:
                return redirect(
                    f"/projects/{project_id}/submissions/{submission.number}",
                    Flash("success", _("Исправлено.") + " " + await told_in_words(project_id)),
                )
        return await _correction_page(request, way, submission, form, status=422)

    @post("/deletion", guards=[freshly_proved])
    async def delete(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way, form = await _enter(request, project_id), await read_form(request)
        reason = form.text("delete_reason", longest=limits.OFFICE_REASON, required=True)
        typed = form.text("typed", longest=limits.TITLE, required=True)
        if not form.errors:
            told = await told_in_words(project_id)
            try:
                at = await plan_deletion(
                    way.project, typed=typed, reason=reason, with_reviews=form.flag("with_reviews"), by=request.user
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("typed", refusal.message)
            else:
                text = (
                    _("Проект удалится %(until)s. Вернуть его можно здесь.", until=formatted(at))
                    if at
                    else _("Проект удалён.")
                )
                to = f"/projects/{project_id}/office" if at else "/organiser/projects"
                return redirect(to, Flash("info", f"{text} {told}"))
        return await _page(request, way, form, status=422)

    @post("/keeping")
    async def keep(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Stop the deletion."""
        way = await _enter(request, project_id)
        await keep_project(way.project, by=request.user)
        return redirect(
            f"/projects/{project_id}", Flash("success", _("Проект остаётся.") + " " + await told_in_words(project_id))
        )


async def _enter(request: PersonRequest, project_id: int) -> Access:
    way = await enter(request, project_id)
    require(way.may(Action.MANAGE))
    return way


async def _bare(project: Project) -> Project:
    """Return the project with ids instead of rows."""
    row = await Project.objects().get(Project.id == project.id)
    assert row is not None
    return row


def _texts_in(submission: Submission) -> list[Frozen]:
    """Return the sections in which a typo can be corrected: numbers in a sheet are the team's."""
    return [part for part in frozen_parts(submission) if not part.is_sheet]


async def _newest(project_id: int) -> Submission:
    """Return the newest submitted version, or 404."""
    return get_or_404(next(reversed(await submissions_of(project_id)), None))


async def _correction_page(
    request: PersonRequest, way: Access, submission: Submission, form: Form, *, status: int = 200
) -> Response[Any]:
    return page(
        request, "gates/typo.html", status=status, way=way, project=way.project, form=form, submission=submission,
        parts=_texts_in(submission),
    )  # fmt: skip


async def _as_read(submission: Submission) -> Form:
    """Return the version as it reads now, with all corrections."""
    read = await corrected(submission)
    texts = [(f"text-{part.key}", part.text) for part in _texts_in(read)]
    return Form(texts, title=read.title, version=len(await errata_of(submission)))


async def _chosen(request: PersonRequest, form: Form) -> Project | None:
    """Return the project whose number or address was typed, if the organiser may manage it."""
    found = _NUMBER.fullmatch(form.text("into", longest=limits.PROJECT_ADDRESS, required=True))
    number = id_in(found[1]) if found else None
    way = await access_to(number, request.user) if number is not None else None
    if way is None or not way.may(Action.MANAGE):
        form.refuse("into", _("Такого проекта нет: впишите номер или адрес его страницы"))
        return None
    return await _bare(way.project)


async def _merger_page(request: PersonRequest, way: Access, into: Project, form: Form) -> Response[Any]:
    titles = {part.key: part.section for project in (way.project, into) for part in await parts_of(project)}
    return page(
        request, "gates/merger.html", way=way, project=way.project, into=into, form=form,
        merging=await merging_of(way.project, into), titles=titles,
    )  # fmt: skip


async def _page(request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
    return page(
        request, "gates/office.html", status=status, way=way, project=way.project, form=form,
        hanging=await hanging_on(way.project.id), typed=name_to_type(way.project),
        has_versions=bool(await submissions_of(way.project.id)), is_offered=bool(await shown_or_waiting(way.project.id)),
    )  # fmt: skip


PAGES = [OfficePages]
