"""Importing reviews of imported projects, with their own criteria."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from incubator.core.clock import now
from incubator.core.text import clean_line, fingerprint, slugify
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.interchange.import_report import ImportReport, Progress, batches
from incubator.interchange.projects import imported_projects
from incubator.people.ages import AgeKnown
from incubator.people.tables import Person
from incubator.programme.tables import Criterion
from incubator.projects.tables import Project, Submission
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.tables import Assignment, Review, ReviewScore
from incubator.tabular.reading import read_rows
from incubator.tabular.rows import Problem, Row

LONGEST_ADVICE = 40_000
#: The end of the longest scale of confidence.
MOST_CONFIDENT = 100


@dataclass(frozen=True, slots=True)
class ReviewImport:
    """The options of the command line. ``criteria``: key → column of its level."""

    project_column: str
    source: str
    mentor_column: str
    id_columns: tuple[str, ...]
    criteria: dict[str, str]
    lowest: int
    highest: int
    advice_columns: tuple[str, ...]
    confidence_column: str = ""


@dataclass(slots=True)
class CheckedReview:
    submission: Submission
    mentor: str
    advice: str
    levels: dict[str, int | None] = field(default_factory=dict)
    confidence: int | None = None
    """On the file's own scale; None: not stated."""


async def import_rows(path: Path, wish: ReviewImport, *, dry_run: bool, batch: int, progress: Progress) -> ImportReport:
    """Import (or with ``dry_run`` only check) every review in ``path``, as sent reviews.

    A mentor's review of a submission that exists already is left alone. Raises UnknownFormat.
    """
    rows = read_rows(path)
    report = ImportReport(rows=len(rows))
    submissions = await _submissions(wish.source)
    people = await _people(wish.source)
    known = {(r["submission"], r["mentor"]) for r in await Assignment.select(Assignment.submission, Assignment.mentor)}
    good: list[CheckedReview] = []
    seen: set[tuple[int, str]] = set()
    for row in rows:
        checked = _check(row, wish, submissions, report)
        if checked is None:
            continue
        pair = (checked.submission.id, checked.mentor)
        if pair in seen:
            report.add(Problem(row.number, wish.mentor_column, f"a second review by “{checked.mentor}”"))
            continue
        seen.add(pair)
        if (checked.submission.id, people.get(checked.mentor)) in known:
            report.known += 1
            continue
        good.append(checked)
    if dry_run:
        report.created = len(good)
        return report
    with progress(len(good)) as bar:
        for part in batches(good, batch):
            async with writing():
                await _write(list(part), wish, people)
            report.created += len(part)
            bar.update(len(part))
    return report


async def _submissions(source: str) -> dict[str, Submission]:
    """Return the imported version by the id with which its project was imported."""
    ids = {project: own_id for own_id, project in (await imported_projects(source)).items()}
    rows = await Submission.objects().where((Submission.number == 1) & Submission.project.is_in(list(ids) or [0]))
    return {ids[row.project]: row for row in rows}


def _address(source: str, mentor: str) -> str:
    """Return an address that cannot receive mail: imported reviewers have no usable account.

    It has a digest of the name, since «Иванов И.» and «Иванов И», or two names in Chinese, are one word in an address.
    """
    return f"{slugify(mentor, 40) or 'mentor'}-{fingerprint(mentor)[:8]}@{slugify(source, 40) or 'import'}.invalid"


async def _people(source: str) -> dict[str, int]:
    """Return the ids of reviewers from earlier imports, by their name in the file."""
    rows = await Person.select(Person.id, Person.given_name).where(
        Person.email.like(f"%@{slugify(source, 40) or 'import'}.invalid")
    )
    return {r["given_name"]: r["id"] for r in rows}


def _check(
    row: Row, wish: ReviewImport, submissions: dict[str, Submission], report: ImportReport
) -> CheckedReview | None:
    problems: list[Problem] = []
    if row.problem:
        report.add(Problem(row.number, "", row.problem))
        return None
    submission = submissions.get(row.text(wish.project_column))
    if submission is None:
        problems.append(
            Problem(row.number, wish.project_column, f"no imported project “{row.text(wish.project_column)[:60]}”")
        )
    mentor = clean_line(row.text(wish.mentor_column))[:60]
    if not says_something(mentor):
        problems.append(Problem(row.number, wish.mentor_column, "the reviewer is missing"))
    levels = _levels(row, wish, problems)
    confidence = _confidence(row, wish, problems)
    advice = "\n\n".join(filter(says_something, (row.text(column) for column in wish.advice_columns)))
    if len(advice) > LONGEST_ADVICE:
        problems.append(
            Problem(row.number, wish.advice_columns[0], f"{len(advice)} characters, at most {LONGEST_ADVICE}")
        )
    report.add(*problems)
    if problems or submission is None:
        return None
    return CheckedReview(submission, mentor, advice, levels, confidence)


