"""Whose work it is stands on a review, on the desk and on the team's own pages, for mentors unless the season hides it."""

import pytest

from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.projects.tables import Project, ProjectCompetency
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Competency
from incubator.reviews.assignment.assign import assign
from tests.browser import signed_in
from tests.cast import Cast, submitted


@pytest.mark.parametrize(("preset", "is_shown"), [(Preset.OPEN, True), (Preset.DOUBLE_BLIND, False)])
async def test_a_mentor_reads_team_and_school_where_the_season_shows_them(
    cast: Cast, preset: Preset, is_shown: bool
) -> None:
    await Season.update({Season.visibility: preset.value}).where(Season.id == cast.season.id)
    submission = await submitted(cast)
    school = await organisation_named("Лицей № 7 Гатчины")
    await Project.update({Project.organisation: school, Project.team_name: "Бобры и плотина"}).where(
        Project.id == cast.project.id
    )
    competency = await Competency.objects().first()
    assert competency
    await ProjectCompetency.delete().where(ProjectCompetency.project == cast.project.id)
    await ProjectCompetency(project=cast.project.id, competency=competency.id).save()
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    desk = await signed_in(cast.mentor)
    await desk.open(f"/reviews/{assignment.id}")
    assert competency.title_ru in desk.text
    assert ("Бобры и плотина, Лицей № 7 Гатчины" in desk.text) is is_shown
    assert ("Бобры" in desk.text) is is_shown
    await desk.open("/desk")
    assert ("Бобры и плотина, Лицей № 7 Гатчины" in desk.text) is is_shown
    team = await signed_in(cast.captain)
    for path in ("/projects", f"/projects/{cast.project.id}/team"):
        await team.open(path)
        assert "Бобры и плотина, Лицей № 7 Гатчины" in team.text
