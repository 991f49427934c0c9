"""Foreign keys as Piccolo gives them: the bare id, or the row that was read with it."""

from typing import Any


def id_of(reference: Any) -> int | None:
    """The id behind a foreign key, whether or not its row was read with it; None where it refers to nothing."""
    value = reference if reference is None or isinstance(reference, int) else reference.id
    return None if value is None else int(value)


def some_id_of(reference: Any) -> int:
    """``id_of`` for a foreign key that always refers to something."""
    found = id_of(reference)
    assert found is not None
    return found
