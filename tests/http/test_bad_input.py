"""Hostile and unusual text in every field of every form, every query and every path: never a fault,
nothing executable, and the typed text comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from incubator.core import limits
from incubator.core.text import clean, clean_line
from incubator.http.refill import FOR_ALL
from incubator.interchange.import_report import batches
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.comments import comment
from incubator.publication.facets import FACETS
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, signed_in
from tests.cast import Cast, make_cast, submitted
from tests.http.markdown_safety import scheme
from tests.sample import Source, each_source, hostile_strings
from tests.scale import IS_WHOLE

#: One of each kind; the shared samples contain thousands more.
NASTY = (
    "",
    " \t\n ",
    "\x00",
    "\ud800",
    "\u202eнаоборот\u2066",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚",
    "👩🏽\u200d🚒" * 40,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1; DROP TABLE person; --",
    "{{ 7 * 7 }} {% raw %} %(name)s %s {0}",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "Subject: hi\r\nBcc: all@example.org",
    "99999999999999999999999",
    "-1",
    "7",
    "NaN",
    "2026-13-45",
    "очень-длинное-слово" * 3000,
)


@dataclass
class Seen:
    """Return what could be executed on a page, and its forms: action → (field name, kind)."""

    running: list[str] = field(default_factory=list)
    forms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._form: list[tuple[str, str]] | None = None
        self._by_id: dict[str, list[tuple[str, str]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag in {"iframe", "object", "embed", "style"} or (tag == "base" and "href" in a):
            self.seen.running.append(tag)
        if tag == "script" and a.get("type") != "application/ld+json" and not a.get("src", "").startswith("/static/"):
            self.seen.running.append(f"script {a}")
        for name, value in a.items():
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.seen.running.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action", "formaction"} and scheme(value) not in {"", "http", "https", "mailto"}:
                self.seen.running.append(f"{tag} {name}={value}")
        if tag == "form" and a.get("method", "").lower() == "post":
            self._form = self.seen.forms.setdefault(a.get("action", ""), [])
            self._by_id[a.get("id", "")] = self._form
        form = self._by_id.get(a.get("form") or "-", self._form)
        if form is not None and a.get("name") not in {None, "", "csrf"}:
            kind = {"textarea": "text", "select": "select"}.get(tag, a.get("type", "text"))
            if tag in {"input", "textarea", "select"} and "disabled" not in a:
                form.append((a["name"], kind))
                if a.get("data-own") and self._form is not None:  # lent: it is in its own form, too
                    self._form.append((a["data-own"], kind))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def read(html: str) -> Seen:
    reader = _Reader()
    reader.feed(html)
    return reader.seen


#: Which person opens which page.
PAGES = [
    ("visitor", "/sign-in"), ("visitor", "/sign-up"), ("visitor", "/start"), ("visitor", "/password/forgot"),
    ("captain", "/projects/new"), ("captain", "/projects/{project}"), ("captain", "/projects/{project}/details"),
    ("captain", "/projects/{project}/team"), ("captain", "/projects/{project}/answers/problem"), ("captain", "/profile"),
    ("teacher", "/projects/{project}"), ("teacher", "/projects/{project}/team"),
    ("captain", "/projects/{project}/talk"),
    ("mentor", "/reviews/{assignment}"), ("mentor", "/desk/offer"), ("idle_mentor", "/desk/bids"), ("mentor", "/desk/practice"),
    ("organiser", "/organiser/mails/assignment"), ("organiser", "/organiser/proposal"),
    ("organiser", "/organiser/people"), ("organiser", "/organiser/submissions/{submission}"),
    ("organiser", "/organiser/seasons/new"),
    ("organiser", "/organiser/seasons/{season}"), ("organiser", "/organiser/seasons/{season}/idea/sections/new"),
    ("organiser", "/organiser/seasons/{season}/idea/sections/1"),
    ("organiser", "/organiser/seasons/{season}/idea/criteria/new"),
    ("organiser", "/organiser/seasons/{season}/idea/criteria/1"),
]  # fmt: skip

#: Pages that accept any text, or report errors only as a notice.
TAKES_EVERYTHING = {"/reviews/{assignment}", "/desk/offer", "/desk/practice", "/organiser/proposal"}

#: Actions that would end the test: signing out, leaving.
_LEAVE_ALONE = re.compile(r"/sign-out$|/departure$|/withdrawal$|/sessions/|/decline$")


@dataclass
class Scene:
    cast: Cast
    ids: dict[str, int]

    async def at(self, who: str, path: str) -> Browser:
        browser = Browser() if who == "visitor" else await signed_in(getattr(self.cast, who))
        await browser.open(path.format(**self.ids))
        assert browser.page.status_code == 200, path
        return browser


@pytest.fixture
async def scene(sqlite: Any) -> Scene:
    cast = await make_cast()
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await comment(cast.project, "problem", "Как это проверить?", by=cast.teacher)
    return Scene(
        cast,
        {
            "project": cast.project.id, "submission": submission.id, "assignment": assignment.id,
            "season": cast.season.id,
        },
    )  # fmt: skip


def encoded(values: list[tuple[str, str]]) -> bytes:
    """Encode a form's body, including text that no Unicode encoder would write."""
    return b"&".join(quote(k).encode() + b"=" + quote(v.encode("utf-8", "surrogatepass")).encode() for k, v in values)


