"""Visibility: every role × preset × phase × field, in the table and on pages, in mails and calendars."""

from dataclasses import replace
from itertools import product

import pytest

from incubator.core.clock import now
from incubator.db import writing
from incubator.gates.decide import decide
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.reply import reply_to_decision
from incubator.gates.submit import submit
from incubator.history.record import Happened
from incubator.mail.tables import Message
from incubator.people.accounts import change_profile, create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Enrolment, Person
from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.projects.details import Details, change_details
from incubator.projects.start import start
from incubator.projects.tables import Project, Submission
from incubator.publication.withdrawals import remove_member
from incubator.reference.merging import merge
from incubator.reference.organisations import find_organisation, organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.access.masking import MASK
from incubator.reviews.access.review_access import review_access_of, seen_reviews
from incubator.reviews.access.visibility import JOURNAL_READERS, SEEN, Field, Phase, ReviewAccess, ReviewRole
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.discussion import post_to_reviewers
from incubator.reviews.reviewing.due_dates import calendar_of
from incubator.reviews.reviewing.remarks import address_remark, doubt_remark, open_remarks
from incubator.reviews.reviewing.review import Opinion, save_review, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment
from tests.browser import signed_in
from tests.cast import Cast, fill_sections, fresh_project, make_ready, rewrite, submitted
from tests.mail.sent import tell

OPEN, HIDDEN, BLIND = Preset.OPEN, Preset.NAMES_HIDDEN, Preset.DOUBLE_BLIND

#: The table again, written by hand from the programme's rules, independently of the module: the phases in which
#: a role sees a field. i = in review, d = decided, r = released.
EXPECTED: dict[ReviewRole, dict[Field, dict[Preset, str]]] = {
    ReviewRole.TEAM: {
        Field.TEXT: dict.fromkeys(Preset, "idr"),
        Field.FILES: dict.fromkeys(Preset, "idr"),
        Field.TEAM: dict.fromkeys(Preset, "idr"),
        Field.REVIEWERS: {OPEN: "r", HIDDEN: "", BLIND: ""},
        Field.SCORES: dict.fromkeys(Preset, "r"),
        Field.ADVICE: dict.fromkeys(Preset, "r"),
        Field.SECTION_NOTES: dict.fromkeys(Preset, "r"),
        Field.RECOMMENDATIONS: dict.fromkeys(Preset, ""),
        Field.NOTES: dict.fromkeys(Preset, ""),
        Field.DISCUSSION: dict.fromkeys(Preset, ""),
        Field.DECISION: dict.fromkeys(Preset, "r"),
        Field.ANSWER: dict.fromkeys(Preset, "r"),
    },
    ReviewRole.READING: {
        Field.TEXT: dict.fromkeys(Preset, "idr"),
        Field.FILES: {OPEN: "idr", HIDDEN: "idr", BLIND: ""},
        Field.TEAM: {OPEN: "idr", HIDDEN: "idr", BLIND: ""},
        Field.REVIEWERS: dict.fromkeys(Preset, ""),
        Field.SCORES: dict.fromkeys(Preset, ""),
        Field.ADVICE: dict.fromkeys(Preset, ""),
        Field.SECTION_NOTES: dict.fromkeys(Preset, ""),
        Field.RECOMMENDATIONS: dict.fromkeys(Preset, ""),
        Field.NOTES: dict.fromkeys(Preset, ""),
        Field.DISCUSSION: dict.fromkeys(Preset, ""),
        Field.DECISION: dict.fromkeys(Preset, "r"),
        Field.ANSWER: dict.fromkeys(Preset, ""),
    },
    ReviewRole.REVIEWED: {
        Field.TEXT: dict.fromkeys(Preset, "idr"),
        Field.FILES: dict.fromkeys(Preset, "idr"),
        Field.TEAM: {OPEN: "idr", HIDDEN: "idr", BLIND: ""},
        Field.REVIEWERS: {OPEN: "idr", HIDDEN: "idr", BLIND: ""},
        Field.SCORES: dict.fromkeys(Preset, "idr"),
        Field.ADVICE: dict.fromkeys(Preset, "idr"),
        Field.SECTION_NOTES: dict.fromkeys(Preset, "idr"),
        Field.RECOMMENDATIONS: dict.fromkeys(Preset, "idr"),
        Field.NOTES: dict.fromkeys(Preset, ""),
        Field.DISCUSSION: dict.fromkeys(Preset, "idr"),
        Field.DECISION: dict.fromkeys(Preset, "r"),
        Field.ANSWER: dict.fromkeys(Preset, "r"),
    },
    ReviewRole.ORGANISER: {field: dict.fromkeys(Preset, "idr") for field in Field},
    ReviewRole.OUTSIDER: {field: dict.fromkeys(Preset, "") for field in Field},
}
EXPECTED[ReviewRole.TEACHER] = EXPECTED[ReviewRole.COACH] = EXPECTED[ReviewRole.TEAM]
LETTERS = {Phase.IN_REVIEW: "i", Phase.DECIDED: "d", Phase.RELEASED: "r"}


