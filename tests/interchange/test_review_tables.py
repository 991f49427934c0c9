"""Tables of reviews as other programmes make them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from incubator.core.clock import now
from incubator.interchange.import_commands import undo
from incubator.interchange.import_report import ImportRefused, ImportReport
from incubator.interchange.review_rows import ReviewImport
from incubator.interchange.reviews import import_rows
from incubator.interchange.tables import ImportBatch
from incubator.people.address_change import change_address_for
from incubator.people.tables import Person
from incubator.privacy.merging import merge_for
from incubator.programme.tables import Criterion
from incubator.projects.tables import Project, Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.review_statistics import statistics_of
from incubator.reviews.reviewing.review import Opinion, assignment_for, save_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision, Review, ReviewScore
from tests.cast import Cast, submitted
from tests.interchange.files import Bar, as_csv, json_lines
from tests.interchange.test_import_reviews import bring_projects

WISH = ReviewImport(
    project_column="id", source="proposals", mentor_column="Эксперт",
    criteria={"Польза": "Польза", "Польза для всех": "Охват"}, lowest=1, highest=5, advice_columns=("Совет",),
)  # fmt: skip


@pytest.fixture
async def proposals(database: Any, tmp_path: Path) -> None:
    rows = [{"id": n, "title": title} for n, title in enumerate(["Мост", "Маяк", "Сад", "Лес"], start=1)]
    await bring_projects(json_lines(tmp_path / "p.jsonl", rows), {})


def row(project: int, mentor: str, use: str, reach: str = "", **more: str) -> dict[str, Any]:
    return {"id": str(project), "Эксперт": mentor, "Польза": use, "Охват": reach, "Совет": "Дальше"} | more


async def bring(tmp_path: Path, *rows: dict[str, Any], dry_run: bool = False, **options: Any) -> ImportReport:
    path = as_csv(tmp_path / "r.csv", rows, delimiter=";")
    return await import_rows(path, replace(WISH, **options), dry_run=dry_run, batch=2, progress=Bar())


async def levels() -> list[int | None]:
    return [each["level"] for each in await ReviewScore.select(ReviewScore.level).order_by(ReviewScore.id)]


async def test_levels_are_numbers_words_or_nothing(proposals: None, tmp_path: Path) -> None:
    words = {"отлично": 5, "Слабо": 1}
    report = await bring(
        tmp_path,
        row(1, "Коваль", "4,0", "н/п"),
        row(1, "Ковал", " Отлично ", "-"),
        row(2, "Коваль", "слабо", "3"),
        words=words,
    )
    assert report.problems == []
    assert await levels() == [4, None, 5, None, 1, 3]
    assert await Person.count().where(Person.email.like("%.invalid")) == 2  # «Коваль» and «Ковал» slug alike
    assert await Criterion.count().where(Criterion.title_ru.like("Польза%")) == 2  # so do the criteria


async def test_halves_fit_a_scale_of_twice_as_many_levels(proposals: None, tmp_path: Path) -> None:
    report = await bring(tmp_path, row(1, "а", "2,5", "4"), dry_run=True)
    assert "--times 2" in report.problems[0].text
    assert (await bring(tmp_path, row(1, "а", "2,5", "4"), times=2)).problems == []
    assert await levels() == [5, 8]
    scales = {
        (each["lowest"], each["highest"]) for each in await Criterion.select().where(Criterion.is_current.eq(False))
    }
    assert scales == {(2, 10)}
    (summary,) = (await statistics_of([each["submission"] for each in await Review.select(Review.submission)])).values()
    assert summary.mean == pytest.approx(((2.5 - 1) / 4 + (4 - 1) / 4) / 2 * 100)


async def test_each_criterion_has_its_scale_and_another_file_no_other_one(proposals: None, tmp_path: Path) -> None:
    scales = {"Польза для всех": (1, 10)}
    report = await bring(tmp_path, row(1, "а", "5", "9"), row(1, "б", "6", "11"), scales=scales)
    assert [(each.row, each.column) for each in report.problems] == [(3, "Польза"), (3, "Охват")]
    assert "от 1 до 10" in report.problems[1].text
    with pytest.raises(ImportRefused, match="от 1 до 10, а здесь – от 1 до 5"):
        await bring(tmp_path, row(2, "в", "5", "5"))
    assert await Review.count() == 1


async def test_recommendation_and_day_come_along(proposals: None, tmp_path: Path) -> None:
    columns: dict[str, Any] = {"recommendation_column": "Итог", "date_column": "Когда"}
    tomorrow = (now() + timedelta(days=2)).strftime("%d.%m.%Y")
    report = await bring(
        tmp_path,
        row(1, "а", "5", Итог="Доработать", Когда="3.2.2026"),
        row(2, "а", "5", Итог="допустить", Когда="2026-02-04"),
        row(3, "а", "5", Итог="может быть", Когда="никогда"),
        row(4, "а", "5", Итог="", Когда=tomorrow),
        **columns,
    )
    assert [(each.row, each.column) for each in report.problems] == [(4, "Итог"), (4, "Когда"), (5, "Когда")]
    assert "допустить" in report.problems[0].text
    sent = await Review.select(Review.recommendation, Review.sent_at).order_by(Review.id)
    assert [(each["recommendation"], each["sent_at"].date().isoformat()) for each in sent] == [
        ("return", "2026-02-03"), ("advance", "2026-02-04"),
    ]  # fmt: skip


async def test_a_column_that_is_not_there_is_said(proposals: None, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"нет столбца «Оценка»\. Есть столбцы: id, Эксперт, Польза, Охват, Совет"):
        await bring(tmp_path, row(1, "а", "5"), criteria={"x": "Оценка"})


async def test_reviews_that_have_slipped_are_asked_about(proposals: None, tmp_path: Path) -> None:
    titles = ["Маяк", "Сад", "Лес", "Мост"]
    rows = [row(n, "а", "5", Проект=title) for n, title in enumerate(titles, start=1)]
    with pytest.raises(ImportRefused, match="сдвинуты"):
        await bring(tmp_path, *rows, title_column="Проект")
    assert await Review.count() == 0
    assert (await bring(tmp_path, *rows, title_column="Проект", is_looked_at=True)).created == 4


async def test_an_import_of_reviews_is_undone_where_nothing_was_decided(proposals: None, tmp_path: Path) -> None:
    await bring(tmp_path, row(1, "а", "5"), row(2, "а", "4"), row(2, "б", "3"))
    first = await Submission.objects(Submission.project).order_by(Submission.id).first()
    assert first
    await Decision(submission=first.id, outcome="return", reason="…", decided_at=now()).save()
    begun = await ImportBatch.objects().where(ImportBatch.kind == "reviews").first()
    assert begun
    await undo(begun.id, is_meant=True)
    assert [each["submission"] for each in await Assignment.select(Assignment.submission)] == [first.id]
    assert await Person.count().where(Person.email.like("%.invalid")) == 1
    assert await Project.count() == 4
    stored = await statistics_of([each["id"] for each in await Submission.select(Submission.id)])
    assert sum(each.mean is not None for each in stored.values()) == 1


async def test_what_a_reviewer_has_changed_here_is_not_undone(proposals: None, tmp_path: Path) -> None:
    await bring(tmp_path, row(1, "а", "5"), row(2, "а", "4"))
    review = await Review.objects().order_by(Review.id).first()
    assert review
    mentor = await Person.objects().get(Person.id == review.mentor)
    assert mentor
    submission = await Submission.objects().get(Submission.id == review.submission)
    assert submission
    opinion = Opinion(
        {each.id: 1 for each in await rubric_of(submission)}, "Две страницы, написанные заново", "", "advance"
    )
    theirs = await assignment_for(mentor, review.assignment)
    assert theirs
    await save_review(theirs, opinion, version=1, by=mentor)
    begun = await ImportBatch.objects().where(ImportBatch.kind == "reviews").first()
    assert begun
    await undo(begun.id, is_meant=True)
    assert [each["id"] for each in await Review.select(Review.id)] == [review.id]


async def test_what_mentors_are_asked_here_is_asked_on(cast: Cast, tmp_path: Path) -> None:
    await bring_projects(json_lines(tmp_path / "p.jsonl", [{"id": 1, "title": "Мост"}]), {})
    submission = await Submission.objects(Submission.project).where(Submission.title == "Мост").first()
    assert submission
    await Submission.update({Submission.rubric: (await submitted(cast)).rubric}).where(Submission.id == submission.id)
    before = [each.key for each in await rubric_of(await fresh_submission(submission))]
    await assign(submission, cast.mentor, by=cast.organiser)
    await bring(tmp_path, row(1, "а", "5"))
    asked = [each.key for each in await rubric_of(await fresh_submission(submission))]
    assert (asked[: len(before)], len(asked)) == (before, len(before) + 2)
    begun = await ImportBatch.objects().where(ImportBatch.kind == "reviews").first()
    assert begun
    await undo(begun.id, is_meant=True)
    assert [each.key for each in await rubric_of(await fresh_submission(submission))] == before


async def test_undoing_puts_back_what_was_asked_before(proposals: None, tmp_path: Path) -> None:
    first = await Submission.objects().order_by(Submission.id).first()
    assert first
    before = first.rubric
    await bring(tmp_path, row(1, "а", "5"))
    await bring(tmp_path, row(1, "б", "4"))
    for batch in await ImportBatch.objects().where(ImportBatch.kind == "reviews").order_by(ImportBatch.id):
        assert (await fresh_submission(first)).rubric != before
        await undo(batch.id, is_meant=True)
    assert (await fresh_submission(first)).rubric == before


async def fresh_submission(submission: Submission) -> Submission:
    fresh = await Submission.objects().get(Submission.id == submission.id)
    assert fresh
    return fresh


@pytest.mark.parametrize("how", ["a real mailbox", "merged"])
async def test_reviews_come_once_whatever_becomes_of_the_reviewers_account(
    cast: Cast, tmp_path: Path, how: str
) -> None:
    await bring_projects(json_lines(tmp_path / "p.jsonl", [{"id": 1, "title": "Мост"}]), {})
    await bring(tmp_path, row(1, "Анна Орлова", "5"))
    person = await Person.objects().where(Person.email.like("%.invalid")).first()
    assert person
    if how == "merged":
        await merge_for(cast.mentor.id, person.id, reason="Это она", by=cast.organiser)
    else:
        await change_address_for(person.id, "anna.orlova@example.org", reason="Нашлась", by=cast.organiser)
    report = await bring(tmp_path, row(1, "Анна Орлова", "5"))
    assert (report.known, report.created, await Review.count()) == (1, 0, 1)


async def test_no_review_comes_to_what_is_decided(proposals: None, tmp_path: Path) -> None:
    first = await Submission.objects().order_by(Submission.id).first()
    assert first
    await Decision(submission=first.id, outcome="return", reason="…", decided_at=now()).save()
    report = await bring(tmp_path, row(1, "а", "5"), row(2, "а", "4"))
    assert (report.created, [str(each) for each in report.problems]) == (
        1, ["строка 2, id: решение по этой заявке уже есть: рецензию к ней не добавить"],
    )  # fmt: skip
    assert (await fresh_submission(first)).rubric == first.rubric
