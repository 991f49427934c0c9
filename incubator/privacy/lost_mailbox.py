"""Another address for somebody who has lost a mailbox: what was mailed to the former one opens nothing any more."""

from incubator.db import writing
from incubator.mail.reach import require_reachable
from incubator.people.address_change import change_address_for
from incubator.people.locking import lock_person
from incubator.people.tables import Person
from incubator.projects.invitation_links import end_links_to


async def replace_lost_address(person_id: int, email: str, *, reason: str, by: Person) -> bool:
    """Change somebody's address as an organiser, and end the invitations mailed to the former one, which a stranger may read.

    Return and raise what ``change_address_for`` does.
    """
    await require_reachable(email)
    async with writing():
        former = (await lock_person(person_id)).email
        is_told = await change_address_for(person_id, email, reason=reason, by=by)
        if former != email:
            await end_links_to(former)
        return is_told
