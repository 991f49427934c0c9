"""What a verb raises when it will not do what was asked; shown to the person in one place."""


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


class TooOften(Refusal):
    """Too many attempts; try again later."""

    status = 429


class TooBusy(Refusal):
    """So many wait for the same that nobody else may; the page says so by itself."""

    status = 503

    def __init__(self) -> None:
        super().__init__("")
