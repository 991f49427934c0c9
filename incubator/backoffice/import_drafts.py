"""The page of an import that is not started yet: what its columns hold, how it is brought in, what a check says."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from litestar import Response

from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal
from incubator.core.text import clean_line, fingerprint
from incubator.http.forms import Form
from incubator.http.templating import page
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_kinds import PROJECTS, REVIEWS, Wish, wish_of
from incubator.interchange.import_report import ImportReport
from incubator.interchange.project_import import LONGEST_SOURCE, ProjectImport
from incubator.interchange.review_columns import MOST_WORDS, ReviewColumn, column_title, roles_of, with_roles
from incubator.interchange.review_rows import ReviewImport
from incubator.interchange.tables import ImportBatch
from incubator.interchange.uploaded_imports import MOST_ROWS, Preview, preview_of, report_of
from incubator.people.guards import PersonRequest
from incubator.programme.seasons import current_season
from incubator.programme.stages import Stage, stage_title
from incubator.programme.tables import Season
from incubator.projects.lifecycle import State, state_title
from incubator.tabular.rows import UnknownFormat

#: Sources from which is chosen.
_LISTED = 50
#: States in which a project can arrive.
_STATES = (State.DRAFT, State.IN_REVIEW, State.GRADUATED)
#: The highest level, and the columns of a table of which something can be said.
_HIGHEST, _MOST_COLUMNS = 100, 200


async def first_wish(kind: str, source: str) -> Wish:
    """Return how an uploaded table is to be read at first. Raises Refusal where there is nothing to join it to."""
    if kind == REVIEWS:
        sources = await _sources_of_projects()
        if not sources:
            raise Refusal(_("Сначала загрузите проекты: рецензии присоединяются к ним по номеру или названию"))
        return ReviewImport("", sources[0], "", {}, 0, 3, (), most=MOST_ROWS)
    season = await current_season() or await Season.objects().order_by(Season.id, ascending=False).first()
    if season is None:
        raise Refusal(_("Сначала откройте сезон: проекты записываются в него"))
    return ProjectImport({}, None, season.slug, Stage.IDEA.value, publish=False, source=source, most=MOST_ROWS)


async def wish_from(form: Form, before: Wish) -> Wish:
    """Return how the table is to be read, as the form says."""
    if isinstance(before, ReviewImport):
        return _review_wish(form, before, await _sources_of_projects())
    return _project_wish(form, before, [row["slug"] for row in await Season.select(Season.slug)])


async def draft_page(request: PersonRequest, batch: ImportBatch, *, shown: int) -> Response[Any]:
    """Show a draft; ``shown``: problems and changes on the page."""
    wish, report = wish_of(batch), report_of(batch)
    try:
        preview = await preview_of(batch)
    except UnknownFormat as error:
        preview, report.refusal = Preview(), str(error)
    except Refusal as refusal:
        preview, report.refusal = Preview(), refusal.message
    more = (
        await _of_reviews(wish, preview)
        if isinstance(wish, ReviewImport)
        else await _of_projects(wish, preview, report)
    )
    return page(
        request, f"backoffice/import_draft_of_{batch.kind}.html", batch=batch, report=report, preview=preview, shown=shown,
        seen=fingerprint(batch.options), sheet_pairs=_pairs(preview.sheets), **more,
    )  # fmt: skip


async def _of_projects(wish: ProjectImport, preview: Preview, report: ImportReport) -> dict[str, Any]:
    chosen = {
        f"column-{field.key}": report.columns.get(field.key, wish.mapping.get(field.key, ""))
        for field in preview.fields
    }
    form = Form().with_values(
        **chosen, season=wish.season, stage=wish.stage, state=wish.state, source=wish.source, sheet=preview.sheet,
        publish="1" if wish.publish else "", updates="1" if wish.updates else "", invites="1" if wish.invites else "",
    )  # fmt: skip
    seasons = await Season.objects().order_by(Season.opens_on, ascending=False)
    return {
        "form": form,
        "made": _("новых проектов"),
        "seasons": [(season.slug, localized(season, "title")) for season in seasons],
        "stage_pairs": [(each, stage_title(each)) for each in Stage],
        "state_pairs": [(each, state_title(each)) for each in _STATES],
        "sources": _pairs(dict.fromkeys([wish.source, *await _sources_of_projects(drafts_too=True)])),
        "column_pairs": _pairs(preview.columns),
    }


async def _of_reviews(wish: ReviewImport, preview: Preview) -> dict[str, Any]:
    roles = roles_of(wish)
    values = {f"role-{n}": roles.get(name, "") for n, name in enumerate(preview.columns)}
    for n, name in enumerate(preview.columns):
        low, high = wish.scales.get(name, ("", ""))
        values |= {f"low-{n}": str(low), f"high-{n}": str(high)}
    values |= {f"word-{n}": str(wish.words.get(word, "")) for n, word in enumerate(preview.words)}
    form = Form().with_values(
        **values, lowest=str(wish.lowest), highest=str(wish.highest), halves="1" if wish.times > 1 else "",
        source=wish.source, sheet=preview.sheet,
    )  # fmt: skip
    return {
        "form": form,
        "made": _("новых рецензий"),
        "role_pairs": [(role.value, column_title(role)) for role in ReviewColumn],
        "sources": _pairs(await _sources_of_projects()),
    }


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names][:_LISTED]


async def _sources_of_projects(*, drafts_too: bool = False) -> list[str]:
    """Return the sources of earlier imports of projects, the latest first."""
    of_projects = ImportBatch.kind == PROJECTS
    rows = (
        await ImportBatch.select(ImportBatch.source)
        .where(of_projects if drafts_too else of_projects & (ImportBatch.state != BatchState.DRAFT.value))
        .order_by(ImportBatch.id, ascending=False)
        .limit(10 * _LISTED)
    )
    return list(dict.fromkeys(row["source"] for row in rows))


def _project_wish(form: Form, before: ProjectImport, seasons: list[str]) -> ProjectImport:
    """Return how the table is to be read, as the form says. A field that the form did not show is guessed."""
    mapping = {name.removeprefix("column-"): form.value(name) for name in form.names() if name.startswith("column-")}
    stage = form.choice("stage", [each.value for each in Stage]) or before.stage
    state = form.choice("state", [each.value for each in _STATES]) or before.state
    if state == State.GRADUATED and stage != Stage.PLAN:
        state = State.DRAFT.value
    is_same = form.value("sheet") == form.value("read-sheet")  # another sheet has other columns
    return replace(
        before, mapping=mapping if is_same else {}, season=form.choice("season", seasons) or before.season, stage=stage, state=state,
        source=clean_line(form.value("source"))[:LONGEST_SOURCE] or before.source, sheet=form.value("sheet"),
        publish=form.flag("publish"), updates=form.flag("updates"), invites=form.flag("invites"),
    )  # fmt: skip


def _review_wish(form: Form, before: ReviewImport, sources: list[str]) -> ReviewImport:
    """Return how the table is to be read, as the form says; of another sheet it is guessed."""
    source = form.choice("source", sources, required=False) or before.source
    if form.value("sheet") != form.value("read-sheet"):
        return replace(with_roles(before, {}), sheet=form.value("sheet"), source=source, scales={}, words={})
    names = {n: name for n in range(_MOST_COLUMNS) if (name := form.value(f"name-{n}"))}
    wish = with_roles(before, _roles(form, names))
    scales = {name: scale for n, name in names.items() if (scale := _scale(form, f"low-{n}", f"high-{n}"))}
    low, high = _scale(form, "lowest", "highest") or (before.lowest, before.highest)
    return replace(
        wish, source=source, sheet=form.value("sheet"), lowest=low, highest=high, words=_words(form),
        scales={name: scale for name, scale in scales.items() if name in wish.criteria},
        times=2 if form.flag("halves") else 1,
    )  # fmt: skip


def _roles(form: Form, names: dict[int, str]) -> dict[str, ReviewColumn]:
    roles = {name: form.choice(f"role-{n}", [*ReviewColumn], required=False) for n, name in names.items()}
    return {name: ReviewColumn(role) for name, role in roles.items() if role}


def _words(form: Form) -> dict[str, int]:
    """Return the levels for which words stand."""
    levels = {form.value(f"word-text-{n}"): _level(form, f"word-{n}") for n in range(MOST_WORDS)}
    return {word: level for word, level in levels.items() if word and level is not None}


def _scale(form: Form, low: str, high: str) -> tuple[int, int] | None:
    """Return a scale as two fields say; None, with an error if they are not blank, where they say none."""
    lowest, highest = _level(form, low), _level(form, high)
    if lowest is not None and highest is not None and lowest < highest:
        return lowest, highest
    if form.value(low) or form.value(high):
        form.refuse(low, _("Шкала – два целых числа, сначала меньшее: например, от 1 до 5"))
    return None


def _level(form: Form, name: str) -> int | None:
    text = clean_line(form.value(name))
    return int(text) if text.isascii() and text.isdigit() and int(text[:4]) <= _HIGHEST else None
