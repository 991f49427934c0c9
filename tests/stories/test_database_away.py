"""PostgreSQL goes away and comes back: pages say so, forms keep what was typed, and the site recovers by itself."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from incubator.db.engines import engine_for
from incubator.people.accounts import create_person
from incubator.people.sessions import begin_session
from tests.browser import forms_of
from tests.chromium import server_process
from tests.engines import own_server, started


def session_in(url: str) -> str:
    async def begin() -> str:
        async with started(engine_for(url)):
            person = await create_person("maria@example.org", given_name="Мария", family_name="Иванова", confirmed=True)
            return await begin_session(person, user_agent="")

    with asyncio.Runner() as runner:
        return runner.run(begin())


def form_to(action: str, page: httpx.Response) -> dict[str, str]:
    return next(dict(values) for to, values in forms_of(page.text) if to == action)


def until_it_answers(client: httpx.Client, path: str) -> httpx.Response:
    """Ask again until the answer is 200; every attempt takes a connection's time, and there are at most a thousand."""
    for _attempt in range(1000):
        if (answer := client.get(path)).status_code == 200:
            return answer
    raise AssertionError(answer.text)


def assert_says_so(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "База данных сейчас не отвечает" in answer.text


def test_postgresql_stops_and_starts_again(tmp_path: Path) -> None:
    with own_server() as postgres:
        url = postgres.get_uri()
        secret = session_in(url)
        with (
            server_process(url, tmp_path) as (base, _process),
            _client(base, secret) as maria,
            _client(base) as visitor,
        ):
            form = form_to("/profile", maria.get("/profile"))
            postgres._stop()
            typed = {**form, "given_name": "Марья", "family_name": "Иванова-Разумовская"}
            for answer in (visitor.get("/showcase"), maria.get("/profile"), maria.get("/showcase")):
                assert_says_so(answer)
            answer = maria.post("/profile", data=typed)
            assert_says_so(answer)
            assert "Войти" not in answer.text  # who asks is not known: nothing is claimed
            assert "Войти" in visitor.get("/showcase").text
            again = form_to("/profile", answer)
            assert {name: again[name] for name in typed if name != "csrf"} == {
                name: typed[name] for name in typed if name != "csrf"
            }
            data = maria.post("/profile", data=typed, headers={"accept": "application/json"})
            assert (data.status_code, data.headers["content-type"]) == (503, "application/problem+json")
            assert (visitor.get("/health").status_code, visitor.get("/ready").status_code) == (200, 503)
            postgres.ensure_postgres_running()
            until_it_answers(visitor, "/showcase")
            assert maria.post("/profile", data=again).status_code == 303
            assert "Иванова-Разумовская" in until_it_answers(maria, "/profile").text
        log = (tmp_path / "server.log").read_text("utf-8")
        assert "Traceback" not in log


def test_the_site_starts_before_its_database(tmp_path: Path) -> None:
    with own_server() as postgres:
        postgres._stop()
        with (
            server_process(postgres.get_uri(), tmp_path, ready="/health") as (base, _process),
            _client(base) as visitor,
        ):
            assert_says_so(visitor.get("/showcase"))
            postgres.ensure_postgres_running()
            until_it_answers(visitor, "/showcase")
        assert "Traceback" not in (tmp_path / "server.log").read_text("utf-8")


def _client(base: str, secret: str = "") -> httpx.Client:
    cookies: Any = {"session": secret} if secret else {}
    return httpx.Client(base_url=base, cookies=cookies, headers={"accept-language": "ru"}, timeout=30)
