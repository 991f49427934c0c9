"""Whom an event of the journal concerns, and how they are told: rows of one table.

Each feature lists the rows for its events as ``AUDIENCES``, and ``app.py`` joins them. A row
is read after its event is committed (``tell.py``), once more before a daily digest is sent,
and whenever somebody opens the bell: whoever is not among its readers any more is not told what is over.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import msgspec

from incubator.core.languages import _, override_locale
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whom an event concerns, with what the mail and the bell say to them."""

    person: Person
    link: str
    """A path on this site where they see it."""
    values: dict[str, Any] = field(default_factory=dict)
    """For the placeholders, in their language, and only what they may know."""
    paragraphs: Sequence[str] = ()
    """What follows the body of the mail, in their language."""


class NothingLeft(Exception):
    """What the event is about has been deleted: it concerns nobody any more."""


#: Returns the readers of an event as things stand now; empty when it is over. May raise NothingLeft.
Whom = Callable[[Event], Awaitable[Sequence[Reader]]]


@dataclass(frozen=True, slots=True)
class Audience:
    """One row of the table. Whoever did it is not told, unless it says so."""

    happened: Happened
    whom: Whom
    mail: str
    """Key of the mail (``mails.py``)."""
    kind: str = ""
    """Kind of mail that its reader may reduce (``preferences.py``); empty: always sent."""
    is_urgent: bool = False
    """Sent at once even where the reader has just had a mail about the like."""
    tells_doer: bool = False
    """Told to whoever did it as well: it may have been somebody else who was signed in as them."""
    is_mailed: bool = True
    """Otherwise the bell alone tells it: the verb has written the mail. Its key is one of ``sentences.py``."""


#: The language of the page on which the bell is read; empty: each reader's own.
_page_language: ContextVar[str] = ContextVar("page_language", default="")


@contextmanager
def said_in(locale: str) -> Iterator[None]:
    """Let audiences speak ``locale`` to everybody: one person reads their answer on a page in that language."""
    before = _page_language.set(locale)
    try:
        yield
    finally:
        _page_language.reset(before)


def language_for(person: Person) -> str:
    """Return the language in which an audience speaks to the person."""
    return _page_language.get() or person.locale


def data_of(event: Event) -> dict[str, Any]:
    """Return the details that were recorded with ``event``."""
    return _decode(event.data)


#: Returns what follows the body of a mail, in the current language; empty paragraphs are left out.
Paragraphs = Callable[[], Iterable[str]]


def _nothing_else() -> Sequence[str]:
    return ()


def readers(people: Iterable[Person], link: str, paragraphs: Paragraphs = _nothing_else, **values: Any) -> list[Reader]:
    """Return readers who all see the same; ``paragraphs`` and callable values are called in each reader's language.

    An empty title becomes «без названия».
    """
    return [_reader(person, link, paragraphs, values) for person in people]


def _reader(person: Person, link: str, paragraphs: Paragraphs, values: dict[str, Any]) -> Reader:
    with override_locale(language_for(person)):
        said = {name: value() if callable(value) else value for name, value in values.items()}
        if "title" in said:
            said["title"] = said["title"] or _("без названия")
        return Reader(person, link, said, [each for each in paragraphs() if each])
