"""The catalogue: filters and words, paging, and only published projects."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.clock import now
from incubator.db import counting
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.projects import import_rows
from incubator.projects.tables import Project
from incubator.publication.facets import FACETS
from incubator.publication.tables import Publication
from incubator.showcase import graduation_order
from incubator.showcase.catalogue import PER_PAGE, find
from incubator.showcase.filter_options import Choice, Option, as_checkboxes
from incubator.showcase.filters import Wish
from tests.browser import Browser
from tests.interchange.files import Bar, json_lines

TOLD = [
    {"id": "hive", "title": "Тихий улей", "pitch": "Датчик слушает пчёл", "cluster": "agro", "municipality": "Лужский район"},
    {"id": "ice", "title": "Тёплая плитка", "pitch": "У двери школы нет льда", "cluster": "energy", "municipality": "Тосненский район"},
    {"id": "trough", "title": "Умная кормушка", "pitch": "Телята пьют вовремя", "cluster": "agro", "municipality": "Тосненский район"},
]  # fmt: skip


async def show(
    tmp_path: Path, rows: list[dict[str, str]], *, season: str = "2024", stage: str = "idea", publish: bool = True,
    state: str = "draft",
) -> None:  # fmt: skip
    path = json_lines(tmp_path / f"{season}-{stage}.jsonl", rows)
    wish = ProjectImport({}, "id", season, stage, publish=publish, source=path.stem, state=state)
    report = await import_rows(path, wish, dry_run=False, batch=50, progress=Bar())
    assert report.problems == []


@pytest.fixture
async def told(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, TOLD)
    await show(
        tmp_path, [{"id": "later", "title": "Речной дозор", "pitch": "Пчёл нет"}], season="2025", stage="plan",
        state="graduated",
    )  # fmt: skip
    await show(
        tmp_path, [{"id": "secret", "title": "Ещё не показан", "pitch": "Пчёлы"}], stage="project", publish=False
    )


async def titles(address: str) -> list[str]:
    browser = Browser()
    response = await browser.open(address)
    assert response.status_code == 200
    return on_page(browser)


def on_page(browser: Browser) -> list[str]:
    """Return the titles of the cards, without highlighting."""
    found = re.findall(r'<h3><a href="/showcase/[^"]+">(.+?)</a></h3>', browser.text)
    return [re.sub(r"</?mark>", "", title) for title in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("stage=idea", ["Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("stage=plan", []),  # it has graduated
        ("stage=graduated", ["Речной дозор"]),
        ("season=2025", ["Речной дозор"]),
        ("cluster=agro", ["Умная кормушка", "Тихий улей"]),
        ("cluster=agro&municipality=tosno", ["Умная кормушка"]),
        ("q=пчела", ["Речной дозор", "Тихий улей"]),
        ("q=ПЧЁЛАМИ+датчики", ["Тихий улей"]),
        ("q=теплые+плитки", ["Тёплая плитка"]),
        ("q=Лужский", ["Тихий улей"]),
        ("q=%25", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("q=трактор", []),
        ("stage=nonsense&after=-3&cluster=", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
    ],
)
async def test_what_is_found(told: None, query: str, expected: list[str]) -> None:
    assert await titles(f"/showcase?{query}") == expected


async def test_nothing_found_says_what_to_do(told: None) -> None:
    browser = Browser()
    await browser.open("/showcase?q=трактор&cluster=agro")
    main = browser.text.split("<main")[1].split("</main>")[0]
    assert "Ничего не нашлось" in main
    assert re.search(r'<a [^>]*href="/showcase">Показать все проекты', main)
    await browser.open("/showcase?cluster=agro")
    assert "Ничего не нашлось" not in browser.text


async def test_what_is_not_published_is_nowhere(told: None) -> None:
    secret = await Project.objects().get(Project.title == "Ещё не показан")
    assert secret
    browser = Browser()
    for address in ("/", "/showcase", "/showcase?q=показан", "/showcase?stage=project"):
        await browser.open(address)
        assert "Ещё не показан" not in browser.text
    assert (await browser.open(f"/showcase/{secret.slug}")).status_code == 404


async def test_pages_show_each_project_once_while_others_come_and_go(database: Any, tmp_path: Path) -> None:
    number = PER_PAGE * 2 + 3
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}"} for n in range(number)])
    browser, seen, address = Browser(), [], "/showcase"
    for size in (PER_PAGE, PER_PAGE, 3):
        await browser.open(address)
        seen.append(on_page(browser))
        assert len(seen[-1]) == size
        await show(tmp_path, [{"id": f"new{size}{len(seen)}", "title": "Новый"}], season=f"2{len(seen)}00")
        following = re.search(r'rel="next"\s+href="([^"]+)"', browser.text)
        address = following[1] if following else ""
    assert address == ""
    assert [title for page in seen for title in page] == [f"Проект {n}" for n in reversed(range(number))]


async def test_every_page_is_a_link_away(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}"} for n in range(PER_PAGE * 3 + 1)])
    browser = Browser()

    def link(label: str) -> str:
        found = re.search(rf'href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?\s*{label}', browser.text, re.S)
        return found[1] if found else ""

    await browser.open("/showcase")
    assert "1–24 из 73" in browser.text
    assert not link("Назад")
    await browser.open(link("В конец"))
    assert "73–73 из 73" in browser.text
    assert await titles(browser.page.url.raw_path.decode()) == ["Проект 0"]
    for expected in ("49–72", "25–48", "1–24"):
        await browser.open(link("Назад"))
        assert expected in browser.text
    assert browser.page.url.raw_path == b"/showcase"


async def test_just_graduated_comes_first(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, [{"id": str(n), "title": f"Выпуск {n}"} for n in range(PER_PAGE + 5)], stage="plan", state="graduated")  # fmt: skip
    await show(tmp_path, TOLD)
    rows = (
        await Publication.select(Publication.id).where(Publication.graduated_at.is_not_null()).order_by(Publication.id)
    )
    for n, row in enumerate(rows):  # the later published, the earlier graduated
        await Publication.update({Publication.graduated_at: now() - timedelta(days=n)}).where(
            Publication.id == row["id"]
        )
    first = await titles("/showcase?sort=graduated")
    assert first == [f"Выпуск {n}" for n in range(PER_PAGE)]
    browser = Browser()
    await browser.open("/showcase?sort=graduated")
    following = re.search(r'rel="next"\s+href="([^"]+)"', browser.text)
    assert following
    await browser.open(following[1])
    assert await titles(following[1]) == [f"Выпуск {n}" for n in range(PER_PAGE, PER_PAGE + 5)]
    back = re.search(r'rel="prev"\s+href="([^"]+)"', browser.text)
    assert back
    assert await titles(back[1]) == first


async def test_graduates_are_found_in_steps(database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a filter that few of them pass, a page is filled from far apart."""
    monkeypatch.setattr(graduation_order, "_FEW", 6)
    monkeypatch.setattr(graduation_order, "_AT_FIRST", 3)
    agro = [{"id": f"a{n}", "title": f"Поле {n}", "cluster": "agro"} for n in range(8)]
    rest = [{"id": f"b{n}", "title": f"Завод {n}", "cluster": "energy"} for n in range(20)]
    await show(tmp_path, [*rest[:9], *agro[:4], *rest[9:], *agro[4:]], stage="plan", state="graduated")
    ordered = await Publication.select(Publication.title).order_by(
        Publication.graduated_at, Publication.place, ascending=False
    )
    met: list[str] = []
    after = None
    while not met or after:
        found = await find(Wish(chosen={"cluster": ("agro",)}, sort="graduated", after=after), size=2)
        met += [row["title"] for row in found.rows]
        after = found.page.next
    assert met == [row["title"] for row in ordered if row["title"].startswith("Поле")]


