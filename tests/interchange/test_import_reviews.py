"""Importing reviews with their own criteria; our mean equals theirs."""

from pathlib import Path
from typing import Any

import pytest

from incubator.interchange import projects, reviews
from incubator.interchange.import_report import ImportReport
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.review_rows import ReviewImport
from incubator.programme.presets import Confidence
from incubator.programme.tables import Season
from incubator.projects.tables import Project, Submission
from incubator.reviews.review_statistics import statistics_of
from incubator.reviews.scoring.scores import ScoreSummary
from incubator.reviews.sent_reviews import sent_reviews, summary_of
from incubator.reviews.tables import Review
from tests.interchange.files import Bar, json_lines
from tests.sample import Source, each_source, rows_of
from tests.scale import part_of

CRITERIA = ("impact", "feasibility", "auditability")


async def bring_projects(path: Path, mapping: dict[str, str]) -> ImportReport:
    wish = ProjectImport(mapping, "id", "catalyst", "idea", publish=False, source="proposals", state="in_review")
    return await projects.import_rows(path, wish, dry_run=False, batch=200, progress=Bar())


async def bring_reviews(path: Path, *, dry_run: bool = False, confidence: str = "") -> ImportReport:
    wish = ReviewImport(
        project_column="proposal_id", source="proposals", mentor_column="assessor",  criteria={key: key for key in CRITERIA}, lowest=1, highest=5,
        advice_columns=("impact_note",), confidence_column=confidence,
    )  # fmt: skip
    return await reviews.import_rows(path, wish, dry_run=dry_run, batch=200, progress=Bar())


async def summaries() -> dict[str, ScoreSummary]:
    """Return the summary of each imported proposal's reviews, as the organisers' pages count them."""
    own = {r["id"]: r["external_id"] for r in await Project.select(Project.id, Project.external_id)}
    ids = {r["id"]: own[r["project"]] for r in await Submission.select(Submission.id, Submission.project)}
    found = await statistics_of(list(ids))
    return {ids[submission].removeprefix("proposals:"): summary for submission, summary in found.items()}


async def means() -> dict[str, float | None]:
    """Return our mean level of each imported proposal."""
    own = {r["id"]: r["external_id"] for r in await Project.select(Project.id, Project.external_id)}
    ids = {r["id"]: own[r["project"]] for r in await Submission.select(Submission.id, Submission.project)}
    found = await sent_reviews(list(ids))
    return {name.removeprefix("proposals:"): summary_of(found.get(i, [])).level for i, name in ids.items()}


@pytest.fixture
async def two_proposals(database: Any, tmp_path: Path) -> None:
    await bring_projects(json_lines(tmp_path / "p.jsonl", [{"id": 1, "title": "Мост"}, {"id": 2, "title": "Маяк"}]), {})


def review(proposal: int, assessor: str, *levels: int, note: str = "") -> dict[str, Any]:
    return {"proposal_id": proposal, "assessor": assessor, "impact_note": note} | dict(
        zip(CRITERIA, levels, strict=True)
    )


async def test_the_mean_is_of_all_levels(two_proposals: None, tmp_path: Path) -> None:
    rows = [review(1, "a", 5, 4, 3, note="**Хорошо**"), review(1, "b", 1, 2, 2), review(2, "a", 4, 4, 4)]
    path = json_lines(tmp_path / "r.jsonl", rows)
    assert (await bring_reviews(path, dry_run=True)).created == 3
    assert not await Review.exists()
    assert (await bring_reviews(path)).created == 3
    assert await means() == pytest.approx({"1": (5 + 4 + 3 + 1 + 2 + 2) / 6, "2": 4.0})
    again = await bring_reviews(path)
    assert (again.created, again.known) == (0, 3)


async def test_bad_rows_are_named_and_skipped(two_proposals: None, tmp_path: Path) -> None:
    path = json_lines(
        tmp_path / "r.jsonl",
        [
            review(1, "a", 5, 4, 3),
            review(1, "a", 1, 1, 1),
            review(9, "b", 3, 3, 3),
            review(2, "", 3, 3, 3),
            review(2, "c", 6, 3, 3),
            review(2, "d", 3, 3, 3) | {"impact": "много"},
        ],
    )
    report = await bring_reviews(path)
    assert report.created == 1
    assert [(p.row, p.column) for p in report.problems] == [
        (2, "assessor"), (3, "proposal_id"), (4, "assessor"), (5, "impact"), (6, "impact"),
    ]  # fmt: skip


