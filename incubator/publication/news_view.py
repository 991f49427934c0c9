"""The data for the page of one piece of news, as the team prepares it and an organiser reads it."""

from dataclasses import dataclass

from incubator.people.tables import Person
from incubator.projects.document import parts_of
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, files_in
from incubator.projects.tables import News, Project
from incubator.publication.examination import Examination, examine
from incubator.publication.news import PICTURE, TEXT, basis_of_news
from incubator.publication.passages import passages_of
from incubator.publication.tables import Passage, Verdict
from incubator.publication.versions import public_versions_of


@dataclass(frozen=True, slots=True)
class ChoosablePicture:
    file: FileRef
    caption: str


@dataclass(frozen=True)
class NewsView:
    """Its fields are the variables of ``gates/news_item.html`` and ``backoffice/news.html``."""

    project: Project
    row: News
    examination: Examination
    names: dict[int, str]
    """Of people who are or were in the team, by id."""
    hidden_passages: list[Passage]
    kept: list[Passage]
    is_project_public: bool
    file: FileRef | None
    text_key: str = TEXT
    picture_key: str = PICTURE


async def news_view(project: Project, row: News) -> NewsView:
    examination = await examine(await basis_of_news(row))
    ids = {person for finding in examination.findings for person in finding.people}
    people = await Person.objects().where(Person.id.is_in(sorted(ids))) if ids else []
    return NewsView(
        project=project,
        row=row,
        examination=examination,
        names={person.id: person.name for person in people},
        hidden_passages=await passages_of(project.id, Verdict.HIDDEN),
        kept=await passages_of(project.id, Verdict.KEPT),
        is_project_public=bool(await public_versions_of(project.id)),
        file=FileRef.of(row.picture),
    )


async def pictures_for_news(project: Project, row: News | None = None) -> list[ChoosablePicture]:
    """Return the pictures of the document, and the one that the news have already."""
    named = [
        ChoosablePicture(file, cells.get("caption", ""))
        for part in await parts_of(project)
        if part.kind is KIND and part.value
        for cells, file in files_in(KIND.sheet(part.value))
        if file.is_picture
    ]
    own = FileRef.of(row.picture) if row else None
    if row and own and own not in [each.file for each in named]:
        named.insert(0, ChoosablePicture(own, row.caption))
    return named
