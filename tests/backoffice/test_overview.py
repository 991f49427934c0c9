"""The organisers' overview: it counts what the pages behind it show."""

from datetime import timedelta

from incubator.core.clock import clock_at, end_of_day, now
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.programme.tables import StageRule
from incubator.projects.start import start
from tests.browser import signed_in
from tests.cast import Cast, in_days, submitted


async def test_late_teams_are_counted_as_on_the_page_of_deadlines(cast: Cast) -> None:
    await StageRule.update({StageRule.submit_by: end_of_day(in_days(2))}).where(StageRule.season == cast.season.id)
    await start("Поздняя <пташка>", season=cast.season, by=cast.outsider, pitch="Датчики")
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser")
    assert "не сдали в срок" not in browser.text
    with clock_at(now() + timedelta(days=5)):
        await browser.open("/organiser")
        heading = browser.text.partition("не сдали в срок")[2].partition("</h2>")[0]
        assert ">2<" in heading
        assert "Поздняя &lt;пташка&gt;" in browser.page.text
        assert 'href="/organiser/deadlines"' in browser.page.text
        assert "Всё разобрано" not in browser.text
        await browser.open("/organiser/deadlines")
        assert browser.text.count('data-own="team"') == 2


async def test_a_team_that_submitted_or_is_ones_own_is_not_late(cast: Cast) -> None:
    await StageRule.update({StageRule.submit_by: end_of_day(in_days(2))}).where(StageRule.season == cast.season.id)
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    with clock_at(now() + timedelta(days=5)):
        browser = await signed_in(cast.teacher)
        await browser.open("/organiser")
        assert "не сдали в срок" not in browser.text
    await submitted(cast)
    with clock_at(now() + timedelta(days=5)):
        browser = await signed_in(cast.organiser)
        await browser.open("/organiser")
        assert "не сдали в срок" not in browser.text
