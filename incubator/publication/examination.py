"""What the public would read of a version, with everything in it that names or locates somebody.

A team sees it before it offers a version, an organiser before approving. ``findings.py`` holds the rules.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from incubator.http.prose import prose_of
from incubator.projects.document import Frozen
from incubator.projects.errata import corrected
from incubator.projects.tables import Project, Submission
from incubator.publication.entry import organisation_of, publication_of
from incubator.publication.findings import Judge, Piece, TextFinding, find_in, find_in_paper
from incubator.publication.hiding import canonical
from incubator.publication.offered_files import OfferedFile, offered_files
from incubator.publication.passages import kept_passages
from incubator.publication.people_named import TeamName, names_of_team
from incubator.publication.public_copy import Hidden, hidden_of, rendered, shown_parts
from incubator.publication.tables import PublicVersion
from incubator.publication.team_names import MateName, mate_names

#: The places of a version beside its sections.
TITLE, TEAM_NAME, HELP_WANTED, ORGANISATION = ":title", ":team_name", ":help_wanted", ":organisation"


@dataclass(frozen=True, slots=True)
class Basis:
    """All that an examination depends on; two that are equal have the same result."""

    title: str
    team_name: str
    help_wanted: str
    organisation: str
    parts: tuple[Frozen, ...]
    """Without what is hidden; without HTML where something is."""
    people: tuple[TeamName, ...]
    mates: tuple[MateName, ...]
    """Those whose names stand beside the text."""
    kept: frozenset[str]
    files: tuple[OfferedFile, ...]
    hidden: tuple[str, ...] = ()
    """What is hidden wherever it stands: in a paper it cannot be."""

    @property
    def has_new_names(self) -> bool:
        """Return whether the public would read another name beside the text than it does."""
        return any(mate.is_waiting for mate in self.mates)

    @property
    def mark(self) -> str:
        """Return a token of what is read: an approval of a page names it."""
        beside = (self.title, self.team_name, self.help_wanted, self.organisation)
        named = (f"{mate.member}\n{mate.given}\n{mate.family}" for mate in self.mates)
        said = [
            *beside,
            *named,
            *(file.mark for file in self.files),
            *(f"{part.key}\n{part.text}\n{part.value}" for part in self.parts),
        ]
        return hashlib.blake2b("\0".join(said).encode("utf-8", "replace"), digest_size=9).hexdigest()


@dataclass(frozen=True, slots=True)
class Examination:
    basis: Basis
    parts: list[Frozen]
    """With HTML."""
    pieces: dict[str, Piece]
    """By section key, or ``TITLE``, ``TEAM_NAME``, ``HELP_WANTED``, ``ORGANISATION``, or ``OfferedFile.place``."""

    @property
    def findings(self) -> list[TextFinding]:
        return [finding for piece in self.pieces.values() for finding in piece.findings]

    @property
    def forbidden(self) -> list[TextFinding]:
        """Return the names of people who did not consent: with them no version is offered."""
        return [finding for finding in self.findings if finding.is_forbidden]

    @property
    def open(self) -> list[TextFinding]:
        """Return what somebody has to hide or an organiser to keep before an approval."""
        return [finding for finding in self.findings if finding.is_open]


async def basis_of(project: Project, submission: Submission, what: Hidden | None = None) -> Basis:
    """Return what the public would read now, and what is known about it."""
    hiding, submission = what or await hidden_of(project.id), await corrected(submission)
    parts = shown_parts(submission, hiding)
    return Basis(
        title=hiding.of(submission.title),
        team_name=hiding.of(project.team_name),
        help_wanted=hiding.of(project.help_wanted),
        organisation=hiding.of(await organisation_of(project.id)),
        parts=tuple(parts),
        people=tuple(await names_of_team(project.id)),
        mates=await mate_names(project.id),
        kept=frozenset(await kept_passages(project.id)),
        files=await offered_files(project.id, parts),
        hidden=hiding.passages,
    )


async def basis_of_approval(project: Project, submission: Submission, row: PublicVersion | None) -> Basis:
    """Return what the public would read after an approval: details that the team did not offer stay as they are."""
    basis = await basis_of(project, submission)
    entry = await publication_of(project.id) if row is not None and row.is_public and not row.is_offered else None
    if entry is None:
        return basis
    return replace(
        basis, team_name=entry.team_name, help_wanted=entry.help_wanted, organisation=entry.organisation
    )  # fmt: skip


async def found_in_correction(
    project_id: int, before: Mapping[str, str], after: Mapping[str, str]
) -> list[TextFinding]:
    """Return what corrected texts say of people that they did not say before, by section. Call outside transactions."""
    prose = await prose_of([*before.values(), *after.values()])
    kept = await kept_passages(project_id)
    people = await names_of_team(project_id)

    def search() -> list[TextFinding]:
        judge = Judge(people, kept)

        def said(texts: Mapping[str, str]) -> list[TextFinding]:
            return [
                finding
                for key, text in texts.items()
                for finding in find_in(key, text, str(prose(text)), judge).findings
            ]

        known = {canonical(finding.passage) for finding in said(before)}
        return [finding for finding in said(after) if canonical(finding.passage) not in known]

    return await asyncio.to_thread(search)


async def examine(basis: Basis) -> Examination:
    """Render and search the texts. Call outside transactions."""
    read = [
        part.as_text() if part.is_sheet else part for part in basis.parts
    ]  # words are marked in a text, not in a drawing
    prose = await prose_of(part.text for part in read if not part.html)
    parts, read = rendered(basis.parts, prose), rendered(read, prose)
    pieces = await asyncio.to_thread(_pieces, basis, read)
    return Examination(basis, parts, pieces)


def _pieces(basis: Basis, parts: list[Frozen]) -> dict[str, Piece]:
    judge = Judge(basis.people, basis.kept)
    lines = {
        TITLE: basis.title,
        TEAM_NAME: basis.team_name,
        HELP_WANTED: basis.help_wanted,
        ORGANISATION: basis.organisation,
    }
    pieces = {place: find_in(place, text, None, judge) for place, text in lines.items() if text}
    papers = {file.place: file.words for file in basis.files if file.words and not file.facts.is_hidden}
    return (
        pieces
        | {part.key: find_in(part.key, part.text, part.html, judge) for part in parts}
        | {place: find_in_paper(place, words, basis.hidden, judge) for place, words in papers.items()}
    )
