"""What the columns of a table of reviews hold, by their headings and their first rows. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from incubator.core.languages import _
from incubator.core.typed_numbers import NotANumber, typed_number
from incubator.interchange.review_rows import ReviewImport, is_not_applicable
from incubator.interchange.table_fields import TableField, guessed
from incubator.tabular.headings import TableColumn
from incubator.tabular.rows import Row

#: Scales that people use, from the narrowest.
_SCALES = ((0, 3), (1, 3), (0, 5), (1, 5), (0, 10), (1, 10), (0, 100))
#: Different words of one criterion; more are a text. And how long each may be.
MOST_WORDS, _LONGEST_WORD = 12, 40


class ReviewColumn(StrEnum):
    """What a column of a table of reviews holds."""

    PROJECT = "project"
    TITLE = "title"
    MENTOR = "mentor"
    LEVEL = "level"
    ADVICE = "advice"
    RECOMMENDATION = "recommendation"
    CONFIDENCE = "confidence"
    DATE = "date"


def column_title(column: ReviewColumn) -> str:
    return {
        ReviewColumn.PROJECT: _("номер или название проекта"),
        ReviewColumn.TITLE: _("название проекта, для сверки"),
        ReviewColumn.MENTOR: _("кто рецензирует"),
        ReviewColumn.LEVEL: _("балл по критерию"),
        ReviewColumn.ADVICE: _("совет команде"),
        ReviewColumn.RECOMMENDATION: _("рекомендация: допустить, доработать, остановить"),
        ReviewColumn.CONFIDENCE: _("уверенность"),
        ReviewColumn.DATE: _("дата рецензии"),
    }[column]


def review_fields() -> list[TableField]:
    """Return what is recognised by its heading; levels are by their values."""
    names = {
        ReviewColumn.PROJECT: ("id", "номер", "№", "№ п/п", "номер проекта", "номер заявки", "код", "код проекта", "project", "project id"),
        ReviewColumn.TITLE: ("название", "название проекта", "проект", "идея", "тема", "наименование", "title", "project title"),
        ReviewColumn.MENTOR: (
            "эксперт", "рецензент", "наставник", "член жюри", "жюри", "проверяющий", "фио эксперта", "фио рецензента", "кто рецензирует", "reviewer", "mentor", "assessor",
        ),
        ReviewColumn.ADVICE: (
            "совет", "советы", "комментарий", "комментарии", "комментарий эксперта", "отзыв", "замечания", "рекомендации", "обоснование", "advice", "comment", "comments", "feedback",
        ),
        ReviewColumn.RECOMMENDATION: ("рекомендация", "решение", "вердикт", "вывод", "recommendation", "verdict", "decision"),
        ReviewColumn.CONFIDENCE: ("уверенность", "уверенность в оценке", "confidence"),
        ReviewColumn.DATE: ("дата", "дата рецензии", "отметка времени", "timestamp", "date"),
    }  # fmt: skip
    return [TableField(role.value, column_title(role), said) for role, said in names.items()]


def guessed_roles(columns: Sequence[TableColumn], rows: Sequence[Row]) -> dict[str, ReviewColumn]:
    """Return what each column seems to hold: by its heading, else a level if all of its first values are numbers on a short scale."""
    by_heading = guessed(columns, review_fields())
    roles = {column: ReviewColumn(role) for role, column in by_heading.items()}
    if ReviewColumn.PROJECT not in roles.values():  # the projects are told apart by their titles
        roles |= {name: ReviewColumn.PROJECT for name, role in roles.items() if role is ReviewColumn.TITLE}
    for column in columns:
        if column.name not in roles and is_on_a_scale(levels_in(rows, column.name)):
            roles[column.name] = ReviewColumn.LEVEL
    return roles


def levels_in(rows: Sequence[Row], column: str) -> list[Decimal | None]:
    """Return the numbers of a column, None for what is none; what does not apply is left out."""
    texts = [row.text(column) for row in rows]
    return [_number(text) for text in texts if not is_not_applicable(text)]


def _number(text: str) -> Decimal | None:
    try:
        return typed_number(text)
    except NotANumber:
        return None


def is_on_a_scale(levels: Sequence[Decimal | None]) -> bool:
    """Return whether there are levels, and nothing else, none above the longest scale."""
    return bool(levels) and all(each is not None and 0 <= each <= _SCALES[-1][1] for each in levels)


def guessed_scale(levels: Iterable[Decimal]) -> tuple[int, int]:
    """Return the narrowest usual scale with all of these levels."""
    found = [*levels, Decimal(1)]
    return next((scale for scale in _SCALES if scale[0] <= min(found) and max(found) <= scale[1]), _SCALES[-1])


def has_halves(levels: Iterable[Decimal]) -> bool:
    return any(each != int(each) and 2 * each == int(2 * each) for each in levels)


def words_in(rows: Iterable[Row], columns: Sequence[str]) -> list[str]:
    """Return the words that stand for levels in these columns, the most frequent first; none if they seem to be texts."""
    words: Counter[str] = Counter()
    for row in rows:
        for column in columns:
            text = row.text(column)
            if not is_not_applicable(text) and _number(text) is None:
                words[text[:_LONGEST_WORD]] += 1
    return [word for word, _n in words.most_common(MOST_WORDS)]


def with_roles(wish: ReviewImport, roles: dict[str, ReviewColumn]) -> ReviewImport:
    """Return the wish with its columns as ``roles`` say; of several columns where one is wanted, the first."""

    def those(role: ReviewColumn) -> list[str]:
        return [column for column, each in roles.items() if each is role]

    def one(role: ReviewColumn) -> str:
        return next(iter(those(role)), "")

    return replace(
        wish, project_column=one(ReviewColumn.PROJECT), mentor_column=one(ReviewColumn.MENTOR),
        criteria={column: column for column in those(ReviewColumn.LEVEL)}, advice_columns=tuple(those(ReviewColumn.ADVICE)),
        confidence_column=one(ReviewColumn.CONFIDENCE), recommendation_column=one(ReviewColumn.RECOMMENDATION),
        date_column=one(ReviewColumn.DATE), title_column=one(ReviewColumn.TITLE),
    )  # fmt: skip


def roles_of(wish: ReviewImport) -> dict[str, ReviewColumn]:
    """Return what each column holds according to the wish: the reverse of ``with_roles``."""
    named = {
        wish.project_column: ReviewColumn.PROJECT, wish.mentor_column: ReviewColumn.MENTOR,
        wish.confidence_column: ReviewColumn.CONFIDENCE, wish.recommendation_column: ReviewColumn.RECOMMENDATION,
        wish.date_column: ReviewColumn.DATE,
    }  # fmt: skip
    named = {wish.title_column: ReviewColumn.TITLE} | named
    named |= dict.fromkeys(wish.criteria.values(), ReviewColumn.LEVEL)
    named |= dict.fromkeys(wish.advice_columns, ReviewColumn.ADVICE)
    return {column: role for column, role in named.items() if column}


def guessed_wish(wish: ReviewImport, columns: Sequence[TableColumn], rows: Sequence[Row]) -> ReviewImport:
    """Return the wish with what headings and first rows suggest: roles, the scale, halves."""
    roles = guessed_roles(columns, rows)
    levels = [
        level for name, role in roles.items() if role is ReviewColumn.LEVEL
        for level in levels_in(rows, name) if level is not None
    ]  # fmt: skip
    low, high = guessed_scale(levels)
    return replace(with_roles(wish, roles), lowest=low, highest=high, times=2 if has_halves(levels) else 1)
