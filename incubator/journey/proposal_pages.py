"""The organiser's pages of assigning: the proposal with its reasons, calibration, and what mails say."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.mail.wordings import FIELDS, Words, change_wording, examples, filled, restore_wording, wording_of
from incubator.people.guards import PersonRequest, found, organiser
from incubator.people.tables import Person
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage
from incubator.programme.tables import Season
from incubator.projects.tables import Submission
from incubator.reviews.calibration import ENOUGH
from incubator.reviews.declared import reason_in_words
from incubator.reviews.figures import calibration_of, scores_of
from incubator.reviews.proposal import KEPT, REFUSED, SOLVED, apply, proposal, propose, set_by_hand
from incubator.web.flash import Flash
from incubator.web.forms import Form, read_form
from incubator.web.i18n import LOCALES, _, current_locale, ngettext
from incubator.web.refusal import Refusal
from incubator.web.templating import page, redirect

PER_PAGE = 20


class ProposalPages(Controller):
    path = "/organiser/proposal"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        number = Form([("page", request.query_params.get("page", "1"))]).number("page", least=1, most=10_000, default=1)
        first = (number - 1) * PER_PAGE
        shown = await proposal(first, PER_PAGE)
        return page(
            request, "journey/proposal.html", lines=shown.lines, number=number, total=shown.total,
            has_more=shown.total > first + PER_PAGE, pairs=shown.pairs,
            short=shown.short, reason_in_words=reason_in_words,
        )  # fmt: skip

    @post()
    async def solve(self, request: PersonRequest) -> Response[Any]:
        """Propose for everything that waits."""
        solution = await propose(by=request.user)
        text = ngettext(
            "Предложено %(n)s назначение. Посмотрите, поправьте и примените.",
            "Предложено %(n)s назначений. Посмотрите, поправьте и примените.",
            len(solution.pairs),
        )
        return redirect("/organiser/proposal", Flash("success" if solution.pairs else "info", text))

    @post("/pairs")
    async def change(self, request: PersonRequest) -> Response[Any]:
        """One pair by hand: kept, refused, or left to the solver again."""
        form = await read_form(request)
        submission, mentor = form.id("submission", required=True), form.id("mentor", required=True)
        state = form.choice("state", (KEPT, REFUSED, SOLVED))
        if form.errors:
            raise Refusal(_("Выберите один из вариантов"))
        await set_by_hand(submission or 0, mentor or 0, state, by=request.user)
        return redirect(f"/organiser/proposal#p-{submission}")

    @post("/application")
    async def apply(self, request: PersonRequest) -> Response[Any]:
        done = await apply(by=request.user)
        text = ngettext("Назначено: %(n)s, письма отправлены", "Назначено: %(n)s, письма отправлены", done.assigned)
        flashes = [Flash("success" if done.assigned else "info", text)]
        flashes += [Flash("warning", line) for line in done.refused[:3]]
        return redirect("/organiser/proposal", *flashes)


class CalibrationPages(Controller):
    path = "/organiser/calibration"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        """Severities, and the ranking raw and calibrated side by side: advice, never applied."""
        query = request.query_params
        stage = query.get("stage") if query.get("stage") in set(Stage) else Stage.IDEA.value
        chosen = Form([("season", query.get("season", ""))]).id("season")
        season = await Season.objects().get(Season.id == chosen) if chosen else await current_season()
        scores = await scores_of(season.id, str(stage)) if season else ()
        found_ = calibration_of(scores)
        raw = sorted(found_.submissions, key=lambda s: -found_.submissions[s].raw)
        calibrated = sorted(found_.submissions, key=lambda s: -found_.submissions[s].calibrated)
        ranks = {s: n for n, s in enumerate(raw, start=1)}
        shown = [(n, ranks[s], s, found_.submissions[s]) for n, s in enumerate(calibrated, start=1)][:200]
        titles = {
            r["id"]: r["title"]
            for r in await Submission.select(Submission.id, Submission.title).where(
                Submission.id.is_in([s for _n, _r, s, _q in shown] or [0])
            )
        }
        people = {p.id: p.name for p in await Person.objects().where(Person.is_mentor.eq(True))}
        return page(
            request, "journey/calibration.html", season=season, stage=stage, stages=[s.value for s in Stage],
            seasons=await Season.objects().order_by(Season.opens_on, ascending=False), shown=shown, titles=titles,
            people=people, mentors=sorted(found_.mentors.items(), key=lambda item: -item[1].severity), enough=ENOUGH,
            chance=found_.chance, total=len(found_.submissions),
        )  # fmt: skip


class WordingPages(Controller):
    path = "/organiser/mails"
    guards = [organiser]

    @get()
    async def every(self, request: PersonRequest) -> Response[Any]:
        return page(request, "journey/mails.html", wordings=[await wording_of(key) for key in FIELDS])

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


PAGES: list[Any] = [ProposalPages, CalibrationPages, WordingPages]
