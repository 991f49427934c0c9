"""The proposal of assignments: who would review what and why, changed by hand, applied with one button."""

from typing import Any

from litestar import Controller, Response, get, post

from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.keyset import after_of
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.reviews.assignment.declared_conflicts import reason_in_words
from incubator.reviews.assignment.proposal import apply, propose, set_by_hand
from incubator.reviews.assignment.proposal_view import proposal
from incubator.reviews.tables import KEPT, REFUSED, SOLVED

PER_PAGE = 20


class ProposalPages(Controller):
    path = "/organiser/proposal"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        after = after_of(request)
        shown = await proposal(after.id if after else 0, PER_PAGE)
        return page(
            request, "backoffice/proposal.html", lines=shown.lines, total=shown.total, is_first=after is None,
            next=shown.lines[-1].case.submission.id if shown.has_more else None, pairs=shown.pairs,
            short=shown.short, is_solved=shown.is_solved, overloads=shown.overloads, reason_in_words=reason_in_words,
        )  # fmt: skip

    @post()
    async def solve(self, request: PersonRequest) -> Response[Any]:
        """Solve the assignment for everything that waits."""
        solution = await propose(by=request.user)
        text = ngettext(
            "Предложено %(n)s назначение. Посмотрите, поправьте и примените.",
            "Предложено %(n)s назначений. Посмотрите, поправьте и примените.",
            len(solution.pairs),
        )
        return redirect("/organiser/proposal", Flash("success" if solution.pairs else "info", text))

    @post("/pairs")
    async def change(self, request: PersonRequest) -> Response[Any]:
        """Keep or refuse one pair by hand, or return it to the solver."""
        form = await read_form(request)
        submission, mentor = form.id("submission", required=True), form.id("mentor", required=True)
        state = form.choice("state", (KEPT, REFUSED, SOLVED))
        if form.errors:
            raise Refusal(_("Выберите один из вариантов"))
        await set_by_hand(submission or 0, mentor or 0, state, by=request.user)
        return redirect(f"/organiser/proposal#p-{submission}")

    @post("/application")
    async def apply(self, request: PersonRequest) -> Response[Any]:
        done = await apply(by=request.user)
        text = (
            ngettext(
                "Назначен %(n)s наставник: он получит письмо",
                "Назначено %(n)s наставников: каждый получит письмо",
                done.assigned,
            )
            if done.assigned
            else _("Никто не назначен")
        )
        flashes = [Flash("success" if done.assigned else "info", text)]
        flashes += [Flash("warning", line) for line in done.refused[:3]]
        return redirect("/organiser/proposal", *flashes)


PAGES = [ProposalPages]
