"""A mentor's settings: fields and days, preferences, own severity, practice, calendar."""

import re
from typing import Any

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from incubator import config
from incubator.core import limits
from incubator.core.languages import LOCALES, _, ngettext
from incubator.core.refusals import Refusal, Stale
from incubator.http.flash import Flash
from incubator.http.forms import Form, id_in, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, mentor
from incubator.projects.tables import Project
from incubator.reference.tables import Cluster, Competency
from incubator.reviews.assignment.bids import bid, offered_to
from incubator.reviews.assignment.declared_conflicts import KINDS as CONFLICT_KINDS
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.matching import BIDS
from incubator.reviews.assignment.mentors import (
    Offer,
    change_offer,
    days_away,
    end_feed,
    feed_reader,
    go_away,
    mentor_of,
    new_feed,
    offer_of,
    stay,
)
from incubator.reviews.assignment.reviewers import Excess, reviewers_for
from incubator.reviews.reviewing.due_dates import calendar_of
from incubator.reviews.reviewing.own_severity import own_severities
from incubator.reviews.reviewing.practice import last_try, practice_criteria, practise, sections, title

PER_PAGE = 40


def _ids(values: list[str]) -> frozenset[int]:
    return frozenset(number for value in values if (number := id_in(value)) is not None)


class MentorPages(Controller):
    path = "/desk/offer"
    guards = [mentor]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request)

    @post()
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        known = {c["id"] for c in await Cluster.select(Cluster.id)}
        able = {c["id"] for c in await Competency.select(Competency.id)}
        offer = Offer(
            capacity=form.number("capacity", least=0, most=limits.CAPACITY),
            season_capacity=form.number("season_capacity", least=0, most=limits.SEASON_CAPACITY),
            languages=tuple(form.values("languages")),
            clusters=_ids(form.values("clusters")) & known,
            competencies=_ids(form.values("competencies")) & able,
        )
        if not form.errors:
            try:
                await change_offer(request.user, offer, read=_capacity_before(form))
            except Stale:
                raise
            except Refusal as refusal:
                form.refuse("languages", refusal.message)
        if form.errors:
            return await self._page(request, form=form, status=422)
        own = await reviewers_for(request.user.id)
        excesses = [excess for reviewer in own for excess in reviewer.excesses()]
        return redirect("/desk/offer", Flash("success", _("Сохранено")), *still_waiting(excesses))

    @post("/away")
    async def away(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        first, last = form.date("starts_on", required=True), form.date("ends_on", required=True)
        if first and last and not form.errors:
            try:
                await go_away(request.user, first, last)
            except Refusal as refusal:
                form.refuse("ends_on", refusal.message)
        if form.errors:
            return await self._page(request, away_form=form, status=422)
        return redirect("/desk/offer#away", Flash("success", _("Записали: в эти дни напоминаний не будет")))

    @post("/away/{away_id:int}/removal")
    async def back(self, request: PersonRequest, away_id: FromPath[int]) -> Response[Any]:
        await stay(request.user, away_id)
        return redirect("/desk/offer#away", Flash("info", _("Удалено")))

    @post("/calendar")
    async def calendar(self, request: PersonRequest) -> Response[Any]:
        if (await read_form(request)).flag("end"):
            await end_feed(request.user)
            return redirect("/desk/offer#calendar", Flash("info", _("Старый адрес календаря больше не работает")))
        return await self._page(request, feed=f"{config.settings.base_url}/calendar/{await new_feed(request.user)}.ics")

    async def _page(
        self, request: PersonRequest, *, form: Form | None = None, away_form: Form | None = None, feed: str = "",
        status: int = 200,
    ) -> Response[Any]:  # fmt: skip
        offer, own = await offer_of(request.user), await mentor_of(request.user)
        return page(
            request, "reviews/offer.html", status=status,
            form=form or Form(
                capacity=offer.capacity, season_capacity=offer.season_capacity, languages=list(offer.languages),
                clusters=sorted(offer.clusters), competencies=sorted(offer.competencies),
            ).with_read("capacity"),
            clusters=await Cluster.objects().order_by(Cluster.id), locales=LOCALES,
            competencies=await Competency.objects().order_by(Competency.title_ru),
            away=await days_away(request.user), away_form=away_form or Form(), feed=feed,
            has_feed=bool(own and own.feed_hash),
        )  # fmt: skip


def _capacity_before(form: Form) -> dict[str, int]:
    """Return the capacity that the page showed, which an organiser may have changed since."""
    value = form.before("capacity").get("capacity", "")
    return {"capacity": int(value)} if re.fullmatch(r"\d{1,4}", value, re.ASCII) else {}


def still_waiting(excesses: list[Excess]) -> list[Flash]:
    """Return what a mentor should know whose limits are below what they have already."""
    return [Flash("warning", _of_season(each) if each.of_season else _at_once(each.asked)) for each in excesses]


def _of_season(excess: Excess) -> str:
    return ngettext(
        "За сезон у вас уже %(n)s рецензия, это больше нового предела. Новых в этом сезоне не предложим.",
        "За сезон у вас уже %(n)s рецензий, это больше нового предела. Новых в этом сезоне не предложим.",
        excess.asked,
    )


def _at_once(load: int) -> str:
    return ngettext(
        "У вас уже ждёт %(n)s рецензия, это больше нового предела. Она остаётся за вами: если не успеваете, откажитесь "
        "на странице заявки.",
        "У вас уже ждут %(n)s рецензий, это больше нового предела. Они остаются за вами: если не успеваете, откажитесь "
        "на странице заявки.",
        load,
    )


class BidPages(Controller):
    path = "/desk/bids"
    guards = [mentor]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request, Form())

    @post()
    async def save(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        wishes = {
            project: form.choice(name, BIDS, required=False)
            for name in form.names()
            for project in _ids([name.removeprefix("wish-")])
            if name.startswith("wish-")
        }
        if form.errors:
            raise Refusal(_("Выберите один из вариантов"))
        gone = await bid(request.user, wishes)
        flashes = [Flash("success", _("Спасибо: учтём, когда будем назначать"))]
        if gone:
            flashes.append(
                Flash(
                    "info",
                    ngettext(
                        "%(n)s заявку уже разобрали, пока вы отмечали. Остальное записано.",
                        "%(n)s заявок уже разобрали, пока вы отмечали. Остальное записано.",
                        gone,
                    ),
                )
            )
        return redirect("/desk/bids", *flashes)

    @post("/{project_id:int}/conflict")
    async def conflict(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        """Declare a conflict before being asked."""
        if project_id not in {o.project for o in await offered_to(request.user)}:
            raise NotFoundException
        form = await read_form(request)
        reason = form.text("reason", longest=limits.CONFLICT_REASON, required=True)
        kind = form.choice("kind", CONFLICT_KINDS)
        if form.errors:
            return await self._page(request, form, status=422, conflict_at=project_id)
        get_or_404(await Project.objects().get(Project.id == project_id))
        await declare_conflict(project_id, request.user, is_hard=True, reason=reason, kind=kind, by=request.user)
        return redirect("/desk/bids", Flash("success", _("Записали: эту заявку вам не предложат")))

    async def _page(
        self, request: PersonRequest, form: Form, *, status: int = 200, conflict_at: int = 0
    ) -> Response[Any]:
        offered = await offered_to(request.user)
        return page(
            request, "reviews/bids.html", status=status, offered=offered[:PER_PAGE],
            more=max(0, len(offered) - PER_PAGE), form=form, conflict_at=conflict_at,
        )  # fmt: skip


class ScalePages(Controller):
    guards = [mentor]

    @get("/desk/scale")
    async def scale(self, request: PersonRequest) -> Response[Any]:
        return page(request, "reviews/scale.html", scales=await own_severities(request.user))

    @get("/desk/practice")
    async def practice(self, request: PersonRequest) -> Response[Any]:
        levels = await last_try(request.user)
        return await self._practice(request, Form((f"level-{k}", str(v)) for k, v in levels.items()), levels)

    @post("/desk/practice")
    async def practise(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        criteria = practice_criteria()
        levels = {c.key: form.choice(f"level-{c.key}", [value for value, _text in c.levels]) for c in criteria}
        if form.errors:
            form.errors = {"practice": _("Оцените все критерии: тогда покажем, как оценил бы опытный наставник")}
            return await self._practice(request, form, {}, status=422)
        await practise(request.user, {key: int(level) for key, level in levels.items()})
        return redirect("/desk/practice#result")

    async def _practice(
        self, request: PersonRequest, form: Form, levels: dict[str, int], *, status: int = 200
    ) -> Response[Any]:
        return page(
            request, "reviews/practice.html", status=status, form=form, title=title(), sections=sections(),
            judged=practice_criteria(), levels=levels,
        )  # fmt: skip


@get("/calendar/{name:str}")
async def calendar(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Serve the feed to calendar programs: the address is the secret."""
    secret, dot, ending = name.rpartition(".")
    reader = await feed_reader(secret) if dot and ending == "ics" and secret else None
    return Response(
        await calendar_of(get_or_404(reader)), media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, max-age=900", "content-disposition": 'inline; filename="reviews.ics"'},
    )  # fmt: skip


PAGES: list[Any] = [MentorPages, BidPages, ScalePages, calendar]
