"""Starting an idea: a project with its captain and, maybe, a first answer."""

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.tables import Answer, Member, Project
from incubator.web.dates import now
from incubator.web.markdown import render
from incubator.web.text import slugify


async def start(title: str, *, season: Season, by: Person, pitch: str = "") -> Project:
    """A new idea of ``by``, who becomes its captain. The title may come later."""
    async with writing():
        at = now()
        project = Project(season=season.id, slug=await free_slug(title), title=title, created_at=at, changed_at=at)
        await project.save()
        await Member(project=project.id, person=by.id, role="captain", joined_at=at).save()
        if pitch:
            await Answer(
                project=project.id, key="pitch", text=pitch, html=render(pitch), changed_at=at, changed_by=by.id
            ).save()
        await record(Happened.STARTED, by=by, project=project.id)
        return project


async def free_slug(title: str, *, mine: int = 0) -> str:
    """A readable address for the showcase that no other project has."""
    base = slugify(title) or "project"
    rows = await Project.select(Project.slug).where(Project.slug.like(f"{base}%") & (Project.id != mine))
    taken = {row["slug"] for row in rows}
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)
