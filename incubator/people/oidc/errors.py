"""Why somebody does not come in with an account at another site. Each reason is told to the person in words."""

from incubator.core.languages import _
from incubator.core.refusals import Refusal


class ProviderAway(Refusal):
    """The provider does not answer, or answers what no provider answers.

    ``detail`` is for the log and `incubator check`, ``answered`` the status of its answer, if there was one.
    """

    status = 503

    def __init__(self, detail: str, *, answered: int = 0) -> None:
        super().__init__(_("Тот сайт сейчас не отвечает. Попробуйте позже или войдите с паролем."))
        self.detail = detail
        self.answered = answered


class NotProved(Refusal):
    """What came back does not prove who it is. ``detail`` is for the log."""

    status = 403

    def __init__(self, detail: str) -> None:
        super().__init__(_("Войти не получилось: тот сайт не подтвердил, кто вы. Начните ещё раз."))
        self.detail = detail


class NoWayBack(Refusal):
    """The browser brings back a visit that it did not begin, that is over, or that was used."""

    def __init__(self) -> None:
        super().__init__(_("Этот вход уже использован, устарел или начат в другом браузере. Начните ещё раз."))