@pytest.mark.parametrize("preset", Preset)
def test_every_cell_of_the_table(preset: Preset) -> None:
    for role, phase, field in product(ReviewRole, LETTERS, Field):
        expected = LETTERS[phase] in EXPECTED[role][field][preset]
        assert ReviewAccess(preset, role, phase).sees(field) is expected, (role, phase, field)


def test_the_table_is_whole() -> None:
    assert {(p, r) for p, rows in SEEN.items() for r in rows} == set(product(Preset, ReviewRole))
    assert set(EXPECTED) == set(ReviewRole)
    assert all(set(fields) == set(Field) for fields in EXPECTED.values())


#: Events that no team sees: who reviews it, what is pending, what concerns the programme or an account.
OFFICE_ONLY = frozenset(
    {
        "signed_up", "import_begun", "import_stopped", "import_undone", "mail_resent", "mail_dropped", "mail_tested", "project_deleted", "email_confirmed", "password_changed", "profile_changed", "role_given", "season_opened",
        "season_changed", "section_changed", "criterion_changed", "assigned", "assignment_cancelled", "declined", "reassigned", "reconsidered",
        "conflict_declared", "review_saved", "review_sent", "review_changed", "decided", "decision_undone", "posted",
        "post_removed", "bid", "mentor_changed", "conflict_lifted", "assignment_withdrawn", "proposal_changed",
        "reminded", "wording_changed", "practised", "award_added", "role_taken", "affiliation_changed", "session_ended",
        "mail_preference_changed", "calendar_changed", "reference_changed", "birth_date_changed", "age_confirmed",
        "consent_checked", "own_consents_asked", "address_change_asked", "address_change_confirmed",
        "address_change_stopped", "address_changed", "accounts_merged",
        "identity_linked", "identity_unlinked", "factor_added", "factor_removed", "factor_reset", "confirmation_ended", "recovery_codes_made",
        "recovery_code_used", "operator_changed", "consent_text_written", "consent_text_checked", "sheets_made", "sheet_filed", "scan_opened", "family_code_changed",
        "consent_ending", "documents_missing", "slips_made", "due_dates_moved", "consents_destroyed", "content_reported", "content_report_closed",
        "enrolled", "enrolment_ended", "enrolment_taken_back", "name_corrected", "card_made", "card_used", "substitute_named", "substitute_ended",
        "guardian_asked", "guardian_link_revoked", "guardian_answered", "teenager_agreed",
    }
)  # fmt: skip