@each_source
async def test_our_mean_is_the_published_one_for_every_proposal(sqlite: Any, tmp_path: Path, source: Source) -> None:
    proposals = part_of(rows_of(source.proposals), least=50)
    published = {str(row["id"]): row["published_mean_rating"] for row in proposals}
    assessments = [row for row in rows_of(source.assessments) if str(row["proposal_id"]) in published]
    mapping = {"title": "title", "problem": "problem", "solution": "solution", "motivation": "experience"}
    brought = await bring_projects(json_lines(tmp_path / "proposals.jsonl", proposals), mapping)
    assert brought.created == len(proposals) >= 12
    reviewed = await bring_reviews(json_lines(tmp_path / "assessments.jsonl", assessments))
    assert reviewed.created == len(assessments) > len(proposals)
    assert await means() == pytest.approx(published, abs=1e-6)
    # Their scale begins at 1, so a mean of 1 is 0 % and one of 5 is 100 %.
    counted = await summaries()
    in_percent = {name: (mean - 1) / 4 * 100 for name, mean in published.items()}
    assert {name: summary.mean for name, summary in counted.items()} == pytest.approx(in_percent, abs=1e-6)
    assert {summary.coverage for summary in counted.values()} == {1.0}
    divided = sum(summary.is_divided for summary in counted.values()) / len(counted)
    assert divided < 0.6 if source.name == "ours" else 0.2 < divided < 0.5


@each_source
async def test_a_mean_weighed_by_confidence_is_theirs(sqlite: Any, tmp_path: Path, source: Source) -> None:
    """With each review's confidence as its weight, and criteria that were left out, as by hand."""
    proposals = part_of(rows_of(source.proposals), least=50)[:50]
    wanted = {str(row["id"]) for row in proposals}
    assessments = [
        row | {"confidence": number % 5 + 1} | ({"impact": None} if number % 7 == 0 else {})
        for number, row in enumerate(rows_of(source.assessments))
        if str(row["proposal_id"]) in wanted
    ]
    expected: dict[str, list[tuple[int, int]]] = {}
    for row in assessments:
        pairs = expected.setdefault(str(row["proposal_id"]), [])
        pairs += [(row["confidence"], row[key]) for key in CRITERIA if row[key] is not None]
    await bring_projects(json_lines(tmp_path / "proposals.jsonl", proposals), {"title": "title"})
    await Season.update({Season.confidence: Confidence.WEIGHED.value}, force=True)
    await bring_reviews(json_lines(tmp_path / "assessments.jsonl", assessments), confidence="confidence")
    by_hand = {
        name: sum(weight * (level - 1) for weight, level in pairs) / sum(4 * weight for weight, _level in pairs) * 100
        for name, pairs in expected.items()
    }
    assert {name: s.mean for name, s in (await summaries()).items()} == pytest.approx(by_hand, abs=1e-6)


async def test_a_confidence_that_is_none_is_named(two_proposals: None, tmp_path: Path) -> None:
    rows = [
        review(1, name, 3, 3, 3) | {"sure": sure} for name, sure in (("a", "4"), ("b", "0"), ("c", "very"), ("d", ""))
    ]
    report = await bring_reviews(json_lines(tmp_path / "r.jsonl", rows), confidence="sure")
    assert [(p.row, p.column) for p in report.problems] == [(2, "sure"), (3, "sure")]
    assert {row["confidence"] for row in await Review.select(Review.confidence)} == {4, None}


async def test_reviewers_whose_names_are_one_word_in_an_address_stay_two(two_proposals: None, tmp_path: Path) -> None:
    rows = [review(1, name, 5, 4, 3) for name in ("Иванов И.", "Иванов И", "王伟", "李娜")]
    path = json_lines(tmp_path / "r.jsonl", rows)
    assert (await bring_reviews(path)).created == 4
    assert len({row["mentor"] for row in await Review.select(Review.mentor)}) == 4
    assert (await bring_reviews(path)).known == 4


async def test_two_files_that_ask_different_things_make_one_rubric(two_proposals: None, tmp_path: Path) -> None:
    """The lists and the page of the submission count the same mean."""
    for number, (mentor, level, keys) in enumerate([("a", 5, ("x", "y")), ("b", 1, ("z", "w"))]):
        wish = ReviewImport(
            project_column="proposal_id", source="proposals", mentor_column="assessor",  criteria={key: key for key in keys}, lowest=1, highest=5,
            advice_columns=("impact_note",),
        )  # fmt: skip
        row = {"proposal_id": 1, "assessor": mentor, "impact_note": ""} | dict.fromkeys(keys, level)
        path = json_lines(tmp_path / f"{number}.jsonl", [row])
        await reviews.import_rows(path, wish, dry_run=False, batch=10, progress=Bar())
    (submission,) = [row["submission"] for row in await Review.select(Review.submission).limit(1)]
    stored = (await statistics_of([submission]))[submission]
    computed = summary_of((await sent_reviews([submission]))[submission])
    assert (stored.mean, stored.coverage) == (computed.mean, computed.coverage) == (50.0, 0.5)
