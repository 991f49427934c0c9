"""The data for the pages on which a version is prepared for the public: the team's and the organiser's."""

from dataclasses import dataclass

from incubator.people.tables import Person
from incubator.projects.document import content_of, frozen_parts, submissions_of
from incubator.projects.tables import Project, Submission
from incubator.publication.entry import publication_of
from incubator.publication.examination import Basis, Examination, basis_of, basis_of_approval, examine
from incubator.publication.passages import passages_of
from incubator.publication.publish import differs
from incubator.publication.tables import Passage, Publication, PublicVersion, Verdict
from incubator.publication.versions import offered_versions


@dataclass(frozen=True, slots=True)
class OfferedVersion:
    """A submitted version and where it stands on its way to the public."""

    submission: Submission
    row: PublicVersion | None

    @property
    def is_public(self) -> bool:
        return self.row is not None and self.row.is_public

    @property
    def is_waiting(self) -> bool:
        return self.row is not None and self.row.is_waiting

    @property
    def is_offered(self) -> bool:
        """Return whether the team asks for an approval, and not only a new name of somebody."""
        return self.row is not None and self.row.is_offered

    @property
    def refusal(self) -> str:
        """Return why an organiser refused it; empty if nobody did, or if it has been offered again."""
        return self.row.refusal if self.row is not None else ""


@dataclass(frozen=True)
class OfferView:
    """Its fields are the variables of ``gates/showcase.html`` and ``backoffice/publication.html``."""

    project: Project
    versions: list[OfferedVersion]
    """Newest first."""
    chosen: OfferedVersion | None
    """The version that is shown; None before the first submission."""
    examination: Examination | None
    titles: dict[str, str]
    """Of sections, by key."""
    names: dict[int, str]
    """Of people who are or were in the team, by id."""
    hidden_passages: list[Passage]
    kept: list[Passage]
    entry: Publication | None
    has_new_details: bool
    """What stands beside the text is not what the public reads."""
    is_current: bool
    """The public reads the chosen version exactly as it is shown here."""


async def offer_view(project: Project, number: int | None, *, is_office: bool = False) -> OfferView | None:
    """Return the data, showing version ``number`` or the most interesting one; None if there is no such version.

    ``is_office``: for an organiser, who sees what an approval shows; else for the team, which sees what it can offer.
    """
    rows = await offered_versions(project.id)
    versions = [OfferedVersion(each, rows.get(each.number)) for each in reversed(await submissions_of(project.id))]
    chosen = _chosen(versions, number)
    if number is not None and chosen is None:
        return None
    # The rules take the row as it is, without the rows that it refers to.
    bare = await Project.objects().get(Project.id == project.id)
    assert bare is not None
    examination = await examine(await _basis(bare, chosen, is_office=is_office)) if chosen else None
    entry = await publication_of(project.id)
    return OfferView(
        project=project,
        versions=versions,
        chosen=chosen,
        examination=examination,
        titles={part.key: part.title for part in frozen_parts(chosen.submission)} if chosen else {},
        names=await _names(examination),
        hidden_passages=await passages_of(project.id, Verdict.HIDDEN),
        kept=await passages_of(project.id, Verdict.KEPT),
        entry=entry if entry and entry.is_public else None,
        has_new_details=bool(entry and entry.is_public) and await differs(bare),
        is_current=_is_current(chosen, examination),
    )


async def _basis(project: Project, chosen: OfferedVersion, *, is_office: bool) -> Basis:
    if is_office:
        return await basis_of_approval(project, chosen.submission, chosen.row)
    return await basis_of(project, chosen.submission)


def _chosen(versions: list[OfferedVersion], number: int | None) -> OfferedVersion | None:
    if number is not None:
        return next((each for each in versions if each.submission.number == number), None)
    return next((each for each in versions if each.is_waiting), versions[0] if versions else None)


def _is_current(chosen: OfferedVersion | None, examination: Examination | None) -> bool:
    if chosen is None or chosen.row is None or examination is None or not chosen.is_public:
        return False
    is_same = (chosen.row.title, chosen.row.content) == (examination.basis.title, content_of(examination.parts))
    return is_same and not examination.basis.has_new_names


async def _names(examination: Examination | None) -> dict[int, str]:
    ids = {person for finding in examination.findings for person in finding.people} if examination else set()
    return {person.id: person.name for person in await Person.objects().where(Person.id.is_in(sorted(ids) or [0]))}
