"""The organiser's pages of a season: opening one, its dates, sections and criteria."""

from collections.abc import Collection
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.clock import today
from incubator.core.languages import _, localized, ngettext
from incubator.core.refusals import Refusal, Stale
from incubator.core.text import slugify
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form, until_fields
from incubator.http.lookup import get_or_404
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.people.tables import Person
from incubator.programme.changes import Row, add_criterion, add_section, change, remove
from incubator.programme.presets import Confidence, Preset
from incubator.programme.seasons import criteria_at, open_season, rules_of, sections_at, sections_of_criterion
from incubator.programme.stages import Stage
from incubator.programme.tables import Criterion, Season, Section
from incubator.projects.kinds.registry import KINDS, TEXT
from incubator.reviews.assignment.season_due_dates import (
    NamesPromised,
    Told,
    change_season_of_everybody,
    reviews_under_way,
)


class SeasonPages(Controller):
    path = "/organiser/seasons"
    guards = [organiser]

    @get()
    async def index(self, request: PersonRequest) -> Response[Any]:
        seasons = await Season.objects().order_by(Season.opens_on, ascending=False)
        return page(request, "backoffice/seasons.html", seasons=seasons, day=today())

    @get("/new")
    async def new(self, request: PersonRequest) -> Response[Any]:
        return page(request, "backoffice/season_new.html", form=Form())

    @post("/new")
    async def create(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        values = self._basics(form)
        slug = slugify(form.text("slug", longest=limits.SEASON_SLUG) or values["title_en"], limits.SEASON_SLUG)
        if not form.errors and (not slug or await Season.exists().where(Season.slug == slug)):
            form.refuse("slug", _("Такой адрес сезона уже занят или пуст: напишите другой латиницей"))
        if not form.errors:
            try:
                season = await open_season(slug, **values, by=request.user)
            except Refusal as refusal:
                form.refuse("closes_on", refusal.message)
            else:
                return redirect(
                    f"/organiser/seasons/{season.id}",
                    Flash("success", _("Сезон открыт: разделы и критерии взяты из программы")),
                )
        return page(request, "backoffice/season_new.html", status=422, form=form)

    @get("/{season_id:int}")
    async def show(self, request: PersonRequest, season_id: FromPath[int]) -> Response[Any]:
        season = await self._season(season_id)
        return await self._page(request, season, await season_form(season))

    @post("/{season_id:int}")
    async def change(self, request: PersonRequest, season_id: FromPath[int]) -> Response[Any]:
        season = await self._season(season_id)
        form = await read_form(request)
        values = {
            **self._basics(form),
            "visibility": form.choice("visibility", list(Preset)),
            "may_answer": form.flag("may_answer"),
            "electronic_consent": form.flag("electronic_consent"),
            "confidence": form.choice("confidence", list(Confidence)),
        }
        stages = {
            stage.value: {
                "submit_by": form.until(f"submit_by-{stage}"),
                "reviews_required": form.number(f"reviews_required-{stage}", least=0, most=limits.REVIEWS_REQUIRED),
                "review_days": form.number(f"review_days-{stage}", least=1, most=limits.REVIEW_DAYS),
                "review_minutes": form.number(
                    f"review_minutes-{stage}", least=limits.SHORTEST_REVIEW, most=limits.LONGEST_REVIEW
                ),
                "revise_days": form.number(f"revise_days-{stage}", least=1, most=limits.REVISE_DAYS),
            }
            for stage in Stage
        }
        if not form.errors:
            try:
                told = await change_season_of_everybody(
                    season, version=form.version(), **values, stages=stages, by=request.user,
                    moved=[stage.value for stage in Stage if form.flag(f"move_due-{stage}")],
                )  # fmt: skip
            except Stale as changed:
                season = await self._season(season_id)
                form = rebased(form, await season_form(season), texts=("title_ru", "title_en"))
                form.refuse("version", changed.message)
            except Refusal as refusal:
                form.refuse("visibility" if isinstance(refusal, NamesPromised) else "closes_on", refusal.message)
            else:
                return redirect(f"/organiser/seasons/{season_id}", Flash("success", _saved_in_words(told)))
        return await self._page(request, season, form, status=422)

    @get("/{season_id:int}/{stage:str}/sections/{section_id:int}")
    async def section(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str], section_id: FromPath[int]
    ) -> Response[Any]:
        row = get_or_404(await current(Section, season_id, section_id))
        return await self._section_page(request, season_id, row.stage, section_form(row), row)

    @post("/{season_id:int}/{stage:str}/sections/{section_id:int}")
    async def change_section(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str], section_id: FromPath[int]
    ) -> Response[Any]:
        form = await read_form(request)
        row = await current(Section, season_id, section_id)
        if form.flag("remove"):
            await remove(get_or_404(row), by=request.user)
            return redirect(
                f"/organiser/seasons/{season_id}", Flash("success", _("Раздел убран: в новых заявках его не будет"))
            )
        values = section_from(form)
        if form.flag("preview") and not form.errors:
            return await self._section_page(request, season_id, self._stage(stage), form, row, shown=values)
        if not form.errors and await changed(row, form, values, by=request.user):
            return redirect(f"/organiser/seasons/{season_id}#sections-{stage}", Flash("success", _("Раздел сохранён")))
        row = await current(Section, season_id, section_id)
        if row and form.error("revision"):
            form = beside(form, section_form(row), texts=SECTION_TEXTS)
        return await self._section_page(request, season_id, self._stage(stage), form, row, status=422)

    @get("/{season_id:int}/{stage:str}/sections/new")
    async def new_section(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str]
    ) -> Response[Any]:
        return await self._section_page(
            request, season_id, self._stage(stage), Form(limit=1000, is_required="1", kind=TEXT.key), None
        )

    @post("/{season_id:int}/{stage:str}/sections/new")
    async def create_section(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str]
    ) -> Response[Any]:
        season = await self._season(season_id)
        form = await read_form(request)
        values = section_from(form)
        if form.errors:
            return await self._section_page(request, season_id, self._stage(stage), form, None, status=422)
        if form.flag("preview"):
            return await self._section_page(request, season_id, self._stage(stage), form, None, shown=values)
        await add_section(season, self._stage(stage), by=request.user, **values)
        return redirect(f"/organiser/seasons/{season_id}#sections-{stage}", Flash("success", _("Раздел добавлен")))

    @get("/{season_id:int}/{stage:str}/criteria/{criterion_id:int}")
    async def criterion(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str], criterion_id: FromPath[int]
    ) -> Response[Any]:
        row = get_or_404(await current(Criterion, season_id, criterion_id))
        return await self._criterion_page(request, season_id, row.stage, criterion_form(row), row)

    @post("/{season_id:int}/{stage:str}/criteria/{criterion_id:int}")
    async def change_criterion(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str], criterion_id: FromPath[int]
    ) -> Response[Any]:
        form = await read_form(request)
        row = await current(Criterion, season_id, criterion_id)
        if form.flag("remove"):
            await remove(get_or_404(row), by=request.user)
            return redirect(
                f"/organiser/seasons/{season_id}", Flash("success", _("Критерий убран: новые заявки по нему не оценят"))
            )
        asked = await self._asked(season_id, stage)
        values = criterion_from(form, levels=row.highest - row.lowest + 1 if row else 4, sections=asked)
        if not form.errors and await changed(row, form, values, by=request.user):
            return redirect(
                f"/organiser/seasons/{season_id}#criteria-{stage}", Flash("success", _("Критерий сохранён"))
            )
        row = await current(Criterion, season_id, criterion_id)
        if row and form.error("revision"):
            form = beside(form, criterion_form(row), texts=(*CRITERION_TEXTS, "anchors_ru", "anchors_en"))
        return await self._criterion_page(request, season_id, self._stage(stage), form, row, status=422)

    @get("/{season_id:int}/{stage:str}/criteria/new")
    async def new_criterion(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str]
    ) -> Response[Any]:
        return await self._criterion_page(request, season_id, self._stage(stage), Form(weight=10), None)

    @post("/{season_id:int}/{stage:str}/criteria/new")
    async def create_criterion(
        self, request: PersonRequest, season_id: FromPath[int], stage: FromPath[str]
    ) -> Response[Any]:
        season = await self._season(season_id)
        form = await read_form(request)
        values = criterion_from(form, levels=4, sections=await self._asked(season_id, stage))
        if form.errors:
            return await self._criterion_page(request, season_id, self._stage(stage), form, None, status=422)
        await add_criterion(season, self._stage(stage), by=request.user, **values)
        return redirect(f"/organiser/seasons/{season_id}#criteria-{stage}", Flash("success", _("Критерий добавлен")))

    # --- helpers -----------------------------------------------------------

    async def _season(self, season_id: int) -> Season:
        return get_or_404(await Season.objects().get(Season.id == season_id))

    def _stage(self, stage: str) -> str:
        return get_or_404(stage if stage in set(Stage) else None)

    async def _asked(self, season_id: int, stage: str) -> set[str]:
        return {each.key for each in await sections_at(season_id, self._stage(stage))}

    def _basics(self, form: Form) -> dict[str, Any]:
        return {
            "title_ru": form.text("title_ru", longest=limits.TITLE, required=True),
            "title_en": form.text("title_en", longest=limits.TITLE, required=True),
            "opens_on": form.date("opens_on", required=True),
            "closes_on": form.date("closes_on", required=True),
        }

    async def _page(self, request: PersonRequest, season: Season, form: Form, *, status: int = 200) -> Response[Any]:
        sections = (
            await Section.objects()
            .where((Section.season == season.id) & Section.is_current.eq(True))
            .order_by(Section.position)
        )
        criteria = {stage.value: await criteria_at(season.id, stage.value) for stage in Stage}
        by_stage = {stage.value: [s for s in sections if s.stage == stage.value] for stage in Stage}
        return page(
            request, "backoffice/season.html", status=status, season=season, form=form, stages=[s.value for s in Stage],
            sections=by_stage, criteria=criteria, rules=await rules_of(season.id),
            under_way=await reviews_under_way(season.id, list(by_stage)),
        )  # fmt: skip

    async def _section_page(
        self,
        request: PersonRequest,
        season_id: int,
        stage: str,
        form: Form,
        row: Section | None,
        *,
        shown: dict[str, Any] | None = None,
        status: int = 200,
    ) -> Response[Any]:
        """``shown``: the section as the team would see it, before it is asked."""
        season = await self._season(season_id)
        return page(
            request, "backoffice/section.html", status=status, season=season, stage=stage, form=form, row=row,
            kinds=[(kind.key, kind.title) for kind in KINDS.values()],
            shown=Section(season=season.id, stage=stage, key="shown", **shown) if shown else None,
        )  # fmt: skip

    async def _criterion_page(
        self,
        request: PersonRequest,
        season_id: int,
        stage: str,
        form: Form,
        row: Criterion | None,
        *,
        status: int = 200,
    ) -> Response[Any]:
        season = await self._season(season_id)
        sections = sorted(
            await sections_at(season.id, stage), key=lambda each: each.stage != stage
        )  # the gate's own first
        return page(
            request, "backoffice/criterion.html", status=status, season=season, stage=stage, form=form, row=row,
            anchors=anchors, recorded=sections_of_criterion(row) if row else (),
            sections=[(each.key, localized(each, "title")) for each in sections],
        )  # fmt: skip


