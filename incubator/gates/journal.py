"""A project's journal in words: who did what, with the names that the reader may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from incubator.core.clock import day_of
from incubator.core.languages import localized
from incubator.history.record import Happened
from incubator.history.timeline import Line, timeline_of
from incubator.people.tables import Person
from incubator.projects.access import access_to
from incubator.projects.document import parts_of
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Project
from incubator.projects.team import team_of
from incubator.reviews.access.visibility import JOURNAL_READERS, ROLE_OF_MEMBER, ReviewRole


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    happened: str
    actor: str
    """Name; empty for the office, a mentor whose name is hidden from the team, or somebody who left."""
    subject: str
    sections: tuple[str, ...]
    """Titles of the sections concerned."""
    purpose: str
    """Purpose of the consent concerned."""
    reason: str = ""
    """Why the office did it, where the team was told."""
    until: datetime | None = None
    """The date that the office gave."""
    source: tuple[int, int] | None = None
    """For the office: the import from which it came, and the row of its file."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person did in one go."""

    at: datetime
    actor: str
    entries: list[Entry]
    """The newest first, like everything in the journal."""


#: A pause after which somebody sits down anew.
_PAUSE = timedelta(minutes=10)


def days_of(entries: Iterable[Entry]) -> list[tuple[date, list[Sitting]]]:
    """Return the journal by days of the region, and in each what one person did in one go. Pure."""
    return [(day, _sittings(of_day)) for day, of_day in groupby(entries, key=lambda entry: day_of(entry.at))]


def _sittings(entries: Iterable[Entry]) -> list[Sitting]:
    found: list[Sitting] = []
    for entry in entries:
        if found and found[-1].actor == entry.actor and found[-1].entries[-1].at - entry.at < _PAUSE:
            found[-1].entries.append(entry)
        else:
            found.append(Sitting(entry.at, entry.actor, [entry]))
    return found


#: Acts of the office whose reason its team reads.
_REASONED = frozenset(
    {
        Happened.EXTENDED,
        Happened.WITHDRAWN,
        Happened.PROJECTS_MERGED,
        Happened.DECISION_CORRECTED,
        Happened.TYPO_CORRECTED,
    }
)


#: By which somebody comes into the team, in the same moment by whichever clock.
_COMING = frozenset({Happened.STARTED, Happened.JOINED})
#: Acts of the office that set a date.
_DATED = frozenset({Happened.EXTENDED, Happened.REOPENED, Happened.DATE_MOVED})


async def journal_of(project: Project, reader: Person) -> list[Entry]:
    """Return the entries, newest first. A team sees only its own members' names; an organiser sees all. Seven queries at most.

    An organiser who is in the team sees what the team sees.
    """
    access = await access_to(project.id, reader)
    team = await team_of(project.id) if access else []
    names = {mate.person.id: access.name_of(mate.person) for mate in team} if access else {}
    joined: dict[int, datetime] | None = {mate.person.id: mate.member.joined_at for mate in team}
    role = _role(access.role if access else "")
    lines = await timeline_of(project.id, *await merged_into(project.id), shown=JOURNAL_READERS[role])
    if role is ReviewRole.ORGANISER:
        names |= await _names({i for line in lines for i in (line.actor_id, line.subject_id) if i} - names.keys())
        joined = None
    titles = {part.key: localized(part.section, "title") for part in await parts_of(project)}
    return [_entry(line, names, titles, joined) for line in lines]


async def merged_into(project_id: int) -> list[int]:
    """Return the ids of the duplicates that were merged into the project: their history is its own."""
    return [row["id"] for row in await Project.select(Project.id).where(Project.merged_into == project_id)]


def _role(role: str) -> ReviewRole:
    """Return what somebody with this ProjectRole is to the project, whoever reviews it."""
    if role == ProjectRole.ORGANISER:
        return ReviewRole.ORGANISER
    return ROLE_OF_MEMBER.get(role, ReviewRole.OUTSIDER)


def _entry(line: Line, names: dict[int, str], titles: dict[str, str], joined: dict[int, datetime] | None) -> Entry:
    return Entry(
        at=line.at,
        happened=line.happened,
        actor=_actor_of(line, names, joined),
        subject=names.get(line.subject_id or 0, "") if line.subject_id != line.actor_id else "",
        sections=tuple(titles[key] for key in line.keys if key in titles),
        purpose=line.purpose,
        reason=line.reason if line.happened in _REASONED else "",
        until=datetime.fromisoformat(line.until) if line.until and line.happened in _DATED else None,
        source=line.source if joined is None else None,
    )


def _actor_of(line: Line, names: dict[int, str], joined: dict[int, datetime] | None) -> str:
    """Return who did it. ``joined``: when members came, for a reader of the team; None: the office reads all names.

    What a member did before they came, or as a reviewer, has no name in the team: after a merger of accounts or of
    projects the same person may be both.
    """
    if joined is not None:
        came = joined.get(line.actor_id or 0)
        if line.is_by_reviewer or (came is not None and line.at < came and line.happened not in _COMING):
            return ""
    return names.get(line.actor_id or 0, "")


async def _names(ids: set[int]) -> dict[int, str]:
    people = await Person.objects().where(Person.id.is_in(sorted(ids))) if ids else []
    return {person.id: person.name for person in people}
