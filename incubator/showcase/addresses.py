"""Public addresses of pages, as other sites should link to them."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from litestar.response import Redirect

from incubator import config
from incubator.core.languages import LOCALES, current_locale
from incubator.http.requests import AnyRequest

SITE_PICTURE = "/picture.png"


class Links(NamedTuple):
    """Full addresses of one page: the canonical one, and one for each language."""

    canonical: str
    default: str
    """For readers of any language: the page follows their browser's preference."""
    languages: dict[str, str]
    picture: str
    """What messengers show beside a link, unless the page has a picture of its own: the site's."""


def links_of(request: AnyRequest, *, canonical: str) -> Links:
    """Return a page's addresses. ``canonical``: its path and query, without language and other parameters of the visit."""
    lang = request.query_params.get("lang", "")

    def spoken(locale: str) -> str:
        return full(canonical + ("&" if "?" in canonical else "?") + f"lang={locale}")

    return Links(
        spoken(lang) if lang in LOCALES else full(canonical),
        full(canonical),
        {locale: spoken(locale) for locale in LOCALES},
        in_current_language(SITE_PICTURE),
    )


def without_more(request: AnyRequest, *known: str) -> Redirect | None:
    """Redirect to the same drawing without meaningless parameters, so that each drawing has one address and cache entry."""
    kept = [(name, request.query_params[name]) for name in known if name in request.query_params]
    # In any order: the parameters come in another one than they were asked for.
    if sorted(kept) == sorted(request.query_params.multi_items()):
        return None
    path = request.url.path
    return Redirect(f"{path}?{urlencode(kept)}" if kept else path, status_code=301)


def at_canonical(request: AnyRequest, query: str) -> Redirect | None:
    """Redirect to the address with ``query`` and the language, unless the request names just that.

    A form sends its empty fields, too, and others write links in any order: so each search has one address and one place in the page cache.
    """
    lang = request.query_params.get("lang", "")
    wanted = urlencode(sorted(parse_qsl(query) + [("lang", lang)] * (lang in LOCALES)))
    said = request.scope["query_string"].decode("latin-1")
    if said == wanted or parse_qsl(said, keep_blank_values=True) == parse_qsl(wanted):
        return None
    return Redirect(f"{request.url.path}?{wanted}" if wanted else request.url.path, status_code=301)


def full(path: str) -> str:
    """Return the full address of a path on this site."""
    return config.settings.base_url + path


def in_current_language(path: str) -> str:
    """Return the full address of a drawing or a frame, which names its language unless that is the first one."""
    if current_locale() == "ru":
        return full(path)
    return full(f"{path}{'&' if '?' in path else '?'}lang={current_locale()}")
