"""The two mails to a guardian: the question with the link, and the receipt. In the family's language; subjects are ours alone.

Either may reach somebody else: of the child they tell the given name.
"""

from collections.abc import Iterator, Sequence

from incubator.core import limits
from incubator.core.formatting import day
from incubator.core.languages import _, localized, override_locale
from incubator.db.references import id_of
from incubator.mail.free_text import harmless
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.people.tables import Consent, ConsentText, Enrolment, Person
from incubator.privacy.guardian_rules import relation_in_words
from incubator.privacy.tables import GuardianLink
from incubator.projects.tables import Project
from incubator.reference.tables import Organisation


async def school_of(child_id: int, project_id: int | None) -> str:
    """Return the school's name, from the team or from the class; empty if neither says. Two queries at most."""
    if project_id is not None:
        project = await Project.objects(Project.organisation).get(Project.id == project_id)
        if project and project.organisation and project.organisation.id:
            return str(project.organisation.name)
    row = (
        await Enrolment.objects(Enrolment.organisation)
        .where((Enrolment.person == child_id) & Enrolment.holding())
        .first()
    )
    organisation: Organisation | None = row.organisation if row else None
    return organisation.name if organisation else ""


async def mail_question(link: GuardianLink, secret: str, child: Person, by: Person) -> Message:
    """Queue the mail with the link. Call inside the transaction that stores the link."""
    school = harmless(await school_of(child.id, id_of(link.project)), limits.ORGANISATION)
    with override_locale(link.locale):
        name = harmless(child.first_name or child.given_name, limits.NAME)
        who = harmless(by.name, limits.FULL_NAME)
        return await queue(
            link.email,
            _("Просим вашего согласия: ребёнок в школьном проекте"),
            _("Здравствуйте, %(name)s!", name=harmless(link.name, limits.FULL_NAME)),
            _(
                "%(child)s делает проект в программе «От идеи – к проекту, от проекта – к предпринимательству». За ребёнка "
                "младше 18 лет решает родитель, поэтому спрашиваем вас о трёх вещах, о каждой отдельно: участие в "
                "программе, полное имя на открытой витрине, фотографии. Для участия хватит первого.",
                child=name,
            ),
            _("Просит %(who)s, %(school)s.", who=who, school=school) if school else _("Просит %(who)s.", who=who),
            _(
                "По ссылке – документы целиком. Регистрироваться не нужно. Она работает до %(day)s и только для вас: не "
                "пересылайте её.",
                day=day(link.expires_at),
            ),
            _(
                "Нам сказали, что вы – %(relation)s ребёнка. Если это не так, ничего не отвечайте и удалите письмо.",
                relation=relation_in_words(link.relation),
            ),
            link=f"/guardian/{secret}",
            locale=link.locale,
        )  # fmt: skip


async def mail_receipt(
    link: GuardianLink, child: Person, family_code: str, *, given: Sequence[Consent], refused: Sequence[str],
    disputed: Sequence[str], texts: dict[str, ConsentText],
) -> Message:  # fmt: skip
    """Queue the receipt: what was answered, under which text, until when, and how to take it back."""
    with override_locale(link.locale):
        lines = _answers(given, refused, disputed, texts)
        waits = any(consent.awaits_teenager for consent in given)
        return await queue(
            link.email,
            _("Ваш ответ о согласиях записан"),
            _("Ребёнок: %(child)s. Вот что вы ответили:", child=harmless(child.first_name, limits.NAME)),
            "\n".join(f"– {line}" for line in lines),
            *(
                [_("Ребёнку уже 14, поэтому он подтверждает сам, в своей учётной записи. До этого согласие ждёт.")]
                if waits
                else []
            ),
            _(
                "Передумали? Согласие можно забрать в любой день, объяснять не нужно: откройте страницу семьи по ссылке "
                "ниже. На ней же видно, что показано о ребёнке. Не пересылайте её: она заменяет подпись."
            ),
            link=f"/family/{family_code}",
            locale=link.locale,
        )  # fmt: skip


def _answers(
    given: Sequence[Consent], refused: Sequence[str], disputed: Sequence[str], texts: dict[str, ConsentText]
) -> Iterator[str]:
    for consent in given:
        text = texts[consent.purpose]
        yield _(
            "%(title)s (редакция %(n)s) – согласие, до %(day)s", title=localized(text, "title"), n=text.version,
            day=day(consent.ends_on),
        )  # fmt: skip
    for purpose in refused:
        yield _("%(title)s – отказ", title=localized(texts[purpose], "title"))
    for purpose in disputed:
        yield _(
            "%(title)s – вы согласны, но раньше семья отказала: организатор спросит обоих родителей",
            title=localized(texts[purpose], "title"),
        )
