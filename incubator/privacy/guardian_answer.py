"""Answering a mailed link: what it asks, why it may ask no more, and storing the answer in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import msgspec

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.db import writing
from incubator.db.references import id_of, some_id_of
from incubator.history.record import Happened, record
from incubator.people.age_changes import know_as_minor
from incubator.people.ages import signs_beside_guardian
from incubator.people.consents import OWN, Signatory, end_by_guardian, signed_by
from incubator.people.enrolments import stood_in
from incubator.people.hashing import hash_secret
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, ConsentText, Person
from incubator.privacy.family import count_wrong_code
from incubator.privacy.guardian_links import state_of_link, where_links_are_taken
from incubator.privacy.guardian_mails import mail_receipt, school_of
from incubator.privacy.guardian_rules import LinkState, SignedAnswer
from incubator.privacy.paper_codes import CHILDREN
from incubator.privacy.recorders import where_may_record
from incubator.privacy.sheets import code_for_family, family_codes
from incubator.privacy.tables import GuardianAnswer, GuardianLink
from incubator.projects.consents import (
    PURPOSES,
    Document,
    family_said_no,
    latest_texts,
    may_ban,
    store_consent,
    store_refusal,
    term_in,
)
from incubator.publication.withdrawals import answer_by_family


class LinkEnd(StrEnum):
    """Why a link cannot be answered."""

    ANSWERED = "answered"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    PAPER = "paper"
    """The season takes consents on paper only."""
    OF_AGE = "of_age"
    LEFT = "left"
    """Whoever asked may not record the child's consents any more."""


class LinkEnded(Refusal):
    """The link cannot be answered; ``why`` says why."""

    def __init__(self, why: LinkEnd) -> None:
        super().__init__(_("По этой ссылке ответить уже нельзя."))
        self.why = why


async def link_behind(secret: str, *, address: str) -> GuardianLink | None:
    """Return the link of a mailed secret, ended or not, with who asked. Raises TooOften for whoever tries many that are none."""
    link = (
        await GuardianLink.objects(GuardianLink.asked_by).where(GuardianLink.secret_hash == hash_secret(secret)).first()
    )
    if link is None:
        await count_wrong_code(address)
    return link


async def why_ended(link: GuardianLink) -> LinkEnd | None:
    """Return why the link cannot be answered; None if it can."""
    ends = {
        LinkState.ANSWERED: LinkEnd.ANSWERED, LinkState.REVOKED: LinkEnd.REVOKED, LinkState.EXPIRED: LinkEnd.EXPIRED,
    }  # fmt: skip
    if link.is_replaced:
        return LinkEnd.REPLACED
    if (end := ends.get(state_of_link(link))) is not None:
        return end
    if not await where_links_are_taken([id_of(link.project)]):
        return LinkEnd.PAPER
    child = await Person.objects().get(Person.id == link.person)
    if child is None or child.is_adult:
        return LinkEnd.OF_AGE
    asked_by = await _asker(link)
    if asked_by is None:
        return LinkEnd.LEFT
    # A substitute's links are the class's: they outlast the days for which the substitute was there.
    is_theirs = await where_may_record(asked_by, child.id) or await stood_in(asked_by, child.id, link.asked_at)
    return None if is_theirs else LinkEnd.LEFT


async def _asker(link: GuardianLink) -> Person | None:
    return await Person.objects().get(Person.id == (id_of(link.asked_by) or 0))


async def note_opened(link: GuardianLink) -> None:
    """Note when a link was first opened: whoever answers reads the mailbox."""
    if link.opened_at is None:
        async with writing():
            await GuardianLink.update({GuardianLink.opened_at: now()}).where(
                (GuardianLink.id == link.id) & GuardianLink.opened_at.is_null()
            )


@dataclass(frozen=True, slots=True)
class GuardianQuestion:
    """One document on the guardian's page."""

    purpose: str
    text: ConsentText
    """The words in force."""
    given: Consent | None
    """It stands already, for as long as a new one could, and is not asked again: it can only be taken back."""
    former: Consent | None
    """It stands, but a new one would hold longer, and is asked."""
    is_disputed: bool
    """The family said no before: a yes goes to the office."""
    has_bans: bool

    @property
    def shown(self) -> ConsentText:
        """Return the words to read: those that were signed, else those in force."""
        return self.given.text if self.given else self.text


