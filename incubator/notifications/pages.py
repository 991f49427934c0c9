"""Pages for mail preferences, and the unsubscribe link in mails."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.notifications.preferences import KINDS, change_choices, choices_of, have_less
from incubator.notifications.send import reader_of
from incubator.people.guards import PersonRequest, signed_in


class UnsubscribePages(Controller):
    """The unsubscribe link, which works without signing in."""

    path = "/mail/{kind:str}/off/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, kind: FromPath[str], secret: FromPath[str]) -> Response[Any]:
        reader = await reader_of(f"/mail/{kind}/off/{secret}")
        get_or_404(reader if kind in KINDS else None)
        return page(request, "notifications/unsubscribe.html", kind=kind, ways=KINDS[kind], rhythm="")

    @post(status_code=200)
    async def end(self, request: AnyRequest, kind: FromPath[str], secret: FromPath[str]) -> Response[Any]:
        """Unsubscribe; repeating it changes nothing."""
        reader = get_or_404(await reader_of(f"/mail/{kind}/off/{secret}") if kind in KINDS else None)
        rhythm = await have_less(reader, kind)
        return page(request, "notifications/unsubscribe.html", kind=kind, ways=KINDS[kind], rhythm=rhythm)


class PreferencePages(Controller):
    """A person's choice of which mails they want, and how often."""

    path = "/profile/mail"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        form = Form((await choices_of(request.user)).items())
        return page(request, "notifications/preferences.html", form=form, kinds=KINDS)

    @post()
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        chosen = {kind: form.choice(kind, ways) for kind, ways in KINDS.items()}
        if form.errors:
            return page(request, "notifications/preferences.html", status=422, form=form, kinds=KINDS)
        await change_choices(request.user, chosen)
        return redirect("/profile/mail", Flash("success", _("Сохранено")))


PAGES = [UnsubscribePages, PreferencePages]
