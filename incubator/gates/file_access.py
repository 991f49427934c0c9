"""Who may fetch an attached file: everybody what is public, the team all of theirs, reviewers what the version in front of them names.

Whoever is not of the team gets a paper without its author's name: neither the upload's, nor what programs wrote into it.
"""

from dataclasses import dataclass, replace
from typing import Any

from incubator.attachments.showing import public_now
from incubator.attachments.tables import PLAIN, People, Rendition
from incubator.db.frozen import frozen_with
from incubator.http.attachments import DOCX, PDF, PPTX
from incubator.people.tables import Person
from incubator.projects.access import role_of
from incubator.projects.document import frozen_parts
from incubator.projects.kinds.files import refs_in
from incubator.projects.permissions import Action, ProjectRole, may
from incubator.projects.tables import Submission
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field
from incubator.reviews.tables import Assignment

_EXTENSIONS = {PDF: ".pdf", DOCX: ".docx", PPTX: ".pptx"}


@dataclass(frozen=True, slots=True)
class Served:
    """A file that somebody may fetch."""

    digest: str
    size: int
    """Bytes."""
    media_type: str
    name: str
    """Under which it is saved: for the team that of the upload; for others another, since people name files after themselves."""
    is_public: bool
    """Everybody gets just this."""
    shows_people: bool
    """People of the team are on it."""
    is_itself: bool
    """The uploaded paper, not a picture that was made of it."""


@frozen_with
def _rendition(attachment: int, name: str) -> Any:
    of: Any = Rendition.attachment
    stored: Any = Rendition.file
    return Rendition.select(
        of.project.as_alias("project"), of.code.as_alias("code"), of.people.as_alias("people"),
        stored.digest.as_alias("digest"), stored.size.as_alias("size"),
        stored.media_type.as_alias("media_type"), stored.name.as_alias("name"),
    ).where((Rendition.attachment == attachment) & (Rendition.name == name))  # fmt: skip


async def served(attachment_id: int, address: str, reader: Person | None) -> Served | None:
    """Return the file at ``/files/ID/ADDRESS`` (code and name of a rendition); None if it is not there for this reader."""
    code, _dash, name = address.partition("-")
    rows = await _rendition(attachment_id, name)
    if not rows or rows[0]["code"] != code or name == PLAIN:
        return None
    row = rows[0]
    is_public = bool(await public_now([attachment_id], row["project"]))
    if not is_public and not (reader and await _may_fetch(attachment_id, row["project"], reader)):
        return None
    found = Served(
        row["digest"], row["size"], row["media_type"], row["name"], is_public,
        shows_people=row["people"] != People.NOBODY, is_itself=not name,
    )  # fmt: skip
    if name:
        return found
    if await _is_of_team(reader, row["project"]):
        return replace(found, is_public=False)  # no cache on the way keeps the names for others
    plain = await _rendition(attachment_id, PLAIN)
    stored = plain[0] if plain else row
    known_as = f"file-{attachment_id}{_EXTENSIONS[row['media_type']]}"
    return replace(found, digest=stored["digest"], size=stored["size"], name=known_as)


async def _is_of_team(reader: Person | None, project_id: int) -> bool:
    return reader is not None and may(await role_of(reader, project_id), Action.SEE_NAMES)


async def _may_fetch(attachment_id: int, project_id: int, reader: Person) -> bool:
    role = await role_of(reader, project_id)
    if role and role != ProjectRole.COORDINATOR:  # who coordinates the school may be asked as a mentor
        return may(role, Action.SEE_NAMES)  # a face says as much as a name
    asked = Assignment.select(Assignment.submission).where((Assignment.mentor == reader.id) & Assignment.open())
    # Files of a duplicate belong to the project that stays; its version is still read.
    there: Any = Submission.project
    own = (there == project_id) | (there.merged_into == project_id)
    rows = await Submission.objects().where(own & Submission.id.is_in(asked) & Submission.standing())
    return any([_names(row, attachment_id) and (await review_access_of(reader, row)).sees(Field.FILES) for row in rows])


def _names(row: Submission, attachment_id: int) -> bool:
    return any(ref.id == attachment_id for part in frozen_parts(row) for ref in refs_in(part.value))
