"""Organisations by name: found, or added with a guess at their kind."""

import re

from incubator.core.text import slugify
from incubator.reference.tables import Organisation, OrganisationName

#: Prefixes of words that indicate the kind of an organisation; the first match counts.
_KIND_WORDS = (
    ("college", ("колледж", "техникум", "училищ", "college")),
    ("university", ("университет", "институт", "академи", "вуз", "university", "institute")),
    ("community", ("дом творч", "дворец", "кружок", "клуб", "кванториум", "центр", "объединени", "club", "centre", "center")),
    ("enterprise", ("завод", "комбинат", "фабрик", "ооо", "оао", "зао", "ао", "предприяти", "ltd", "gmbh", "inc")),
)  # fmt: skip


def kind_of(name: str) -> str:
    """Guess the kind of an organisation from its name; a school by default."""
    folded = f" {name.casefold()}"
    said = re.sub(r"[^\w]+", " ", folded)
    return next((kind for kind, starts in _KIND_WORDS if any(f" {start}" in said for start in starts)), "school")


async def find_organisation(name: str) -> int | None:
    """Return the id of the organisation with this name, present, former or colloquial; None if there is none."""
    row = await Organisation.select(Organisation.id, Organisation.merged_into).where(Organisation.name == name).first()
    if row:
        return int(row["merged_into"] or row["id"])
    other = OrganisationName.organisation
    row = (
        await OrganisationName.select(other.id.as_alias("id"), other.merged_into.as_alias("merged_into"))
        .where(OrganisationName.name == name)
        .order_by(OrganisationName.id)
        .first()
    )
    return int(row["merged_into"] or row["id"]) if row else None


async def organisation_named(name: str, *, kind: str = "", municipality: int | None = None) -> int:
    """Return the id of the organisation with this name, adding it if necessary. Call inside a transaction.

    ``kind``: one of ORGANISATION_KINDS; guessed from the name if empty.
    """
    known = await find_organisation(name)
    if known is not None:
        return known
    base = slugify(name, 70) or "org"
    taken = {r["key"] for r in await Organisation.select(Organisation.key).where(Organisation.key.like(f"{base}%"))}
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if k not in taken)
    row = Organisation(key=key, name=name, kind=kind or kind_of(name), municipality=municipality)
    await row.save()
    return int(row.id)


ORGANISATION_KINDS = ("school", "college", "university", "enterprise", "community")
