"""Mentors' preferences for submissions, stated before anybody is assigned."""

from dataclasses import dataclass

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.locking import lock_person
from incubator.people.tables import Person
from incubator.projects.document import frozen_texts
from incubator.reviews.access.masking import NO_MASK
from incubator.reviews.access.masks import masks_for
from incubator.reviews.assignment.candidates import Candidate, matcher_for
from incubator.reviews.assignment.matching import BIDS
from incubator.reviews.assignment.proposal import waiting_submissions
from incubator.reviews.tables import Bid


@dataclass(frozen=True, slots=True)
class Offered:
    """A waiting submission as a mentor may see it before being asked."""

    project: int
    stage: str
    title: str
    pitch: str
    wish: str
    candidate: Candidate


async def offered_to(person: Person) -> list[Offered]:
    """Return the waiting submissions for which the mentor could be asked, best match first."""
    submissions = await waiting_submissions()
    matcher = await matcher_for(submissions)
    reviewer = next((r for r in matcher.reviewers if r.person.id == person.id), None)
    if reviewer is None:
        return []
    masks = await masks_for(sorted({s.project for s in submissions}))
    found = []
    for case in matcher.cases:
        candidate = matcher.candidate(case, reviewer)
        if not candidate.could_be_asked or candidate.has_left or not case.short:
            continue
        mask, submission = masks.get(case.project.id, NO_MASK), case.submission
        found.append(
            Offered(
                case.project.id, submission.stage, mask(submission.title), mask(frozen_texts(submission).get("pitch", "")),
                case.bids.get(person.id, ""), candidate,
            )
        )  # fmt: skip
    return sorted(found, key=lambda o: o.candidate.cost)


async def bid(person: Person, wishes: dict[int, str]) -> int:
    """Save ``wishes``: by project, one of BIDS, or empty to remove it; return how many were given for what is not offered any more.

    Those are not saved. Raises Refusal if nothing is left to save.
    """
    wishes, gone = await _parted(person, wishes)
    async with writing():
        await lock_person(person.id)
        await Bid.delete().where((Bid.mentor == person.id) & Bid.project.is_in(list(wishes) or [0]))
        rows = [Bid(mentor=person.id, project=p, wish=w, at=now()) for p, w in wishes.items() if w]
        if rows:
            await Bid.insert(*rows)
        await record(Happened.BID, by=person, wishes=len(rows))
    return gone


async def _parted(person: Person, wishes: dict[int, str]) -> tuple[dict[int, str], int]:
    """Return the wishes for what is offered, and how many others there are. Raises Refusal if nothing is left."""
    offered = {o.project for o in await offered_to(person)}
    gone = sum(bool(wish) for project, wish in wishes.items() if project not in offered)
    kept = {project: wish for project, wish in wishes.items() if project in offered}
    if (gone and not any(kept.values())) or set(kept.values()) - {*BIDS, ""}:
        raise Refusal(_("Этой заявки в списке уже нет. Обновите страницу."))
    return kept, gone