def _saved_in_words(told: Told) -> str:
    teams, mentors = told.teams, told.mentors
    parts = [
        _("Сохранено.") if teams or mentors else _("Сохранено"),
        ngettext("Новый срок узнает %(n)s команда.", "Новый срок узнают %(n)s команд.", teams) if teams else "",
        ngettext(
            "Новый срок рецензий узнает %(n)s наставник.", "Новые сроки рецензий узнают %(n)s наставников.", mentors
        )
        if mentors
        else "",
    ]
    return " ".join(part for part in parts if part)


async def current(table: type[Row], season_id: int, row_id: int) -> Row | None:
    """Return the current wording of the row that ``row_id`` names or once named; None if it was removed."""
    named = get_or_404(await table.objects().where((table.id == row_id) & (table.season == season_id)).first())
    same = (table.season == season_id) & (table.stage == named.stage) & (table.key == named.key)
    return await table.objects().where(same & table.is_current.eq(True)).first()


def beside(typed: Form, stored: Form, *, texts: Collection[str]) -> Form:
    """Return ``typed`` over what somebody else has stored, with what was said about that."""
    again = rebased(typed, stored, texts=texts)
    again.refuse("revision", typed.error("revision"))
    return again


async def season_form(season: Season) -> Form:
    """Return the season as it is stored."""
    rules = await rules_of(season.id)
    stages: dict[str, Any] = {
        f"{field}-{stage}": getattr(rule, field)
        for stage, rule in rules.items()
        for field in ("reviews_required", "review_days", "review_minutes", "revise_days")
    }
    for stage, rule in rules.items():
        stages |= until_fields(f"submit_by-{stage}", rule.submit_by)
    basics = {name: getattr(season, name) for name in ("title_ru", "title_en", "opens_on", "closes_on", "version")}
    return Form(
        **basics, **stages, visibility=season.visibility, confidence=season.confidence,
        may_answer="1" if season.may_answer else "", electronic_consent="1" if season.electronic_consent else "",
    )  # fmt: skip


