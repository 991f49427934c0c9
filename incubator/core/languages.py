"""Russian and English: how a reader's language is chosen, and the texts in it.

Source texts are Russian; ``locale/en`` translates them and ``locale/ru`` holds
the Russian plural forms. Catalogues are compiled in memory, so the ``.po`` files
are the only source.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from incubator.core.text import fitted

LOCALES = ("ru", "en")
CATALOGUES = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("locale", default="ru")


@cache
def translations(locale: str) -> Translations:
    """Compile the catalogue of ``locale``."""
    with (CATALOGUES / locale / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def current_locale() -> str:
    return _current.get()


def use_locale(locale: str) -> None:
    """Use ``locale`` for the rest of this request."""
    _current.set(locale)


@contextmanager
def override_locale(locale: str) -> Iterator[None]:
    """Use ``locale`` inside the block: a mail is written in its recipient's language."""
    token = _current.set(locale if locale in LOCALES else "ru")
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str, **values: Any) -> str:
    """Return ``message`` in the current language; ``%(name)s`` is filled from ``values``."""
    text = _said(_current.get(), message)
    return _filled(text, values) if values else text


@lru_cache(4096)
def _said(locale: str, message: str) -> str:
    return str(translations(locale).ugettext(message))


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """Return the plural form for ``n``, with ``%(n)s`` and ``values`` filled in; one of them may be ``n`` as it is shown."""
    text = str(translations(_current.get()).ungettext(one, many, n))
    return _filled(text, {"n": n, **values})


def _filled(text: str, values: dict[str, Any]) -> str:
    return text % fitted(text, {name: f"%({name})s" for name in values}, values)


def localized(row: Any, field: str, locale: str = "") -> str:
    """Return ``row.field_ru`` or ``row.field_en``; the other one if that is empty."""
    chosen = locale or _current.get()
    other = "en" if chosen == "ru" else "ru"
    get = row.__getitem__ if isinstance(row, dict) else lambda name: getattr(row, name)
    return str(get(f"{field}_{chosen}") or get(f"{field}_{other}"))


def preferred(accept_language: str) -> str:
    """Return the first supported language in an Accept-Language header, Russian by default."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language[:200].split(","):
        tag, _sep, quality = part.strip().partition(";q=")
        language = tag.partition("-")[0].lower()
        if language in LOCALES:
            try:
                wanted.append((-float(quality or 1), language))
            except ValueError:
                continue
    return min(wanted)[1] if wanted else "ru"
