"""Texts of mails: the packaged ones, or an organiser's instead, with placeholders in braces."""

from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now, today
from incubator.core.formatting import day
from incubator.core.languages import LOCALES, _, override_locale
from incubator.core.refusals import Refusal, Stale
from incubator.core.text import fitted
from incubator.db import writing
from incubator.db.errors import AlreadyThere
from incubator.history.record import Actor, Happened, record
from incubator.notifications.mails import FIELD, packaged_mails
from incubator.notifications.tables import MailTemplate


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


def fields_of(key: str) -> tuple[str, ...]:
    """Return the placeholders allowed in this mail. Raises KeyError for an unknown mail."""
    return packaged_mails()[key].fields


def examples(key: str, locale: str) -> dict[str, str]:
    """Return example values for a preview."""
    with override_locale(locale):
        every = {
            "title": _("Тихий улей"), "day": day(today()), "reason": _("та же организация"), "stage": _("Проект"),
            "name": _("Анна Орлова"), "count": "3", "outcome": _("на доработку"), "section": _("Проблема"),
            "purpose": _("имя на витрине"), "number": "2", "who": _("Ольга Петрова"), "what": _("приложение с кодами"),
            "wrong": _("Другое"), "purposes": _("имя на витрине"), "until": day(today()), "agreed": _("участие"),
            "refused": _("фото"), "headline": _("Улей услышал рой за сутки"),
        }  # fmt: skip
        return {name: every[name] for name in fields_of(key)}


def filled(text: str, values: dict[str, Any]) -> str:
    """Return ``text`` with its placeholders filled in; one without a value stays as it is."""
    fitting = fitted(text, {name: f"{{{name}}}" for name in values}, values)
    return FIELD.sub(lambda m: str(fitting.get(m[1], m[0])), text)


def unknown_fields(key: str, *texts: str) -> list[str]:
    """Return placeholders that this mail does not have."""
    return sorted({name for text in texts for name in FIELD.findall(text)} - set(fields_of(key)))


def _packaged(key: str, locale: str) -> Words:
    with override_locale(locale):
        mail = packaged_mails()[key]
    return Words(mail.subject, mail.body)


async def mail_templates(*keys: str) -> dict[str, MailTemplate]:
    """Return the organiser's text of each mail, or an unsaved row (version 0) with the packaged one. One query."""
    own = {row.key: row for row in await MailTemplate.objects().where(MailTemplate.key.is_in(list(keys)))}
    return {key: own.get(key) or _unsaved(key) for key in keys}


def _unsaved(key: str) -> MailTemplate:
    ru, en = (_packaged(key, locale) for locale in LOCALES)
    return MailTemplate(
        key=key, version=0, changed_at=now(), subject_ru=ru.subject, subject_en=en.subject, body_ru=ru.body, body_en=en.body
    )  # fmt: skip


async def mail_template_of(key: str) -> MailTemplate:
    return (await mail_templates(key))[key]


async def worded(key: str, locale: str, values: dict[str, Any]) -> Words:
    """Return subject and body of a mail for a reader of ``locale``."""
    locale = locale if locale in LOCALES else "ru"
    row = await mail_template_of(key)
    return Words(
        filled(getattr(row, f"subject_{locale}"), values),
        filled(getattr(row, f"body_{locale}"), values),
    )


async def change_mail_template(key: str, texts: dict[str, Any], *, version: int, by: Actor) -> None:
    """Save ``texts``: subject_ru, subject_en, body_ru, body_en. Raises Stale, and Refusal for an unknown placeholder."""
    if unknown := unknown_fields(key, *texts.values()):
        raise Refusal(_("Такого поля в этом письме нет: %(names)s", names=", ".join(f"{{{n}}}" for n in unknown)))
    try:
        async with writing():
            if version == 0:
                await MailTemplate(key=key, changed_at=now(), version=1, **texts).save()
            else:
                news: Any = {**texts, "version": version + 1, "changed_at": now()}
                own = (MailTemplate.key == key) & (MailTemplate.version == version)
                if not await MailTemplate.update(news).where(own).returning(MailTemplate.id):
                    raise Stale
            await record(Happened.WORDING_CHANGED, by=by, key=key)
    except AlreadyThere:
        raise Stale from None


async def restore_mail_template(key: str, *, by: Actor) -> None:
    """Restore the packaged text."""
    async with writing():
        if await MailTemplate.delete().where(MailTemplate.key == key).returning(MailTemplate.id):
            await record(Happened.WORDING_CHANGED, by=by, key=key)
