"""What mails say, in an organiser's own words if they like, with a preview in both languages."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.mail.wordings import (
    FIELDS,
    Words,
    change_wording,
    examples,
    filled,
    restore_wording,
    wording_of,
    wordings,
)
from incubator.people.guards import PersonRequest, found, organiser
from incubator.web.flash import Flash
from incubator.web.forms import Form, read_form
from incubator.web.i18n import LOCALES, _, current_locale
from incubator.web.refusal import Refusal
from incubator.web.templating import page, redirect


class WordingPages(Controller):
    path = "/organiser/mails"
    guards = [organiser]

    @get()
    async def every(self, request: PersonRequest) -> Response[Any]:
        return page(request, "journey/mails.html", wordings=(await wordings(*FIELDS)).values())

    @get("/{mail:str}")
    async def show(self, request: PersonRequest, mail: FromPath[str]) -> Response[Any]:
        row = await wording_of(found(mail if mail in FIELDS else None))
        texts = {
            f"{part}_{locale}": getattr(row, f"{part}_{locale}") for part in ("subject", "body") for locale in LOCALES
        }
        return self._page(request, mail, Form(texts.items()), version=row.version)

    @post("/{mail:str}")
    async def change(self, request: PersonRequest, mail: FromPath[str]) -> Response[Any]:
        found(mail if mail in FIELDS else None)
        form = await read_form(request)
        if form.flag("restore"):
            await restore_wording(mail, by=request.user)
            return redirect(f"/organiser/mails/{mail}", Flash("info", _("Снова наши слова")))
        texts = {
            f"{part}_{locale}": form.text(f"{part}_{locale}", longest=longest, required=True, lines=part == "body")
            for part, longest in (("subject", 200), ("body", 4000)) for locale in LOCALES
        }  # fmt: skip
        if form.errors or form.flag("preview"):
            return self._page(request, mail, form, version=form.version(), status=422 if form.errors else 200)
        try:
            await change_wording(mail, texts, version=form.version(), by=request.user)
        except Refusal as refusal:
            form.refuse("body_ru", refusal.message)
            return self._page(request, mail, form, version=(await wording_of(mail)).version, status=422)
        return redirect(f"/organiser/mails/{mail}", Flash("success", _("Сохранено")))

    def _page(self, request: PersonRequest, key: str, form: Form, *, version: int, status: int = 200) -> Response[Any]:
        shown = {
            locale: Words(
                filled(form.value(f"subject_{locale}"), values), filled(form.value(f"body_{locale}"), values)
            )
            for locale in LOCALES for values in (examples(key, locale),)
        }  # fmt: skip
        return page(
            request,
            "journey/mail.html",
            status=status,
            key=key,
            form=form,
            version=version,
            fields=examples(key, current_locale()),
            shown=shown,
        )
