"""What a verb raises when it will not do what was asked; shown to the person in one place."""

from typing import Any

from incubator.core.languages import _


class Refusal(Exception):
    """A rule of the domain says no.

    ``message`` is already in the language of the person who asked; ``problems``
    lists further reasons, one sentence each; ``status`` is what the API answers.
    """

    status = 409

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class NotAllowed(Refusal):
    """This person may not do that, at any time."""

    status = 403


class Stale(Refusal):
    """Somebody saved the same since it was read: nothing was overwritten.

    ``theirs`` is what stands there now, and ``version`` its number (0: nothing), where the
    page can show both and offer a choice.
    """

    def __init__(self, message: str = "", *, theirs: Any = None, version: int = 0) -> None:
        super().__init__(message or _("Это уже изменил кто-то другой. Сравните с вашей правкой и сохраните ещё раз."))
        self.theirs = theirs
        self.version = version


class TooOften(Refusal):
    """Too many attempts; try again later."""

    status = 429


class TooBusy(Refusal):
    """So many wait for the same that nobody else may; the page says so by itself."""

    status = 503

    def __init__(self) -> None:
        super().__init__("")
