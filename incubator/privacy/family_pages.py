"""The family's page: by the codes on the papers of its children, without an account."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.privacy.family import Family, codes_behind, family_of
from incubator.privacy.paper_codes import family_codes_in
from incubator.projects.consents import PURPOSES
from incubator.publication.withdrawals import withdraw_by_family


class FamilyPages(Controller):
    path = "/family"

    @get()
    async def ask(self, request: AnyRequest) -> Response[Any]:
        return page(request, "privacy/family_code.html", form=Form())

    @post()
    async def open(self, request: AnyRequest) -> Response[Any]:
        """Open the page of a code, together with those that were opened before."""
        form = await read_form(request)
        beside = "".join(family_codes_in(form.value("beside")))
        typed = form.text("code", longest=limits.FAMILY_CODES, required=True)
        codes = [] if form.errors else await codes_behind(typed, address=client_address(request))
        if not codes:
            form.refuse("code", _("Такого кода нет. Проверьте его по листу или попросите у педагога новый."))
            return page(request, "privacy/family_code.html", status=422, form=form)
        together = family_codes_in(beside + "".join(each.code for each in codes))
        return redirect("/family/" + "".join(together or [each.code for each in codes]))

    @get("/{family_codes:str}")
    async def show(self, request: AnyRequest, family_codes: FromPath[str]) -> Response[Any]:
        """Show every child whose code is in the address, one code after the other."""
        children, path = await self._children(request, family_codes)
        if not children:
            return private_page(page(request, "privacy/family_of_age.html", status=410))
        return private_page(
            page(
                request, "privacy/family.html", children=children, purposes=PURPOSES, path_of_codes=path, form=Form(),
                is_one_missing=len(children) < len(family_codes_in(family_codes)),
            )
        )  # fmt: skip

    @post("/{family_codes:str}/withdrawal")
    async def withdraw(self, request: AnyRequest, family_codes: FromPath[str]) -> Response[Any]:
        children, path = await self._children(request, family_codes)
        form = await read_form(request)
        purpose = get_or_404(form.choice("purpose", PURPOSES) or None)
        if children:
            named = form.value("child") or (children[0].code if len(children) == 1 else "")
            child = get_or_404(next((each for each in children if each.code == named), None))
            await withdraw_by_family(child.person, purpose)
            return redirect(path, Flash("success", _("Согласие забрано. Педагог и организатор узнают об этом.")))
        return redirect(path)

    async def _children(self, request: AnyRequest, typed: str) -> tuple[list[Family], str]:
        """Return the children who are not of age yet, and the page's path; 404 if no code works."""
        codes = get_or_404(await codes_behind(typed, address=client_address(request)) or None)
        families = [await family_of(code) for code in codes]
        return [each for each in families if not each.is_over], "/family/" + "".join(each.code for each in codes)


def private_page(response: Response[Any]) -> Response[Any]:
    """Keep the page out of search engines and caches."""
    response.headers |= {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
    return response


PAGES = [FamilyPages]
