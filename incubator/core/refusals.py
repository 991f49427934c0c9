"""Exceptions that a verb raises when it refuses a request; they are shown to the person in one place."""

from datetime import timedelta
from typing import Any

from incubator.core.languages import _


class Refusal(Exception):
    """A rule of the domain forbids the action.

    ``message`` is already in the language of the person who asked; ``problems``
    lists further reasons, one sentence each; ``status`` is the HTTP status of the API's answer.
    """

    status = 409

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class NotAllowed(Refusal):
    """This person may never do that."""

    status = 403


class Stale(Refusal):
    """Somebody else saved this since it was read; nothing was overwritten.

    ``theirs`` is the current content and ``version`` its number (0: nothing), for pages that
    can show both and offer a choice.
    """

    def __init__(self, message: str = "", *, theirs: Any = None, version: int = 0) -> None:
        super().__init__(message or _("Это уже изменил кто-то другой. Сравните с вашей правкой и сохраните ещё раз."))
        self.theirs = theirs
        self.version = version


#: Within this time, the same words of the same person in the same place are the same button pressed again.
AGAIN = timedelta(minutes=10)


class Repeated(Refusal):
    """The same person has just done exactly this: whoever goes back in the browser gets the form with the words still in it.

    ``link`` leads to what the first time made, which the person is shown instead.
    """

    def __init__(self, message: str, link: str) -> None:
        super().__init__(message)
        self.link = link


class TooOften(Refusal):
    """Too many attempts; try again later."""

    status = 429


class TooBusy(Refusal):
    """The queue is full; the page retries by itself."""

    status = 503

    def __init__(self) -> None:
        super().__init__("")
