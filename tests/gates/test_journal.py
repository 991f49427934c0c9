"""The history page: who did what, and whose names are hidden."""

import re
from datetime import UTC, datetime, timedelta

from incubator.config import ROOT
from incubator.db import writing
from incubator.gates.decide import decide
from incubator.gates.journal import Entry, days_of, journal_of
from incubator.gates.release import release
from incubator.history.record import Happened, record
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.projects.access import access_to
from incubator.projects.tables import Member
from incubator.projects.team import join
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, reviewed, submitted

#: Events that concern no single project and so appear in no project's history.
WITHOUT_PROJECT = {
    Happened.SIGNED_UP, Happened.EMAIL_CONFIRMED, Happened.PASSWORD_CHANGED, Happened.PROFILE_CHANGED, Happened.ROLE_GIVEN,
    Happened.ROLE_TAKEN, Happened.AFFILIATION_CHANGED, Happened.SESSION_ENDED, Happened.MAIL_PREFERENCE_CHANGED,
    Happened.CALENDAR_CHANGED, Happened.REFERENCE_CHANGED, Happened.SEASON_OPENED, Happened.SEASON_CHANGED,
    Happened.SECTION_CHANGED, Happened.CRITERION_CHANGED, Happened.MENTOR_CHANGED, Happened.WORDING_CHANGED,
    Happened.PRACTISED, Happened.BID, Happened.DUE_DATES_MOVED, Happened.AWARD_ADDED,
    Happened.FACTOR_ADDED, Happened.FACTOR_REMOVED, Happened.FACTOR_RESET, Happened.CONFIRMATION_ENDED, Happened.RECOVERY_CODES_MADE, Happened.RECOVERY_CODE_USED,
    Happened.ADDRESS_CHANGE_ASKED, Happened.ADDRESS_CHANGE_CONFIRMED, Happened.ADDRESS_CHANGE_STOPPED, Happened.ADDRESS_CHANGED, Happened.ACCOUNTS_MERGED,
    Happened.IDENTITY_LINKED, Happened.IDENTITY_UNLINKED,
    Happened.OWN_CONSENTS_ASKED, Happened.CONSENT_CHECKED, Happened.OPERATOR_CHANGED, Happened.CONSENT_TEXT_WRITTEN, Happened.CONSENT_TEXT_CHECKED, Happened.SHEETS_MADE, Happened.SLIPS_MADE, Happened.CONSENTS_DESTROYED,
    Happened.ENROLLED, Happened.ENROLMENT_ENDED, Happened.ENROLMENT_TAKEN_BACK, Happened.NAME_CORRECTED, Happened.CARD_MADE, Happened.CARD_USED, Happened.SUBSTITUTE_NAMED, Happened.SUBSTITUTE_ENDED,
    Happened.MAIL_RESENT, Happened.MAIL_DROPPED, Happened.MAIL_TESTED,
    Happened.IMPORT_BEGUN, Happened.IMPORT_STOPPED, Happened.IMPORT_UNDONE,
}  # fmt: skip


def test_every_event_has_words() -> None:
    """An organiser reads everything that happened to a project."""
    page = (ROOT / "templates" / "gates" / "history.html").read_text("utf-8")
    worded = set(re.findall(r"""["'](\w+)["']: _\(""", page))
    assert worded
    assert worded | WITHOUT_PROJECT == set(Happened)
    assert worded & WITHOUT_PROJECT == set()


async def entries(cast: Cast, reader: Person) -> list[tuple[str, str]]:
    way = await access_to(cast.project.id, cast.captain)
    assert way
    return [(e.happened, e.actor) for e in await journal_of(way.project, reader)]


