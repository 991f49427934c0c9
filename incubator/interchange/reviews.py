"""Importing reviews of imported projects, with their own criteria."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.text import fingerprint, slugify
from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.interchange.import_batches import finish_import, record_import, require_running
from incubator.interchange.import_report import ImportRefused, ImportReport, Progress, Step, batches, unseen
from incubator.interchange.imported_rubrics import former_rubric
from incubator.interchange.project_context import column_named
from incubator.interchange.projects import imported_projects
from incubator.interchange.review_columns import review_fields
from incubator.interchange.review_rows import CheckedReview, ImportedVersions, ReviewImport, check_review
from incubator.interchange.slipped_titles import SlippedTitles
from incubator.interchange.table_fields import recognises
from incubator.interchange.tables import ImportedRow
from incubator.people.ages import AgeKnown
from incubator.people.tables import Person
from incubator.programme.tables import Criterion
from incubator.projects.tables import Project, Submission
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.tables import Assignment, Decision, Review, ReviewScore
from incubator.tabular.reading import TableFile, open_table
from incubator.tabular.rows import Problem


async def import_rows(
    path: Path, wish: ReviewImport, *, dry_run: bool, batch: int, progress: Progress = unseen,
    into: int = 0, step: Step | None = None,
) -> ImportReport:  # fmt: skip
    """Import (or with ``dry_run`` only check) every review in ``path``, as sent reviews.

    A mentor's review of a submission that exists already is left alone. ``into`` is the number of the import if it is
    recorded already. Raises UnknownFormat, ImportRefused.
    """
    table = await asyncio.to_thread(opened, path, wish)
    if unknown := set(wish.scales) - set(wish.criteria):
        raise ImportRefused(_("нет критерия «%(name)s»", name=sorted(unknown)[0]))
    _require_columns(wish)
    wish = _with_columns(wish, table)
    report = ImportReport(notes=list(table.notes))
    submissions = await _submissions(wish.source)
    await _require_same_scales(wish, submissions)
    people = await _people(wish.source)
    good, slipped = await _checked(table, wish, submissions, people, report)
    report.suspicion = slipped.suspicion()
    report.created = len(good)
    if dry_run or not (good or into):
        return report
    if report.suspicion and not wish.is_looked_at:
        raise ImportRefused(report.suspicion)
    number = into or (await record_import("reviews", wish.source, path.name)).id
    done = 0
    with progress(len(good)) as bar:
        for part in batches(good, batch):
            async with writing():
                await require_running(number)
                await _write(list(part), wish, people, number)
                done += len(part)
                if step is not None:
                    await step(done)
            bar.update(len(part))
    return await finish_import(number, report)


def _require_columns(wish: ReviewImport) -> None:
    """Raise ImportRefused if nobody said where something is without which there is no review."""
    if not wish.project_column:
        raise ImportRefused(_("скажите, в каком столбце номер или название проекта"))
    if not wish.mentor_column:
        raise ImportRefused(_("скажите, в каком столбце имя того, кто рецензирует"))
    if not wish.criteria:
        raise ImportRefused(_("скажите, в каких столбцах баллы"))


def opened(path: Path, wish: ReviewImport) -> TableFile:
    return open_table(path, sheet=wish.sheet, is_known=recognises(review_fields()), most=wish.most)


async def _checked(
    table: TableFile, wish: ReviewImport, submissions: ImportedVersions, people: dict[str, int], report: ImportReport
) -> tuple[list[CheckedReview], SlippedTitles]:  # fmt: skip
    """Return the sound rows that are not there yet, and what their titles say; count in ``report`` what becomes of each."""
    known = {(r["submission"], r["mentor"]) for r in await Assignment.select(Assignment.submission, Assignment.mentor)}
    decided = {row["submission"] for row in await Decision.select(Decision.submission)}
    good: list[CheckedReview] = []
    seen: dict[tuple[int, str], int] = {}
    slipped = SlippedTitles()
    for row in table.rows:
        report.rows += 1
        if wish.most is not None and report.rows > wish.most:
            raise ImportRefused(_("строк больше %(most)s: разделите файл", most=wish.most))
        checked = check_review(row, wish, submissions, report)
        if checked is None:
            continue
        before = seen.setdefault((checked.submission.id, checked.mentor), row.number)
        if before != row.number:
            report.add(Problem(row.number, wish.mentor_column, _("то же, что в строке %(row)s", row=before)))
            continue
        slipped.note([(row.number, checked.title or checked.submission.title, checked.submission.title)])
        if (checked.submission.id, people.get(_key(checked.mentor))) in known:
            report.known += 1
        elif checked.submission.id in decided:
            told = _("решение по этой заявке уже есть: рецензию к ней не добавить")
            report.add(Problem(row.number, wish.project_column, told))
        else:
            good.append(checked)
    return good, slipped


def _with_columns(wish: ReviewImport, table: TableFile) -> ReviewImport:
    """Return the wish with the names of columns as the table has them. Raises ImportRefused if one is missing."""

    def found(name: str) -> str:
        return column_named(table, name) if name else ""

    return replace(
        wish, project_column=found(wish.project_column), mentor_column=found(wish.mentor_column),
        criteria={key: found(column) for key, column in wish.criteria.items()},
        advice_columns=tuple(found(column) for column in wish.advice_columns),
        confidence_column=found(wish.confidence_column), recommendation_column=found(wish.recommendation_column),
        date_column=found(wish.date_column), title_column=found(wish.title_column),
    )  # fmt: skip


async def _require_same_scales(wish: ReviewImport, submissions: ImportedVersions) -> None:
    """Raise ImportRefused if an earlier file of this source gave a criterion another scale: the two would not add up."""
    projects = [submission.project for submission in submissions]
    seasons = await Project.select(Project.season).where(Project.id.is_in(projects or [0]))
    rows = await Criterion.objects().where(
        Criterion.season.is_in(sorted({row["season"] for row in seasons}) or [0])
        & Criterion.key.is_in([_criterion_key(wish.source, key) for key in wish.criteria])
    )
    keys = {_criterion_key(wish.source, key): key for key in wish.criteria}
    for row in rows:
        is_used = await ReviewScore.exists().where(ReviewScore.criterion == row.id)
        if is_used and (row.lowest, row.highest) != wish.scale(keys[row.key]):
            low, high = wish.scale(keys[row.key])
            raise ImportRefused(_another_scale(keys[row.key], (row.lowest, row.highest), (low, high)))


def _another_scale(key: str, before: tuple[int, int], now_said: tuple[int, int]) -> str:
    return _(
        "у критерия «%(key)s» уже есть шкала от %(low)s до %(high)s, а здесь – от %(new_low)s до %(new_high)s: назовите "
        "критерий иначе или приведите оценки к той же шкале",
        key=key, low=before[0], high=before[1], new_low=now_said[0], new_high=now_said[1],
    )  # fmt: skip


async def _submissions(source: str) -> ImportedVersions:
    """Return the imported versions of the projects of a source."""
    ids = {project: own_id for own_id, project in (await imported_projects(source)).items()}
    rows = await Submission.objects().where((Submission.number == 1) & Submission.project.is_in(list(ids) or [0]))
    return ImportedVersions({ids[row.project]: row for row in rows})


def _address(source: str, mentor: str) -> str:
    """Return an address that cannot receive mail: imported reviewers have no usable account.

    It has digests of the name and of the source, since «Иванов И.» and «Иванов И», or two names in Chinese, are one word in an
    address.
    """
    return f"{slugify(mentor, 30) or 'mentor'}-{_key(mentor)}@{_domain(source)}"


def _key(mentor: str) -> str:
    """Return what stands for a reviewer's name in addresses and rows."""
    return fingerprint(mentor)[:8]


