"""Addresses of public pages as the rest of the web should know them."""

from typing import NamedTuple

from incubator import config
from incubator.core.languages import LOCALES
from incubator.http.requests import AnyRequest


class Links(NamedTuple):
    """Full addresses of one page: the canonical one, and one for each language."""

    canonical: str
    default: str
    """For readers of any language: the page speaks what their browser asks for."""
    languages: dict[str, str]


def links_of(request: AnyRequest, *, canonical: str) -> Links:
    """``canonical``: the page's own path and query, without a language and without whatever else a visitor's link holds."""
    lang = request.query_params.get("lang", "")

    def spoken(locale: str) -> str:
        return full(canonical + ("&" if "?" in canonical else "?") + f"lang={locale}")

    return Links(
        spoken(lang) if lang in LOCALES else full(canonical),
        full(canonical),
        {locale: spoken(locale) for locale in LOCALES},
    )


def full(path: str) -> str:
    """The full address of a path of ours."""
    return config.settings.base_url + path
