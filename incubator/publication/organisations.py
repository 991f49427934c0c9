"""Organisers keep the list of organisations: correcting an entry, and merging two entries of one organisation.

Both reach what the public reads: the name and the kind on the cards of projects.
"""

from collections.abc import Mapping
from typing import Any

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.three_way import three_way
from incubator.db import writing
from incubator.db.references import id_of, repoint
from incubator.history.record import Happened, record
from incubator.people.grants import follow_organisation, require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.locking import lock_project
from incubator.projects.tables import Project
from incubator.publication.entry import follow_words, refresh_facets
from incubator.publication.tables import Publication
from incubator.reference.merging import correct_name, learn_name, lock, rename
from incubator.reference.name_forms import organisation_form
from incubator.reference.tables import Organisation
from incubator.search.postings import hold


async def correct_organisation(
    organisation: Organisation, *, name: str, kind: str, municipality: int | None, is_new_name: bool, by: Person,
    read: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Correct an entry. Raises Refusal if another organisation of that municipality has the name.

    ``read``: what ``by`` saw before; what they did not touch stays as it is now. Raises Stale where somebody else was faster.
    ``is_new_name``: the organisation was renamed, so what it was called before stays on the cards of the past;
    otherwise the name was wrong, and it changes wherever it stands.
    """
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        await hold()
        fresh = await lock(Organisation, organisation.id)
        stored = {"name": fresh.name, "kind": fresh.kind, "municipality": id_of(fresh.municipality)}
        typed = {"name": name, "kind": kind, "municipality": municipality}
        name, kind, municipality = three_way(read or {}, typed, stored, texts={"name"}).values()
        if (fresh.name, fresh.kind, fresh.municipality, fresh.is_kind_guessed) == (name, kind, municipality, False):
            return
        await _require_unique(fresh.id, name, municipality)
        if name != fresh.name and is_new_name:
            await rename(fresh.id, name, by=by)
        elif name != fresh.name:
            await correct_name(fresh.id, name)
            await _correct_cards(fresh.id, fresh.name, name)
        await Organisation.update(
            {Organisation.kind: kind, Organisation.is_kind_guessed: False, Organisation.municipality: municipality}
        ).where(Organisation.id == fresh.id)
        if kind != fresh.kind:
            await _refresh_cards(fresh.id)
        await record(Happened.REFERENCE_CHANGED, by=by, table="organisation", row=fresh.id, name=name, kind=kind)


async def _require_unique(organisation_id: int, name: str, municipality: int | None) -> None:
    taken = await Organisation.exists().where(
        (Organisation.id != organisation_id)
        & (Organisation.form == organisation_form(name))
        & Organisation.merged_into.is_null()
        & (Organisation.municipality.is_null() if municipality is None else Organisation.municipality == municipality)
    )
    if taken:
        raise Refusal(_("Организация с таким именем здесь уже есть: объедините записи, если это она"))


async def merge_duplicates(twin: Organisation, into: Organisation, *, by: Person) -> dict[str, int]:
    """Merge ``twin``, a second entry of the same organisation, into another; return how many rows of each table moved.

    Everything that refers to the twin then refers to the other, which is found under both names. For a merger of two
    real organisations on a day, see ``reference/merging.py: merge``. Raises Refusal for an entry that is gone.
    """
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        await hold()
        if twin.id == into.id:
            raise Refusal(_("Выберите другую организацию: с самой собой не объединить"))
        rows = {each: await lock(Organisation, each) for each in sorted({twin.id, into.id})}
        moved = await repoint(Organisation, twin.id, into.id)
        await follow_organisation(twin.id, into.id)
        await Organisation.delete().where(Organisation.id == twin.id)
        await learn_name(Organisation, into.id, rows[twin.id].name)
        await _correct_cards(into.id, rows[twin.id].name, rows[into.id].name)
        if rows[twin.id].kind != rows[into.id].kind:
            await _refresh_cards(into.id)
        await record(
            Happened.REFERENCE_CHANGED, by=by, table="organisation", row=into.id, merged=rows[twin.id].name, moved=moved
        )
        return moved


async def _correct_cards(organisation_id: int, wrong: str, name: str) -> None:
    """Write the right name on the cards of its projects that have the wrong one, and find them by it."""
    cards = (
        await Publication.update({Publication.organisation: name})
        .where(
            Publication.project.is_in(Project.select(Project.id).where(Project.organisation == organisation_id))
            & (Publication.organisation == wrong)
        )
        .returning(Publication.project)
    )
    for card in sorted(cards, key=lambda row: int(row["project"])):
        await lock_project(card["project"])
        await follow_words(card["project"])


async def _refresh_cards(organisation_id: int) -> None:
    for row in await Project.select(Project.id).where(Project.organisation == organisation_id).order_by(Project.id):
        await refresh_facets(row["id"])
