"""Titles of the reference lists on the showcase, by facet and value, in both languages."""

from typing import Any

from incubator.core.languages import _, localized
from incubator.db import frozen
from incubator.programme.stages import Stage, stage_title
from incubator.programme.tables import Award, Season
from incubator.publication.facets import GRADUATED
from incubator.reference.organisations import organisation_kinds
from incubator.reference.tables import Cluster, Competency, Municipality

#: Rows by facet and key.
Lists = dict[str, dict[str, dict[str, Any]]]

_QUERIES: dict[str, Any] = {
    "season": frozen(
        lambda: Season.select(Season.slug.as_alias("key"), Season.title_ru, Season.title_en).order_by(
            Season.opens_on, Season.id, ascending=False
        )
    ),
    "cluster": frozen(lambda: Cluster.select().order_by(Cluster.id)),
    "municipality": frozen(
        lambda: Municipality.select(
            Municipality.key, Municipality.title_ru, Municipality.title_en, Municipality.lon, Municipality.lat
        ).order_by(Municipality.title_ru)
    ),
    "competency": frozen(
        lambda: Competency.select(Competency.key, Competency.title_ru, Competency.title_en).order_by(Competency.id)
    ),
    "award": frozen(lambda: Award.select(Award.key, Award.title_ru, Award.title_en).order_by(Award.id)),
}


async def reference_lists() -> Lists:
    """Load the lists. Five short queries, whatever is shown of them."""
    return {name: {row["key"]: row for row in await query()} for name, query in _QUERIES.items()}


def stage_titles() -> dict[str, str]:
    return {**{stage.value: stage_title(stage) for stage in Stage}, GRADUATED: _("Путь пройден")}


def titles_of(facet: str, lists: Lists) -> dict[str, str]:
    """Return the values of a facet in order, with their titles in the current language."""
    if facet in lists:
        return {key: localized(row, "title") for key, row in lists[facet].items()}
    return {"stage": stage_titles(), "kind": organisation_kinds(), "help": {"yes": _("Нужна помощь")}}[facet]
