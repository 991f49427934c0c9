"""Public pages: the landing page, the catalogue, a project, what we do with personal data."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from incubator.people.guards import found
from incubator.people.tables import ConsentText
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.projects.document import frozen_parts
from incubator.showcase.cards import card_of, cover_of
from incubator.showcase.catalogue import PER_PAGE, figures, find, newest
from incubator.showcase.choices import active_choices, choices, stage_chips
from incubator.showcase.lists import reference_lists
from incubator.showcase.quotes import quotes
from incubator.showcase.story import (
    competencies_of,
    mentors_organisations,
    public_team,
    public_versions,
    published,
)  # fmt: skip
from incubator.showcase.wish import SORTS, Wish
from incubator.web.templating import page

AnyRequest = Request[Any, Any, Any]


def is_public(path: str) -> bool:
    """Pages that show every visitor the same, and change with the public revision only."""
    return path == "/" or path == "/privacy" or path.startswith("/showcase")


class ShowcasePages(Controller):
    @get("/")
    async def landing(self, request: AnyRequest) -> Response[Any]:
        lists = await reference_lists()
        return page(
            request, "showcase/landing.html", cards=[card_of(r, lists) for r in await newest(6)],
            figures=await figures(), season=await current_season(),
        )  # fmt: skip

    @get("/showcase")
    async def catalogue(self, request: AnyRequest) -> Response[Any]:
        wish = Wish.of(request.query_params)
        met = await find(wish)
        lists = await reference_lists()
        texts = await quotes(met.rows, met.matches.query)
        return page(
            request, "showcase/catalogue.html", wish=wish, found=met, sorts=SORTS, size=PER_PAGE,
            cards=[card_of(r, lists, met.matches.query, texts.get(r["place"], ())) for r in met.rows],
            chips=stage_chips(wish, met), choices=choices(wish, met, lists), active=active_choices(wish, lists),
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


PAGES = [ShowcasePages]
