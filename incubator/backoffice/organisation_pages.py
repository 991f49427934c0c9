"""Organisers keep the list of organisations: look up, correct, rename, add other names, merge double entries."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.backoffice.organisations import list_organisations, possible_twins, use_of
from incubator.core import limits
from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal, Stale
from incubator.db.references import id_of
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.coordinators import coordinators_of
from incubator.people.guards import PersonRequest, organiser
from incubator.people.vouching import confirmed_teachers_at
from incubator.publication.organisations import correct_organisation, merge_duplicates
from incubator.reference.merging import add_name, forget_name
from incubator.reference.organisations import find_organisation, organisation_kinds
from incubator.reference.tables import Municipality, Organisation, OrganisationName

#: What two organisers may change at once.
_FIELDS = ("name", "kind", "municipality")


class OrganisationPages(Controller):
    path = "/organiser/organisations"
    guards = [organiser]

    @get()
    async def every(
        self, request: PersonRequest, q: FromQuery[str] = "", kind: FromQuery[str] = "",
        guessed: FromQuery[str] = "",
    ) -> Response[Any]:  # fmt: skip
        kind = kind if kind in organisation_kinds() else ""
        after = after_of(request)
        found = await list_organisations(q[: limits.ORGANISATION], kind=kind, is_guessed=guessed == "1", after=after)
        return page(
            request, "backoffice/organisations.html", found=found, q=q, kind=kind, guessed=guessed == "1",
            kinds=organisation_kinds(), is_first=after is None,
        )  # fmt: skip

    @get("/{organisation_id:int}")
    async def show(self, request: PersonRequest, organisation_id: FromPath[int]) -> Response[Any]:
        row = await self._row(organisation_id)
        return await self._page(request, row, self._as_it_is(row, Form()))

    @post("/{organisation_id:int}")
    async def change(self, request: PersonRequest, organisation_id: FromPath[int]) -> Response[Any]:
        row = await self._row(organisation_id)
        form = await read_form(request)
        name = form.text("name", longest=limits.ORGANISATION, required=True)
        kind = form.choice("kind", organisation_kinds())
        places = {value for value, _title in await self._municipalities()}
        municipality = int(form.choice("municipality", places, required=False) or 0) or None
        is_new_name = form.choice("change", ("correction", "renamed")) == "renamed"
        if not form.errors:
            try:
                await correct_organisation(
                    row, name=name, kind=kind, municipality=municipality, is_new_name=is_new_name, by=request.user,
                    read=self._read(form),
                )  # fmt: skip
            except Stale:
                raise
            except Refusal as refusal:
                form.refuse("name", refusal.message)
            else:
                return redirect(f"/organiser/organisations/{row.id}", Flash("success", _("Сохранено")))
        return await self._page(request, row, form, status=422)

    @post("/{organisation_id:int}/names")
    async def add_name(self, request: PersonRequest, organisation_id: FromPath[int]) -> Response[Any]:
        row = await self._row(organisation_id)
        form = await read_form(request)
        name = form.text("other_name", longest=limits.ORGANISATION, required=True)
        if form.errors:
            return await self._page(request, row, self._as_it_is(row, form), status=422)
        await add_name(Organisation, row.id, name, by=request.user)
        return redirect(f"/organiser/organisations/{row.id}", Flash("success", _("Теперь находится и так")))

    @post("/{organisation_id:int}/names/{name_id:int}/removal")
    async def remove_name(
        self, request: PersonRequest, organisation_id: FromPath[int], name_id: FromPath[int]
    ) -> Response[Any]:
        await forget_name(organisation_id, name_id, by=request.user)
        return redirect(f"/organiser/organisations/{organisation_id}", Flash("success", _("Имя убрано")))

    @post("/{organisation_id:int}/merge")
    async def merge(self, request: PersonRequest, organisation_id: FromPath[int]) -> Response[Any]:
        """Show what would move; merge once that is confirmed."""
        twin = await self._row(organisation_id)
        form = await read_form(request)
        into = await self._chosen(form)
        if into is None or into.id == twin.id:
            form.refuse("into_name", _("Выберите другую организацию из списка или впишите её имя"))
            return await self._page(request, twin, self._as_it_is(twin, form), status=422)
        if not form.flag("is_sure"):
            projects, people = await use_of([twin.id, into.id])
            return page(
                request, "backoffice/organisation_merge.html", twin=twin, into=into, projects=projects, people=people
            )
        await merge_duplicates(twin, into, by=request.user)
        return redirect(
            f"/organiser/organisations/{into.id}", Flash("success", _("Записи объединены: всё теперь здесь"))
        )

    async def _chosen(self, form: Form) -> Organisation | None:
        """Return the organisation that was chosen from the list, or typed by name."""
        chosen = form.id("into") if form.value("into") else await find_organisation(form.value("into_name").strip())
        return await Organisation.objects(Organisation.municipality).get(
            (Organisation.id == (chosen or 0)) & Organisation.merged_into.is_null()
        )

    async def _row(self, organisation_id: int) -> Organisation:
        return get_or_404(
            await Organisation.objects(Organisation.municipality).get(
                (Organisation.id == organisation_id) & Organisation.merged_into.is_null()
            )
        )

    def _as_it_is(self, row: Organisation, form: Form) -> Form:
        """Return the page's form with the organisation's values beside what was typed into another of its forms."""
        shown = form.with_values(
            name=row.name, kind=row.kind, municipality=id_of(row.municipality) or "", change="correction"
        ).with_read(*_FIELDS)
        for name, message in form.errors.items():
            shown.refuse(name, message)
        return shown

    def _read(self, form: Form) -> dict[str, Any]:
        """Return what the page showed of the organisation."""
        read: dict[str, Any] = form.before(*_FIELDS)
        return {**read, "municipality": id_in(read["municipality"])} if "municipality" in read else read

    async def _municipalities(self) -> list[tuple[str, str]]:
        rows = await Municipality.select(Municipality.id, Municipality.title_ru, Municipality.title_en)
        return sorted(((str(row["id"]), localized(row, "title")) for row in rows), key=lambda option: option[1])

    async def _page(self, request: PersonRequest, row: Organisation, form: Form, *, status: int = 200) -> Response[Any]:
        projects, people = await use_of([row.id])
        names = (
            await OrganisationName.objects()
            .where(OrganisationName.organisation == row.id)
            .order_by(OrganisationName.name)
        )
        return page(
            request, "backoffice/organisation.html", status=status, organisation=row, form=form, names=names,
            twins=await possible_twins(row), kinds=list(organisation_kinds().items()),
            coordinators=await coordinators_of(row.id), teachers=await confirmed_teachers_at(row.id),
            municipalities=await self._municipalities(), projects=projects.get(row.id, 0), people=people.get(row.id, 0),
        )  # fmt: skip


PAGES = [OrganisationPages]
