"""The page with the table of children and documents, which several forms lead back to."""

from typing import Any

from litestar import Response

from incubator.core.clock import now
from incubator.core.languages import current_locale
from incubator.http.forms import Form, id_in
from incubator.http.templating import page
from incubator.people.guards import PersonRequest
from incubator.people.tables import Person
from incubator.privacy.consent_scope import ConsentScope, query_of, scope_of
from incubator.privacy.data_operator import lacks, the_operator
from incubator.privacy.scans import tray_of
from incubator.privacy.sheets import MOST, batch_of
from incubator.privacy.slips import words_for_chat
from incubator.privacy.tables import ConsentSheet, SheetBatch
from incubator.projects.consents import PURPOSES, STAFF
from incubator.projects.deadlines import binding_deadlines


async def table_page(request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
    """Return the page that the address asks for; what was ticked in ``form`` stays ticked."""
    scope = await scope_of(request)
    batch = id_in(request.query_params.get("batch", ""))
    chosen = {(project or 0, person) for project, person in ticked_children(form)}
    deadlines = await binding_deadlines([table.project for table in scope.tables if table.project])
    coming = [each.until for each in deadlines.values() if each and each.until > now()]
    return page(
        request, "privacy/colleagues.html" if scope.is_staff else "privacy/consents.html", status=status, form=form,
        tables=scope.tables, view=scope, tray=await tray_of(request.user), for_families=words_for_chat(min(coming, default=None)),
        purposes=(STAFF,) if scope.is_staff else PURPOSES, scope=query_of(request),
        ticked=chosen or _ticked(scope, request.query_params.get("tick", "")),
        batch=await _own_batch(batch, request.user) if batch else None,
        operator_lacks=lacks(await the_operator()), language=current_locale(),
    )  # fmt: skip


def here(request: PersonRequest) -> str:
    """Return the address of the table that the reader looks at."""
    return f"/consents{query_of(request)}"


def ticked_children(form: Form) -> list[tuple[int | None, int]]:
    """Return project (None: a pupil of a class) and person of each ticked child."""
    pairs = [value.partition("-") for value in form.values("child")]
    return [(id_in(project), found) for project, _dash, person in pairs if (found := id_in(person))]


def _ticked(scope: ConsentScope, tick: str) -> set[tuple[int, int]]:
    """Return whom the table ticks, by team: whom the gate waits for, everybody, or nobody; as many as one file has sheets for."""
    found = [
        (table.project.id if table.project else 0, child.person.id)
        for table in scope.tables
        for child in table.children
        if tick != "none" and (tick == "all" or (child.is_barred and not child.signs_alone))
    ]
    return set(found[: MOST // len(PURPOSES)])


async def _own_batch(batch_id: int, person: Person) -> tuple[SheetBatch, int] | None:
    """Return a batch of the person's with the number of its sheets."""
    batch = await batch_of(batch_id, person)
    return (batch, await ConsentSheet.count().where(ConsentSheet.batch == batch.id)) if batch else None
