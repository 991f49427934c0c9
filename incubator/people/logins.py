"""Making a login for a pupil without a mailbox."""

import secrets

from incubator.core.logins import address_of
from incubator.core.text import slugify
from incubator.people.tables import Person

#: Characters of a name in a login, so that a pupil types it at one go.
_LONGEST = 24
#: Two digits behind the name, and one more after so many that are taken.
_TRIES = 5


def _parts(*names: str) -> list[str]:
    """Return the names that say something in Latin letters, without hyphens: where a line breaks at one, nobody sees whether to type it."""
    return [latin for name in names if (latin := slugify(name).replace("-", ""))]


async def free_login(given_name: str, family_name: str) -> str:
    """Return a login that nobody has: the name in Latin letters, and digits."""
    name = ".".join(_parts(given_name, family_name))[:_LONGEST].strip(".")
    for tried in range(5 * _TRIES):
        least = 10 ** (1 + tried // _TRIES)
        login = f"{name or 'pupil'}{least + secrets.randbelow(9 * least)}"
        if not await Person.exists().where(Person.email == address_of(login)):
            return login
    raise AssertionError("there is always a free one")
