"""What was known of a submission before its decision was corrected."""

from incubator.db.references import id_of
from incubator.history.tables import Event
from incubator.notifications.audiences import data_of
from incubator.reviews.tables import Decision


async def since_told(decision: Decision) -> tuple[str, list[str]]:
    """Return the outcome that people were told last before this one, and why it was corrected since, the oldest first.

    A correction that is corrected before anybody was told of it reaches nobody by itself.
    """
    reasons: list[str] = []
    while decision.supersedes is not None:
        reasons.insert(0, decision.correction_reason)
        earlier = await Decision.objects().get(Decision.id == id_of(decision.supersedes))
        assert earlier is not None
        decision = earlier
        if await _was_told(decision):
            break
    return decision.outcome, reasons


async def _was_told(decision: Decision) -> bool:
    """Return whether people were told of a superseded decision while it stood."""
    events = await Event.objects().where(
        (Event.submission_id == id_of(decision.submission)) & (Event.told_at < decision.superseded_at)
    )
    return any(data_of(event).get("decision") == decision.id for event in events)
