"""Whose documents the table shows: of one's own teams and class, of one team, or of a whole school."""

from dataclasses import dataclass

from incubator.http.forms import id_in
from incubator.http.lookup import get_or_404
from incubator.people.coordinators import schools_coordinated_by
from incubator.people.enrolments import pupils_kept_by
from incubator.people.grants import may_in_programme
from incubator.people.guards import PersonRequest
from incubator.people.permissions import StaffAction
from incubator.privacy.consent_matrix import (
    TeamTable,
    class_tables,
    consent_tables,
    school_tables,
    staff_table,
    teams_taught_by,
)
from incubator.privacy.recorders import STAFF_QUERY
from incubator.projects.access import role_of
from incubator.projects.permissions import Action, may
from incubator.reference.tables import Organisation


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """What the reader looks at."""

    tables: list[TeamTable]
    schools: list[Organisation]
    """The schools of which the reader is the coordinator."""
    school: Organisation | None = None
    """The one that is shown as a whole."""
    has_own: bool = True
    """The reader has teams or a class besides."""
    opens_teams: bool = True
    """The reader may open the pages of these teams."""
    is_staff: bool = False
    """Those who work in the programme, for organisers."""


def query_of(request: PersonRequest) -> str:
    """Return the query of the table that the reader looks at; empty: their own teams and class."""
    if request.query_params.get("staff"):
        return STAFF_QUERY
    for name in ("project", "school"):
        if found := id_in(request.query_params.get(name, "")):
            return f"?{name}={found}"
    return ""


async def scope_of(request: PersonRequest) -> ConsentScope:
    """Return what the address asks for. Not found: what the reader may not record consents in."""
    by = request.user
    if query_of(request) == STAFF_QUERY:
        get_or_404(await may_in_programme(by, StaffAction.ORGANISE) or None)
        return ConsentScope(await staff_table(), [], is_staff=True)
    if project := id_in(request.query_params.get("project", "")):
        role = await role_of(by, project)
        get_or_404(may(role, Action.RECORD_CONSENT) or None)
        return ConsentScope(await consent_tables([project]), [], opens_teams=may(role, Action.SEE))
    schools = await schools_coordinated_by(by)
    wanted = id_in(request.query_params.get("school", ""))
    if wanted:
        school = get_or_404(next((each for each in schools if each.id == wanted), None))
        has_own = bool(await teams_taught_by(by) or await pupils_kept_by(by))
        return ConsentScope(await school_tables([school.id]), schools, school, has_own, opens_teams=False)
    projects = await teams_taught_by(by)
    tables = await consent_tables(projects) + await class_tables(by, projects)
    if not tables and schools:
        return ConsentScope(await school_tables([schools[0].id]), schools, schools[0], has_own=False, opens_teams=False)
    return ConsentScope(tables, schools)
