"""Hostile and odd text through every field of every form, every query and every path: never a fault,
nothing that runs, and what was typed comes back."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from incubator.core.text import clean, clean_line
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.comments import comment
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, signed_in
from tests.cast import Cast, make_cast, submitted
from tests.http.markdown_safety import scheme
from tests.sample import SHARED, needs_samples

#: One of each kind; the shared samples hold thousands more.
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
    """What of a page could run, and its forms: action → (field name, kind)."""

    running: list[str] = field(default_factory=list)
    forms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._form: list[tuple[str, str]] | None = None

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
        if self._form is not None and a.get("name") not in {None, "", "csrf"}:
            kind = {"textarea": "text", "select": "select"}.get(tag, a.get("type", "text"))
            if tag in {"input", "textarea", "select"} and "disabled" not in a:
                self._form.append((a["name"], kind))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def read(html: str) -> Seen:
    reader = _Reader()
    reader.feed(html)
    return reader.seen


#: Whose page, and where.
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

#: Ways out that would end the scene.
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
    """A form's body, also of text that no Unicode encoder would write."""
    return b"&".join(quote(k).encode() + b"=" + quote(v.encode("utf-8", "surrogatepass")).encode() for k, v in values)


async def send(browser: Browser, action: str, values: list[tuple[str, str]]) -> Any:
    headers = {"content-type": "application/x-www-form-urlencoded", "referer": str(browser.page.url)}
    return await browser.http.post(action, content=encoded(values), headers=headers, follow_redirects=True)


def filled(browser: Browser, action: str, changes: dict[str, str]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in browser.form(action) if name not in changes]
    return kept + list(changes.items())


def attacks(fields: list[tuple[str, str]], text: str) -> Iterator[dict[str, str]]:
    """All fields that people type in at once; then each of the others alone, as a forger would."""
    typed = {name for name, kind in fields if kind in {"text", "email", "search", "url", "password"}}
    if typed:
        yield dict.fromkeys(typed, text)
    for name in dict.fromkeys(name for name, _kind in fields if name not in typed):
        yield {name: text}


@pytest.mark.parametrize(("who", "path"), PAGES, ids=lambda v: v.strip("/").replace("/", "-"))
async def test_every_form_withstands(scene: Scene, who: str, path: str) -> None:
    browser = await scene.at(who, path)
    forms = {a: f for a, f in read(browser.page.text).forms.items() if f and not _LEAVE_ALONE.search(a)}
    assert forms, "nothing to type into: drop it from the list"
    for action, fields in forms.items():
        for text in NASTY:
            for changes in attacks(fields, text):
                await browser.open(path.format(**scene.ids))
                if not browser.has_form(action):
                    continue  # what it offered is done
                answer = await send(browser, action, filled(browser, action, changes))
                where = (action, list(changes), text[:40])
                assert answer.status_code < 500, where
                assert not read(answer.text).running, where
                if answer.status_code == 422:
                    _assert_given_back(browser, answer, action, changes, where)


def _assert_given_back(browser: Browser, answer: Any, action: str, changes: dict[str, str], where: Any) -> None:
    browser.page = answer
    if not browser.has_form(action):
        return
    for name, text in changes.items():
        shown = [clean_line(value) for key, value in browser.form(action) if key == name]
        if "password" in name or not shown or len(changes) == 1:
            continue  # a password is never shown again; a forged choice need not be
        assert clean_line(text) in shown, (where, name)


PATHS = ["/showcase/{}", "/showcase/{}/feed.atom", "/showcase/{}/picture.png", "/showcase/{}/poster", "/showcase/{}/poster.pdf",
         "/showcase/{}/help", "/sitemap/{}", "/api/v1/{}", "/api/v1/projects/{}", "/sign-in/{}", "/confirm/{}", "/password/reset/{}", "/invitations/{}", "/language/{}",
         "/projects/{}", "/projects/1/answers/{}", "/projects/1/submissions/{}", "/organiser/seasons/{}",
         "/organiser/seasons/1/{}/sections/new", "/static/{}", "/{}"]  # fmt: skip
_FILTERS = "?q={0}&stage={0}&season={0}&cluster={0}&municipality={0}&competency={0}&kind={0}&help={0}&award={0}&sort={0}&after={0}&lang={0}"
QUERIES = ["/showcase?q={}", f"/showcase{_FILTERS}", f"/showcase/map{_FILTERS}", f"/showcase/feed.atom{_FILTERS}", f"/embed{_FILTERS}",
           f"/api/v1/projects{_FILTERS}&limit={{0}}", f"/api/v1/facets{_FILTERS}", "/sign-in?next={}",
           "/language/en?back={}", "/start?title={}", "/organiser/projects?q={0}&stage={0}&state={0}&season={0}&page={0}",
           "/?{}", "/projects?{}"]  # fmt: skip


