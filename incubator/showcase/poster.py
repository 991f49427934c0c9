"""A project drawn for a wall and for a messenger: a PDF poster with a QR code, and a picture of 1200 × 630 pixels.

Set by Typst from ``templates/showcase/*.typ``; texts go in as data, never as markup.
"""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Literal

import segno
from litestar.exceptions import ServiceUnavailableException

from incubator.config import ROOT
from incubator.projects.document import Frozen
from incubator.showcase.addresses import full
from incubator.showcase.colours import in_srgb
from incubator.showcase.facets import GRADUATED
from incubator.showcase.fonts import FAMILIES, font_folder
from incubator.showcase.tables import Publication
from incubator.web.i18n import _, current_locale
from incubator.web.markdown import plain
from incubator.web.text import short

PAPERS = ("a3", "a4")

#: Drawings that may wait; who comes then is asked to come again.
MOST_WAITING = 20

#: One at a time: a picture takes a hundredth of a second, and visitors of other pages come first.
_drawing = ThreadPoolExecutor(1, thread_name_prefix="typst")

_waiting: "set[asyncio.Future[bytes]]" = set()

#: Sections that a poster quotes, and characters of each.
_QUOTED, _LONGEST_QUOTE = ("problem", "solution", "goal", "product"), 420


@dataclass(frozen=True, slots=True)
class Poster:
    """All that is drawn, in one language."""

    locale: str
    title: str
    pitch: str
    cover: str
    """SVG."""
    passed: int
    """Steps of the path behind it, 0 to 3."""
    steps: tuple[str, ...]
    about: str
    """Where and what: district, cluster."""
    team: str
    parts: tuple[tuple[str, str], ...]
    """Title and text of what is quoted."""
    url: str
    programme: str
    scan: str

    @classmethod
    def of(
        cls, publication: Publication, parts: Sequence[Frozen], *, cover: str, names: list[str], places: list[str],
        clusters: list[str], stage: str,
    ) -> "Poster":  # fmt: skip
        order = ["idea", "project", "plan", GRADUATED]
        quoted = [p for p in parts if p.key in _QUOTED]
        return cls(
            locale=current_locale(),
            title=publication.title,
            pitch=publication.pitch,
            cover=in_srgb(cover).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
            passed=order.index(stage) if stage in order else 0,
            steps=(_("Идея"), _("Проект"), _("Бизнес-план")),
            about=" · ".join([*places, *clusters]),
            team=_team(publication.team_name, names),
            parts=tuple((p.title, short(plain(p.html), _LONGEST_QUOTE)) for p in quoted[:3]),
            url=full(f"/showcase/{publication.project.slug}"),
            programme=_("От идеи – к проекту, от проекта – к предпринимательству"),
            scan=_("Наведите камеру, чтобы прочитать всё"),
        )


def _team(name: str, names: list[str]) -> str:
    said = ", ".join(names)
    return f"{name}: {said}" if name and said else name or said


def qr_code(url: str) -> str:
    """An SVG without a size of its own; survives the loss of 15 % (level M)."""
    return str(
        segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=2, dark="#1f2630", light="#ffffff")
    )


async def drawn_picture(poster: Poster) -> bytes:
    """PNG, 1200 × 630."""
    return await _drawn("picture.typ", poster, format="png", ppi=72.0)


async def drawn_poster(poster: Poster, paper: str) -> bytes:
    """PDF on ``a3`` or ``a4``."""
    return await _drawn("poster.typ", poster, format="pdf", paper=paper, qr=_standalone(qr_code(poster.url)))


def _standalone(svg: str) -> str:
    return svg if "xmlns=" in svg else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


async def _drawn(
    template: str, poster: Poster, *, format: Literal["pdf", "png"], ppi: float | None = None, **more: str
) -> bytes:
    if len(_waiting) >= MOST_WAITING:
        raise ServiceUnavailableException
    data = json.dumps({**asdict(poster), **more, "families": FAMILIES}, ensure_ascii=False)
    drawing = asyncio.get_running_loop().run_in_executor(_drawing, _draw, template, data, format, ppi)
    _waiting.add(drawing)
    drawing.add_done_callback(_waiting.discard)
    return await drawing


def _draw(template: str, data: str, format: Literal["pdf", "png"], ppi: float | None) -> bytes:
    import typst  # here: a worker that draws nothing is 7 MB lighter

    return typst.compile(
        str(ROOT / "templates/showcase" / template), format=format, font_paths=[str(font_folder())],
        ignore_system_fonts=True, ppi=ppi, sys_inputs={"data": data},
    )  # fmt: skip
