"""A submission on paper, for the mentor who reviews it: as much as the page of the review shows, and no team."""

from typing import Any

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from incubator.attachments.paper_pictures import pictures_in
from incubator.core.languages import localized
from incubator.people.guards import PersonRequest, mentor
from incubator.people.tables import Person
from incubator.projects.document import frozen_parts
from incubator.projects.paper import PrintedVersion, cover_for, version_in_words
from incubator.projects.paper_files import as_file, paper_file
from incubator.projects.tables import Project
from incubator.reviews.access.files import with_files_seen
from incubator.reviews.access.masking import NO_MASK
from incubator.reviews.access.masks import masked, masks_for
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field
from incubator.reviews.reviewing.review_pages import case_for
from incubator.reviews.reviewing.review_view import ReviewCase


class ReviewPaperPages(Controller):
    path = "/reviews/{assignment_id:int}/paper"
    guards = [mentor]

    @get("/{paper:str}")
    async def show(self, request: PersonRequest, assignment_id: FromPath[int], paper: FromPath[str]) -> Response[Any]:
        file, case = paper_file(paper), await case_for(request, assignment_id)
        return await as_file(await _version_for(case, request.user), file, name=f"review-{assignment_id}")


async def _version_for(case: ReviewCase, reader: Person) -> PrintedVersion:
    """Return what the mentor reads, or raise 404 once there is nothing to review any more."""
    submission = case.submission
    access = await review_access_of(reader, submission)
    if case.is_over or not access.sees(Field.TEXT):
        raise NotFoundException
    project = await Project.objects(Project.cluster).get(Project.id == submission.project)
    assert project is not None
    hide = (await masks_for([project.id])).get(project.id, NO_MASK)
    title, cluster = hide(submission.title), project.cluster
    parts = with_files_seen(masked(frozen_parts(submission), hide), access)
    about = [localized(cluster, "title")] if cluster and cluster.id else []
    return PrintedVersion(
        title, submission.stage, version_in_words(submission), parts,
        cover_for(title, cluster), about, pictures=await pictures_in(parts, project.id),
    )  # fmt: skip


PAGES = [ReviewPaperPages]
