"""Addresses of public pages as the rest of the web should know them."""

from typing import Any, NamedTuple

from litestar import Request

from incubator import config
from incubator.web.i18n import LOCALES
from incubator.web.templating import address_of


class Links(NamedTuple):
    """Full addresses of one page: the canonical one, and one for each language."""

    canonical: str
    default: str
    """For readers of any language: the page speaks what their browser asks for."""
    languages: dict[str, str]


def links_of(request: Request[Any, Any, Any], *, canonical: str = "") -> Links:
    """``canonical``: path of the page that says the same, where it is not the page itself."""
    base, lang = config.settings.base_url, request.query_params.get("lang", "")
    own = address_of(request, lang=lang if lang in LOCALES else "")
    if canonical and lang in LOCALES:
        canonical += ("&" if "?" in canonical else "?") + f"lang={lang}"
    return Links(
        base + (canonical or own), base + address_of(request),
        {locale: base + address_of(request, lang=locale) for locale in LOCALES},
    )  # fmt: skip


def full(path: str) -> str:
    """The full address of a path of ours."""
    return config.settings.base_url + path