def _domain(source: str) -> str:
    return f"{slugify(source, 30) or 'import'}-{fingerprint(source)[:8]}.invalid"


def _criterion_key(source: str, key: str) -> str:
    """Return the stored key of a criterion; whatever slugs alike stays apart by digests."""
    return f"{_of_source(source)}{slugify(key, 20) or 'criterion'}-{fingerprint(key)[:8]}"


def _of_source(source: str) -> str:
    return f"{fingerprint(source)[:8]}-"


async def _people(source: str) -> dict[str, int]:
    """Return the ids of reviewers from earlier imports by their key, also of those whose address or account has changed since."""
    rows = await Person.select(Person.id, Person.email).where(Person.email.like(f"%@{_domain(source)}"))
    found = {row["email"].partition("@")[0].rpartition("-")[2]: int(row["id"]) for row in rows}
    brought: Any = ImportedRow
    reviews = await ImportedRow.select(ImportedRow.mentor_key, brought.assignment.mentor.as_alias("mentor")).where(
        (brought.batch.source == source) & (ImportedRow.mentor_key != "")
    )
    return found | {row["mentor_key"]: int(row["mentor"]) for row in reviews}


async def _write(rows: list[CheckedReview], wish: ReviewImport, people: dict[str, int], batch: int) -> None:
    """Write one portion. Call inside a transaction."""
    at = now()
    await _add_people({row.mentor for row in rows}, wish, people, at)
    formers = {row.submission.id: await former_rubric(row.submission) for row in rows}
    rubrics = {row.submission.id: await _rubric(row.submission, wish) for row in rows}
    mentors = [people[_key(row.mentor)] for row in rows]
    assignments = await Assignment.insert(
        *(
            Assignment(submission=row.submission.id, mentor=mentor, assigned_at=min(at, row.sent_at))
            for row, mentor in zip(rows, mentors, strict=True)
        )
    )
    reviews = await Review.insert(
        *(
            Review(
                assignment=assignment["id"], submission=row.submission.id, mentor=mentor, advice=row.advice,
                confidence=row.confidence, recommendation=row.recommendation, changed_at=row.sent_at, sent_at=row.sent_at,
            )
            for assignment, row, mentor in zip(assignments, rows, mentors, strict=True)
        )
    )  # fmt: skip
    scores = [
        ReviewScore(review=review["id"], criterion=rubrics[row.submission.id][key], level=level)
        for review, row in zip(reviews, rows, strict=True)
        for key, level in row.levels.items()
    ]
    await ReviewScore.insert(*scores)
    await ImportedRow.insert(
        *(
            ImportedRow(
                batch=batch,
                number=row.number,
                assignment=assignment["id"],
                mentor_key=_key(row.mentor),
                former_rubric=formers[row.submission.id],
            )
            for assignment, row in zip(assignments, rows, strict=True)
        )
    )
    await store_summaries(sorted({row.submission.id for row in rows}))
    await Event.insert(
        *(
            Event(
                at=at, happened=Happened.REVIEW_SENT.value, actor_id=mentor, project_id=row.submission.project,
                submission_id=row.submission.id, data=f'{{"imported":true,"batch":{batch},"row":{row.number}}}',
            )
            for row, mentor in zip(rows, mentors, strict=True)
        )
    )  # fmt: skip


