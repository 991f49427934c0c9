"""Whether somebody has a second factor; what belongs to it."""

from incubator.people.tables import Authenticator, Passkey, RecoveryCode


async def has_factor(person_id: int) -> bool:
    """Return whether the person has a second factor; recovery codes alone are none."""
    app = (Authenticator.person == person_id) & Authenticator.confirmed_at.is_not_null()
    return await Authenticator.exists().where(app) or await Passkey.exists().where(Passkey.person == person_id)


async def forget_factors(person_id: int) -> None:
    """Take every factor and every recovery code from the person. Call inside a transaction."""
    for table in (Authenticator, Passkey, RecoveryCode):
        await table.delete().where(table.person == person_id)
