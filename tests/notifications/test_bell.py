"""The bell: whom each happening reaches, once; what it says and keeps to itself; and that reading it is noted by a form alone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from incubator.app import AUDIENCES, PERIODIC
from incubator.core import limits
from incubator.core.clock import clock_at, end_of_day, now
from incubator.core.formatting import day
from incubator.core.languages import LOCALES, override_locale
from incubator.db import counting
from incubator.gates.decide import decide
from incubator.gates.delete_project import delete_project
from incubator.gates.extend import extend, mark_of
from incubator.gates.near_deadlines import remind_of_deadlines
from incubator.gates.release import release
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.bell import MOST_COUNTED, PER_PAGE, forget_notifications
from incubator.notifications.mails import FIELD, packaged_mails
from incubator.notifications.preferences import change_choices
from incubator.notifications.sentences import kind_in_words, own_sentences
from incubator.notifications.tables import Notification
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.tables import Person
from incubator.privacy.merging import merge_for
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.consents import PUBLIC_NAME, give_consent, withdraw_consent
from incubator.projects.deadlines import binding_deadline
from incubator.projects.invitations import invite_to_team
from incubator.projects.tables import Comment, Submission
from incubator.projects.team import join, make_captain, remove_member
from incubator.projects.vouching import vouch
from incubator.publication.entry import publication_of
from incubator.publication.publish import ask_publication, publish
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.reminders import remind
from incubator.reviews.reviewing.discussion import post_to_team
from incubator.reviews.reviewing.threads import answer_comment, answer_remark
from incubator.reviews.tables import Assignment, Decision, Remark
from incubator.showcase.help import offer_help
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, in_days, send, submitted
from tests.db.writing_in import in_writing
from tests.privacy.reminders import close_gate_in

TEAM = {"captain", "teammate", "teacher", "coach"}


async def forget() -> None:
    """Begin afresh: everything that happened so far is told, and nobody remembers it."""
    await tell_waiting(AUDIENCES)
    await Notification.delete(force=True)
    await Message.delete(force=True)


async def noted(cast: Cast) -> dict[str, set[str]]:
    """Return whom what has just happened reached, by the key of its mail; then forget it."""
    return (await noted_and_mailed(cast))[0]


async def noted_and_mailed(cast: Cast) -> tuple[dict[str, set[str]], set[str]]:
    """Return ``noted``, and to whom a mail about it was written, at once or for the digest."""
    await tell_waiting(AUDIENCES)
    people = {name: getattr(cast, name) for name in cast.__slots__ if isinstance(getattr(cast, name), Person)}
    names = {person.id: name for name, person in people.items()}
    addresses = {person.email: name for name, person in people.items()}
    rows = await Notification.select(Notification.person, Notification.mail)
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["mail"], set()).add(names.get(row["person"], "newcomer"))
    mails = await Message.select(Message.to).where(Message.event_id.is_not_null())
    await forget()
    return found, {addresses.get(row["to"], "newcomer") for row in mails}


class Story:
    """One team's way through verbs, one happening after the other."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.newcomer: Person
        self.submission: Submission
        self.assignment: Assignment
        self.decision: Decision

    async def comment(self) -> None:
        await comment(self.cast.project, "problem", "А как вы это проверили?", by=self.cast.teacher)

    async def answer(self) -> None:
        row = await Comment.objects().first()
        assert row
        await answer_comment(self.cast.project, row.id, "Спросили семь, @Соколов считал", by=self.cast.captain)

    async def answer_back(self) -> None:
        row = await Comment.objects().first()
        assert row
        await answer_comment(self.cast.project, row.id, "Семи мало", by=self.cast.teacher)

    async def invite(self) -> None:
        await invite_to_team(self.cast.project, "student", by=self.cast.captain, email=self.cast.outsider.email)

    async def come_near(self) -> None:
        await close_gate_in(self.cast.project, days=7)
        assert await remind_of_deadlines() == 1

    async def join(self) -> None:
        self.newcomer = await in_writing(
            create_person("zoya@example.org", given_name="Зоя", family_name="Новая", is_adult=True, confirmed=True)
        )
        await in_writing(join(self.cast.project.id, self.newcomer, "coach"))

    async def vouch(self) -> None:
        await vouch(self.cast.project, self.newcomer.id, by=self.cast.organiser)

    async def remove(self) -> None:
        await remove_member(self.cast.project, self.newcomer.id, by=self.cast.captain)

    async def change_captain(self) -> None:
        await make_captain(self.cast.project, self.cast.teammate.id, by=self.cast.teacher)

    async def change_back(self) -> None:
        await make_captain(self.cast.project, self.cast.captain.id, by=self.cast.teammate)

    async def withdraw_consent(self) -> None:
        await give_consent(self.cast.project, self.cast.captain, PUBLIC_NAME, by=self.cast.teacher)
        await forget()
        await withdraw_consent(self.cast.project, self.cast.captain, PUBLIC_NAME, by=self.cast.captain)

    async def post(self) -> None:
        await post_to_team(self.cast.project, "@Соколов, возьми датчик", by=self.cast.teacher)

    async def submit(self) -> None:
        self.submission = await submitted(self.cast)

    async def assign(self) -> None:
        self.assignment = await assign(self.submission, self.cast.mentor, by=self.cast.organiser)

    async def decline(self) -> None:
        other = await assign(self.submission, self.cast.second_mentor, by=self.cast.organiser)
        await forget()
        await decline(other, reason="Уезжаю", is_conflict=False, by=self.cast.second_mentor)

    async def remind(self) -> None:
        with clock_at(end_of_day(self.assignment.due_on) - timedelta(hours=9)):
            await remind()

    async def decide(self) -> None:
        await send(self.assignment, self.submission, self.cast.mentor)
        self.decision = await decide(
            self.submission, "return", reason="Ещё раз", remarks=[("problem", "Уточните")], override="Срок вышел",
            by=self.cast.organiser,
        )  # fmt: skip

    async def release(self) -> None:
        await release(self.decision, by=self.cast.organiser)

    async def discuss(self) -> None:
        remark = await Remark.objects().first()
        assert remark
        await answer_remark(self.cast.project, remark.id, "Двенадцать роёв", by=self.cast.captain)

    async def extend(self) -> None:
        project = await fresh_project(self.cast.project)
        read = mark_of(await binding_deadline(project))
        await extend(project, end_of_day(in_days(99)), read=read, by=self.cast.organiser)

    async def ask_publication(self) -> None:
        await ask_publication(await fresh_project(self.cast.project), by=self.cast.captain)

    async def publish(self) -> None:
        await publish(await fresh_project(self.cast.project), by=self.cast.organiser)

    async def offer_help(self) -> None:
        publication = await publication_of(self.cast.project.id)
        assert publication
        publication.project = await fresh_project(self.cast.project)
        before = await Message.count()
        await offer_help(publication, name="Пасечник", email="bees@example.org", text="Помогу", address="127.0.0.1")
        await tell_waiting(AUDIENCES)
        assert await Message.count() == before + 1  # the verb's own


