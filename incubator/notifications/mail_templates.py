"""Texts of mails: the packaged ones, or an organiser's instead, with placeholders in braces."""

import re
from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now, today
from incubator.core.formatting import day
from incubator.core.languages import LOCALES, _, override_locale
from incubator.core.refusals import Refusal, Stale
from incubator.db import writing
from incubator.db.errors import AlreadyThere
from incubator.history.record import Actor, Happened, record
from incubator.notifications.tables import MailTemplate

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


def _brought(key: str) -> Words:
    """Return the packaged text in the current language."""
    subject, body = {
        "assignment": (
            _("Вас ждёт рецензия: «{title}»"),
            _("Команда сдала заявку и ждёт вашего взгляда. Прочитать и ответить нужно до {day}.\n\nЕсли не можете или знакомы с командой, откажитесь на той же странице — это нормально."),
        ),
        "reminder_before": (
            _("Рецензию на «{title}» ждут до {day}"),
            _("Напоминаем заранее, чтобы осталось время. Если не получается, откажитесь на странице заявки: мы найдём, кто поможет."),
        ),
        "reminder_due": (
            _("Сегодня последний день: рецензия на «{title}»"),
            _("Команда ждёт ответа. Черновик, если вы его начали, на месте."),
        ),
        "reminder_late": (
            _("Срок рецензии на «{title}» прошёл"),
            _("Команда всё ещё ждёт. Если времени нет, откажитесь на странице заявки — так честнее для всех, и мы попросим другого наставника."),
        ),
        "withdrawn": (
            _("Рецензия на «{title}» больше не нужна"),
            _("Мы сняли назначение. Причина: {reason}. Спасибо, что были готовы помочь."),
        ),
        "advance": (
            _("«{title}»: рубеж пройден"),
            _("Команда переходит на следующий этап — «{stage}». Новые разделы уже открыты."),
        ),
        "graduated": (
            _("«{title}»: программа пройдена"),
            _("Вы прошли весь путь от идеи до бизнес-плана. Поздравляем."),
        ),
        "return": (
            _("«{title}»: есть замечания"),
            _("Наставники прочитали заявку и просят её доработать. Замечания стоят рядом с разделами, к которым относятся."),
        ),
        "stop": (
            _("«{title}»: решение по заявке"),
            _("На этом этапе проект не идёт дальше. Ниже — почему и что можно сделать."),
        ),
        "reopened": (
            _("«{title}» снова в программе"),
            _("Организатор вернул вашу команду в программу. Документ открыт: можно писать дальше."),
        ),
        "extended": (
            _("«{title}»: новый срок сдачи"),
            _("Организатор дал вашей команде другой срок. Он же стоит на странице проекта, рядом с кнопкой «Сдать»."),
        ),
        "mention": (
            _("{name} пишет вам об «{title}»"),
            _("Вас упомянули в обсуждении."),
        ),
        "answer": (
            _("Команда «{title}» ответила на решение"),
            _("Ответ стоит под решением на странице заявки."),
        ),
        "digest": (
            _("Новости за день: {count}"),
            _("Здесь всё, о чём вы просили писать раз в день."),
        ),
    }[key]  # fmt: skip
    return Words(subject, body)


#: The placeholders allowed in each mail.
FIELDS: dict[str, tuple[str, ...]] = {
    "assignment": ("title", "day"),
    "reminder_before": ("title", "day"),
    "reminder_due": ("title", "day"),
    "reminder_late": ("title", "day"),
    "withdrawn": ("title", "reason"),
    "advance": ("title", "stage"),
    "graduated": ("title",),
    "return": ("title",),
    "stop": ("title",),
    "reopened": ("title",),
    "extended": ("title",),
    "mention": ("title", "name"),
    "answer": ("title",),
    "digest": ("count",),
}


def examples(key: str, locale: str) -> dict[str, str]:
    """Return example values for a preview."""
    with override_locale(locale):
        every = {
            "title": _("Тихий улей"), "day": day(today()), "reason": _("та же организация"), "stage": _("Проект"),
            "name": _("Анна Орлова"), "count": "3",
        }  # fmt: skip
    return {name: every[name] for name in FIELDS[key]}


def filled(text: str, values: dict[str, Any]) -> str:
    """Return ``text`` with its placeholders filled in; one without a value stays as it is."""
    return _FIELD.sub(lambda m: str(values.get(m[1], m[0])), text)


def unknown_fields(key: str, *texts: str) -> list[str]:
    """Return placeholders that this mail does not have."""
    return sorted({name for text in texts for name in _FIELD.findall(text)} - set(FIELDS[key]))


def brought(key: str, locale: str) -> Words:
    with override_locale(locale):
        return _brought(key)


async def mail_templates(*keys: str) -> dict[str, MailTemplate]:
    """Return the organiser's text of each mail, or an unsaved row (version 0) with the packaged one. One query."""
    own = {row.key: row for row in await MailTemplate.objects().where(MailTemplate.key.is_in(list(keys)))}
    return {key: own.get(key) or _unsaved(key) for key in keys}


def _unsaved(key: str) -> MailTemplate:
    ru, en = (brought(key, locale) for locale in LOCALES)
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
