"""For search engines: robots.txt, and the sitemap in parts of at most 50,000 addresses (sitemaps.org)."""

from typing import Any
from xml.sax.saxutils import escape

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from incubator.db import in_thread
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import projects_with_lapsed_names
from incubator.showcase.addresses import full

PER_PART = 50_000
#: Public pages besides the projects.
_PAGES = ("/", "/showcase", "/showcase/map", "/criteria", "/about", "/help", "/privacy", "/api")
#: Pages hidden from search engines, because they require signing in or belong to one person.
_PRIVATE = ("/projects", "/desk", "/reviews", "/organiser", "/profile", "/sign-in/", "/confirm/", "/invitations/", "/password", "/language", "/calendar", "/mail/")  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@get("/robots.txt")
async def robots() -> Response[str]:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _PRIVATE),
        "Allow: /",
        f"Sitemap: {full('/sitemap.xml')}",
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain")


@get("/sitemap.xml")
async def sitemap() -> Response[str]:
    """Return the list of parts: number n holds the places after (n − 1) · 50,000, so a new project changes one part."""
    rows = await Publication.raw("SELECT coalesce(max(place), 0) AS most FROM publication")
    parts = range(-(-int(rows[0]["most"]) // PER_PART) + 1)
    said = "".join(f"<sitemap><loc>{full(f'/sitemap/{n}.xml')}</loc></sitemap>" for n in parts)
    return _xml(f"{_HEAD}<sitemapindex {_NS}>{said}</sitemapindex>")


@get("/sitemap/{name:str}")
async def sitemap_part(name: FromPath[str]) -> Response[str]:
    """Return one part; part 0 holds the pages that are not projects."""
    number, dot, ending = name.partition(".")
    if not (dot and ending == "xml" and number.isascii() and number.isdigit() and len(number) < 6):
        raise NotFoundException
    if int(number) == 0:
        said = "".join(f"<url><loc>{full(path)}</loc></url>" for path in _PAGES)
        return _xml(f"{_HEAD}<urlset {_NS}>{said}</urlset>")
    rows = await _rows(int(number))
    if not rows:
        raise NotFoundException
    said = "".join(
        f"<url><loc>{escape(full('/showcase/' + row['slug']))}</loc><lastmod>{str(row['changed_at'])[:10]}</lastmod></url>"
        for row in rows
    )
    return _xml(f"{_HEAD}<urlset {_NS}>{said}</urlset>")


async def _rows(part: int) -> list[dict[str, Any]]:
    with in_thread():
        rows: list[dict[str, Any]] = await Publication.raw(
            "SELECT j.id AS project, j.slug AS slug, p.changed_at AS changed_at FROM publication p JOIN project j ON j.id = p.project "
            "WHERE p.place > {} AND p.place <= {} ORDER BY p.place",
            (part - 1) * PER_PART, part * PER_PART,
        )  # fmt: skip
    lapsed = set(await projects_with_lapsed_names())  # an address is made of the title, which may have a name
    return [row for row in rows if row["project"] not in lapsed]


def _xml(body: str) -> Response[str]:
    return Response(body, media_type="application/xml; charset=utf-8")


PAGES = [robots, sitemap, sitemap_part]
