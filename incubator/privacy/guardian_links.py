"""Links to guardians: who may be asked by mail, sending, sending again, revoking, and what is forgotten when."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.db.references import id_of, some_id_of
from incubator.history.record import Happened, record
from incubator.mail.reach import require_reachable
from incubator.mail.tables import Message
from incubator.people.enrolments import named_for_class_of
from incubator.people.grants import may_in_programme
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.locking import lock_people, lock_person
from incubator.people.mail_limits import MailCause, allow_mail, mailbox_of
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, Enrolment, Person
from incubator.privacy.data_operator import lacks, the_operator
from incubator.privacy.guardian_mails import mail_question
from incubator.privacy.guardian_rules import LASTS, SHOWN_AFTERWARDS, LinkState, WantedGuardian, link_state
from incubator.privacy.recorders import hold_entitlement, require_may_record
from incubator.privacy.tables import GuardianAnswer, GuardianLink
from incubator.programme.seasons import current_season
from incubator.projects.locking import lock_project
from incubator.projects.permissions import STUDENT_ROLES, ProjectRole
from incubator.projects.tables import Member, Project


class NotAsked(Refusal):
    """Nobody was asked, because of one of the guardians: ``person`` is the child."""

    def __init__(self, person: int, message: str) -> None:
        super().__init__(message)
        self.person = person


async def where_links_are_taken(projects: Iterable[int | None]) -> set[int | None]:
    """Return those of the projects whose season takes consents by link; None stands for the season that is on. Two queries at most."""
    ids = set(projects)
    found: set[int | None] = set()
    if numbers := sorted(each for each in ids if each):
        season: Any = Project.season
        rows = await Project.select(Project.id).where(Project.id.is_in(numbers) & season.electronic_consent.eq(True))
        found |= {row["id"] for row in rows}
    if None in ids and (current := await current_season()) and current.electronic_consent:
        found.add(None)
    return found


async def ask_guardians(wanted: Sequence[WantedGuardian], *, locale: str, by: Person, address: str = "") -> int:
    """Mail each guardian a link of their own; return how many. All are asked, or none.

    ``address`` is the client's, for counting mails. Raises NotAllowed, and NotAsked with the child concerned.
    """
    if len(wanted) > limits.GUARDIANS:
        raise Refusal(
            _("За один раз – не больше %(most)s писем: отправьте часть сейчас, часть потом", most=limits.GUARDIANS)
        )
    for each in wanted:
        with _about(each.person):
            await require_reachable(each.email)
    async with writing():
        await _lock(wanted, by)
        for each in wanted:
            with _about(each.person):
                await _ask(each, locale=locale, by=by, address=address)
    return len(wanted)


async def _lock(wanted: Sequence[WantedGuardian], by: Person) -> None:
    """Lock the teams of all children, then ``by``, then the children: as ``hold_entitlement`` does for one. Raises NotAllowed."""
    teams = {(await require_may_record(by, each.person, by_link=True)).project for each in wanted}
    for project in sorted(team for team in teams if team is not None):
        await lock_project(project)
    await lock_person(by.id)
    await lock_people(each.person for each in wanted)


@contextmanager
def _about(person: int) -> Iterator[None]:
    try:
        yield
    except NotAllowed:
        raise
    except Refusal as refusal:
        raise NotAsked(person, refusal.message) from refusal


async def _ask(wanted: WantedGuardian, *, locale: str, by: Person, address: str) -> None:
    project = (await hold_entitlement(by, wanted.person, by_link=True)).project
    child = await lock_person(wanted.person)
    if child.is_adult:
        raise Refusal(_("%(name)s: 18 лет уже есть, теперь за себя решает только сам участник", name=child.name))
    if not await where_links_are_taken([project]):
        raise Refusal(
            _("В этом сезоне согласия собирают только на бумаге. Ссылки может включить организатор на странице сезона.")
        )
    if lacks(await the_operator()):
        raise Refusal(_("Сначала организатор впишет, кто отвечает за данные: без этого документ ничего не стоит."))
    await require_familys_address(wanted.email, child, by)
    is_office = await may_in_programme(by, StaffAction.ORGANISE)
    await allow_mail(MailCause.CONSENT, to=wanted.email, by=by, address=address, is_office=is_office)
    secret, at = new_secret(), now()
    former = (GuardianLink.person == child.id) & (GuardianLink.email == wanted.email) & GuardianLink.open()
    await GuardianLink.update({GuardianLink.revoked_at: at, GuardianLink.is_replaced: True}).where(former)
    await _erase((GuardianLink.person == child.id) & GuardianLink.is_replaced.eq(True))
    link = GuardianLink(
        person=child.id, project=project, name=wanted.name, relation=wanted.relation, email=wanted.email, locale=locale,
        secret_hash=hash_secret(secret), asked_by=by.id, asked_at=at, expires_at=at + LASTS,
    )  # fmt: skip
    link.mail = (await mail_question(link, secret, child, by)).id
    await link.save()
    await record(Happened.GUARDIAN_ASKED, by=by, project=project, subject=child.id)


async def require_familys_address(email: str, child: Person, by: Person) -> None:
    """Raise Refusal for a mailbox that is not the family's: the child's own, a team mate's, or that of a teacher or of ``by``."""
    mailbox = mailbox_of(email)
    if mailbox == mailbox_of(child.email):
        raise Refusal(_("Это адрес самого ребёнка. Ссылка должна прийти родителю, на его почту."))
    person: Any = Member.person
    teams = Member.select(Member.project).where(Member.person == child.id)
    mates = await Member.select(Member.role, person.email.as_alias("email")).where(
        Member.project.is_in(teams) & Member.role.is_in([*STUDENT_ROLES, ProjectRole.TEACHER])
    )
    pupil: Any = Enrolment.person
    classes = Enrolment.select(Enrolment.teacher).where((Enrolment.person == child.id) & Enrolment.holding())
    mates += await Enrolment.select(pupil.email.as_alias("email")).where(
        Enrolment.teacher.is_in(classes) & Enrolment.holding()
    )
    keepers = await named_for_class_of(child.id) | {by.id}
    for row in await Person.select(Person.email).where(Person.id.is_in(sorted(keepers))):
        mates.append({**row, "role": ProjectRole.TEACHER.value})
    found = {mailbox_of(row["email"]): row.get("role") for row in mates}
    if found.get(mailbox) == ProjectRole.TEACHER:
        raise Refusal(
            _("Это адрес педагога или организатора: ответ с него ничего не докажет. Если вы родитель, подпишите бланк на бумаге.")
        )  # fmt: skip
    if mailbox in found:
        raise Refusal(_("Это адрес другого участника, а не родителя. Проверьте, не перепутаны ли строки."))


