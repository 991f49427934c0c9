"""Saving the sections of a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.formatting import clock
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.core.text import clean, clean_line, fingerprint
from incubator.gates.section_view import place_after, section_view
from incubator.http.flash import Flash
from incubator.http.form_body import LARGEST_DOCUMENT
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect, wants_json
from incubator.http.templating import render as render_html
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Person
from incubator.programme.seasons import once_asked, section_at, sections_at
from incubator.programme.tables import Section
from incubator.projects.access import Access
from incubator.projects.answers import (
    CHOICE,
    KIND,
    OtherKind,
    Written,
    either,
    is_of_another_kind,
    longest_of,
    merging,
    save_answers,
    save_section,
)
from incubator.projects.differences import Difference, difference_of
from incubator.projects.document import advice_beside, terms_for
from incubator.projects.drawing import drawn_results
from incubator.projects.enter import enter
from incubator.projects.kinds.registry import kind_of, sheet_kind_of
from incubator.projects.kinds.sheet import BASE, ROW_ACTION
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.revisions import text_at
from incubator.projects.tables import Answer
from incubator.projects.text_merge import MergedText, merge


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A section that could not be saved together with the others."""

    section: Section
    text: str
    """Its value as it was typed."""
    error: str
    stale: Stale | None
    read_version: int
    is_of_another_kind: bool = False
    """An organiser has changed what the section holds: its form cannot be saved any more."""

    @property
    def version(self) -> int:
        """Return the version on top of which the next attempt is made: both texts are on the page now."""
        return self.stale.version if self.stale else self.read_version

    @property
    def difference(self) -> Difference:
        return difference_of(self.section.kind, self.stale.theirs.text, self.text) if self.stale else Difference()