def _levels(row: Row, wish: ReviewImport, problems: list[Problem]) -> dict[str, int | None]:
    """Return the levels by criterion; invalid ones are added to ``problems``."""
    levels: dict[str, int | None] = {}
    for key, column in wish.criteria.items():
        text = row.text(column)
        if not text:
            levels[key] = None
        elif text.isascii() and text.isdigit() and wish.lowest <= int(text[:9]) <= wish.highest:
            levels[key] = int(text)
        else:
            problems.append(
                Problem(row.number, column, f"“{text[:20]}” is not a level from {wish.lowest} to {wish.highest}")
            )
    return levels


def _confidence(row: Row, wish: ReviewImport, problems: list[Problem]) -> int | None:
    text = row.text(wish.confidence_column) if wish.confidence_column else ""
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_CONFIDENT:
        return int(text)
    problems.append(
        Problem(row.number, wish.confidence_column, f"“{text[:20]}” is not a number from 1 to {MOST_CONFIDENT}")
    )
    return None


async def _write(rows: list[CheckedReview], wish: ReviewImport, people: dict[str, int]) -> None:
    """Write one batch. Call inside a transaction."""
    at = now()
    await _add_people({row.mentor for row in rows} - set(people), wish, people, at)
    rubrics = {row.submission.id: await _rubric(row.submission, wish) for row in rows}
    assignments = await Assignment.insert(
        *(Assignment(submission=row.submission.id, mentor=people[row.mentor], assigned_at=at) for row in rows)
    )
    reviews = await Review.insert(
        *(
            Review(
                assignment=assignment["id"], submission=row.submission.id, mentor=people[row.mentor],
                advice=row.advice, confidence=row.confidence, changed_at=at, sent_at=at,
            )
            for assignment, row in zip(assignments, rows, strict=True)
        )
    )  # fmt: skip
    scores = [
        ReviewScore(review=review["id"], criterion=rubrics[row.submission.id][key], level=level)
        for review, row in zip(reviews, rows, strict=True)
        for key, level in row.levels.items()
    ]
    await ReviewScore.insert(*scores)
    await store_summaries(sorted({row.submission.id for row in rows}))
    await Event.insert(
        *(
            Event(
                at=at, happened=Happened.REVIEW_SENT.value, actor_id=people[row.mentor],
                project_id=row.submission.project, submission_id=row.submission.id, data='{"imported":true}',
            )
            for row in rows
        )
    )  # fmt: skip


async def _add_people(names: set[str], wish: ReviewImport, people: dict[str, int], at: datetime) -> None:
    if not names:
        return
    ordered = sorted(names)
    rows = await Person.insert(
        *(
            Person(email=_address(wish.source, name), given_name=name, age_known=AgeKnown.ADULT.value, created_at=at)
            for name in ordered
        )
    )
    people.update({name: row["id"] for name, row in zip(ordered, rows, strict=True)})


async def _rubric(submission: Submission, wish: ReviewImport) -> dict[str, int]:
    """Return criterion ids by key, created once for each season and stage, which join the submission's rubric.

    What an earlier file of the same source asked stays in it: its reviews were written by that.
    """
    project = await Project.select(Project.season).where(Project.id == submission.project).first()
    assert project is not None
    ids = {}
    for position, key in enumerate(wish.criteria):
        own_key = f"{slugify(wish.source, 20)}-{slugify(key, 18)}"
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
                is_in_use=True, title_ru=key, title_en=key, weight=1, lowest=wish.lowest, highest=wish.highest,
            )  # fmt: skip
            await row.save()
        ids[key] = int(row.id)
    stored = await Submission.select(Submission.rubric).where(Submission.id == submission.id)
    asked = await _own_of(msgspec.json.decode(stored[0]["rubric"] or "[]", type=list[int]), wish.source)
    rubric = msgspec.json.encode(list(dict.fromkeys([*asked, *ids.values()]))).decode()
    await Submission.update({Submission.rubric: rubric}).where(Submission.id == submission.id)
    return ids


async def _own_of(criteria: list[int], source: str) -> list[int]:
    """Return those of the criteria that came from files of this source."""
    rows = await Criterion.select(Criterion.id, Criterion.key).where(Criterion.id.is_in(criteria or [0]))
    own = {row["id"] for row in rows if row["key"].startswith(f"{slugify(source, 20)}-")}
    return [each for each in criteria if each in own]
