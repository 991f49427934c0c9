"""The catalogue: published projects, filtered, searched and paged."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from piccolo.query.functions import Count

from incubator.programme.stages import Stage
from incubator.showcase.tables import Publication
from incubator.showcase.words import stems

PER_PAGE = 24
_MOST_WORDS = 8
_FURTHEST_PAGE = 1000

#: Values of the stage filter: a stage, or the whole path.
STAGES = (*(s.value for s in Stage), "graduated")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor looks for; empty means any."""

    words: str = ""
    stage: str = ""
    season: str = ""
    cluster: str = ""
    municipality: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Any) -> "Wish":
        """From query parameters; what makes no sense counts as not asked."""
        page = str(query.get("page", "1"))
        stage = query.get("stage", "")
        return cls(
            words=" ".join(str(query.get("q", ""))[:200].split()),
            stage=stage if stage in STAGES else "",
            season=str(query.get("season", ""))[:40],
            cluster=str(query.get("cluster", ""))[:40],
            municipality=str(query.get("municipality", ""))[:40],
            page=min(int(page), _FURTHEST_PAGE) if page.isascii() and page.isdigit() and int(page[:6]) > 0 else 1,
        )

    @property
    def is_any(self) -> bool:
        return not (self.words or self.stage or self.season or self.cluster or self.municipality)

    def url(self, **changes: Any) -> str:
        """The catalogue's address for this wish with ``changes``; a change of filter starts at page 1."""
        values = {
            "q": self.words, "stage": self.stage, "season": self.season, "cluster": self.cluster,
            "municipality": self.municipality, "page": self.page if "page" in changes else 1, **changes,
        }  # fmt: skip
        kept = {k: v for k, v in values.items() if v and not (k == "page" and v == 1)}
        return "/showcase" + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[dict[str, Any]]
    total: int
    stages: dict[str, int] = field(default_factory=dict)
    """Number of finds by value of the stage filter, that filter left out."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


#: Piccolo types the first join only; what lies behind it is Any.
_project: Any = Publication.project

_CARD = (
    Publication.title,
    Publication.pitch,
    Publication.published_at,
    _project.id,
    _project.slug,
    _project.stage,
    _project.state,
    _project.cluster.title_ru,
    _project.cluster.title_en,
    _project.cluster.hue_from,
    _project.cluster.hue_to,
    _project.cluster.motif,
    _project.municipality.title_ru,
    _project.municipality.title_en,
)


def _public() -> Any:
    return Publication.published_at.is_not_null()


def _without_stage(wish: Wish) -> Any:
    where = _public()
    if wish.season:
        where &= _project.season.slug == wish.season
    if wish.cluster:
        where &= _project.cluster.key == wish.cluster
    if wish.municipality:
        where &= _project.municipality.key == wish.municipality
    for stem in stems(wish.words)[:_MOST_WORDS]:
        where &= Publication.words.like(f"% {stem} %")
    return where


def _with_stage(wish: Wish) -> Any:
    where = _without_stage(wish)
    if wish.stage == "graduated":
        where &= Publication.project.state == "graduated"
    elif wish.stage:
        where &= (Publication.project.stage == wish.stage) & (Publication.project.state != "graduated")
    return where


async def find(wish: Wish) -> Found:
    """One page of finds, newest publication first. Two queries."""
    counts: dict[str, int] = {}
    rows = (
        await Publication.select(Publication.project.stage, Publication.project.state, Count(Publication.id, alias="n"))
        .where(_without_stage(wish))
        .group_by(Publication.project.stage, Publication.project.state)
    )
    for row in rows:
        key = "graduated" if row["project.state"] == "graduated" else row["project.stage"]
        counts[key] = counts.get(key, 0) + row["n"]
    total = counts.get(wish.stage, 0) if wish.stage else sum(counts.values())
    cards = (
        await Publication.select(*_CARD)
        .where(_with_stage(wish))
        .order_by(Publication.published_at, Publication.id, ascending=False)
        .limit(PER_PAGE)
        .offset((wish.page - 1) * PER_PAGE)
    )
    return Found(cards, total, counts)


async def newest(limit: int) -> list[dict[str, Any]]:
    """The cards of the latest publications."""
    return (
        await Publication.select(*_CARD)
        .where(_public())
        .order_by(Publication.published_at, Publication.id, ascending=False)
        .limit(limit)
    )


async def figures() -> dict[str, int]:
    """What the landing page counts: published projects, graduates, districts. One query."""
    rows = await Publication.select(Publication.project.state, Publication.project.municipality).where(_public())
    return {
        "projects": len(rows),
        "graduated": sum(row["project.state"] == "graduated" for row in rows),
        "municipalities": len({row["project.municipality"] for row in rows} - {None}),
    }