def option(name: str, value: str, title: str, number: int, *, is_chosen: bool = False) -> str:
    """Return a value of a filter as the page has it, between its blanks."""
    return (
        f'<input type="checkbox" name="{name}" value="{value}"{" checked" if is_chosen else ""}><span>{title}</span>'
        f'<span class="chip-count">{number}</span>'
    )


def removals(browser: Browser) -> list[str]:
    """Return where the chips of the chosen values lead."""
    chips = re.findall(r'<li>\s*<a class="chip is-on" id="[^"]+" href="([^"]+)"', browser.text)
    return [unquote(url) for url in chips]


async def test_numbers_say_what_a_filter_would_leave(told: None) -> None:
    browser = Browser()
    await browser.open("/showcase?cluster=agro")
    page = re.sub(r"\s*([<>])\s*", r"\1", browser.text)
    assert option("cluster", "agro", "Агропромышленный", 2, is_chosen=True) in page
    assert option("cluster", "energy", "Энергетика", 1) in page  # its own filter is ignored
    assert option("municipality", "tosno", "Тосненский район", 1) in page
    assert '>Идея<span class="chip-count">2</span>' in page
    assert "Выборгский район" not in page
    await browser.open("/showcase?cluster=agro&municipality=tosno&q=кормушка")
    assert removals(browser) == [
        "/showcase?cluster=agro&municipality=tosno", "/showcase?municipality=tosno&q=кормушка",
        "/showcase?cluster=agro&q=кормушка",
    ]  # fmt: skip


