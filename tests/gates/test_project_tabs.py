"""The pages of a project lead to each other, and say which one this is."""

import re

import pytest

from incubator.people.tables import Person
from tests.browser import signed_in
from tests.cast import Cast

PAGES = ["", "/details", "/team", "/showcase", "/news", "/talk", "/history"]


@pytest.mark.parametrize("who", ["captain", "organiser"])
async def test_every_page_leads_to_the_others(cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    here = f"/projects/{cast.project.id}"
    pages = [*PAGES, "/office"] if who == "organiser" else PAGES
    browser = await signed_in(person)
    for name in pages:
        page = await browser.open(here + name)
        (tabs,) = re.findall(r'<nav class="subnav" aria-label="Проект">(.*?)</nav>', page.text, re.S)
        assert re.findall(r'href="([^"]+)"', tabs) == [here + each for each in pages]
        assert re.findall(r'href="([^"]+)" aria-current="page"', tabs) == [here + name]
        crumbs = re.search(r'<nav class="crumbs".*?</nav>', page.text, re.S)
        assert crumbs
        assert f'"{"/organiser/projects" if who == "organiser" else "/projects"}"' in crumbs[0]
