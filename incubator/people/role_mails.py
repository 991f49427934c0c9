"""Mails about roles: every organiser but the doer hears of each that is given or taken, its holder of one that is taken."""

from incubator.core.email_address import readable
from incubator.core.languages import _, override_locale
from incubator.history.record import Actor
from incubator.mail.outbox import queue
from incubator.people.permissions import StaffRole
from incubator.people.role_words import staff_role_title
from incubator.people.tables import Person


async def tell_given(person: Person, role: StaffRole, *, by: Actor | None, organisers: list[Person]) -> None:
    """Tell the organisers that ``person`` has a role now. Call inside the transaction that gives it."""
    doer = await _name_of(by)
    for organiser in _but(organisers, by, person):
        with override_locale(organiser.locale):
            await queue(
                organiser.email,
                _("Дана роль: %(role)s", role=staff_role_title(role)),
                _("%(name)s, %(email)s. Роль: %(role)s.", name=person.name, email=readable(person.email), role=staff_role_title(role)),
                _("Кто дал: %(by)s.", by=doer or _("командная строка сервера")),
                _("Если так быть не должно, роль можно снять на странице «Люди»."),
                link="/organiser/people", locale=organiser.locale,
            )  # fmt: skip
    if role == StaffRole.COORDINATOR and person.email_confirmed_at is not None:
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Вы координатор школы"),
                _("Теперь вы видите согласия учеников всех команд и классов вашей школы, печатаете бланки и отмечаете подписанные."),
                _("Этой роли нужен второй шаг при входе: сайт напомнит."),
                link="/consents", locale=person.locale,
            )  # fmt: skip


async def tell_taken(person: Person, role: StaffRole, *, by: Actor | None, organisers: list[Person]) -> None:
    """Tell the organisers and ``person`` that a role ended. Call inside the transaction that takes it."""
    doer = await _name_of(by)
    for organiser in _but(organisers, by, person):
        with override_locale(organiser.locale):
            await queue(
                organiser.email,
                _("Снята роль: %(role)s", role=staff_role_title(role)),
                _("%(name)s, %(email)s. Роль: %(role)s.", name=person.name, email=readable(person.email), role=staff_role_title(role)),
                _("Кто снял: %(by)s.", by=doer or _("командная строка сервера")),
                link="/organiser/people", locale=organiser.locale,
            )  # fmt: skip
    if person.email_confirmed_at is not None and (by is None or by.id != person.id):
        with override_locale(person.locale):
            await queue(
                person.email,
                _("Снята роль: %(role)s", role=staff_role_title(role)),
                _("Этой роли в программе у вас больше нет, на всех устройствах нужно войти заново. Остальное в вашей записи осталось."),
                _("Если это ошибка, напишите организаторам программы."),
                locale=person.locale,
            )  # fmt: skip


def _but(organisers: list[Person], by: Actor | None, person: Person) -> list[Person]:
    told = {person.id, by.id if by else 0}
    return [each for each in organisers if each.id not in told and each.email_confirmed_at is not None]


async def _name_of(by: Actor | None) -> str:
    doer = await Person.objects().get(Person.id == by.id) if by else None
    return doer.name if doer else ""