async def test_the_number_of_queries_does_not_grow(database: Any, tmp_path: Path) -> None:
    async def queries(address: str) -> int:
        with counting() as seen:
            await Browser().open(address)
        return len(seen)

    await show(tmp_path, TOLD[:1])
    few = [await queries(address) for address in ("/", "/showcase", "/showcase?q=улей&cluster=agro")]
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}", "cluster": "agro"} for n in range(30)], stage="plan")
    assert [await queries(a) for a in ("/", "/showcase", "/showcase?q=улей&cluster=agro")] == few
    project = await Project.objects().get(Project.title == "Тихий улей")
    assert project
    assert await queries(f"/showcase/{project.slug}") <= 16


def test_a_filter_keeps_the_others_and_begins_at_page_one() -> None:
    wish = Wish.of([("q", "hive"), ("cluster", "agro"), ("after", "1.300")])
    assert wish.url(stage="idea") == "/showcase?cluster=agro&q=hive&stage=idea"
    assert wish.url(after="0.7") == "/showcase?after=0.7&cluster=agro&q=hive"
    assert wish.url(q="", cluster="") == "/showcase"


def test_options_are_escaped() -> None:
    said = as_checkboxes(Choice("kind", "", [Option('"a', "<Поля> & «сады»", 1234), Option("b", "Лес", 0)], ("b",)))
    assert re.findall(r'value="(.*?)"( checked)?> <span>(.*?)</span> <span class="chip-count">(.*?)</span>', said) == [
        ("&#34;a", "", "&lt;Поля&gt; &amp; «сады»", "1\N{NO-BREAK SPACE}234"), ("b", " checked", "Лес", "0"),
    ]  # fmt: skip


async def test_an_address_names_only_what_is_set(database: Any) -> None:
    browser = Browser()
    await browser.open("/showcase?q=&cluster=agro&municipality=&sort=&lang=en")
    assert str(browser.page.url).endswith("/showcase?cluster=agro&lang=en")
    await browser.open("/showcase?q=&sort=")
    assert str(browser.page.url).endswith("/showcase")
    assert browser.page.status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cluster=agro&cluster=energy", ["Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("cluster=agro&cluster=nonsense", ["Умная кормушка", "Тихий улей"]),
        ("cluster=agro&cluster=energy&municipality=tosno", ["Умная кормушка", "Тёплая плитка"]),
        ("cluster=agro&municipality=tosno&municipality=luga", ["Умная кормушка", "Тихий улей"]),
        ("stage=idea&stage=graduated&season=2024&season=2025", ["Речной дозор", "Умная кормушка", "Тёплая плитка", "Тихий улей"]),
        ("cluster=energy&cluster=agro&q=пчела", ["Тихий улей"]),
        ("sort=graduated&stage=idea&stage=graduated", ["Речной дозор"]),
    ],
)  # fmt: skip
async def test_one_value_of_a_filter_is_enough(told: None, query: str, expected: list[str]) -> None:
    assert await titles(f"/showcase?{query}") == expected
    met = await titles_of_api(f"/api/v1/projects?{query}")
    assert met == expected
    if "sort" not in query:
        feed = (await Browser().open(f"/showcase/feed.atom?{query}")).text
        assert re.findall(r"<entry>.*?<title>(.*?)</title>", feed, re.S) == expected
        assert await titles(f"/embed?{query}") == expected[:3]


