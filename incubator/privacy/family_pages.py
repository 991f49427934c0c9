"""The family's page: by the code on the paper, without an account."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.core.printed_codes import in_groups
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.privacy.family import family_of, take_consent_back, who_is_behind
from incubator.projects.consents import PURPOSES


class FamilyPages(Controller):
    path = "/family"

    @get()
    async def ask(self, request: AnyRequest) -> Response[Any]:
        return page(request, "privacy/family_code.html", form=Form())

    @post()
    async def open(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        typed = form.text("code", longest=limits.PHONE, required=True)
        code = None if form.errors else await who_is_behind(typed, address=client_address(request))
        if code is None:
            form.refuse("code", _("Такого кода нет. Проверьте его по листу или попросите у педагога новый."))
            return page(request, "privacy/family_code.html", status=422, form=form)
        return redirect(f"/family/{code.code}")

    @get("/{family_code:str}")
    async def show(self, request: AnyRequest, family_code: FromPath[str]) -> Response[Any]:
        found = get_or_404(await who_is_behind(family_code, address=client_address(request)))
        family = await family_of(found)
        if family.is_over:
            return private_page(page(request, "privacy/family_of_age.html", status=410))
        return private_page(
            page(
                request, "privacy/family.html", family=family, purposes=PURPOSES, shown_code=in_groups(found.code)
            )
        )  # fmt: skip

    @post("/{family_code:str}/withdrawal")
    async def withdraw(self, request: AnyRequest, family_code: FromPath[str]) -> Response[Any]:
        found = get_or_404(await who_is_behind(family_code, address=client_address(request)))
        purpose = get_or_404((await read_form(request)).choice("purpose", PURPOSES) or None)
        if (await family_of(found)).is_over:
            return redirect(f"/family/{found.code}")
        await take_consent_back(found, purpose)
        return redirect(
            f"/family/{found.code}", Flash("success", _("Согласие забрано. Педагог и организатор узнают об этом."))
        )


def private_page(response: Response[Any]) -> Response[Any]:
    """Keep the page out of search engines and caches."""
    response.headers |= {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
    return response


PAGES = [FamilyPages]