@pytest.mark.parametrize("happened", Happened)
def test_every_kind_of_event_is_shown_to_the_team_or_kept_in_the_office(happened: Happened) -> None:
    is_shown = happened in JOURNAL_READERS[ReviewRole.TEAM]
    assert is_shown is (happened.value not in OFFICE_ONLY), happened
    assert {is_shown} == {happened in JOURNAL_READERS[role] for role in TEAM}
    assert happened in JOURNAL_READERS[ReviewRole.ORGANISER]


def test_nobody_else_reads_the_journal() -> None:
    assert set(JOURNAL_READERS) == set(ReviewRole)
    assert not any(JOURNAL_READERS[role] for role in (ReviewRole.READING, ReviewRole.REVIEWED, ReviewRole.OUTSIDER))


@pytest.mark.parametrize("preset", Preset)
def test_who_wrote_a_post(preset: Preset) -> None:
    reader = ReviewAccess(preset, ReviewRole.REVIEWED, Phase.IN_REVIEW)
    assert reader.knows_author(ReviewRole.ORGANISER)
    assert reader.knows_author(ReviewRole.REVIEWED) is (preset is not BLIND)


# --- pages, mails and calendars ----------------------------------------------

#: A word for each field that occurs nowhere else.
WORDS = {
    Field.TEAM: "Кузнецов",
    Field.REVIEWERS: "Волков",
    Field.ADVICE: "Совет-ежевика",
    Field.SECTION_NOTES: "Заметка-морошка",
    Field.NOTES: "Тайна-голубика",
    Field.DISCUSSION: "Разговор-клюква",
    Field.DECISION: "Решение-брусника",
    Field.ANSWER: "Ответ-черника",
}


TEAM = {ReviewRole.TEAM, ReviewRole.TEACHER, ReviewRole.COACH}
#: The roles on whose pages it must appear once it is visible.
SHOWN_TO = {
    Field.REVIEWERS: {ReviewRole.REVIEWED, ReviewRole.ORGANISER},
    Field.ADVICE: {*TEAM, ReviewRole.REVIEWED, ReviewRole.ORGANISER},
    Field.SECTION_NOTES: {*TEAM, ReviewRole.REVIEWED, ReviewRole.ORGANISER},
    Field.NOTES: {ReviewRole.ORGANISER},
    Field.DISCUSSION: {ReviewRole.REVIEWED, ReviewRole.ORGANISER},
    Field.DECISION: {*TEAM, ReviewRole.READING, ReviewRole.REVIEWED, ReviewRole.ORGANISER},
    Field.ANSWER: {*TEAM, ReviewRole.REVIEWED, ReviewRole.ORGANISER},
}


async def scene(cast: Cast, preset: Preset) -> tuple[Submission, Assignment]:
    """Reviewed by the second mentor; the first is still reading. The team names itself in its own text."""
    await Season.update({Season.visibility: preset.value, Season.may_answer: True}).where(Season.id == cast.season.id)
    await make_ready(cast)
    await Project.update({Project.team_name: "Улей-команда"}).where(Project.id == cast.project.id)
    await rewrite(cast, "problem", "Я, Мария Кузнецова, и Ваня Соколов из Школы № 1 знаем: пчёлы мёрзнут.")
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    own = await assign(submission, cast.mentor, by=cast.organiser)
    other = await assign(submission, cast.second_mentor, by=cast.organiser)
    opinion = Opinion(
        {c.id: 2 for c in await rubric_of(submission)}, WORDS[Field.ADVICE], WORDS[Field.NOTES], "advance",
        notes={"problem": WORDS[Field.SECTION_NOTES]},
    )  # fmt: skip
    await send_review(other, opinion, version=0, by=cast.second_mentor)
    await post_to_reviewers(submission, WORDS[Field.DISCUSSION], by=cast.second_mentor)
    return submission, own


async def reach(phase: Phase, cast: Cast, submission: Submission) -> None:
    if phase is Phase.IN_REVIEW:
        return
    decision = await decide(
        submission, "advance", reason=WORDS[Field.DECISION], override="Ждать некого", by=cast.organiser
    )
    if phase is Phase.RELEASED:
        await release(decision, by=cast.organiser)
        await reply_to_decision(submission, WORDS[Field.ANSWER], by=cast.captain)