#: What happens, whom it reaches by which row of the table, and who of them gets no mail: the captain wants none about comments, their
#: team and posts; what the verb has mailed itself is in the bell alone. The idle mentor is in none.
HAPPENINGS: tuple[tuple[Callable[[Story], Awaitable[None]], dict[str, set[str]], set[str]], ...] = (
    (Story.invite, {"invited": {"outsider"}}, {"outsider"}),
    (Story.comment, {"commented": {"captain", "teammate"}}, {"captain"}),
    (Story.answer, {"mention": {"teammate"}, "replied": {"teacher"}}, set()),
    (Story.answer_back, {"replied": {"captain", "teammate"}}, {"captain"}),
    (Story.join, {"vouch_asked": {"organiser"}, "joined": TEAM}, {"captain"}),
    (Story.vouch, {"vouched": {"newcomer"}}, set()),
    (Story.remove, {"removed": {"newcomer"}, "left_team": {"teacher"}}, set()),
    (Story.change_captain, {"captain_changed": TEAM - {"teacher"}}, {"captain"}),
    (Story.change_back, {"captain_changed": TEAM - {"teammate"}}, {"captain"}),
    (Story.withdraw_consent, {"consent_withdrawn": {"teacher"}}, set()),
    (Story.post, {"mention": {"teammate"}, "posted": {"captain", "coach"}}, {"captain"}),
    (Story.come_near, {"deadline_near": TEAM}, set()),
    (Story.submit, {"submitted": {"organiser"}}, set()),
    (Story.assign, {"assignment": {"mentor"}}, set()),
    (Story.decline, {"declined": {"organiser"}}, set()),
    (Story.remind, {"reminder_due": {"mentor"}}, set()),
    (Story.decide, {}, set()),
    (Story.release, {"return": TEAM, "outcome": {"mentor"}}, set()),
    (Story.discuss, {"replied": {"organiser"}}, set()),
    (Story.extend, {"extended": TEAM}, set()),
    (Story.ask_publication, {"publication_asked": {"organiser"}}, set()),
    (Story.publish, {"published": TEAM}, set()),
    (Story.offer_help, {"help_offered": {"teacher"}}, {"teacher"}),
)


