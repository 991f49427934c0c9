"""Installation of the default reference lists: clusters, competencies, municipalities."""

from collections.abc import Callable
from typing import Any

from incubator.core.packaged import in_both_languages
from incubator.db import writing
from incubator.reference.defaults import default
from incubator.reference.name_forms import cluster_form, municipality_form
from incubator.reference.tables import Cluster, ClusterName, Competency, Municipality, MunicipalityName


async def install_reference_rows() -> None:
    """Add missing default rows; leave what organisers changed alone."""
    async with writing():
        await _add_missing(Cluster, [_cluster(row) for row in default("clusters")["cluster"]])
        await _add_missing(
            Competency,
            [
                Competency(key=row["key"], **in_both_languages(row, "title"))
                for row in default("competencies")["competency"]
            ],
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
        await _add_names(Cluster, ClusterName, ClusterName.cluster, default("clusters")["cluster"], cluster_form)
        await _add_names(
            Municipality, MunicipalityName, MunicipalityName.municipality,
            default("municipalities")["municipality"], municipality_form,
        )  # fmt: skip


async def _add_names(
    table: Any, names: Any, owner: Any, rows: list[dict[str, Any]], form: Callable[[str], str]
) -> None:
    """Add the names in ``also`` by which each row is known besides its title."""
    ids = {row["key"]: row["id"] for row in await table.select(table.id, table.key)}
    known = {(row["owner"], row["name"]) for row in await names.select(owner.as_alias("owner"), names.name)}
    missing = [
        names(**{owner._meta.name: ids[row["key"]], "name": name, "form": form(name)})
        for row in rows
        for name in row["also"]
        if (ids[row["key"]], name) not in known
    ]
    if missing:
        await names.insert(*missing)


def _cluster(row: dict[str, Any]) -> Cluster:
    return Cluster(
        key=row["key"], hue_from=row["hues"][0], hue_to=row["hues"][1], motif=row["motif"],
        **in_both_languages(row, "title", "about"),
    )  # fmt: skip


async def _add_missing(table: Any, rows: list[Any]) -> None:
    known = {row["key"] for row in await table.select(table.key)}
    missing = [row for row in rows if row.key not in known]
    if missing:
        await table.insert(*missing)
