"""Whom events about consents on paper and by link concern."""

from collections.abc import Callable, Sequence
from typing import Any

from incubator.core.clock import today
from incubator.core.formatting import day
from incubator.core.languages import _
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.consents import ConsentState, in_state, is_standing
from incubator.people.enrolments import keepers_with
from incubator.people.grants import people_to_write_to
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent
from incubator.privacy.recorders import STAFF_TABLE, where_may_record
from incubator.privacy.tables import GuardianLink
from incubator.projects.audiences import known_team_of, name_of, office_of, project_of
from incubator.projects.consents import STAFF, purpose_title
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Project


async def office_when_family_withdraws(event: Event) -> Sequence[Reader]:
    """The organisers, when somebody with the family's code took a consent back: both guardians may have to be asked.

    Of a pupil who is in no team yet, also who keeps the class; in a team its leaders are told like of any other withdrawal.
    """
    data = data_of(event)
    if not data.get("family"):
        return []
    said: dict[str, Any] = {"name": await name_of(event.subject_id), "purpose": _in_words(str(data.get("purpose", "")))}
    if event.project_id is None:
        office = await people_to_write_to(StaffAction.ORGANISE)
        told = readers(office, "/organiser/consents", title=_no_team_yet, **said)
        return [
            *told,
            *readers(await keepers_with([event.subject_id or 0]), "/consents", title=_no_team_yet, **said),
        ]
    project = await project_of(event)
    return readers(await office_of(project.id), f"/consents?project={project.id}", title=project.title, **said)


async def office_when_colleague_withdraws(event: Event) -> Sequence[Reader]:
    """The organisers, when somebody who works in the programme took their own document back."""
    if data_of(event).get("purpose") != STAFF:
        return []
    office = await people_to_write_to(StaffAction.ORGANISE)
    return readers(office, STAFF_TABLE, name=await name_of(event.subject_id))


async def whom_to_ask_again(event: Event) -> Sequence[Reader]:
    """Who consented for themselves, or the teacher of the team or of the class, while the consent that ends is the last one.

    An adult without a mailbox, who signs on paper, is asked through the teacher, too.
    """
    consent = await Consent.objects(Consent.person).get(Consent.id == data_of(event).get("consent"))
    if consent is None or not is_standing(consent, today()) or await _has_a_later_one(consent):
        return []
    project = await project_of(event) if event.project_id else None
    ends_on = consent.ends_on
    if consent.person.is_adult and (consent.person.has_mailbox or consent.purpose == STAFF):
        people, link = [consent.person], "/profile/consents"
    elif project:
        mates = await known_team_of(project.id)
        people, link = [mate.person for mate in mates if mate.role == ProjectRole.TEACHER], "/consents"
    else:
        people, link = await keepers_with([consent.person.id]), "/consents"
    return readers(
        people, link, title=_what_about(consent, project), name=consent.person.name,
        day=lambda: day(ends_on), purpose=_in_words(consent.purpose),
    )  # fmt: skip


async def who_asked_guardian(event: Event) -> Sequence[Reader]:
    """Whoever sent the link that was answered, while they may still record the child's consents."""
    link = await GuardianLink.objects(GuardianLink.asked_by).get(GuardianLink.id == data_of(event).get("link"))
    by = link.asked_by if link else None
    if by is None or by.id is None or not (where := await where_may_record(by, event.subject_id or 0)):
        return []
    data = data_of(event)
    return readers(
        [by], where.address, name=await name_of(event.subject_id), agreed=_all_in_words(data.get("agreed", ())),
        refused=_all_in_words([*data.get("refused", ()), *data.get("disputed", ())]),
    )  # fmt: skip


async def teenager_who_agrees_too(event: Event) -> Sequence[Reader]:
    """The participant, while a guardian's consent waits for their own yes."""
    rows = await Consent.objects(Consent.person).where(
        (Consent.person == event.subject_id) & in_state(ConsentState.TEENAGER, today())
    )
    return readers(
        [rows[0].person], "/profile/consents", purposes=_all_in_words([row.purpose for row in rows])
    ) if rows else []  # fmt: skip


async def office_when_guardians_disagree(event: Event) -> Sequence[Reader]:
    """The organisers, when one guardian says yes after the family had said no: they ask both."""
    disputed = data_of(event).get("disputed", [])
    if not disputed:
        return []
    where = f"/consents/guardians?of={event.subject_id}"
    office = await people_to_write_to(StaffAction.ORGANISE)
    return readers(office, where, name=await name_of(event.subject_id), purposes=_all_in_words(disputed))


def _all_in_words(purposes: Sequence[str]) -> Callable[[], str]:
    return lambda: ", ".join(purpose_title(each) for each in purposes) or "–"


def _what_about(consent: Consent, project: Project | None) -> str | Callable[[], str]:
    """Return what the mail is about: the team, or the work in the programme."""
    if consent.purpose == STAFF:
        return _work
    return project.title if project else _no_team_yet


def _work() -> str:
    return _("Работа в программе")


def _in_words(purpose: str) -> Callable[[], str]:
    return lambda: purpose_title(purpose)


def _no_team_yet() -> str:
    return _("ещё без команды")


async def _has_a_later_one(consent: Consent) -> bool:
    return await Consent.exists().where(
        (Consent.person == consent.person.id)
        & (Consent.purpose == consent.purpose)
        & Consent.standing()
        & (Consent.ends_on > consent.ends_on)
    )


AUDIENCES = (
    Audience(Happened.CONSENT_WITHDRAWN, office_when_family_withdraws, "family_withdrew"),
    Audience(Happened.CONSENT_WITHDRAWN, office_when_colleague_withdraws, "staff_withdrew"),
    Audience(Happened.GUARDIAN_ANSWERED, who_asked_guardian, "guardian_answered"),
    Audience(Happened.GUARDIAN_ANSWERED, teenager_who_agrees_too, "teenager_agrees"),
    Audience(Happened.GUARDIAN_ANSWERED, office_when_guardians_disagree, "guardians_disagree"),
    Audience(Happened.CONSENT_ENDING, whom_to_ask_again, "consent_ending"),
)
