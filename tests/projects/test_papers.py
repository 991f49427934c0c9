"""The document on paper: its text to the letter, its order, and what each kind puts into it. Read back by pypdfium2 and python-docx."""

import io
import json
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import replace

import docx
import msgspec
import pypdfium2
import pytest

from incubator.core.languages import LOCALES
from incubator.projects.document import Frozen
from incubator.projects.kinds.cells import Holds
from incubator.projects.kinds.registry import KINDS
from incubator.projects.kinds.sheet import SheetKind
from incubator.projects.paper import PrintedVersion
from incubator.typesetting.blocks import ChartBlock, DrawingBlock, FieldsBlock, Paper, PictureBlock, TableBlock
from incubator.typesetting.paper_writing import as_pdf, as_word
from tests.projects.printed_versions import (
    GOLDEN,
    filled,
    golden_texts,
    paper_in,
    text_of_pdf,
    text_of_word,
    whole_plan,
    written,
)

SHEETS = [kind for kind in KINDS.values() if isinstance(kind, SheetKind)]


async def test_the_texts_are_the_golden_ones() -> None:
    found = await golden_texts()
    assert found.keys() == {path.name for path in GOLDEN.iterdir()}
    for name, text in found.items():
        assert text == (GOLDEN / name).read_text("utf-8"), (
            f"look at it, then: python -m tests.projects.printed_versions ({name})"
        )


def words_of(paper: Paper) -> str:
    return json.dumps(msgspec.to_builtins(paper), ensure_ascii=False)


def cells_said(kind: SheetKind) -> tuple[dict[str, str], list[str]]:
    """Return cells that say something in each text and line, and those words."""
    cells = {
        each.key: f"слово{number}"
        for number, each in enumerate((*kind.fields, *kind.columns))
        if each.holds in {Holds.TEXT, Holds.LINE}
    }
    return cells, list(cells.values())


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.key)
def test_each_kind_prints_what_is_written_in_it(kind: SheetKind) -> None:
    cells, words = cells_said(kind)
    rows = [{each.key: cells[each.key] for each in kind.columns if each.key in cells}] if kind.columns else []
    if kind.key == "files":
        rows[0]["file"] = "1 0000000000000000 picture 640 480 0"
    fields = {each.key: cells[each.key] for each in kind.fields if each.key in cells} | {"price": "5", "level": "3"}
    part = filled(kind.key, fields=fields, rows=rows, note="Прежний текст")
    for locale in LOCALES:
        said = words_of(paper_in(locale, replace(whole_plan(), parts=[part])))
        assert [word for word in ("Прежний текст", *words) if word not in said] == []


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.key)
def test_charts_are_drawn_and_described(kind: SheetKind) -> None:
    paper = paper_in("ru", replace(whole_plan(), parts=[filled(kind.key)]))
    blocks = [block for section in paper.sections for block in section.blocks]
    assert not any(isinstance(block, ChartBlock) for block in blocks)
    drawings = [block for block in blocks if isinstance(block, DrawingBlock)]
    assert bool(drawings) is (kind.key in {"budget", "economics", "plan", "cash_flow", "readiness"})
    for drawing in drawings:
        assert drawing.alt
        classes = {name for names in re.findall(r'class="([^"]+)"', drawing.svg) for name in names.split()}
        assert classes & set(re.findall(r"\.([\w-]+)", drawing.svg.partition("</style>")[0]))


def test_a_cash_flow_prints_what_its_profit_depends_on_and_each_year_without_empty_lines() -> None:
    fields = {"term": "24", "own": "5000", "price": "100", "units": "10", "variable": "40"}
    (section, appendix) = paper_in(
        "ru", replace(whole_plan(), parts=[filled("cash_flow", fields=fields, rows=[])])
    ).sections
    assert [block.alt for block in section.blocks if isinstance(block, DrawingBlock)] == [
        "Остаток денег по месяцам", "Что влияет на прибыль",
    ]  # fmt: skip
    years = [block for block in appendix.blocks if isinstance(block, TableBlock) and block.is_wide]
    assert [len(year.head) for year in years] == [14, 13]
    first, second = ([row[0][0].text for row in year.rows] for year in years)
    assert set(first) - set(second) == {"Свои деньги и гранты"}
    assert [year.rows[year.strong[0]][0][0].text for year in years] == ["Осталось денег"] * 2


