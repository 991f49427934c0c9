"""Cards for other sites: a frame with the newest projects or with one, and a script that inserts the first."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.publication.facets import FACETS
from incubator.showcase.addresses import at_canonical, full
from incubator.showcase.cards import card_of
from incubator.showcase.catalogue import cards_at, find
from incubator.showcase.filters import Wish
from incubator.showcase.project_pages import publication_at
from incubator.showcase.reference_titles import reference_lists

CARDS = 3
#: The only pages that other sites may frame: this one and those below it.
FRAME = "/embed"
#: Pixels that a list takes before it has said how high it is, and those of one project.
HEIGHT, PROJECT_SIZE = 460, (360, 460)

#: Runs on other sites' pages: changes nothing except at its own position, and loads nothing but the frame. A module
#: does not know its own element, so that one is looked for. The frame says how high it is, in pixels.
_SCRIPT = """\
(() => {
  const src = "%(script)s";
  const waits = (each) => each.src.split("?")[0] === src && !each.dataset.placed;
  const script = document.currentScript || [...document.scripts].find(waits);
  if (!script) return;
  script.dataset.placed = "yes";
  const asked = new URLSearchParams();
  for (const name of ["q", "lang"]) if (script.dataset[name]) asked.set(name, script.dataset[name]);
  for (const name of %(facets)s)
    for (const value of (script.dataset[name] || "").split(" ").sort()) if (value) asked.append(name, value);
  asked.sort();
  const frame = document.createElement("iframe");
  frame.src = "%(url)s?" + asked;
  frame.title = script.dataset.title || "%(title)s";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.style.cssText = "width:100%%;border:0;height:" + (parseInt(script.dataset.height) || %(height)d) + "px";
  script.after(frame);
  const resize = (event) => {
    const height = event.source === frame.contentWindow && event.origin === new URL(src).origin && event.data.height;
    if (height > 0) frame.style.height = Math.min(height, 4000) + "px";
  };
  if (!script.dataset.height) addEventListener("message", resize);
})();
"""


@get(FRAME)
async def frame(request: AnyRequest) -> Response[Any]:
    wish = Wish.of(request.query_params.multi_items())
    if elsewhere := at_canonical(request, wish.query()):
        return elsewhere
    met = await find(Wish(wish.words, wish.chosen, "newest"), size=CARDS)
    lists = await reference_lists()
    return page(
        request, "showcase/embed.html", cards=[card_of(r, lists) for r in met.rows], all_url=full(wish.url()),
        total=met.total,
    )  # fmt: skip


@get(f"{FRAME}/{{slug:str}}")
async def frame_of_project(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    publication = await publication_at(slug)
    if elsewhere := at_canonical(request, ""):
        return elsewhere
    rows = await cards_at([publication.place])
    lists = await reference_lists()
    return page(
        request, "showcase/embed.html", cards=[card_of(row, lists) for row in rows],
        all_url=full(f"/showcase/{publication.project.slug}"), total=0,
    )  # fmt: skip


@get("/embed.js")
async def script() -> Response[str]:
    names = ", ".join(f'"{name}"' for name in FACETS)
    text = _SCRIPT % {
        "facets": f"[{names}]",
        "url": full(FRAME),
        "script": full("/embed.js"),
        "height": HEIGHT,
        "title": _("От идеи к делу"),
    }
    return Response(text, media_type="text/javascript")


PAGES = [frame, frame_of_project, script]
