"""What somebody's own pages remind them of; packages above say what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from incubator.people.tables import Person


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A calm reminder with one thing to do."""

    text: str
    link: str
    action: str


#: Returns what to remind the person of, if anything.
Reminder = Callable[[Person], Awaitable[OwnNotice | None]]

_reminders: list[Reminder] = []


def remind_in_profile(reminder: Reminder) -> None:
    """Show on a person's profile what ``reminder`` returns for them."""
    _reminders.append(reminder)


async def own_notices(person: Person) -> list[OwnNotice]:
    """Return everything of which the profile reminds its owner."""
    return [found for reminder in _reminders if (found := await reminder(person))]