async def test_each_happening_reaches_exactly_those_whom_it_concerns(cast: Cast) -> None:
    story = Story(cast)
    await change_choices(cast.captain, {"comments": "never", "team": "never", "posts": "never"})
    await forget()
    for happens, reached, unmailed in HAPPENINGS:
        await happens(story)
        everybody: set[str] = set().union(*reached.values())
        assert await noted_and_mailed(cast) == (reached, everybody - unmailed), happens.__name__


async def test_a_choice_about_mail_takes_nothing_from_the_bell(cast: Cast) -> None:
    await change_choices(cast.captain, {"comments": "never"})
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.teammate.id)
    await forget()
    await comment(cast.project, "problem", "Проверьте", by=cast.teacher)
    await tell_waiting(AUDIENCES)
    assert not await Message.exists()
    assert await noted(cast) == {"commented": {"captain", "teammate"}}


async def test_nothing_is_noted_twice(cast: Cast) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await asyncio.gather(*(tell_waiting(AUDIENCES) for _process in range(3)))
    await make_captain(cast.project, cast.captain.id, by=cast.teacher)  # they are it already
    await tell_waiting(AUDIENCES)
    assert await Notification.count().where(Notification.person == cast.captain.id) == 1


async def test_what_a_rolled_back_round_of_telling_wrote_is_gone(cast: Cast) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    broken = [audience for audience in AUDIENCES if audience.mail != "commented"]
    unmailed = next(audience for audience in AUDIENCES if audience.mail == "commented")
    await tell_waiting([*broken, replace(unmailed, mail="no such mail")])
    assert not await Notification.exists()
    await tell_waiting(AUDIENCES)
    assert await noted(cast) == {"commented": {"captain", "teammate"}}


async def test_going_where_it_happened_notes_that_it_was_read_and_looking_does_not(cast: Cast) -> None:
    await forget()
    browser = await signed_in(cast.captain)
    await browser.open("/notifications")
    assert "Здесь пока тихо" in browser.text
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await in_writing(join(cast.project.id, cast.outsider, "student"))
    await tell_waiting(AUDIENCES)
    for _time in range(2):
        await browser.open("/notifications")
        assert await _unread(cast.captain) == 2
    assert browser.text.index("новый человек: Лев Чужой") < browser.text.index("Ольга Петровна комментирует раздел")
    row = await Notification.objects().where(
        (Notification.person == cast.captain.id) & (Notification.mail == "joined")
    ).first()  # fmt: skip
    assert row
    for _time in range(2):
        await browser.open("/notifications")
        await browser.post(f"/notifications/{row.id}", {"csrf": browser.csrf()})
        assert browser.path == f"/projects/{cast.project.id}/team"
    assert await _unread(cast.captain) == 1
    await browser.open("/notifications")
    assert f'href="/projects/{cast.project.id}/team"' in browser.page.text
    other = await signed_in(cast.teammate)
    await other.open("/notifications")
    assert (await other.post(f"/notifications/{row.id}", {"csrf": other.csrf()})).status_code == 404
    assert await _unread(cast.teammate) == 2


