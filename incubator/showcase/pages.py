"""Public pages: the landing page, the catalogue, the criteria; and which addresses are public."""

from typing import Any

from litestar import Controller, Response, get

from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.guards import allowed_to
from incubator.people.pages import home_of_allowed
from incubator.programme.seasons import criteria_of_season, current_season
from incubator.programme.stages import Stage
from incubator.reviews.rubric import anchored
from incubator.showcase.addresses import at_canonical, links_of
from incubator.showcase.cards import card_of
from incubator.showcase.catalogue import PER_PAGE, figures, find, newest
from incubator.showcase.excerpts import quotes
from incubator.showcase.filter_options import active_choices, choices, stage_chips
from incubator.showcase.filters import SORTS, Wish
from incubator.showcase.growth_story import growth_story
from incubator.showcase.linked_data import embedded, organisation
from incubator.showcase.reference_titles import reference_lists

_PUBLIC = ("/showcase", "/api", "/embed", "/sitemap", "/robots.txt", "/privacy", "/criteria", "/about")


def is_public(path: str) -> bool:
    """Return whether the page is the same for every visitor and changes only with the public revision."""
    return path in {"/", "/help", "/offline", "/icon.png", "/picture.png", "/manifest.webmanifest"} or (
        path.startswith(_PUBLIC) and not path.endswith(("/help", "/report"))
    )


class ShowcasePages(Controller):
    @get("/")
    async def landing(self, request: AnyRequest) -> Response[Any]:
        """The programme to visitors; whoever is signed in begins with their own work."""
        if request.scope.get("user"):
            return redirect(home_of_allowed(allowed_to(request)))
        lists = await reference_lists()
        return page(
            request, "showcase/landing.html", cards=[card_of(r, lists) for r in await newest(6)],
            figures=await figures(), story=await growth_story(lists), season=await current_season(), links=links_of(request, canonical="/"),
            data=embedded(organisation()),
        )  # fmt: skip

    @get("/showcase")
    async def catalogue(self, request: AnyRequest) -> Response[Any]:
        wish = Wish.of(request.query_params.multi_items())
        if elsewhere := at_canonical(request, wish.query(after=wish.after or "")):
            return elsewhere
        met = await find(wish)
        lists = await reference_lists()
        texts = await quotes(met.rows, met.matches.query)
        return page(
            request, "showcase/catalogue.html", wish=wish, found=met, sorts=SORTS, size=PER_PAGE,
            cards=[card_of(r, lists, met.matches.query, texts.get(r["place"], ())) for r in met.rows],
            links=links_of(request, canonical=wish.canonical()), chips=stage_chips(wish, met), choices=choices(wish, met, lists), active=active_choices(wish, lists),
        )  # fmt: skip

    @get("/criteria")
    async def criteria(self, request: AnyRequest) -> Response[Any]:
        """By what each stage of the open season is judged."""
        season = await current_season()
        rows = await criteria_of_season(season.id) if season else []
        rubrics = {stage: [anchored(row) for row in rows if row.stage == stage] for stage in Stage}
        return page(
            request, "showcase/criteria.html", season=season, links=links_of(request, canonical="/criteria"),
            rubrics={stage: rubric for stage, rubric in rubrics.items() if rubric},
        )  # fmt: skip


PAGES = [ShowcasePages]
