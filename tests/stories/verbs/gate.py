"""Verbs of the gate: submitting, reviewing, deciding, remarks, and publication."""

from incubator.core.clock import end_of_day
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.correct_typo import correct_typo
from incubator.gates.decide import decide, undo_decision
from incubator.gates.delete_project import delete_project
from incubator.gates.extend import extend, mark_of
from incubator.gates.idea_deletion import delete_idea, restore_idea
from incubator.gates.merge_projects import merge_projects
from incubator.gates.planned_deletion import keep_project, plan_deletion
from incubator.gates.release import release
from incubator.gates.reply import reply_to_decision
from incubator.gates.submit import leave, submit, take_back
from incubator.history.record import Happened
from incubator.people.tables import Person
from incubator.programme.tables import Award, Season
from incubator.projects.comments import comment
from incubator.projects.consents import give_consent
from incubator.projects.deadlines import binding_deadline
from incubator.projects.start import start
from incubator.projects.tables import Submission
from incubator.publication.awards import add_award, give_award, take_award
from incubator.publication.content_report_words import Spot, Wrong
from incubator.publication.content_reports import close_report, hide_reported, report_content
from incubator.publication.news import (
    NewsWording,
    delete_news,
    news_of,
    offer_news,
    publish_news,
    refuse_news,
    take_news_off,
    write_news,
)
from incubator.publication.passages import hide_passages, keep_passages, passages_of, stop_hiding
from incubator.publication.publish import ask_publication, publish, refuse, unpublish
from incubator.publication.tables import ContentReport, Verdict
from incubator.publication.team_names import ask_about_names
from incubator.publication.withdrawals import withdraw_consent
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.remarks import (
    address_remark,
    confirm_remark,
    doubt_remark,
    open_remarks,
    reopen_remark,
)
from incubator.reviews.reviewing.review import Opinion, save_review, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision
from incubator.showcase.help import offer_help
from incubator.showcase.story import published
from tests.cast import Cast, fresh_project, in_days, make_ready
from tests.stories.verbs.arranging import waiting
from tests.stories.verbs.table import Call, Room

room = Room()
REMARKS = [("problem", "Сколько?")]


async def newest(cast: Cast) -> Submission:
    row = (
        await Submission.objects()
        .where(Submission.project == cast.project.id)
        .order_by(Submission.id, ascending=False)
        .first()
    )
    assert row
    return row


async def own_assignment(cast: Cast) -> tuple[Assignment, Opinion]:
    """Return the mentor's assignment to the submission in review, and their opinion of it."""
    submission = await waiting(cast)
    asked = await Assignment.objects().get(
        (Assignment.submission == submission.id) & (Assignment.mentor == cast.mentor.id)
    ) or await assign(submission, cast.mentor, by=cast.organiser)
    asked.submission = submission
    return asked, Opinion({c.id: 2 for c in await rubric_of(submission)}, "Хорошо", "", "return")


@room.once(Happened.SUBMITTED)
async def hand_in(cast: Cast) -> Call:
    await make_ready(cast)
    project = await fresh_project(cast.project)
    return lambda: submit(project, by=cast.captain)


@room.once(Happened.EXTENDED)
async def give_a_later_date(cast: Cast) -> Call:
    read = mark_of(await binding_deadline(cast.project))
    return lambda: extend(cast.project, end_of_day(in_days(99)), reason="Болели", read=read, by=cast.organiser)


@room.once(Happened.TAKEN_BACK)
async def take_it_back(cast: Cast) -> Call:
    project = await fresh_project(cast.project)
    return lambda: take_back(project, by=cast.captain)


@room.once(Happened.REVIEW_SAVED)
async def save_a_draft(cast: Cast) -> Call:
    asked, opinion = await own_assignment(cast)
    return lambda: save_review(asked, opinion, version=0, by=cast.mentor)


@room.once(Happened.REVIEW_SAVED, Happened.REVIEW_SENT)
async def send_a_review(cast: Cast) -> Call:
    asked, opinion = await own_assignment(cast)
    return lambda: send_review(asked, opinion, version=1, by=cast.mentor)


@room.once(Happened.REVIEW_CHANGED)
async def change_a_sent_review(cast: Cast) -> Call:
    asked, opinion = await own_assignment(cast)
    return lambda: save_review(asked, opinion, version=2, by=cast.mentor)


@room.once(Happened.DECIDED)
async def decide_on_it(cast: Cast) -> Call:
    submission = await waiting(cast)
    return lambda: decide(
        submission, "return", reason="Почти", remarks=REMARKS, override="Второй отказался", by=cast.organiser
    )


@room.once(Happened.DECISION_UNDONE)
async def undo_a_decision(cast: Cast) -> Call:
    decision = await Decision.objects().first()
    assert decision
    return lambda: undo_decision(decision, by=cast.organiser)


