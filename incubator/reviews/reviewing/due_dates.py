"""A mentor's due dates as a calendar (RFC 5545), for whatever program they keep their week in."""

from datetime import timedelta

from icalendar import Calendar, Event

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _, override_locale
from incubator.people.tables import Person
from incubator.reviews.reviewing.desk import desk_of


async def calendar_of(mentor: Person) -> bytes:
    """One day-long entry for each review that waits; titles as the mentor may know them."""
    desk = await desk_of(mentor)
    with override_locale(mentor.locale):
        calendar = Calendar()
        calendar.add("prodid", "-//incubator//reviews//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Рецензии"))
        for item in desk.waiting:
            if item.due_on is None:
                continue
            event = Event()
            event.add("uid", f"review-{item.assignment.id}@{config.settings.base_url.partition('//')[2]}")
            event.add("dtstamp", now())
            event.add("dtstart", item.due_on)
            event.add("dtend", item.due_on + timedelta(days=1))
            event.add("summary", _("Рецензия: «%(title)s»", title=item.title))
            event.add("url", f"{config.settings.base_url}/reviews/{item.assignment.id}")
            event.add("description", _("Около %(n)s минут", n=item.minutes))
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
        return bytes(calendar.to_ical())