def section_form(row: Section) -> Form:
    return Form(
        **{name: getattr(row, name) for name in SECTION_TEXTS}, limit=row.limit, kind=row.kind, revision=row.revision,
        is_required="1" if row.is_required else "",
    )  # fmt: skip


def criterion_form(row: Criterion) -> Form:
    return Form(
        **{name: getattr(row, name) for name in CRITERION_TEXTS}, weight=row.weight, revision=row.revision,
        anchors_ru=anchors(row, "ru"), anchors_en=anchors(row, "en"), sections=list(sections_of_criterion(row)),
    )  # fmt: skip


async def changed(row: Row | None, form: Form, values: dict[str, Any], *, by: Person) -> bool:
    """Change ``row`` as typed; return False, with a message, if somebody else was faster.

    The typed text stays in the form.
    """
    if row is None:
        form.refuse("revision", _("Этот пункт уже убрали. Ваш текст цел: сохраните его, и он станет новым пунктом."))
        return False
    try:
        await change(row, revision=form.version("revision"), by=by, **values)
    except Stale as refusal:
        form.refuse("revision", refusal.message)
        return False
    return True


SECTION_TEXTS = ("title_ru", "title_en", "guidance_ru", "guidance_en", "example_ru", "example_en")
CRITERION_TEXTS = ("title_ru", "title_en", "hint_ru", "hint_en")