@room.once(Happened.RETURNED)
async def announce_it(cast: Cast) -> Call:
    decision = await decide(
        await waiting(cast), "return", reason="Почти", remarks=REMARKS, override="Второй отказался", by=cast.organiser
    )
    return lambda: release(decision, by=cast.organiser)


@room.once(Happened.DECISION_CORRECTED)
async def correct_it(cast: Cast) -> Call:
    decision = await Decision.objects().where(Decision.released()).first()
    assert decision
    to = Correction("return", "Почти, но", "Опечатка", REMARKS)
    return lambda: correct_decision(decision, to, by=cast.organiser)


@room.once(Happened.DECISION_ANSWERED)
async def answer_it(cast: Cast) -> Call:
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    submission = await newest(cast)
    return lambda: reply_to_decision(submission, "Мы всё посчитали", by=cast.captain)


@room.once(Happened.REMARK_ADDRESSED)
async def mark_a_remark(cast: Cast) -> Call:
    remark = (await open_remarks(cast.project.id))[0]
    return lambda: address_remark(cast.project, remark.id, "Переписали", by=cast.captain)


@room.once(Happened.REMARK_REOPENED)
async def unmark_a_remark(cast: Cast) -> Call:
    remark = (await open_remarks(cast.project.id))[0]
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    return lambda: reopen_remark(cast.project, remark.id, by=cast.captain)


@room.twice(Happened.REMARK_DOUBTED)
async def doubt_a_remark(cast: Cast) -> Call:
    remark = (await open_remarks(cast.project.id))[0]
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    asked, _opinion = await own_assignment(cast)
    return lambda: doubt_remark(asked, remark.id, "Не видно чисел", by=cast.mentor)


@room.once(Happened.REMARK_CONFIRMED)
async def confirm_a_remark(cast: Cast) -> Call:
    remark = (await open_remarks(cast.project.id))[0]
    asked, _opinion = await own_assignment(cast)
    return lambda: confirm_remark(asked, remark.id, by=cast.mentor)


@room.once(Happened.PUBLICATION_ASKED)
async def ask_for_the_showcase(cast: Cast) -> Call:
    return lambda: ask_publication(cast.project, by=cast.captain)


@room.once(Happened.PUBLICATION_REFUSED)
async def refuse_to_show_it(cast: Cast) -> Call:
    number = (await newest(cast)).number
    return lambda: refuse(cast.project, number=number, reason="В разделе телефон", by=cast.organiser)


@room.once(Happened.PUBLISHED)
async def show_it(cast: Cast) -> Call:
    await ask_publication(cast.project, by=cast.captain)
    return lambda: publish(cast.project, by=cast.organiser)


@room.once(Happened.CONTENT_REPORTED)
async def report_the_page(cast: Cast) -> Call:
    publication = await published((await fresh_project(cast.project)).slug)
    assert publication
    return lambda: report_content(
        publication, wrong=Wrong.OTHER, place=Spot.PAGE, text="Ошибка", email="bees@example.org", address="127.0.0.1"
    )


@room.once(Happened.UNPUBLISHED)
async def hide_what_was_reported(cast: Cast) -> Call:
    report = await ContentReport.objects().first()
    assert report
    return lambda: hide_reported(report.id, reason="Разберёмся", by=cast.organiser)


@room.once(Happened.CONTENT_REPORT_CLOSED)
async def answer_a_report(cast: Cast) -> Call:
    report = await ContentReport.objects().first()
    assert report
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    return lambda: close_report(report.id, answer="Спасибо", by=cast.organiser)


@room.once(Happened.HELP_OFFERED)
async def offer_to_help(cast: Cast) -> Call:
    publication = await published((await fresh_project(cast.project)).slug)
    assert publication
    return lambda: offer_help(
        publication, name="Пасечник", email="bees@example.org", text="Приезжайте", address="127.0.0.1"
    )


@room.once(Happened.NEWS_WRITTEN)
async def write_some_news(cast: Cast) -> Call:
    return lambda: write_news(cast.project, NewsWording("Первый рой", "За сутки"), by=cast.captain)


@room.once(Happened.NEWS_OFFERED)
async def offer_the_news(cast: Cast) -> Call:
    row = (await news_of(cast.project.id))[0]
    return lambda: offer_news(cast.project, row.id, by=cast.captain)


@room.once(Happened.NEWS_REFUSED)
async def refuse_the_news(cast: Cast) -> Call:
    row = (await news_of(cast.project.id))[0]
    return lambda: refuse_news(row.id, reason="Какой рой?", by=cast.organiser)


@room.once(Happened.NEWS_PUBLISHED)
async def show_the_news(cast: Cast) -> Call:
    row = (await news_of(cast.project.id))[0]
    await offer_news(cast.project, row.id, by=cast.captain)
    return lambda: publish_news(row.id, by=cast.organiser)


@room.once(Happened.NEWS_TAKEN_OFF)
async def take_the_news_off(cast: Cast) -> Call:
    row = (await news_of(cast.project.id))[0]
    return lambda: take_news_off(cast.project.id, row.id, by=cast.captain)


