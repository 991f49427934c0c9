"""Verbs of a class: enrolling, cards, teams, corrections, substitutes, and the school's coordinator."""

from incubator.classroom.cards import make_cards, use_card
from incubator.classroom.corrections import PupilCorrection, correct_pupil, take_back_enrolment
from incubator.classroom.enrol import end_enrolments, enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.substitutes import appoint_substitute, end_substitution, name_substitute
from incubator.classroom.teams import become_teacher, put_into_team
from incubator.core.clock import today
from incubator.history.record import Happened
from incubator.people.coordinators import dismiss_coordinator, name_coordinator
from incubator.people.tables import Affiliation, Person, Substitution
from incubator.projects.start import start
from tests.cast import Cast, in_days
from tests.classroom.classes import LIST, PASSWORD, colleague_of, confirmed_teacher
from tests.stories.verbs.table import Call, Room

room = Room()


async def pupil(family: str = "Иванов") -> Person:
    person = await Person.objects().where((Person.family_name == family) & Person.email.like("%invalid")).first()
    assert person
    return person


async def the_school(cast: Cast) -> int:
    row = await Affiliation.select(Affiliation.organisation).where(Affiliation.person == cast.teacher.id).first()
    assert row
    return int(row["organisation"])


async def the_colleague() -> Person:
    person = await Person.objects().get(Person.email == "colleague@example.org")
    assert person
    return person


_ENROLLED = (
    *(Happened.SIGNED_UP, Happened.AGE_CONFIRMED, Happened.AFFILIATION_CHANGED, Happened.AFFILIATION_CHANGED),
    Happened.ENROLLED,
)


@room.once(*_ENROLLED, *_ENROLLED)
async def enrol_a_class(cast: Cast) -> Call:
    school = await confirmed_teacher(cast)
    await colleague_of(cast, school)
    return lambda: enrol(read_list(LIST, today()), organisation=school, by=cast.teacher)


@room.once(Happened.NAME_CORRECTED, Happened.BIRTH_DATE_CHANGED)
async def correct_a_pupil(cast: Cast) -> Call:
    person = await pupil()
    assert person.born_on
    right = PupilCorrection("Иванов", "Петр", "", person.born_on.replace(day=6), "описка")
    return lambda: correct_pupil(person.id, right, by=cast.teacher)


@room.once(Happened.ENROLMENT_TAKEN_BACK)
async def take_an_enrolment_back(cast: Cast) -> Call:
    person = await pupil("Щукина")
    return lambda: take_back_enrolment(person.id, by=cast.teacher)


@room.twice(Happened.CARD_MADE)
async def make_a_card(cast: Cast) -> Call:
    person = await pupil()
    return lambda: make_cards([person.id], by=cast.teacher)


@room.once(Happened.PASSWORD_CHANGED, Happened.CARD_USED)
async def use_a_card(cast: Cast) -> Call:
    (card,) = await make_cards([(await pupil()).id], by=cast.teacher)
    return lambda: use_card(card.login, card.code, PASSWORD, address="")


@room.once(Happened.JOINED)
async def put_a_pupil_into_a_team(cast: Cast) -> Call:
    person = await pupil()
    return lambda: put_into_team([person.id], cast.project.id, by=cast.teacher)


@room.once(Happened.JOINED)
async def become_the_teacher_of_a_team(cast: Cast) -> Call:
    own = await start("Своя идея", season=cast.season, by=await pupil())
    return lambda: become_teacher(own.id, by=cast.teacher)


@room.once(Happened.SUBSTITUTE_NAMED)
async def ask_a_colleague_to_stand_in(cast: Cast) -> Call:
    colleague = await the_colleague()
    return lambda: name_substitute(colleague.id, in_days(3), by=cast.teacher)


@room.once(Happened.SUBSTITUTE_NAMED)
async def appoint_a_colleague_to_stand_in(cast: Cast) -> Call:
    colleague = await the_colleague()
    return lambda: appoint_substitute(cast.teacher.id, colleague.id, in_days(5), reason="Болеет", by=cast.organiser)


@room.once(Happened.SUBSTITUTE_ENDED)
async def end_standing_in(cast: Cast) -> Call:
    row = await Substitution.objects().where(Substitution.holding()).first()
    assert row
    return lambda: end_substitution(row.id, by=cast.teacher)


@room.once(Happened.ROLE_GIVEN)
async def name_a_coordinator(cast: Cast) -> Call:
    colleague, school = await the_colleague(), await the_school(cast)
    return lambda: name_coordinator(colleague.id, school, by=cast.organiser)


@room.once(Happened.ROLE_TAKEN)
async def dismiss_a_coordinator(cast: Cast) -> Call:
    colleague, school = await the_colleague(), await the_school(cast)
    return lambda: dismiss_coordinator(colleague, school, by=cast.organiser)


@room.once(Happened.ENROLMENT_ENDED)
async def end_an_enrolment(cast: Cast) -> Call:
    person = await pupil()
    return lambda: end_enrolments([person.id], by=cast.teacher)
