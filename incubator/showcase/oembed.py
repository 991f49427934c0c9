"""oEmbed (https://oembed.com): other sites turn the address of a page of ours into a card by themselves."""

from html import escape
from typing import Annotated, Literal
from urllib.parse import parse_qsl

import msgspec
from litestar import get
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import QueryParameter

from incubator import config
from incubator.core.languages import LOCALES, _, override_locale
from incubator.showcase.addresses import SITE_PICTURE, in_current_language
from incubator.showcase.embed import FRAME, HEIGHT, PROJECT_SIZE
from incubator.showcase.filters import CATALOGUE, Wish
from incubator.showcase.project_pages import Moved, publication_at

ADDRESS = "/api/v1/oembed"
_LONGEST, _WIDEST = 2000, 4000
#: A list of cards beside each other.
_LIST_SIZE = (1000, HEIGHT)
_PICTURE_SIZE = (1200, 630)

_Size = tuple[int, int]
_Pixels = Annotated[int, QueryParameter(ge=1, le=_WIDEST, description="In pixels")]


class Embedding(msgspec.Struct, kw_only=True):
    """A frame to put in, of the type «rich»."""

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    provider_name: str
    provider_url: str
    title: str
    author_name: str = ""
    html: str
    """The frame."""
    width: int
    height: int
    thumbnail_url: str
    thumbnail_width: int = _PICTURE_SIZE[0]
    thumbnail_height: int = _PICTURE_SIZE[1]


@get(ADDRESS, operation_id="embed", summary="A card for another site, by the address of a page (oEmbed 1.0)")
async def oembed(
    url: Annotated[str, QueryParameter(max_length=_LONGEST, description="Of a project or of the catalogue")],
    format: Annotated[str, QueryParameter(max_length=10)] = "json",
    maxwidth: _Pixels = _WIDEST,
    maxheight: _Pixels = _WIDEST,
) -> Embedding:
    """Return what to put in; 404 for any other address, 501 for another format than JSON."""
    if format != "json":
        raise HTTPException(_("Здесь бывает только JSON"), status_code=501)
    if not url.startswith(f"{config.settings.base_url}/"):
        raise NotFoundException
    path, _mark, said = url.removeprefix(config.settings.base_url).partition("#")[0].partition("?")
    query, most = parse_qsl(said), (maxwidth, maxheight)
    lang = dict(query).get("lang", "")
    with override_locale(lang if lang in LOCALES else "ru"):
        if path == CATALOGUE:
            return _of_list(Wish.of(query), most)
        slug = path.removeprefix(f"{CATALOGUE}/")
        if slug == path or "/" in slug:
            raise NotFoundException
        return await _of_project(slug, most)


def _of_list(wish: Wish, most: _Size) -> Embedding:
    return _embedding(_("Проекты"), wish.url(FRAME), _within(_LIST_SIZE, most), in_current_language(SITE_PICTURE))


async def _of_project(slug: str, most: _Size) -> Embedding:
    try:
        publication = await publication_at(slug)
    except Moved as moved:
        publication = await publication_at(moved.present)
    here = f"/{publication.project.slug}"
    picture = in_current_language(f"{CATALOGUE}{here}/picture.png")
    found = _embedding(publication.title, FRAME + here, _within(PROJECT_SIZE, most), picture)
    found.author_name = publication.team_name
    return found


def _within(size: _Size, most: _Size) -> _Size:
    return min(size[0], most[0]), min(size[1], most[1])


def _embedding(title: str, frame: str, size: _Size, picture: str) -> Embedding:
    width, height = size
    html = (
        f'<iframe src="{escape(in_current_language(frame))}" title="{escape(title)}" width="{width}" height="{height}" '
        'style="border:0;max-width:100%" loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
    return Embedding(
        provider_name=_("От идеи к делу"), provider_url=config.settings.base_url, title=title, html=html, width=width,
        height=height, thumbnail_url=picture,
    )  # fmt: skip


PAGES = [oembed]
