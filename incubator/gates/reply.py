"""A team's reply to a released decision: once, if the season allows it."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.errors import AlreadyThere
from incubator.gates.decide import mark_of
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.access import require_may
from incubator.projects.locking import lock_project_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Submission
from incubator.reviews.tables import Answered, Decision


async def reply_to_decision(submission: Submission, text: str, *, read: str = "", by: Person) -> None:
    """Store the reply. Raises NotAllowed except for the team's students, Refusal for a second reply or before the release.

    ``read``: the mark of the decision that the page showed; if another one stands meanwhile, the team reads that first.
    """
    try:
        async with writing():
            project, submission = await lock_project_of(submission.id)
            await require_may(by, Action.REPLY, project.id)
            season = await Season.objects().get(Season.id == project.season)
            decision = (
                await Decision.objects().where((Decision.submission == submission.id) & Decision.released()).first()
            )
            if season is None or not season.may_answer or decision is None:
                raise Refusal(_("На это решение ответить нельзя"))
            if read and read != mark_of(decision):
                raise Refusal(
                    _("Решение за это время исправили. Прочтите его и ответьте заново: ответ может быть один.")
                )
            await Answered(submission=submission.id, decision=decision.id, text=text, author=by.id, at=now()).save()
            await record(Happened.DECISION_ANSWERED, by=by, project=project.id, submission=submission.id)
    except AlreadyThere:
        raise Refusal(_("Команда уже ответила на это решение. Ответ может быть один.")) from None
