"""Places: how many bodies are waited for at once in one process, and who gives way when all are taken.

A whole school sits behind one address, so whoever is signed in has places of their own, and only visitors share those of
an address. Nobody holds a place for ever: once it has lasted its time, it goes to the next who needs one.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a body: a person, or the address of a visitor."""

    name: str
    is_known: bool = False


@dataclass(slots=True, eq=False)
class BodyPlace:
    of: Sender
    since: float
    end: Callable[[], None] = field(repr=False)
    """Ends the body that has the place."""


@dataclass(slots=True)
class Places:
    """Places for bodies: so many for the visitors of one address, for one person, and in all; ``lasts``: seconds that are one's own."""

    each: int
    total: int
    of_one: int = 8
    lasts: float = 600.0
    _taken: list[BodyPlace] = field(default_factory=list)

    def take(self, sender: Sender, end: Callable[[], None]) -> BodyPlace | None:
        """Take a place, from somebody who has had it long enough if there is no other; None if there is none. ``end`` is called when it is taken away."""
        if self._room_for(sender):
            place = BodyPlace(sender, monotonic(), end)
            self._taken.append(place)
            return place
        return None

    def give_back(self, place: BodyPlace) -> None:
        if place in self._taken:
            self._taken.remove(place)

    @property
    def count(self) -> int:
        return len(self._taken)

    def _room_for(self, sender: Sender) -> bool:
        own = [place for place in self._taken if place.of == sender]
        if len(own) >= (self.of_one if sender.is_known else self.each):
            return self._take_away(filter(self._is_over, own))
        return len(self._taken) < self.total or self._take_away(self._giving_way_to(sender, len(own)))

    def _giving_way_to(self, sender: Sender, held: int) -> Iterable[BodyPlace]:
        """Yield what goes to a sender who has ``held`` places: to a person those of visitors and of people who have more.

        To anybody go those of their kind that have lasted their time.
        """
        counts = Counter(place.of for place in self._taken)
        for place in self._taken:
            has_more = sender.is_known and (not place.of.is_known or counts[place.of] > held + 1)
            if has_more or (sender.is_known == place.of.is_known and self._is_over(place)):
                yield place

    def _take_away(self, places: Iterable[BodyPlace]) -> bool:
        """End one of the bodies: a visitor's first, then one of whoever has most, the longest of them."""
        counts = Counter(place.of for place in self._taken)
        place = min(places, key=lambda each: (each.of.is_known, -counts[each.of], each.since), default=None)
        if place is None:
            return False
        self.give_back(place)
        place.end()
        return True

    def _is_over(self, place: BodyPlace) -> bool:
        return monotonic() - place.since >= self.lasts
