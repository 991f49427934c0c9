"""The whole path over HTTP, without JavaScript: sign up → idea → … → graduated → showcase, on both engines.

Every step checks the page, the row and the journal.
"""

import re
from collections import Counter
from typing import Any

from incubator.app import create_app
from incubator.core.clock import today
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.programme.install import install_defaults
from incubator.programme.stages import Stage
from incubator.projects.document import parts_of
from incubator.projects.staff_invitations import invite_from_server
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.tables import Assignment, Decision, Remark, Review
from tests.browser import Browser
from tests.cast import in_days
from tests.mail.sent import tell

PASSWORD = "три слова подряд"


async def last_link(to: str) -> str:
    """Return the link in the newest mail to ``to``."""
    await tell()
    row = await Message.select(Message.body).where(Message.to == to).order_by(Message.id, ascending=False).first()
    assert row, f"no mail to {to}"
    found = re.search(r"https?://[^/\s]+(/[\w/-]+)", row["body"])
    assert found
    return found[1]


async def happened(project: Project | None = None) -> list[str]:
    query = Event.select(Event.happened).order_by(Event.id)
    rows = await (query.where(Event.project_id == project.id) if project else query)
    return [row["happened"] for row in rows]


async def one(table: Any, where: Any) -> Any:
    row = await table.objects().where(where).order_by(table.id, ascending=False).first()
    assert row is not None
    return row


async def sign_up_by_invitation(app: Any, email: str, given: str, family: str, *, adult: bool) -> Browser:
    """Open the mailed invitation and accept it with a new account, whose address it proves."""
    browser = Browser(app)
    link = await last_link(email)
    await browser.open(link)
    assert email in browser.text
    born: dict[str, Any] = {"born_day": 3, "born_month": 9, "born_year": 1985} if adult else {}
    await browser.send(f"{link}/account", password=PASSWORD, given_name=given, family_name=family, **born)
    assert (await one(Person, Person.email == email)).email_confirmed_at is not None
    return browser


