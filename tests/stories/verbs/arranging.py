"""Verbs of assigning reviewers: mentors' offers, the proposal, assignments, conflicts, reminders, discussions."""

from datetime import timedelta

from incubator.core.clock import clock_at, now
from incubator.gates.submit import pending_submission
from incubator.history.record import Happened
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.bids import bid
from incubator.reviews.assignment.declared_conflicts import conflicts_on, declare_conflict, lift_conflict
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.mentors import (
    Offer,
    change_capacity,
    change_offer,
    days_away,
    end_feed,
    go_away,
    new_feed,
    stay,
)
from incubator.reviews.assignment.proposal import apply, propose, set_by_hand
from incubator.reviews.assignment.reassign import reassign
from incubator.reviews.assignment.reconsider import reconsider
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.assignment.season_due_dates import change_season_of_everybody
from incubator.reviews.reviewing.discussion import post_to_reviewers, post_to_team, remove_post
from incubator.reviews.reviewing.practice import practise
from incubator.reviews.tables import KEPT, Assignment, Post
from tests.cast import Cast, fresh_project, in_days, submitted
from tests.stories.verbs.table import Call, Room

room = Room()


async def waiting(cast: Cast) -> Submission:
    """Return the cast's submission in review, submitting it if necessary."""
    found = await pending_submission(await fresh_project(cast.project))
    return found or await submitted(cast)


@room.twice(Happened.MENTOR_CHANGED)
async def change_ones_offer(cast: Cast) -> Call:
    offer = Offer(5, 20, ("ru", "en"), frozenset({1, 2}), frozenset({1, 2, 3}))
    return lambda: change_offer(cast.mentor, offer)


@room.twice(Happened.MENTOR_CHANGED)
async def change_somebodys_capacity(cast: Cast) -> Call:
    return lambda: change_capacity(cast.mentor.id, 7, by=cast.organiser)


@room.once(Happened.MENTOR_CHANGED)
async def go_away_for_days(cast: Cast) -> Call:
    return lambda: go_away(cast.mentor, in_days(200), in_days(210))


@room.once(Happened.MENTOR_CHANGED)
async def stay_after_all(cast: Cast) -> Call:
    number = (await days_away(cast.mentor))[0].id
    return lambda: stay(cast.mentor, number)


@room.twice(Happened.CALENDAR_CHANGED)
async def make_a_calendar(cast: Cast) -> Call:
    return lambda: new_feed(cast.mentor)


@room.once(Happened.CALENDAR_CHANGED)
async def end_the_calendar(cast: Cast) -> Call:
    return lambda: end_feed(cast.mentor)


@room.twice(Happened.PRACTISED)
async def try_the_scale(cast: Cast) -> Call:
    return lambda: practise(cast.mentor, {"problem": 3})


@room.twice(Happened.BID)
async def wish_for_a_project(cast: Cast) -> Call:
    await waiting(cast)
    return lambda: bid(cast.mentor, {cast.project.id: "gladly"})


@room.once(Happened.ASSIGNED)
async def ask_a_mentor(cast: Cast) -> Call:
    submission = await waiting(cast)
    return lambda: assign(submission, cast.mentor, by=cast.organiser)


@room.once(Happened.SEASON_CHANGED, Happened.DUE_DATES_MOVED)
async def move_the_days_of_reviews_under_way(cast: Cast) -> Call:
    return lambda: change_season_of_everybody(
        cast.season, version=1, title_ru="Позже", title_en="Later", opens_on=cast.season.opens_on,
        closes_on=cast.season.closes_on, visibility="open", may_answer=True, confidence="weighed", electronic_consent=False, by=cast.organiser,
        stages={"idea": {"review_days": 30}}, moved=["idea"],
    )  # fmt: skip


@room.once(Happened.REASSIGNED)
async def give_it_to_somebody_else(cast: Cast) -> Call:
    asked = await Assignment.objects().where(Assignment.open()).first()
    assert asked
    return lambda: reassign(asked, cast.idle_mentor, by=cast.organiser)


@room.once(Happened.ASSIGNMENT_CANCELLED)
async def call_it_off(cast: Cast) -> Call:
    asked = await Assignment.objects().where(Assignment.open()).first()
    assert asked
    return lambda: cancel_assignment(asked, by=cast.organiser)


@room.once(Happened.RECONSIDERED)
async def think_better_of_declining(cast: Cast) -> Call:
    asked = await assign(await waiting(cast), cast.second_mentor, by=cast.organiser)
    await decline(asked, reason="Отпуск", is_conflict=False, by=cast.second_mentor)
    return lambda: reconsider(asked, by=cast.second_mentor)


@room.once(Happened.DECLINED, Happened.CONFLICT_DECLARED)
async def decline_for_a_conflict(cast: Cast) -> Call:
    asked = await Assignment.objects().where(Assignment.open()).first()
    assert asked
    return lambda: decline(asked, reason="Родня", is_conflict=True, by=cast.second_mentor)


@room.twice(Happened.PROPOSAL_CHANGED)
async def propose_who_reads_what(cast: Cast) -> Call:
    return lambda: propose(by=cast.organiser)


@room.twice(Happened.PROPOSAL_CHANGED)
async def keep_a_pair_by_hand(cast: Cast) -> Call:
    submission = await waiting(cast)
    return lambda: set_by_hand(submission.id, cast.mentor.id, KEPT, by=cast.organiser)


@room.once(Happened.ASSIGNED)
async def apply_the_proposal(cast: Cast) -> Call:
    await propose(by=cast.organiser)
    return lambda: apply(by=cast.organiser)


@room.once(Happened.REMINDED)
async def remind_everybody(_cast: Cast) -> Call:
    async def later() -> int:
        with clock_at(now() + timedelta(days=60)):
            return await remind()

    return later


@room.once(Happened.CONFLICT_DECLARED, Happened.ASSIGNMENT_WITHDRAWN)
async def tell_a_conflict(cast: Cast) -> Call:
    return lambda: declare_conflict(cast.project.id, cast.mentor, is_hard=True, reason="Сосед", by=cast.teacher)


@room.once(Happened.CONFLICT_LIFTED)
async def lift_a_conflict(cast: Cast) -> Call:
    await declare_conflict(cast.project.id, cast.idle_mentor, is_hard=True, reason="Сосед", by=cast.teacher)
    number = (await conflicts_on(cast.project.id))[-1].id
    return lambda: lift_conflict(number, by=cast.organiser)


@room.once(Happened.POSTED)
async def talk_among_reviewers(cast: Cast) -> Call:
    submission = await waiting(cast)
    return lambda: post_to_reviewers(submission, "Что скажете, @Орлова?", by=cast.organiser)


@room.once(Happened.POSTED)
async def talk_in_the_team(cast: Cast) -> Call:
    return lambda: post_to_team(cast.project, "@Кузнецова, встречаемся в среду", by=cast.coach)


@room.once(Happened.POST_REMOVED)
async def remove_what_was_said(cast: Cast) -> Call:
    post = await Post.objects().order_by(Post.id, ascending=False).first()
    assert post
    return lambda: remove_post(post, by=cast.organiser)
