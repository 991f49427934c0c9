"""Access to a project's pages, or 404."""

from typing import Any

from litestar import Response

from incubator.core.languages import _
from incubator.http.errors import nowhere_to_save
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest
from incubator.http.templating import redirect
from incubator.people.guards import PersonRequest
from incubator.projects.access import Access, access_to
from incubator.projects.tables import Project


class Merged(Exception):
    """The project was a duplicate; the person sees the one that it was merged into."""

    def __init__(self, into: int) -> None:
        super().__init__(into)
        self.into = into


def merged(request: AnyRequest, error: Merged) -> Response[Any]:
    """Lead to the project that stays; what was posted to the duplicate is shown to whoever wrote it."""
    there = f"/projects/{error.into}"
    if request.method in {"GET", "HEAD"}:
        return redirect(there)
    return nowhere_to_save(request, _("Этот проект объединили с другим"), there)


async def enter(request: PersonRequest, project_id: int) -> Access:
    """Return the person's access to the project, or raise 404. Raises Merged for a duplicate."""
    way = await access_to(project_id, request.user)
    if way is None or way.project.merged_into is not None:
        row = await Project.select(Project.merged_into).where(Project.id == project_id).first()
        into = row["merged_into"] if row else None
        if into is not None and await access_to(into, request.user) is not None:
            raise Merged(into)
    return get_or_404(way)
