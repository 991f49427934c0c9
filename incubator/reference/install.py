"""The reference lists as they are at first: clusters, competencies, municipalities."""

from typing import Any

from incubator.db import writing
from incubator.reference.defaults import default
from incubator.reference.tables import Cluster, Competency, Municipality


async def install_reference_rows() -> None:
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
