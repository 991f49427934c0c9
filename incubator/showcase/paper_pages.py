"""A published project's document on paper: the version that everybody may read, with the team as consents allow."""

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from incubator.attachments.paper_pictures import pictures_in
from incubator.core import limits
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest
from incubator.projects.paper import PrintedVersion, version_in_words
from incubator.projects.paper_files import as_file, paper_file
from incubator.projects.role_words import team_role_title
from incubator.publication.facets import values_in
from incubator.publication.tables import Publication
from incubator.showcase.addresses import without_more
from incubator.showcase.project_pages import publication_at
from incubator.showcase.project_view import cover_at
from incubator.showcase.reference_titles import reference_lists, titles_of
from incubator.showcase.story import public_team, public_versions


class PublicPaperPages(Controller):
    path = "/showcase/{slug:str}/paper"

    @get("/{paper:str}")
    async def show(self, request: AnyRequest, slug: FromPath[str], paper: FromPath[str]) -> Response[Any]:
        file = paper_file(paper)
        if clean := without_more(request, "lang"):
            return clean
        version = await _version(await publication_at(slug))
        return await as_file(version, file, name=slug[: limits.SLUG], is_public=True)


async def _version(publication: Publication) -> PrintedVersion:
    """Return the newest version that everybody may read; 404 without one."""
    newest = get_or_404(next(reversed(await public_versions(publication)), None))
    lists, facets = await reference_lists(), values_in(publication.facets)
    about = [
        titles_of(name, lists).get(value, value)
        for name in ("municipality", "cluster")
        for value in facets.get(name, [])
    ]
    team = await public_team(publication.project.id)
    return PrintedVersion(
        publication.title, newest.row.stage, version_in_words(newest.row), newest.parts,
        str(cover_at(publication, lists)), [each for each in (publication.organisation, *about) if each],
        publication.team_name, [(mate.name, team_role_title(mate.role)) for mate in team],
        await pictures_in(newest.parts, publication.project.id),
    )  # fmt: skip


PAGES = [PublicPaperPages]
