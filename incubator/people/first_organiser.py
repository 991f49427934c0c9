"""Creation of the first organiser from the command line; later ones are invited."""

from incubator.db import writing
from incubator.people import tokens
from incubator.people.accounts import create_person, person_by_email
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole


async def make_organiser(email: str, *, given_name: str = "", family_name: str = "") -> str:
    """Grant the role, creating an account if necessary; return a sign-in secret."""
    async with writing():
        person = await person_by_email(email) or await create_person(
            email, given_name=given_name, family_name=family_name, is_adult=True
        )
        await grant_role(person, StaffRole.ORGANISER, by=None)
        return await tokens.issue(person, tokens.SIGN_IN)
