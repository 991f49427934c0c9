"""How a section differs from an earlier one: word by word, or cell by cell where both are sheets of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.projects.diff import diff, is_changed
from incubator.projects.document import Frozen, frozen_parts
from incubator.projects.kinds.kind import CellChange
from incubator.projects.kinds.registry import TEXT, kind_of
from incubator.projects.tables import Submission


@dataclass(frozen=True, slots=True)
class Difference:
    words: Sequence[tuple[str, str]] = ()
    cells: Sequence[CellChange] = ()

    def __bool__(self) -> bool:
        return bool(self.cells) or is_changed(list(self.words))


def difference_of(kind: str, before: str, after: str) -> Difference:
    """Return how one value of a section differs from another; ``kind``: the key of the section's kind."""
    if kind_of(kind) is TEXT:
        return Difference(words=diff(before, after))
    return Difference(cells=kind_of(kind).changes(before, after))


def difference(before: Frozen, after: Frozen) -> Difference:
    if before.value and after.value and before.kind == after.kind:
        return Difference(cells=kind_of(after.kind).changes(before.value, after.value))
    return Difference(words=diff(before.text, after.text))


def differences(before: Sequence[Frozen], after: Sequence[Frozen]) -> dict[str, Difference]:
    """Return by key the sections that say something else now; those that are new are no changes."""
    known = {part.key: part for part in before}
    return {
        part.key: difference(known[part.key], part)
        for part in after
        if part.key in known and (known[part.key].text, known[part.key].value) != (part.text, part.value)
    }


def differences_since(before: Submission | None, after: Sequence[Frozen]) -> dict[str, Difference]:
    """Return the differences to an earlier version, if there is one."""
    return differences(frozen_parts(before), after) if before else {}
