"""Asking for the next consent a month before one ends."""

from datetime import timedelta

from incubator.core.clock import now, today
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Consent
from incubator.projects.consents import PURPOSES
from incubator.projects.tables import Member, Project

BEFORE = timedelta(days=30)


async def ask_for_next_consents() -> int:
    """Ask for what ends within a month because its term does; return how many. A periodic task: each is asked for once.

    What ends with the 18th birthday is asked for by ``projects/own_consents.py``.
    """
    on = today()
    rows = await Consent.select(Consent.id, Consent.person, Consent.purpose, Consent.ends_on, Consent.term).where(
        Consent.holding() & (Consent.ends_on < on + BEFORE) & Consent.asked_again_at.is_null()
    )
    return sum([await _ask(row["id"], row["person"], row["purpose"]) for row in rows if row["ends_on"] == row["term"]])


async def _ask(consent_id: int, person_id: int, purpose: str) -> bool:
    async with writing():
        team = (
            await Member.select(Member.project)
            .where((Member.person == person_id) & Member.project.is_in(Project.select(Project.id).where(Project.own())))
            .order_by(Member.project, ascending=False)
            .first()
        )
        asked = (
            await Consent.update({Consent.asked_again_at: now()})
            .where((Consent.id == consent_id) & Consent.asked_again_at.is_null())
            .returning(Consent.id)
        )
        if asked:
            project = team["project"] if team and purpose in PURPOSES else None
            await record(Happened.CONSENT_ENDING, by=None, project=project, subject=person_id, consent=consent_id)
        return bool(asked)