@pytest.mark.parametrize("address", [*PATHS, *QUERIES])
async def test_every_address_withstands(scene: Scene, address: str) -> None:
    browser = await signed_in(scene.cast.organiser)
    for text in NASTY:
        part = quote(text[:600].encode("utf-8", "surrogatepass"), safe="")
        answer = await browser.http.get(address.format(part), follow_redirects=True)
        assert answer.status_code < 500, (address, text[:40])
        assert not read(answer.text).running, (address, text[:40])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"%FF%FE=%ED%A0%80&&&=;%"),
        ("application/json", b'{"title": '),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"title\"; filename=\"../x.svg\"\r\n\r\n<svg/>\r\n--x--"),
        ("text/plain; charset=utf-99", b"title=1"),
        ("", b"\x00" * 1000),
        ("application/x-www-form-urlencoded", b"a=1&" * 20_000),
        ("application/x-www-form-urlencoded", b"title=" + b"a" * 12_000_000),
    ],
    ids=["bytes", "json", "no-boundary", "a-file", "charset", "nothing", "many-fields", "huge"],
)  # fmt: skip
async def test_bodies_that_are_no_form(scene: Scene, kind: str, body: bytes) -> None:
    browser = await signed_in(scene.cast.captain)
    for path in ("/projects/new", "/preview", f"/projects/{scene.cast.project.id}/answers/problem"):
        answer = await browser.http.post(path, content=body, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500, (path, answer.status_code)


def samples() -> list[str]:
    texts: list[str] = []
    for path in sorted((SHARED / "bad_input").glob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            row = json.loads(line or "{}")
            texts += [v for k, v in row.items() if isinstance(v, str) and k in {"text", "payload", "name", "url"}]
    return texts


@needs_samples
async def test_every_string_on_record_can_be_an_answer(scene: Scene) -> None:
    """Stored, read back as it was typed, shown without anything that runs: fifty on each page."""
    texts = samples()
    assert len(texts) > 3000
    browser = await signed_in(scene.cast.captain)
    keys = ("problem", "audience", "solution", "alternatives", "motivation", "relevance")
    for n in range(0, len(texts), len(keys)):
        for key, text in zip(keys, texts[n:], strict=False):
            known = await answer_of(scene.cast.project.id, key)
            typed = clean(text)[:480]
            saved = await save_answer(
                scene.cast.project, key, typed, version=known.version if known else 0, by=scene.cast.captain
            )
            assert saved.text == typed
        if n % (10 * len(keys)) == 0:
            page = await browser.open(f"/projects/{scene.cast.project.id}")
            assert not read(page.text).running, texts[n : n + len(keys)]
            assert (
                dict(browser.form(f"/projects/{scene.cast.project.id}/answers/problem"))["text"]
                == clean(texts[n])[:480]
            )


@needs_samples
async def test_every_string_on_record_can_be_searched_for(scene: Scene) -> None:
    browser = Browser()
    for text in samples():
        answer = await browser.http.get("/showcase?q=" + quote(text[:1000].encode("utf-8", "surrogatepass"), safe=""))
        assert answer.status_code == 200, text
        assert not read(answer.text).running, text


@needs_samples
@pytest.mark.parametrize(
    "address", ["/showcase" + _FILTERS, "/api/v1/projects" + _FILTERS, "/showcase/{0}", "/showcase/{0}/feed.atom"]
)
async def test_every_string_on_record_can_be_asked_for(
    scene: Scene, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incubator.http.rate_limit.Pace._wait", lambda *_asked: 0.0)  # thousands, from one address
    browser = Browser()
    for text in samples():
        part = quote(text[:300].encode("utf-8", "surrogatepass"), safe="")
        answer = await browser.http.get(address.format(part))
        assert answer.status_code in {200, 400, 404}, text
        assert not read(answer.text).running, text


async def test_addresses_that_one_engine_alone_would_refuse(database: Any) -> None:
    for path in (
        "/showcase/{}",
        "/showcase/{}/picture.png",
        "/api/v1/projects/{}",
        "/showcase?q={}&cluster={}&after={}",
    ):
        for text in ("%00", "a%00b", "%FF", "%ED%A0%80", "%E2%80%AE", "1e9", "9" * 40):
            assert (await Browser().open(path.replace("{}", text))).status_code in {200, 400, 404}