@dataclass(frozen=True, slots=True)
class GuardianPage:
    """What a guardian reads before answering."""

    link: GuardianLink
    child: Person
    asked_by: Person
    school: str
    term: date
    """Until when the documents say that they hold."""
    until: date
    """The last day on which they can hold: the term, or the day before the 18th birthday."""
    signs_too: bool
    """The teenager has to agree as well."""
    questions: list[GuardianQuestion] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """Return the purposes that need a yes or a no."""
        return [each.purpose for each in self.questions if each.given is None]


async def guardian_page(link: GuardianLink) -> GuardianPage:
    """Return what the link asks. Raises LinkEnded. Some twenty queries."""
    if (end := await why_ended(link)) is not None:
        raise LinkEnded(end)
    child, asked_by = await Person.objects().get(Person.id == link.person), await _asker(link)
    assert child is not None
    assert asked_by is not None
    term = await term_in(id_of(link.project))
    until = end_by_guardian(term, child)
    standing = await _standing(child.id)
    former = {purpose: row for purpose, row in standing.items() if _outlasts(until, row)}
    texts = await latest_texts()
    questions = [
        GuardianQuestion(
            purpose=purpose, text=texts[purpose], given=None if purpose in former else standing.get(purpose),
            former=former.get(purpose), has_bans=may_ban(purpose),
            is_disputed=await family_said_no(child.id, purpose, to=asked_by, asked_at=link.asked_at),
        )
        for purpose in PURPOSES
    ]  # fmt: skip
    return GuardianPage(
        link=link, child=child, asked_by=asked_by, school=await school_of(child.id, id_of(link.project)),
        term=term, until=until,
        signs_too=signs_beside_guardian(child.born_on, today()), questions=questions,
    )  # fmt: skip


def _outlasts(until: date, consent: Consent) -> bool:
    """Return whether a consent until that day would hold longer than one that stands."""
    return consent.ends_on is not None and until > consent.ends_on


async def _standing(child_id: int) -> dict[str, Consent]:
    """Return what guardians consented to, by link or on paper; what the child signs for the time after 18 is not theirs."""
    guardians = signed_by(set(Signatory) - OWN)
    rows = await Consent.objects(Consent.text).where((Consent.person == child_id) & Consent.standing() & guardians)
    return {row.purpose: row for row in sorted(rows, key=lambda row: row.ends_on or date.max)}


async def answer_as_guardian(link: GuardianLink, signed: SignedAnswer) -> str:
    """Store what a guardian answered, withdraw what they refuse, mail a receipt; return the codes that open the family's page.

    Raises LinkEnded, and Stale if the documents are not the ones that were read.
    """
    child = await Person.objects().get(Person.id == link.person)
    asked_by = await _asker(link)
    if child is None or asked_by is None:
        raise LinkEnded(LinkEnd.LEFT)
    answering = _Answering(link, signed, child, asked_by)
    await answer_by_family(child, signed.refused, first=answering.begin, then=answering.store)
    return await family_codes_for(answering.link) or answering.code


