"""Making a login for a pupil without a mailbox."""

import secrets

from incubator.core.logins import address_of
from incubator.core.text import slugify
from incubator.people.tables import Person

#: Characters of a name in a login, so that a pupil types it at one go.
_LONGEST = 30
#: Two digits behind the name, and one more after so many that are taken.
_TRIES = 5


async def free_login(given_name: str, family_name: str) -> str:
    """Return a login that nobody has: the name in Latin letters, and digits."""
    name = ".".join(part for part in (slugify(given_name), slugify(family_name)) if part)[:_LONGEST].strip(".-")
    for tried in range(5 * _TRIES):
        least = 10 ** (1 + tried // _TRIES)
        login = f"{name or 'pupil'}{least + secrets.randbelow(9 * least)}"
        if not await Person.exists().where(Person.email == address_of(login)):
            return login
    raise AssertionError("there is always a free one")
