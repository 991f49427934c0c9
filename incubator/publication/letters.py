"""Mails to a team about its place on the showcase. Call inside the transaction of their cause."""

from collections.abc import Callable

from incubator.core.languages import _, override_locale
from incubator.mail.outbox import queue
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


def _own_page(project: Project) -> str:
    return f"/projects/{project.id}/showcase"
