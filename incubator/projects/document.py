"""The living document: its sections with their answers, and its frozen versions."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from incubator.core.languages import localized, override_locale
from incubator.core.visible import says_something
from incubator.db.frozen import frozen_for_one, frozen_with
from incubator.db.references import some_id_of
from incubator.http.markdown.plain import plain
from incubator.http.prose import Prose
from incubator.programme.season_rates import terms_of
from incubator.programme.season_terms import SeasonTerms
from incubator.programme.seasons import sections_of
from incubator.programme.tables import Section
from incubator.projects.kinds.across import COMPARED, advice_across
from incubator.projects.kinds.kind import Advice, SectionKind
from incubator.projects.kinds.registry import TEXT, asks_season, is_sheet_of, kind_of, sheet_kind_of, value_for
from incubator.projects.kinds.sheet import SheetKind
from incubator.projects.tables import Answer, Project, Submission


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its current answer (None: not yet written)."""

    section: Section
    answer: Answer | None
    terms: SeasonTerms | None = None
    """Of its season, if its kind asks for them."""

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def kind(self) -> SectionKind:
        return kind_of(self.section.kind)

    @property
    def value(self) -> str:
        """Return the answer as its kind reads it: a text, or cells with what their season gives to them."""
        if not self.answer:
            return ""
        kind, value = self.kind, value_for(self.kind, self.answer.text)
        return kind.in_season(value, self.terms) if isinstance(kind, SheetKind) else value

    @property
    def says_something(self) -> bool:
        """Return whether anybody has written here; a sheet that says nothing is stored as an empty text."""
        return says_something(self.value)

    @property
    def text(self) -> str:
        """Return the answer as Markdown."""
        return self.kind.text(self.value)

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0


class Frozen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A section as it was when the team submitted.

    ``value``: what its kind stored, from which it is drawn for each reader; empty for a text. ``html`` is that of a text.
    """

    key: str
    stage: str
    title_ru: str
    title_en: str
    group: str
    limit: int
    text: str
    html: str
    kind: str = TEXT.key
    value: str = ""

    @property
    def title(self) -> str:
        return localized(self, "title")

    @property
    def is_sheet(self) -> bool:
        """Return whether it is drawn from its value for each reader, and has no HTML of its own."""
        return bool(self.value)

    def as_text(self, text: str | None = None, html: str = "") -> "Frozen":
        """Return it as a text: what stands in for its drawing where that would show what a reader must not see."""
        shown = self.text if text is None else text
        return msgspec.structs.replace(self, text=shown, html=html, kind=TEXT.key, value="")

    def reworded(self, change: Callable[[str], str]) -> "Frozen":
        """Return it as somebody reads it from whom ``change`` hides words; a text that changed has no HTML.

        A sheet stays one, with its cells changed, unless words are hidden that stand in several cells: then its text stands in for it.
        """
        text, kind = change(self.text), sheet_kind_of(self.kind)
        if text == self.text:
            return self
        if kind is not None and self.value:
            value = kind.reworded(self.value, change)
            with override_locale("ru"):
                said = kind.text(value)
            if change(said) == said:
                return msgspec.structs.replace(self, text=said, value=value)
        return self.as_text(text)


_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(list[Frozen]).decode
_decode_ids = msgspec.json.Decoder(list[int]).decode


@frozen_for_one
def _answers_of(project_ids: list[int]) -> Any:
    return Answer.objects().where(Answer.project.is_in(project_ids))


async def parts_of(project: Project) -> list[Part]:
    """Return the document at the project's stage, in order."""
    return (await documents_of([project]))[project.id]


async def documents_of(projects: Sequence[Project]) -> dict[int, list[Part]]:
    """Return the document of each project, as ``parts_of``. Two queries, whatever their number; four where a kind asks for the season."""
    sections = await sections_of({(some_id_of(project.season), project.stage) for project in projects})
    answers: dict[tuple[int, str], Answer] = {
        (row.project, row.key): row for row in await _answers_of(project.id for project in projects)
    }
    terms = await terms_for([section for rows in sections.values() for section in rows])
    return {
        project.id: [
            Part(section, answers.get((project.id, section.key)), terms.get(section.season))
            for section in sections[some_id_of(project.season), project.stage]
        ]
        for project in projects
    }


