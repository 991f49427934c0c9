"""Telling: each event reaches those whom it concerns, once, in their words, and a digest never offers what is over."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from incubator.app import AUDIENCES, send_digests
from incubator.core.clock import clock_at, now
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.submit import leave, take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.mail_templates import examples, fields_of
from incubator.notifications.mails import packaged_mails
from incubator.notifications.preferences import KINDS, change_choices
from incubator.notifications.tell import QUIET, tell_waiting
from incubator.people.tables import Person
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.consents import PUBLIC_NAME, give_consent, withdraw_consent
from incubator.projects.tables import Comment
from incubator.projects.team import join, make_captain, remove_member
from incubator.publication.publish import ask_publication, unpublish
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.reviewing.discussion import post_to_reviewers, post_to_team, remove_post
from tests.cast import Cast, fresh_project, send, submitted
from tests.db.writing_in import in_writing
from tests.mail.sent import subjects

#: Events that no mail tells of, because those concerned did it, see it at once, or are told by the verb itself.
UNTOLD = {
    # one's own account and settings
    Happened.SIGNED_UP, Happened.EMAIL_CONFIRMED, Happened.PASSWORD_CHANGED, Happened.PROFILE_CHANGED,
    Happened.AGE_CONFIRMED, Happened.ADDRESS_CHANGE_ASKED, Happened.ADDRESS_CHANGE_CONFIRMED,
    Happened.ADDRESS_CHANGE_STOPPED, Happened.ADDRESS_CHANGED, Happened.ACCOUNTS_MERGED, Happened.SESSION_ENDED, Happened.MAIL_PREFERENCE_CHANGED, Happened.CALENDAR_CHANGED, Happened.AFFILIATION_CHANGED,
    # a draft of news: whoever offers it is told
    Happened.NEWS_WRITTEN, Happened.NEWS_DELETED,
    # the office's own work, on pages that it shares
    Happened.ROLE_GIVEN, Happened.ROLE_TAKEN, Happened.REFERENCE_CHANGED, Happened.SEASON_OPENED,
    Happened.SEASON_CHANGED, Happened.SECTION_CHANGED, Happened.CRITERION_CHANGED, Happened.PROPOSAL_CHANGED,
    Happened.MAIL_RESENT, Happened.MAIL_DROPPED, Happened.MAIL_TESTED,
    Happened.WORDING_CHANGED, Happened.CONSENT_CHECKED, Happened.DECIDED, Happened.DECISION_UNDONE, Happened.AWARD_ADDED, Happened.IMPORTED, Happened.IMPORT_BEGUN, Happened.IMPORT_STOPPED, Happened.IMPORT_UNDONE,
    # writing together: everybody in the team sees it on the page
    Happened.STARTED, Happened.DETAILS_CHANGED, Happened.ANSWERED, Happened.FILE_ATTACHED, Happened.FILE_PEOPLE, Happened.FILE_REMOVED, Happened.COMMENT_RESOLVED, Happened.COMMENT_REOPENED, Happened.CONSENT_GIVEN,
    Happened.REMARK_ADDRESSED, Happened.REMARK_REOPENED, Happened.REMARK_CONFIRMED, Happened.INVITATION_REVOKED,
    # a mentor's own work
    Happened.REVIEW_SAVED, Happened.REVIEW_SENT, Happened.REVIEW_CHANGED, Happened.BID, Happened.MENTOR_CHANGED,
    Happened.PRACTISED, Happened.POST_REMOVED, Happened.CONFLICT_DECLARED, Happened.CONFLICT_LIFTED,
    # papers: whoever does it sees it on the page; what a family takes back is told as a withdrawn consent
    Happened.OPERATOR_CHANGED, Happened.CONSENT_TEXT_WRITTEN, Happened.CONSENT_TEXT_CHECKED, Happened.SHEETS_MADE, Happened.SLIPS_MADE, Happened.SHEET_FILED, Happened.SCAN_OPENED, Happened.FAMILY_CODE_CHANGED, Happened.CONSENTS_DESTROYED,
    # a mailed link: the verb writes to the guardian, whoever sent it sees it on the page; a teenager sees their own yes
    Happened.GUARDIAN_ASKED, Happened.GUARDIAN_LINK_REVOKED, Happened.TEENAGER_AGREED,
    # a class: whoever does it sees it on the page; a pupil has the card in the hand
    Happened.ENROLLED, Happened.ENROLMENT_ENDED, Happened.ENROLMENT_TAKEN_BACK, Happened.NAME_CORRECTED, Happened.CARD_MADE, Happened.CARD_USED, Happened.SUBSTITUTE_ENDED,
    # told with the refusal, or by the change of the date that caused it
    Happened.CONSENT_VOIDED,
    # the verb itself writes to whose account it is
    Happened.IDENTITY_LINKED, Happened.IDENTITY_UNLINKED,
    # the verb itself writes to those concerned: to people without an account, or of what is gone afterwards
    Happened.PROJECT_DELETED,
    # the verb itself writes to whoever reported the page, without an account
    Happened.CONTENT_REPORT_CLOSED,
    # seen on the showcase; nobody is told that an award was given by mistake
    Happened.AWARD_TAKEN,
    # preparing a version for the public, on a page that team and office share
    Happened.PASSAGES_HIDDEN, Happened.PASSAGES_KEPT, Happened.PASSAGE_SHOWN,
}  # fmt: skip


def test_every_event_has_an_audience_or_a_reason() -> None:
    told = {audience.happened for audience in AUDIENCES}
    assert told | UNTOLD == set(Happened)
    assert not told & UNTOLD


@pytest.mark.parametrize("key", packaged_mails())
def test_an_organiser_sees_every_mail_with_examples(key: str) -> None:
    assert set(examples(key, "ru")) == set(fields_of(key))


def test_every_audience_has_a_mail_and_a_kind_that_exist() -> None:
    assert {audience.mail for audience in AUDIENCES if audience.is_mailed} <= set(packaged_mails())
    assert {audience.kind for audience in AUDIENCES} <= set(KINDS) | {""}


async def told(person: Person) -> list[str]:
    await tell_waiting(AUDIENCES)
    return await subjects(person)


async def forget(*people: Person) -> None:
    """Begin afresh: everything that happened so far is told and read."""
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)


async def test_a_newcomer_is_announced_to_the_team_and_not_to_themselves(cast: Cast) -> None:
    await forget()
    await in_writing(join(cast.project.id, cast.outsider, "student"))
    for mate in (cast.captain, cast.teammate, cast.teacher, cast.coach):
        assert await told(mate) == ["«Тихий улей»: в команде новый человек"]
    body = (await Message.select(Message.body).where(Message.to == cast.captain.email))[0]["body"]
    assert "Лев Чужой" in body
    assert await told(cast.outsider) == []
    await remove_member(cast.project, cast.outsider.id, by=cast.captain)
    assert await told(cast.outsider) == ["«Тихий улей»: вы больше не в команде"]
    assert (await told(cast.teacher))[1:] == ["«Тихий улей»: из команды вышел человек"]
    assert len(await told(cast.captain)) == 1  # it was the captain who removed them


async def test_a_new_captain_a_comment_and_a_withdrawn_consent_reach_the_team(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.teacher)
    await forget()
    await comment(cast.project, "problem", "А как вы это проверили?", by=cast.teacher)
    assert await told(cast.captain) == await told(cast.teammate) == ["«Тихий улей»: новый комментарий"]
    assert await told(cast.coach) == await told(cast.teacher) == []
    await withdraw_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.captain)
    assert await told(cast.teacher) == ["«Тихий улей»: отозвано согласие"]
    await make_captain(cast.project, cast.teammate.id, by=cast.teacher)
    assert (await told(cast.teammate))[-1] == "«Тихий улей»: новый капитан"
    await leave(cast.project, by=cast.teammate)
    assert (await told(cast.captain))[-1] == "«Тихий улей»: команда ушла из программы"


async def test_mentors_learn_what_became_of_a_submission(cast: Cast) -> None:
    submission = await submitted(cast)
    sent = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(sent, submission, cast.mentor)
    await forget()
    decision = await decide(
        submission,
        "return",
        reason="Ещё раз",
        remarks=[("problem", "Уточните")],
        override="Срок вышел",
        by=cast.organiser,
    )
    assert await told(cast.mentor) == await told(cast.second_mentor) == []  # nothing before the release
    await release(decision, by=cast.organiser)
    assert await told(cast.mentor) == ["«Тихий улей»: решение объявлено"]
    assert await told(cast.second_mentor) == ["«Тихий улей»: решение уже принято"]
    body = (await Message.select(Message.body).where(Message.to == cast.mentor.email))[0]["body"]
    assert "возвращено на доработку" in body


async def test_mentors_learn_that_a_submission_was_taken_back(cast: Cast) -> None:
    submission = await submitted(cast)
    sent = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(sent, submission, cast.mentor)
    await forget()
    await take_back(cast.project, by=cast.captain)
    assert await told(cast.mentor) == ["«Тихий улей»: команда забрала заявку"]
    assert await told(cast.second_mentor) == ["Рецензия на «Тихий улей» больше не нужна"]


async def test_organisers_learn_of_a_refusal_a_late_review_and_a_request(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await forget()
    await decline(first, reason="Уезжаю", is_conflict=False, by=cast.mentor)
    assert await told(cast.organiser) == ["«Тихий улей»: наставник отказался"]
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    assert (await told(cast.organiser))[1:] == ["«Тихий улей»: просят показать на витрине"]
    with clock_at(now() + timedelta(days=30)):
        await remind()
        assert (await told(cast.organiser))[2:] == ["«Тихий улей»: рецензия опаздывает"]


Deed = Callable[[Cast], Awaitable[Any]]


async def _resolve(cast: Cast) -> None:
    row = await Comment.objects().first()
    assert row
    await resolve_comment(cast.project, row.id, by=cast.captain)


@pytest.mark.parametrize(
    ("reader", "happens", "ends"),
    [
        (
            "captain",
            lambda cast: comment(cast.project, "problem", "Проверьте", by=cast.teacher),
            _resolve,
        ),
        (
            "teammate",
            lambda cast: in_writing(join(cast.project.id, cast.outsider, "student")),
            lambda cast: remove_member(cast.project, cast.outsider.id, by=cast.captain),
        ),
    ],
)  # fmt: skip
async def test_a_digest_never_offers_what_is_over(cast: Cast, reader: str, happens: Deed, ends: Deed) -> None:
    person: Person = getattr(cast, reader)
    await forget()
    await change_choices(person, {"comments": "daily", "team": "daily"})
    await happens(cast)
    assert len(await told(person)) == 1  # it waits
    await ends(cast)
    await tell_waiting(AUDIENCES)
    with clock_at(now() + timedelta(days=1)):
        assert await send_digests() == 0
    assert await subjects(person) == []


async def test_posts_come_in_the_digest_but_for_mentions_and_removed_ones(cast: Cast) -> None:
    await forget()
    first = await post_to_team(cast.project, "Завтра встречаемся", by=cast.teacher)
    await post_to_team(cast.project, "@Соколов, возьми датчик", by=cast.teacher)
    assert await told(cast.teammate) == [
        "«Тихий улей»: новое в обсуждении",
        "Ольга Петровна пишет вам о проекте «Тихий улей»",
    ]
    await remove_post(first, by=cast.teacher)
    with clock_at(now() + timedelta(days=1)):
        await send_digests()
        assert (await subjects(cast.teammate)) == ["Ольга Петровна пишет вам о проекте «Тихий улей»"]
        assert (await subjects(cast.captain))[-1] == "Новости за день: 1"


async def test_a_post_among_reviewers_names_its_author_only_where_names_are_shown(cast: Cast) -> None:
    submission = await submitted(cast)
    for mentor in (cast.mentor, cast.second_mentor):
        await send(await assign(submission, mentor, by=cast.organiser), submission, mentor)
    await forget()
    await post_to_reviewers(submission, "Мне кажется, сильная работа", by=cast.mentor)
    await tell_waiting(AUDIENCES)
    rows = {row["to"]: row["body"] for row in await Message.select(Message.to, Message.body)}
    assert set(rows) == {cast.second_mentor.email, cast.organiser.email}
    assert "Анна Орлова пишет в обсуждении" in rows[cast.organiser.email]


async def test_a_series_about_one_project_waits_for_the_digest(cast: Cast) -> None:
    await forget()
    for text in ("Раз", "Два", "Три"):
        await comment(cast.project, "problem", text, by=cast.teacher)
    await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.is_bundled).where(Message.to == cast.captain.email).order_by(Message.id)
    assert [row["is_bundled"] for row in rows] == [False, True, True]
    with clock_at(now() + QUIET + timedelta(minutes=1)):
        await comment(cast.project, "problem", "Четыре", by=cast.teacher)
        await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.is_bundled).where(Message.to == cast.captain.email).order_by(Message.id)
    assert rows[-1]["is_bundled"] is False


async def test_each_event_is_told_once_by_however_many_processes(cast: Cast) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    counts = await asyncio.gather(*(tell_waiting(AUDIENCES) for _process in range(3)))
    assert sum(counts) == 2
    assert not await Event.exists().where(Event.told_at.is_null())


async def test_an_event_that_cannot_be_told_does_not_hold_up_the_others(cast: Cast, caplog: Any) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await Event.update({Event.data: "{"}).where(Event.happened == Happened.COMMENTED.value)
    await in_writing(join(cast.project.id, cast.outsider, "student"))
    assert (await told(cast.captain)) == ["«Тихий улей»: в команде новый человек"]
    with clock_at(now() + timedelta(hours=2)):
        await tell_waiting(AUDIENCES)
    assert not await Event.exists().where(Event.told_at.is_null())


async def test_nothing_goes_to_an_address_that_nobody_has_confirmed(cast: Cast) -> None:
    await forget()
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.captain.id)
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    assert await told(cast.captain) == []


async def test_a_request_that_was_withdrawn_is_not_told(cast: Cast) -> None:
    submission = await submitted(cast)
    await forget()
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    await unpublish(await fresh_project(cast.project), by=cast.captain)
    assert await told(cast.organiser) == []
    await cancel_assignment(await assign(submission, cast.mentor, by=cast.organiser), by=cast.organiser)


async def test_organisers_find_submissions_without_mentors_in_their_digest(cast: Cast) -> None:
    await forget()
    submission = await submitted(cast)
    assert await told(cast.organiser) == ["«Тихий улей»: сдана заявка"]
    await assign(submission, cast.mentor, by=cast.organiser)
    with clock_at(now() + timedelta(days=1)):
        assert await send_digests() == 0


async def test_a_digest_never_offers_a_review_that_nobody_waits_for(cast: Cast) -> None:
    submission = await submitted(cast)
    await change_choices(cast.mentor, {"assignments": "daily", "reminders": "daily"})
    await change_choices(cast.second_mentor, {"assignments": "daily"})
    await forget()
    declined = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    assert await told(cast.mentor) == await told(cast.second_mentor) == ["Вас ждёт рецензия: «Тихий улей»"]
    await decline(declined, reason="Уезжаю", is_conflict=False, by=cast.mentor)
    with clock_at(now() + timedelta(days=1)):
        await send_digests()
        assert await subjects(cast.mentor) == []
        assert "Новости за день: 1" in await subjects(cast.second_mentor)
