"""Ways in through other sites end with the password that opened them."""

from incubator.history.record import Happened, record
from incubator.people.tables import Identity, Person


async def end_identities(person: Person, *, but_by_address: bool = False) -> None:
    """Unlink the person's accounts at other sites. Call inside a transaction that has locked the person.

    ``but_by_address``: not those whose provider confirmed the address that is the person's own now, which no password opened.
    """
    own = Identity.person == person.id
    others = Identity.is_by_address.eq(False) | (Identity.email != person.email)
    rows = await Identity.delete().where(own & others if but_by_address else own).returning(Identity.issuer)
    for row in rows:
        await record(Happened.IDENTITY_UNLINKED, by=None, subject=person.id, issuer=row["issuer"])
