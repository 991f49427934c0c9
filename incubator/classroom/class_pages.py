"""«Мой класс»: enrolling pupils from a list, printing their cards, putting them into teams, and a substitute."""

import asyncio
from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.classroom.card_print import drawn_cards
from incubator.classroom.cards import make_cards
from incubator.classroom.enrol import CheckedLine, check_list, end_enrolments, enrol, not_a_class_teacher
from incubator.classroom.pupil_list import LINES, MOST, ROWS, PupilLine, lines_of, read_list
from incubator.classroom.roll import RollEntry, roll_of
from incubator.classroom.substitutes import (
    colleagues_of,
    end_substitution,
    name_substitute,
    substitutes_of,
    substitution_of,
)
from incubator.classroom.teams import become_teacher, put_into_team, teams_open_to, teams_without_teacher
from incubator.core import limits
from incubator.core.clock import today
from incubator.core.languages import _, ngettext
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.attachments import PDF, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.enrolments import may_keep_class, schools_of
from incubator.people.guards import PersonRequest, signed_in
from incubator.tabular.rows import UnknownFormat
from incubator.tabular.uploads import ACCEPTED, uploaded_rows


class ClassPages(Controller):
    path = "/class"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request, Form())

    @get("/table")
    async def table(self, request: PersonRequest) -> Response[Any]:
        """Ask for a table, on a page of its own: beside other forms, the button of a file loses what is typed there."""
        if not await may_keep_class(request.user):
            raise not_a_class_teacher()
        return self._table_page(request, Form())

    @post("/list")
    async def check(self, request: PersonRequest) -> Response[Any]:
        """Show what the list would do; nothing is made yet."""
        if not await may_keep_class(request.user):
            raise not_a_class_teacher()
        data = await request.form()
        form = Form([(name, value) for name, value in data.multi_items() if isinstance(value, str)])
        upload = data.get("file")
        if isinstance(upload, UploadFile) and upload.filename:
            form = await _with_table(form, upload)
        if form.error("file"):
            return self._table_page(request, form, status=422)
        lines = _lines(form)
        checked = await check_list(lines, others=form.values("other"), by=request.user)
        return await self._page(request, form, status=422 if form.errors else 200, checked=checked)

    @post("/pupils")
    async def enrol(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        lines, school = _lines(form), form.id("organisation", required=True)
        course, others = form.text("course", longest=limits.COURSE), form.values("other")
        checked = await check_list(lines, others=others, by=request.user)
        count = 0
        if not form.errors:
            try:
                count = await enrol(lines, organisation=school or 0, course=course, others=others, by=request.user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("list", refusal.message)
        if form.errors:
            return await self._page(request, form, status=422, checked=checked)
        text = ngettext(
            "Записан %(n)s ученик: напечатайте карточку", "Записано %(n)s учеников: напечатайте карточки", count
        )
        said = Flash("success" if count else "info", text if count else _("Новых учеников в списке нет"))
        return redirect("/class#roll", said, *_left_out(checked))

    @post("/cards")
    async def print_cards(self, request: PersonRequest) -> Response[Any]:
        """Make cards and return them at once: their codes are not kept."""
        form = await read_form(request)
        try:
            cards = await make_cards(_ticked(form), renews=form.flag("renews"), by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("pupil", refusal.message)
            return await self._page(request, form, status=422)
        return attachment(await drawn_cards(cards), PDF, "cards.pdf")

    @post("/team")
    async def put_into_team(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        project = form.id("project", required=True)
        count = 0
        if project is not None:
            try:
                count = await put_into_team(_ticked(form), project, by=request.user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("pupil", refusal.message)
        if form.errors:
            return await self._page(request, form, status=422)
        text = ngettext("В команду записан %(n)s ученик", "В команду записано %(n)s учеников", count)
        return redirect("/class#roll", Flash("success", text if count else _("Они уже в этой команде")))

    @post("/removal")
    async def remove(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        try:
            await end_enrolments(_ticked(form), by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("pupil", refusal.message)
            return await self._page(request, form, status=422)
        return redirect("/class#roll", Flash("success", _("Убраны из класса. Их записи и команды остались.")))

    @post("/projects/{project_id:int}/teacher")
    async def become_teacher(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        await become_teacher(project_id, by=request.user)
        return redirect(f"/projects/{project_id}", Flash("success", _("Теперь вы педагог этой команды")))

    @post("/substitutes")
    async def name_substitute(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        colleague, until = form.id("colleague", required=True), form.date("until", required=True)
        if colleague is not None and until is not None:
            try:
                await name_substitute(colleague, until, by=request.user)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("until", refusal.message)
        if form.errors:
            return await self._page(request, form, status=422)
        return redirect("/class#substitutes", Flash("success", _("Записано: коллега узнает об этом из письма")))

    @post("/substitutes/{substitution_id:int}/end")
    async def end_substitution(self, request: PersonRequest, substitution_id: FromPath[int]) -> Response[Any]:
        substitution = get_or_404(await substitution_of(substitution_id, request.user))
        await end_substitution(substitution.id, by=request.user)
        return redirect("/class#substitutes", Flash("success", _("Замещение закончилось")))

    def _table_page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        return page(request, "classroom/table.html", status=status, form=form, accepted=",".join(ACCEPTED))

    async def _page(
        self, request: PersonRequest, form: Form, *, status: int = 200, checked: list[CheckedLine] | None = None
    ) -> Response[Any]:
        by = request.user
        schools = await schools_of(by) if await may_keep_class(by) else []
        if not schools:
            if status != 200:
                raise not_a_class_teacher()
            return page(request, "classroom/not_yet.html")
        roll, colleagues = await roll_of(by), await colleagues_of(by)
        return page(
            request, "classroom/class.html", status=status, roll=roll, checked=checked,
            form=_with_first(form, organisation=schools, colleague=colleagues),
            schools=[(school.id, school.name) for school in schools], teams=await teams_open_to(by),
            without_teacher=await teams_without_teacher([e.person.id for e in roll]),
            colleagues=[(each.id, each.name) for each in colleagues], substitutes=await substitutes_of(by), day=today(),
            most=MOST, ticked=set(_ids(form)) or _ticked_first(roll, request.query_params.get("tick", "")),
        )  # fmt: skip


def _ticked_first(roll: Sequence[RollEntry], tick: str) -> set[int]:
    """Return whom the list of pupils ticks: who needs a card, everybody, or nobody."""
    return {each.person.id for each in roll if tick != "none" and (tick == "all" or each.needs_card)}


def _left_out(checked: Sequence[CheckedLine]) -> list[Flash]:
    """Return who was not enrolled because a child like them is there already."""
    names = ", ".join(each.pupil.full_name for each in checked if each.is_asked and not each.is_other)
    return [Flash("warning", _("Не записаны, потому что похожие уже есть: %(names)s", names=names))] if names else []


def _with_first(form: Form, **lists: Sequence[Any]) -> Form:
    """Return the form with the first of each list chosen where nothing is."""
    first = {name: str(rows[0].id) for name, rows in lists.items() if rows and not form.value(name)}
    chosen = form.with_values(**first)
    chosen.errors |= form.errors
    return chosen


def _lines(form: Form) -> list[PupilLine]:
    """Return the lines of the list, with a message in the form if there are none or too many."""
    lines = read_list(form.text("list", longest=LINES * 300, lines=True), today())
    if not lines:
        form.refuse("list", _("Впишите учеников: по одному на строке, с датой рождения"))
    elif len(lines) > MOST:
        form.refuse("list", _("За один раз – не больше %(most)s учеников: разделите список", most=MOST))
    return lines


async def _with_table(form: Form, upload: UploadFile) -> Form:
    """Return the form with the uploaded table as its list, or with a message beside the file."""
    try:
        rows = await asyncio.to_thread(uploaded_rows, upload.filename, await upload.read(), most=ROWS)
    except UnknownFormat as error:
        form.refuse("file", _("Не получилось прочитать: %(cause)s", cause=error))
        return form
    return form.with_values(list=lines_of(rows))


def _ids(form: Form) -> list[int]:
    return [found for value in form.values("pupil") if (found := id_in(value))]


def _ticked(form: Form) -> list[int]:
    """Return the chosen pupils. Raises Refusal if there are none."""
    if not (found := _ids(form)):
        raise Refusal(_("Отметьте хотя бы одного ученика"))
    return found


PAGES = [ClassPages]
