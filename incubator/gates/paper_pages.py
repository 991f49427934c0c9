"""A team's document on paper: as it is now, and each version that was handed in."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from incubator.attachments.paper_pictures import pictures_in
from incubator.gates.version_view import version_of
from incubator.http.prose import prose_of
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access
from incubator.projects.document import Frozen, frozen_now, parts_of, texts_to_render
from incubator.projects.enter import enter
from incubator.projects.errata import corrected_parts, corrected_title, errata_of
from incubator.projects.paper import PrintedVersion, about_project, cover_for, draft_in_words, version_in_words
from incubator.projects.paper_files import as_file, paper_file
from incubator.projects.permissions import Action
from incubator.projects.role_words import team_role_title
from incubator.projects.tables import Submission
from incubator.projects.team import team_of


class PaperPages(Controller):
    path = "/projects/{project_id:int}"
    guards = [signed_in]

    @get("/paper/{paper:str}")
    async def draft(self, request: PersonRequest, project_id: FromPath[int], paper: FromPath[str]) -> Response[Any]:
        file, way = paper_file(paper), await enter(request, project_id)
        return await as_file(await _draft(way), file, name=f"project-{project_id}")

    @get("/submissions/{number:int}/paper/{paper:str}")
    async def version(
        self, request: PersonRequest, project_id: FromPath[int], number: FromPath[int], paper: FromPath[str]
    ) -> Response[Any]:
        file, way = paper_file(paper), await enter(request, project_id)
        version = await _version(await version_of(project_id, number), way)
        return await as_file(version, file, name=f"project-{project_id}-{number}")


async def _draft(way: Access) -> PrintedVersion:
    project, living = way.project, await parts_of(way.project)
    parts = frozen_now(living, await prose_of(texts_to_render(living)))
    return PrintedVersion(
        project.title, project.stage, draft_in_words(), parts, cover_for(project.title, project.cluster),
        about_project(project), project.team_name, await _team(way), await _pictures(way, parts),
    )  # fmt: skip


async def _version(submission: Submission, way: Access) -> PrintedVersion:
    """Return a version that was handed in, with its corrections, as its page shows it."""
    errata = await errata_of(submission)
    title, parts = corrected_title(submission, errata), corrected_parts(submission, errata)
    return PrintedVersion(
        title, submission.stage, version_in_words(submission), parts, cover_for(title, way.project.cluster),
        about_project(way.project), way.project.team_name, await _team(way), await _pictures(way, parts),
    )  # fmt: skip


async def _pictures(way: Access, parts: Sequence[Frozen]) -> dict[str, bytes]:
    """Return the pictures that this reader may see: a face says as much as a name."""
    return await pictures_in(parts, way.project.id) if way.may(Action.SEE_NAMES) else {}


async def _team(way: Access) -> list[tuple[str, str]]:
    """Return the names of today's team as this reader may see them."""
    return [(way.name_of(mate.person), team_role_title(mate.role)) for mate in await team_of(way.project.id)]


PAGES = [PaperPages]