def test_a_photograph_stands_on_the_title_page_for_whoever_may_see_it() -> None:
    cell = "1 0000000000000000 picture 1600 900 0"
    rows = [{"file": cell, "caption": "Улей на весах", "use": "cover"}]
    version = replace(whole_plan(), parts=[filled("files", rows=rows)])
    seen = paper_in("ru", replace(version, pictures={cell: b"photo"}))
    assert seen.cover == PictureBlock(b"photo", "Улей на весах", width=1600, height=900)
    assert "На обложке: Улей на весах" in words_of(seen)
    hidden = paper_in("ru", version)
    assert isinstance(hidden.cover, DrawingBlock)
    assert "На обложке" not in words_of(hidden)
    assert "Улей на весах" in words_of(hidden)


def test_the_latest_stage_comes_first_and_appendices_last() -> None:
    paper = paper_in("ru")
    assert list(dict.fromkeys(section.part for section in paper.sections)) == [
        "Бизнес-план",
        "Проект",
        "Идея",
        "Приложения",
    ]
    assert [section.title[:2] for section in paper.sections[:9]] == [f"{number}." for number in range(1, 10)]
    assert paper.lead == "Ульи, которые зовут на помощь."
    assert all("pitch" not in section.title for section in paper.sections)
    idea = paper_in("ru", replace(whole_plan(), stage="idea", parts=[written("problem", "idea", "Жарко")]))
    assert [section.part for section in idea.sections] == [""]


def test_a_canvas_takes_a_page_on_its_side() -> None:
    canvas = paper_in("ru").sections[1]
    assert canvas.is_on_side
    (block,) = canvas.blocks
    assert isinstance(block, FieldsBlock)
    covered = sorted(
        (field.column + across, field.row + down)
        for field in block.fields for across in range(field.across) for down in range(field.down)
    )  # fmt: skip
    assert covered == [(column, row) for column in range(block.columns) for row in range(block.rows)]


async def test_a_pdf_has_an_outline_and_is_tagged() -> None:
    content = await as_pdf(paper_in("ru"))
    document = pypdfium2.PdfDocument(content)
    titles = [mark.get_title() for mark in document.get_toc()]
    facts = document.get_metadata_dict()
    sizes = [page.get_size() for page in document]
    document.close()
    assert titles[:3] == ["Бизнес-план", "1. Раздел summary", "2. Раздел canvas"]
    assert titles[-2:] == ["Приложения", "Приложение 1. Раздел cash_flow"]
    assert b"/StructTreeRoot" in content
    assert (facts["Title"], facts["Author"]) == ("Тихий улей", "Пчёлы")
    assert sum(width > height for width, height in sizes) == 2  # the canvas, and a year of money


async def test_no_heading_stands_alone_at_the_end_of_a_page() -> None:
    parts = [written(f"part{number}", "plan", "Слово. " * (40 + 13 * number)) for number in range(40)]
    text = text_of_pdf(await as_pdf(paper_in("ru", replace(whole_plan(), parts=parts))))
    for page in text.split("\n\n")[2:]:
        last = page.strip().splitlines()[-2]
        assert not re.match(r"\d+\. Раздел part", last)


async def test_a_document_without_a_team_has_no_author() -> None:
    version = replace(whole_plan(), team_name="", team=())
    content = await as_pdf(paper_in("ru", version))
    assert b"/Author" not in content
    facts = docx.Document(io.BytesIO(await as_word(paper_in("ru", version)))).core_properties
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")


