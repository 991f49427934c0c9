"""The living document: its sections with their answers, and its frozen versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from incubator.core.languages import localized
from incubator.db.frozen import frozen_for_one, frozen_with
from incubator.db.references import some_id_of
from incubator.http.prose import Prose
from incubator.programme.seasons import sections_of
from incubator.programme.tables import Section
from incubator.projects.tables import Answer, Project, Submission


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its current answer (None: not yet written)."""

    section: Section
    answer: Answer | None

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0


class Frozen(msgspec.Struct, frozen=True):
    """A section as it was when the team submitted."""

    key: str
    stage: str
    title_ru: str
    title_en: str
    group: str
    limit: int
    text: str
    html: str

    @property
    def title(self) -> str:
        return localized(self, "title")


_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(list[Frozen]).decode
_decode_ids = msgspec.json.Decoder(list[int]).decode


@frozen_for_one
def _answers_of(project_ids: list[int]) -> Any:
    return Answer.objects().where(Answer.project.is_in(project_ids))


async def parts_of(project: Project) -> list[Part]:
    """Return the document at the project's stage, in order. Two queries."""
    return (await documents_of([project]))[project.id]


async def documents_of(projects: Sequence[Project]) -> dict[int, list[Part]]:
    """Return the document of each project, as ``parts_of``. Two queries, whatever their number."""
    sections = await sections_of({(some_id_of(project.season), project.stage) for project in projects})
    answers: dict[tuple[int, str], Answer] = {
        (row.project, row.key): row for row in await _answers_of(project.id for project in projects)
    }
    return {
        project.id: [
            Part(section, answers.get((project.id, section.key)))
            for section in sections[some_id_of(project.season), project.stage]
        ]
        for project in projects
    }


def freeze(parts: list[Part], prose: Prose) -> str:
    """Return the JSON that a submission stores. Raises KeyError for a text missing from ``prose``."""
    frozen = [
        Frozen(
            key=p.key, stage=p.section.stage, title_ru=p.section.title_ru, title_en=p.section.title_en,
            group=p.section.group, limit=p.section.limit, text=p.text, html=str(prose(p.text)),
        )
        for p in parts
    ]  # fmt: skip
    return _encode(frozen).decode()


class Holder(Protocol):
    """A row that holds sections: a submission, or what the public reads of it."""

    content: Any


def frozen_parts(row: Holder) -> list[Frozen]:
    """Return the sections of a frozen submission or a public version, in order."""
    return _decode(row.content)


def content_of(parts: Sequence[Frozen]) -> str:
    """Return the JSON from which ``frozen_parts`` reads them again."""
    return _encode(parts).decode()


def with_html(row: Holder, html: Sequence[str]) -> str:
    """Return the content of ``row`` with new HTML for its sections, given in their order."""
    parts = frozen_parts(row)
    return content_of([msgspec.structs.replace(part, html=each) for part, each in zip(parts, html, strict=True)])


def frozen_texts(submission: Submission | None) -> dict[str, str]:
    """Return the text by section key; empty without a submission."""
    return {part.key: part.text for part in frozen_parts(submission)} if submission else {}


def rubric_ids(submission: Submission) -> list[int]:
    """Return the ids of the criteria by which it is judged, in order."""
    return rubric_ids_in(submission.rubric)


def rubric_ids_in(rubric: str) -> list[int]:
    """Return the ids in the value of ``Submission.rubric``."""
    return _decode_ids(rubric)


async def submissions_of(project_id: int) -> list[Submission]:
    """Return all versions that were submitted and not withdrawn, oldest first."""
    return await _versions_of(project_id)  # type: ignore[no-any-return]


@frozen_with
def _versions_of(project: int) -> Any:
    return (
        Submission.objects().where((Submission.project == project) & Submission.standing()).order_by(Submission.number)
    )


def lies_in_review(project: Project, submission: Submission) -> bool:
    """Return whether the project is in review with this version (``reviews/review_statistics.py`` asks the same in SQL)."""
    same = (project.stage, project.round) == (submission.stage, submission.round)
    return project.state == "in_review" and same and submission.taken_back_at is None
