"""Offers of help for a project. They reach the team's teacher, if the programme knows them, never a minor."""

from incubator.core.email_address import readable
from incubator.core.languages import _, override_locale
from incubator.core.refusals import AGAIN, Repeated
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.grants import people_to_write_to
from incubator.people.mail_limits import MailCause, allow_mail
from incubator.people.permissions import StaffAction
from incubator.people.rate_limits import Limit, has_room, key_of, take
from incubator.people.tables import Person
from incubator.projects.permissions import ProjectRole
from incubator.projects.team import team_of, unvouched_in
from incubator.publication.tables import Publication


async def offer_help(publication: Publication, *, name: str, email: str, text: str, address: str) -> None:
    """Mail the offer to the teacher, or to the organisers if the team has none for whom somebody vouched.

    Only the typed text is passed on; the journal records that it happened, not who wrote.
    Raises TooOften for somebody who sends many, Repeated for the same words once more.
    """
    project = publication.project
    said = Limit(key_of("help-said", f"{project.id} {email} {name} {text}"), 1, AGAIN)
    async with writing():
        if not await has_room(said):
            raise Repeated(_("Это вы уже отправили: второй раз не нужно."), f"/showcase/{project.slug}")
        await take([said], "")
        await allow_mail(MailCause.HELP, to=f"project {project.id}", by=email, address=address)
        for adult in await whom_to_offer(project.id):
            with override_locale(adult.locale):
                await queue(
                    adult.email,
                    _("«%(title)s»: вам предлагают помощь", title=publication.title),
                    _("На витрине команда просила: %(wanted)s", wanted=publication.help_wanted),
                    _("%(name)s пишет:", name=name),
                    text,
                    _("Ответить можно на адрес %(email)s. Команда этого письма не видела: решайте, что ей передать.", email=readable(email)),
                    link=f"/showcase/{project.slug}", locale=adult.locale,
                )  # fmt: skip
        await record(Happened.HELP_OFFERED, by=None, project=project.id)


async def whom_to_offer(project_id: int) -> list[Person]:
    """Return the teacher of the team, or the organisers if it has none for whom somebody vouched."""
    mates = await team_of(project_id)
    unvouched = await unvouched_in(mates)
    teachers = [m.person for m in mates if m.role == ProjectRole.TEACHER and m.member.id not in unvouched]
    # An address that an organiser has just entered for them may be mistyped.
    return [person for person in teachers if person.email_confirmed_at is not None] or await people_to_write_to(
        StaffAction.ORGANISE
    )
