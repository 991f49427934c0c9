"""Every table that a public page reads moves the public revision, so that no page from memory is stale."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from incubator.app import create_app, framework
from incubator.db import counting
from incubator.publication.awards import add_award
from incubator.publication.public_triggers import WATCHED
from incubator.publication.publish import ask_publication, publish
from incubator.showcase.pages import is_public
from tests.browser import Browser
from tests.cast import Cast, submitted


_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.I)
_NAMED = re.compile(r'"?(\w+)"?\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(', re.I)


def tables_in(queries: Iterable[str]) -> set[str]:
    """Tables that the queries read; what a query itself names by WITH is none."""
    return {name for sql in queries for name in set(_READ.findall(sql)) - set(_NAMED.findall(sql))}


async def test_x(cast: Cast) -> None:
    from tests.http.test_page_cache import no_delivery
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    slug=cast.project.slug
    paths=set()
    for route in framework().routes:
        path = "".join(f"/{{{part.name}}}" if hasattr(part, "name") else f"/{part}" for part in getattr(route, "path_components", [])) or "/"
        if "GET" in getattr(route,"methods",()) and is_public(path): paths.add(path)
    print(paths)
    for path in sorted(paths):
        with counting() as q:
            r = await Browser(create_app()).open(path.format(slug=slug,name="0.xml",path="x"))
        print(path, r.status_code, tables_in(q), tables_in(q)-set(WATCHED))
    for path in ("/showcase?q=улей&cluster=agro","/api/v1/projects?q=улей", "/showcase/nowhere"):
        with counting() as q:
            r = await Browser(create_app()).open(path.format(slug=slug,name="0.xml",path="x"))
        print(path, r.status_code, tables_in(q), tables_in(q)-set(WATCHED))
    assert 0
