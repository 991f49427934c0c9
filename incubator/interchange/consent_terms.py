"""The term of an imported consent: every one ends on a date, also one of an export from before documents had a term. Pure."""

from datetime import datetime
from typing import Any

from incubator.core.clock import day_of
from incubator.people.consents import Signatory
from incubator.projects.consents import AFTER_SEASON


def with_term(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the table ``consent``, with days as ISO text, so that it has a signatory, a term and an end.

    Without a term it holds as long after the day on which it was given as others after their season. Raises ValueError
    or KeyError if nobody known signed it, or at no known time.
    """
    Signatory(values["signatory"])
    given = day_of(datetime.fromisoformat(values["given_at"]))
    term = values.get("term") or (given + AFTER_SEASON).isoformat()
    return {**values, "term": term, "ends_on": min(term, values.get("ends_on") or term)}
