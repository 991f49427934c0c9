"""The people of the demo as they are now: who somebody is, and what waits for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from incubator.core.languages import _, ngettext
from incubator.demo import story
from incubator.people.grants import roles_of
from incubator.people.permissions import StaffAction, may
from incubator.people.tables import Person
from incubator.programme.stages import stage_title
from incubator.projects.lifecycle import State, state_title
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Member, Project
from incubator.reviews.reviewing.remarks import open_remarks
from incubator.reviews.tables import Assignment

#: The domain of everybody in the story; nobody else can be signed in with a button.
DOMAIN = "@demo.example"


class Kind(StrEnum):
    """The groups of the page, in its order."""

    TEAM = "team"
    TEACHER = "teacher"
    MENTOR = "mentor"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class CastMember:
    """One person to be."""

    id: int
    email: str
    name: str
    kind: Kind
    who: str
    """«капитан команды «Тихий улей»»."""
    waits: str
    """What waits for them, from what the database says now."""


async def everybody() -> list[CastMember]:
    """Return the captains, teachers, mentors and organisers of the story."""
    people = await Person.objects().where(Person.email.like(f"%{DOMAIN}")).order_by(Person.id)
    teams = await _teams_of(person.id for person in people)
    parts = [await _part(person, teams[person.id]) for person in people]
    return [part for part in parts if part is not None]


async def who_is(person: Person) -> str:
    """Return who the person is; empty if nothing can be said."""
    teams = (await _teams_of([person.id]))[person.id]
    return _who(await _kind(person, teams), teams)


async def person_of_the_story(person_id: int) -> Person | None:
    return await Person.objects().get((Person.id == person_id) & Person.email.like(f"%{DOMAIN}"))


def main_addresses() -> list[str]:
    """Return the addresses of those to begin with, from the student to the organiser."""
    cast = story.cast()
    chapters = {chapter["cast"]: chapter for chapter in story.projects() if chapter.get("cast")}
    teacher = next(row for row in cast["teacher"] if row["key"] == chapters["draft"]["teacher"])
    mentor = next(row for row in cast["mentor"] if row["key"] == "orlova")
    captains = [chapters[key]["member"][0] for key in ("draft", "returned")]
    return [story.address(row) for row in (*captains, teacher, mentor, cast["organiser"][0])]


async def _teams_of(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    rows = (
        await Member.select(
            Member.person, Member.role, Member.project.id.as_alias("project"), Member.project.title.as_alias("title"),
            Member.project.stage.as_alias("stage"), Member.project.state.as_alias("state"), Member.project.round.as_alias("round"),
        )
        .where(Member.person.is_in(list(ids) or [0]))
        .order_by(Member.project, ascending=False)
    )  # fmt: skip
    teams = defaultdict(list)
    for row in rows:
        teams[row["person"]].append(row)
    return teams


async def _kind(person: Person, teams: list[dict[str, Any]]) -> Kind | None:
    roles = await roles_of(person.id)
    if may(roles, StaffAction.ORGANISE):
        return Kind.ORGANISER
    if may(roles, StaffAction.REVIEW):
        return Kind.MENTOR
    if not teams:
        return None
    return Kind.TEACHER if teams[0]["role"] == ProjectRole.TEACHER else Kind.TEAM


async def _part(person: Person, teams: list[dict[str, Any]]) -> CastMember | None:
    """Return the person's entry; None for members who are not captains, who see what their captain sees."""
    kind = await _kind(person, teams)
    if kind is None or (kind is Kind.TEAM and teams[0]["role"] != ProjectRole.CAPTAIN):
        return None
    return CastMember(person.id, person.email, person.name, kind, _who(kind, teams), await _waits(kind, person, teams))


def _who(kind: Kind | None, teams: list[dict[str, Any]]) -> str:
    if kind is Kind.ORGANISER:
        return _("организатор программы")
    if kind is Kind.MENTOR:
        return _("наставник")
    if kind is None:
        return ""
    titles = ", ".join(_("«%(title)s»", title=team["title"] or _("Без названия")) for team in teams[:2])
    if kind is Kind.TEACHER:
        return ngettext("педагог команды %(titles)s", "педагог команд: %(titles)s", len(teams), titles=titles)
    if teams[0]["role"] == ProjectRole.CAPTAIN:
        return _("капитан команды %(titles)s", titles=titles)
    return _("в команде %(titles)s", titles=titles)


async def _waits(kind: Kind, person: Person, teams: list[dict[str, Any]]) -> str:
    if kind is Kind.TEAM:
        return await _state_of(teams[0])
    if kind is Kind.TEACHER:
        return ngettext("Сопровождает %(n)s команду", "Сопровождает команд: %(n)s", len(teams))
    if kind is Kind.MENTOR:
        n = await Assignment.count().where((Assignment.mentor == person.id) & Assignment.waiting())
        return ngettext("Ждёт %(n)s рецензия", "Ждут %(n)s рецензии", n) if n else _("Сейчас ничего не ждёт")
    n = await Project.count().where(Project.state == State.IN_REVIEW)
    return _("Заявок на рубежах: %(n)s", n=n)


async def _state_of(team: dict[str, Any]) -> str:
    remarks = len(await open_remarks(team["project"])) if team["state"] == State.DRAFT else 0
    text = f"{stage_title(team['stage'])}: {state_title(team['state'], team['round']).lower()}"
    if not remarks:
        return text
    return text + ". " + ngettext("%(n)s замечание ждёт ответа", "Замечаний ждут ответа: %(n)s", remarks)
