"""Starting an idea: a project with its captain and possibly a first answer."""

from itertools import count

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import AGAIN, Repeated
from incubator.core.text import slugify
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.locking import lock_season
from incubator.programme.tables import Season
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Answer, FormerSlug, Member, Project

_TRIED_AT_ONCE = 50
#: Paths of the showcase that are not projects.
RESERVED = frozenset({"map"})


async def start(title: str, *, season: Season, by: Person, pitch: str = "") -> Project:
    """Start a new idea with ``by`` as its captain. The title may be added later. Raises Repeated."""
    async with writing():
        await lock_season(season.id)  # two ideas with one title may begin at once, and slugs are unique
        await _require_new(title, pitch, season, by)
        project = await insert_project(title, season=season, by=by)
        if pitch:
            at = project.created_at
            await Answer(
                project=project.id, key="pitch", text=pitch, changed_at=at, changed_by=by.id, begun_at=at
            ).save()
        await record(Happened.STARTED, by=by, project=project.id)
        return project


async def insert_project(title: str, *, season: Season, by: Person) -> Project:
    """Insert an idea with ``by`` as its captain. Call inside a transaction that has locked the season."""
    at = now()
    project = Project(
        season=season.id, slug=await free_slug(title), title=title, folded=Project.folded_of(title, ""),
        created_at=at, changed_at=at,
    )  # fmt: skip
    await project.save()
    await Member(project=project.id, person=by.id, role=ProjectRole.CAPTAIN.value, joined_at=at).save()
    return project


async def _require_new(title: str, pitch: str, season: Season, by: Person) -> None:
    """Raise Repeated if ``by`` has just started the same idea. Call inside a transaction that has locked the season."""
    for project in await Project.objects().where(begun_by(by, title, season) & (Project.created_at > now() - AGAIN)):
        answer = (Answer.project == project.id) & (Answer.key == "pitch")
        if not pitch or await Answer.exists().where(answer & (Answer.text == pitch)):
            raise already_begun(project)


def begun_by(person: Person, title: str, season: Season) -> Condition:
    """Return the condition that a project of the season has this title, and ``person`` as its captain."""
    own = Member.select(Member.project).where((Member.person == person.id) & (Member.role == ProjectRole.CAPTAIN.value))
    condition: Condition = (Project.season == season.id) & (Project.title == title) & Project.id.is_in(own)
    return condition


def already_begun(project: Project) -> Repeated:
    """Return the refusal that leads to what the person has begun before."""
    return Repeated(_("Этот проект вы уже начали: вот он."), f"/projects/{project.id}")


async def free_slug(title: str, *, mine: int = 0) -> str:
    """Return a readable slug that no other project has or had; the current one of ``mine`` if it fits the title."""
    base = slugify(title) or "project"
    for start in count(step=_TRIED_AT_ONCE):
        names = [f"{base}-{n}" if n > 1 else base for n in range(start + 1, start + 1 + _TRIED_AT_ONCE)]
        own = await Project.select(Project.slug).where((Project.id == mine) & Project.slug.is_in(names))
        if own:
            return str(own[0]["slug"])
        rows = await Project.select(Project.slug).where(Project.slug.is_in(names))
        rows += await FormerSlug.select(FormerSlug.slug).where(
            FormerSlug.slug.is_in(names) & (FormerSlug.project != mine)
        )
        taken = RESERVED | {row["slug"] for row in rows}
        if free := next((name for name in names if name not in taken), ""):
            return free
    raise AssertionError("there is always a free one")
