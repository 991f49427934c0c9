"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    FINE = "fine"
    WARNING = "warning"
    """The site works, but not as its people expect."""
    REFUSAL = "refusal"
    """The site would be unsafe, or would lose something: `incubator serve` does not start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    """Its name: what was looked at."""
    level: Level
    text: str
    """What is there."""
    remedy: str = ""
    """How to mend it."""


def fine(check: str, text: str) -> Finding:
    return Finding(check, Level.FINE, text)


def warning(check: str, text: str, remedy: str) -> Finding:
    return Finding(check, Level.WARNING, text, remedy)


def refusal(check: str, text: str, remedy: str) -> Finding:
    return Finding(check, Level.REFUSAL, text, remedy)
