"""A failure that was met before the request reached its page, for the page to show: the session could not be read."""

from typing import Any

_KEY = "failure"


def note_failure(scope: Any, error: Exception) -> None:
    """Note ``error``, to be raised where it becomes a page."""
    scope["state"][_KEY] = error


def raise_failure(scope: Any) -> None:
    """Raise what was noted, if anything was."""
    if (error := scope["state"].get(_KEY)) is not None:
        raise error


def has_failed(scope: Any) -> bool:
    """Return whether something was noted; the form has been read then."""
    return _KEY in scope["state"]
