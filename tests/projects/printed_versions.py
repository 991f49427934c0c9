"""A business plan that has everything in it, and its files read back: pypdfium2 for PDF, python-docx for Word.

``python -m tests.projects.printed_versions`` writes the golden texts anew; look at the difference before you commit it.
"""

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdfium2
from docx.table import Table

import incubator.app  # noqa: F401 - templates need the words that all rooms add
from incubator.artwork.cover import cover
from incubator.core.languages import LOCALES, override_locale
from incubator.http.markdown.grammar import to_html
from incubator.projects.document import Frozen
from incubator.projects.paper import PrintedVersion, paper_of
from incubator.typesetting.blocks import Paper
from incubator.typesetting.paper_writing import as_pdf, as_word

GOLDEN = Path(__file__).parent / "golden"

MARKDOWN = """Пчёлы гибнут от **жары** и *сырости*, а [пасечник](https://pchela.example/a) узнаёт об этом поздно[^1].

## Что мы узнали

1. Спросили двенадцать человек
2. Девять теряли семьи:
   - от жары
   - от сырости
3. `t > 35` опасно, H~2~O и м^2^

> Если бы я знал утром, я бы открыл леток.

- [x] Спросить
- [ ] Проверить

| Пасека | Ульев |
|:--|--:|
| Дивеево | 40 |

```
print("пчёлы")
```

[^1]: Опрос весной."""

_FIELDS: dict[str, dict[str, str]] = {
    "canvas": {"problem": "Пчёлы гибнут от жары", "segments": "Пасечники района", "costs": "Датчик и почта"},
    "budget": {"own": "2000", "grant": "30000"},
    "economics": {"unit": "датчик", "price": "1900", "variable": "700", "fixed": "20000", "planned": "25"},
    "cash_flow": {
        "first": "9", "own": "14592", "startup": "10000.50", "price": "1900.90", "units": "6", "growth": "25",
        "variable": "520.10", "fixed": "6000",
    },
    "readiness": {"level": "4", "proof": "Протокол испытаний", "proof_link": "https://example.org/protokol"},
}  # fmt: skip
_ROWS: dict[str, list[dict[str, str]]] = {
    "budget": [
        {"what": "Датчики", "category": "equipment", "count": "10", "price": "350.5", "source": "grant", "spent": "100"},
        {"what": "=Дорога", "category": "travel", "price": "1200", "source": "own"},
    ],
    "plan": [
        {"task": "Собрать пять датчиков", "starts": "2026-01-10", "ends": "2026-02-20", "who": "Мария", "state": "done"},
        {"task": "Показать пасечникам", "ends": "2026-03-05", "state": "ahead"},
    ],
    "cash_flow": [{"what": "Станок", "month": "11", "sum": "-46000"}],
    "links": [{"title": "Видео с пасеки", "link": "https://video.example/1", "sort": "video", "about": "Как пищит улей"}],
}  # fmt: skip


def written(key: str, stage: str, text: str) -> Frozen:
    """Return a section with a text."""
    return Frozen(
        key=key,
        stage=stage,
        title_ru=f"Раздел {key}",
        title_en=f"Section {key}",
        group="",
        limit=0,
        text=text,
        html=to_html(text),
    )


def filled(kind: str, stage: str = "plan", **value: Any) -> Frozen:
    """Return a section of cells."""
    said = value or {"fields": _FIELDS.get(kind, {}), "rows": _ROWS.get(kind, [])}
    return Frozen(
        key=kind, stage=stage, title_ru=f"Раздел {kind}", title_en=f"Section {kind}", group="", limit=0, text=kind, html="",
        kind=kind, value=json.dumps({"kind": kind, **said}),
    )  # fmt: skip


def whole_plan() -> PrintedVersion:
    parts = [
        written("pitch", "idea", "Ульи, которые зовут на помощь."), written("problem", "idea", MARKDOWN),
        filled("readiness", "project"), filled("links", "project"), written("summary", "plan", "Мы делаем датчик.\n\n" * 3),
        *(filled(kind) for kind in ("canvas", "budget", "economics", "plan", "cash_flow")),
    ]  # fmt: skip
    return PrintedVersion(
        "Тихий улей", "plan", "Версия 2", parts, cover("Тихий улей", 120, 160, "fields"), ("Школа № 5", "Дивеевский район"), "Пчёлы",
        (("Мария Кузнецова", "капитан"), ("Анна Петрова", "педагог")),
    )  # fmt: skip


def paper_in(locale: str, version: PrintedVersion | None = None) -> Paper:
    with override_locale(locale):
        return paper_of(version or whole_plan())


def text_of_pdf(content: bytes) -> str:
    """Return the text of each page, one blank line between two pages."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return "\n\n".join("\n".join(line.rstrip() for line in page.splitlines()) for page in pages) + "\n"


def text_of_word(content: bytes) -> str:
    """Return paragraphs and rows of tables in their order."""
    return "\n".join(_lines(docx.Document(io.BytesIO(content)))) + "\n"


def _lines(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if not isinstance(block, Table):
            yield f"[{block.style.name}] {block.text}".rstrip() if block.style.name != "Normal" else block.text
            continue
        for row in block.rows:
            cells = [cell.text.replace("\n", " / ") for cell in row.cells]
            yield " | ".join(
                cell
                for number, cell in enumerate(cells)
                if not number or row.cells[number]._tc is not row.cells[number - 1]._tc
            )


async def golden_texts() -> dict[str, str]:
    """Return the texts by the name of their file."""
    found = {}
    for locale in LOCALES:
        paper = paper_in(locale)
        found[f"plan_{locale}.pdf.txt"] = text_of_pdf(await as_pdf(paper))
        found[f"plan_{locale}.docx.txt"] = text_of_word(await as_word(paper))
    return found


if __name__ == "__main__":
    for name, text in asyncio.run(golden_texts()).items():
        (GOLDEN / name).write_text(text, "utf-8")
