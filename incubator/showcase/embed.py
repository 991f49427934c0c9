"""A card with the newest projects for other sites: a frame, and a script that inserts the frame."""

from typing import Any

from litestar import Response, get

from incubator.core.languages import _
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.publication.facets import FACETS
from incubator.showcase.addresses import at_canonical, full
from incubator.showcase.cards import card_of
from incubator.showcase.catalogue import find
from incubator.showcase.filters import Wish
from incubator.showcase.reference_titles import reference_lists

CARDS = 3
#: The only page that other sites may frame.
FRAME = "/embed"

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
  frame.style.cssText = "width:100%%;border:0;height:" + (parseInt(script.dataset.height) || 460) + "px";
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


@get("/embed.js")
async def script() -> Response[str]:
    names = ", ".join(f'"{name}"' for name in FACETS)
    text = _SCRIPT % {
        "facets": f"[{names}]",
        "url": full(FRAME),
        "script": full("/embed.js"),
        "title": _("От идеи к делу"),
    }
    return Response(text, media_type="text/javascript")


PAGES = [frame, script]
