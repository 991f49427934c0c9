"""The content of a published project's page: its document, growth, team and mentors."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incubator.http.markdown.plain import plain
from incubator.people.affiliations import affiliations_by_person
from incubator.people.tables import Consent
from incubator.projects.differences import Difference, differences
from incubator.projects.document import Frozen, frozen_parts
from incubator.projects.kinds.files import KIND, AttachedFile
from incubator.projects.tables import FormerSlug, News
from incubator.projects.team import Mate, team_of
from incubator.projects.version_files import files_of
from incubator.publication.public_files import shown_now
from incubator.publication.public_names import public_name
from incubator.publication.tables import Publication, PublicVersion
from incubator.publication.versions import public_news_of, public_versions_of
from incubator.publication.withdrawals import lapsed_names
from incubator.reviews.tables import Decision, Review


@dataclass(frozen=True, slots=True)
class Grown:
    """The change of one section from one version to the next."""

    part: Frozen
    difference: Difference

    @property
    def added(self) -> int:
        """Return the number of added words."""
        return sum(len(text.split()) for op, text in self.difference.words if op == "ins")

    @property
    def removed(self) -> int:
        """Return the number of removed words."""
        return sum(len(text.split()) for op, text in self.difference.words if op == "del")


#: Sections about lessons learned: tested hypotheses at the gate of the project, the team's own reflection later.
LEARNED = ("evidence", "learning")


@dataclass(frozen=True, slots=True)
class Version:
    row: PublicVersion
    outcome: str
    """advance, return, stop; empty while it is in review."""
    parts: list[Frozen]
    """Its sections that are not empty."""
    added: list[Frozen]
    grown: list[Grown]

    @property
    def learned(self) -> list[Frozen]:
        """Return the lessons that this version stated for the first time; later wordings are in ``grown``."""
        return [part for part in self.added if part.key in LEARNED]


#: Piccolo types the first join only.
_project: Any = Publication.project
_WITH_PROJECT = (_project, _project.organisation)


_SLUG = re.compile(r"[a-z0-9-]{1,90}")


async def published(slug: str) -> Publication | None:
    """Return the publication with its project, or None if it is not public."""
    if not _SLUG.fullmatch(slug):
        return None
    row: Publication | None = (
        await Publication.objects(*_WITH_PROJECT)
        .where((Publication.project.slug == slug) & Publication.public())
        .first()
    )
    # A consent that has just ended hides the project until the name is out of its texts.
    return None if row is None or await lapsed_names(row.project.id) else row


async def present_slug(former: str) -> str | None:
    """Return the current slug of a published project that was at ``former``."""
    if not _SLUG.fullmatch(former):
        return None
    row = (
        await FormerSlug.select(FormerSlug.project.slug.as_alias("slug"), FormerSlug.project)
        .where(FormerSlug.slug == former)
        .first()
    )
    if row is None or not await Publication.exists().where(
        (Publication.project == row["project"]) & Publication.public()
    ):
        return None
    return str(row["slug"])


async def public_versions(publication: Publication) -> list[Version]:
    """Return the public versions, oldest first, each with its additions and changes since the public one before it."""
    rows = await public_versions_of(publication.project.id)
    outcomes = {
        each["submission"]: each["outcome"]
        for each in await Decision.select(Decision.submission, Decision.outcome).where(
            Decision.submission.is_in([r.submission for r in rows] or [0]) & Decision.released()
        )
    }
    versions: list[Version] = []
    before: dict[str, Frozen] = {}
    written = [[part for part in frozen_parts(row) if part.text] for row in rows]
    for row, parts in zip(rows, await shown_now(written, publication.project.id), strict=True):
        versions.append(
            Version(
                row,
                outcomes.get(row.submission, ""),
                parts,
                added=[p for p in parts if p.key not in before],
                grown=_grown(parts, before),
            )
        )
        before = {p.key: p for p in parts}
    return versions


def _grown(parts: list[Frozen], before: dict[str, Frozen]) -> list[Grown]:
    by_key = differences(list(before.values()), parts)
    return [Grown(part, by_key[part.key]) for part in parts if by_key.get(part.key)]


@dataclass(frozen=True, slots=True)
class PublicNews:
    id: int
    title: str
    html: str
    published_at: datetime
    picture: AttachedFile | None
    """As far as everybody may see it now."""

    @property
    def summary(self) -> str:
        """Return its words, without marks."""
        return plain(self.html)


async def public_news(project_id: int) -> list[PublicNews]:
    """Return the news that everybody may read, newest first. One query, a few more with pictures."""
    rows = (await public_news_of(project_id))[::-1]
    written = [[part for part in frozen_parts(row) if part.text] for row in rows]
    return [
        news_shown(row, parts)
        for row, parts in zip(rows, await shown_now(written, project_id), strict=True)
        if row.title
    ]


def news_shown(row: News, parts: list[Frozen]) -> PublicNews:
    """Return a piece of news with those of its sections that everybody may see."""
    html = "".join(part.html for part in parts if part.kind != KIND.key)
    pictures = files_of(parts).pictures
    return PublicNews(row.id, row.title, html, row.published_at, pictures[0] if pictures else None)


@dataclass(frozen=True, slots=True)
class PublicMate:
    name: str
    role: str


async def public_team(project_id: int) -> list[PublicMate]:
    """Return the members by the names that an organiser approved, as their consents currently allow. Two queries."""
    mates = await team_of(project_id)
    rows = await Consent.select(Consent.person, Consent.purpose).where(
        Consent.person.is_in([m.person.id for m in mates] or [0]) & Consent.holding()
    )
    consents: dict[int, set[str]] = {}
    for row in rows:
        consents.setdefault(row["person"], set()).add(row["purpose"])
    named = [(_named(mate, consents.get(mate.person.id, ())), mate.role) for mate in mates]
    return [PublicMate(name, role) for name, role in named if name]


def _named(mate: Mate, consents: Collection[str]) -> str:
    return public_name(mate.member.public_given, mate.member.public_family, consents, is_student=mate.is_student)


async def mentors_organisations(versions: list[Version]) -> list[str]:
    """Return the organisations of mentors whose reviews led to a released decision."""
    decided = [v.row.submission for v in versions if v.outcome]
    if not decided:
        return []
    reviewers = await Review.select(Review.mentor).where(Review.submission.is_in(decided) & Review.sent())
    working = await affiliations_by_person({r["mentor"] for r in reviewers})
    return sorted({row.organisation.name for rows in working.values() for row in rows})
