"""What the page of a class shows: its pupils with cards, teams and documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incubator.classroom.cards import is_honoured
from incubator.classroom.teams import teams_by_pupil
from incubator.people.enrolments import pupils_kept_by
from incubator.people.tables import AccessCard, Enrolment, Person
from incubator.privacy.consent_matrix import Pupil, children_of
from incubator.projects.tables import Project


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One pupil of a class."""

    enrolment: Enrolment
    card_until: datetime | None
    """Until when the card that was printed last can still be used."""
    teams: list[Project]
    documents: Pupil

    @property
    def person(self) -> Person:
        person: Person = self.enrolment.person
        return person

    @property
    def has_signed_in(self) -> bool:
        return bool(self.person.password)

    @property
    def may_have_card(self) -> bool:
        return self.person.has_mailbox is False

    @property
    def needs_card(self) -> bool:
        return self.may_have_card and not self.has_signed_in and self.card_until is None

    @property
    def consent(self) -> str:
        """The state of the consent without which the gate stays closed."""
        return self.documents.cells[0].state


async def roll_of(by: Person) -> list[RollEntry]:
    """Return the pupils of the classes that ``by`` keeps, by name. Eight queries, whatever their number."""
    rows = await pupils_kept_by(by)
    people = [row.person for row in rows]
    ids = [person.id for person in people]
    cards = {row["person"]: row["expires_at"] for row in await _working_cards(ids)}
    teams, documents = await teams_by_pupil(ids), await children_of(people)
    entries = [
        RollEntry(row, cards.get(row.person.id), teams.get(row.person.id, []), documents[row.person.id]) for row in rows
    ]
    return sorted(entries, key=lambda each: (each.person.family_name, each.person.given_name, each.person.id))


async def _working_cards(people: list[int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await AccessCard.select(AccessCard.person, AccessCard.expires_at).where(
        AccessCard.person.is_in(people or [0]) & is_honoured(people)
    )
    return rows