def anchors(criterion: Criterion, locale: str) -> str:
    """Return the levels' anchors for editing: one per line, from the lowest."""
    return "\n".join(msgspec.json.decode(getattr(criterion, f"anchors_{locale}")))


def section_from(form: Form) -> dict[str, Any]:
    """Return a section's values; Russian is required, English optional."""
    values: dict[str, Any] = {
        "title_ru": form.text("title_ru", longest=limits.TITLE, required=True),
        "title_en": form.text("title_en", longest=limits.TITLE),
    }
    for name in SECTION_TEXTS[2:]:
        values[name] = form.text(name, longest=limits.GUIDANCE, lines=True)
    values["limit"] = form.number("limit", least=limits.SHORTEST_SECTION, most=limits.LONGEST_SECTION)
    values["is_required"] = form.flag("is_required")
    values["kind"] = form.choice("kind", list(KINDS)) if "kind" in form else TEXT.key
    return values


def criterion_from(form: Form, *, levels: int, sections: Collection[str]) -> dict[str, Any]:
    """Return a criterion's values; anchors are typed one per line, exactly ``levels`` of them. ``sections``: the keys that it may name."""
    values: dict[str, Any] = {
        "title_ru": form.text("title_ru", longest=limits.TITLE, required=True),
        "title_en": form.text("title_en", longest=limits.TITLE),
        "hint_ru": form.text("hint_ru", longest=limits.HINT, lines=True),
        "hint_en": form.text("hint_en", longest=limits.HINT, lines=True),
        "weight": form.number("weight", least=1, most=limits.WEIGHT),
    }
    for name in ("anchors_ru", "anchors_en"):
        lines = [
            line.strip() for line in form.text(name, longest=limits.ANCHORS, lines=True).split("\n") if line.strip()
        ]
        if (lines and len(lines) != levels) or (not lines and name == "anchors_ru"):
            form.refuse(name, _("Нужно строк ровно %(n)s: по одной на каждый уровень, от низшего к высшему", n=levels))
        values[name] = msgspec.json.encode(lines).decode()
    values["sections"] = msgspec.json.encode([key for key in form.values("sections") if key in sections]).decode()
    return values


PAGES = [SeasonPages]
