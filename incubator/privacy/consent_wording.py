"""The words of the documents: an organiser writes new versions, a lawyer checks them, consents keep the one that was signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from piccolo.query.functions.aggregate import Count

from incubator.core.clock import now
from incubator.core.languages import LOCALES, _, localized
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, ConsentText, Person
from incubator.projects.consents import DOCUMENTS, latest_texts
from incubator.projects.diff import diff

#: What one version says, in both languages.
WORDS = tuple(f"{part}_{locale}" for part in ("title", "text") for locale in LOCALES)

Changes = list[tuple[str, str]]


class NewerWording(Refusal):
    """Somebody has written another version meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _("Пока вы писали, появилась редакция %(n)s. Посмотрите её: ваша станет следующей, когда вы сохраните ещё раз.",
              n=version)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a document, with what rests on it."""

    text: ConsentText
    given: int
    """Consents that were ever given under it."""
    holding: int
    """Those in force today."""
    is_in_force: bool

    @property
    def is_draft(self) -> bool:
        """Return whether no lawyer has checked it."""
        return not self.text.lawyer


async def wordings_of(purpose: str) -> list[Wording]:
    """Return all versions of a document, newest first. Four queries."""
    rows: Sequence[ConsentText] = (
        await ConsentText.objects(ConsentText.made_by)
        .where(ConsentText.purpose == purpose)
        .order_by(ConsentText.version, ascending=False)
    )
    ids = [row.id for row in rows]
    given, holding = await _count(ids), await _count(ids, is_holding=True)
    current = (await latest_texts())[purpose].id
    return [Wording(row, given.get(row.id, 0), holding.get(row.id, 0), row.id == current) for row in rows]


async def _count(texts: list[int], *, is_holding: bool = False) -> dict[int, int]:
    where = Consent.text.is_in(texts or [0]) & Consent.is_refusal.eq(False)
    query = Consent.select(Consent.text, Count()).where(where & Consent.holding() if is_holding else where)
    return {row["text"]: row["count"] for row in await query.group_by(Consent.text)}


async def unchecked_titles() -> list[str]:
    """Return the titles of the documents in force that no lawyer has checked. One query."""
    texts = await latest_texts()
    return [
        localized(texts[purpose], "title") for purpose in DOCUMENTS if purpose in texts and not texts[purpose].lawyer
    ]


async def text_of(purpose: str, text_id: int) -> ConsentText | None:
    """Return one version of the document."""
    return await ConsentText.objects().get((ConsentText.id == text_id) & (ConsentText.purpose == purpose))


def changes_between(before: ConsentText, after: ConsentText) -> dict[str, Changes]:
    """Return what changed, word for word, by language: the title, then the text."""
    return {locale: diff(_whole(before, locale), _whole(after, locale)) for locale in LOCALES}


def _whole(text: ConsentText, locale: str) -> str:
    return f"{getattr(text, f'title_{locale}')}\n\n{getattr(text, f'text_{locale}').strip()}"


def worded(purpose: str, words: dict[str, str], *, version: int = 0) -> ConsentText:
    """Return a version that is not stored yet; 0: one that may never be."""
    text = ConsentText(purpose=purpose, version=version)
    for name in WORDS:
        setattr(text, name, words[name])
    return text


async def write_wording(
    purpose: str, words: dict[str, str], *, reason: str, based_on: int, by: Person
) -> ConsentText:  # fmt: skip
    """Put a new version of a document in force, the operator's own; consents given before keep theirs.

    ``based_on``: the version that was in force when ``by`` began. Repeating it changes nothing. Raises NotAllowed, NewerWording,
    and Refusal for words that are in force already.
    """
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        first = (
            await ConsentText.select(ConsentText.id)
            .where(ConsentText.purpose == purpose)
            .order_by(ConsentText.id)
            .first()
        )
        if first is not None:
            await locked_row(ConsentText, first["id"])  # one version at a time
        current = (await latest_texts())[purpose]
        is_same = all(getattr(current, name).strip() == words[name].strip() for name in WORDS)
        if is_same and current.id != based_on and current.made_by == by.id:
            return current  # the same form, sent twice
        if current.id != based_on:
            raise NewerWording(current.version)
        if is_same:
            raise Refusal(_("Это слово в слово действующая редакция: менять нечего"))
        newest = await ConsentText.select(ConsentText.version).where(ConsentText.purpose == purpose).order_by(
            ConsentText.version, ascending=False
        ).first()  # fmt: skip
        text = worded(purpose, words, version=newest["version"] + 1 if newest else 1)
        text.made_at, text.made_by, text.reason = now(), by.id, reason
        await text.save()
        await record(
            Happened.CONSENT_TEXT_WRITTEN, by=by, text=text.id, purpose=purpose, version=text.version, reason=reason
        )
        return text


async def note_lawyer(text_id: int, lawyer: str, *, by: Person) -> None:
    """Note which lawyer checked a version, and when. Raises NotAllowed."""
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        changed = (
            await ConsentText.update({ConsentText.lawyer: lawyer, ConsentText.checked_at: now()})
            .where((ConsentText.id == text_id) & (ConsentText.lawyer != lawyer))
            .returning(ConsentText.purpose, ConsentText.version)
        )
        for row in changed:
            await record(
                Happened.CONSENT_TEXT_CHECKED, by=by, text=text_id, purpose=row["purpose"], version=row["version"],
                lawyer=lawyer,
            )  # fmt: skip
