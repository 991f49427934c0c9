"""Mail to everybody in a team, each in their own language."""

from collections.abc import Callable, Sequence

from incubator.core.languages import _, ngettext, override_locale
from incubator.notifications.send import write_to
from incubator.projects.tables import Project
from incubator.projects.team import team_of


async def write_to_team(project: Project, key: str, paragraphs: Callable[[], Sequence[str]], *, link: str) -> None:
    """Queue the mail ``key`` for each member. ``paragraphs`` is called in the language of each reader.

    Call inside the transaction of its cause.
    """
    for mate in await team_of(project.id):
        with override_locale(mate.person.locale):
            title, words = project.title or _("без названия"), [each for each in paragraphs() if each]
        await write_to(mate.person, key, *words, link=link, title=title)


async def told_in_words(project_id: int) -> str:
    """Return how many people a mail to the team has just gone to, as a sentence for an organiser."""
    team = await team_of(project_id)
    if not team:
        return _("В команде никого нет: писать некому.")
    count = sum(mate.person.email_confirmed_at is not None for mate in team)
    if not count:
        return _("В команде нет ни одного подтверждённого адреса: писать некуда.")
    return ngettext("Письмо ушло %(n)s человеку из команды.", "Письмо ушло %(n)s людям из команды.", count)
