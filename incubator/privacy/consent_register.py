"""Every consent ever recorded: whose, which document, who signed and recorded it, until when, what it is worth."""

from collections.abc import Sequence
from typing import Any

import msgspec
from piccolo.query import Objects

from incubator.core.clock import today
from incubator.core.contributions import Report, ReportColumn
from incubator.core.folding import folded
from incubator.core.languages import _
from incubator.http.keyset import After, after_row
from incubator.people.consents import Ban, ConsentState, Signatory, in_state, state_of, void_reason_in_words
from incubator.people.named import people_named
from incubator.people.tables import Consent
from incubator.projects.consents import purpose_title


def state_in_words(state: str) -> str:
    return {
        "holding": _("действует"), "future": _("начнёт действовать в 18 лет"), "waiting": _("ждёт подтверждения возраста"),
        "teenager": _("ждёт согласия участника"), "refused": _("отказ"),
        "ended": _("закончилось"), "withdrawn": _("отозвано"), "void": _("недействительно"),
    }[state]  # fmt: skip


def signatory_in_words(signatory: str) -> str:
    return {
        Signatory.PERSON: _("лично, на сайте"), Signatory.OWN_PAPER: _("лично, на бумаге"),
        Signatory.GUARDIAN: _("законный представитель, электронно"),
        Signatory.PAPER: _("законный представитель, на бумаге"),
    }[Signatory(signatory)]  # fmt: skip


Row = tuple[Any, ...]


async def register() -> Sequence[Row]:
    """Return all rows, newest first. One query."""
    return [_row(consent) for consent in await _consents()]


async def register_page(
    words: str, state: ConsentState | None, after: After | None, size: int
) -> tuple[list[Row], int, After | None]:
    """Return a page of the consents of people so named in that state, how many there are in all, and the cursor of the next page.

    Three queries at most.
    """
    where: Any = Consent.id > 0
    if folded(words):
        where &= Consent.person.is_in(await people_named(words) or [0])
    if state:
        where &= in_state(state, today())
    further = where & (Consent.id < after.id) if after else where
    rows = await _consents().where(further).limit(size + 1)
    following_page = after_row(rows[size - 1].id) if len(rows) > size else None
    return [_row(row) for row in rows[:size]], await Consent.count().where(where), following_page


def _consents() -> Objects[Consent]:
    return Consent.objects(Consent.person, Consent.text, Consent.recorded_by, Consent.withdrawn_by).order_by(
        Consent.id, ascending=False
    )


def _row(row: Consent) -> Row:
    return (
        row.id, row.person.name, row.person.born_on, purpose_title(row.purpose), row.text.version,
        _signed_by(row), state_in_words(state_of(row, today())), row.ends_on, row.term, row.given_at,
        row.recorded_by.name, _until(row), _("да") if row.scan else "", bans_in_words(row),
    )  # fmt: skip


def _signed_by(row: Consent) -> str:
    """Return who signed, and the name that a guardian typed."""
    words = signatory_in_words(row.signatory)
    return f"{words}: {row.signatory_name}" if row.signatory_name else words


def bans_in_words(row: Consent) -> str:
    """Return what the signatory forbids others to do; on paper it is in the picture."""
    words: dict[str, str] = {Ban.COPY: _("копировать"), Ban.ADS: _("использовать для рекламы")}
    return ", ".join(words.get(each, each) for each in msgspec.json.decode(row.bans, type=list[str]))


def _until(row: Consent) -> str:
    """Return why it does not hold any more, if somebody ended it."""
    if row.voided_at:
        return void_reason_in_words(row.void_reason)
    if row.is_refusal:
        return ""
    if row.withdrawn_by_family:
        return _("забрала семья")
    return row.withdrawn_by.name if row.withdrawn_at and row.withdrawn_by and row.withdrawn_by.id else ""


CONSENTS = Report(
    "consents", "Согласия", "Consents",
    (
        ReportColumn("number", "№", "No"),
        ReportColumn("person", "Участник", "Participant"),
        ReportColumn("born", "Дата рождения", "Date of birth"),
        ReportColumn("document", "Документ", "Document"),
        ReportColumn("version", "Редакция", "Version"),
        ReportColumn("signatory", "Кто подписал", "Signed by"),
        ReportColumn("state", "Состояние", "State"),
        ReportColumn("until", "Действует до", "Holds until"),
        ReportColumn("term", "Срок по документу", "Term of the document"),
        ReportColumn("recorded", "Записано", "Recorded"),
        ReportColumn("recorder", "Кто записал", "Recorded by"),
        ReportColumn("ended", "Чем закончилось", "How it ended"),
        ReportColumn("scan", "Снимок листа", "Picture of the sheet"),
        ReportColumn("bans", "Что запрещено", "What is forbidden"),
    ),
    register,
)  # fmt: skip

REPORTS = (CONSENTS,)
