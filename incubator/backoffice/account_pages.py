"""One account, for an organiser: another address for who lost their mailbox, and merging with a second account."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.email_address import readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.accounts import person_by_email
from incubator.people.age_history import age_history
from incubator.people.guards import PersonRequest, freshly_proved, organiser
from incubator.people.named import people_named
from incubator.people.second_factor import reset_factor
from incubator.people.second_factor_view import factors_of
from incubator.people.tables import Person
from incubator.privacy.lost_mailbox import replace_lost_address
from incubator.privacy.merging import merge_for
from incubator.privacy.merging_pages import belongings_of
from incubator.projects.vouching import reliance_on
from incubator.publication.withdrawals import end_confirmation

FOUND = 20


async def accounts_like(words: str) -> tuple[list[Person], int]:
    """Return accounts in whose name or address ``words`` stand, at most FOUND, and how many more there are."""
    ids = await people_named(words, or_with_address=True)
    rows = await Person.objects().where(Person.id.is_in(ids[:FOUND] or [0])).order_by(Person.id)
    return rows, max(0, len(ids) - FOUND)


class AccountPages(Controller):
    path = "/organiser/accounts"
    guards = [organiser]

    @get()
    async def search(self, request: PersonRequest) -> Response[Any]:
        words = request.query_params.get("q", "").strip()[: limits.FULL_NAME]
        people, more = await accounts_like(words)
        return page(request, "backoffice/accounts.html", form=Form(q=words), people=people, more=more, words=words)

    @get("/{person_id:int}")
    async def show(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        return await self._page(request, await _person(person_id))

    @post("/{person_id:int}/address", guards=[freshly_proved])
    async def change_address(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        person = await _person(person_id)
        form = await read_form(request)
        email = form.email("new_email")
        reason = form.text("address_reason", longest=limits.ACCOUNT_REASON, required=True)
        if not form.errors:
            try:
                is_old_told = await replace_lost_address(person_id, email, reason=reason, by=request.user)
            except Refusal as refusal:
                form.refuse("new_email", refusal.message)
        if form.errors:
            return await self._page(request, person, address_form=form, status=422)
        text = (
            _("Адрес сменён: %(email)s. Письма отправлены на оба адреса.", email=readable(email))
            if is_old_told
            else _(
                "Адрес сменён: %(email)s. Письмо отправлено на новый: прежний никто не подтвердил.",
                email=readable(email),
            )
        )
        return redirect(f"/organiser/accounts/{person_id}", Flash("success", text))

    @post("/{person_id:int}/merging", guards=[freshly_proved])
    async def merge(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        person = await _person(person_id)
        form = await read_form(request)
        email = form.email("other_email")
        reason = form.text("merging_reason", longest=limits.ACCOUNT_REASON, required=True)
        other = await person_by_email(email) if email else None
        if email and other is None:
            form.refuse("other_email", _("Записи с таким адресом нет"))
        if other is not None and not form.errors:
            try:
                await merge_for(person_id, other.id, reason=reason, by=request.user)
            except Refusal as refusal:
                form.refuse("other_email", refusal.message)
        if form.errors:
            return await self._page(request, person, merging_form=form, status=422)
        return redirect(f"/organiser/accounts/{person_id}", Flash("success", _("Записи объединены")))

    @post("/{person_id:int}/second-factor/reset", guards=[freshly_proved])
    async def reset_factor(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        person = await _person(person_id)
        form = await read_form(request)
        reason = form.text("factor_reason", longest=limits.ACCOUNT_REASON, required=True)
        if form.errors:
            return await self._page(request, person, factor_form=form, status=422)
        is_done = await reset_factor(person_id, reason=reason, by=request.user)
        text = (
            _("Второй шаг снят. Мы написали %(name)s и другим организаторам.", name=person.name)
            if is_done
            else _("Второго шага у этой записи нет: снимать нечего")
        )
        return redirect(f"/organiser/accounts/{person_id}", Flash("success" if is_done else "info", text))

    @post("/{person_id:int}/confirmation/end", guards=[freshly_proved])
    async def end_confirmation(self, request: PersonRequest, person_id: FromPath[int]) -> Response[Any]:
        person = await _person(person_id)
        form = await read_form(request)
        reason = form.text("confirmation_reason", longest=limits.ACCOUNT_REASON, required=True)
        if form.errors:
            return await self._page(request, person, confirmation_form=form, status=422)
        voided = await end_confirmation(person_id, reason=reason, by=request.user)
        text = (
            _("Подтверждение отменено. Согласий, которые стали недействительными: %(n)s.", n=voided)
            if voided
            else _("Подтверждение отменено")
        )
        return redirect(f"/organiser/accounts/{person_id}", Flash("success", text))

    async def _page(
        self, request: PersonRequest, person: Person, *, address_form: Form | None = None,
        merging_form: Form | None = None, factor_form: Form | None = None, confirmation_form: Form | None = None,
        status: int = 200,
    ) -> Response[Any]:  # fmt: skip
        return page(
            request, "backoffice/account.html", status=status, account=await belongings_of(person),
            address_form=address_form or Form(), merging_form=merging_form or Form(),
            factor_form=factor_form or Form(), factors=await factors_of(person),
            age_history=await age_history(person.id), confirmation_form=confirmation_form or Form(),
            reliance=None if person.id == request.user.id else await reliance_on(person.id),
        )  # fmt: skip


async def _person(person_id: int) -> Person:
    return get_or_404(await Person.objects().get(Person.id == person_id))


PAGES = [AccountPages]