async def page_of(cast: Cast, role: ReviewRole, submission: Submission, own: Assignment) -> str:
    """Return the page that this role would open; only outsiders find none."""
    who, path = {
        ReviewRole.TEAM: (cast.teammate, f"/projects/{cast.project.id}/submissions/{submission.number}"),
        ReviewRole.TEACHER: (cast.teacher, f"/projects/{cast.project.id}/submissions/{submission.number}"),
        ReviewRole.COACH: (cast.coach, f"/projects/{cast.project.id}/submissions/{submission.number}"),
        ReviewRole.READING: (cast.mentor, f"/reviews/{own.id}"),
        ReviewRole.REVIEWED: (cast.mentor, f"/reviews/{own.id}"),
        ReviewRole.ORGANISER: (cast.organiser, f"/organiser/submissions/{submission.id}"),
        ReviewRole.OUTSIDER: (cast.idle_mentor, f"/reviews/{own.id}"),
    }[role]
    browser = await signed_in(who)
    await browser.open(path)
    assert browser.page.status_code == (404 if role is ReviewRole.OUTSIDER else 200), path
    return browser.text


@pytest.mark.parametrize("phase", LETTERS)
@pytest.mark.parametrize("preset", Preset)
async def test_pages_show_what_the_table_says(cast: Cast, preset: Preset, phase: Phase) -> None:
    submission, own = await scene(cast, preset)
    await reach(phase, cast, submission)
    for role in set(ReviewRole) - {ReviewRole.REVIEWED}:
        await check(await page_of(cast, role, submission, own), preset, role, phase)


@pytest.mark.parametrize("phase", LETTERS)
@pytest.mark.parametrize("preset", Preset)
async def test_one_who_reviewed_sees_the_others(cast: Cast, preset: Preset, phase: Phase) -> None:
    submission, own = await scene(cast, preset)
    opinion = Opinion({c.id: 2 for c in await rubric_of(submission)}, "Своё мнение о пчёлах", "", "advance")
    await send_review(own, opinion, version=0, by=cast.mentor)
    await reach(phase, cast, submission)
    await check(await page_of(cast, ReviewRole.REVIEWED, submission, own), preset, ReviewRole.REVIEWED, phase)


async def check(text: str, preset: Preset, role: ReviewRole, phase: Phase) -> None:
    for field, word in WORDS.items():
        is_shown, may_be = word in text, LETTERS[phase] in EXPECTED[role][field][preset]
        assert not is_shown or may_be, (preset, role, phase, field)
        # Pages need not repeat the team's own names, nor show everything to everybody entitled to it.
        must_be = role in SHOWN_TO.get(field, ())
        if must_be and may_be and not (role is ReviewRole.ORGANISER and _is_before(field, phase)):
            assert is_shown, (preset, role, phase, field)


def _is_before(field: Field, phase: Phase) -> bool:
    """It does not exist yet."""
    return (field is Field.DECISION and phase is Phase.IN_REVIEW) or (
        field is Field.ANSWER and phase is not Phase.RELEASED
    )


async def test_blind_is_blind_everywhere(cast: Cast) -> None:
    """Covers page, diff, desk, bids, calendar, mail, and their addresses."""
    submission, _own = await scene(cast, BLIND)
    await Project.update({Project.title: "Улей Кузнецовой"}).where(Project.id == cast.project.id)
    await Submission.update({Submission.title: "Улей Кузнецовой"}).where(Submission.id == submission.id)
    third = await assign(submission, cast.idle_mentor, by=cast.organiser)
    mentor = await signed_in(cast.idle_mentor)
    seen = [(await calendar_of(cast.idle_mentor)).decode()]
    for path in ("/desk", "/desk/bids", "/desk/scale", f"/reviews/{third.id}"):
        await mentor.open(path)
        assert mentor.page.status_code == 200
        seen += [mentor.text, str(mentor.page.url)]
    await tell()
    for mail in await Message.objects().where(Message.to == cast.idle_mentor.email):
        seen += [mail.subject, mail.body]
    hidden = ("Кузнецов", "Соколов", "Улей-команда", "Школы № 1", "Школа № 1", cast.project.slug, cast.captain.email)
    for text in seen:
        assert not [word for word in hidden if word in text], text
    assert MASK in "".join(seen)


