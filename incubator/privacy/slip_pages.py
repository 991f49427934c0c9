"""Printing reminders that a teacher hands to families."""

from typing import Any

from litestar import Controller, Response, post

from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.attachments import PDF, attachment
from incubator.http.forms import read_form
from incubator.people.guards import PersonRequest, signed_in
from incubator.privacy.consent_table import table_page, ticked_children
from incubator.privacy.slips import drawn_slips, make_slips


class SlipPages(Controller):
    path = "/consents/slips"
    guards = [signed_in]

    @post()
    async def make(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        try:
            slips = await make_slips(ticked_children(form), by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("child", refusal.message)
            return await table_page(request, form, status=422)
        return attachment(await drawn_slips(slips), PDF, "reminders.pdf")


PAGES = [SlipPages]