async def _add_people(names: set[str], wish: ReviewImport, people: dict[str, int], at: datetime) -> None:
    new = {_address(wish.source, name): name for name in sorted(names) if _key(name) not in people}
    if not new:
        return
    rows = await Person.insert(
        *(
            Person(email=address, given_name=name[: limits.NAME], age_known=AgeKnown.ADULT.value, created_at=at)
            for address, name in new.items()
        )
    )
    people.update({_key(name): row["id"] for name, row in zip(new.values(), rows, strict=True)})


async def _rubric(submission: Submission, wish: ReviewImport) -> dict[str, int]:
    """Return criterion ids by key, created once for each season and stage, which join the submission's rubric.

    What an earlier file of the same source asked stays in it: its reviews were written by that. So does what was asked
    before, if mentors review the version here as well.
    """
    project = await Project.select(Project.season).where(Project.id == submission.project).first()
    assert project is not None
    ids = {}
    for position, key in enumerate(wish.criteria):
        own_key = _criterion_key(wish.source, key)
        low, high = wish.scale(key)
        row = (
            await Criterion.objects()
            .where(
                (Criterion.season == project["season"])
                & (Criterion.stage == submission.stage)
                & (Criterion.key == own_key)
            )
            .first()
        )
        if row is None:
            row = Criterion(
                season=project["season"], stage=submission.stage, key=own_key, position=position, is_current=False,
                is_in_use=True, title_ru=key[:120], title_en=key[:120], weight=1, lowest=low, highest=high,
            )  # fmt: skip
            await row.save()
        elif (row.lowest, row.highest) != (low, high):  # of an import that was undone
            await Criterion.update({Criterion.lowest: low, Criterion.highest: high}).where(Criterion.id == row.id)
        ids[key] = int(row.id)
    stored = await Submission.select(Submission.rubric).where(Submission.id == submission.id)
    asked = msgspec.json.decode(stored[0]["rubric"] or "[]", type=list[int])
    if not await _is_reviewed_here(submission.id):
        asked = await _own_of(asked, wish.source)
    rubric = msgspec.json.encode(list(dict.fromkeys([*asked, *ids.values()]))).decode()
    await Submission.update({Submission.rubric: rubric}).where(Submission.id == submission.id)
    return ids


async def _is_reviewed_here(submission_id: int) -> bool:
    """Return whether anybody was asked to review the version who did not come with a table."""
    imported = ImportedRow.select(ImportedRow.assignment).where(ImportedRow.assignment.is_not_null())
    return await Assignment.exists().where((Assignment.submission == submission_id) & Assignment.id.not_in(imported))


async def _own_of(criteria: list[int], source: str) -> list[int]:
    """Return those of the criteria that came from files of this source."""
    rows = await Criterion.select(Criterion.id, Criterion.key).where(Criterion.id.is_in(criteria or [0]))
    own = {row["id"] for row in rows if row["key"].startswith(_of_source(source))}
    return [each for each in criteria if each in own]
