"""Every consent ever recorded: whose, which document, who signed and recorded it, until when, what it is worth."""

from collections.abc import Sequence
from typing import Any

from incubator.core.clock import today
from incubator.core.contributions import Report, ReportColumn
from incubator.core.languages import _
from incubator.people.consents import Signatory, state_of, void_reason_in_words
from incubator.people.tables import Consent
from incubator.projects.consents import purpose_title


def state_in_words(state: str) -> str:
    return {
        "holding": _("действует"), "future": _("начнёт действовать в 18 лет"), "waiting": _("ждёт подтверждения возраста"),
        "ended": _("закончилось"), "withdrawn": _("отозвано"), "void": _("недействительно"),
    }[state]  # fmt: skip


def signatory_in_words(signatory: str) -> str:
    return {
        Signatory.PERSON: _("сам участник"), Signatory.GUARDIAN: _("законный представитель, электронно"),
        Signatory.PAPER: _("законный представитель, на бумаге"),
    }[Signatory(signatory)]  # fmt: skip


async def register() -> Sequence[Sequence[Any]]:
    """Return the rows, newest first. One query."""
    rows = await Consent.objects(Consent.person, Consent.text, Consent.recorded_by, Consent.withdrawn_by).order_by(
        Consent.id, ascending=False
    )
    day = today()
    return [
        (
            row.id, row.person.name, row.person.born_on, purpose_title(row.purpose), row.text.version,
            signatory_in_words(row.signatory), row.given_at, row.recorded_by.name, row.ends_on,
            state_in_words(state_of(row, day)), _until(row), _("да") if row.scan else "",
        )
        for row in rows
    ]  # fmt: skip


def _until(row: Consent) -> str:
    """Return why it does not hold any more, if somebody ended it."""
    if row.voided_at:
        return void_reason_in_words(row.void_reason)
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
        ReportColumn("recorded", "Записано", "Recorded"),
        ReportColumn("recorder", "Кто записал", "Recorded by"),
        ReportColumn("until", "Действует до", "Holds until"),
        ReportColumn("state", "Состояние", "State"),
        ReportColumn("ended", "Чем закончилось", "How it ended"),
        ReportColumn("scan", "Снимок листа", "Picture of the sheet"),
    ),
    register,
)  # fmt: skip

REPORTS = (CONSENTS,)
