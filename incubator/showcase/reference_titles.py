"""Titles of the reference lists on the showcase, by facet and value, in both languages."""

from typing import Any
from weakref import WeakKeyDictionary

from incubator.core.languages import _, current_locale, localized
from incubator.db import current_engine, frozen
from incubator.db.engines import AnyEngine
from incubator.db.revision import public_revision
from incubator.programme.stages import Stage, stage_title
from incubator.programme.tables import Award, Season
from incubator.publication.facets import GRADUATED
from incubator.reference.organisations import organisation_kinds
from incubator.reference.tables import Cluster, Competency, Municipality


class Lists(dict[str, dict[str, dict[str, Any]]]):
    """Rows by facet and key, as they were at a public revision; nobody changes them."""

    def __init__(self, number: int, rows: dict[str, dict[str, dict[str, Any]]]) -> None:
        super().__init__(rows)
        self.number = number
        self._titles: dict[tuple[str, str], dict[str, str]] = {}

    def titles(self, facet: str, locale: str) -> dict[str, str]:
        """Return the titles by key, in order."""
        known = self._titles.get((facet, locale))
        if known is None:
            known = {key: localized(row, "title", locale) for key, row in self[facet].items()}
            self._titles[facet, locale] = known
        return known


_known: "WeakKeyDictionary[AnyEngine, Lists]" = WeakKeyDictionary()

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
    """Return the lists, read again whenever anything public has changed (ADR 7). One query; six after a change."""
    engine = current_engine()
    number = await public_revision()
    known = _known.get(engine)
    if known is None or known.number != number:
        known = Lists(number, {name: {row["key"]: row for row in await query()} for name, query in _QUERIES.items()})
        if not engine.transaction_exists():  # what is not committed may be taken back
            _known[engine] = known
    return known


def stage_titles() -> dict[str, str]:
    return {**{stage.value: stage_title(stage) for stage in Stage}, GRADUATED: _("Путь пройден")}


def titles_of(facet: str, lists: Lists) -> dict[str, str]:
    """Return the values of a facet in order, with their titles in the current language."""
    if facet in lists:
        return lists.titles(facet, current_locale())
    return {"stage": stage_titles(), "kind": organisation_kinds(), "help": {"yes": _("Нужна помощь")}}[facet]