@room.once(Happened.NEWS_DELETED)
async def delete_the_news(cast: Cast) -> Call:
    row = (await news_of(cast.project.id))[0]
    return lambda: delete_news(cast.project, row.id, version=row.version, by=cast.captain)


@room.once(Happened.AWARDED)
async def give_an_award(cast: Cast) -> Call:
    award = await add_award(cast.season, title_ru="Выбор жюри", title_en="Jury's choice", by=cast.organiser)
    return lambda: give_award(cast.project, award, by=cast.organiser)


@room.once(Happened.AWARD_TAKEN)
async def take_an_award(cast: Cast) -> Call:
    award = await Award.objects().first()
    assert award
    return lambda: take_award(cast.project, award, by=cast.organiser)


@room.once(Happened.PASSAGES_HIDDEN)
async def hide_a_passage(cast: Cast) -> Call:
    return lambda: hide_passages(cast.project, ["Ответ"], by=cast.captain)


@room.once(Happened.PASSAGES_KEPT)
async def keep_a_passage(cast: Cast) -> Call:
    return lambda: keep_passages(cast.project, ["не личное"], by=cast.organiser)


@room.once(Happened.PASSAGE_SHOWN)
async def decide_anew_about_a_passage(cast: Cast) -> Call:
    row = (await passages_of(cast.project.id, Verdict.HIDDEN))[0]
    return lambda: stop_hiding(cast.project, row.id, by=cast.organiser)


@room.once(Happened.NAME_WAITS)
async def ask_about_a_new_name(cast: Cast) -> Call:
    await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    await Person.update({Person.given_name: "Ян"}).where(Person.id == cast.teammate.id)
    return lambda: ask_about_names(cast.project.id)


@room.once(Happened.CONSENT_WITHDRAWN, Happened.NAME_HIDDEN)
async def withdraw_the_consent_to_a_name(cast: Cast) -> Call:
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    return lambda: withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)


@room.once(Happened.UNPUBLISHED)
async def hide_it(cast: Cast) -> Call:
    return lambda: unpublish(cast.project, by=cast.teacher)


@room.once(Happened.TYPO_CORRECTED)
async def correct_a_typo(cast: Cast) -> Call:
    submission = await newest(cast)
    return lambda: correct_typo(
        submission, {"problem": "Пчёлы гибнут"}, reason="Опечатка", version=0, by=cast.organiser
    )


@room.once(Happened.PROJECTS_MERGED)
async def merge_a_duplicate(cast: Cast) -> Call:
    twin = await start("Второй улей", season=cast.season, by=cast.captain)
    return lambda: merge_projects(twin, cast.project, reason="Дубликат", by=cast.organiser)


@room.once(Happened.PROJECT_DELETED)
async def delete_a_test_project(cast: Cast) -> Call:
    twin = await start("Проба", season=cast.season, by=cast.captain)
    return lambda: delete_project(twin, typed="Проба", reason="Проба", by=cast.organiser)


@room.once(Happened.DELETION_PLANNED)
async def plan_a_deletion(cast: Cast) -> Call:
    twin = await start("Отложим", season=cast.season, by=cast.captain)
    await comment(twin, "problem", "Нужно ли это?", by=cast.organiser)
    return lambda: plan_deletion(twin, typed="Отложим", reason="Проба", by=cast.organiser)


@room.once(Happened.DELETION_STOPPED)
async def keep_a_project(cast: Cast) -> Call:
    twin = await start("Передумаем", season=cast.season, by=cast.captain)
    await comment(twin, "problem", "Нужно ли это?", by=cast.organiser)
    await plan_deletion(twin, typed="Передумаем", reason="Проба", by=cast.organiser)
    return lambda: keep_project(twin, by=cast.organiser)


@room.once(Happened.IDEA_DELETED)
async def delete_an_idea(cast: Cast) -> Call:
    twin = await start("Не взлетит", season=cast.season, by=cast.captain)
    await comment(twin, "problem", "Нужно ли это?", by=cast.organiser)
    return lambda: delete_idea(twin, by=cast.captain)


@room.once(Happened.IDEA_RESTORED)
async def restore_an_idea(cast: Cast) -> Call:
    twin = await start("Взлетит", season=cast.season, by=cast.captain)
    await comment(twin, "problem", "Нужно ли это?", by=cast.organiser)
    await delete_idea(twin, by=cast.captain)
    return lambda: restore_idea(twin, by=cast.captain)


@room.once(Happened.WITHDRAWN)
async def withdraw_a_team(cast: Cast) -> Call:
    twin = await start("Ушли", season=cast.season, by=cast.captain)
    return lambda: leave(twin, reason="Просили", by=cast.organiser)


@room.once(Happened.ADVANCED)
async def let_it_pass(cast: Cast) -> Call:
    decision = await decide(await waiting(cast), "advance", reason="Да", override="Некому", by=cast.organiser)
    return lambda: release(decision, by=cast.organiser)
