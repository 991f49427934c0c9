"""A class as a teacher types or pastes it: one pupil a line, name and date of birth in the forms that people use. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from incubator.classroom.alike import ListedChild
from incubator.core.limits import NAME
from incubator.core.text import clean_line
from incubator.core.typed_dates import date_in, dated
from incubator.names.name_order import name_in_order
from incubator.people.ages import is_plausible
from incubator.tabular.rows import Row

#: Pupils of one list.
MOST = 60
#: Lines that are read at all, without empty ones: a list may have headings. More are more than ``MOST`` pupils.
LINES = 200
#: Rows of an uploaded table, empty ones among them.
ROWS = 2000
#: Words of the longest name: «Мамедова Лейла Гасан кызы».
_WORDS = 5


class LineProblem(StrEnum):
    """Why a line names no pupil."""

    NO_DATE = "no_date"
    NO_SUCH_DATE = "no_such_date"
    IMPLAUSIBLE = "implausible"
    NO_NAME = "no_name"
    ODD_NAME = "odd_name"
    """There is something in the name that no name has, or it is too long."""


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One line of the list."""

    text: str
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    born_on: date | None = None
    problem: LineProblem | None = None

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.family_name, self.given_name, self.patronymic)))

    @property
    def entry(self) -> ListedChild:
        return ListedChild(self.family_name, self.given_name, self.born_on)

    @property
    def mark(self) -> str:
        """What names the line in a form."""
        family, given = self.entry.folded
        return f"{family}|{given}|{self.born_on}"

    @property
    def key(self) -> tuple[str, str, date | None]:
        """What two entries of the same pupil share."""
        return _folded(self.family_name), _folded(self.given_name), self.born_on


_AFTER_DATE = re.compile(r"^\s*(?:г\.?\s?р\.?|г\.|г\b|года\b|года рождения)", re.IGNORECASE)
_COUNTED = re.compile(r"^\s*(?:№\s*)?\d{1,3}\s*[.):\t;,]?\s+(?=\D)|^\s*\d{1,3}[.)]\s*(?=\D)|^\s*[-–—•*]\s+")
_HEADINGS = re.compile(r"фамили|фио|ф\.\s?и\.\s?о|дата|рожден|^имя|отчеств|name|birth", re.IGNORECASE)
_NAMES = re.compile(r"фамили|фио|ф\.\s?и\.\s?о|имя|отчеств|name|ученик|учащ", re.IGNORECASE)
_BIRTH = re.compile(r"дата|рожд|birth|д\.?\s?р\.?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’`.][^\W\d_]+)*\.?")
_SMALL = {"оглы", "кызы", "улы", "оглу", "гызы"}


def read_list(text: str, today: date) -> list[PupilLine]:
    """Return the lines of a list that may name a pupil; headings and empty lines are left out."""
    lines = [line for each in text.splitlines() if (line := clean_line(each))][:LINES]
    return [_read(line, today) for line in lines if not _is_heading(line)]


def _is_heading(line: str) -> bool:
    return bool(_HEADINGS.search(line)) and not any(character.isdigit() for character in line)


def _read(line: str, today: date) -> PupilLine:
    found = date_in(line)
    if found is None:
        return PupilLine(line, problem=LineProblem.NO_DATE)
    born_on = dated(found, today)
    if born_on is None:
        return PupilLine(line, problem=LineProblem.NO_SUCH_DATE)
    if not is_plausible(born_on, today):
        return PupilLine(line, problem=LineProblem.IMPLAUSIBLE)
    rest = line[: found.start()] + " " + _AFTER_DATE.sub("", line[found.end() :])
    words = re.sub(r"[,;|\t]+", " ", _COUNTED.sub("", rest)).split()
    return _named(line, words, born_on)


def _named(line: str, words: list[str], born_on: date) -> PupilLine:
    if len(words) < 2:
        return PupilLine(line, born_on=born_on, problem=LineProblem.NO_NAME)
    if len(words) > _WORDS or not all(_WORD.fullmatch(word) and len(word) <= NAME for word in words):
        return PupilLine(line, born_on=born_on, problem=LineProblem.ODD_NAME)
    name = name_in_order([_written(word) for word in words])
    return PupilLine(line, name.family, name.given, name.patronymic, born_on)


def _written(word: str) -> str:
    """Return a name with its capital, if it was typed in capitals or without any."""
    if word.lower() in _SMALL:
        return word.lower()
    return "-".join(part.capitalize() for part in word.split("-")) if word.isupper() or word.islower() else word


def _folded(name: str) -> str:
    return name.casefold().replace("ё", "е")


def lines_of(rows: Iterable[Row]) -> str:
    """Return an uploaded table as a list: the columns of name and date where they are named, else every cell."""
    rows = list(rows)
    columns = list(rows[0].values) if rows else []
    named = [name for name in columns if _NAMES.search(str(name))]
    dated = [name for name in columns if _BIRTH.search(str(name))]
    wanted = [*named, *dated[:1]] if named and dated else columns
    head = [] if named and dated else [" ".join(str(name) for name in columns if name)]
    return "\n".join([*head, *_cells(rows, wanted)])


def _cells(rows: Iterable[Row], wanted: Sequence[str]) -> Iterator[str]:
    for row in rows:
        if line := " ".join(filter(None, (clean_line(row.text(name)) for name in wanted))):
            yield line
