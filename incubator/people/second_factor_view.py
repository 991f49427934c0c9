"""What a person has as a second factor, for the pages that ask for it or show it."""

from dataclasses import dataclass

from incubator.people.recovery_codes import codes_left
from incubator.people.tables import Authenticator, Passkey, Person


@dataclass(frozen=True, slots=True)
class Factors:
    app: Authenticator | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def are_there(self) -> bool:
        return self.app is not None or bool(self.passkeys)


async def factors_of(person: Person) -> Factors:
    """Return what the person has. Three queries."""
    mine = (Authenticator.person == person.id) & Authenticator.confirmed_at.is_not_null()
    app = await Authenticator.objects().where(mine).first()
    passkeys = await Passkey.objects().where(Passkey.person == person.id).order_by(Passkey.id)
    return Factors(app, passkeys, await codes_left(person.id))
