"""The organiser's pages about the words of the documents: versions, what rests on each, what changed, writing a new one."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import LOCALES, _, current_locale
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.attachments import PDF, attachment
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.people.tables import ConsentText
from incubator.privacy.consent_wording import (
    WORDS,
    Wording,
    changes_between,
    note_lawyer,
    text_of,
    worded,
    wordings_of,
    write_wording,
)
from incubator.privacy.sheets import drawn_example, fits_one_sheet
from incubator.projects.consents import DOCUMENTS, latest_texts

_HOME = "/organiser/consents/texts"


class ConsentTextPages(Controller):
    path = _HOME
    guards = [organiser]

    @get()
    async def every(self, request: PersonRequest) -> Response[Any]:
        documents = {purpose: await wordings_of(purpose) for purpose in DOCUMENTS}
        return page(request, "backoffice/consent_texts.html", documents=documents)

    @get("/{purpose:str}")
    async def show(self, request: PersonRequest, purpose: FromPath[str]) -> Response[Any]:
        return await self._document(request, purpose, Form())

    @get("/{purpose:str}/new")
    async def ask(self, request: PersonRequest, purpose: FromPath[str]) -> Response[Any]:
        """Start from the version in force, or from any other, such as a newer draft that came with the program."""
        current = (await latest_texts())[_known(purpose)]
        chosen = id_in(request.query_params.get("from", ""))
        start = get_or_404(await text_of(purpose, chosen)) if chosen else current
        form = Form(**{name: getattr(start, name).strip() for name in WORDS}, based_on=str(current.id))
        return self._form(request, purpose, form, start=start)

    @post("/{purpose:str}/new")
    async def write(self, request: PersonRequest, purpose: FromPath[str]) -> Response[Any]:
        current = (await latest_texts())[_known(purpose)]
        form = await read_form(request)
        words = _words(form)
        reason = form.text("reason", longest=limits.OFFICE_REASON, required=True)
        if not form.errors:
            await _refuse_long(form, worded(purpose, words))
        if not form.errors:
            try:
                text = await write_wording(
                    purpose, words, reason=reason, based_on=form.id("based_on") or 0, by=request.user
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse("text_ru", refusal.message)
                form = _on(form, current)
        if form.errors:
            return self._form(request, purpose, form, start=current, status=422)
        said = _("Редакция %(n)s действует. Покажите её юристу и запишите, кто проверил.", n=text.version)
        return redirect(f"{_HOME}/{purpose}", Flash("success", said))

    @post("/{purpose:str}/preview")
    async def preview(self, request: PersonRequest, purpose: FromPath[str]) -> Response[Any]:
        """Return the sheet as it would be printed, for nobody."""
        form = await read_form(request)
        words = _words(form)
        locale = form.choice("preview", LOCALES) or current_locale()
        if form.errors:
            return self._form(request, purpose, form, start=(await latest_texts())[_known(purpose)], status=422)
        drawn = await drawn_example(worded(_known(purpose), words), locale)
        return attachment(drawn, PDF, "example.pdf", is_shown=True)

    @post("/{purpose:str}/{text_id:int}/lawyer")
    async def check(self, request: PersonRequest, purpose: FromPath[str], text_id: FromPath[int]) -> Response[Any]:
        text = get_or_404(await text_of(_known(purpose), text_id))
        form = await read_form(request)
        lawyer = form.text("lawyer", longest=limits.OPERATOR, required=True)
        if form.errors:
            return await self._document(request, purpose, form, status=422)
        await note_lawyer(text.id, lawyer, by=request.user)
        return redirect(f"{_HOME}/{purpose}", Flash("success", _("Записано: текст проверен")))

    async def _document(self, request: PersonRequest, purpose: str, form: Form, *, status: int = 200) -> Response[Any]:
        wordings = await wordings_of(_known(purpose))
        pair = _pair_of(wordings, request)
        return page(
            request, "backoffice/consent_text.html", status=status, purpose=purpose, wordings=wordings, form=form,
            current=next(each for each in wordings if each.is_in_force), pair=pair,
            changes=changes_between(*pair) if pair else {},
            offered=_offered(wordings), versions=[(str(each.text.version), each.text.version) for each in wordings],
        )  # fmt: skip

    def _form(
        self, request: PersonRequest, purpose: str, form: Form, *, start: ConsentText, status: int = 200
    ) -> Response[Any]:
        return page(request, "backoffice/consent_text_new.html", status=status, purpose=purpose, form=form, start=start)


def _known(purpose: str) -> str:
    return get_or_404(purpose if purpose in DOCUMENTS else None)


async def _refuse_long(form: Form, text: ConsentText) -> None:
    """Put a message into the form for words that take more than one sheet."""
    for locale in LOCALES:
        if not await fits_one_sheet(text, locale):
            form.refuse(f"text_{locale}", _("На один лист А4 не помещается: сократите или соедините короткие абзацы"))


def _words(form: Form) -> dict[str, str]:
    """Return what the form says in both languages, with messages in it for what is missing or too long."""
    words = {}
    for name in WORDS:
        is_text = name.startswith("text")
        longest = limits.CONSENT_TEXT if is_text else limits.CONSENT_TITLE
        words[name] = form.text(name, longest=longest, required=True, lines=is_text)
    return words


def _on(form: Form, current: ConsentText) -> Form:
    """Return the form so that sending it once more follows the version that is in force now."""
    again = form.with_values(based_on=str(current.id))
    again.errors |= form.errors
    return again


def _offered(wordings: list[Wording]) -> list[Wording]:
    """Return the drafts that came with the program after the operator's own words were written."""
    return [each for each in wordings if each.text.is_offered]


def _pair_of(wordings: list[Wording], request: PersonRequest) -> tuple[ConsentText, ConsentText] | None:
    """Return the two versions that the reader compares: by default the one in force with the one before."""
    by_version = {each.text.version: each.text for each in wordings}
    current = next(each.text.version for each in wordings if each.is_in_force)
    before = max((version for version in by_version if version < current), default=current)
    one = by_version.get(id_in(request.query_params.get("before", "")) or before)
    other = by_version.get(id_in(request.query_params.get("after", "")) or current)
    return (one, other) if one and other and one is not other else None


PAGES = [ConsentTextPages]
