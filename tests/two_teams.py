"""Two teams at two schools, for tests that neither learns anything of the other: everything of the one, and people of the other."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from incubator.classroom.enrol import enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.substitutes import name_substitute
from incubator.core.clock import now, today
from incubator.db import writing
from incubator.files.keep import keep
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.people.accounts import create_person
from incubator.people.affiliations import (
    AffiliationCapacity,
    affiliate,
    affiliations_of,
    confirm_affiliation,
    end_affiliation,
)
from incubator.people.coordinators import name_coordinator
from incubator.people.tables import Enrolment, Passkey, Person, Session
from incubator.piccolo_app import APP_CONFIG
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.privacy.tables import ConsentSheet, DestructionAct, FamilyCode, SheetScan
from incubator.projects.comments import comment
from incubator.projects.consents import PARTICIPATION
from incubator.projects.start import start
from incubator.projects.tables import AnswerRevision, Comment
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.passages import hide_passages
from incubator.publication.tables import Passage
from incubator.publication.withdrawals import remove_member
from incubator.reference.organisations import organisation_named
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.reviewing.discussion import post_to_team
from incubator.reviews.tables import Away, Conflict, Post
from tests.cast import BORN_ON, Cast, fresh, fresh_project, in_days, submitted
from tests.classroom.classes import colleague_of, confirmed_teacher
from tests.test_permissions import set_scene

SCHOOL = "Гимназия № 99"
ELSEWHERE_BORN_ON = BORN_ON - timedelta(days=400)
#: Words of the other team that nobody outside may read.
SECRET_POST, SECRET_COMMENT = "Встречаемся за гаражами", "Спросите у дедушки про рамки"
SECRET_PASSAGE, SECRET_REASON = "Липовая улица", "Наша соседка по подъезду"
SECRET_REVISION = "Так мы писали, пока не спросили пасечника"
SECRET_WORDS = (SECRET_REVISION, SECRET_POST, SECRET_COMMENT, SECRET_PASSAGE, SECRET_REASON, "Датчики для пасеки")


@dataclass(frozen=True)
class Scene:
    """Ids by the names in routes: of one team, and for the people of the other their own wherever they have any."""

    cast: Cast
    other: Cast
    theirs: dict[str, Any]
    own: dict[str, Any]
    strangers: dict[str, Person]
    """Who asks for what is none of theirs."""
    rows: dict[str, frozenset[Any]]
    """What there was by table before the other team came: it is the one team's, or everybody's."""


async def left(cast: Cast) -> dict[str, Person]:
    """Return who was in the cast's team and school, and has left both: a student, and a teacher who kept the class and its documents."""
    async with writing():
        student = await create_person(
            "student@left.example.com", given_name="Бывший", family_name="Ушедший", born_on=ELSEWHERE_BORN_ON, confirmed=True,
            is_adult=False,
        )  # fmt: skip
    school = await confirmed_teacher(cast)
    teacher = await colleague_of(cast, school, "teacher@left.example.com")
    await name_coordinator(teacher.id, school, by=cast.organiser)
    await name_substitute(teacher.id, in_days(9), by=cast.teacher)
    async with writing():
        await join(cast.project.id, await fresh(student), "student")
    await remove_member(cast.project, student.id, by=cast.organiser)
    for place in await affiliations_of(teacher.id):
        await end_affiliation(place.id, on=in_days(-1), by=cast.organiser)
    return {"former_student": await fresh(student), "former_teacher": await fresh(teacher)}


async def everything_of(cast: Cast) -> dict[str, Any]:
    """Let there be a row of every kind that a route can name; return the ids by the names in routes."""
    project = await fresh_project(cast.project)
    await post_to_team(project, SECRET_POST, by=cast.captain)
    await comment(project, "pitch", SECRET_COMMENT, by=cast.teacher)
    await hide_passages(project, [SECRET_PASSAGE], by=cast.captain)
    await AnswerRevision(
        project=project.id, key="pitch", version=1, text=SECRET_REVISION, saved_at=now(), saved_by=cast.captain.id
    ).save()  # fmt: skip
    await declare_conflict(project.id, cast.second_mentor, is_hard=True, reason=SECRET_REASON, by=cast.captain)
    await Away(mentor=cast.mentor.id, starts_on=today(), ends_on=today()).save()
    await Passkey(person=cast.captain.id, name="Ключ", credential_id="x", public_key="y", created_at=now()).save()
    await DestructionAct(made_at=now(), made_by=cast.organiser.id, consents="[]").save()
    async with writing():
        await queue(cast.captain.email, "Тема", "Слова")
    tables: dict[str, Any] = {
        "post_id": Post, "comment_id": Comment, "passage_id": Passage, "conflict_id": Conflict, "away_id": Away,
        "passkey_id": Passkey, "act_id": DestructionAct, "message_id": Message, "session_id": Session,
        "revision_id": AnswerRevision,
    }  # fmt: skip
    return {name: await table.count() and (await table.select(table.id).order_by(table.id).first())["id"] for name, table in tables.items()}  # fmt: skip


