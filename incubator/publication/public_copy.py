"""What the public gets of a submitted version: its text without the passages that somebody hid."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from incubator.http.prose import Prose, prose_of
from incubator.projects.document import Frozen, Holder, content_of, frozen_parts
from incubator.projects.errata import TITLE
from incubator.projects.tables import Erratum, Project, Submission
from incubator.publication.entry import forget_addresses, organisation_of, publication_of, update_entry
from incubator.publication.following import recall_mails
from incubator.publication.hiding import hidden
from incubator.publication.public_files import for_everybody
from incubator.publication.tables import Passage, Publication, Verdict
from incubator.publication.versions import public_texts_of


class Unrendered(Exception):
    """Something changed after the texts were rendered: begin again, outside the transaction."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a project hides: passages wherever they stand, and whole sections."""

    passages: tuple[str, ...] = ()
    sections: frozenset[str] = frozenset()

    def of(self, text: str) -> str:
        return hidden(text, self.passages)

    def and_also(self, passages: Sequence[str], sections: Sequence[str] = ()) -> "Hidden":
        return Hidden((*self.passages, *passages), self.sections | set(sections))


async def hidden_of(project_id: int) -> Hidden:
    """Return what the project hides now. One query."""
    rows = await Passage.select(Passage.text, Passage.key).where(
        (Passage.project == project_id) & (Passage.verdict == Verdict.HIDDEN.value)
    )
    return Hidden(
        tuple(row["text"] for row in rows if not row["key"]), frozenset(row["key"] for row in rows if row["key"])
    )


def shown_parts(row: Holder, what: Hidden) -> list[Frozen]:
    """Return the sections that the public reads: those with text, and where something is hidden that text alone, without HTML."""
    return [
        part.reworded(what.of)
        for part in map(for_everybody, frozen_parts(row))
        if part.text and part.key not in what.sections
    ]


async def prose_for(rows: Sequence[Holder], what: Hidden) -> Prose:
    """Render what ``rendered`` will need. Call outside transactions."""
    return await prose_of(part.text for row in rows for part in shown_parts(row, what) if _needs_html(part))


def rendered(parts: Sequence[Frozen], prose: Prose) -> list[Frozen]:
    """Return the sections with their HTML. Raises Unrendered if ``prose`` lacks one."""
    if not all(part.text in prose for part in parts if _needs_html(part)):
        raise Unrendered
    return [msgspec.structs.replace(part, html=str(prose(part.text))) if _needs_html(part) else part for part in parts]


def _needs_html(part: Frozen) -> bool:
    return not part.html and not part.is_sheet


async def hide_in_copies(project: Project, prose: Prose) -> None:
    """Take what is hidden now out of everything that the public reads of a project.

    Call inside a transaction that has locked the project. Raises Unrendered if ``prose`` lacks a text.
    """
    what = await hidden_of(project.id)
    rows = await public_texts_of(project.id)
    await recall_mails(project.id)
    titles = {row.title for row in rows} | await former_titles(project.id)
    for row in rows:
        row.title, row.content = what.of(row.title), content_of(rendered(shown_parts(row, what), prose))
        await row.save()
    entry = await publication_of(project.id)
    if entry is not None and rows:
        entry.team_name, entry.help_wanted = what.of(entry.team_name), what.of(entry.help_wanted)
        entry.organisation = what.of(entry.organisation)
        await entry.save()
        await update_entry(project)
    await forget_addresses(project.id, [title for title in titles if what.of(title) != title])


async def former_titles(project_id: int) -> set[str]:
    """Return every title that may once have made an address that leads to the project, those of its duplicates among them."""
    rows = await Submission.objects().where(
        (Submission.project == project_id) | (Submission.project.merged_into == project_id)
    )
    errata = await Erratum.select(Erratum.before, Erratum.after).where(
        Erratum.submission.is_in([row.id for row in rows] or [0]) & (Erratum.key == TITLE)
    )
    duplicates = await Project.select(Project.title).where(Project.merged_into == project_id)
    return (
        {row["title"] for row in duplicates}
        | {row.title for row in rows}
        | {title for row in errata for title in (row["before"], row["after"])}
    )


async def approve_details(project: Project, what: Hidden) -> None:
    """Show the details beside the text as they are now, without what is hidden: an organiser has just read them."""
    row = await publication_of(project.id) or Publication(project=project.id)
    full = await Project.objects().get(Project.id == project.id)
    assert full is not None
    row.team_name, row.help_wanted = what.of(full.team_name), what.of(full.help_wanted)
    row.organisation = what.of(await organisation_of(project.id))
    await row.save()
