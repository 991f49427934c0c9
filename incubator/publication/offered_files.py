"""Pictures and papers that would become public with a version, as the team and an organiser look at them before."""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.attachments.paper_words import words_in
from incubator.attachments.people_on import people_on
from incubator.attachments.showing import ShowingFacts, facts_of
from incubator.attachments.tables import Attachment
from incubator.people.tables import Person
from incubator.projects.document import Frozen
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.kinds.files import KIND, files_in


@dataclass(frozen=True, slots=True)
class OfferedFile:
    file: FileRef
    caption: str
    facts: ShowingFacts
    names: tuple[str, ...]
    """Of the people on it, for organisers."""
    words: str = ""
    """What is written in it, if it is a paper."""

    @property
    def place(self) -> str:
        """Return where findings in it stand (``findings.py``)."""
        return f":file-{self.file.id}"

    @property
    def mark(self) -> str:
        """Return what an organiser's approval is about, beside the words."""
        return f"{self.file} {self.facts.people} {' '.join(self.names)}"


async def offered_files(project_id: int, parts: Sequence[Frozen]) -> tuple[OfferedFile, ...]:
    """Return the files of a version, in order. Six queries at most, none without files."""
    named = [
        pair for part in parts if part.kind == KIND.key and part.value for pair in files_in(KIND.sheet(part.value))
    ]
    if not named:
        return ()
    ids = sorted({file.id for _row, file in named})
    rows = await Attachment.objects().where((Attachment.project == project_id) & Attachment.id.is_in(ids))
    facts, names, words = await facts_of(rows), await _names_on(ids), await words_in(ids)
    return tuple(
        OfferedFile(file, row.get("caption", ""), facts[file.id], names[file.id], words.get(file.id, ""))
        for row, file in named
        if file.id in facts
    )


async def _names_on(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of the people on each attachment. Two queries."""
    people = await people_on(ids)
    everybody = {person for each in people.values() for person in each if person is not None}
    rows = await Person.objects().where(Person.id.is_in(sorted(everybody) or [0])).order_by(Person.id)
    return {each: tuple(row.name for row in rows if row.id in people[each]) for each in ids}
