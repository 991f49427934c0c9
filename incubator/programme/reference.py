"""Reference lists: clusters, competencies, municipalities, texts of consents, organisations."""

import re
from typing import Any

from incubator.db import writing
from incubator.people.tables import ConsentText
from incubator.programme.defaults import default
from incubator.programme.tables import Cluster, Competency, Municipality, Organisation
from incubator.web.text import slugify


async def install_reference_lists() -> None:
    """Add the default rows that are missing; leaves what organisers changed alone."""
    async with writing():
        await _add_missing(Cluster, [_cluster(row) for row in default("clusters")["cluster"]])
        await _add_missing(
            Competency,
            [Competency(**_texts(row, "title")) for row in default("competencies")["competency"]],
        )
        await _add_missing(
            Municipality,
            [
                Municipality(
                    key=row["key"], title_ru=row["name_ru"], title_en=row["name_en"],
                    oktmo=row["oktmo"], lon=row["lon"], lat=row["lat"],
                )
                for row in default("municipalities")["municipality"]
            ],
        )  # fmt: skip
        known = {(t["purpose"], t["version"]) for t in await ConsentText.select()}
        for row in default("consents")["consent"]:
            if (row["purpose"], row["version"]) not in known:
                await ConsentText(**row).save()


def _texts(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    names = [f"{field}_{locale}" for field in fields for locale in ("ru", "en")]
    return {"key": row["key"], **{name: row[name] for name in names}}


def _cluster(row: dict[str, Any]) -> Cluster:
    return Cluster(**_texts(row, "title", "about"), hue_from=row["hues"][0], hue_to=row["hues"][1], motif=row["motif"])


async def _add_missing(table: Any, rows: list[Any]) -> None:
    known = {row["key"] for row in await table.select(table.key)}
    missing = [row for row in rows if row.key not in known]
    if missing:
        await table.insert(*missing)


#: Beginnings of words that tell the kind of an organisation, the first that fits.
_KIND_WORDS = (
    ("college", ("колледж", "техникум", "училищ", "college")),
    ("university", ("университет", "институт", "академи", "вуз", "university", "institute")),
    ("community", ("дом творч", "дворец", "кружок", "клуб", "кванториум", "центр", "объединени", "club", "centre", "center")),
    ("enterprise", ("завод", "комбинат", "фабрик", "ооо", "оао", "зао", "ао", "предприяти", "ltd", "gmbh", "inc")),
)  # fmt: skip


def kind_of(name: str) -> str:
    """What an organisation seems to be by its name; a school, if nothing tells."""
    folded = f" {name.casefold()}"
    said = re.sub(r"[^\w]+", " ", folded)
    return next((kind for kind, starts in _KIND_WORDS if any(f" {start}" in said for start in starts)), "school")


async def organisation_named(name: str, *, kind: str = "", municipality: int | None = None) -> int:
    """Id of the organisation of this name, added where there is none. Call inside a transaction.

    ``kind``: one of ORGANISATION_KINDS; by its name if empty.
    """
    known = await Organisation.select(Organisation.id).where(Organisation.name == name).first()
    if known:
        return int(known["id"])
    base = slugify(name, 70) or "org"
    taken = {r["key"] for r in await Organisation.select(Organisation.key).where(Organisation.key.like(f"{base}%"))}
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if k not in taken)
    row = Organisation(key=key, name=name, kind=kind or kind_of(name), municipality=municipality)
    await row.save()
    return int(row.id)


ORGANISATION_KINDS = ("school", "college", "university", "enterprise", "community")
