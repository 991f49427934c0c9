"""Addresses of public pages as the rest of the web should know them."""

from typing import Any, NamedTuple

from litestar import Request

from incubator import config
from incubator.web.i18n import LOCALES, current_locale
from incubator.web.templating import address_of


class Links(NamedTuple):
    """Full addresses of one page: the canonical one, and one for each language."""

    canonical: str
    default: str
    """For readers of any language: the page speaks what their browser asks for."""
    languages: dict[str, str]


def links_of(request: Request[Any, Any, Any]) -> Links:
    """Russian is what a reader without wishes gets, so its address needs no language."""
    base = config.settings.base_url
    default = base + address_of(request)
    languages = {locale: default if locale == "ru" else base + address_of(request, lang=locale) for locale in LOCALES}
    return Links(languages[current_locale()], default, languages)


def full(path: str) -> str:
    """The full address of a path of ours."""
    return config.settings.base_url + path
