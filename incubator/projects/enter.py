"""Access to a project's pages, or 404."""

from incubator.http.lookup import get_or_404
from incubator.people.guards import PersonRequest
from incubator.projects.access import Access, access_to


async def enter(request: PersonRequest, project_id: int) -> Access:
    """Return the person's access to the project, or raise 404."""
    return get_or_404(await access_to(project_id, request.user))