def advice_of(parts: Sequence[Part]) -> dict[str, Sequence[Advice]]:
    """Return what a machine sees in a document, by the key of the section that it concerns."""
    across = advice_across((part.kind.key, part.value) for part in parts)
    return {part.key: [*part.kind.advice(part.value), *across.get(part.kind.key, ())] for part in parts}


async def advice_beside(project_id: int, kind: SectionKind, value: str) -> Sequence[Advice]:
    """Return what a machine sees in one section beside the others as they are stored. One query, none for most kinds."""
    if kind.key not in COMPARED:
        return ()
    others = [row.text for row in await _answers_of([project_id])]
    of_kind = [(each, text) for text in others for each in COMPARED if each != kind.key and is_sheet_of(each, text)]
    return advice_across([(kind.key, value), *of_kind]).get(kind.key, ())


async def terms_for(sections: Iterable[Section]) -> dict[int, SeasonTerms]:
    """Return by season what those of these sections need whose kind asks for it."""
    seasons = {section.season for section in sections if asks_season(section.kind)}
    return await terms_of(seasons) if seasons else {}


def freeze(parts: list[Part], prose: Prose) -> str:
    """Return the JSON that a submission stores. Raises KeyError for a text missing from ``prose``."""
    return content_of(frozen_now(parts, prose))


def frozen_now(parts: Sequence[Part], prose: Prose) -> list[Frozen]:
    """Return the sections as they would be frozen now. Raises KeyError for a text missing from ``prose``."""
    return [_frozen(part, prose) for part in parts]


def _frozen(part: Part, prose: Prose) -> Frozen:
    is_text = part.kind is TEXT
    with override_locale("ru"):  # whoever submits, and in whatever language: search and export read one text
        text = part.text
    s = part.section
    return Frozen(
        key=part.key, stage=s.stage, title_ru=s.title_ru, title_en=s.title_en, group=s.group, limit=s.limit, text=text,
        html=str(prose(text)) if is_text else "", kind=part.kind.key, value="" if is_text else part.value,
    )  # fmt: skip


def texts_to_render(parts: Sequence[Part]) -> list[str]:
    """Return the texts whose HTML ``freeze`` needs."""
    return [part.text for part in parts if part.kind is TEXT]


class Holder(Protocol):
    """A row that holds sections: a submission, or what the public reads of it."""

    content: Any


def frozen_parts(row: Holder) -> list[Frozen]:
    """Return the sections of a frozen submission or a public version, in order."""
    return _decode(row.content)


def plain_of(part: Frozen) -> str:
    """Return the section as words without any marks."""
    return " ".join(_MARKS.sub(" ", part.text).split()) if part.is_sheet else plain(part.html)


#: What makes a table or a list in the text of a sheet, and no word of it.
_MARKS = re.compile(r"(?<!\\)\||^\* |-{3,}|\\(?=[\\|])", re.MULTILINE)


def content_of(parts: Sequence[Frozen]) -> str:
    """Return the JSON from which ``frozen_parts`` reads them again."""
    return _encode(parts).decode()


def with_html(row: Holder, html: Sequence[str]) -> str:
    """Return the content of ``row`` with new HTML for its texts, given in their order."""
    given = iter(html)
    return content_of(
        [part if part.is_sheet else msgspec.structs.replace(part, html=next(given)) for part in frozen_parts(row)]
    )


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
    versions: list[Submission] = await _versions_of(project_id)
    return versions


@frozen_with
def _versions_of(project: int) -> Any:
    return (
        Submission.objects().where((Submission.project == project) & Submission.standing()).order_by(Submission.number)
    )


def lies_in_review(project: Project, submission: Submission) -> bool:
    """Return whether the project is in review with this version (``reviews/review_statistics.py`` asks the same in SQL)."""
    same = (project.stage, project.round) == (submission.stage, submission.round)
    return project.state == "in_review" and same and submission.taken_back_at is None
