"""The states of an import: draft → running → done → undoing → undone."""

from enum import StrEnum


class BatchState(StrEnum):
    DRAFT = "draft"
    """A file was uploaded; nothing is written yet."""
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