async def titles_of_api(address: str) -> list[str]:
    return [item["title"] for item in (await Browser().open(address)).json()["items"]]


async def test_each_chosen_value_is_removed_alone(told: None) -> None:
    browser = Browser()
    await browser.open("/showcase?cluster=energy&cluster=agro&municipality=tosno&stage=idea")
    page = re.sub(r"\s*([<>])\s*", r"\1", browser.text)
    assert option("cluster", "agro", "Агропромышленный", 1, is_chosen=True) in page
    assert option("cluster", "energy", "Энергетика", 1, is_chosen=True) in page
    assert option("municipality", "luga", "Лужский район", 1) in page
    assert removals(browser) == [
        "/showcase?cluster=energy&municipality=tosno&stage=idea",
        "/showcase?cluster=agro&municipality=tosno&stage=idea",
        "/showcase?cluster=agro&cluster=energy&stage=idea",
    ]
    stages = dict(re.findall(r'id="stage-(\w+)"\s+href="([^"]+)"', browser.text))
    assert stages["idea"].endswith("municipality=tosno")
    assert stages["all"] == stages["idea"]
    assert stages["graduated"].endswith("stage=graduated&stage=idea")


async def test_pages_with_several_values_show_each_project_once(database: Any, tmp_path: Path) -> None:
    kinds = ("agro", "energy", "forest")
    await show(tmp_path, [{"id": str(n), "title": f"Проект {n}", "cluster": kinds[n % 3]} for n in range(PER_PAGE * 2)])
    address, seen = "/showcase?cluster=agro&cluster=energy", []
    while address:
        browser = Browser()
        await browser.open(address)
        seen += on_page(browser)
        following = re.search(r'rel="next"\s+href="([^"]+)"', browser.text)
        address = following[1] if following else ""
    assert seen == [f"Проект {n}" for n in reversed(range(PER_PAGE * 2)) if n % 3 != 2]


@pytest.mark.parametrize("path", ["/showcase", "/showcase/map", "/showcase/feed.atom", "/embed"])
async def test_each_search_has_one_address(database: Any, path: str) -> None:
    said = "lang=en&cluster=energy&q=%D1%83%D0%BB%D0%B5%D0%B9+&utm_source=x&cluster=agro&cluster=&cluster=energy&stage=none"
    wanted = f"{path}?cluster=agro&cluster=energy&lang=en&q=%D1%83%D0%BB%D0%B5%D0%B9"
    answer = await Browser().http.get(f"{path}?{said}")
    assert (answer.status_code, answer.headers["location"]) == (301, wanted)
    for spelling in (wanted, wanted.lower(), wanted.replace("%D1%83", "у")):
        answer = await Browser().http.get(spelling, follow_redirects=True)
        assert (answer.status_code, len(answer.history)) == (200, 0), spelling


@given(st.lists(st.tuples(st.sampled_from(["q", "sort", "after", *FACETS]), st.text(max_size=300)), max_size=12))
def test_the_address_of_a_search_is_that_of_its_own_address(query: list[tuple[str, str]]) -> None:
    wish = Wish.of(query)
    asked = wish.query(after=wish.after or "")
    assert Wish.of(parse_qsl(asked)) == wish
    assert parse_qsl(asked) == sorted(set(parse_qsl(asked)))


async def test_search_engines_are_shown_one_value_and_not_every_combination(told: None) -> None:
    for query, canonical in (
        ("cluster=agro", "?cluster=agro"), ("cluster=agro&cluster=energy", ""), ("cluster=agro&stage=idea", ""), ("q=улей", ""),
    ):  # fmt: skip
        page = (await Browser().open(f"/showcase?{query}")).text
        assert re.findall(r'rel="canonical" href="[^"]*?/showcase([^"]*)"', page) == [canonical]
