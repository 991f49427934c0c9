"""The end of a consent or of a membership: the person's name goes out of everything public in the same transaction.

These are the verbs to call. Those of ``projects`` end the consent or the membership alone; ``tests/test_house.py``
lets nobody else call them.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from incubator.core.clock import seconds_until_tomorrow
from incubator.db import writing
from incubator.db.conditions import among as one_of
from incubator.history.waiting import wait_for_events
from incubator.jobs.periodic import run_once
from incubator.people.tables import Consent, Person
from incubator.projects import consents, orphaned_consents, own_consents, team, vouching
from incubator.projects.former_members import teams_ever_of
from incubator.projects.locking import lock_project
from incubator.projects.tables import Member, Project
from incubator.publication.entry import follow_captions
from incubator.publication.name_hiding import NamePlan, carry_out, note_named, plan_hiding
from incubator.publication.new_names import NewNames
from incubator.publication.people_named import NOBODY, named_by_consent, names_of_team
from incubator.publication.public_copy import Unrendered
from incubator.publication.tables import Passage, Publication, Verdict
from incubator.publication.team_names import ask_about_name_of

_T = TypeVar("_T")

#: Purposes without which nobody is named in public.
_NAMING = (*consents.TAKES_PART, consents.PUBLIC_NAME)

#: After how many seconds names are looked at anew although nothing happened in this process.
LONGEST_WAIT = 30.0


async def withdraw_consent(project: Project, person: Person, purpose: str, *, by: Person) -> None:
    """Withdraw a consent and hide the person's name in every public text, in all projects of theirs."""
    await _withdraw(person, [purpose], lambda: consents.withdraw_consent(project, person, purpose, by=by), by=by)


async def withdraw_own_consent(person: Person, purpose: str) -> None:
    """Take back one's own consent, in no team too, and hide the name in every public text, in all projects."""

    async def end() -> None:
        await own_consents.withdraw_own_consent(person, purpose)

    await _withdraw(person, [purpose], end, by=person)


async def withdraw_by_family(person: Person, purpose: str) -> None:
    """Take back a guardian's consent for somebody with the family's code, and hide the name likewise; teams and office are told.

    Only an organiser can record the next one: where two guardians disagree, the stricter one holds.
    """
    await answer_by_family(person, [purpose])


async def answer_by_family(
    person: Person, refused: Collection[str], *, first: Callable[[], Awaitable[None]] | None = None,
    then: Callable[[], Awaitable[None]] | None = None,
) -> None:  # fmt: skip
    """Take back the guardians' consents for all purposes that somebody of the family refuses, and hide the name likewise.

    ``first`` and ``then`` run before and after it in the same transaction; in another one again, if somebody was faster.
    """

    async def end() -> None:
        if first:
            await first()
        for purpose in refused:
            await own_consents.withdraw_own_consent(person, purpose, is_family=True)
        if then:
            await then()

    await _withdraw(person, refused, end, by=None)


async def _withdraw(
    person: Person, purposes: Collection[str], end: Callable[[], Awaitable[None]], *, by: Person | None
) -> None:
    naming = [purpose for purpose in purposes if purpose in _NAMING]
    while True:
        plans = await _plans_for(person) if naming else []
        with suppress(Unrendered):
            async with writing():
                teams = await _teams_of(person)
                for project_id in sorted(teams | {plan.project for plan in plans}):
                    await lock_project(project_id)
                held = await Consent.exists().where(
                    (Consent.person == person.id) & Consent.purpose.is_in(naming or [""]) & Consent.holding()
                )
                await end()
                for plan in plans:
                    if held or not plan.is_empty:  # otherwise it is a repeated click
                        await carry_out(plan, by=by)
                await _follow_captions_of(teams)
            return


async def _teams_of(person: Person) -> set[int]:
    rows = await Member.select(Member.project).where(Member.person == person.id)
    return {row["project"] for row in rows}


async def _follow_captions_of(project_ids: Iterable[int]) -> None:
    for project_id in project_ids:
        await follow_captions(project_id)


async def remove_member(project: Project, person_id: int, *, by: Person) -> None:
    """Remove a member and hide their name in what the public reads of this project."""
    await _remove([project.id], person_id, lambda: team.remove_member(project, person_id, by=by), by=by)


async def refuse_to_vouch(project: Project, person_id: int, *, reason: str, by: Person) -> int:
    """Send an adult who is not known away (``projects/vouching.py``) and hide their name likewise."""
    voided = await _remove(
        [project.id], person_id, lambda: vouching.refuse_to_vouch(project, person_id, reason=reason, by=by), by=by
    )
    await hide_lapsed_names()
    return voided


async def end_confirmation(person_id: int, *, reason: str, by: Person) -> int:
    """End what somebody is confirmed as (``projects/vouching.py``), and hide their name in all their teams likewise."""
    teams = [row["project"] for row in await Member.select(Member.project).where(vouching.adult_work_of(person_id))]
    voided = await _remove(
        teams, person_id, lambda: vouching.end_confirmation(person_id, reason=reason, by=by), by=by
    )  # fmt: skip
    await hide_lapsed_names()
    return voided


