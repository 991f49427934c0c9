"""Mail preferences: each kind of mail at once, daily, or never."""

from collections.abc import Collection

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.notifications.tables import MailPreference
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person

NOW, DAILY, NEVER = "now", "daily", "never"

#: Kinds of mail that can be reduced, with the allowed rhythms; the first is how they come unless somebody chooses.
#: Decisions on one's own work and mails about one's account are not among them.
KINDS: dict[str, tuple[str, ...]] = {
    "assignments": (NOW, DAILY),
    "reminders": (NOW, DAILY, NEVER),
    "discussion": (NOW, DAILY, NEVER),
    "posts": (DAILY, NOW, NEVER),
    "dates": (NOW, DAILY),
    "team": (NOW, DAILY, NEVER),
    "comments": (NOW, DAILY, NEVER),
    "submissions": (DAILY, NOW, NEVER),
    "organising": (NOW, DAILY),
}

#: Which kinds are of use to whom: everybody, those with a desk, those who organise.
_OF_STAFF = {
    "assignments": StaffAction.REVIEW,
    "reminders": StaffAction.REVIEW,
    "submissions": StaffAction.ORGANISE,
    "organising": StaffAction.ORGANISE,
}


def kinds_for(allowed: Collection[StaffAction]) -> dict[str, tuple[str, ...]]:
    """Return the kinds of mail that somebody with these permissions can get."""
    return {kind: ways for kind, ways in KINDS.items() if kind not in _OF_STAFF or _OF_STAFF[kind] in allowed}


#: The rhythm that the link in a mail sets.
_LEAST = {kind: ways[-1] for kind, ways in KINDS.items()}

#: The link in a digest reduces every kind that came in it.
DIGEST = "digest"
_LINKED = {**KINDS, DIGEST: (NEVER,)}


def ways_of(kind: str) -> tuple[str, ...] | None:
    """Return the rhythms that a link for ``kind`` can lead to; None for an unknown kind."""
    return _LINKED.get(kind)


async def rhythm_of(person: int, kind: str) -> str:
    row = await MailPreference.select(MailPreference.rhythm).where(
        (MailPreference.person == person) & (MailPreference.kind == kind)
    )
    return str(row[0]["rhythm"]) if row else KINDS[kind][0]


async def choices_of(person: Person) -> dict[str, str]:
    rows = await MailPreference.select().where(MailPreference.person == person.id)
    return {kind: ways[0] for kind, ways in KINDS.items()} | {row["kind"]: row["rhythm"] for row in rows}


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
    if rhythm != KINDS[kind][0]:
        await MailPreference(person=person, kind=kind, rhythm=rhythm).save()


async def have_less(person: Person, kind: str) -> str:
    """Reduce mail of ``kind`` to the minimum; return the new rhythm.

    For the digest: no more mail of any kind that came in it and that may be refused.
    """
    async with writing():
        await lock_person(person.id)
        now = await choices_of(person)
        lessened = [kind] if kind != DIGEST else [each for each, rhythm in now.items() if rhythm == DAILY]
        chosen = {each: _LEAST[each] for each in lessened}
        for each, rhythm in chosen.items():
            await choose(person.id, each, rhythm)
        await record(Happened.MAIL_PREFERENCE_CHANGED, by=person, chosen=chosen)
    return NEVER if kind == DIGEST else _LEAST[kind]
