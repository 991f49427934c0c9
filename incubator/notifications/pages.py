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
from incubator.notifications.preferences import change_choices, choices_of, have_less, kinds_for, ways_of
from incubator.notifications.send import reader_of
from incubator.people.guards import PersonRequest, allowed_to, signed_in


class UnsubscribePages(Controller):
    """The unsubscribe link, which works without signing in."""

    path = "/mail/{kind:str}/off/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, kind: FromPath[str], secret: FromPath[str]) -> Response[Any]:
        ways = get_or_404(ways_of(kind))
        get_or_404(await reader_of(f"/mail/{kind}/off/{secret}"))
        return page(request, "notifications/unsubscribe.html", kind=kind, ways=ways, rhythm="")

    @post(status_code=200)
    async def end(self, request: AnyRequest, kind: FromPath[str], secret: FromPath[str]) -> Response[Any]:
        """Unsubscribe; repeating it changes nothing."""
        ways = get_or_404(ways_of(kind))
        reader = get_or_404(await reader_of(f"/mail/{kind}/off/{secret}"))
        rhythm = await have_less(reader, kind)
        return page(request, "notifications/unsubscribe.html", kind=kind, ways=ways, rhythm=rhythm)


class PreferencePages(Controller):
    """A person's choice of which mails they want, and how often."""

    path = "/profile/mail"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return self._page(request, Form((await choices_of(request.user)).items()))

    @post()
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        chosen = {kind: form.choice(kind, ways) for kind, ways in kinds_for(allowed_to(request)).items()}
        if form.errors:
            return self._page(request, form, status=422)
        await change_choices(request.user, chosen)
        return redirect("/profile/mail", Flash("success", _("Сохранено")))

    def _page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        kinds = kinds_for(allowed_to(request))
        return page(request, "notifications/preferences.html", status=status, form=form, kinds=kinds)


PAGES = [UnsubscribePages, PreferencePages]