async def void_recorded_by(recorder_id: int, *, reason: str, by: Person) -> int:
    """Mark what a former member recorded as void (``projects/orphaned_consents.py``), and hide whom it allowed to name."""
    voided = await orphaned_consents.void_recorded_by(recorder_id, reason=reason, by=by)
    await hide_lapsed_names()
    return voided


async def hide_newcomer(project_id: int, person: Person) -> None:
    """Hide the name of somebody who has just joined, or was in a team that did, in what was public before.

    If they are a member and consented to it, note where they are named, so that the end of the consent hides it.
    """
    while await _is_public(project_id):
        plan = await plan_hiding(project_id, person, is_new=True)
        if plan.is_empty:
            return
        with suppress(Unrendered):
            async with writing():
                await lock_project(project_id)
                own = Member.select(Member.person).where((Member.project == project_id) & (Member.person == person.id))
                if person.id in await named_by_consent(own):
                    await note_named(plan)
                else:
                    await carry_out(plan, by=None)
            return


async def hide_expected(project_id: int) -> None:
    """Hide the names of those whom a table named as of the team, in what was public before: they have come with another project."""
    while await _is_public(project_id):
        names = [each.name for each in await names_of_team(project_id) if each.person == NOBODY]
        plan = await plan_hiding(project_id, None, is_new=True, names=names)
        if not names or plan.is_empty:
            return
        with suppress(Unrendered):
            async with writing():
                await lock_project(project_id)
                await carry_out(plan, by=None)
            return


async def follow_name(person: Person) -> None:
    """Hide somebody's name, which is new or known only now, in what is public of their teams, like a newcomer's.

    Beside the text stays the name that was approved, until an organiser has seen the new one.
    """
    rows = await Member.select(Member.project).where(Member.person == person.id).order_by(Member.project)
    for row in rows:
        await hide_newcomer(row["project"], person)
    await ask_about_name_of(person)


async def _remove(
    project_ids: Sequence[int], person_id: int, end: Callable[[], Awaitable[_T]], *, by: Person
) -> _T:  # fmt: skip
    """End memberships and hide the name in these projects, all at once."""
    person = await Person.objects().get(Person.id == person_id)
    while True:
        plans = [await plan_hiding(each, person) for each in project_ids if person and await _is_public(each)]
        with suppress(Unrendered):
            async with writing():
                for project_id in sorted(project_ids):
                    await lock_project(project_id)
                done = await end()
                for plan in plans:
                    await carry_out(plan, by=by)
                for project_id in project_ids:
                    await follow_captions(project_id)
            return done


async def _is_public(project_id: int) -> bool:
    return await Publication.exists().where((Publication.project == project_id) & Publication.public())


async def _plans_for(person: Person) -> list[NamePlan]:
    """Return a plan for every public project in whose team the person is or was."""
    theirs = await teams_ever_of(person.id)
    return [await plan_hiding(project_id, person) for project_id in theirs if await _is_public(project_id)]


async def hide_lapsed_names() -> int:
    """Hide the names of people whose consent has ended in any other way: its term is over, or it was void. A periodic task.

    Until then the project is not shown (``showcase/story.py: published``).
    """
    count = 0
    for project_id in await projects_with_lapsed_names():
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


async def projects_with_lapsed_names(among: Sequence[int] | None = None) -> list[int]:
    """Return the projects, of ``among`` if given, whose public texts name somebody who may not be named.

    Three queries, however many there are; one if no text names anybody.
    """
    is_named: Any = Passage.verdict == Verdict.NAMED.value
    if among is not None:
        is_named &= one_of(Passage.project, among or [0])
    people = Passage.select(Passage.person).where(is_named)
    rows = await Passage.select(Passage.project, Passage.person).where(is_named)
    allowed = await named_by_consent(people) if rows else set()
    members = await Member.select(Member.project, Member.person).where(Member.person.is_in(people)) if rows else []
    fine = {(row["project"], row["person"]) for row in members if row["person"] in allowed}
    return sorted({row["project"] for row in rows if (row["project"], row["person"]) not in fine})


async def hide_lapsed_names_forever() -> None:
    """Do it beside the server: at its start, after a commit in this process, and when a day has begun.

    Names that are new in a team are looked at once more: whoever let them in may have died before it hid them.
    """
    new_names = NewNames(hide_newcomer, hide_expected)
    while True:
        await run_once([hide_lapsed_names, new_names.hide_new_names])
        await wait_for_events(min(LONGEST_WAIT, seconds_until_tomorrow()))


async def lapsed_names(project_id: int) -> list[int | None]:
    """Return those whom public texts name and who may not, or no longer, be named; None: the account is gone."""
    rows = await Passage.select(Passage.person).where(
        (Passage.project == project_id) & (Passage.verdict == Verdict.NAMED.value)
    )
    if not rows:
        return []
    members = await Member.select(Member.person).where(Member.project == project_id)
    return list({row["person"] for row in rows} - await named_by_consent([row["person"] for row in members]))
