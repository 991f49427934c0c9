"""Merging two accounts of one person: everything that refers to the one refers to the other, and the empty one ends.

What refers to a person follows from the schema (``references.py``). The person proves both accounts, or an organiser
merges them with a reason. A minor never inherits the work of an adult: the person alone is refused, and where an
organiser merges, the adult's roles end and what was relied on is undone, as when somebody is found out
(``projects/vouching.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now, today
from incubator.core.email_address import readable
from incubator.core.languages import _, override_locale
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue, readdress
from incubator.people.accounts import LinkExpired
from incubator.people.affiliations import AffiliationCapacity
from incubator.people.ages import AgeKnown
from incubator.people.consents import Signatory, VoidReason, is_standing, settle_consents
from incubator.people.factors import has_factor
from incubator.people.grants import people_to_write_to, require_staff
from incubator.people.locking import lock_person
from incubator.people.oidc.ending import end_identities
from incubator.people.permissions import StaffAction
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import (
    AddressChange,
    Affiliation,
    Authenticator,
    Consent,
    Grant,
    KnownDevice,
    Passkey,
    PendingSignIn,
    Person,
    RecoveryCode,
    Session,
    Token,
)
from incubator.people.tokens import MERGE, redeem
from incubator.privacy.merge_rules import (
    against_familys_no,
    age_source,
    are_mixed,
    is_said_to_be_minor,
    role_in_both,
    taken_back,
)
from incubator.privacy.merging_classes import same_classes
from incubator.privacy.references import PersonColumn, references, unique_with
from incubator.projects.locking import lock_project
from incubator.projects.permissions import ADULT_ROLES
from incubator.projects.tables import Member
from incubator.projects.vouching import undo_reliance, void_all
from incubator.publication.withdrawals import follow_name, hide_lapsed_names
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.tables import Assignment, Decision, Review

#: What belongs to a way of signing in and ends with the account.
ENDS = (Session, Authenticator, Passkey, RecoveryCode, Token, AddressChange, KnownDevice, PendingSignIn)
#: Tables with one row a person: of two, that of the account that stays is kept.
KEPT_FIRST = frozenset(
    {
        "notification",
        "mail_preference",
        "mentor",
        "mentor_cluster",
        "mentor_competency",
        "bid",
        "proposed",
        "pictured",
        "former_member",
        "follower",
    }
)
#: Resolved by rules of their own.
RESOLVED = frozenset({"member", "consent", "assignment"})


@dataclass(slots=True)
class TwoAccounts:
    """Two accounts, locked: ``kept`` stays, ``ended`` ends."""

    kept: Person
    ended: Person
    by: Person
    reason: str
    is_office: bool


async def merge_own(secret: str, *, by: Person, kept_session: str = "") -> None:
    """Merge the account that ``secret`` proves into that of ``by``. Raises LinkExpired, and Refusal where it is not possible.

    Where a role in the programme comes along, the sessions of ``by`` end, except ``kept_session`` (its secret), as when one is accepted.
    """
    async with writing():
        ended = await redeem(secret, MERGE)
        if ended is None:
            raise LinkExpired
        await _merge(by.id, ended.id, by=by, reason="", is_office=False, kept_session=kept_session)
    await _follow_name(by.id)


async def merge_for(kept: int, ended: int, *, reason: str, by: Person) -> None:
    """Merge two accounts of somebody else, as an organiser. Raises NotAllowed, and Refusal where it is not possible."""
    async with writing():
        await require_staff(by, StaffAction.MANAGE_ACCOUNTS)
        if by.id in (kept, ended):
            raise Refusal(_("Свои записи объедините в профиле: там вы докажете, что обе ваши"))
        await _merge(kept, ended, by=by, reason=reason, is_office=True)
    await _follow_name(kept)


async def _follow_name(person_id: int) -> None:
    """The teams of both are the teams of one name now, and a consent may have ended."""
    if person := await Person.objects().get(Person.id == person_id):
        await follow_name(person)
    await hide_lapsed_names()


async def obstacle(kept: Person, ended: Person) -> str:
    """Return why the person cannot merge the accounts alone, in words; empty if they can."""
    try:
        await _check(TwoAccounts(kept, ended, kept, "", is_office=False))
    except Refusal as refusal:
        return refusal.message
    return ""


async def _merge(
    kept_id: int, ended_id: int, *, by: Person, reason: str, is_office: bool, kept_session: str = ""
) -> None:
    for row in (
        await Member.select(Member.project).where(Member.person.is_in([kept_id, ended_id])).order_by(Member.project)
    ):
        await lock_project(row["project"])
    people = {number: await lock_person(number, ends=number == ended_id) for number in sorted({kept_id, ended_id})}
    if len(people) == 1:
        raise Refusal(_("Это одна и та же запись"))
    both = TwoAccounts(people[kept_id], people[ended_id], by, reason, is_office)
    await _check(both)
    brings_role = await _has_role(ended_id)
    was_staff = brings_role or await _has_role(kept_id)
    await _end_adult_work(both)
    await _same_teams(both)
    await _same_consents(both)
    await same_classes(kept_id, ended_id)
    for table in ENDS:
        await table.delete().where(table.person == ended_id)
    if is_office:  # nobody has shown that the account at the other site is theirs
        await end_identities(both.ended)
    await _collisions(both)
    await _move(both)
    reviewed = await Review.select(Review.submission).where(Review.mentor == kept_id)
    await store_summaries(sorted({row["submission"] for row in reviewed}))
    await _finish(both)
    if brings_role:
        await end_sessions_of(both.kept, except_secret=kept_session)
    await _tell(both, is_office_told=is_office or was_staff)


async def _has_role(person_id: int) -> bool:
    return await Grant.exists().where((Grant.person == person_id) & Grant.holding())


async def _check(both: TwoAccounts) -> None:
    """Raise Refusal for what the person may not decide alone, and for an address that nobody has proved."""
    has_more = both.ended.email_confirmed_at is not None or await _has_role(both.ended.id)
    if has_more and both.kept.email_confirmed_at is None:
        raise Refusal(
            _("Адрес записи, которая останется, не подтверждён. Сначала подтвердите его или оставьте другую запись.")
        )
    if both.is_office:
        return
    if await has_factor(both.ended.id):
        raise Refusal(
            _(
                "У той записи есть второй шаг при входе, поэтому закрыть её отсюда нельзя. Войдите в неё и объедините записи оттуда."
            )
        )
    if any(is_said_to_be_minor(each) for each in (both.kept, both.ended)) and await _has_adult_work(both):
        raise Refusal(_("Одна из записей – участника младше 18 лет, другая – взрослого. Такие объединяет организатор."))
    if any(are_mixed(*roles) for roles in (await _roles_twice(both)).values()):
        raise Refusal(_("В одной команде одна запись – участник, другая – педагог. Такие объединяет организатор."))


async def _has_adult_work(both: TwoAccounts) -> bool:
    ids = [both.kept.id, both.ended.id]
    teacher = (Affiliation.capacity == AffiliationCapacity.TEACHER.value) & Affiliation.holding()
    adult = Member.role.is_in([role.value for role in ADULT_ROLES])
    return (
        await Grant.exists().where(Grant.person.is_in(ids) & Grant.holding())
        or await Member.exists().where(Member.person.is_in(ids) & adult)
        or await Affiliation.exists().where(Affiliation.person.is_in(ids) & teacher)
    )


async def _roles_twice(both: TwoAccounts) -> dict[int, tuple[str, str]]:
    """Return the two roles in each team in which both accounts are."""
    roles: dict[int, list[str]] = {}
    for row in await Member.select(Member.project, Member.role).where(
        Member.person.is_in([both.kept.id, both.ended.id])
    ):
        roles.setdefault(row["project"], []).append(row["role"])
    return {project: (found[0], found[1]) for project, found in roles.items() if len(found) == 2}


async def _end_adult_work(both: TwoAccounts) -> None:
    """A minor keeps no role of an adult, and nothing stays that rested on one."""
    if not is_said_to_be_minor(age_source(both.kept, both.ended)):
        return
    reason = both.reason or VoidReason.MERGED
    for person in (both.kept, both.ended):
        if not await _is_trusted(person):
            continue
        await undo_reliance(person, reason, by=both.by)
        await Grant.update({Grant.until: now()}).where((Grant.person == person.id) & Grant.holding())
        teacher = Affiliation.capacity == AffiliationCapacity.TEACHER.value
        await Affiliation.delete().where((Affiliation.person == person.id) & teacher)
        adult = Member.role.is_in([role.value for role in ADULT_ROLES])
        await Member.delete().where((Member.person == person.id) & adult)


async def _is_trusted(person: Person) -> bool:
    return await _has_adult_work(TwoAccounts(person, person, person, "", is_office=True))


async def _same_teams(both: TwoAccounts) -> None:
    """Of two memberships in one team one stays, with the role that counts more."""
    for project, roles in (await _roles_twice(both)).items():
        role = role_in_both(*roles)
        own = Member.project == project
        await Member.delete().where(own & (Member.person == both.ended.id))
        await Member.update({Member.role: role}).where(own & (Member.person == both.kept.id))


async def _same_consents(both: TwoAccounts) -> None:
    rows = await Consent.objects().where(Consent.person.is_in([both.kept.id, both.ended.id])).order_by(Consent.id)
    for consent in against_familys_no(rows):
        await _take_back(consent, both, by_family=True)
    for consent in taken_back(rows, today()):
        await _take_back(consent, both, by_family=False)


async def _take_back(consent: Consent, both: TwoAccounts, *, by_family: bool) -> None:
    """Let what was said through the other account count for this consent; teams and office are told if it stood."""
    stood = is_standing(consent, today())
    consent.withdrawn_at = consent.withdrawn_at or now()
    consent.withdrawn_by_family = by_family or consent.withdrawn_by_family
    if stood and not by_family:
        consent.withdrawn_by = both.by.id
    await consent.save([Consent.withdrawn_at, Consent.withdrawn_by, Consent.withdrawn_by_family])
    if not stood:
        return
    teams = await Member.select(Member.project).where(Member.person.is_in([both.kept.id, both.ended.id]))
    for project_id in sorted({row["project"] for row in teams}) or [None]:
        await record(
            Happened.CONSENT_WITHDRAWN, by=None if by_family else both.by, project=project_id, subject=both.kept.id,
            purpose=consent.purpose, **{"family": True} if by_family else {},
        )  # fmt: skip


async def _collisions(both: TwoAccounts) -> None:
    """Remove rows of the ended account where the schema allows a person only one; raise Refusal where they are work."""
    for reference in references():
        for others in unique_with(reference):
            twice = await _twice(both, reference, others)
            if twice and reference.table is Assignment:
                await _same_work(both, twice)
            elif twice:
                await reference.table.delete().where(reference.table.id.is_in(twice))


async def _same_work(both: TwoAccounts, twice: Sequence[int]) -> None:
    """End the ended account's assignments of submissions that both accounts judged and that are decided: what was written stays.

    Raises Refusal for one that is not decided, since one person has one voice.
    """
    for assignment in await Assignment.objects(Assignment.submission).where(Assignment.id.is_in(list(twice))):
        submission = assignment.submission
        decided = Decision.standing_on(submission.id) & Decision.released_at.is_not_null()
        if await Decision.exists().where(decided):
            continue
        sent = (Review.submission == submission.id) & Review.mentor.is_in([both.kept.id, both.ended.id]) & Review.sent()
        if await Review.count().where(sent) < 2:
            raise Refusal(_("Обе записи рецензировали одну и ту же заявку: сначала отмените одно из назначений"))
        raise Refusal(
            _(
                "Обе записи отправили рецензии на одну и ту же заявку, «%(title)s». Объедините их, когда решение по ней будет объявлено.",
                title=submission.title,
            )
        )
    await Assignment.update({Assignment.cancelled_at: now(), Assignment.cancel_code: Ending.SAME_PERSON.value}).where(
        Assignment.id.is_in(list(twice))
    )


async def _twice(both: TwoAccounts, reference: PersonColumn, others: tuple[str, ...]) -> list[int]:
    """Return the ids of the ended account's rows that would equal one of the kept account's."""
    table: Any = reference.table
    columns = [getattr(table, name) for name in others]
    both_of_them: Condition = reference.column.is_in([both.kept.id, both.ended.id])
    if table is Assignment:  # one that has ended stands beside any other
        both_of_them = both_of_them & Assignment.open()
    wanted = await table.select(table.id, reference.column, *columns).where(both_of_them)
    name = reference.column._meta.name
    kept = {tuple(row[other] for other in others) for row in wanted if row[name] == both.kept.id}
    return [row["id"] for row in wanted if row[name] == both.ended.id and tuple(row[other] for other in others) in kept]


async def _move(both: TwoAccounts) -> None:
    for table, column in references():
        await table.update({column: both.kept.id}).where(column == both.ended.id)


async def _finish(both: TwoAccounts) -> None:
    """Carry over what the account itself says, undo what the person would confirm for themselves, end the other account."""
    kept, ended = both.kept, both.ended
    before, source = kept.born_on, age_source(kept, ended)
    kept.born_on, kept.age_known = source.born_on, source.age_known
    kept.age_known_by, kept.age_known_at = source.age_known_by, source.age_known_at
    for name in ("given_name", "family_name", "patronymic", "locale"):
        setattr(kept, name, getattr(kept, name) or getattr(ended, name))
    if kept.age_known_by in (kept.id, ended.id):
        kept.age_known, kept.age_known_by, kept.age_known_at = AgeKnown.UNKNOWN.value, None, None
    await kept.save()
    await _undo_own_word(kept)
    own_forms = (
        (Consent.person == kept.id) & (Consent.recorded_by == kept.id) & (Consent.signatory != Signatory.PERSON.value)
    )
    await void_all(
        await Consent.objects().where(own_forms & Consent.voided_at.is_null() & Consent.is_refusal.eq(False)),
        VoidReason.MERGED,
        by=both.by,
    )
    await settle_consents(kept, by=both.by, before=before)
    await readdress(ended.email, kept.email, was_proved=ended.email_confirmed_at is not None)
    await Person.delete().where(Person.id == ended.id)
    former = [ended.given_name, ended.family_name, ended.patronymic]
    await record(
        Happened.ACCOUNTS_MERGED, by=both.by, subject=kept.id, ended=ended.id, reason=both.reason, former=former
    )


async def _undo_own_word(kept: Person) -> None:
    """Nobody vouches for themselves, by whichever account."""
    await Member.update({Member.vouched_by: None, Member.vouched_at: None}).where(
        (Member.person == kept.id) & (Member.vouched_by == kept.id)
    )
    await Affiliation.update({Affiliation.confirmed_by: None, Affiliation.confirmed_at: None}).where(
        (Affiliation.person == kept.id) & (Affiliation.confirmed_by == kept.id)
    )


async def _tell(both: TwoAccounts, *, is_office_told: bool) -> None:
    """Tell the mailbox of the account that stays, the other one if it was proved, and the other organisers of what an organiser did, or of a role that moved."""
    for account in (both.kept, both.ended):
        if account is both.ended and account.email_confirmed_at is None:
            continue
        with override_locale(both.kept.locale):
            await queue(
                account.email,
                _("Ваши учётные записи объединены"),
                _("Всё, что было в двух записях, теперь в одной: %(email)s. Входите с этим адресом.", email=readable(both.kept.email)),
                _("Если вы об этом не просили, напишите организаторам программы."),
                locale=both.kept.locale,
            )  # fmt: skip
    if not is_office_told:
        return
    for organiser in await people_to_write_to(StaffAction.MANAGE_ACCOUNTS):
        if organiser.id in (both.by.id, both.kept.id):
            continue
        with override_locale(organiser.locale):
            await queue(
                organiser.email,
                _("Организатор объединил две учётные записи") if both.is_office else _("Роль в программе перешла к другой записи"),
                _("Чья запись: %(name)s. Кто объединил: %(who)s. Причина: %(reason)s.", name=both.kept.name, who=both.by.name, reason=both.reason)
                if both.is_office
                else _("%(name)s – объединены две свои записи, и роль в программе теперь у той, что с адресом %(email)s. Если это не тот человек, снимите роль.", name=both.kept.name, email=readable(both.kept.email)),
                link=f"/organiser/accounts/{both.kept.id}",
                locale=organiser.locale,
            )  # fmt: skip
