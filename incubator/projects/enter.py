"""A person's way into a project's pages, or 404."""

from incubator.http.lookup import get_or_404
from incubator.people.guards import PersonRequest
from incubator.projects.access import Access, access_to


async def enter(request: PersonRequest, project_id: int) -> Access:
    """The person's way into the project, or 404."""
    return get_or_404(await access_to(project_id, request.user))
