"""How many people a mail to a team goes to, in words."""

from incubator.core.languages import _, ngettext
from incubator.projects.team import team_of


async def told_in_words(project_id: int) -> str:
    """Return how many people a mail to the team has just gone to, as a sentence for an organiser."""
    team = await team_of(project_id)
    if not team:
        return _("В команде никого нет: писать некому.")
    count = sum(mate.person.email_confirmed_at is not None for mate in team)
    if not count:
        return _("В команде нет ни одного подтверждённого адреса: писать некуда.")
    return ngettext("Письмо ушло %(n)s человеку из команды.", "Письмо ушло %(n)s людям из команды.", count)
