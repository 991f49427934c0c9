"""The pages of a class need as many queries for thirty pupils as for two."""

from incubator.db.counting import counting
from incubator.projects.consents import PARTICIPATION, give_consent
from incubator.projects.tables import Project
from incubator.projects.team import join
from tests.browser import signed_in
from tests.cast import Cast
from tests.classroom.classes import enrolled

THIRTY = "\n".join(f"Пчелин{'к' * n} Роман {n:02}.03.2012" for n in range(1, 31))
#: Queries of each page, with what every signed-in page needs.
BUDGET = {"/class": 22, "/consents": 19}


async def test_thirty_pupils_cost_no_more_queries_than_two(cast: Cast) -> None:
    few = await _asked(cast, "\n".join(THIRTY.splitlines()[:2]))
    many = await _asked(cast, THIRTY)
    assert few == many
    assert all(many[path] <= most for path, most in BUDGET.items()), many


async def _asked(cast: Cast, text: str) -> dict[str, int]:
    """Return the queries of each page with these pupils, of whom some have a team, cards and consents."""
    pupils = await enrolled(cast, text)
    project = await Project.objects().get(Project.id == cast.project.id)
    assert project
    await join(project.id, pupils[-1], "student")
    await give_consent(project, pupils[-1], PARTICIPATION, by=cast.teacher)
    teacher = await signed_in(cast.teacher)
    asked = {}
    for path in BUDGET:
        with counting() as queries:
            await teacher.open(path)
        assert all(pupil.family_name in teacher.text for pupil in pupils)
        asked[path] = len(queries)
    return asked