async def send(browser: Browser, action: str, values: list[tuple[str, str]]) -> Any:
    headers = {"content-type": "application/x-www-form-urlencoded", "referer": str(browser.page.url)}
    return await browser.http.post(action, content=encoded(values), headers=headers, follow_redirects=True)


def filled(browser: Browser, action: str, changes: dict[str, str]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in browser.form(action) if name not in changes]
    return kept + list(changes.items())


def attacks(fields: list[tuple[str, str]]) -> Iterator[tuple[dict[str, str], bool]]:
    """Yield forms with all text fields filled; then with each other field alone, as a forger would.

    The latter get every text in the acceptance run, otherwise every seventh, in turn. Also yield whether it was typed.
    """
    typed = {name for name, kind in fields if kind in {"text", "email", "search", "url", "password"}}
    chosen = list(dict.fromkeys(name for name, _kind in fields if name not in typed))
    for number, text in enumerate(NASTY):
        if typed:
            yield dict.fromkeys(typed, text), True
        for place, name in enumerate(chosen):
            if IS_WHOLE or (number + place) % 7 == 0:
                yield {name: text}, False


def of_each_shape(forms: dict[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
    """Return all forms in the acceptance run; otherwise only one of those that differ in the last part of their address, or in
    the section that their fields belong to (``text-problem``)."""
    shapes = {
        (action.rpartition("/")[0], tuple((name.partition("-")[0], kind) for name, kind in fields)): action
        for action, fields in reversed(forms.items())
    }
    return forms if IS_WHOLE else {action: forms[action] for action in shapes.values()}


@pytest.mark.parametrize(("who", "path"), PAGES, ids=lambda v: v.strip("/").replace("/", "-"))
async def test_every_form_withstands(scene: Scene, who: str, path: str) -> None:
    browser = await scene.at(who, path)
    forms = of_each_shape({a: f for a, f in read(browser.page.text).forms.items() if f and not _LEAVE_ALONE.search(a)})
    assert forms, "nothing to type into: drop it from the list"
    page = path.format(**scene.ids)
    # Another may end what the page is about, or close what is answered.
    own_first = sorted(forms.items(), key=lambda form: (form[0] != page, form[0].endswith("/resolution")))
    given_back = [await _attacked(browser, page, action, fields) for action, fields in own_first]
    assert any(given_back) is (path not in TAKES_EVERYTHING)


async def _attacked(browser: Browser, page: str, action: str, fields: list[tuple[str, str]]) -> int:
    """Send every attack on one form; return how many fields came back as typed."""
    sent = given_back = 0
    is_refused = False
    for changes, is_typed in attacks(fields):
        if not is_refused:  # otherwise the page is unchanged
            await browser.open(page)
        if not browser.has_form(action):
            continue  # its action is no longer available
        before = browser.page
        answer = await send(browser, action, filled(browser, action, changes))
        sent += 1
        where = (action, list(changes), [text[:40] for text in changes.values()][:1])
        assert answer.status_code < 500, where
        assert not read(answer.text).running, where
        is_refused = answer.status_code == 422
        if is_refused and is_typed:  # a forged choice need not come back
            browser.page = answer
            given_back += _given_back(browser, action, changes, where)
            browser.page = before
    assert sent or action.endswith(FOR_ALL), (
        action
    )  # that form goes where the first of the others goes, which may change
    return given_back


def _given_back(browser: Browser, action: str, changes: dict[str, str], where: Any) -> int:
    """Check that each field shows what was typed; return how many were checked."""
    if not browser.has_form(action):
        return 0
    looked_at = 0
    for name, text in changes.items():
        shown = [clean_line(value) for key, value in browser.form(action) if key == name]
        if shown and "password" not in name:  # passwords are never shown again
            assert clean_line(text) in shown, (where, name)
            looked_at += 1
    return looked_at


PATHS = ["/showcase/{}", "/showcase/{}/feed.atom", "/showcase/{}/picture.png", "/showcase/{}/poster", "/showcase/{}/poster.pdf",
         "/showcase/{}/help", "/sitemap/{}", "/api/v1/{}", "/api/v1/projects/{}", "/sign-in/{}", "/confirm/{}", "/password/reset/{}", "/invitations/{}", "/language/{}",
         "/projects/{}", "/projects/1/answers/{}", "/projects/1/submissions/{}", "/organiser/seasons/{}",
         "/organiser/seasons/1/{}/sections/new", "/static/{}", "/{}"]  # fmt: skip
_FILTERS = "?q={0}&stage={0}&season={0}&cluster={0}&municipality={0}&competency={0}&kind={0}&help={0}&award={0}&sort={0}&after={0}&lang={0}"
QUERIES = ["/showcase?q={}", f"/showcase{_FILTERS}", f"/showcase/map{_FILTERS}", f"/showcase/feed.atom{_FILTERS}", f"/embed{_FILTERS}",
           f"/api/v1/projects{_FILTERS}&limit={{0}}", f"/api/v1/facets{_FILTERS}", "/sign-in?next={}",
           "/language/en?back={}", "/start?title={}", "/organiser/projects?q={0}&stage={0}&state={0}&season={0}&page={0}",
           "/?{}", "/projects?{}"]  # fmt: skip
#: What visitors request most often.
ASKED = [f"/showcase{_FILTERS}", f"/api/v1/projects{_FILTERS}", "/showcase/{0}", "/showcase/{0}/feed.atom"]


@pytest.mark.parametrize("addresses", [PATHS, QUERIES], ids=["paths", "queries"])
async def test_every_address_withstands(scene: Scene, addresses: list[str]) -> None:
    browser = await signed_in(scene.cast.organiser)
    for address, text in product(addresses, NASTY):
        part = quote(text[:600].encode("utf-8", "surrogatepass"), safe="")
        answer = await browser.http.get(address.format(part), follow_redirects=True)
        assert answer.status_code < 500, (address, text[:40])
        assert not read(answer.text).running, (address, text[:40])


@pytest.mark.parametrize("number", [2, limits.FILTER_VALUES, limits.FILTER_VALUES + 1, 3000])
async def test_any_number_of_values_of_a_filter_gets_a_clear_answer(scene: Scene, number: int) -> None:
    """Each of them counts, or none: showing what some of them find would be another answer than the one asked for."""
    for path, name in product(
        ("/showcase", "/showcase/map", "/showcase/feed.atom", "/embed", "/api/v1/projects"), FACETS
    ):
        if name in {"stage", "help"} and path.startswith("/api"):
            continue  # which know their values
        query = "&".join(f"{name}={n}" for n in range(number))
        answer = await Browser().http.get(f"{path}?{query}", follow_redirects=True)
        assert answer.status_code == (200 if number <= limits.FILTER_VALUES else 400), (path, name)
        if answer.status_code == 400 and not path.startswith("/api"):
            assert f"не больше значений, чем {limits.FILTER_VALUES}" in answer.text, (path, name)


async def test_hostile_values_beside_good_ones(scene: Scene) -> None:
    browser = Browser()
    for path, text in product(("/showcase", "/showcase/map", "/showcase/feed.atom", "/embed", "/api/v1/facets"), NASTY):
        part = quote(text[:300].encode("utf-8", "surrogatepass"), safe="")
        query = "&".join(f"{name}=agro&{name}={part}" for name in FACETS if name not in {"stage", "help"})
        answer = await browser.http.get(f"{path}?{query}", follow_redirects=True)
        assert answer.status_code in ({200, 400} if path.startswith("/api") else {200}), (path, text[:40])
        assert not read(answer.text).running, (path, text[:40])


BODIES = {
    "bytes": ("application/x-www-form-urlencoded", b"%FF%FE=%ED%A0%80&&&=;%"),
    "json": ("application/json", b'{"title": '),
    "no boundary": ("multipart/form-data", b"no boundary"),
    "a file": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"title\"; filename=\"../x.svg\"\r\n\r\n<svg/>\r\n--x--"),
    "charset": ("text/plain; charset=utf-99", b"title=1"),
    "nothing": ("", b"\x00" * 1000),
    "many fields": ("application/x-www-form-urlencoded", b"a=1&" * 20_000),
    "huge": ("application/x-www-form-urlencoded", b"title=" + b"a" * 12_000_000),
}  # fmt: skip


async def test_bodies_that_are_no_form(scene: Scene) -> None:
    browser = await signed_in(scene.cast.captain)
    paths = ("/projects/new", "/preview", f"/projects/{scene.cast.project.id}/answers/problem")
    for (name, (kind, body)), path in product(BODIES.items(), paths):
        answer = await browser.http.post(path, content=body, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500, (name, path, answer.status_code)


@each_source
async def test_every_string_on_record_can_be_an_answer(scene: Scene, source: Source) -> None:
    """Text is stored, returned as typed, and shown without anything executable: six on each page."""
    browser = await signed_in(scene.cast.captain)
    keys = ("problem", "audience", "solution", "alternatives", "motivation", "relevance")
    base = f"/projects/{scene.cast.project.id}"
    for texts in batches([clean(text)[:480] for text in hostile_strings(source)], len(keys)):
        for key, typed in zip(keys, texts, strict=False):
            known = await answer_of(scene.cast.project.id, key)
            version = known.version if known else 0
            saved = await save_answer(scene.cast.project, key, typed, version=version, by=scene.cast.captain)
            assert saved.text == typed
        page = await browser.open(base)
        assert not read(page.text).running, texts
        for key, typed in zip(keys, texts, strict=False):
            assert dict(browser.form(f"{base}/answers"))[f"text-{key}"] == typed


@each_source
async def test_every_string_on_record_can_be_asked_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    monkeypatch.setattr("incubator.http.rate_limit.Buckets.wait", lambda *_asked: 0.0)  # thousands, from one address
    browser = Browser()
    for text in hostile_strings(source):
        for address in ASKED:
            part = quote(text[:300].encode("utf-8", "surrogatepass"), safe="")
            answer = await browser.http.get(address.format(part), follow_redirects=True)  # to the search's own address
            assert answer.url.host == browser.http.base_url.host, (address, text)
            assert answer.status_code in {200, 400, 404}, (address, text)
            assert not read(answer.text).running, (address, text)
        part = quote(text[:1000].encode("utf-8", "surrogatepass"), safe="")
        answer = await browser.http.get(f"/showcase?q={part}", follow_redirects=True)
        assert answer.status_code == 200, text


async def test_addresses_that_one_engine_alone_would_refuse(database: Any) -> None:
    for path in (
        "/showcase/{}",
        "/showcase/{}/picture.png",
        "/api/v1/projects/{}",
        "/showcase?q={}&cluster={}&after={}",
    ):
        for text in ("%00", "a%00b", "%FF", "%ED%A0%80", "%E2%80%AE", "1e9", "9" * 40):
            assert (await Browser().open(path.replace("{}", text))).status_code in {200, 400, 404}
