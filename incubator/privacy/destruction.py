"""Consents are kept for three years after their end and then destroyed, with an act of what they were."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec

from incubator.core.clock import REGION, day_of, now, today
from incubator.core.formatting import day
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.ages import birthday
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Consent, Person
from incubator.privacy.consent_register import signatory_in_words
from incubator.privacy.data_operator import the_operator
from incubator.privacy.tables import ConsentSheet, DestructionAct
from incubator.projects.consents import purpose_title
from incubator.typesetting.typst import typeset

#: Years for which a consent is kept after its end, as the document itself says.
KEPT = 3


class Destroyed(msgspec.Struct):
    """What an act says of one consent."""

    number: int
    purpose: str
    version: int
    signatory: str
    given: date
    ended: date


def end_of(consent: Consent) -> date | None:
    """Return the day on which it ceased to hold; None if it holds, or may."""
    ends = [
        *([day_of(consent.withdrawn_at)] if consent.withdrawn_at else []),
        *([day_of(consent.voided_at)] if consent.voided_at else []),
        *([consent.ends_on] if consent.ends_on < today() else []),
    ]
    return min(ends, default=None)


async def due_for_destruction() -> list[tuple[Consent, date]]:
    """Return the consents that need not be kept any more, with their ends. One query."""
    before = birthday(today(), -KEPT)
    rows = await Consent.objects(Consent.text).where(_ended_before(before)).order_by(Consent.id)
    return [(row, end_of(row) or before) for row in rows]


async def number_due() -> int:
    """Return how many consents need not be kept any more. One query."""
    return int(await Consent.count().where(_ended_before(birthday(today(), -KEPT))))


def _ended_before(day: date) -> Condition:
    """Return the condition that the first of all ends (``end_of``) was before ``day``."""
    begins = datetime.combine(day, time(), REGION)
    return (Consent.ends_on < day) | (Consent.withdrawn_at < begins) | (Consent.voided_at < begins)


async def destroy_what_is_due(*, by: Person) -> DestructionAct:
    """Delete these consents with their sheets and keep an act; the pictures go with the next sweep of files.

    Raises NotAllowed, and Refusal if there are none.
    """
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        due = await due_for_destruction()
        if not due:
            raise Refusal(_("Уничтожать пока нечего: согласия хранят три года после окончания"))
        gone = [
            Destroyed(row.id, row.purpose, row.text.version, row.signatory, day_of(row.given_at), end)
            for row, end in due
        ]
        ids = [each.number for each in gone]
        await ConsentSheet.delete().where(ConsentSheet.consent.is_in(ids))
        await Consent.delete().where(Consent.id.is_in(ids))
        act = DestructionAct(made_at=now(), made_by=by.id, consents=msgspec.json.encode(gone).decode())
        await act.save()
        await record(Happened.CONSENTS_DESTROYED, by=by, act=act.id, count=len(gone))
        return act


async def acts() -> list[DestructionAct]:
    """Return all acts, newest first."""
    rows: list[DestructionAct] = await DestructionAct.objects(DestructionAct.made_by).order_by(
        DestructionAct.id, ascending=False
    )
    return rows


async def drawn_act(act: DestructionAct) -> bytes:
    """Return the act as a PDF, to be signed."""
    gone = msgspec.json.decode(act.consents, type=list[Destroyed])
    operator = await the_operator()
    maker: Any = act.made_by
    data = {
        "title": _("Акт № %(n)s об уничтожении согласий", n=act.id),
        "day": day(act.made_at),
        "operator": operator.name_ru,
        "text": _(
            "Согласия на обработку персональных данных, перечисленные ниже, закончились больше трёх лет назад и "
            "уничтожены на сайте вместе со снимками подписанных листов: %(n)s.",
            n=len(gone),
        ),
        "columns": [_("№"), _("Документ"), _("Редакция"), _("Кто подписал"), _("Записано"), _("Закончилось")],
        "rows": [_row(each) for each in gone],
        "by": maker.name if maker and maker.id else "",
        "signature": _("Подпись"),
    }
    return await typeset("privacy/act.typ", data, format="pdf")


def _row(each: Destroyed) -> Sequence[str]:
    return (
        str(each.number), purpose_title(each.purpose), str(each.version), signatory_in_words(each.signatory),
        day(each.given), day(each.ended),
    )  # fmt: skip
