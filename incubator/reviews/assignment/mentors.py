"""Becoming a mentor, and a mentor's own settings: fields, languages, days away, capacity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from incubator.core.folding import folded
from incubator.core.languages import LOCALES, _
from incubator.core.refusals import Refusal
from incubator.core.three_way import three_way
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.affiliations import AffiliationCapacity, affiliate
from incubator.people.grants import grant_role, may_in_programme, people_who_may, require_staff
from incubator.people.hashing import hash_secret, new_secret
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction, StaffRole
from incubator.people.tables import Person
from incubator.reviews.tables import Away, Mentor, MentorCluster, MentorCompetency

MOST_AWAY = 20


async def make_mentor(
    person: Person, *, organisation: int | None, capacity: int = 5, by: Person | None, is_told: bool = True
) -> None:
    """Grant the role, as ``grant_role``, and record the mentor's organisation. Call inside a transaction."""
    await grant_role(person, StaffRole.MENTOR, by=by, is_told=is_told)
    if organisation is not None:
        await affiliate(person, organisation, AffiliationCapacity.EMPLOYEE, by=by)
    if not await Mentor.exists().where(Mentor.person == person.id):
        await Mentor(person=person.id, capacity=capacity).save()


async def mentors_named(name: str) -> list[Person]:
    """Return the mentors of this name, with the patronymic or without, in either order and however it is spelt."""
    wanted = sorted(folded(name).split())
    people = await people_who_may(StaffAction.REVIEW)
    return [p for p in people if wanted in (sorted(folded(p.name).split()), sorted(folded(_full_name(p)).split()))]


def _full_name(person: Person) -> str:
    return f"{person.name} {person.patronymic}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mentor offers: fields, languages, capacity."""

    capacity: int
    season_capacity: int
    languages: tuple[str, ...]
    clusters: frozenset[int]
    competencies: frozenset[int]


async def mentor_of(person: Person) -> Mentor | None:
    return await Mentor.objects().where(Mentor.person == person.id).first()


async def offer_of(person: Person) -> Offer:
    mentor = await mentor_of(person) or Mentor(person=person.id)
    clusters = await MentorCluster.select(MentorCluster.cluster).where(MentorCluster.mentor == person.id)
    competencies = await MentorCompetency.select(MentorCompetency.competency).where(
        MentorCompetency.mentor == person.id
    )
    return Offer(
        mentor.capacity, mentor.season_capacity, tuple(mentor.languages.split()),
        frozenset(r["cluster"] for r in clusters), frozenset(r["competency"] for r in competencies),
    )  # fmt: skip


async def change_offer(person: Person, offer: Offer, *, read: Mapping[str, int] | None = None) -> None:
    """Save the offer. Raises Refusal if no language is chosen.

    ``read``: the capacity that the mentor saw before: an organiser changes it, too. Raises Stale where one was faster.
    """
    languages = [code for code in LOCALES if code in offer.languages]
    if not languages:
        raise Refusal(_("Отметьте хотя бы один язык"))
    async with writing():
        await lock_person(person.id)
        stored = {"capacity": (await mentor_of(person) or Mentor(person=person.id)).capacity}
        capacity = three_way(read or {}, {"capacity": offer.capacity}, stored, texts=stored)["capacity"]
        await Mentor.update(
            {
                Mentor.capacity: capacity,
                Mentor.season_capacity: offer.season_capacity,
                Mentor.languages: " ".join(languages),
            }
        ).where(Mentor.person == person.id)
        await MentorCluster.delete().where(MentorCluster.mentor == person.id)
        await MentorCompetency.delete().where(MentorCompetency.mentor == person.id)
        if offer.clusters:
            await MentorCluster.insert(*(MentorCluster(mentor=person.id, cluster=c) for c in sorted(offer.clusters)))
        if offer.competencies:
            await MentorCompetency.insert(
                *(MentorCompetency(mentor=person.id, competency=c) for c in sorted(offer.competencies))
            )
        await record(Happened.MENTOR_CHANGED, by=person, subject=person.id)


async def change_capacity(person_id: int, capacity: int, *, by: Person) -> None:
    """Set how many reviews may wait for a mentor at a time. Raises NotAllowed; Refusal for somebody who is not a mentor."""
    async with writing():
        await require_staff(by, StaffAction.ASSIGN)
        await lock_person(person_id)
        changed = (
            await Mentor.update({Mentor.capacity: capacity}).where(Mentor.person == person_id).returning(Mentor.id)
        )
        if not changed:
            raise Refusal(_("Этот человек – не наставник"))
        await record(Happened.MENTOR_CHANGED, by=by, subject=person_id, capacity=capacity)


async def days_away(person: Person) -> list[Away]:
    return await Away.objects().where(Away.mentor == person.id).order_by(Away.starts_on)


async def go_away(person: Person, starts_on: date, ends_on: date) -> None:
    """Record days away, both ends inclusive; repeating it does nothing. Raises Refusal for days in the wrong order."""
    if ends_on < starts_on:
        raise Refusal(_("Последний день раньше первого"))
    async with writing():
        await lock_person(person.id)
        same = (Away.mentor == person.id) & (Away.starts_on == starts_on) & (Away.ends_on == ends_on)
        if await Away.exists().where(same):
            return
        if await Away.count().where(Away.mentor == person.id) >= MOST_AWAY:
            raise Refusal(_("Отсутствий записано слишком много: удалите прошедшие"))
        await Away(mentor=person.id, starts_on=starts_on, ends_on=ends_on).save()
        await record(Happened.MENTOR_CHANGED, by=person, subject=person.id)


async def stay(person: Person, away_id: int) -> None:
    async with writing():
        if await Away.delete().where((Away.id == away_id) & (Away.mentor == person.id)).returning(Away.id):
            await record(Happened.MENTOR_CHANGED, by=person, subject=person.id)


async def new_feed(person: Person) -> str:
    """Return the secret of a new calendar address; the previous one stops working."""
    secret = new_secret()
    async with writing():
        await Mentor.update({Mentor.feed_hash: hash_secret(secret)}).where(Mentor.person == person.id)
        await record(Happened.CALENDAR_CHANGED, by=person, subject=person.id)
    return secret


async def end_feed(person: Person) -> None:
    """Revoke the calendar address. Repeating it does nothing."""
    async with writing():
        is_on = (Mentor.person == person.id) & (Mentor.feed_hash != "")
        if await Mentor.update({Mentor.feed_hash: ""}).where(is_on).returning(Mentor.id):
            await record(Happened.CALENDAR_CHANGED, by=person, subject=person.id)


async def feed_reader(secret: str) -> Person | None:
    """Return the calendar's owner; None for a revoked address or a former mentor."""
    mentor = await Mentor.objects(Mentor.person).where(Mentor.feed_hash == hash_secret(secret)).first()
    if mentor is None or not await may_in_programme(mentor.person, StaffAction.REVIEW):
        return None
    person: Person = mentor.person
    return person