async def another_team(cast: Cast) -> Cast:
    """Return a cast of another school around a project of its own, which waits for its mentor's review."""
    async with writing():
        people = {
            name: await create_person(
                f"{name}@elsewhere.example.com", given_name=given, family_name=family, is_adult=is_adult,
                born_on=None if is_adult else ELSEWHERE_BORN_ON, confirmed=True,
            )
            for name, given, family, is_adult in (
                ("teammate", "Яна", "Дальняя", False),
                ("teacher", "Раиса", "Гимназистова", True),
                ("coach", "Тарас", "Советников", True),
            )
        }  # fmt: skip
    mates: dict[str, Any] = {name: await fresh(person) for name, person in people.items()}
    project = await start("Чужая тропа", season=cast.season, by=cast.outsider, pitch="Карта тропинок")
    async with writing():
        await join(project.id, mates["teammate"], "student")
        await join(project.id, mates["teacher"], "teacher")
        await join(project.id, mates["coach"], "coach")
    school = await organisation_named(SCHOOL)
    place = await affiliate(mates["teacher"], school, AffiliationCapacity.TEACHER, by=cast.organiser)
    await confirm_affiliation(place.id, by=cast.organiser)
    await vouch(project, mates["teacher"].id, by=cast.organiser)
    await name_coordinator(mates["teacher"].id, school, by=cast.organiser)
    await enrol(read_list("Полевой Гном, 05.03.2012", today()), organisation=school, course="8Б", by=mates["teacher"])
    return replace(cast, project=project, captain=cast.outsider, mentor=cast.idle_mentor, **mates)


async def ids_of(other: Cast) -> dict[str, Any]:
    """Return ids of the other team by the names in routes, as its own people use them."""
    assignment = await assign(await submitted(other), other.mentor, by=other.organiser)
    wanted = [WantedSheet(other.teammate.id, other.project.id, PARTICIPATION)]
    batch = await make_sheets(wanted, locale="ru", by=other.teacher)
    sheet = await ConsentSheet.objects().get(ConsentSheet.batch == batch.id)
    file = await keep(b"own picture", name="sheet.jpg", media_type="image/jpeg", by=other.teacher.id)
    scan = SheetScan(file=file.id, sheet=None, uploaded_by=other.teacher.id, uploaded_at=now())
    await scan.save()
    code = await FamilyCode.objects().get(FamilyCode.person == other.teammate.id)
    pupil = await Enrolment.objects().get(Enrolment.teacher == other.teacher.id)
    assert sheet
    assert code
    assert pupil
    return {
        "project_id": other.project.id, "number": 1, "key": "pitch", "assignment_id": assignment.id,
        "submission_id": assignment.submission, "person_id": other.teammate.id, "batch_id": batch.id, "scan_id": scan.id,
        "code": sheet.code, "family_codes": code.code, "pupil_id": pupil.person, "teacher_id": other.teacher.id,
        "slug": other.project.slug, "organisation_id": pupil.organisation,
    }  # fmt: skip


async def two_teams() -> Scene:
    """Set both scenes: everything that permissions may concern, and people of elsewhere who ask for it."""
    cast, theirs = await set_scene()
    pupil = Person.id == theirs["pupil_id"]  # forms show the name and date that it has as an example
    await Person.update({Person.family_name: "Ижорский", Person.born_on: BORN_ON - timedelta(days=99)}).where(pupil)
    await Person.update({Person.born_on: ELSEWHERE_BORN_ON}).where(Person.id == cast.outsider.id)
    former = await left(cast)
    theirs |= await everything_of(cast)
    before = await rows_by_table()
    other = await another_team(cast)
    own = theirs | await ids_of(other)
    strangers = {"captain": other.captain, "teacher": other.teacher, "mentor": other.mentor, **former}
    return Scene(cast, other, theirs, own, strangers, {name: frozenset(rows) for name, rows in before.items()})


async def rows_by_table() -> dict[str, dict[Any, Any]]:
    """Return every row of the database by table and id."""
    return {
        table._meta.tablename: {row["id"]: row for row in await table.select()} for table in APP_CONFIG.table_classes
    }