async def test_from_the_first_word_to_the_showcase(database: Any) -> None:
    app = create_app()
    await install_defaults()

    # An organiser, invited from the command line, opens a season.
    secret = await invite_from_server("organiser", email="office@example.org")
    office = Browser(app)
    await office.open(f"/invitations/{secret}")
    await office.send(f"/invitations/{secret}/account", password=PASSWORD, given_name="Галина", family_name="Смирнова")
    assert office.path == "/organiser"
    assert "Сейчас нет открытого сезона" in office.text
    await office.open("/organiser/seasons/new")
    await office.send(
        "/organiser/seasons/new",
        title_ru="Сезон",
        title_en="Season",
        slug="now",
        opens_on=today(),
        closes_on=in_days(270),
    )
    assert "Сезон открыт" in office.text

    # A student starts an idea: three pages, two required fields.
    student = Browser(app)
    await student.open("/")
    assert "Предложить идею" in student.text
    await student.open("/start")
    assert student.page.text.count(" required") == 2
    await student.send("/start", email="maria@example.org", password=PASSWORD)
    assert re.fullmatch(r"/projects/\d+", student.path)
    person = await one(Person, Person.email == "maria@example.org")
    project = await one(Project, Project.id > 0)
    assert (project.stage, project.state, project.round) == ("idea", "draft", 1)
    assert await happened(project) == ["started"]
    base = f"/projects/{project.id}"

    # The address is confirmed by a click on the mailed link's page, not by merely opening it.
    link = await last_link("maria@example.org")
    await student.open(link)
    assert (await one(Person, Person.id == person.id)).email_confirmed_at is None
    await student.send(link)
    assert (await one(Person, Person.id == person.id)).email_confirmed_at is not None
    assert "email_confirmed" in await happened()
    await student.open("/profile")
    await student.send("/profile", given_name="Мария", family_name="Кузнецова")

    # Details and sections; the gate lists what is missing until nothing is.
    await student.open(f"{base}/details")
    await student.send(
        f"{base}/details", title="Тихий улей", cluster=1, municipality=2, organisation="Гатчинский лицей",
        help_wanted="Пасека для испытаний",
    )  # fmt: skip
    assert "Такой организации у нас ещё нет" in student.text
    await student.send(f"{base}/details", organisation_kind="school")
    assert "Сохранено" in student.text
    for part in await parts_of(await one(Project, Project.id == project.id)):
        await student.open(f"{base}/answers/{part.key}")
        await student.send(f"{base}/answers/{part.key}", text=f"Первый ответ: {part.key}. Пчёлы шумят перед роением.")
        assert "Сохранено" in student.text
    await student.open(base)
    assert "Пригласите педагога" in student.text
    assert "нет согласия на участие" in student.text
    await student.post(f"{base}/submission", {"csrf": student.csrf()})
    assert "Рубеж пока закрыт" in student.text
    assert (await one(Project, Project.id == project.id)).state == "draft"

    # A team mate by link, a teacher by mail; the teacher records the guardians' forms.
    await student.open(f"{base}/team")
    await student.send(f"{base}/team/invitations", way="email", email="teacher@example.org", role="teacher")
    teacher = await sign_up_by_invitation(app, "teacher@example.org", "Ольга", "Петровна", adult=True)
    assert teacher.path == base
    invitation = re.search(
        r'value="http[^"]*(/invitations/[\w-]+)"',
        (
            await student.post(f"{base}/team/invitations", {"csrf": student.csrf(), "way": "link", "role": "student"})
        ).text,
    )
    assert invitation
    mate = Browser(app)
    await mate.open(f"/sign-up?next={invitation[1]}")
    await mate.send("/sign-up", email="ivan@example.org", password=PASSWORD, given_name="Иван", family_name="Соколов")
    link = await last_link("ivan@example.org")
    await mate.open(link)
    await mate.send(link)
    await mate.open(invitation[1])
    await mate.send(invitation[1])
    assert {m["role"] for m in await Member.select(Member.role)} == {"captain", "student", "teacher"}
    mates = [await one(Person, Person.email == f"{n}@example.org") for n in ("maria", "ivan", "teacher")]

    # Nobody knows the teacher yet: an organiser vouches for her.
    await teacher.open(f"{base}/team")
    assert "Ждём, когда вас подтвердят" in teacher.text
    assert "Кузнецова" not in teacher.text
    assert not teacher.has_form(f"{base}/team/members/{mates[0].id}/consents/participation")
    await office.open("/vouching")
    await office.send(f"/vouching/{project.id}/{mates[2].id}")
    assert "Никто не ждёт" in office.text
    for one_of_them in mates:  # including the teacher's own consent
        await teacher.open(f"{base}/team")
        await teacher.send(f"{base}/team/members/{one_of_them.id}/consents/participation")
        assert "Согласие записано" in teacher.text

    # Mentors are invited by mail.
    mentors: list[Browser] = []
    for name in ("anna", "boris"):
        await office.open("/organiser/people")
        await office.send(
            "/organiser/people", email=f"{name}@plant.example", role="mentor", organisation="Завод «Заря»"
        )
        if name == "anna":  # nobody has named the plant before
            await office.send("/organiser/people", organisation_kind="enterprise")
        mentors.append(await sign_up_by_invitation(app, f"{name}@plant.example", name.title(), "Наставник", adult=True))
        assert mentors[-1].path == "/desk"

    async def hand_in(number: int, stage: str, round_: int) -> Submission:
        await student.open(base)
        await student.send(f"{base}/submission")
        assert f"версия {number}" in student.text
        submission = await one(Submission, Submission.number == number)
        assert (submission.stage, submission.round) == (stage, round_)
        assert (await one(Project, Project.id == project.id)).state == "in_review"
        assert (await happened(project))[-1] == "submitted"
        return submission  # type: ignore[no-any-return]

    async def review(submission: Submission, recommendation: str) -> None:
        page = f"/organiser/submissions/{submission.id}"
        for mentor, email in zip(mentors, ("anna@plant.example", "boris@plant.example"), strict=True):
            someone = await one(Person, Person.email == email)
            await office.open(page)
            await office.send(f"{page}/assignments", mentor=someone.id)
            assignment = await one(
                Assignment, (Assignment.submission == submission.id) & (Assignment.mentor == someone.id)
            )
            await mentor.open("/desk")
            assert "Тихий улей" in mentor.text
            path = f"/reviews/{assignment.id}"
            await mentor.open(path)
            if submission.number == 2:
                assert "Что изменилось" in mentor.text
                assert "О чём просили в прошлый раз" in mentor.text
            names: dict[str, Any] = {
                f"level__{key}": "2" for key in re.findall(r'name="level-([\w-]+)"', mentor.page.text)
            }
            await mentor.send(path, advice="Поговорите с тремя пасечниками.", recommendation=recommendation, **names)
            assert "Черновик сохранён" in mentor.text
            await mentor.open(path)
            await mentor.send(path, send="1")
            assert "Рецензия отправлена" in mentor.text
            assert (await one(Review, Review.assignment == assignment.id)).sent_at is not None

    decided: Counter[str] = Counter()

    async def decide(submission: Submission, outcome: str, **more: Any) -> None:
        page = f"/organiser/submissions/{submission.id}"
        await office.open(page)
        assert '<strong class="score">67\xa0%</strong>' in office.text  # two thirds of the maximum in every criterion
        await office.send(f"{page}/decision", outcome=outcome, reason=f"Причина: {outcome}", **more)
        assert "Решение записано" in office.text
        await student.open(base)
        assert f"Причина: {outcome}" not in student.text  # nobody knows yet
        await student.open(f"{base}/submissions/{submission.number}")
        assert "Поговорите с тремя пасечниками" not in student.text
        await office.open("/organiser/decisions/release")
        assert f"Причина: {outcome}" in office.text  # the mail as it will be sent
        await office.send("/organiser/decisions/release")
        assert (await one(Decision, Decision.submission == submission.id)).released_at is not None
        await tell()
        mails = await Message.select(Message.body).where(Message.to == "maria@example.org")
        decided[outcome] += 1
        assert sum(f"Причина: {outcome}" in mail["body"] for mail in mails) == decided[outcome]

    # Round one is returned with a remark on a section; round two passes.
    first = await hand_in(1, "idea", 1)
    await review(first, "return")
    await decide(first, "return", remark_key=["problem"], remark_text=["Сколько пасек вы спросили?"])
    now_at = await one(Project, Project.id == project.id)
    assert (now_at.stage, now_at.state, now_at.round) == ("idea", "draft", 2)
    assert (await happened(project))[-1] == "returned"
    await student.open(base)
    assert "Сколько пасек вы спросили?" in student.text
    await student.open(f"{base}/submissions/1")
    assert "Поговорите с тремя пасечниками" in student.text
    assert "Наставник" not in re.sub(r"<nav.*?</nav>", "", student.text, flags=re.S).replace("Наставники", "").replace(
        "Наставникам", ""
    )
    await student.open(base)
    await student.send(f"{base}/answers", text__problem="Мы спросили двенадцать пасек. Пчёлы шумят перед роением.")
    remark = await one(Remark, Remark.project == project.id)
    await student.send(f"{base}/remarks/{remark.id}/addressed", answer="Спросили двенадцать пасек")
    assert (await one(Remark, Remark.id == remark.id)).addressed_at is not None
    second = await hand_in(2, "idea", 2)
    await review(second, "advance")
    await decide(second, "advance")
    assert (await happened(project))[-1] == "advanced"

    # The next stages: earlier sections are carried over, new ones have to be written.
    for number, stage in ((3, Stage.PROJECT), (4, Stage.PLAN)):
        now_at = await one(Project, Project.id == project.id)
        assert (now_at.stage, now_at.state, now_at.round) == (stage.value, "draft", 1)
        await student.open(base)
        assert "Мы спросили двенадцать пасек" in student.text
        for part in await parts_of(now_at):
            if not part.text:
                await student.open(f"{base}/answers/{part.key}")
                answer = f"Ответ этапа {stage}: {part.key}"
                cells: dict[str, dict[str, Any]] = {
                    "budget": {"what": [answer, ""], "price": ["1 200,50", ""]},
                    "economics": {"price": "1 200,50"},
                    "canvas": {"problem": answer},
                    "plan": {"task": [answer, ""], "ends": ["2027-01-10", ""]},
                    "readiness": {"level": "3", "proof": answer},
                    "links": {"title": [answer, ""], "link": ["https://example.org/video", ""]},
                    "cash_flow": {"own": "1 200,50", "price": "100", "units": "10"},
                }
                filled = cells.get(part.kind.key, {"text": answer})
                await student.send(f"{base}/answers/{part.key}", True, **filled)
        submission = await hand_in(number, stage.value, 1)
        await review(submission, "advance")
        await decide(submission, "advance")
    now_at = await one(Project, Project.id == project.id)
    assert now_at.state == "graduated"
    assert (await happened(project))[-1] == "graduated"
    await student.open(base)
    assert "Все три рубежа пройдены" in student.text
    assert not student.has_form(f"{base}/submission")

    # The team asks, the organiser approves, a visitor sees it.
    visitor = Browser(app)
    await visitor.open("/showcase")
    assert "Тихий улей" not in visitor.text
    await student.open(f"{base}/showcase")
    await student.send(f"{base}/publication")
    await office.open(f"/organiser/publications/{project.id}")
    await office.send(f"/organiser/publications/{project.id}")
    assert (await happened(project))[-2:] == ["publication_asked", "published"]
    await visitor.open("/showcase?q=улью")
    assert f"/showcase/{now_at.slug}" in visitor.text
    await visitor.open(f"/showcase/{now_at.slug}")
    assert visitor.page.status_code == 200
    for expected in (
        "Имена участников не показаны.",
        "Как рос проект",
        "Что узнала команда: «Проверка гипотез»",
        "двенадцать",
        "Завод «Заря»",
        "Пасека для испытаний",
        "рубеж пройден",
    ):
        assert expected in visitor.text
    assert "Мария" not in visitor.text
    assert "Кузнецова" not in visitor.text
    assert "maria@example.org" not in visitor.text

    # A withdrawn consent takes effect at the next request.
    await student.open(f"{base}/team")
    await student.send(f"{base}/team/members/{mates[0].id}/consents/participation", withdraw="1")
    assert (await visitor.open(f"/showcase/{now_at.slug}")).status_code == 200
    assert "Мария" not in visitor.text
