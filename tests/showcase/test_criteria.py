"""The public page of criteria: what each stage of the open season is judged by, as it stands now."""

import html
import re
from datetime import timedelta

from incubator.core.clock import today
from incubator.db import writing
from incubator.programme.tables import Criterion, Season
from tests.browser import Browser
from tests.cast import Cast
from tests.http.test_page_cache import revision


def _found(text: str, pattern: str) -> list[str]:
    return [html.unescape(each).strip() for each in re.findall(pattern, text, re.DOTALL)]


LEVELS, TITLES, STAGES = (
    r"<dd>(.*?)</dd>",
    r'<h3 class="rubric-title">\s*<span>(.*?)</span>',
    r'<section[^>]* id="(\w+)"',
)


async def test_all_stages_with_every_level_in_both_languages(cast: Cast) -> None:
    rows = await Criterion.objects().where((Criterion.season == cast.season.id) & Criterion.is_current.eq(True))
    assert {row.stage for row in rows} == {"idea", "project", "plan"}
    page = await Browser().open("/criteria")
    levels = _found(page.text, LEVELS)
    assert len(levels) == sum(row.highest - row.lowest + 1 for row in rows)
    assert not {"", "–"} & {*levels}
    assert {row.title_ru for row in rows} <= {*_found(page.text, TITLES)}
    english = await Browser(language="en-GB").open("/criteria")
    assert {row.title_en for row in rows} <= {*_found(english.text, TITLES)}


async def test_only_what_stands_now_and_only_of_the_open_season(cast: Cast) -> None:
    async with writing():
        await Criterion.update({Criterion.is_current: False}).where(Criterion.stage == "plan")
    assert _found((await Browser().open("/criteria")).text, STAGES) == ["idea", "project"]
    async with writing():
        await Season.update({Season.closes_on: today() - timedelta(days=1)}).where(Season.id == cast.season.id)
    closed = await Browser().open("/criteria")
    assert _found(closed.text, STAGES) == []
    assert "Сейчас сезон не идёт" in closed.text


async def test_a_new_wording_is_seen_and_a_use_costs_no_cached_page(cast: Cast) -> None:
    before = await revision()
    async with writing():
        await Criterion.update({Criterion.is_in_use: True}).where(Criterion.stage == "idea")
    assert await revision() == before
    async with writing():
        await Criterion.update({Criterion.title_ru: "Польза"}).where(Criterion.stage == "idea")
    assert await revision() > before


async def test_visitors_find_it(cast: Cast) -> None:
    landing = await Browser().open("/")
    main, _end, footer = landing.text.partition("</main>")
    assert 'href="/criteria"' in main
    assert 'href="/criteria"' in footer
    assert "/criteria</loc>" in (await Browser().http.get("/sitemap/0.xml")).text
