"""Mail at the rhythm its reader chose, with the packaged or the office's text."""

from datetime import timedelta

from incubator import config
from incubator.app import AUDIENCES, PERIODIC
from incubator.core.clock import clock_at, now
from incubator.jobs.periodic import run_once
from incubator.mail.delivery import as_email, deliver_waiting
from incubator.mail.tables import Message
from incubator.notifications.preferences import rhythm_of
from incubator.notifications.send import write_to
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import ask_to_confirm
from incubator.people.tables import Person
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh, submitted
from tests.mail.sent import subjects


async def test_mail_is_refused_at_its_own_link_and_bundled_by_choice(cast: Cast) -> None:
    submission = await submitted(cast)
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)  # what the others were told
    mentor = await signed_in(cast.mentor)
    await mentor.open("/profile/mail")
    await mentor.send("/profile/mail", assignments="daily", reminders="never")
    await assign(submission, cast.mentor, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    held = await Message.objects().where(Message.to == cast.mentor.email).first()
    assert held
    assert held.is_bundled
    assert held.next_attempt_at is None
    with clock_at(now() + timedelta(days=1)):
        assert (await run_once(PERIODIC))["send_digests"] == 1
        assert (await run_once(PERIODIC))["send_digests"] == 0
    digest = await Message.objects().where((Message.to == cast.mentor.email) & Message.is_bundled.eq(False)).first()
    assert digest
    assert digest.subject == "Новости за день: 1"
    assert "Вас ждёт рецензия: «Тихий улей»" in digest.body
    # The other mentor's mail program presses the unsubscribe button of RFC 8058, without a session and twice.
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await tell_waiting(AUDIENCES)
    sent = await Message.objects().where(Message.to == cast.second_mentor.email).first()
    assert sent
    nobody = Browser()
    assert "раз в день" in (await nobody.open(sent.unsubscribe)).text
    for _time in range(2):
        answer = await nobody.post(sent.unsubscribe, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    other = await signed_in(cast.second_mentor)
    await other.open("/profile/mail")
    assert dict(other.form("/profile/mail"))["assignments"] == "daily"
    assert (await nobody.open("/mail/assignments/off/wrong")).status_code == 404


async def test_a_digest_has_one_footer_however_many_mails_it_brings(cast: Cast) -> None:
    for title in ("Тихий улей", "Светлый путь"):
        await write_to(cast.mentor, "submitted", kind="submissions", link="/desk", title=title, number="1")
    await deliver_waiting()
    assert not await Message.exists().where(Message.sent_at.is_not_null())
    with clock_at(now() + timedelta(days=1)):
        await run_once(PERIODIC)
    digest = await Message.objects().where(Message.is_bundled.eq(False)).first()
    assert digest
    text = as_email(digest, config.settings).get_content()
    assert text.count("Светлый путь") == text.count("Тихий улей") == 1
    assert text.count("Программа «От идеи") == text.count("Получать такие письма реже") == 1
    assert text.rstrip().endswith(digest.unsubscribe)
    await write_to(cast.mentor, "assignment", kind="assignments", title="Тихий улей", day="5 мая")
    alone = await Message.objects().where(Message.subject == "Вас ждёт рецензия: «Тихий улей»").first()
    assert alone
    assert as_email(alone, config.settings).get_content().count("Получать такие письма реже:") == 1
    await write_to(cast.mentor, "posted", kind="posts", title="Тихий улей", name="Анна")
    refusable = await Message.objects().where(Message.subject == "«Тихий улей»: новое в обсуждении").first()
    assert refusable
    assert refusable.footer.count("реже или совсем не получать:") == 1


async def test_an_organiser_says_it_in_their_own_words(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    page = "/organiser/mails/assignment"
    await office.open(page)
    await office.send(page, preview="1", subject_ru="Ждём вас: {title}")
    assert "Ждём вас: Тихий улей" in office.text  # filled with an example
    await office.send(page, subject_ru="Ждём вас: {name}")
    assert "Такого поля в этом письме нет: {name}" in office.text
    await office.send(page, subject_ru="Ждём вас: {title}", body_ru="До {day}, пожалуйста")
    assert "Сохранено" in office.text
    await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    assert await subjects(cast.mentor) == ["Ждём вас: Тихий улей"]
    stale = await signed_in(cast.organiser)
    await stale.open(page)
    await office.open(page)
    await office.send(page, subject_ru="Первый")
    await stale.send(page, subject_ru="Второй")
    assert stale.page.status_code == 422
    assert "Второй" in stale.text  # what was typed stays


async def test_an_address_that_nobody_confirmed_gets_mail_about_its_account_alone(cast: Cast) -> None:
    """It may be a stranger's, and a subject has other people's words."""
    submission = await submitted(cast)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.mentor.id)
    await assign(submission, await fresh(cast.mentor), by=cast.organiser)
    assert await subjects(cast.mentor) == []
    await ask_to_confirm(await fresh(cast.mentor))
    assert await subjects(cast.mentor) == ["Подтвердите адрес почты"]


async def test_the_link_of_a_mail_belongs_to_whom_it_was_written_to(cast: Cast) -> None:
    """An address may change hands: neither its next owner nor the former one's new mailbox is touched by mistake."""
    await write_to(cast.mentor, "assignment", kind="assignments", link="/desk", title="Тихий улей")
    sent = await Message.objects().where(Message.to == cast.mentor.email).first()
    assert sent
    await Person.update({Person.email: "new@example.org"}).where(Person.id == cast.mentor.id)
    await Person.update({Person.email: cast.mentor.email}).where(Person.id == cast.second_mentor.id)
    nobody = Browser()
    await nobody.open(sent.unsubscribe)
    assert (await nobody.post(sent.unsubscribe, {"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await rhythm_of(cast.mentor.id, "assignments") == "daily"
    assert await rhythm_of(cast.second_mentor.id, "assignments") == "now"
