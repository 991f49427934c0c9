"""What shows the site as a whole elsewhere: the picture beside a link; on a phone its manifest, icon, and a worker for lost connections."""

import json
from typing import Any

from litestar import Response, get

from incubator.config import ROOT
from incubator.core.languages import current_locale
from incubator.http.requests import AnyRequest
from incubator.http.static import files, static
from incubator.http.templating import Site, page
from incubator.showcase.addresses import SITE_PICTURE, without_more
from incubator.showcase.cards import cover_of
from incubator.showcase.poster import drawn_site_picture
from incubator.typesetting.typst import typeset

#: Pixels of the icon's edge, and the points that the template draws it in.
_ICON, _POINTS = 512, 160 / 25.4 * 72


@get("/manifest.webmanifest")
async def manifest(request: AnyRequest) -> Response[bytes]:
    """Return the manifest (W3C Web Application Manifest) in the language of the request."""
    name = Site().name
    content = {
        "name": name, "short_name": name, "lang": current_locale(), "id": "/", "start_url": "/", "scope": "/",
        "display": "minimal-ui", "background_color": "#fcfbf6", "theme_color": "#00664a",
        "icons": [
            {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": "/icon.png", "sizes": f"{_ICON}x{_ICON}", "type": "image/png"},
        ],
    }  # fmt: skip
    return Response(json.dumps(content, ensure_ascii=False).encode(), media_type="application/manifest+json")


@get("/icon.png")
async def icon() -> Response[bytes]:
    """Return the icon for home screens that draw no SVG."""
    drawing = (ROOT / "static" / "icon.svg").read_text("utf-8")
    ppi = _ICON / _POINTS * 72
    picture = await typeset("typesetting/drawings.typ", {"drawings": [drawing]}, format="png", ppi=ppi)
    return Response(picture, media_type="image/png")


@get(SITE_PICTURE)
async def picture(request: AnyRequest) -> Response[Any]:
    """Return the picture that messengers show beside a link to a page of the site: 1200 × 630 pixels."""
    if clean := without_more(request, "lang"):
        return clean
    name = Site().name
    return Response(await drawn_site_picture(name, cover_of(name, None)), media_type="image/png")


@get("/worker.js")
async def worker() -> Response[bytes]:
    """Return the service worker. Its address is its scope, so it has no hash, and browsers ask for it again."""
    script = files().by_path[static("js/worker.js")].bodies[""]
    return Response(script, media_type="text/javascript", headers={"cache-control": "no-cache"})


@get("/offline")
async def offline(request: AnyRequest) -> Response[Any]:
    """Show what the worker keeps for a lost connection."""
    return page(request, "showcase/offline.html")


PAGES = [manifest, icon, picture, worker, offline]
