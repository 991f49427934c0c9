"""The data for the page of a team's pictures and papers."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from incubator.attachments.people_on import people_on
from incubator.attachments.quota import QUOTA
from incubator.attachments.removal import named_in_news, named_in_versions
from incubator.attachments.showing import ShowingFacts, agreeing, facts_of, ref_of
from incubator.attachments.tables import Attachment, People
from incubator.imaging.limits import LARGEST_PAPER, LARGEST_PICTURE
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.access import Access
from incubator.projects.document import Part, parts_of
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, files_in, use_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Project
from incubator.projects.team import team_of


@dataclass(frozen=True, slots=True)
class InTeam:
    """Somebody who can be on a picture."""

    id: int
    name: str
    has_agreed: bool
    """To photographs in public; known only to those who see the team's names."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """An attachment as its team sees it."""

    row: Attachment
    ref: FileRef
    caption: str
    use: str
    """What the document says it is for; empty: the document does not name it."""
    people: frozenset[int]
    former: tuple[InTeam, ...]
    """Those of them who are in the team no more."""
    facts: ShowingFacts
    is_in_versions: bool
    is_in_news: bool

    @property
    def is_in_document(self) -> bool:
        return bool(self.use)

    @property
    def is_named(self) -> bool:
        """Return whether the document or a piece of news names it: the team says who is there."""
        return self.is_in_document or self.is_in_news

    @property
    def is_unsaid(self) -> bool:
        return self.row.people == People.UNSAID


@dataclass(frozen=True)
class FilesView:
    """Its fields are the variables of ``gates/files.html``."""

    way: Access
    project: Project
    sections: list[Section]
    """Those that hold files."""
    named: list[OwnFile]
    unnamed: list[OwnFile]
    team: list[InTeam]
    used: int
    """Bytes."""
    quota: int
    may_change: bool
    may_say: bool


async def files_view(way: Access) -> FilesView:
    project = way.project
    may_see = way.may(Action.SEE_NAMES)
    parts = [part for part in await parts_of(project) if part.kind is KIND]
    rows = await Attachment.objects().where(Attachment.project == project.id).order_by(Attachment.id) if may_see else []
    mates = [mate.person for mate in await team_of(project.id)]
    files = await _files(rows, parts, way, {each.id for each in mates})
    return FilesView(
        way=way,
        project=project,
        sections=[part.section for part in parts],
        named=sorted((each for each in files if each.is_named), key=lambda each: not each.is_unsaid),
        unnamed=[each for each in files if not each.is_named],
        team=await _in_team(mates, way),
        used=sum(row.size for row in rows),
        quota=QUOTA,
        may_change=way.may(Action.WRITE),
        may_say=way.may(Action.HIDE_PASSAGE),
    )


async def _files(
    rows: Sequence[Attachment], parts: Sequence[Part], way: Access, mates: Collection[int]
) -> list[OwnFile]:
    if not rows:
        return []
    named = {file.id: (caption, use) for part in parts for file, caption, use in _named(part)}
    people, facts = await people_on([row.id for row in rows]), await facts_of(rows)
    versions, news = await named_in_versions(way.project.id), await named_in_news(way.project.id)
    former = {each.id: each for each in await _former(people.values(), way, mates)}
    return [
        OwnFile(
            row, ref_of(row), *named.get(row.id, ("", "")), frozenset(each for each in people[row.id] if each),
            tuple(former[each] for each in people[row.id] if each in former), facts[row.id], row.id in versions,
            row.id in news,
        )
        for row in rows
    ]  # fmt: skip


async def _former(people: Iterable[set[int | None]], way: Access, mates: Collection[int]) -> list[InTeam]:
    """Return whoever is on a file and in the team no more. One query, none without them."""
    ids = {person for each in people for person in each if person is not None} - {*mates}
    rows = await Person.objects().where(Person.id.is_in(sorted(ids))).order_by(Person.id) if ids else []
    return [InTeam(row.id, way.name_of(row), has_agreed=False) for row in rows]


def _named(part: Part) -> Iterator[tuple[FileRef, str, str]]:
    """Yield the files of a section with caption and use."""
    for row, file in files_in(KIND.sheet(part.value)):
        yield file, row.get("caption", ""), use_of(row, file)


async def _in_team(mates: Sequence[Person], way: Access) -> list[InTeam]:
    agreed = {person for _project, person in await agreeing([each.id for each in mates])}
    return [InTeam(each.id, way.name_of(each), each.id in agreed) for each in mates]


@dataclass(frozen=True)
class UploadView:
    """Its fields are the variables of ``gates/upload.html``."""

    way: Access
    project: Project
    section: Section
    may_change: bool
    largest_picture: int = LARGEST_PICTURE
    largest_paper: int = LARGEST_PAPER
    """Bytes."""


async def upload_view(way: Access, key: str) -> UploadView | None:
    """Return the data of the page; None if the document has no section of files with this key."""
    section = next((p.section for p in await parts_of(way.project) if p.key == key and p.kind is KIND), None)
    return UploadView(way, way.project, section, way.may(Action.WRITE)) if section else None