async def test_everything_is_marked_as_read_but_what_came_meanwhile(cast: Cast) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await tell_waiting(AUDIENCES)
    browser = await signed_in(cast.captain)
    await browser.open("/notifications")
    await comment(cast.project, "pitch", "Два", by=cast.teacher)
    await tell_waiting(AUDIENCES)
    await browser.send("/notifications/read")
    assert await _unread(cast.captain) == 1
    assert await _unread(cast.teammate) == 2
    await browser.send("/notifications/read")
    assert await _unread(cast.captain) == 0
    assert "Отметить всё прочитанным" not in browser.text


async def _unread(person: Person) -> int:
    number: int = await Notification.count().where((Notification.person == person.id) & Notification.unread())
    return number


async def test_every_page_counts_what_is_new_and_asks_nothing_more(cast: Cast) -> None:
    await forget()
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    with counting() as before:
        await browser.open("/profile")
    assert "новых:" not in browser.text
    at = now()
    for number in range(3):
        await Notification(person=cast.captain.id, event_id=number, mail="joined", created_at=at).save()
    with counting() as after:
        await browser.open("/profile")
    assert len(after) == len(before)
    assert "новых: 3" in browser.text
    await Notification.insert(
        *(
            Notification(person=cast.captain.id, event_id=number, mail="joined", created_at=at)
            for number in range(3, MOST_COUNTED + 2)
        )
    )
    await browser.open("/")
    assert "новых: 99+" in browser.text


async def test_the_pages_of_ones_work_say_what_is_new_since_yesterday(cast: Cast) -> None:
    submission = await submitted(cast)
    await forget()
    await comment(await fresh_project(cast.project), "problem", "Сколько?", by=cast.teacher)
    await assign(submission, cast.mentor, by=cast.organiser)
    other = await assign(submission, cast.second_mentor, by=cast.organiser)
    await decline(other, reason="Уезжаю", is_conflict=False, by=cast.second_mentor)
    await tell_waiting(AUDIENCES)
    for person, page, words in (
        (cast.captain, "/projects", "комментирует раздел «Проблема»"),
        (cast.mentor, "/desk", "Вас просят прочитать «Тихий улей»"),
        (cast.organiser, "/organiser", "Борис Волков"),
    ):
        browser = await signed_in(person)
        with counting() as looking:
            news = (await browser.open(page)).text.partition('id="unread"')[2].partition("</section>")[0]
        assert words in news, page
        with clock_at(now() + timedelta(days=1)):
            assert words in (await browser.open(page)).text
        with clock_at(now() + timedelta(days=2)):
            assert 'id="unread"' not in (await browser.open(page)).text
        number = news.partition('action="/notifications/')[2].partition('"')[0]
        await browser.open(page)
        await browser.send(f"/notifications/{number}")
        with counting() as read:
            assert 'id="unread"' not in (await browser.open(page)).text
        asked = [sum('"notification"."created_at" >' in sql for sql in queries) for queries in (looking, read)]
        assert asked == [1, 0], page  # nothing unread, nothing asked


async def test_what_is_over_says_only_what_kind_it_was(cast: Cast) -> None:
    await forget()
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await in_writing(join(cast.project.id, cast.outsider, "student"))
    await tell_waiting(AUDIENCES)
    row = await Comment.objects().first()
    assert row
    await resolve_comment(cast.project, row.id, by=cast.captain)
    browser = await signed_in(cast.captain)
    await browser.open("/notifications")
    assert "Лев Чужой" in browser.text
    assert "Комментарий к разделу" in browser.text
    assert "комментирует" not in browser.text
    await browser.send(f"/notifications/{await _id_of(cast.captain, 'commented')}")
    assert browser.path == "/notifications"
    left = await signed_in(cast.teammate)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    await left.open("/notifications")
    assert "Лев Чужой" not in left.text
    assert "Тихий улей" not in left.text
    await delete_project(await fresh_project(cast.project), typed="Тихий улей", reason="Проба", by=cast.organiser)
    await browser.open("/notifications")
    assert "Тихий улей" not in browser.text
    assert "Новый человек в команде" in browser.text