class AnswerPages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @post("/answers/{key:str}")
    async def save(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        form = await read_form(request)
        try:
            answer, section = await save_section(project_id, key, form, version=form.version(), by=request.user)
        except Refusal as refusal:
            return await self._not_saved(request, project_id, key, form, refusal)
        if wants_json(request):
            saved = {"version": answer.version, "saved_at": clock(answer.changed_at)}
            return Response(saved | await _follows(project_id, section, answer, form))
        return redirect(place_after(project_id, key, form), Flash("success", _("Сохранено")))

    async def _not_saved(
        self, request: PersonRequest, project_id: int, key: str, form: Form, refusal: Refusal
    ) -> Response[Any]:
        """Show what was typed beside the reason; 404 to whoever may not even see the project."""
        way = await enter(request, project_id)
        section = get_or_404(await section_at(way.project.season.id, way.project.stage, key))
        if isinstance(refusal, OtherKind) and not wants_json(request):
            lost = Unsaved(section, _text_of_former_kind(form), "", None, 0, is_of_another_kind=True)
            return page(
                request, "projects/unsaved.html", status=409, project=way.project, unsaved=[], saved=0, gone=[lost]
            )
        value = _typed(form, section)
        if form.errors:
            return await self._too_long(request, way, section, form, value)
        if isinstance(refusal, Stale):
            values = either(form, section, value, refusal.theirs.text)
            return await self._conflict(request, way, section, values, refusal, read=form.version())
        raise refusal

    async def _too_long(
        self, request: PersonRequest, way: Access, section: Any, form: Form, value: str
    ) -> Response[Any]:
        if wants_json(request):
            return Response({"error": form.error("text")}, status_code=422)
        return await _section_page(request, way, section.key, form, value)

    async def _conflict(
        self, request: PersonRequest, way: Access, section: Any, values: tuple[str, str], stale: Stale, *, read: int
    ) -> Response[Any]:
        """Show both values, one's own first, and their differences: nothing is lost, and the person chooses.

        Two texts are also brought together, if it is known from which one both began, the version that was ``read``.
        """
        theirs = stale.theirs
        author = await Person.objects().get(Person.id == theirs.changed_by) if theirs.changed_by else None
        context = {
            "project": way.project,
            "section": section,
            "yours": values[0],
            "kept": values[1],
            "theirs": theirs,
            "their_name": author.name if author else "",
            "changed": difference_of(section.kind, values[1], values[0]),
            "message": stale.message,
            "merged": await _merged(way.project.id, section, values, read),
        }
        if wants_json(request):
            html = render_html(request, "projects/_conflict.html", **context)
            return Response({"html": html, "version": theirs.version, "theirs": theirs.text}, status_code=409)
        return page(request, "projects/conflict.html", status=409, **context)

    @post("/answers", request_max_body_size=LARGEST_DOCUMENT)
    async def save_all(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Save what was written in any section of the document: without scripts they are all in one form."""
        way = await enter(request, project_id)
        form = await read_form(request)
        sections = await sections_at(way.project.season.id, way.project.stage)
        written = _written(form, sections)
        fitting = {key: each for key, each in written.items() if not form.error(f"text-{key}")}
        stale = await save_answers(way.project, fitting, by=request.user)
        gone = await _gone(way.project.season.id, form, {section.key for section in sections})
        gone += _of_former_kind(form, sections)
        if not stale and not gone and not form.errors:
            return redirect(f"/projects/{project_id}{_place(form, sections)}", Flash("success", _("Сохранено")))
        unsaved = [
            _unsaved(form, s, written[s.key], stale.get(s.key))
            for s in sections
            if s.key in stale or form.error(f"text-{s.key}")
        ]
        return page(
            request, "projects/unsaved.html", status=409 if stale or gone else 422, project=way.project, unsaved=unsaved,
            saved=len(fitting) - len(stale), gone=gone,
        )  # fmt: skip

    @get("/answers/{key:str}")
    async def show(self, request: PersonRequest, project_id: FromPath[int], key: FromPath[str]) -> Response[Any]:
        """Show one section on its own page: for a phone, a slow connection, or print.

        Links in mails and in the bell outlive a section that is asked no more: what was said at it stands at the document.
        """
        way = await enter(request, project_id)
        season, stage = way.project.season.id, way.project.stage
        if await section_at(season, stage, key) is None and await once_asked(season, [key]):
            gone = _("Этого раздела в документе больше нет. Что о нём говорили, стоит здесь.")
            return redirect(f"/projects/{project_id}", Flash("info", gone))
        return await _section_page(request, way, key)


async def _merged(project_id: int, section: Section, values: tuple[str, str], read: int) -> MergedText | None:
    """Return what two texts come to together; None if that is not known, or no more than one of them."""
    if sheet_kind_of(section.kind) is not None:
        return None
    base = await text_at(project_id, section.key, read) if read else ""
    if base is None:
        return None
    merged = merge(base, *values)
    return merged if merged.text not in values and len(merged.text) <= longest_of(section) else None


def _typed(form: Form, section: Section, suffix: str = "") -> str:
    """Return the value of the section as it was typed; an error of its length is in the form."""
    name = f"text{suffix}"
    if sheet_kind_of(section.kind) is None:
        typed = form.text(name, longest=longest_of(section), lines=True)
        return typed if not form.error(name) else form.value(name)
    value = kind_of(section.kind).typed(form, suffix)
    if len(value) > longest_of(section):
        form.refuse(name, _("Таблица слишком длинная"))
    return value


def _written(form: Form, sections: Iterable[Section]) -> dict[str, Written]:
    """Return the sections in which somebody wrote, by key."""
    return {
        s.key: Written(
            value, form.version(f"version-{s.key}"), merging(form, s, value, f"-{s.key}"), is_choice=CHOICE in form
        )
        for s in sections
        if f"version-{s.key}" in form and not is_of_another_kind(form, s, f"-{s.key}")
        for value in (_typed(form, s, f"-{s.key}"),)
        if form.value(f"read-{s.key}") != fingerprint(clean(value))
    }


def _text_of_former_kind(form: Form, suffix: str = "") -> str:
    """Return what was written, as a text, in the form of a section that was of another kind then; empty if nothing was."""
    kind = kind_of(form.value(f"{KIND}{suffix}"))
    typed = kind.typed(form, suffix)
    is_written = form.value(f"read{suffix}") != fingerprint(clean(typed))
    return kind.text(typed) if is_written else ""


def _of_former_kind(form: Form, sections: Iterable[Section]) -> list[Unsaved]:
    """Return what was written in sections of which an organiser has changed the kind since."""
    return [
        Unsaved(s, text, "", None, 0, is_of_another_kind=True)
        for s in sections
        if is_of_another_kind(form, s, f"-{s.key}") and (text := _text_of_former_kind(form, f"-{s.key}"))
    ]


async def _gone(season_id: int, form: Form, asked: set[str]) -> list[Unsaved]:
    """Return what was written in sections that the document does not ask any more: an organiser removed one, or a decision was corrected."""
    keys = [key for name in form.names() if (key := name.removeprefix("version-")) != name and key not in asked]
    rows = {row.key: row for row in await once_asked(season_id, keys)}
    written = _written(form, rows.values())
    return [
        Unsaved(rows[key], kind_of(rows[key].kind).text(each.text), "", None, 0)
        for key, each in written.items()
        if each.text
    ]


def _unsaved(form: Form, section: Section, written: Written, stale: Stale | None) -> Unsaved:
    suffix = f"-{section.key}"
    text = either(form, section, written.text, stale.theirs.text, suffix)[0] if stale else written.text
    return Unsaved(section, text, form.error(f"text{suffix}"), stale, written.version)


def _place(form: Form, sections: Iterable[Section]) -> str:
    """Return where on the page somebody pressed the button: at a row of a sheet, or below a section."""
    moved = next((s.key for s in sections if form.value(f"{ROW_ACTION}-{s.key}")), "")
    key = moved or clean_line(form.value("save"))
    return f"#s-{key}" if f"version-{key}" in form else ""


async def _follows(project_id: int, section: Section, answer: Answer, form: Form) -> dict[str, Any]:
    """Return what the page shows below the cells and at them, as it follows from what is stored now, and what its own cells hold."""
    kind = sheet_kind_of(section.kind)
    if kind is None:
        return {}
    stored = kind.in_season(answer.text, (await terms_for([section])).get(section.season))
    advice = [*kind.advice(stored), *await advice_beside(project_id, kind, stored)]
    return {
        "computed": drawn_results(kind, kind.sheet(stored)), "advised": {each.place: each.message for each in advice},
        BASE: kind.typed(form),
    }  # fmt: skip


async def _section_page(
    request: PersonRequest, way: Access, key: str, form: Form | None = None, value: str = ""
) -> Response[Any]:
    """Show a section on its own; ``form`` and ``value``: what was typed and could not be stored."""
    view = await section_view(way, key)
    return page(
        request, "gates/section.html", status=422 if form else 200, way=way, project=way.project, work=view.work, part=view.part,
        view=view, text=value if form else view.part.value,
        version=form.version() if form else view.part.version, error=form.error("text") if form else "",
        is_closed=way.project.state not in WRITABLE,
    )  # fmt: skip


PAGES = [AnswerPages]