async def test_a_team_reads_its_own_names_and_no_mentors(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    decision = await decide(submission, "advance", reason="Хорошо", remarks=[], by=cast.organiser)
    await release(decision, by=cast.organiser)

    seen = await entries(cast, cast.teammate)
    assert ("submitted", cast.captain.name) in seen
    assert ("advanced", "") in seen
    assert "review_sent" not in dict(seen)

    inside = await entries(cast, cast.organiser)
    assert ("review_sent", cast.mentor.name) in inside
    assert ("advanced", cast.organiser.name) in inside


async def test_an_organiser_in_the_team_reads_what_the_team_reads(cast: Cast) -> None:
    await reviewed(cast, await submitted(cast))
    await grant_role(cast.coach, StaffRole.ORGANISER, by=cast.organiser)
    assert await entries(cast, cast.coach) == await entries(cast, cast.captain)


async def test_runs_of_saves_are_one_line_with_their_sections(cast: Cast) -> None:
    await submitted(cast)
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}/history")
    assert browser.text.count("Изменён текст") == 1
    assert "Проблема" in browser.text
    assert "Записано согласие: участие" in browser.text


def test_the_journal_stands_by_days_of_the_region_and_by_what_somebody_did_in_one_go() -> None:
    late, noon = (
        datetime(2026, 3, 1, 21, 5, tzinfo=UTC),
        datetime(2026, 3, 1, 12, tzinfo=UTC),
    )  # 0:05 of the next day there
    entries = [
        Entry(at, "answered", who, "", (), "")
        for at, who in (
            (late, "Анна"), (noon + timedelta(minutes=12), "Анна"), (noon + timedelta(minutes=5), "Анна"), (noon, "Анна"), (noon, "Иван"),
        )
    ]  # fmt: skip
    days = days_of(entries)
    assert [day.day for day, _sittings in days] == [2, 1]
    assert [(each.actor, len(each.entries)) for each in days[1][1]] == [("Анна", 3), ("Иван", 1)]
    assert days_of([]) == []


async def test_a_reviewer_has_no_name_whatever_else_they_are_to_the_project(cast: Cast) -> None:
    """A merger of accounts or of projects makes a coach of somebody who reviewed the version later than they came."""
    async with writing():
        await Member.delete().where((Member.project == cast.project.id) & (Member.person == cast.coach.id))
        await join(cast.project.id, cast.mentor, "coach")
    await record(Happened.REMARK_CONFIRMED, by=cast.mentor, project=cast.project.id)
    await record(Happened.REPLIED, by=cast.mentor, project=cast.project.id, as_reviewer=True)
    await record(Happened.COMMENTED, by=cast.mentor, project=cast.project.id)
    told = {entry.happened: entry.actor for entry in await journal_of(await fresh_project(cast.project), cast.captain)}
    assert (told[Happened.REMARK_CONFIRMED], told[Happened.REPLIED]) == ("", "")
    assert told[Happened.COMMENTED] != ""
    of_office = await journal_of(await fresh_project(cast.project), cast.organiser)
    assert {e.actor for e in of_office if e.happened == Happened.REPLIED} == {cast.mentor.name}


async def test_what_somebody_did_before_they_came_has_no_name(cast: Cast) -> None:
    """A mentor whose name the season hides may become the team's coach later."""
    await record(Happened.REMARK_CONFIRMED, by=cast.mentor, project=cast.project.id)
    async with writing():
        await Member.delete().where((Member.project == cast.project.id) & (Member.person == cast.coach.id))
        await join(cast.project.id, cast.mentor, "coach")
    await record(Happened.LEFT_TEAM, by=cast.mentor, project=cast.project.id)
    told = {entry.happened: entry.actor for entry in await journal_of(await fresh_project(cast.project), cast.captain)}
    assert told[Happened.REMARK_CONFIRMED] == ""
    assert told[Happened.LEFT_TEAM] != ""
    of_office = await journal_of(await fresh_project(cast.project), cast.organiser)
    assert {entry.actor for entry in of_office if entry.happened == Happened.REMARK_CONFIRMED} == {cast.mentor.name}
