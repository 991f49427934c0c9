"""Who a project's texts may name: the people of its team, now and before, and what they consented to."""

from dataclasses import dataclass
from typing import Any

from piccolo.query import Select

from incubator.core.folding import folded
from incubator.names.matcher import PersonName
from incubator.people.former_names import names_ever_of
from incubator.people.tables import Consent
from incubator.projects.consents import PUBLIC_NAME, TAKES_PART
from incubator.projects.expected_members import expected_in
from incubator.projects.former_members import ever_in_teams
from incubator.projects.tables import Member

#: Instead of the id of somebody who has no account.
NOBODY = 0


@dataclass(frozen=True, slots=True)
class TeamName:
    """Somebody of the team, as a text may call them; once for each name that they had."""

    person: int
    """Their id; ``NOBODY``: they have no account."""
    name: PersonName
    may_be_named: bool
    """The full name may be public: a member with both consents, today."""


async def names_of_team(project_id: int) -> list[TeamName]:
    """Return everybody who is or was in the team, or is expected there. Eight queries.

    Who has left is known from the journal; nobody asks them any more, so they are not named. Nor is who has not come yet.
    """
    members = {row["person"] for row in await Member.select(Member.person).where(Member.project == project_id)}
    everybody = (await ever_in_teams([project_id]))[project_id]
    allowed = await named_by_consent(sorted(members))
    named = [
        TeamName(person, name, person in allowed)
        for person, names in (await names_ever_of(everybody)).items()
        for name in names
        if name.family or name.patronymic or " " in name.given.strip()
    ]
    there = {_short(each.name) for each in named}
    expected = (await expected_in([project_id]))[project_id]
    return named + [TeamName(NOBODY, name, may_be_named=False) for name in expected if _short(name) not in there]


def _short(name: PersonName) -> tuple[str, str]:
    """Return by what one sees that somebody who was expected has come."""
    return folded(name.given), folded(name.family)


async def named_by_consent(person_ids: "list[int] | Select[Any]") -> set[int]:
    """Return those whose full name may be public: they take part, and both consents hold today. One query.

    ``person_ids``: their ids, or a query for them.
    """
    rows = await Consent.select(Consent.person, Consent.purpose).where(
        Consent.person.is_in(person_ids or [0]) & Consent.purpose.is_in([*TAKES_PART, PUBLIC_NAME]) & Consent.holding()
    )
    purposes: dict[int, set[str]] = {}
    for row in rows:
        purposes.setdefault(row["person"], set()).add(row["purpose"])
    return {person for person, given in purposes.items() if PUBLIC_NAME in given and len(given) > 1}
