"""The files of a version, whatever section they are in."""

from collections.abc import Sequence

from incubator.projects.document import Frozen
from incubator.projects.kinds.files import KIND, AttachedFiles, results
from incubator.projects.kinds.sheet import Sheet


def files_of(parts: Sequence[Frozen]) -> AttachedFiles:
    sheets = [KIND.sheet(part.value) for part in parts if part.kind == KIND.key and part.value]
    return results(Sheet(KIND.key, rows=[row for sheet in sheets for row in sheet.rows]))


def without_files(parts: Sequence[Frozen]) -> list[Frozen]:
    """Return the sections that are read, where files stand in a place of their own."""
    return [part for part in parts if part.kind != KIND.key]
