"""What only organisers may do, and the first of them, made from the command line; later ones are invited."""

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people import tokens
from incubator.people.accounts import create_person, person_by_email
from incubator.people.tables import Person


def require_organiser(person: Person) -> None:
    """Raise NotAllowed for everybody else."""
    if not person.is_organiser:
        raise NotAllowed(_("Это решают организаторы программы"))


async def make_organiser(email: str, *, given_name: str = "", family_name: str = "") -> str:
    """Give the role, with a new account where there is none; returns a sign-in secret."""
    async with writing():
        person = await person_by_email(email) or await create_person(
            email, given_name=given_name, family_name=family_name, is_adult=True
        )
        await Person.update({Person.is_organiser: True, Person.is_adult: True}).where(Person.id == person.id)
        await record(Happened.ROLE_GIVEN, by=None, subject=person.id, role="organiser")
        return await tokens.issue(person, tokens.SIGN_IN)
