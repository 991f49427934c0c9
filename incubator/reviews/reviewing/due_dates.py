"""A mentor's due dates: entries on our calendar pages, and an iCalendar feed (RFC 5545)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from incubator import config
from incubator.core.clock import REGION, now
from incubator.core.contributions import DatedEntry
from incubator.core.languages import _, override_locale
from incubator.people.tables import Person
from incubator.reviews.reviewing.desk import desk_of

if TYPE_CHECKING:
    from icalendar import Event


async def due_reviews_of(mentor: Person) -> list[DatedEntry]:
    """Return one entry for each waiting review; titles as the mentor may see them."""
    desk = await desk_of(mentor)
    return [
        DatedEntry(
            key=f"review-{item.assignment}",
            on=item.due_on,
            title=_("Рецензия: «%(title)s»", title=item.title),
            url=f"/reviews/{item.assignment}",
            note=_("Около %(n)s минут", n=item.minutes),
        )
        for item in desk.waiting
        if item.due_on is not None
    ]


async def calendar_of(mentor: Person) -> bytes:
    """Return all-day entries in the mentor's language."""
    from icalendar import Calendar, Timezone

    with override_locale(mentor.locale):
        calendar = Calendar()
        calendar.add("prodid", "-//incubator//reviews//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Рецензии"))
        # A calendar without any component is none (RFC 5545, 3.6): programmes refuse it, so the region's zone is always in it.
        calendar.add_component(Timezone.from_tzinfo(REGION, first_date=date(2020, 1, 1), last_date=date(2040, 1, 1)))
        for entry in await due_reviews_of(mentor):
            calendar.add_component(_event(entry))
        return bytes(calendar.to_ical())


def _event(entry: DatedEntry) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.key}@{config.settings.base_url.partition('//')[2]}")
    event.add("dtstamp", now())
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("url", config.settings.base_url + entry.url)
    event.add("description", entry.note)
    event.add("transp", "TRANSPARENT")
    return event