@dataclass(slots=True)
class _Answering:
    """One answer, in the transaction that stores it; begun anew if that has to be tried again."""

    link: GuardianLink
    signed: SignedAnswer
    child: Person
    asked_by: Person
    texts: dict[str, ConsentText] = field(default_factory=dict)
    term: date = date.min
    given: list[Consent] = field(default_factory=list)
    refused: list[Consent] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)
    code: str = ""

    async def begin(self) -> None:
        """Use the link up, as it is now."""
        self.child = await lock_person(self.child.id)
        fresh = await GuardianLink.objects().get(GuardianLink.id == self.link.id)
        if fresh is None:
            raise LinkEnded(LinkEnd.REVOKED)
        if (end := await why_ended(fresh)) is not None:
            raise LinkEnded(end)
        self.link, self.texts, self.term = fresh, await latest_texts(), await term_in(id_of(fresh.project))
        if self.signed.texts != {purpose: self.texts[purpose].id for purpose in self._answered} or (
            self.signed.term != self.term.isoformat()
        ):
            raise Stale(_("Тексты документов только что изменились. Прочитайте их ещё раз: ваши ответы сохранены."))
        used = (
            await GuardianLink.update({GuardianLink.answered_at: now(), GuardianLink.contact: self.signed.contact})
            .where((GuardianLink.id == fresh.id) & GuardianLink.open())
            .returning(GuardianLink.id)
        )
        if not used:
            raise LinkEnded(LinkEnd.ANSWERED)

    @property
    def _answered(self) -> Sequence[str]:
        return [*self.signed.agreed, *self.signed.refused]

    async def store(self) -> None:
        """Store what was agreed and refused, with the receipt."""
        project = id_of(self.link.project)
        self.given, self.refused, self.disputed = [], [], []
        if self.signed.agreed:
            await know_as_minor(self.child, by=self.asked_by)
        for purpose in self.signed.agreed:
            await self._agree(purpose, project)
        for purpose in self.signed.refused:
            self.refused.append(
                await store_refusal(self.child, purpose, by=self.asked_by, document=self._document(purpose))
            )
        for consent in (*self.given, *self.refused):
            await GuardianAnswer(link=self.link.id, consent=consent.id).save()
        self.code = await code_for_family(self.child.id, by=self.asked_by)
        message = await mail_receipt(
            self.link, self.child, self.code, given=self.given, refused=self.signed.refused, disputed=self.disputed,
            texts=self.texts,
        )  # fmt: skip
        await GuardianLink.update({GuardianLink.receipt: message.id}).where(GuardianLink.id == self.link.id)
        await record(
            Happened.GUARDIAN_ANSWERED, by=None, project=project, subject=self.child.id, link=self.link.id,
            agreed=[each.purpose for each in self.given], refused=list(self.signed.refused), disputed=self.disputed,
        )  # fmt: skip

    async def _agree(self, purpose: str, project: int | None) -> None:
        if await family_said_no(self.child.id, purpose, to=self.asked_by, asked_at=self.link.asked_at):
            self.disputed.append(purpose)
            return
        standing = (await _standing(self.child.id)).get(purpose)
        consent = await store_consent(
            self.child, purpose, by=self.asked_by, signatory=Signatory.GUARDIAN, project=project,
            document=self._document(purpose),
            renews=standing is not None and _outlasts(end_by_guardian(self.term, self.child), standing),
        )  # fmt: skip
        self.given.append(consent or await self._forbid_as_well(purpose))

    async def _forbid_as_well(self, purpose: str) -> Consent:
        """Add what this guardian forbids to the consent that stands already; return it: the stricter one holds."""
        consent = (await _standing(self.child.id))[purpose]
        bans = dict.fromkeys([*msgspec.json.decode(consent.bans, type=list[str]), *self.signed.bans.get(purpose, ())])
        consent.bans = msgspec.json.encode(list(bans)).decode()
        await consent.save([Consent.bans])
        return consent

    def _document(self, purpose: str) -> Document:
        return Document(
            text=self.texts[purpose].id, term=self.term, signed_by=self.signed.name,
            bans=self.signed.bans.get(purpose, ()), asked_at=self.link.asked_at,
        )  # fmt: skip


async def family_codes_for(link: GuardianLink) -> str:
    """Return the codes of all children for whom the mailbox of the link has answered, the link's own first.

    Empty unless the link was answered and its mail still works. Two queries.
    """
    answered = GuardianLink.answered_at.is_not_null() & GuardianLink.revoked_at.is_null()
    rows = await GuardianLink.select(GuardianLink.id, GuardianLink.person).where(
        answered & (GuardianLink.expires_at > now()) & (GuardianLink.email == link.email) & (GuardianLink.email != "")
    )
    children = [row["person"] for row in rows]
    if link.id not in {row["id"] for row in rows}:
        return ""
    own = some_id_of(link.person)
    codes = await family_codes(children)
    return "".join(codes[child] for child in sorted(codes, key=lambda child: (child != own, child))[:CHILDREN])
