"""Jinja pages: one environment per language, strict about undefined names."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from litestar import Request, Response
from litestar.response import Redirect
from markupsafe import Markup, escape

from incubator import config
from incubator.config import ROOT
from incubator.core import email_address, limits
from incubator.core import formatting as dates
from incubator.core import languages as i18n
from incubator.core.clock import now, today
from incubator.core.text import counted, fingerprint, fitted
from incubator.http import csrf, flash
from incubator.http.cookies import own_cookie
from incubator.http.failure import has_failed
from incubator.http.flash import Flash
from incubator.http.forms import Form
from incubator.http.refill import main_of
from incubator.http.static import static
from incubator.http.template_constants import EagerEnvironment

#: In the request's state: who somebody is in the demo, shown above every page (demo/strip.py).
STRIP = "strip"


class Site:
    """What templates know about this installation."""

    @property
    def name(self) -> str:
        return i18n._("От идеи к делу")

    @property
    def dev(self) -> bool:
        return config.settings.dev

    @property
    def sign_in_providers(self) -> tuple[config.SignInProvider, ...]:
        return config.settings.sign_in_providers

    @property
    def base_url(self) -> str:
        return config.settings.base_url


#: Filters by name, added by features: for example, how a stage is called on a page.
_words: dict[str, Callable[..., Any]] = {}


def add_words(*functions: Callable[..., Any]) -> None:
    """Register each function as a filter under its own name; call before the first page is rendered."""
    _words.update({function.__name__: function for function in functions})


class Unindented(Extension):
    """Shortens the indentation of templates to one blank as they are loaded: it helps whoever reads them, not visitors.

    One blank stays, since it may be all that separates two attributes: the line break after a block is removed.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub(" ", source)


_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def _gettext(locale: str) -> Callable[..., Markup]:
    """Return ``_()`` for templates: like Jinja's own, and values fit the sentence (``core/text.py: fitted``)."""

    said: dict[str, Markup] = {}

    def gettext(message: str, /, **values: Any) -> Markup:
        if not values:
            if message not in said:
                said[message] = Markup(i18n.translations(locale).ugettext(message)) % {}  # noqa: S704 - our own words
            return said[message]
        text = Markup(i18n.translations(locale).ugettext(message))  # noqa: S704 - our own words
        return text % fitted(text, {name: f"%({name})s" for name in values}, values)

    return gettext


def _once() -> Callable[..., Markup]:
    """Return ``once(macro, …)`` for templates: what the macro says for these few values, written once and not for every row."""
    said: dict[tuple[Any, ...], Markup] = {}

    def once(macro: Callable[..., Markup], *values: str) -> Markup:
        known = said.get((macro, values))
        if known is None:
            if len(said) >= _MOST_SAID:
                said.clear()
            known = said[macro, values] = macro(*values)
        return known

    return once


_MOST_SAID = 256


@cache
def environment(locale: str) -> Environment:
    env = EagerEnvironment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", Unindented],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=config.settings.dev,
        cache_size=-1,  # all of them: a page asks for a hundred, and a cache that counts their uses takes a lock each time
    )
    env.install_gettext_translations(i18n.translations(locale), newstyle=True)  # type: ignore[attr-defined]
    env.globals["gettext"] = _gettext(locale)
    for function in (
        dates.day,
        dates.short_day,
        dates.dialled,
        dates.moment,
        dates.deadline,
        dates.clock,
        dates.ago,
        dates.iso,
        dates.number,
        dates.percent,
        dates.money,
        dates.size,
    ):
        env.filters[function.__name__] = function
    env.filters.update(_words)
    env.filters["fingerprint"] = fingerprint
    env.filters["counted"] = counted
    env.filters["address"] = email_address.readable
    env.globals.update(static=static, once=_once(), site=Site(), localized=i18n.localized, today=today, limits=limits)
    return env


def render(request: Request[Any, Any, Any], template: str, **context: Any) -> str:
    """Return the HTML of ``template`` in the request's language."""
    locale = i18n.current_locale()
    return (
        environment(locale)
        .get_template(template)
        .render(
            locale=locale,
            person=request.scope.get("user"),
            is_reader_known=not has_failed(request.scope),
            allowed=request.scope.get("allowed", frozenset()),
            unread=request.scope.get("unread", 0),
            owner=request.scope.get(csrf.OWNER, ""),
            factor_days=_factor_days(request),
            path=request.url.path,
            csrf=csrf.inputs(request),
            flashes=flash.read_flashes(request),
            strip=request.scope["state"].get(STRIP),
            other_language_url=_other_language_url(request, locale),
            **context,
        )
    )


def _factor_days(request: Request[Any, Any, Any]) -> int | None:
    """Return for how many days the person may go on without a second factor; None: they may, or have one (people/proof.py)."""
    proof: Any = request.scope.get("proof") if request.scope.get("user") else None
    return proof.days_left(now()) if proof else None


def page(request: Request[Any, Any, Any], template: str, *, status: int = 200, **context: Any) -> Response[str]:
    """Return a rendered page, with the cookies that rendering it called for."""
    html = render(request, template, **context)
    if status == 422:
        html = _with_every_reason(request, html, context)
    response = Response(html, status_code=status, media_type="text/html")
    secret = request.scope["state"].get(csrf.COOKIE)
    if secret:
        response.set_cookie(own_cookie(csrf.COOKIE, secret))
    if flash.COOKIE in request.cookies:
        response.set_cookie(own_cookie(flash.COOKIE, "", max_age=0))
    return response


def _with_every_reason(request: Request[Any, Any, Any], html: str, context: dict[str, Any]) -> str:
    """Return the page with the reasons that it does not show: somebody else was faster, and its form is not there any more."""
    forms = [each for each in context.values() if isinstance(each, Form)]
    reasons = dict.fromkeys(reason for form in forms for reason in form.errors.values() if reason)
    shown = " ".join(html.split())
    unshown = [reason for reason in reasons if " ".join(escape(reason).split()) not in shown]
    if not unshown:
        return html
    at = main_of(html)
    return html[:at] + render(request, "components/_reasons.html", reasons=unshown) + html[at:]


def redirect(to: str, *flashes: Flash) -> Redirect:
    """Return a redirect (303 See Other), with messages for the next page."""
    response = Redirect(to, status_code=303)
    if flashes:
        response.set_cookie(flash.flash_cookie(list(flashes)))
    return response


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Return whether a script asked rather than a person's browser."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def safe_path(path: str, default: str = "/") -> str:
    """Return ``path`` if it leads to a page on this site, so that no link can send people elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isascii() and path.isprintable() and "\\" not in path else default


def _other_language_url(request: Request[Any, Any, Any], locale: str) -> str:
    other = "en" if locale == "ru" else "ru"
    back = address_of(request) if request.method == "GET" else request.url.path
    return f"/language/{other}?back={quote(back, safe='')}"


def address_of(request: Request[Any, Any, Any], *, lang: str = "") -> str:
    """Return the page's path and query, for the reader's preferred language or for ``lang``."""
    parts = [part for part in request.url.query.split("&") if part and not part.startswith("lang=")]
    query = "&".join([*parts, f"lang={lang}"] if lang else parts)
    return request.url.path + (f"?{query}" if query else "")
