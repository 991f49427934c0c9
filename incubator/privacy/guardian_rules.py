"""What a mailed link to a guardian is worth, and what was typed in its form. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from incubator.core.languages import _

#: How long a link can be answered.
LASTS = timedelta(days=14)
#: How long a link that ended unused, or of which no consent is left, is still shown to whoever asked.
SHOWN_AFTERWARDS = timedelta(days=30)


class Relation(StrEnum):
    """Who the guardian is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    """Somebody else who represents the child by law."""


class LinkState(StrEnum):
    """How far a link got."""

    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    EXPIRED = "expired"
    REVOKED = "revoked"


def link_state(
    *, opened_at: datetime | None, answered_at: datetime | None, revoked_at: datetime | None, expires_at: datetime,
    at: datetime,
) -> LinkState:  # fmt: skip
    """Return how far a link got by the moment ``at``."""
    if answered_at is not None:
        return LinkState.ANSWERED
    if revoked_at is not None:
        return LinkState.REVOKED
    if expires_at <= at:
        return LinkState.EXPIRED
    return LinkState.OPENED if opened_at is not None else LinkState.SENT


def relation_in_words(relation: str) -> str:
    """Return who the guardian is to the child."""
    return {
        Relation.MOTHER: _("мать"), Relation.FATHER: _("отец"), Relation.GUARDIAN: _("законный представитель"),
    }[Relation(relation)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class WantedGuardian:
    """Somebody who is to be asked for a child."""

    person: int
    """The child."""
    name: str
    relation: str
    email: str


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """What a guardian answered: yes or no for each document that was asked, and how they signed it."""

    agreed: tuple[str, ...]
    refused: tuple[str, ...]
    name: str
    contact: str
    bans: dict[str, tuple[str, ...]]
    """By purpose: keys of a Ban, or words of the guardian's own."""
    texts: dict[str, int]
    """By purpose: the id of the text that they read."""
    term: str
    """The last day that they read, in ISO form."""
