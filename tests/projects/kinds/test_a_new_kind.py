"""A kind is one module, one template and one line: here is one more, from the team's page to the showcase."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from incubator.core.languages import LOCALES
from incubator.gates.submit import submit
from incubator.http.templating import environment
from incubator.programme.tables import Section
from incubator.projects.kinds import registry
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.sheet import Sheet, SheetKind
from incubator.publication.publish import ask_publication, publish
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready
from tests.projects.printed_versions import text_of_pdf

MINUTES = Column("minutes", lambda: "Минут", Holds.WHOLE)


def total(sheet: Sheet) -> int:
    return sum(int(MINUTES.number(row.get("minutes", "")) or 0) for row in sheet.rows)


RECIPE = SheetKind(
    "recipe", lambda: "Рецепт", columns=(Column("step", lambda: "Шаг", is_needed=True), MINUTES), results=total,
    lines=lambda found: [("Всего минут", str(found))],
)  # fmt: skip
TEMPLATE = """
{% from "kinds/_sheet.html" import shown_cells %}
{% macro results(sheet, found, kind) %}<p>Печь {{ found }} минут</p>{% endmacro %}
{% macro drawn(sheet, found, kind) %}{{ results(sheet, found, kind) }}{{ shown_cells(kind, sheet) }}{% endmacro %}
"""


@pytest.fixture
def _recipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(registry.KINDS, "recipe", RECIPE)
    for locale in LOCALES:
        env = environment(locale)
        assert env.loader
        monkeypatch.setattr(env, "loader", ChoiceLoader([DictLoader({"kinds/recipe.html": TEMPLATE}), env.loader]))
    yield
    for locale in LOCALES:
        cache = environment(locale).cache
        assert cache is not None
        cache.clear()


@pytest.mark.usefixtures("_recipe")
async def test_a_tenth_kind_is_one_file_one_template_and_one_line(cast: Cast) -> None:
    section = (Section.season == cast.season.id) & (Section.key == "problem")
    await Section.update({Section.kind: "recipe"}).where(section)
    await make_ready(cast)
    team, page = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await team.open(page)
    rows = {"step-problem": ["Замесить", "Испечь"], "minutes-problem": ["20", "50"], "note-problem": ""}
    await team.send(f"{page}/answers", True, **rows)
    assert "Печь 70 минут" in team.text
    paper = await team.http.get(f"{page}/paper/document.pdf")
    assert "Всего минут 70" in " ".join(text_of_pdf(paper.content).split())
    await submit(await fresh_project(cast.project), by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{cast.project.slug}")
    assert "Печь 70 минут" in visitor.text
    await visitor.open("/showcase?q=замесить")
    assert "Тихий улей" in visitor.text
