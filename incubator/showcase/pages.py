"""Public pages: the landing page, the catalogue, a project, what we do with personal data."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from incubator.people.guards import found
from incubator.people.tables import ConsentText
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage, stage_label
from incubator.programme.tables import Cluster, Municipality, Season
from incubator.projects.document import frozen_parts
from incubator.showcase.catalogue import Found, Wish, figures, find, newest
from incubator.showcase.cover import cover
from incubator.showcase.story import (
    competencies_of,
    mentors_organisations,
    public_team,
    public_versions,
    published,
)  # fmt: skip
from incubator.web.i18n import _, localized
from incubator.web.templating import page

AnyRequest = Request[Any, Any, Any]

_PLAIN: dict[str, Any] = {"hue_from": 150, "hue_to": 170, "motif": "hills"}


def is_public(path: str) -> bool:
    """Pages that show every visitor the same, and change with the public revision only."""
    return path == "/" or path == "/privacy" or path.startswith("/showcase")


def card_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a card shows of a row of the catalogue."""
    cluster = {k: row[f"project.cluster.{k}"] for k in ("hue_from", "hue_to", "motif", "title_ru", "title_en")}
    place = {k: row[f"project.municipality.{k}"] for k in ("title_ru", "title_en")}
    state, stage = row["project.state"], row["project.stage"]
    return {
        "url": f"/showcase/{row['project.slug']}",
        "title": row["title"],
        "pitch": row["pitch"],
        "stage": stage,
        "state": state,
        "stage_label": _("путь пройден") if state == "graduated" else stage_label(stage),
        "municipality": localized(place, "title") if place["title_ru"] else "",
        "cover": cover_of(row["title"], cluster),
    }


def cover_of(title: str, cluster: dict[str, Any]) -> Markup:
    """The landscape of a project; one without a cluster gets hills."""
    hues = cluster if cluster.get("motif") else _PLAIN
    return Markup(cover(title, hues["hue_from"], hues["hue_to"], hues["motif"]))  # noqa: S704 - our own SVG


class ShowcasePages(Controller):
    @get("/")
    async def landing(self, request: AnyRequest) -> Response[Any]:
        return page(
            request, "showcase/landing.html", cards=[card_of(r) for r in await newest(6)], figures=await figures(),
            season=await current_season(),
        )  # fmt: skip

    @get("/showcase")
    async def catalogue(self, request: AnyRequest) -> Response[Any]:
        wish = Wish.of(request.query_params)
        found_projects = await find(wish)
        return page(
            request, "showcase/catalogue.html", wish=wish, found=found_projects,
            cards=[card_of(r) for r in found_projects.rows], filters=await filters(wish, found_projects),
        )  # fmt: skip

    @get("/showcase/{slug:str}")
    async def project(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        publication = found(await published(slug[:90]))
        project = publication.project
        versions = await public_versions(publication)
        cluster = project.cluster.to_dict() if project.cluster and project.cluster.id else {}
        current = [p for v in versions[-1:] for p in _parts(v)]
        return page(
            request, "showcase/project.html", publication=publication, project=project, versions=versions,
            cover=cover_of(publication.title, cluster), team=await public_team(project.id),
            organisations=await mentors_organisations(versions), competencies=await competencies_of(project.id),
            groups=[(s.value, [p for p in current if p.stage == s.value]) for s in reversed(Stage)],
        )  # fmt: skip

    @get("/privacy")
    async def privacy(self, request: AnyRequest) -> Response[Any]:
        texts = await ConsentText.objects().order_by(ConsentText.id)
        return page(request, "showcase/privacy.html", texts={t.purpose: t for t in texts}.values())


def _parts(version: Any) -> list[Any]:
    return [p for p in frozen_parts(version.submission) if p.text]


async def filters(wish: Wish, found_projects: Found) -> dict[str, Any]:
    """The choices that the catalogue offers."""

    async def rows(table: Any, key: Any) -> list[tuple[str, str]]:
        listed = await table.select(key.as_alias("key"), table.title_ru, table.title_en).order_by(table.id)
        return [(r["key"], localized(r, "title")) for r in listed]

    chips = [("", _("Все"), wish.url(stage=""), sum(found_projects.stages.values()))]
    for stage in (*(s.value for s in Stage), "graduated"):
        label = _("Путь пройден") if stage == "graduated" else stage_label(stage).capitalize()
        chips.append((stage, label, wish.url(stage=stage), found_projects.stages.get(stage, 0)))
    return {
        "stages": chips,
        "seasons": await rows(Season, Season.slug),
        "clusters": await rows(Cluster, Cluster.key),
        "municipalities": await rows(Municipality, Municipality.key),
    }


PAGES = [ShowcasePages]
