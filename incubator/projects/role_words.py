"""Names of the roles in a team."""

from incubator.core.languages import _
from incubator.http.templating import add_words
from incubator.projects.permissions import ProjectRole


def team_role_title(role: str) -> str:
    return {
        ProjectRole.CAPTAIN: _("капитан"), ProjectRole.STUDENT: _("участник"), ProjectRole.TEACHER: _("педагог"),
        ProjectRole.COACH: _("консультант"),
    }[ProjectRole(role)]  # fmt: skip


add_words(team_role_title)
