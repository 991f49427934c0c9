"""The outcomes of a decision, which a reviewer recommends and an organiser decides."""

from incubator.core.languages import _

OUTCOMES = ("advance", "return", "stop")


def outcome_in_words(outcome: str) -> str:
    """Return the outcome in the current language, as a sentence about a submission names it."""
    return {
        "advance": _("рубеж пройден"),
        "return": _("возвращено на доработку"),
        "stop": _("проект остановлен"),
    }[outcome]
