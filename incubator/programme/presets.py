"""What an organiser chooses for a season: who sees whose names, and what becomes of a reviewer's confidence."""

from enum import StrEnum


class Preset(StrEnum):
    """Visibility between teams and mentors."""

    OPEN = "open"
    """Everybody sees everybody's names."""
    NAMES_HIDDEN = "names_hidden"
    """Teams do not see who reviewed them."""
    DOUBLE_BLIND = "double_blind"
    """In addition, mentors see neither whose work it is nor who else reviews it."""

    def shows_more_than(self, other: "Preset") -> bool:
        """Return whether it shows a name that the other one hides."""
        order = list(Preset)
        return order.index(self) < order.index(other)


class Confidence(StrEnum):
    """What a season does with how sure a mentor is of their review."""

    NOT_ASKED = "not_asked"
    SHOWN = "shown"
    """Asked, and shown to the organiser; every review counts alike."""
    WEIGHED = "weighed"
    """Asked, required, and the weight of the review in the mean."""
