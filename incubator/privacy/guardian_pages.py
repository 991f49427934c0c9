"""The page behind a mailed link: a guardian reads the documents, answers each, and signs, without an account."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.folding import folded
from incubator.core.languages import _, use_locale
from incubator.core.refusals import Stale
from incubator.core.visible import says_something
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.language import is_language_chosen
from incubator.http.lookup import get_or_404
from incubator.http.posted import words_posted
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.people.consents import Ban
from incubator.people.tables import Person
from incubator.privacy.data_operator import the_operator
from incubator.privacy.family_pages import private_page
from incubator.privacy.guardian_answer import (
    GuardianPage,
    LinkEnd,
    LinkEnded,
    answer_as_guardian,
    family_codes_for,
    guardian_page,
    link_behind,
    note_opened,
)
from incubator.privacy.guardian_rules import SignedAnswer
from incubator.privacy.sheets import operator_in_words, paragraphs_of
from incubator.privacy.tables import GuardianLink
from incubator.projects.consents import purpose_title

YES, NO = "yes", "no"


class GuardianPages(Controller):
    path = "/guardian"

    @get("/{guardian_secret:str}")
    async def show(self, request: AnyRequest, guardian_secret: FromPath[str]) -> Response[Any]:
        link = await _link(request, guardian_secret)
        await note_opened(link)
        try:
            asked = await guardian_page(link)
        except LinkEnded as ended:
            return await _ended(request, link, ended.why)
        return await _shown(request, guardian_secret, asked, Form())

    @post("/{guardian_secret:str}")
    async def answer(self, request: AnyRequest, guardian_secret: FromPath[str]) -> Response[Any]:
        link = await _link(request, guardian_secret)
        form = await read_form(request)
        try:
            asked = await guardian_page(link)
            signed = _signed(form, asked)
            if not form.errors:
                codes = await answer_as_guardian(link, signed)
                text = _("Спасибо! Ответ записан, а письмо с ним придёт на ваш адрес.")
                return redirect(f"/family/{codes}", Flash("success", text))
        except LinkEnded as ended:
            text = _(
                "По этой ссылке уже ответили, поэтому второй ответ не записан. Что записано сейчас, видно здесь: отсюда можно забрать согласие."
            )
            return await _ended(request, link, ended.why, Flash("warning", text))
        except Stale as changed:
            form.refuse("name", changed.message)
            asked = await guardian_page(link)
        return await _shown(request, guardian_secret, asked, form, status=422)


async def _link(request: AnyRequest, secret: str) -> GuardianLink:
    """Return the link, and go on in the language of its mail unless the reader has chosen one on the site."""
    link = get_or_404(await link_behind(secret, address=client_address(request)))
    if not is_language_chosen(request):
        use_locale(link.locale)
    return link


def _signed(form: Form, asked: GuardianPage) -> SignedAnswer:
    """Return what was answered; errors are in the form."""
    agreed, refused = _answers(form, asked)
    name = form.text("name", longest=limits.FULL_NAME, required=True)
    _check_name(form, name, asked.child)
    contact = form.text("contact", longest=limits.CONTACT, required=True)
    if not form.flag("is_guardian"):
        form.refuse("is_guardian", _("Отметьте, что вы представляете ребёнка: без этого ответ ничего не значит"))
    return SignedAnswer(
        agreed=agreed, refused=refused, name=name, contact=contact,
        bans={purpose: _bans(form, purpose) for purpose in agreed},
        texts={purpose: id_in(form.value(f"text-{purpose}")) or 0 for purpose in (*agreed, *refused)},
        term=form.value("term"),
    )  # fmt: skip


def _answers(form: Form, asked: GuardianPage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the purposes with a yes and those with a no; what stands already can only be refused."""
    words = {each.purpose: form.value(each.purpose) for each in asked.questions}
    for purpose in asked.asked:
        if words[purpose] not in {YES, NO}:
            form.refuse(
                purpose,
                _(
                    "Ответьте «да» или «нет» (%(document)s): молчание согласием не считается",
                    document=purpose_title(purpose),
                ),
            )
    # Also to what the other guardian has agreed to since this page was opened: what this one forbids counts as well.
    agreed = tuple(purpose for purpose, word in words.items() if word == YES)
    refused = tuple(purpose for purpose, word in words.items() if word == NO)
    if not agreed and not refused:
        form.refuse(
            asked.questions[0].purpose, _("Всё уже дано. Отметьте, что хотите забрать, или просто закройте страницу.")
        )
    return agreed, refused


def _check_name(form: Form, name: str, child: Person) -> None:
    if name and len(name.split()) < 2:
        form.refuse("name", _("Впишите фамилию, имя и отчество целиком"))
    given, family = child.given_name, child.family_name
    if folded(name) in {folded(f"{given} {family}"), folded(f"{family} {given}")}:
        form.refuse("name", _("Это имя ребёнка. Подписывает родитель: впишите своё."))


def _bans(form: Form, purpose: str) -> tuple[str, ...]:
    own = form.text(f"other-{purpose}", longest=limits.BAN)
    ticked = [ban.value for ban in Ban if ban.value in form.values(f"ban-{purpose}")]
    return (*ticked, *([own] if says_something(own) else []))


async def _shown(
    request: AnyRequest, secret: str, asked: GuardianPage, form: Form, *, status: int = 200
) -> Response[Any]:
    paragraphs = {each.purpose: paragraphs_of(each.shown) for each in asked.questions}
    return private_page(
        page(
            request, "privacy/guardian.html", status=status, form=form, asked=asked, secret=secret,
            operator=operator_in_words(await the_operator()), paragraphs=paragraphs,
        )
    )  # fmt: skip


async def _ended(request: AnyRequest, link: GuardianLink, why: LinkEnd, *said: Flash) -> Response[Any]:
    """Show why the link ended and what to do; after an answer lead to the family's page with ``said``, as long as the mail works."""
    codes = await family_codes_for(link) if why is LinkEnd.ANSWERED else ""
    if codes:
        return private_page(redirect(f"/family/{codes}", *said))
    typed = words_posted(request)
    return private_page(page(request, "privacy/guardian_ended.html", status=410, why=why.value, link=link, typed=typed))


PAGES = [GuardianPages]