async def test_a_text_names_nobody_who_has_left_the_team_and_no_telephone(cast: Cast) -> None:
    await Season.update({Season.visibility: BLIND.value}).where(Season.id == cast.season.id)
    await make_ready(cast)
    await rewrite(
        cast, "problem", "Опрос провёл Иван Соколов. Звоните: 8 921 123-45-67, консультировал Пётр Консультантов."
    )
    await remove_member(await fresh_project(cast.project), cast.coach.id, by=cast.teacher)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    await change_profile(cast.teammate, given_name="Ян", family_name="Безымянный", locale="")
    await remove_member(await fresh_project(cast.project), cast.teammate.id, by=cast.teacher)
    own = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{own.id}")
    assert f"Опрос провёл {MASK}. Звоните: {MASK}, консультировал {MASK}." in mentor.text


async def test_the_blind_do_not_read_what_the_team_called_itself_or_its_school_before(cast: Cast) -> None:
    await Season.update({Season.visibility: BLIND.value}).where(Season.id == cast.season.id)
    for team, school in (("Пчеломамонты", "Гимназия «Янтарь»"), ("Медоносы", "Лицей «Заря»")):
        project = await fresh_project(cast.project)
        details = Details("Тихий улей", team, "", project.cluster, project.municipality, school, ())
        await change_details(project, details, version=project.details_version, by=cast.captain)
    duplicate = await start("Двойник", season=cast.season, by=cast.outsider)
    await change_details(
        duplicate, Details("Двойник", "Трутнеград", "", None, None, "", ()), version=duplicate.details_version, by=cast.outsider
    )  # fmt: skip
    text = "Мы Медоносы, были Пчеломамонтами из «Янтаря» и Трутнеградом. Адрес: ул. Мира, д. 5, кв. 1."
    await rewrite(cast, "problem", text)
    submission = await submitted(cast)
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    own = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{own.id}")
    assert f"Мы {MASK}, были {MASK} из «{MASK}» и {MASK}. Адрес: {MASK}." in mentor.text


async def test_the_blind_read_no_school_that_was_merged_nor_one_that_only_the_accounts_name(cast: Cast) -> None:
    await Season.update({Season.visibility: BLIND.value}).where(Season.id == cast.season.id)
    for school in ("Гимназия «Янтарь»", "Лицей «Заря»"):
        project = await fresh_project(cast.project)
        details = Details("Тихий улей", "", "", project.cluster, project.municipality, school, ())
        await change_details(project, details, version=project.details_version, by=cast.captain)
    async with writing():
        centre = await organisation_named("Образовательный центр «Волна»")
        of_teacher, of_pupil, firm = [
            await organisation_named(name) for name in ("Гимназия «Маяк»", "Школа № 77", "Завод «Прибой»")
        ]
    for name in ("Гимназия «Янтарь»", "Лицей «Заря»"):
        ended = await find_organisation(name)
        assert ended
        await merge(Organisation, ended, centre, by=cast.organiser)
    await affiliate(cast.teacher, of_teacher, AffiliationCapacity.TEACHER, by=cast.organiser)
    await affiliate(cast.coach, firm, AffiliationCapacity.EMPLOYEE, by=cast.coach)
    await Enrolment(person=cast.captain.id, teacher=cast.teacher.id, organisation=of_pupil, made_at=now()).save()
    await rewrite(cast, "problem", "«Янтарь», «Заря», «Волна», «Маяк», школа № 77; помогал «Прибой».")
    submission = await submitted(cast)
    own = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{own.id}")
    assert f"«{MASK}», «{MASK}», «{MASK}», «{MASK}», {MASK}; помогал «Прибой»." in mentor.text


