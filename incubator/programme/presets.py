"""Who gets to know whom in a season: the three ways of which an organiser chooses one."""

from enum import StrEnum


class Preset(StrEnum):
    OPEN = "open"
    """Everybody knows everybody."""
    NAMES_HIDDEN = "names_hidden"
    """Teams do not learn who reviewed them."""
    DOUBLE_BLIND = "double_blind"
    """Nor do mentors learn whose work it is, or who else reviews it."""