async def _id_of(person: Person, mail: str) -> int:
    row = await Notification.objects().where((Notification.person == person.id) & (Notification.mail == mail)).first()
    assert row
    return int(row.id)


async def test_the_page_speaks_the_language_in_which_it_is_read(cast: Cast) -> None:
    await forget()
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    browser = await signed_in(cast.mentor, language="en")
    await browser.open("/notifications?lang=en")
    with override_locale("en"):
        due = day(assignment.due_on)
    assert f"You are asked to read “Тихий улей” and review it by {due}" in browser.text
    assert "Today" in browser.text
    with clock_at(now() + timedelta(days=1)):
        await browser.open("/notifications?lang=ru")
    assert "Вчера" in browser.text
    assert "Вас просят прочитать «Тихий улей»" in browser.text


async def test_a_long_list_goes_on_after_its_last_line(cast: Cast) -> None:
    await forget()
    event = await Event.objects().order_by(Event.id).first()
    assert event
    at = now()
    await Notification.insert(
        *(
            Notification(person=cast.captain.id, event_id=event.id + number, mail=mail, created_at=at)
            for number, mail in enumerate(["codes_made", *["joined"] * PER_PAGE])
        )
    )
    browser = await signed_in(cast.captain)
    await browser.open("/notifications")
    oldest = packaged_mails()["codes_made"].name
    assert oldest not in browser.text
    assert browser.text.count('class="happening"') == PER_PAGE
    after = await _id_of(cast.captain, "codes_made") + 1
    await browser.open(f"/notifications?after={after}")
    assert oldest in browser.text
    assert browser.text.count('class="happening"') == 1
    assert (await browser.open("/notifications?after=x~y")).status_code == 200


async def test_two_accounts_of_one_person_have_one_list(cast: Cast) -> None:
    await forget()
    await in_writing(join(cast.project.id, cast.outsider, "student"))
    await comment(cast.project, "problem", "Раз", by=cast.teacher)
    await tell_waiting(AUDIENCES)
    alone = Notification(person=cast.teammate.id, event_id=10**6, mail="commented", created_at=now())
    await alone.save()
    await merge_for(cast.captain.id, cast.teammate.id, reason="Одна и та же Мария", by=cast.organiser)
    rows = await Notification.select(Notification.mail).where(Notification.person == cast.captain.id)
    assert sorted(row["mail"] for row in rows) == ["commented", "commented", "joined"]
    assert not await Notification.exists().where(Notification.person == cast.teammate.id)


async def test_the_bell_forgets_after_half_a_year(cast: Cast) -> None:
    assert forget_notifications in PERIODIC
    await forget()
    at = now() - timedelta(days=limits.NOTIFICATION_DAYS - 1)
    await Notification(person=cast.captain.id, event_id=1, mail="joined", created_at=at).save()
    assert await forget_notifications() == 0
    with clock_at(now() + timedelta(days=2)):
        assert await forget_notifications() == 1
        assert await forget_notifications() == 0


def test_every_sentence_belongs_to_a_mail_that_tells_an_event_and_asks_for_nothing_that_it_does_not_know() -> None:
    told = {audience.mail for audience in AUDIENCES}
    unmailed = {audience.mail for audience in AUDIENCES if not audience.is_mailed}
    for locale in LOCALES:
        with override_locale(locale):
            mails = packaged_mails()
            for mail, text in own_sentences().items():
                assert mail in told
                assert set(FIELD.findall(text)) <= ({"title"} if mail in unmailed else set(mails[mail].fields)), mail
                assert kind_in_words(mail)
