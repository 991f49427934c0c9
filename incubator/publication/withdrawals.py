"""The end of a consent or of a membership: the person's name goes out of everything public in the same transaction.

These are the verbs to call. Those of ``projects`` end the consent or the membership alone; ``tests/test_house.py``
lets nobody else call them.
"""

from contextlib import suppress

from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Consent, Person
from incubator.projects import consents, team
from incubator.projects.locking import lock_project
from incubator.projects.tables import Member, Project
from incubator.publication.name_hiding import NamePlan, carry_out, plan_hiding
from incubator.publication.people_named import named_by_consent
from incubator.publication.public_copy import Unrendered
from incubator.publication.tables import Passage, Publication, Verdict

#: Purposes without which nobody is named in public.
_NAMING = (consents.PARTICIPATION, consents.PUBLIC_NAME)


async def withdraw_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Withdraw a consent and hide the person's name in every public text, in all projects of theirs."""
    while True:
        plans = await _plans_for(person) if purpose in _NAMING else []
        with suppress(Unrendered):
            async with writing():
                for project_id in sorted({project.id, *(plan.project for plan in plans)}):
                    await lock_project(project_id)
                held = await Consent.exists().where(
                    (Consent.person == person.id) & (Consent.purpose == purpose) & Consent.holding()
                )
                await consents.withdraw_consent(project, person, purpose, by=by)
                for plan in plans:
                    if held or plan.passages:  # otherwise it is a repeated click
                        await carry_out(plan, by=by)
            return


async def remove_member(project: Project, person_id: int, *, by: Person) -> None:
    """Remove a member and hide their name in what the public reads of this project."""
    person = await Person.objects().get(Person.id == person_id)
    while True:
        plan = await plan_hiding(project.id, person) if person and await _is_public(project.id) else None
        with suppress(Unrendered):
            async with writing():
                await lock_project(project.id)
                await team.remove_member(project, person_id, by=by)
                if plan:
                    await carry_out(plan, by=by)
            return


async def _is_public(project_id: int) -> bool:
    return await Publication.exists().where((Publication.project == project_id) & Publication.public())


async def _plans_for(person: Person) -> list[NamePlan]:
    """Return a plan for every public project in whose team the person is or was."""
    members = await Member.select(Member.project).where(Member.person == person.id)
    left = await Event.select(Event.project_id).where(
        (Event.subject_id == person.id) & (Event.happened == Happened.LEFT_TEAM.value)
    )
    theirs = {row["project"] for row in members} | {row["project_id"] for row in left if row["project_id"]}
    return [await plan_hiding(project_id, person) for project_id in sorted(theirs) if await _is_public(project_id)]


async def hide_lapsed_names() -> int:
    """Hide the names of people whose consent has ended in any other way: its term is over, or it was void. A periodic task.

    Until then the project is not shown (``showcase/story.py: published``).
    """
    rows = await Passage.select(Passage.project, Passage.person).where(Passage.verdict == Verdict.NAMED.value)
    count = 0
    for project_id in sorted({row["project"] for row in rows}):
        for person_id in await lapsed_names(project_id):
            person = await Person.objects().get(Person.id == person_id) if person_id else None
            plan = await plan_hiding(project_id, person)
            with suppress(Unrendered):  # somebody is changing it: the next round finds it
                async with writing():
                    await lock_project(project_id)
                    if person_id in await lapsed_names(project_id):
                        await carry_out(plan, by=None)
                        count += 1
    return count


async def lapsed_names(project_id: int) -> list[int | None]:
    """Return those whom public texts name and who may not, or no longer, be named; None: the account is gone."""
    rows = await Passage.select(Passage.person).where(
        (Passage.project == project_id) & (Passage.verdict == Verdict.NAMED.value)
    )
    if not rows:
        return []
    members = await Member.select(Member.person).where(Member.project == project_id)
    return list({row["person"] for row in rows} - await named_by_consent([row["person"] for row in members]))
