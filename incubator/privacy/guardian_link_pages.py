"""Asking guardians by mail: the teacher's page with one child or several, sending again, revoking."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import LOCALES, _, current_locale, ngettext
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import client_address
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.tables import Person
from incubator.privacy.consent_matrix import children_of
from incubator.privacy.consent_table import ticked_children
from incubator.privacy.data_operator import lacks, the_operator
from incubator.privacy.guardian_links import (
    answers_by,
    ask_again,
    ask_guardians,
    revoke_guardian_link,
    where_links_are_taken,
)
from incubator.privacy.guardian_rules import Relation, WantedGuardian, relation_in_words
from incubator.privacy.recorders import Entitlement, where_may_record
from incubator.privacy.tables import GuardianLink

HERE = "/consents/guardians"


class GuardianLinkPages(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        chosen = [n for n in map(id_in, request.query_params.getall("of", [])) if n]
        if not chosen:
            return redirect("/consents")
        return await self._page(request, chosen, Form(locale=current_locale()))

    @post("/choice")
    async def choose(self, request: PersonRequest) -> Response[Any]:
        """From the table to the page with those that are ticked; adults have nobody who signs for them."""
        form = await read_form(request)
        chosen = [person for _project, person in ticked_children(form)]
        children = await _entitled(chosen, request.user) if chosen else {}
        rows = await Person.objects().where(Person.id.is_in(list(children) or [0])).order_by(Person.id)
        minors = [person.id for person in rows if not person.is_adult]
        if not minors:
            return redirect("/consents", Flash("info", _("Отметьте, чьим родителям написать")))
        return redirect(_address_of(minors[: limits.GUARDIANS]), *_left_for_later(minors))

    @post()
    async def send(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        asked_for = [n for n in map(id_in, form.values("of")) if n]
        chosen = await _still_entitled(asked_for, request.user)
        children = await _entitled(chosen, request.user)
        if len(chosen) < len(set(asked_for[: limits.GUARDIANS])):
            form.refuse(
                f"email-{chosen[0]}",
                _(
                    "Пока вы писали, кто-то из учеников ушёл из команды или класса, и его строки мы убрали. Ещё ничего "
                    "не отправлено: проверьте остальные."
                ),
            )
        wanted = [found for person in children if (found := _wanted(form, person)) is not None]
        locale = form.choice("locale", LOCALES)
        if not wanted and not form.errors:
            form.refuse(f"email-{chosen[0]}", _("Впишите хотя бы один адрес"))
        if not form.errors:
            try:
                sent = await ask_guardians(wanted, locale=locale, by=request.user, address=client_address(request))
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse(f"email-{getattr(refusal, 'person', chosen[0])}", refusal.message)
            else:
                text = ngettext("Письмо отправлено: %(n)s", "Письма отправлены: %(n)s", sent)
                return redirect(_address_of(chosen), Flash("success", text))
        return await self._page(request, chosen, form, status=422)

    @post("/{link_id:int}/again")
    async def again(self, request: PersonRequest, link_id: FromPath[int]) -> Response[Any]:
        person = await self._child_of(request, link_id)
        await ask_again(link_id, by=request.user, address=client_address(request))
        return redirect(
            _address_of([person]), Flash("success", _("Новая ссылка отправлена, прежняя больше не работает"))
        )

    @post("/{link_id:int}/revocation")
    async def revoke(self, request: PersonRequest, link_id: FromPath[int]) -> Response[Any]:
        person = await self._child_of(request, link_id)
        await revoke_guardian_link(link_id, by=request.user)
        return redirect(_address_of([person]), Flash("success", _("Ссылка отозвана, адрес стёрт")))

    async def _child_of(self, request: PersonRequest, link_id: int) -> int:
        link = get_or_404(await GuardianLink.objects().get(GuardianLink.id == link_id))
        get_or_404(await where_may_record(request.user, link.person))
        return int(link.person)

    async def _page(self, request: PersonRequest, chosen: list[int], form: Form, *, status: int = 200) -> Response[Any]:
        children = await _entitled(chosen, request.user)
        pupils = await children_of(
            await Person.objects().where(Person.id.is_in(list(children))).order_by(Person.id), with_links=True
        )
        projects = {each.project for each in children.values()}
        entitlement = next(iter(children.values()))
        return page(
            request, "privacy/guardian_links.html", status=status, form=form,
            pupils=sorted(pupils.values(), key=lambda each: each.person.name), relation_pairs=[(each.value, relation_in_words(each)) for each in Relation],
            is_on=await where_links_are_taken(projects) >= projects,
            answers=await answers_by(each.link.id for pupil in pupils.values() for each in pupil.links),
            table_address=entitlement.address, operator_lacks=lacks(await the_operator()),
        )  # fmt: skip


async def _entitled(people: list[int], by: Person) -> dict[int, Entitlement]:
    """Return the children with that in which ``by`` may record their consents; 404 if there is one of whom they may not."""
    get_or_404(people or None)
    return {
        person: get_or_404(await where_may_record(by, person, by_link=True))
        for person in dict.fromkeys(people[: limits.GUARDIANS])
    }


async def _still_entitled(people: list[int], by: Person) -> list[int]:
    """Return those of whom ``by`` may record consents: somebody may have left while the page was filled in."""
    return [person for person in dict.fromkeys(people[: limits.GUARDIANS]) if await where_may_record(by, person)]


def _wanted(form: Form, person: int) -> WantedGuardian | None:
    """Return who is to be asked for a child; None where the line was left empty."""
    name, email = f"name-{person}", f"email-{person}"
    if not form.value(name).strip() and not form.value(email).strip():
        return None
    return WantedGuardian(
        person, form.text(name, longest=limits.FULL_NAME, required=True),
        form.choice(f"relation-{person}", list(Relation)), form.email(email),
    )  # fmt: skip


def _left_for_later(people: list[int]) -> list[Flash]:
    """Return how many of those who were ticked the page has no room for."""
    if (left := len(people) - limits.GUARDIANS) <= 0:
        return []
    return [
        Flash(
            "warning",
            ngettext(
                "За один раз – не больше %(most)s писем. Ещё %(n)s ученика отметите потом.",
                "За один раз – не больше %(most)s писем. Ещё %(n)s учеников отметите потом.",
                left,
                most=limits.GUARDIANS,
            ),
        )
    ]


def _address_of(people: list[int]) -> str:
    return HERE + "?" + "&".join(f"of={person}" for person in dict.fromkeys(people))


PAGES = [GuardianLinkPages]
