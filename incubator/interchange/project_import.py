"""A table of projects on its way in: how it is wished to be read, what its rows are checked against, and what they say."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple, Protocol

from incubator.core.languages import localized
from incubator.core.limits import NAME
from incubator.interchange.people_cells import NamedPerson
from incubator.names.matcher import PersonName
from incubator.names.written_people import names_in_cell
from incubator.programme.tables import Criterion, Season, Section
from incubator.projects.tables import Project
from incubator.publication.public_copy import Hidden

#: A list of so many names is told whole where one of them is wrong.
_SHORT_LIST = 25
#: Characters of a source: together with a row's own id (at most 80) it makes the stored id.
LONGEST_SOURCE = 39


@dataclass(frozen=True, slots=True)
class ProjectImport:
    """How a table of projects is brought in. ``mapping``: field → column, empty for none; else it is guessed by its heading."""

    mapping: dict[str, str]
    id_column: str | None
    """None: guessed as the others are; empty, or none found: rows are recognised by title, team and organisation."""
    season: str
    stage: str
    publish: bool
    source: str
    state: str = "draft"
    updates: bool = False
    """Rows that differ from what an earlier run made change it, as long as nobody has gone on working there."""
    sheet: str = ""
    most: int | None = None
    """The rows of an uploaded file at most; None: the command line reads any."""
    invites: bool = False
    """The people whom the rows name with an address are invited by mail."""
    is_looked_at: bool = False
    """Somebody has looked at the rows that seem to be shifted against each other."""


class Listed(NamedTuple):
    """A cluster or a municipality from the reference lists."""

    id: int
    key: str
    title_ru: str
    title_en: str


class Finder(Protocol):
    """Finds the row of a list by any of its names."""

    def find(self, name: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A reference list by every name that its rows are known by."""

    names: Finder
    rows: dict[int, Listed]

    def find(self, name: str) -> Listed | None:
        """Return the row with this name; None if it is not on the list."""
        return self.rows.get(self.names.find(name) or 0)

    def like(self, name: str) -> list[str]:
        """Return the titles that may have been meant: all of a short list, else the most similar ones."""
        titles = [localized(row, "title") for row in self.rows.values()]
        return titles if len(titles) <= _SHORT_LIST else get_close_matches(name[:80], titles, 5, 0.3)


@dataclass(slots=True)
class CheckedProject:
    """A valid row, ready to be written."""

    number: int
    """Of the row."""
    own_id: str
    title: str
    team: str
    help_wanted: str
    organisation: str
    cluster: Listed | None
    municipality: Listed | None
    competencies: tuple[Listed, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    people: tuple[tuple[str, NamedPerson], ...] = ()
    """With their roles in the team."""
    replaces: Project | None = None
    """What an earlier run made of the row, and this one changes."""
    hidden: Hidden = field(default_factory=Hidden)
    """What the public does not read of it."""

    noted: tuple[PersonName, ...] = ()
    """Whom an earlier run noted as of the team."""

    @property
    def names(self) -> list[PersonName]:
        """Return the names of the people, those of earlier runs too; a given name alone is nobody's."""
        written = [name for _role, person in self.people for name in names_in_cell(person.name)]
        return list(dict.fromkeys([*self.noted, *(_short(name) for name in written)]))


def _short(name: PersonName) -> PersonName:
    return PersonName(name.given[:NAME], name.family[:NAME], name.patronymic[:NAME])


@dataclass(slots=True)
class Context:
    """What every row is checked against and written with."""

    wish: ProjectImport
    season: Season
    sections: list[Section]
    rubric: list[Criterion]
    clusters: ReferenceList
    municipalities: ReferenceList
    competencies: ReferenceList
    columns: dict[str, str]
    """The column of each field that the table has."""
    slugs: set[str]
    batch: int = 0
    """The import as it is recorded."""
