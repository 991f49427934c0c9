"""The list of organisations as organisers see it: found by any spelling, with what refers to each and who may be the same."""

from dataclasses import dataclass
from typing import Any

from piccolo.query.functions import Count

from incubator.http.keyset import After, after_row, beyond
from incubator.people.tables import Affiliation
from incubator.projects.tables import Project
from incubator.reference.name_forms import organisation_form
from incubator.reference.tables import Organisation, OrganisationName

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    organisation: Organisation
    projects: int
    people: int


@dataclass(frozen=True, slots=True)
class OrganisationList:
    rows: list[ListedOrganisation]
    next: After | None
    """The last row, after which the next page begins; None: there is no more."""


async def list_organisations(words: str, *, kind: str, is_guessed: bool, after: After | None) -> OrganisationList:
    """Return a page of present organisations by name, those after the row ``after``. Four queries at most."""
    where: Any = Organisation.merged_into.is_null()
    if form := organisation_form(words):
        named = OrganisationName.select(OrganisationName.organisation).where(OrganisationName.form.like(f"%{form}%"))
        where &= Organisation.form.like(f"%{form}%") | Organisation.id.is_in(named)
    if kind:
        where &= Organisation.kind == kind
    if is_guessed:
        where &= Organisation.is_kind_guessed.eq(True)
    if after is not None:
        where &= beyond(after, Organisation.form, Organisation.id, ascending=True)
    rows = (
        await Organisation.objects(Organisation.municipality)
        .where(where)
        .order_by(Organisation.form, Organisation.id)
        .limit(PER_PAGE + 1)
    )
    page = rows[:PER_PAGE]
    projects, people = await use_of([row.id for row in page])
    return OrganisationList(
        [ListedOrganisation(row, projects.get(row.id, 0), people.get(row.id, 0)) for row in page],
        after_row(page[-1].id, page[-1].form) if len(rows) > PER_PAGE else None,
    )


async def use_of(ids: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return how many projects and how many affiliations refer to each organisation. Two queries."""
    counts = []
    for column in (Project.organisation, Affiliation.organisation):
        table: Any = column._meta.table
        rows = (
            await table.select(column.as_alias("organisation"), Count(alias="count"))
            .where(column.is_in(ids or [0]))
            .group_by(column)
        )
        counts.append({row["organisation"]: row["count"] for row in rows})
    return counts[0], counts[1]


async def possible_twins(organisation: Organisation, *, most: int = 8) -> list[Organisation]:
    """Return organisations that may be the same: one form within the other, or most words shared."""
    words = organisation.form.split()
    telling = max(words, key=len, default="")
    if len(telling) < 3 and not telling.isdigit():
        return []
    rows = (
        await Organisation.objects(Organisation.municipality)
        .where(
            Organisation.form.like(f"%{telling}%")
            & Organisation.merged_into.is_null()
            & (Organisation.id != organisation.id)
        )
        .limit(200)
    )
    return sorted(rows, key=lambda row: -_likeness(words, row.form.split()))[:most]


def _likeness(own: list[str], other: list[str]) -> float:
    """Return the share of words that two names have in common (Jaccard index)."""
    return len(set(own) & set(other)) / len(set(own) | set(other))
