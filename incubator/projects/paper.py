"""A version of a project as a document on paper: title page, numbered sections, appendices.

Whoever asks for one hands in what its reader may see: masked texts, names as consents allow. Nothing is looked up here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from incubator.artwork.colours import in_srgb
from incubator.artwork.cover import PLAIN, cover
from incubator.core.clock import today
from incubator.core.formatting import day
from incubator.core.languages import _, current_locale, localized
from incubator.core.text import short
from incubator.programme.stages import Stage, stage_title
from incubator.projects.document import Frozen, plain_of
from incubator.projects.drawing import charts_of
from incubator.projects.kinds.printing import Printed
from incubator.projects.kinds.registry import sheet_kind_of
from incubator.projects.tables import Project
from incubator.projects.version_files import files_of
from incubator.reference.tables import Cluster
from incubator.typesetting.blocks import (
    Block,
    ChartBlock,
    DrawingBlock,
    Paper,
    PaperSection,
    PhotoBlock,
    PictureBlock,
    TextBlock,
    plain_words,
)
from incubator.typesetting.html_blocks import blocks_of_html
from incubator.typesetting.qr import standalone

#: The section that stands under the title, and nowhere else.
_LEAD = "pitch"
#: Characters of the title that stand on every page.
_LONGEST_RUNNING = 72


@dataclass(frozen=True, slots=True)
class PrintedVersion:
    """A version as its reader may see it."""

    title: str
    stage: str
    version: str
    """Which one, in words."""
    parts: Sequence[Frozen]
    cover: str
    """SVG: stands on the title page without a photograph that its reader may see."""
    about: Sequence[str] = ()
    team_name: str = ""
    team: Sequence[tuple[str, str]] = ()
    """Names with the words for their roles."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Photographs and first pages that this reader may see, by the cells that name them."""


class _HandedIn(Protocol):
    """A version that was handed in, or what the public reads of it."""

    number: Any
    submitted_at: Any


def version_in_words(version: _HandedIn) -> str:
    return _("Версия %(n)s, сдана %(day)s", n=version.number, day=day(version.submitted_at))


def draft_in_words() -> str:
    return _("Черновик на %(day)s", day=day(today()))


def cover_for(title: str, cluster: Cluster | None) -> str:
    """Return the drawn cover of a project; ``cluster`` may be an empty join."""
    if cluster is None or not cluster.id:
        return cover(title, *PLAIN)
    return cover(title, cluster.hue_from, cluster.hue_to, cluster.motif)


def about_project(project: Project) -> list[str]:
    """Return school, district and cluster of a project that was read with them."""
    school, district, cluster = project.organisation, project.municipality, project.cluster
    names = [
        school.name if school and school.id else "",
        *(localized(each, "title") for each in (district, cluster) if each and each.id),
    ]
    return [name for name in names if name]


def paper_of(version: PrintedVersion) -> Paper:
    """Return the document in the reader's language."""
    parts = [part for part in version.parts if part.text]
    cover, photo = _cover(version)
    return Paper(
        locale=current_locale(), title=version.title or _("Без названия"), sort=stage_title(version.stage),
        lead=next((plain_of(part) for part in parts if part.key == _LEAD), ""),
        programme=_("От идеи – к проекту, от проекта – к предпринимательству"), about=tuple(version.about),
        version=version.version, team_name=version.team_name, team=tuple(version.team),
        cover=cover, sections=_sections(parts, _Photos(version.pictures, photo)),
        words={
            "contents": _("Содержание"), "team": _("Команда"), "running": short(version.title, _LONGEST_RUNNING),
        },
    )  # fmt: skip


def _cover(version: PrintedVersion) -> tuple[DrawingBlock | PictureBlock, str]:
    """Return what stands on the title page, with the cell of a photograph."""
    chosen = files_of(version.parts).cover
    if chosen is None or (content := version.pictures.get(str(chosen.file))) is None:
        return DrawingBlock(standalone(in_srgb(version.cover)), _("Пейзаж на обложке")), ""
    alt = chosen.caption or _("Картинка на обложке")
    return PictureBlock(content, alt, width=chosen.file.width, height=chosen.file.height), str(chosen.file)


@dataclass(frozen=True, slots=True)
class _Photos:
    """Photographs by the cells that name them, and which of them stands on the title page."""

    contents: Mapping[str, bytes]
    cover: str

    def drawn(self, block: PhotoBlock) -> Block:
        if block.cell == self.cover:
            return TextBlock(plain_words(_("На обложке: %(what)s", what=block.caption)), "quiet")
        if block.cell not in self.contents:  # this reader must not see it, or it is gone
            return TextBlock(plain_words(block.caption), "quiet")
        return PictureBlock(self.contents[block.cell], block.caption, block.caption, block.width, block.height)


def _sections(parts: Sequence[Frozen], photos: _Photos) -> tuple[PaperSection, ...]:
    """Return the sections, numbered, the latest stage first, as pages show it; then what is appended to them."""
    printed = [
        (part, _printed(part, photos))
        for stage in reversed(Stage)
        for part in parts
        if part.stage == stage and part.key != _LEAD
    ]
    appended = [(part, each.appendix) for part, each in printed if each.appendix]
    is_parted = bool(appended) or len({part.stage for part, _each in printed}) > 1
    sections = [
        PaperSection(f"{number}. {part.title}", each.body, stage_title(part.stage) if is_parted else "")
        for number, (part, each) in enumerate(printed, 1)
    ]
    appendices = [
        PaperSection(_("Приложение %(n)s. %(title)s", n=number, title=part.title), blocks, _("Приложения"))
        for number, (part, blocks) in enumerate(appended, 1)
    ]
    return (*sections, *appendices)


def _printed(part: Frozen, photos: _Photos) -> Printed:
    kind = sheet_kind_of(part.kind)
    if kind is None or not part.value:
        return Printed(blocks_of_html(part.html))
    printed = kind.printed(part.value)
    return Printed(tuple(_filled_in(printed.body, part, photos)), tuple(_filled_in(printed.appendix, part, photos)))


def _filled_in(blocks: Sequence[Block], part: Frozen, photos: _Photos) -> Iterator[Block]:
    """Yield the blocks with what a kind's template draws in the place of its chart, and photographs in theirs."""
    for block in blocks:
        if isinstance(block, ChartBlock):
            yield from (DrawingBlock(svg, block.alt) for svg in charts_of(part, block.macro))
        elif isinstance(block, PhotoBlock):
            yield photos.drawn(block)
        else:
            yield block
