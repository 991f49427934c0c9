"""Generator of docs/permissions.md, who may do what: ``python -m tests.permissions_page``."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from incubator.config import ROOT
from incubator.history.record import Happened
from incubator.people import permissions as staff
from incubator.programme.presets import Preset
from incubator.projects import permissions as project
from incubator.reviews.access.visibility import JOURNAL_READERS, SEEN, Field, Phase, ReviewRole

FILE = ROOT / "docs" / "permissions.md"

_HEAD = """\
# Who may do what

Generated from the tables by `python -m tests.permissions_page`; a test fails where this page and the tables differ. Do not edit it.

Three tables contain all permissions; verbs, pages, templates and the API consult nothing else. `tests/test_permissions.py` calls
every route as every kind of person and compares the answers with these tables.
"""

_STAFF = """
## In the programme

`incubator/people/permissions.py`. A role is given by a grant (`incubator/people/grants.py`): by whom, over what, from when and
until when. A person may have several roles.
"""

_PROJECT = """
## With one project

`incubator/projects/permissions.py`. The organiser here is one who is not in this team; an organiser in the team has only
the team's role; a teacher or coach for whom nobody responsible has vouched yet is `unvouched`, whatever they were invited as
(`incubator/projects/vouching.py`). `write` also needs an open document. Predicates below the table cover what depends on more than
the role: everybody may leave and withdraw their own consent, and adults consent themselves.
"""

_REVIEWS = """
## Reviews

`incubator/reviews/access/visibility.py`: from which phase a field of a review is shown, by the season's preset. Fields with – are
never shown. A reviewer is *reading* until their own review is sent, then has *reviewed*.
"""

_EVENTS = """
## A project's history

Which events of the journal each role sees on the project's page. Kinds that are not listed are shown only to the office.
"""

_YES, _NO = "●", "–"
_PHASES = {Phase.IN_REVIEW: "in review", Phase.DECIDED: "decided", Phase.RELEASED: "released"}


def text() -> str:
    """Return the page for the current tables."""
    return _HEAD + _STAFF + _matrix(staff.ALLOWED, staff.StaffRole) + _PROJECT + _matrix(project.ALLOWED, project.ProjectRole) + _REVIEWS + "".join(map(_preset, Preset)) + _EVENTS + _events()  # fmt: skip


def _matrix(allowed: "dict[staff.StaffAction, frozenset[staff.StaffRole]] | dict[project.Action, frozenset[project.ProjectRole]]", roles: Iterable[StrEnum]) -> str:  # fmt: skip
    rows = [[f"`{action}`", *(_YES if role in who else _NO for role in roles)] for action, who in allowed.items()]
    return _table(["Action", *roles], rows)


def _preset(preset: Preset) -> str:
    def cell(role: ReviewRole, field: Field) -> str:
        return _PHASES.get(SEEN[preset][role].get(field, Phase.NEVER), _NO)

    rows = [[f"`{field}`", *(cell(role, field) for role in ReviewRole)] for field in Field]
    return f"\n### `{preset}`\n" + _table(["Field", *ReviewRole], rows)


def _events() -> str:
    readers = {role: events for role, events in JOURNAL_READERS.items() if events and events != frozenset(Happened)}
    rows = [
        [f"`{event}`", *(_YES if event in events else _NO for events in readers.values())]
        for event in Happened
        if any(event in events for events in readers.values())
    ]
    return _table(["Event", *readers], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