async def ask_again(link_id: int, *, by: Person, address: str = "") -> GuardianLink:
    """Ask the same guardian anew: by a new link if the former one can still be answered, else for what is missing now.

    Raises NotAllowed, NotAsked.
    """
    link = await _link(link_id, by)
    if not link.email:
        raise Refusal(_("Адрес уже стёрт: ссылка закончилась без ответа. Впишите его заново."))
    wanted = WantedGuardian(some_id_of(link.person), link.name, link.relation, link.email)
    await ask_guardians([wanted], locale=link.locale, by=by, address=address)
    return link


async def revoke_guardian_link(link_id: int, *, by: Person) -> None:
    """End a link that nobody has answered, and erase the address. Repeating it does nothing. Raises NotAllowed."""
    async with writing():
        link = await _link(link_id, by)
        ended = (
            await GuardianLink.update({GuardianLink.revoked_at: now()})
            .where((GuardianLink.id == link.id) & GuardianLink.open())
            .returning(GuardianLink.id)
        )
        if ended:
            await _erase(GuardianLink.id == link.id)
            await record(
                Happened.GUARDIAN_LINK_REVOKED, by=by, project=id_of(link.project), subject=some_id_of(link.person)
            )


async def _link(link_id: int, by: Person) -> GuardianLink:
    link = await GuardianLink.objects().get(GuardianLink.id == link_id)
    if link is None:
        raise Refusal(_("Этой ссылки больше нет: её заменила другая, или она давно закончилась."))
    await hold_entitlement(by, some_id_of(link.person))
    return link


def state_of_link(link: GuardianLink) -> LinkState:
    """Return how far a link has got."""
    return link_state(
        opened_at=link.opened_at, answered_at=link.answered_at, revoked_at=link.revoked_at,
        expires_at=link.expires_at, at=now(),
    )  # fmt: skip


async def links_of(people: Iterable[int]) -> dict[int, list[GuardianLink]]:
    """Return the links by child, the newest first, without those that a newer one replaced. One query."""
    rows = (
        await GuardianLink.objects()
        .where(GuardianLink.person.is_in(sorted(set(people)) or [0]) & GuardianLink.is_replaced.eq(False))
        .order_by(GuardianLink.id, ascending=False)
    )
    found: dict[int, list[GuardianLink]] = {}
    for row in rows:
        found.setdefault(some_id_of(row.person), []).append(row)
    return found


async def answers_by(links: Iterable[int]) -> dict[int, list[Consent]]:
    """Return what came of each link: consents and refusals. One query."""
    rows = (
        await GuardianAnswer.objects(GuardianAnswer.consent)
        .where(GuardianAnswer.link.is_in(list(links) or [0]))
        .order_by(GuardianAnswer.id)
    )
    found: dict[int, list[Consent]] = {}
    for row in rows:
        found.setdefault(some_id_of(row.link), []).append(row.consent)
    return found


async def end_ways_to_family(person_id: int) -> None:
    """Let answered links lead to the family's page no more: its code is a new one. Call inside a transaction."""
    answered = GuardianLink.answered_at.is_not_null() & (GuardianLink.expires_at > now())
    await GuardianLink.update({GuardianLink.expires_at: now()}).where((GuardianLink.person == person_id) & answered)


async def forget_guardian_links() -> int:
    """Erase the addresses of links that ended unused, and after a while whatever no consent is kept for; return how many links.

    A periodic task.
    """
    at = now()
    unused = GuardianLink.answered_at.is_null()
    is_over = GuardianLink.revoked_at.is_not_null() | (GuardianLink.expires_at <= at)
    long_over = GuardianLink.expires_at <= at - SHOWN_AFTERWARDS
    of_no_consent = GuardianLink.id.not_in(GuardianAnswer.select(GuardianAnswer.link))
    async with writing():
        erased = await _erase(unused & is_over & (GuardianLink.email != ""))
        return erased + await _forget(long_over & of_no_consent)


async def _erase(which: Condition) -> int:
    """Erase the addresses of links, with the mails to them; return how many. Call inside a transaction."""
    await _drop_mails(which)
    rows = await GuardianLink.update({GuardianLink.email: ""}).where(which).returning(GuardianLink.id)
    return len(rows)


async def _forget(which: Condition) -> int:
    await _drop_mails(which)
    return len(await GuardianLink.delete().where(which).returning(GuardianLink.id))


async def _drop_mails(which: Condition) -> None:
    rows = await GuardianLink.select(GuardianLink.mail, GuardianLink.receipt).where(which)
    mails = [number for row in rows for number in (row["mail"], row["receipt"]) if number]
    if mails:
        await Message.delete().where(Message.id.is_in(mails))
