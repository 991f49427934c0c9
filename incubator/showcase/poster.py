"""A project as a PDF poster with a QR code, and as a preview picture of 1200 × 630 pixels for messengers.

Typeset by Typst from ``templates/showcase/*.typ``; texts go in as data, never as markup.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from incubator.artwork.colours import in_srgb
from incubator.core.languages import _, current_locale
from incubator.core.text import short
from incubator.programme.stages import Stage, stage_title
from incubator.projects.document import Frozen, plain_of
from incubator.publication.facets import GRADUATED
from incubator.publication.tables import Publication
from incubator.showcase.addresses import full
from incubator.typesetting.drawn_text import drawn_text
from incubator.typesetting.qr import qr_code, standalone
from incubator.typesetting.typst import typeset

PAPERS = ("a3", "a4")


#: How many sections a poster quotes, and how many characters of each.
_QUOTED, _LONGEST_QUOTE = ("problem", "solution", "goal", "product"), 420


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything that is drawn, in one language."""

    locale: str
    title: str
    pitch: str
    cover: str
    """SVG."""
    has_photo: bool
    """The cover is a picture of the team's."""
    passed: int
    """Completed stages, 0 to 3."""
    steps: tuple[str, ...]
    about: str
    """District and cluster."""
    team: str
    parts: tuple[tuple[str, str], ...]
    """Title and text of the quotes."""
    url: str
    programme: str
    scan: str

    @classmethod
    def of(
        cls, publication: Publication, parts: Sequence[Frozen], *, cover: str, photo: str | None, names: list[str], places: list[str],
        clusters: list[str], stage: str,
    ) -> "Poster":  # fmt: skip
        order = ["idea", "project", "plan", GRADUATED]
        quoted = [p for p in parts if p.key in _QUOTED]
        return cls(
            locale=current_locale(),
            title=publication.title,
            pitch=publication.pitch,
            cover=photo or standalone(in_srgb(cover)),
            has_photo=photo is not None,
            passed=order.index(stage) if stage in order else 0,
            steps=tuple(stage_title(stage) for stage in Stage),
            about=" · ".join([*places, *clusters]),
            team=_team(publication.team_name, names),
            parts=tuple((p.title, short(plain_of(p), _LONGEST_QUOTE)) for p in quoted[:3]),
            url=full(f"/showcase/{publication.project.slug}"),
            programme=_programme(),
            scan=_("Наведите камеру, чтобы прочитать всё"),
        )


def _programme() -> str:
    return _("От идеи – к проекту, от проекта – к предпринимательству")


def _team(name: str, names: list[str]) -> str:
    said = ", ".join(names)
    return f"{name}: {said}" if name and said else name or said


async def drawn_picture(poster: Poster) -> bytes:
    """Return a PNG, 1200 × 630."""
    return await typeset("typesetting/picture.typ", _drawn(poster), format="png", ppi=72.0)


def _drawn(poster: Poster) -> dict[str, Any]:
    """Return what a template draws: texts in the font's characters, whose words may break where they are too long for a line."""
    data = asdict(poster)
    parts = [(drawn_text(title), drawn_text(text)) for title, text in poster.parts]
    texts = {name: drawn_text(data[name]) for name in ("pitch", "about", "team")}
    return {**data, **texts, "title": drawn_text(poster.title, texts["team"] or _("Проект")), "parts": parts}


async def drawn_site_picture(title: str, cover: str) -> bytes:
    """Return a PNG of the whole site, 1200 × 630, in the current language. ``cover``: SVG."""
    data = {
        "locale": current_locale(), "title": title, "about": _programme(), "team": "", "pitch": "", "programme": "", "passed": 2,
        "cover": standalone(in_srgb(cover)), "has_photo": False,
    }  # fmt: skip
    return await typeset("typesetting/picture.typ", data, format="png", ppi=72.0)


async def drawn_poster(poster: Poster, paper: str) -> bytes:
    """Return a PDF on ``a3`` or ``a4`` paper."""
    data = {**_drawn(poster), "paper": paper, "qr": standalone(qr_code(poster.url))}
    return await typeset("showcase/poster.typ", data, format="pdf")
