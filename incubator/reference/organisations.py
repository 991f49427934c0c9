"""Organisations by any spelling of their name: found, or added."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.languages import _
from incubator.core.text import slugify
from incubator.db import any_of, run_sql
from incubator.reference.name_forms import organisation_form
from incubator.reference.tables import Organisation, OrganisationName

ORGANISATION_KINDS = ("school", "college", "university", "enterprise", "community")


def organisation_kinds() -> dict[str, str]:
    """Return the kinds with their titles."""
    return {
        "school": _("Школа"),
        "college": _("Колледж"),
        "university": _("Вуз"),
        "enterprise": _("Предприятие"),
        "community": _("Кружок или объединение"),
    }


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


@dataclass(frozen=True, slots=True)
class _Found:
    """An organisation that bears a name."""

    present: int
    """Id of the one that replaces it today."""
    municipality: int | None
    is_exact: bool
    """The name is spelt the same."""


async def find_organisation(name: str, *, municipality: int | None = None) -> int | None:
    """Return the id of the organisation known by ``name``, however it is spelt; None if there is none.

    Schools of different municipalities share their names: one that is known to lie elsewhere than in
    ``municipality`` is another one. Where that is not known, the same spelling counts first.
    """
    found = [
        each
        for each in await _known_as(name)
        if None in (municipality, each.municipality) or each.municipality == municipality
    ]
    best = min(found, key=lambda each: (each.municipality != municipality, not each.is_exact), default=None)
    return best.present if best else None


async def _known_as(name: str) -> list[_Found]:
    """Return the organisations with a present, former or colloquial name of this form. Two queries."""
    form = organisation_form(name)
    own = (
        await Organisation.select(
            Organisation.id, Organisation.merged_into, Organisation.municipality, Organisation.name
        )
        .where(Organisation.form == form)
        .order_by(Organisation.id)
    )
    of: Any = OrganisationName.organisation
    other = await OrganisationName.select(
        of.id.as_alias("id"), of.merged_into.as_alias("merged_into"), of.municipality.as_alias("municipality"),
        OrganisationName.name,
    ).where(OrganisationName.form == form).order_by(OrganisationName.id)  # fmt: skip
    return [
        _Found(int(row["merged_into"] or row["id"]), row["municipality"], row["name"] == name) for row in (*own, *other)
    ]


_EVERY_NAME = """SELECT asked."id" AS "of", o."name", n."name" AS "other" FROM "organisation" asked
JOIN "organisation" o ON COALESCE(o."merged_into", o."id") = COALESCE(asked."merged_into", asked."id")
LEFT JOIN "organisation_name" n ON n."organisation" = o."id"
WHERE asked."id" IN (MARKS)
ORDER BY asked."id", o."id", n."id"
"""


async def every_name_of(organisation_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return all names that each organisation has and had: its own, and those of all with which it was merged. One query."""
    if not organisation_ids:
        return {}
    marks, ids = any_of(sorted(set(organisation_ids)))
    names: dict[int, list[str]] = {}
    for row in await run_sql(_EVERY_NAME.replace("MARKS", marks), *ids):
        names.setdefault(row["of"], []).extend(name for name in (row["name"], row["other"]) if name)
    return {organisation: list(dict.fromkeys(found)) for organisation, found in names.items()}


async def organisation_named(name: str, *, kind: str = "", municipality: int | None = None) -> int:
    """Return the id of the organisation known by ``name``, adding it if necessary. Call inside a transaction.

    ``kind``: one of ORGANISATION_KINDS, as somebody said; guessed from the name if empty.
    """
    known = await find_organisation(name, municipality=municipality)
    if known is not None:
        await _complete(known, kind=kind, municipality=municipality)
        return known
    base = slugify(name, 70) or "org"
    taken = {r["key"] for r in await Organisation.select(Organisation.key).where(Organisation.key.like(f"{base}%"))}
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if k not in taken)
    row = Organisation(
        key=key, name=name, form=organisation_form(name), kind=kind or kind_of(name), is_kind_guessed=not kind,
        municipality=municipality,
    )  # fmt: skip
    await row.save()
    return int(row.id)


async def _complete(organisation_id: int, *, kind: str, municipality: int | None) -> None:
    """Fill in what nobody has said about a known organisation yet."""
    own = Organisation.id == organisation_id
    if municipality is not None:
        await Organisation.update({Organisation.municipality: municipality}).where(
            own & Organisation.municipality.is_null()
        )
    if kind:
        await Organisation.update({Organisation.kind: kind, Organisation.is_kind_guessed: False}).where(
            own & Organisation.is_kind_guessed.eq(True)
        )


async def similar_organisations(name: str, *, most: int = 5) -> list[str]:
    """Return names of organisations that share a telling word with ``name``: what somebody may have meant."""
    words = [word for word in organisation_form(name).split() if len(word) > 3 or word.isdigit()]
    if not words:
        return []
    telling = max(words, key=len)
    rows: Sequence[dict[str, Any]] = (
        await Organisation.select(Organisation.name, Organisation.form)
        .where(
            Organisation.form.like(f"%{telling[:-2] if len(telling) > 5 else telling}%")
            & Organisation.merged_into.is_null()
        )
        .order_by(Organisation.name)
        .limit(100)
    )
    shared = sorted(rows, key=lambda row: -len(set(words) & set(row["form"].split())))
    return [row["name"] for row in shared[:most]]
