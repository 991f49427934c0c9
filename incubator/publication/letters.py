"""Mails to a team about its place on the showcase. Call inside the transaction of their cause."""

from collections.abc import Callable

from incubator.core.languages import _, override_locale
from incubator.mail.outbox import queue
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.projects.permissions import LEADING_ROLES
from incubator.projects.tables import Project
from incubator.projects.team import team_of
from incubator.publication.tables import PublicVersion

#: Returns the subject and the paragraphs in the current language.
Letter = Callable[[], tuple[str, ...]]


async def _tell_team(project: Project, letter: Letter, *, link: str) -> None:
    for mate in await team_of(project.id):
        if mate.person.email_confirmed_at is None:
            continue  # it may be a stranger's address
        with override_locale(mate.person.locale):
            await queue(mate.person.email, *letter(), link=link, locale=mate.person.locale)


async def tell_published(project: Project, version: PublicVersion) -> None:
    def letter() -> tuple[str, ...]:
        return (
            _("«%(title)s» — на витрине", title=version.title),
            _("Версию %(n)s теперь видят все. Ссылкой можно делиться.", n=version.number),
            _("Следующие версии сами на витрину не попадут: каждую вы предлагаете отдельно."),
        )

    await _tell_team(project, letter, link=f"/showcase/{project.slug}")


async def tell_refused(project: Project, version: PublicVersion, reason: str) -> None:
    def letter() -> tuple[str, ...]:
        return (
            _("«%(title)s»: версию %(n)s пока не показываем на витрине", title=project.title, n=version.number),
            _("Организатор посмотрел её и объяснил, что мешает:"),
            reason,
            _("Когда поправите, попросите ещё раз."),
        )

    await _tell_team(project, letter, link=_own_page(project))


async def tell_taken_off(project: Project, reason: str) -> None:
    def letter() -> tuple[str, ...]:
        said = (_("Организатор объяснил почему:"), reason) if reason else ()
        return (
            _("«%(title)s»: с витрины снято", title=project.title),
            _("Организатор снял проект или одну из его версий с витрины."),
            *said,
        )

    await _tell_team(project, letter, link=_own_page(project))


async def tell_name_hidden(project: Project, count: int, *, is_off: bool) -> None:
    """Tell the organisers, the captain and the teacher, without the name: whose it was is on the team's own page."""
    leaders = [mate.person for mate in await team_of(project.id) if mate.role in LEADING_ROLES]
    office = await people_who_may(StaffAction.PUBLISH)
    for reader, link in [
        *((person, _own_page(project)) for person in leaders),
        *((person, f"/organiser/publications/{project.id}") for person in office),
    ]:
        with override_locale(reader.locale):
            done = (
                _("Машина не уверена, что нашла его везде. Проект снят с витрины, пока кто-нибудь не посмотрит.")
                if is_off
                else _("Скрыто мест: %(n)s.", n=count)
                if count
                else _("В тексте проекта этого имени не нашлось.")
            )
            await queue(
                reader.email,
                _("«%(title)s»: на витрине больше нет одного имени", title=project.title),
                _("Согласие показывать имя больше не действует, или человек вышел из команды. Имя сразу убрано со страницы проекта."),
                done,
                _("Посмотрите, пожалуйста, не узнать ли человека по другим словам: прозвище или ошибку в имени машина не найдёт."),
                link=link, locale=reader.locale,
            )  # fmt: skip


def _own_page(project: Project) -> str:
    return f"/projects/{project.id}/showcase"
