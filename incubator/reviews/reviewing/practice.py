"""A practice submission with reference levels, for new mentors to try the scale."""

from dataclasses import dataclass
from typing import Any

import msgspec

from incubator.core.clock import now
from incubator.core.languages import current_locale, localized
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.defaults import default
from incubator.reviews.tables import Practice

_decode = msgspec.json.Decoder(dict[str, int]).decode


@dataclass(frozen=True, slots=True)
class PracticeCriterion:
    """One criterion of the practice submission, in the current language."""

    key: str
    title: str
    hint: str
    weight: int
    levels: list[tuple[str, str]]
    """(value, anchor sentence) pairs."""
    reference: int
    why: str


def sections() -> list[tuple[str, str]]:
    """Return (title, text) pairs in the current language."""
    return [(localized(row, "title"), localized(row, "text")) for row in default("practice")["section"]]


def title() -> str:
    return localized(default("practice"), "title")


def practice_criteria() -> list[PracticeCriterion]:
    criteria: dict[str, Any] = {row["key"]: row for row in default("criteria")["idea"]}
    found = []
    for row in default("practice")["judged"]:
        criterion = criteria[row["key"]]
        anchors = _anchors(criterion)
        found.append(
            PracticeCriterion(
                row["key"], localized(criterion, "title"), localized(criterion, "hint"), criterion["weight"],
                [(str(n), text) for n, text in enumerate(anchors)], row["level"], localized(row, "why"),
            )
        )  # fmt: skip
    return found


def _anchors(criterion: dict[str, Any]) -> list[str]:
    return list(criterion[f"levels_{current_locale()}"])


async def practise(mentor: Person, levels: dict[str, int]) -> None:
    """Store an attempt; there may be many."""
    async with writing():
        await Practice(mentor=mentor.id, levels=msgspec.json.encode(levels).decode(), at=now()).save()
        await record(Happened.PRACTISED, by=mentor, subject=mentor.id)


async def last_try(mentor: Person) -> dict[str, int]:
    """Return levels by criterion key; empty for somebody who has not tried."""
    row = await Practice.objects().where(Practice.mentor == mentor.id).order_by(Practice.id, ascending=False).first()
    return _decode(row.levels) if row else {}
