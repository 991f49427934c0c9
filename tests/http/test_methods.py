"""Methods that an address does not know: 405 with the list of those that it knows (RFC 9110, 15.5.6)."""

import re

import pytest

from incubator.app import framework
from tests.browser import HOST, Browser
from tests.cast import Cast

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
VALUES = {"int": "1", "str": "x", "path": "x"}


def known() -> dict[str, set[str]]:
    """Return the methods of every address, with values for its parameters."""
    found: dict[str, set[str]] = {}
    for route in framework().routes:
        path = re.sub(r"\{\w+:(\w+)\}", lambda match: VALUES[match[1]], route.path)
        methods = {str(getattr(each, "value", each)) for each in getattr(route, "methods", ())}
        found.setdefault(path, set()).update(methods | ({"HEAD"} if "GET" in methods else set()))
    return {path: methods for path, methods in found.items() if methods}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_every_refused_method_names_those_that_are_known(cast: Cast, accept: str) -> None:
    browser = Browser()
    addresses = known()
    assert len(addresses) > 100
    for path, methods in addresses.items():
        for method in sorted(METHODS - methods - {"OPTIONS"}):
            answer = await browser.http.request(method, f"{HOST}{path}", headers={"accept": accept})
            assert answer.status_code == 405, (method, path)
            allowed = {each.strip() for each in answer.headers["allow"].split(",")}
            assert method not in allowed, (method, path)
            assert methods - {"OPTIONS"} <= allowed, (method, path)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_static_files_are_only_read(method: str) -> None:
    from incubator.http.static import files

    answer = await Browser().http.request(method, f"{HOST}{files().url('css/site.css')}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
