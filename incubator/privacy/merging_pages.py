"""Merging one's own two accounts: prove the other one, see what moves, confirm."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.requests import client_address
from incubator.http.templating import page, redirect
from incubator.people import tokens
from incubator.people.accounts import authenticate
from incubator.people.factors import has_factor
from incubator.people.guards import PersonRequest, freshly_proved, signed_in
from incubator.people.pages import mailbox_hint
from incubator.people.sessions import secret_from
from incubator.people.tables import Consent, Grant, Person
from incubator.privacy.merge_proof import mail_merge_link, proof_of
from incubator.privacy.merging import merge_own, obstacle
from incubator.projects.tables import Member
from incubator.reviews.tables import Review


@dataclass(frozen=True, slots=True)
class Belongings:
    """What an account holds, for whoever decides about merging it."""

    person: Person
    teams: list[Member]
    """With their projects."""
    roles: list[str]
    reviews: int
    consents: int


async def belongings_of(person: Person) -> Belongings:
    """Return what moves with the account. Four queries."""
    teams = await Member.objects(Member.project).where(Member.person == person.id).order_by(Member.id)
    roles = await Grant.select(Grant.role).where((Grant.person == person.id) & Grant.holding()).order_by(Grant.id)
    return Belongings(
        person=person,
        teams=teams,
        roles=list(dict.fromkeys(row["role"] for row in roles)),
        reviews=await Review.count().where((Review.mentor == person.id) & Review.sent()),
        consents=await Consent.count().where((Consent.person == person.id) & Consent.standing()),
    )


class MergingPages(Controller):
    path = "/profile/merging"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return page(request, "privacy/merging.html", form=Form())

    @post()
    async def prove(self, request: PersonRequest) -> Response[Any]:
        """Prove the other account by its password, or have a link mailed to its address."""
        form = await read_form(request)
        email = form.email("email")
        if email and email == request.user.email:
            form.refuse("email", _("Это адрес записи, в которую вы вошли. Нужен адрес второй."))
        if form.errors:
            return page(request, "privacy/merging.html", status=422, form=form)
        try:
            if form.flag("by_mail"):
                await mail_merge_link(email, by=request.user, address=client_address(request))
                return redirect(
                    "/profile/merging", mailbox_hint(_("Если такая запись есть, письмо со ссылкой уже в пути"))
                )
            other = await authenticate(email, form.value("password"), address=client_address(request))
        except Refusal as refusal:
            form.refuse("email", refusal.message)
        else:
            if other and not await has_factor(other.id):
                return redirect(f"/profile/merging/{await proof_of(other)}")
            # To whoever knows a password alone, an account with a second factor looks like one with another password.
            form.refuse(
                "password", _("Адрес и пароль не подошли, или у той записи есть второй шаг: тогда объедините их оттуда")
            )
        return page(request, "privacy/merging.html", status=422, form=form)

    @get("/{secret:str}")
    async def preview(self, request: PersonRequest, secret: FromPath[str]) -> Response[Any]:
        other = await tokens.holder(secret, tokens.MERGE)
        if other is None or other.id == request.user.id:
            return page(request, "privacy/merge.html", secret="", is_same=other is not None, other=None, problem="")
        return page(
            request, "privacy/merge.html", secret=secret, is_same=False, other=await belongings_of(other),
            problem=await obstacle(request.user, other),
        )  # fmt: skip

    @post("/{secret:str}", guards=[freshly_proved])
    async def merge(self, request: PersonRequest, secret: FromPath[str]) -> Response[Any]:
        await merge_own(secret, by=request.user, kept_session=secret_from(request.scope))
        return redirect("/profile", Flash("success", _("Записи объединены: теперь у вас одна")))


PAGES = [MergingPages]
