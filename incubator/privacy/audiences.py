"""Whom events about paper consents concern."""

from collections.abc import Callable, Sequence

from incubator.core.formatting import day
from incubator.core.languages import _
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent
from incubator.projects.audiences import known_team_of, name_of, office_of, project_of
from incubator.projects.consents import purpose_title
from incubator.projects.permissions import ProjectRole


async def office_when_family_withdraws(event: Event) -> Sequence[Reader]:
    """The organisers, when somebody with the family's code took a consent back: both guardians may have to be asked."""
    data = data_of(event)
    if not data.get("family"):
        return []
    purpose = str(data.get("purpose", ""))
    if event.project_id is None:  # a pupil of a class who is in no team yet
        office, link = await people_who_may(StaffAction.ORGANISE), "/organiser/consents"
        title: str | Callable[[], str] = lambda: _("ещё без команды")  # noqa: E731 - in the reader's language
    else:
        project = await project_of(event)
        office, link = await office_of(project.id), f"/consents?project={project.id}"
        title = project.title
    return readers(
        office, link, title=title, name=await name_of(event.subject_id), purpose=lambda: purpose_title(purpose),
    )  # fmt: skip


async def whom_to_ask_again(event: Event) -> Sequence[Reader]:
    """The team's teacher, or whoever consented for themselves, while the consent that ends is the last one."""
    consent = await Consent.objects(Consent.person).get(Consent.id == data_of(event).get("consent"))
    if consent is None or consent.ends_on is None or await _has_a_later_one(consent):
        return []
    project = await project_of(event)
    purpose, ends_on = consent.purpose, consent.ends_on
    mates = await known_team_of(project.id)
    if consent.person.is_adult:
        people, link = [consent.person], "/profile/consents"
    else:
        people, link = [mate.person for mate in mates if mate.role == ProjectRole.TEACHER], "/consents"
    return readers(
        people, link, title=project.title, name=consent.person.name, day=lambda: day(ends_on),
        purpose=lambda: purpose_title(purpose),
    )  # fmt: skip


async def _has_a_later_one(consent: Consent) -> bool:
    return await Consent.exists().where(
        (Consent.person == consent.person.id)
        & (Consent.purpose == consent.purpose)
        & Consent.standing()
        & (Consent.ends_on > consent.ends_on)
    )


AUDIENCES = (
    Audience(Happened.CONSENT_WITHDRAWN, office_when_family_withdraws, "family_withdrew"),
    Audience(Happened.CONSENT_ENDING, whom_to_ask_again, "consent_ending"),
)
