"""A business plan that a team is about to fill in: three students, and what they type."""

from incubator.db import writing
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.people.hashing import hash_password
from incubator.people.tables import Person
from incubator.programme.stages import Stage
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.consents import PARTICIPATION, PHOTO, give_consent
from incubator.projects.document import parts_of
from incubator.projects.kinds.readiness import KIND as READINESS
from incubator.projects.kinds.registry import TEXT, sheet_kind_of
from incubator.projects.kinds.sheet import Sheet
from incubator.projects.tables import Project, Submission
from incubator.projects.team import join
from incubator.reviews.assignment.assign import assign
from tests.cast import Cast, consent_all, fill_details, fresh, fresh_project, in_days, make_cast, send

PASSWORD = "синий чайник поёт"

#: What is typed, by the key of its cell.
CANVAS = {
    "problem": "Зимой не видно, жив ли рой", "segments": "Пасечники района", "proposition": "Слышно, как живёт рой",
    "solution": "Датчик под крышкой", "channels": "Клуб пчеловодов", "revenue": "Продажа датчиков",
    "costs": "Доски\nДатчики", "metrics": "Живых ульев к весне", "advantage": "Свои записи за три зимы",
}  # fmt: skip
ECONOMICS = {"unit": "датчик", "price": "1 200,50", "variable": "700,25", "fixed": "12 тыс."}
CASH = {"own": "45 000", "price": "1.200,50", "units": "30", "variable": "700,25", "fixed": "12 тыс."}
#: The same by the label of the column.
BUDGET = [
    {"Что": "Датчики", "Сколько": "30", "Цена, ₽": "350,50"},
    {"Что": "Доски", "Сколько": "12", "Цена, ₽": "210"},
]
PLAN = [
    {
        "Задача": "Собрать тридцать датчиков", "Начало": in_days(5).isoformat(), "Срок": in_days(40).isoformat(),
        "Кто отвечает": "Лев",
    },
    {"Задача": "Показать пасечникам", "Срок": in_days(60).isoformat(), "Кто отвечает": "Иван"},
]  # fmt: skip


async def a_plan_to_write() -> Cast:
    """Return the cast at the stage of the business plan, its texts written, and an outsider as the third of the team."""
    cast = await make_cast()
    async with writing():
        await join(cast.project.id, cast.outsider, "student")
    await fill_details(cast)
    await Project.update({Project.stage: Stage.PLAN.value}).where(Project.id == cast.project.id)
    await consent_all(cast, PHOTO)
    for purpose in (PARTICIPATION, PHOTO):
        await give_consent(cast.project, cast.outsider, purpose, by=cast.teacher)
    project, level = (
        await fresh_project(cast.project),
        Sheet("readiness", fields={"level": "4", "proof": "Опыт на столе"}),
    )
    for part in await parts_of(project):
        if not part.text and part.kind in (TEXT, READINESS):
            text = READINESS.stored(level) if part.kind is READINESS else f"Ответ: {part.key}"
            await save_answer(project, part.key, text, version=part.version, by=cast.captain)
    hashed = await hash_password(PASSWORD)
    students = [each.id for each in (cast.captain, cast.teammate, cast.outsider)]
    await Person.update({Person.password: hashed}).where(Person.id.is_in(students))
    for name in ("captain", "teammate", "outsider"):
        setattr(cast, name, await fresh(getattr(cast, name)))
    return cast


async def stored(cast: Cast, key: str) -> Sheet:
    """Return the cells of a section as they stand in the database."""
    answer, kinds = (
        await answer_of(cast.project.id, key),
        {"finance": "cash_flow", "pictures": "files", "appendices": "files"},
    )
    kind = sheet_kind_of(kinds.get(key, key))
    assert answer
    assert kind
    return kind.sheet(answer.text)


async def newest_submission(cast: Cast) -> Submission:
    row = (
        await Submission.objects()
        .where(Submission.project == cast.project.id)
        .order_by(Submission.id, ascending=False)
        .first()
    )
    assert row
    return row


async def judged(cast: Cast, outcome: str) -> None:
    """Review the newest version for the second time, decide, and tell the team."""
    submission = await newest_submission(cast)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(second, submission, cast.second_mentor, recommendation=outcome)
    remarks = (("finance", "Откуда такая цена?"),) if outcome == "return" else ()
    await release(
        await decide(submission, outcome, reason="Так решили", remarks=remarks, by=cast.organiser), by=cast.organiser
    )