async def test_a_word_file_is_one_that_an_office_can_edit() -> None:
    document = docx.Document(io.BytesIO(await as_word(paper_in("ru"))))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Number", "Quote"} <= set(styles)
    xml = document.element.xml
    assert 'TOC \\o "1-2"' in xml
    assert xml.count("w:tblHeader") >= 6
    assert 'w:val="ru-RU"' in document.styles.element.xml
    assert [bool(shape._inline.docPr.get("descr")) for shape in document.inline_shapes] == [True] * 7
    orients = [
        section.page_width > section.page_height
        for section in document.sections
        if section.page_width and section.page_height
    ]
    assert orients == [False, True, False, True]


async def test_no_number_of_two_years_is_broken_into_two_lines() -> None:
    fields = {"term": "24", "own": "14592", "price": "1900.90", "units": "12", "growth": "25", "variable": "520.10"}
    version = replace(whole_plan(), parts=[filled("cash_flow", fields=fields, rows=[])])
    document = docx.Document(io.BytesIO(await as_word(paper_in("ru", version))))
    wide = [table for table in document.tables if len(table.columns) > 12]
    assert [len(table.columns) for table in wide] == [14, 13]
    for table in wide:
        assert [child.tag.rpartition("}")[2] for child in table._tbl.tblPr][-4:] == [
            "tblBorders", "tblLayout", "tblCellMar", "tblLook",
        ]  # fmt: skip
        for cell in (cell for row in table.rows for cell in row.cells[1:]):
            digits = sum(each.isdigit() for each in cell.text)
            needs = 7 * (0.556 * digits + 0.3 * (len(cell.text) - digits)) + 4  # in points, of Arial
            assert cell.width.pt >= needs, cell.text


def longest_parts() -> Iterator[Frozen]:
    """Yield more than any team may hand in: thirty texts of 6,000 characters, and sheets with all their rows."""
    yield from (
        written(f"text{number}", "plan", "Пчёлы гибнут от **жары** и сырости. \n\n" * 160) for number in range(30)
    )
    tasks = [
        {"task": f"Задача {n}", "starts": "2026-01-10", "ends": "2026-06-20", "who": "Мария", "state": "doing"}
        for n in range(60)
    ]
    lines = [{"what": f"Датчик {n}", "count": "3", "price": "350.5"} for n in range(60)]
    yield from (
        filled("plan", rows=tasks),
        filled("budget", rows=lines),
        filled("cash_flow"),
        filled("canvas"),
        filled("economics"),
    )


async def work_of(version: PrintedVersion) -> tuple[float, bytes]:
    """Return the processor time of a PDF here and in the processes of its own, in seconds, and the PDF."""
    before, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.thread_time()
    content = await as_pdf(paper_in("ru", version))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    apart = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return apart + time.thread_time() - own, content


async def test_the_longest_document_takes_as_much_more_work_as_it_is_longer() -> None:
    """Two seconds of an idle processor, four times a usual plan; a table that is laid out again and again takes minutes."""
    await as_pdf(paper_in("ru"))  # makes the fonts
    usual, _content = await work_of(whole_plan())
    longest, content = await work_of(replace(whole_plan(), parts=list(longest_parts())))
    assert longest / usual < 12
    assert len(content) < 4_000_000


def plain_words(text: str) -> set[str]:
    """Return the words without figures, letters that stand alone, and the names of styles."""
    return set(re.findall(r"[^\W\d]{2,}", re.sub(r"^\[[^]]+\] ", "", text, flags=re.M)))


async def test_both_files_say_the_same() -> None:
    paper = paper_in("ru")
    drawn = {
        word
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, DrawingBlock)
        for word in plain_words(block.svg)
    }
    on_paper, in_word = plain_words(text_of_pdf(await as_pdf(paper))), plain_words(text_of_word(await as_word(paper)))
    assert (on_paper ^ in_word) - drawn == set()
    assert in_word - on_paper == set()
