"""Every form of the site, sent twice: once by an impatient finger, once more after a reload, to one process and to two."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from incubator.app import create_app
from incubator.db.engines import engine_for
from incubator.piccolo_app import APP_CONFIG
from tests import engines
from tests.browser import Browser, shared_app, signed_in
from tests.cast import Cast, in_days
from tests.emptied import Databases
from tests.scale import IS_WHOLE
from tests.test_permissions import FILLED, ROUTES, WHO, set_scene

#: Caches, and what is counted on purpose for each attempt.
_ASIDE = {"form_answer", "rendered_text", "attempt", "public_revision"}

#: New words for the document about photographs.
WORDING = {
    "title_ru": "Фотография",
    "title_en": "Photo",
    "text_ru": "Зачем. Чтобы показать.",
    "text_en": "What for. To show.",
    "reason": "Юрист попросил",
    "based_on": "6",
}

MORE = {
    "email": "new@example.org", "password": "синий чайник поёт", "new_password": "синий чайник поёт",
    "doubt": "Чего-то не хватает", "name": "Галина", "not_yet": "1", "slug": "next", "key": "new",
    "title_ru": "Название", "title_en": "Title", "guidance_ru": "Подсказка", "guidance_en": "Hint", "limit": "500",
    "weight": "10", "opens_on": "2026-01-01", "closes_on": "2027-01-01", "starts_on": "2026-12-01", "ends_on": "2026-12-02",
    "capacity": "3", "season_capacity": "5", "submission": "1", "state": "kept", "conflict_mentor": "9", "conflict_reason": "Родня",
    **{f"{name}_reason": "Так решили вместе с командой" for name in ("offer", "leave", "merge", "delete")},
    "advice": "Совет", "visibility": "open", **{f"anchor_{n}_{where}": "Уровень" for n in range(4) for where in ("ru", "en")},
    **{f"{name}-{stage}": "3" for name in ("reviews_required", "review_days", "review_minutes") for stage in ("idea", "project", "plan")},
}  # fmt: skip
OTHERWISE = {
    "/organiser/organisations/{organisation_id}": {"name": "Школа № 99", "kind": "school", "change": "correction"},
    "/organiser/seasons/{season_id}/taxes": {
        "tax": "usn_income",
        "since": "2026-01-01",
        "percent": "6",
        "source": "НК РФ",
    },
    "/organiser/organisations/{organisation_id}/merge": {"into": "2", "is_sure": "1"},
    "/organiser/organisations/{organisation_id}/names": {"other_name": "Девяносто девятая"},
    "/organiser/people/{person_id}/capacity": {"capacity": "4"},
    "/organiser/mails/{mail}": {
        "version": "0",
        "subject_ru": "Тема",
        "subject_en": "Subject",
        "body_ru": "Слова",
        "body_en": "Words",
    },
    "/profile/mail": dict.fromkeys(
        ("assignments", "reminders", "discussion", "posts", "dates", "team", "comments"), "daily"
    ),
    "/notifications/read": {"through": "999"},
    "/profile/birth-date": {"born_day": "4", "born_month": "5", "born_year": "2009"},
    "/organiser/people": {"role": "mentor", "email": "new@example.org", "organisation": "Школа № 1"},
    "/class/list": {"list": "Новый Иван 1.1.2012"},
    "/class/pupils": {"list": "Новый Иван 1.1.2012", "organisation": "4"},
    "/class/pupils/{pupil_id}": {"family_name": "Ивановский", "given_name": "Пётр", "reason": "Описка"},
    "/class/cards": {"pupil": "10"},
    "/class/team": {"pupil": "10", "project": "1"},
    "/class/removal": {"pupil": "10"},
    "/class/substitutes": {"colleague": "12", "until": "2099-01-01"},
    "/organiser/classes/{teacher_id}/substitutes": {"colleague": "12", "until": f"{in_days(9)}", "reason": "Болеет"},
    "/organiser/organisations/{organisation_id}/coordinators": {"coordinator": "3"},
    "/consents/guardians": {
        "name-2": "Анна Соколова",
        "relation-2": "mother",
        "email-2": "guardian@example.org",
        "locale": "ru",
    },
    "/consents/guardians/choice": {"child": "1-2"},
    "/guardian/{guardian_secret}": {
        "participation": "yes",
        "public_name": "no",
        "photo": "no",
        "name": "Анна Соколова",
        "contact": "дома",
        "is_guardian": "1",
        "text-participation": "4",
        "text-public_name": "5",
        "text-photo": "6",
        "term": str(in_days(300 + 365)),
    },
    "/consents/sheets": {"child": "1-1", "purpose": "participation", "locale": "ru"},
    "/consents/own": {},
    "/consents/slips": {"child": "1-1"},
    "/consents/scans/filing": {"scan": "1"},
    "/consents/scans/{scan_id}/sheet": {"person": "2", "purpose": "public_name"},
    "/organiser/consents/texts/{purpose}/new": WORDING,
    "/organiser/consents/texts/{purpose}/preview": WORDING,
    "/organiser/consents/texts/{purpose}/{text_id}/lawyer": {"lawyer": "Юрист, 1 сентября"},
    "/organiser/consents/operator": {
        "name_ru": "Комитет",
        "address": "Улица",
        "inn": "7707083893",
        "ogrn": "1027700132195",
        "email": "office@example.org",
    },
    "/desk/bids/{project_id}/conflict": {"kind": "other"},
}

FORMS = [path for method, path in ROUTES if method == "POST" and not path.startswith(("/mail/", "/preview"))]
#: PostgreSQL copies a database for each: a third of them on every change.
CASES = [("sqlite", path) for path in FORMS] + [("postgres", path) for path in FORMS[:: 1 if IS_WHOLE else 3]]


def who_sends(path: str) -> str:
    """Return somebody whom this form lets through."""
    letters = ROUTES["POST", path]
    return WHO[letters.index("o")] if "o" in letters else "captain"


async def _counts() -> dict[str, int]:
    tables = [table for table in APP_CONFIG.table_classes if table._meta.tablename not in _ASIDE]
    return {table._meta.tablename: await table.count() for table in tables}


@cache
def _second_app() -> Any:
    return create_app()


class Sender:
    """Sends the same bytes with the same cookies as often as one likes, to either of two processes."""

    def __init__(self, browser: Browser, path: str, values: dict[str, Any]) -> None:
        self._apps = (shared_app(), _second_app())
        cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
        self._headers = {
            "cookie": cookies, "content-type": "application/x-www-form-urlencoded", "referer": "http://testserver/privacy",
        }  # fmt: skip
        self._path = path.format(**values)
        self._body = str(
            httpx.QueryParams({**MORE, **FILLED, **OTHERWISE.get(path, {}), "csrf": browser.csrf()})
        ).encode()

    async def __call__(self, process: int) -> tuple[int, str, list[str], bytes]:
        transport = httpx.ASGITransport(app=self._apps[process])
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            answer = await client.post(self._path, content=self._body, headers=self._headers)
        location = answer.headers.get("location", "")
        return answer.status_code, location, answer.headers.get_list("set-cookie"), answer.content


async def _sender(cast: Cast, path: str, values: dict[str, Any]) -> Sender:
    who = who_sends(path)
    browser = Browser() if who == "visitor" else await signed_in(getattr(cast, who))
    await browser.open("/privacy" if who != "visitor" else "/sign-in")
    return Sender(browser, path, values)


@dataclass(frozen=True)
class Scene:
    """The scene of the permissions, prepared once and copied for each form."""

    cast: Cast
    values: dict[str, Any]
    copy: Callable[[Path], AbstractAsyncContextManager[Any]]


@pytest.fixture(scope="module")
def sqlite_scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("twice")

    async def play() -> tuple[Cast, dict[str, Any]]:
        async with engines.sqlite_copy(sqlite_template, folder):
            return await set_scene()

    with asyncio.Runner() as runner:
        return Scene(*runner.run(play()), lambda there: engines.sqlite_copy(folder / "test.sqlite", there))


@pytest.fixture(scope="module")
def postgres_scene(postgres_server: engines.Server, postgres_template: str) -> Iterator[Scene]:
    server, name = postgres_server, engines.new_name()

    async def play() -> tuple[Cast, dict[str, Any]]:
        await server.run(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
        async with engines.started(engine_for(server.database(name))):
            return await set_scene()

    with asyncio.Runner() as runner:
        played = runner.run(play())
        databases = Databases(server, name)
        yield Scene(*played, lambda _there: databases.one())
        runner.run(databases.close())
        runner.run(server.drop(name))


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    found: Scene = request.getfixturevalue(f"{request.param}_scene")
    return found


@pytest.mark.parametrize(("scene", "path"), CASES, indirect=["scene"])
async def test_a_form_sent_twice_happens_once_and_is_answered_alike(scene: Scene, tmp_path: Path, path: str) -> None:
    async with scene.copy(tmp_path):
        send = await _sender(scene.cast, path, scene.values)
        before = await _counts()
        status, location, _cookies, _page = await send(0)
        after_one = await _counts()
    async with scene.copy(tmp_path):
        send = await _sender(scene.cast, path, scene.values)
        answers = [*await asyncio.gather(send(0), send(1), send(0)), await send(0), await send(1)]
        assert await _counts() == after_one
    assert {(each[0], _stem(each[1])) for each in answers} >= {(status, _stem(location))}
    if before != after_one:  # what changed something is answered alike to the last byte
        assert len({(status, location, tuple(cookies), page) for status, location, cookies, page in answers}) == 1


def _stem(location: str) -> str:
    """Return an address without ids of its own: two runs may count differently."""
    return location.split("?")[0]


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
async def test_many_forms_change_something_here(scene: Scene, tmp_path: Path) -> None:
    """Otherwise the test above would prove little. The rest are refused in this scene, or change no number of rows."""
    changing = 0
    # Those of the second factor change what is proved, and no number of rows.
    forms = [path for path in FORMS if "second-factor" not in path][:: 1 if IS_WHOLE else 4]
    for path in forms:
        async with scene.copy(tmp_path):
            send = await _sender(scene.cast, path, scene.values)
            before = await _counts()
            await send(0)
            changing += await _counts() != before
    assert changing * 3 > len(forms)
