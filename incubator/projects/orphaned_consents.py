"""Consents whose recorder is no longer in any team of the person: they still count, and an organiser looks at them.

Whoever was entitled when they recorded a signed form recorded a fact, so leaving a team voids nothing by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.consents import ON_PAPER, signed_by
from incubator.people.coordinators import coordinator_ids
from incubator.people.enrolments import keepers_of
from incubator.people.grants import require_staff
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, Person
from incubator.people.vouching import appointed_ids
from incubator.projects.tables import Member
from incubator.projects.vouching import undo_reliance_for, void_all


@dataclass(frozen=True, slots=True)
class Recorder:
    """Somebody who recorded consents in teams in which they no longer are."""

    person: Person
    consents: list[Consent]
    """With the people concerned."""


async def orphaned_consents() -> list[Recorder]:
    """Return the paper forms to look at, by who recorded them. Six queries.

    Whoever keeps the class of the person is no former member.
    """
    rows = await _unchecked()
    people = {row.person.id for row in rows} | {row.recorded_by.id for row in rows}
    together: dict[int, set[int]] = {}
    for member in await Member.select(Member.person, Member.project).where(Member.person.is_in(sorted(people) or [0])):
        together.setdefault(member["person"], set()).add(member["project"])
    keepers = await keepers_of(row.person.id for row in rows)
    found: dict[int, Recorder] = {}
    for row in rows:
        recorder = row.recorded_by
        is_class = recorder.id in keepers.get(row.person.id, ())
        if not is_class and not together.get(row.person.id, set()) & together.get(recorder.id, set()):
            found.setdefault(recorder.id, Recorder(recorder, [])).consents.append(row)
    return list(found.values())


async def _unchecked() -> list[Consent]:
    rows: list[Consent] = await Consent.objects(Consent.person, Consent.recorded_by).where(
        Consent.standing()
        & signed_by(ON_PAPER)
        & Consent.checked_at.is_null()
        & Consent.recorded_by.not_in(appointed_ids())
        & Consent.recorded_by.not_in(coordinator_ids())
    ).order_by(Consent.id)  # fmt: skip
    return rows


async def void_recorded_by(recorder_id: int, *, reason: str, by: Person) -> int:
    """Mark what a former member recorded as void, as an organiser; return how many consents. Raises NotAllowed.

    The ages of these people that the recorder confirmed are claims again, and cards end.
    """
    async with writing():
        await require_staff(by, StaffAction.VOUCH)
        rows = await _of(recorder_id)
        await void_all([await _bare(row) for row in rows], reason, by=by)
        people = sorted({row.person.id for row in rows})
        await undo_reliance_for(await lock_person(recorder_id), people, by=by)
        return len(rows)


async def accept_recorded_by(recorder_id: int, *, by: Person) -> None:
    """Note that an organiser looked at what a former member recorded and found it right. Raises NotAllowed."""
    async with writing():
        await require_staff(by, StaffAction.VOUCH)
        rows = await _of(recorder_id)
        await Consent.update({Consent.checked_at: now()}).where(Consent.id.is_in([row.id for row in rows]))
        await record(Happened.CONSENT_CHECKED, by=by, subject=recorder_id, count=len(rows))


async def _of(recorder_id: int) -> Sequence[Consent]:
    """Return the consents to look at of one recorder. Raises Refusal if there are none any more."""
    found = next((each for each in await orphaned_consents() if each.person.id == recorder_id), None)
    if found is None:
        raise Refusal(_("Этих согласий в списке уже нет"))
    return found.consents


async def _bare(row: Consent) -> Consent:
    """Return the row with the bare id of its person."""
    fresh = await Consent.objects().get(Consent.id == row.id)
    assert fresh is not None
    return fresh
