"""Mail preferences: each kind of mail at once, daily, or never."""

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.notifications.tables import MailPreference
from incubator.people.locking import lock_person
from incubator.people.tables import Person

NOW, DAILY, NEVER = "now", "daily", "never"

#: Kinds of mail that can be reduced, with the allowed rhythms. Decisions on one's own work and mails about
#: one's account are not among them.
KINDS: dict[str, tuple[str, ...]] = {
    "assignments": (NOW, DAILY),
    "reminders": (NOW, DAILY, NEVER),
    "discussion": (NOW, DAILY, NEVER),
}

#: The rhythm that the link in a mail sets.
_LEAST = {kind: ways[-1] for kind, ways in KINDS.items()}


async def rhythm_of(person: int, kind: str) -> str:
    row = await MailPreference.select(MailPreference.rhythm).where(
        (MailPreference.person == person) & (MailPreference.kind == kind)
    )
    return str(row[0]["rhythm"]) if row else NOW


async def choices_of(person: Person) -> dict[str, str]:
    rows = await MailPreference.select().where(MailPreference.person == person.id)
    return dict.fromkeys(KINDS, NOW) | {row["kind"]: row["rhythm"] for row in rows}


async def change_choices(person: Person, chosen: dict[str, str]) -> None:
    """Save ``chosen``: rhythm by kind."""
    async with writing():
        await lock_person(person.id)
        for kind, rhythm in chosen.items():
            await choose(person.id, kind, rhythm)
        await record(Happened.MAIL_PREFERENCE_CHANGED, by=person, chosen=chosen)


async def choose(person: int, kind: str, rhythm: str) -> None:
    """Set the rhythm for mail of ``kind``: now, daily or never. Call inside a transaction."""
    await MailPreference.delete().where((MailPreference.person == person) & (MailPreference.kind == kind))
    if rhythm != NOW:
        await MailPreference(person=person, kind=kind, rhythm=rhythm).save()


async def have_less(person: Person, kind: str) -> str:
    """Reduce mail of ``kind`` to the minimum; return the new rhythm."""
    async with writing():
        await lock_person(person.id)
        await choose(person.id, kind, _LEAST[kind])
        await record(Happened.MAIL_PREFERENCE_CHANGED, by=person, chosen={kind: _LEAST[kind]})
    return _LEAST[kind]
