"""What a session has proved of its person, and what is still asked of it. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long somebody with a role that needs a second factor may go on without one.
GRACE = timedelta(days=7)
#: How long a proof is fresh: what shows or ends much asks for one that is not older.
FRESH = timedelta(minutes=10)


class Opened(StrEnum):
    """How a session was opened."""

    MAILBOX = "mailbox"
    """By a mailed link, or by an account elsewhere: nothing was typed here."""
    PASSWORD = "password"  # noqa: S105 - a name, no password
    FACTOR = "factor"
    """By the first factor and the second."""


@dataclass(frozen=True, slots=True)
class Proof:
    has_factor: bool
    has_password: bool
    factor_at: datetime | None = None
    """When a second factor was last shown in this session."""
    password_at: datetime | None = None
    """When the password was last typed in it."""
    due_at: datetime | None = None
    """From when on the person needs a second factor; None: none of their roles does."""
    is_exempt: bool = False
    """Nothing is ever asked: somebody invented, in a demo."""

    @property
    def awaits_factor(self) -> bool:
        """Return whether the session opens nothing before the second factor is shown."""
        return self.has_factor and self.factor_at is None

    def is_fresh(self, at: datetime) -> bool:
        """Return whether the second factor was shown lately, or the password by somebody who has no other."""
        shown = self.factor_at if self.has_factor else self.password_at
        return self.is_exempt or (shown is not None and at - FRESH <= shown)

    def is_overdue(self, at: datetime) -> bool:
        """Return whether the person has to set up a second factor before anything else."""
        return self._is_due and self.due_at is not None and self.due_at <= at

    def days_left(self, at: datetime) -> int | None:
        """Return for how many days, begun ones included, the person may go on without one; None: they may for good."""
        if not self._is_due or self.due_at is None:
            return None
        return max(0, math.ceil((self.due_at - at) / timedelta(days=1)))

    @property
    def _is_due(self) -> bool:
        return not self.has_factor and not self.is_exempt
