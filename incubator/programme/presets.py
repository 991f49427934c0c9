"""Visibility between teams and mentors in a season: three presets of which an organiser chooses one."""

from enum import StrEnum


class Preset(StrEnum):
    OPEN = "open"
    """Everybody sees everybody's names."""
    NAMES_HIDDEN = "names_hidden"
    """Teams do not see who reviewed them."""
    DOUBLE_BLIND = "double_blind"
    """In addition, mentors see neither whose work it is nor who else reviews it."""
