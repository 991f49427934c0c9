"""Editing the texts of mails, with a preview in both languages."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import LOCALES, _, current_locale
from incubator.core.refusals import Refusal, Stale
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.notifications.mail_templates import (
    Words,
    change_mail_template,
    examples,
    filled,
    mail_template_of,
    mail_templates,
    restore_mail_template,
)
from incubator.notifications.mails import packaged_mails
from incubator.notifications.tables import MailTemplate
from incubator.people.guards import PersonRequest, organiser


class MailTemplatePages(Controller):
    path = "/organiser/mails"
    guards = [organiser]

    @get()
    async def every(self, request: PersonRequest) -> Response[Any]:
        mails = packaged_mails()
        rows = (await mail_templates(*mails)).values()
        return page(request, "backoffice/mails.html", mail_templates=rows, mails=mails)

    @get("/{mail:str}")
    async def show(self, request: PersonRequest, mail: FromPath[str]) -> Response[Any]:
        row = await mail_template_of(get_or_404(mail if mail in packaged_mails() else None))
        return self._page(request, mail, _stored(row))

    @post("/{mail:str}")
    async def change(self, request: PersonRequest, mail: FromPath[str]) -> Response[Any]:
        get_or_404(mail if mail in packaged_mails() else None)
        form = await read_form(request)
        if form.flag("restore"):
            await restore_mail_template(mail, by=request.user)
            return redirect(f"/organiser/mails/{mail}", Flash("info", _("Письмо снова с исходным текстом")))
        texts = {
            f"{part}_{locale}": form.text(f"{part}_{locale}", longest=longest, required=True, lines=part == "body")
            for part, longest in (("subject", 200), ("body", 4000)) for locale in LOCALES
        }  # fmt: skip
        if form.errors or form.flag("preview"):
            return self._page(request, mail, form, status=422 if form.errors else 200)
        try:
            await change_mail_template(mail, texts, version=form.version(), by=request.user)
        except Stale as changed:
            form = rebased(form, _stored(await mail_template_of(mail)), texts=texts)
            form.refuse("version", changed.message)
            return self._page(request, mail, form, status=422)
        except Refusal as refusal:
            form.refuse("body_ru", refusal.message)
            return self._page(request, mail, form, status=422)
        return redirect(f"/organiser/mails/{mail}", Flash("success", _("Сохранено")))

    def _page(self, request: PersonRequest, key: str, form: Form, *, status: int = 200) -> Response[Any]:
        shown = {
            locale: Words(
                filled(form.value(f"subject_{locale}"), values), filled(form.value(f"body_{locale}"), values)
            )
            for locale in LOCALES for values in (examples(key, locale),)
        }  # fmt: skip
        return page(
            request,
            "backoffice/mail.html",
            status=status,
            key=key,
            name=packaged_mails()[key].name,
            form=form,
            fields=examples(key, current_locale()),
            shown=shown,
        )


def _stored(row: MailTemplate) -> Form:
    texts = {f"{part}_{locale}": getattr(row, f"{part}_{locale}") for part in ("subject", "body") for locale in LOCALES}
    return Form(**texts, version=row.version)


PAGES = [MailTemplatePages]
