"""The API keeps the promises of its schema and reveals only public data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from incubator.core import limits
from incubator.http.rate_limit import RateLimit
from incubator.projects.consents import give_consent
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.withdrawals import withdraw_consent
from tests.browser import Browser
from tests.cast import Cast, fresh_project, make_cast, submitted
from tests.chromium import serving
from tests.engines import address_of
from tests.scale import scaled
from tests.showcase.test_catalogue import TOLD, show


async def get(path: str, **headers: str) -> Any:
    return await Browser().open(path, **headers)


async def test_the_catalogue_page_by_page(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, [*TOLD, *({"id": str(n), "title": f"Проект {n}"} for n in range(7))])
    first = (await get("/api/v1/projects?limit=4")).json()
    assert first["total"] == 10
    assert first["previous"] is None
    seen, following, before = [], first["next"], None
    seen += [item["title"] for item in first["items"]]
    while following:
        page = (await get(following)).json()
        seen += [item["title"] for item in page["items"]]
        before, following = page["previous"], page["next"]
    assert len(seen) == len(set(seen)) == 10
    assert before
    assert [i["title"] for i in (await get(before)).json()["items"]] == seen[4:8]
    found = (await get("/api/v1/projects?q=улей&cluster=agro")).json()
    assert [i["slug"] for i in found["items"]] == ["tikhiy-uley"]
    assert found["items"][0]["cluster"] == {
        "key": "agro", "title_ru": "Агропромышленный", "title_en": found["items"][0]["cluster"]["title_en"],
    }  # fmt: skip
    counts = (await get("/api/v1/facets?cluster=agro")).json()
    assert counts["total"] == 2
    assert counts["facets"]["municipality"] == {"luga": 1, "tosno": 1}
    assert counts["facets"]["cluster"] == {"agro": 2, "energy": 1}
    both = (await get("/api/v1/facets?cluster=energy&cluster=agro&municipality=tosno")).json()
    assert both["total"] == 2
    assert both["facets"]["cluster"] == {"agro": 1, "energy": 1}
    assert both["facets"]["municipality"] == {"luga": 1, "tosno": 2}


async def test_pages_keep_every_value(database: Any, tmp_path: Path) -> None:
    await show(tmp_path, TOLD)
    first = (await get("/api/v1/projects?stage=idea&cluster=energy&stage=plan&cluster=agro&limit=2")).json()
    assert first["total"] == 3
    assert first["next"].partition("?")[2].endswith("&cluster=agro&cluster=energy&stage=idea&stage=plan&limit=2")
    second = (await get(first["next"])).json()
    assert [item["title"] for item in (*first["items"], *second["items"])] == [row["title"] for row in reversed(TOLD)]


async def test_one_project_as_consents_allow(cast: Cast) -> None:
    await submitted(cast)
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    path = f"/api/v1/projects/{cast.project.slug}"
    assert (await get(path)).status_code == 404
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    project = await fresh_project(cast.project)
    response = await get(path)
    said = response.json()
    assert [m["name"] for m in said["team"]] == ["Мария Кузнецова"]
    assert [v["number"] for v in said["versions"]] == [1]
    assert said["versions"][0]["sections"][0]["text"]
    for word in ("@example.org", "Иван", "Соколов", "Ольга", "Орлова"):
        assert word not in response.text
    await withdraw_consent(project, cast.captain, "participation", by=cast.teacher)
    assert [m["name"] for m in (await get(path)).json()["team"]] == []
    await unpublish(project, by=cast.captain)
    assert (await get(path)).status_code == 404
    assert (await get("/api/v1/projects")).json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "wrong"),
    [("stage=x", "stage"), ("limit=0", "limit"), ("limit=x", "limit"), ("sort=best", "sort"), ("after=1", "after"),
     ("help=maybe", "help"), ("q=" + "а" * 201, "q"), ("stage=idea&stage=x", "stage"), ("cluster=a&cluster=" + "b" * 81, "cluster"),
     ("&".join(f"award={n}" for n in range(limits.FILTER_VALUES + 1)), "award")],
)  # fmt: skip
async def test_what_is_wrong_is_named(database: Any, query: str, wrong: str) -> None:
    response = await get(f"/api/v1/projects?{query}")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["problems"] == [wrong]


async def test_anybody_may_read_it_from_anywhere(database: Any) -> None:
    for path, status in (("/api/v1/projects", 200), ("/api/v1/projects/none", 404), ("/api/v1/none", 404)):
        response = await get(path, origin="https://school.example")
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in response.headers
        assert "json" in response.headers["content-type"]
        assert "ETag" in response.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in (await get("/")).headers
    asked = await Browser().http.request("OPTIONS", "/api/v1/projects", headers={"origin": "https://school.example"})
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "If-None-Match")


async def test_the_documentation_lists_every_call_and_parameter(database: Any) -> None:
    schema = (await get("/api/v1/openapi.json")).json()
    page = (await get("/api")).text
    assert set(schema["paths"]) == {"/api/v1/projects", "/api/v1/projects/{slug}", "/api/v1/facets"}
    for path, calls in schema["paths"].items():
        assert f"<code>GET {path}</code>" in page
        for parameter in calls["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page


async def test_who_hurries_waits() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(client: str, path: str = "/api/v1/projects") -> tuple[int, dict[bytes, bytes]]:
        said: list[Any] = []

        async def keep(message: Any) -> None:
            said.append(message)

        await limited({"type": "http", "path": path, "client": (client, 1)}, None, keep)
        return said[0]["status"], dict(said[0]["headers"])

    limited = RateLimit(app, "/api/v1", rate=0.001, burst=3)
    assert [(await ask("a"))[0] for _time in range(5)] == [200, 200, 200, 429, 429]
    assert int((await ask("a"))[1][b"retry-after"]) > 100
    assert (await ask("b"))[0] == 200
    assert (await ask("a", "/showcase"))[0] == 200
    household = [f"2001:db8:1:2::{n}" for n in range(1, 6)]
    assert [(await ask(address))[0] for address in household] == [200, 200, 200, 429, 429]
    assert (await ask("2001:db8:1:3::1"))[0] == 200


@pytest.fixture(scope="module")
def api_schema(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Provide the schema of a running server with projects of every kind."""
    import asyncio

    from tests import engines

    folder = tmp_path_factory.mktemp("api")

    async def fill() -> str:
        async with engines.sqlite_copy(sqlite_template, folder) as engine:
            cast = await make_cast()
            await submitted(cast)
            await ask_publication(cast.project, by=cast.captain)
            await publish(cast.project, by=cast.organiser)
            await show(folder, [*TOLD, *({"id": str(n), "title": f"Проект {n}"} for n in range(30))])
            return address_of(engine)

    with asyncio.Runner() as runner:
        address = runner.run(fill())
    with serving(address, folder) as base:
        yield schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_schemathesis_finds_nothing(api_schema: Any, mode: GenerationMode) -> None:
    """Requests that the schema allows are answered as it says; forbidden ones are refused with a problem."""
    tried, examples = 0, scaled(200)

    def check(case: Any) -> None:
        nonlocal tried
        tried += 1
        case.call_and_validate()

    for operation in api_schema.get_all_operations():
        cases = operation.ok().as_strategy(generation_mode=mode)
        settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(
            given(case=cases)(check)
        )()
    assert tried >= examples
