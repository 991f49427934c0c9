"""Foreign keys as Piccolo returns them: a bare id, or the joined row."""

from typing import Any


def id_of(reference: Any) -> int | None:
    """Return the id behind a foreign key, whether or not its row was joined; None for a null reference."""
    value = reference if reference is None or isinstance(reference, int) else reference.id
    return None if value is None else int(value)


def some_id_of(reference: Any) -> int:
    """Return ``id_of`` for a foreign key that is never null."""
    found = id_of(reference)
    assert found is not None
    return found