async def test_a_second_round_hides_the_team_in_its_diff(cast: Cast) -> None:
    submission, own = await scene(cast, BLIND)
    opinion = Opinion({c.id: 2 for c in await rubric_of(submission)}, "Своё мнение о пчёлах", "", "return")
    await send_review(own, opinion, version=0, by=cast.mentor)
    decision = await decide(
        submission, "return", reason="Доработать", remarks=[("problem", "Сколько?")], by=cast.organiser
    )
    await release(decision, by=cast.organiser)
    await rewrite(cast, "problem", "Мы, Мария Кузнецова и Иван Соколов, насчитали сорок пасек.")
    for remark in await open_remarks(cast.project.id):
        await address_remark(await fresh_project(cast.project), remark.id, "Переписали", by=cast.captain)
    await fill_sections(cast)
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    second = await assign(again, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{second.id}")
    assert "сорок" in mentor.text
    assert "Кузнецов" not in mentor.text
    assert "Соколов" not in mentor.text


async def test_what_others_write_names_nobody_to_the_blind(cast: Cast) -> None:
    """Covers the office's remarks, doubts, other reviews with notes, the discussion, the decision and its reply."""
    submission, own = await scene(cast, BLIND)
    other = await Assignment.objects(Assignment.submission).get(
        (Assignment.submission == submission.id) & (Assignment.mentor == cast.second_mentor.id)
    )
    assert other
    named = "Молодец, Мария Кузнецова"
    opinion = Opinion({c.id: 2 for c in await rubric_of(submission)}, named, "", "return", notes={"problem": named})
    await save_review(other, opinion, version=1, by=cast.second_mentor)
    await post_to_reviewers(submission, named, by=cast.organiser)
    await send_review(own, replace(opinion, advice="Моё о пчёлах", notes={}), version=0, by=cast.mentor)
    decision = await decide(submission, "return", reason=named, remarks=[("problem", named)], by=cast.organiser)
    await release(decision, by=cast.organiser)
    await reply_to_decision(submission, named, by=cast.captain)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{own.id}")
    assert mentor.text.count(f"Молодец, {MASK}") == 5
    (remark,) = await open_remarks(cast.project.id)
    await address_remark(await fresh_project(cast.project), remark.id, "Переписали", by=cast.captain)
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    second = await assign(again, cast.mentor, by=cast.organiser)
    second.submission = again
    await doubt_remark(second, remark.id, named, by=cast.mentor)
    await mentor.open(f"/reviews/{second.id}")
    assert mentor.text.count(f"Молодец, {MASK}") == 3  # the remark, its discussion, and what is still missing
    assert "Кузнецов" not in mentor.text.replace(f'value="{named}"', "")  # their own words, still in the field


async def test_nobody_judges_their_own_team_by_another_role(cast: Cast) -> None:
    """An organiser who is in the team sees what the team sees."""
    submission, _own = await scene(cast, HIDDEN)
    await grant_role(cast.coach, StaffRole.ORGANISER, by=cast.organiser)
    coach = await Person.objects().get(Person.id == cast.coach.id)
    assert coach is not None
    assert (await review_access_of(coach, submission)).role is ReviewRole.COACH
    assert await seen_reviews(submission, await review_access_of(coach, submission), coach) == []


async def test_a_person_without_any_part_sees_nothing(cast: Cast) -> None:
    submission = await submitted(cast)
    async with writing():
        stranger = await create_person("nobody@example.org")
    assert (await review_access_of(stranger, submission)).role is ReviewRole.OUTSIDER
