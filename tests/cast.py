"""The cast of the tests: one person for every role that the rules distinguish, around one project."""

from dataclasses import dataclass
from datetime import date, timedelta

from incubator.core.clock import today
from incubator.db import writing
from incubator.gates.submit import submit
from incubator.people.accounts import create_person
from incubator.people.ages import birthday
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.programme.install import install_defaults
from incubator.programme.seasons import open_season
from incubator.programme.tables import Season
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.document import parts_of
from incubator.projects.start import start
from incubator.projects.tables import Project, Submission
from incubator.projects.team import join, team_of
from incubator.projects.vouching import vouch
from incubator.publication.team_names import approve_names, mate_names
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Cluster, Municipality
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.mentors import make_mentor
from incubator.reviews.reviewing.review import Opinion, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Review

#: The date of birth of the cast's students: fifteen years old.
BORN_ON = birthday(today(), -15) - timedelta(days=30)


@dataclass(slots=True)
class Cast:
    season: Season
    project: Project
    captain: Person
    teammate: Person
    teacher: Person
    coach: Person
    outsider: Person
    """A student of another team."""
    mentor: Person
    """The mentor whom tests assign by default."""
    second_mentor: Person
    idle_mentor: Person
    organiser: Person


async def make_cast() -> Cast:
    """Create a season, a project in draft with its team, and everybody else."""
    await install_defaults()
    day = today()
    season = await open_season(
        "test", title_ru="Тестовый сезон", title_en="Test season", opens_on=day - timedelta(days=10),
        closes_on=day + timedelta(days=300), by=None,
    )  # fmt: skip
    async with writing():
        people = {
            name: await create_person(
                f"{name.replace('_', '-')}@example.org", given_name=given, family_name=family, is_adult=is_adult,
                born_on=None if is_adult else BORN_ON, confirmed=True,
            )
            for name, given, family, is_adult in (
                ("captain", "Мария", "Кузнецова", False),
                ("teammate", "Иван", "Соколов", False),
                ("teacher", "Ольга", "Петровна", True),
                ("coach", "Пётр", "Консультантов", True),
                ("outsider", "Лев", "Чужой", False),
                ("mentor", "Анна", "Орлова", True),
                ("second_mentor", "Борис", "Волков", True),
                ("idle_mentor", "Вера", "Тихая", True),
                ("organiser", "Галина", "Смирнова", True),
            )
        }  # fmt: skip
        await grant_role(people["organiser"], StaffRole.ORGANISER, by=None)
        enterprise = await organisation_named("Завод «Заря»", kind="enterprise")
        for name in ("mentor", "second_mentor", "idle_mentor"):
            await make_mentor(people[name], organisation=enterprise, by=people["organiser"])
        college = await organisation_named("Колледж «Маяк»", kind="college")
        await make_mentor(people["coach"], organisation=college, by=people["organiser"])
    people = {name: await fresh(person) for name, person in people.items()}
    project = await start("Тихий улей", season=season, by=people["captain"], pitch="Датчики для пасеки")
    async with writing():
        await join(project.id, people["teammate"], "student")
        await join(project.id, people["teacher"], "teacher")
        await join(project.id, people["coach"], "coach")
    await vouch(project, people["teacher"].id, by=people["organiser"])
    return Cast(season, project, **people)


async def fresh(person: Person) -> Person:
    row = await Person.objects().get(Person.id == person.id)
    assert row is not None
    return row


async def fresh_project(project: Project) -> Project:
    row = await Project.objects().get(Project.id == project.id)
    assert row is not None
    return row


async def fill_details(cast: Cast) -> None:
    cluster, municipality = await Cluster.objects().first(), await Municipality.objects().first()
    assert cluster
    assert municipality
    project = await fresh_project(cast.project)
    details = Details(project.title, "", "", cluster.id, municipality.id, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)


async def fill_sections(cast: Cast, *, text: str = "Ответ", by: Person | None = None) -> None:
    """Fill every empty section of the current stage."""
    project = await fresh_project(cast.project)
    for part in await parts_of(project):
        if not part.text:
            await save_answer(project, part.key, f"{text}: {part.key}", version=part.version, by=by or cast.captain)


async def rewrite(cast: Cast, key: str, text: str) -> None:
    known = await answer_of(cast.project.id, key)
    await save_answer(
        await fresh_project(cast.project), key, text, version=known.version if known else 0, by=cast.captain
    )


async def consent_all(cast: Cast, *purposes: str) -> None:
    for person in (cast.captain, cast.teammate):
        for purpose in ("participation", *purposes):
            await give_consent(cast.project, person, purpose, by=cast.teacher)
    members = {mate.person.id for mate in await team_of(cast.project.id)}
    for adult in (cast.teacher, cast.coach):
        if adult.id in members:
            await give_consent(cast.project, adult, "participation", by=adult)


async def names_seen(cast: Cast) -> None:
    """Approve everybody's name as it is now, as an organiser does with a version."""
    async with writing():
        await approve_names(await mate_names(cast.project.id))


async def make_ready(cast: Cast) -> None:
    """Meet every requirement of the gate."""
    await fill_details(cast)
    await fill_sections(cast)
    await consent_all(cast)


async def submitted(cast: Cast) -> Submission:
    """Submit the project at its current gate."""
    await make_ready(cast)
    return await submit(await fresh_project(cast.project), by=cast.captain)


async def reviewed(
    cast: Cast, submission: Submission, *, level: int = 2, recommendation: str = "advance"
) -> list[Review]:
    """Send two reviews."""
    reviews = []
    for mentor in (cast.mentor, cast.second_mentor):
        assignment = await assign(submission, mentor, by=cast.organiser)
        reviews.append(await send(assignment, submission, mentor, level=level, recommendation=recommendation))
    return reviews


async def send(
    assignment: Assignment, submission: Submission, mentor: Person, *, level: int = 2, recommendation: str = "advance"
) -> Review:
    opinion = Opinion({c.id: level for c in await rubric_of(submission)}, "Хорошо, продолжайте.", "", recommendation)
    return await send_review(assignment, opinion, version=0, by=mentor)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)
