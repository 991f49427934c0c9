"""A teacher with a class, for the tests of this folder."""

import re

from incubator.classroom.cards import Card, make_cards, use_card
from incubator.classroom.enrol import enrol
from incubator.classroom.pupil_list import read_list
from incubator.core.clock import today
from incubator.db import writing
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.tables import Enrolment, Person
from incubator.reference.organisations import organisation_named
from tests.cast import Cast, fresh

SCHOOL = "Школа № 7"
PASSWORD = "синий чайник поёт"
LIST = """Иванов Пётр Сергеевич, 05.03.2012
Щукина Ольга, 7.11.2011"""


async def confirmed_teacher(cast: Cast) -> int:
    """Confirm the cast's teacher as one of the school, and return its id."""
    school = await organisation_named(SCHOOL)
    place = await affiliate(cast.teacher, school, AffiliationCapacity.TEACHER, by=cast.organiser)
    await confirm_affiliation(place.id, by=cast.organiser)
    return school


async def colleague_of(cast: Cast, school: int, email: str = "colleague@example.org") -> Person:
    """Return another confirmed teacher of the school."""
    async with writing():
        person = await create_person(email, given_name="Нина", family_name="Замещалова", is_adult=True, confirmed=True)
    place = await affiliate(person, school, AffiliationCapacity.TEACHER, by=cast.organiser)
    await confirm_affiliation(place.id, by=cast.organiser)
    return await fresh(person)


async def enrolled(cast: Cast, text: str = LIST) -> list[Person]:
    """Enrol the list with the cast's teacher; return the pupils."""
    school = await confirmed_teacher(cast)
    await enrol(read_list(text, today()), organisation=school, course="7А", by=cast.teacher)
    rows = await Enrolment.objects(Enrolment.person).where(Enrolment.teacher == cast.teacher.id).order_by(Enrolment.id)
    return [row.person for row in rows]


async def card_of(cast: Cast, pupil: Person) -> Card:
    (card,) = await make_cards([pupil.id], renews=True, by=cast.teacher)
    return card


async def at_work(cast: Cast, pupil: Person) -> Person:
    """Let the pupil choose a password with a card."""
    card = await card_of(cast, pupil)
    return await use_card(card.login, card.code, PASSWORD, address="192.0.2.1")


def codes_in(text: str) -> list[str]:
    """Return the codes on printed cards."""
    # PDFium takes a hyphen beside a wide letter for one that divides a word.
    return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text.replace("\ufffe", "-"))
