"""A browser without JavaScript for tests: keeps cookies, follows redirects, fills forms."""

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx

from incubator.app import create_app

HOST = "http://testserver"


@cache
def shared_app() -> Any:
    """Return the app, shared because building it takes a tenth of a second and it keeps no state between requests."""
    return create_app()


class _Forms(HTMLParser):
    """Return the forms of a page: action and the values that they would send unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[tuple[str, str]]]] = []
        self._by_id: dict[str, list[tuple[str, str]]] = {}
        self._of: list[list[tuple[str, str]]] = []
        """The forms of the field that was begun last."""
        self._textarea = ""
        self._selects: list[tuple[str, list[tuple[str, str]]]] = []
        """The list that was begun last, under each of its names, with the fields of the form that it is in."""
        self._is_chosen = False
        self._unchosen: str | None = None
        """The value that it sends as long as nothing is selected."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "form":
            values = self._by_id.setdefault(a["id"], []) if "id" in a else []
            self.forms.append((a.get("method", "get").lower(), a.get("action", ""), values))
        if not self.forms:
            return
        if tag == "option":
            if "selected" in a:
                self._unchosen = None
                self._choose(a.get("value", ""))
                self._is_chosen = True
            elif self._unchosen is None and not self._is_chosen:
                self._unchosen = a.get("value", "")
            return
        owner = self._by_id.setdefault(a["form"], []) if "form" in a else self.forms[-1][2]
        self._of = []
        if a.get("data-own"):  # lent to another form: it is in that one, too, as scripts see it
            self._add(tag, {**a, "name": a["data-own"]}, self.forms[-1][2])
        self._add(tag, a, owner)

    def _choose(self, value: str) -> None:
        for name, values in self._selects:
            values.append((name, value))

    def _add(self, tag: str, a: dict[str, str], values: list[tuple[str, str]]) -> None:
        self._of.append(values)
        if tag == "input" and a.get("name") and "disabled" not in a:
            kind = a.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in a:
                values.append((a["name"], a.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self._textarea = a.get("name", "")
            values.append((self._textarea, ""))
        elif tag == "select":
            self._selects.append((a.get("name", ""), values))
            self._unchosen, self._is_chosen = None, "multiple" in a

    def handle_data(self, data: str) -> None:
        for values in self._of if self._textarea else ():
            name, text = values[-1]
            values[-1] = (name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            for values in self._of:
                name, text = values[-1]
                values[-1] = (name, text.removeprefix("\n"))
            self._textarea = ""
        elif tag == "select":
            if self._unchosen is not None:  # a browser shows the first, and sends it
                self._choose(self._unchosen)
            self._selects, self._unchosen = [], None


def forms_of(html: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the forms of a page: action, and the values that they would send unchanged."""
    parser = _Forms()
    parser.feed(html)
    return [(to, values) for _method, to, values in parser.forms]


class Browser:
    """One person on one device."""

    def __init__(self, app: Any = None, *, language: str = "ru") -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app or shared_app(), raise_app_exceptions=True),
            base_url=HOST,
            headers={"accept-language": language},
        )
        self.page: httpx.Response

    @property
    def text(self) -> str:
        """Return the page's HTML with entities resolved."""
        return unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.path

    async def open(self, path: str, **headers: str) -> httpx.Response:
        """Send a GET request, following redirects."""
        self.page = await self.http.get(path, headers=headers, follow_redirects=True)
        return self.page

    def form(self, action: str) -> list[tuple[str, str]]:
        """Return the values of the page's first form with this action."""
        parser = _Forms()
        parser.feed(self.page.text)
        found = [values for _method, to, values in parser.forms if to == action]
        assert found, f"{self.path} has no form to {action}: {[f[1] for f in parser.forms]}"
        return found[0]

    def has_form(self, action: str) -> bool:
        parser = _Forms()
        parser.feed(self.page.text)
        return any(to == action for _method, to, _values in parser.forms)

    async def send(self, action: str, follow: bool = True, **changes: Any) -> httpx.Response:
        """Fill the page's form to ``action`` and send it; a list sends several values."""
        names = {name.replace("__", "-") for name in changes}
        values = [(n, v) for n, v in self.form(action) if n not in names]
        for name, value in changes.items():
            for one in value if isinstance(value, list) else [value]:
                values.append((name.replace("__", "-"), str(one)))
        return await self.post(action, values, follow=follow)

    async def post(
        self, path: str, values: Any = (), *, follow: bool = True, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST exactly ``values``: a list of (name, value) pairs or a dictionary."""
        pairs = list(values.items()) if isinstance(values, dict) else list(values)
        self.page = await self.http.post(
            path,
            content=httpx.QueryParams(pairs).__str__().encode(),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "referer": str(self.page.url),
                **(headers or {}),
            },
            follow_redirects=follow,
        )
        return self.page

    def csrf(self) -> str:
        """Return the token of the page's forms."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        assert found, f"{self.path} has no form"
        return found[1]


async def signed_in(person: Any, app: Any = None, *, language: str = "ru") -> Browser:
    """Return a browser in which ``person`` has signed in just now, by password and any second factor."""
    from incubator.people.proof import Opened
    from incubator.people.sessions import begin_session
    from tests.cast import fresh

    browser = Browser(app, language=language)
    secret = await begin_session(await fresh(person), user_agent="test", opened=Opened.FACTOR)
    browser.http.cookies.set("session", secret, domain="testserver.local")
    return browser
