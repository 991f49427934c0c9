"""A session or a place in the team that ends while a body is on its way: nothing of it is stored."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from incubator.attachments.tables import Attachment
from incubator.people import still_signed_in
from incubator.people.sessions import end_sessions_of
from incubator.projects.answers import answer_of
from incubator.publication.withdrawals import remove_member
from tests.attachments.uploads import KEY, photo
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project

SCRIPT = {"accept": "application/json", "x-requested-with": "fetch"}


async def sign_out_everywhere(cast: Cast) -> None:
    await end_sessions_of(cast.teammate)


async def remove_from_the_team(cast: Cast) -> None:
    await remove_member(await fresh_project(cast.project), cast.teammate.id, by=cast.captain)


async def nothing(cast: Cast) -> None:
    pass


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["a form", "a script"])
@pytest.mark.parametrize(
    ("ends", "status", "said"),
    [
        (sign_out_everywhere, 401, "Войдите и выберите их ещё раз"),
        (remove_from_the_team, 404, "Такой страницы нет"),
        (nothing, 201, ""),
    ],
)
async def test_an_upload_on_its_way_is_not_stored_after_the_end(
    cast: Cast, headers: dict[str, str], ends: Callable[[Cast], Awaitable[None]], status: int, said: str
) -> None:
    browser = await signed_in(cast.teammate)
    answer = await slowly(browser, f"/projects/{cast.project.id}/files/new/{KEY}", headers, lambda: ends(cast))
    assert await Attachment.count() == (1 if ends is nothing else 0)
    if headers:
        assert answer.status_code == status
    elif answer.is_redirect:
        answer = await browser.open(answer.headers["location"])
    assert said in answer.text


async def slowly(
    browser: Browser, address: str, headers: dict[str, str], meanwhile: Callable[[], Awaitable[None]]
) -> httpx.Response:
    """Send a picture in parts; ``meanwhile`` happens after the first."""
    await browser.open(address)
    request = httpx.Request("POST", "http://testserver" + address, data={"csrf": browser.csrf()}, files={"files": photo()})  # fmt: skip
    whole = request.read()

    async def parts() -> AsyncIterator[bytes]:
        yield whole[:1000]
        await meanwhile()
        yield whole[1000:]

    kind = {"content-type": request.headers["content-type"], "sec-fetch-site": "same-origin"}
    return await browser.http.post(address, content=parts(), headers={**kind, **headers})


@pytest.mark.parametrize(("at_once", "status"), [(timedelta(0), 401), (timedelta(hours=1), 201)])
async def test_a_form_that_takes_its_time_is_not_saved_after_the_end(
    cast: Cast, at_once: timedelta, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(still_signed_in, "AT_ONCE", at_once)
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}")
    action = f"/projects/{cast.project.id}/answers/problem"
    fields = httpx.QueryParams([("csrf", browser.csrf()), ("text", "Поздно"), ("version", "0")]).__str__().encode()

    async def parts() -> AsyncIterator[bytes]:
        yield fields[:20]
        await end_sessions_of(cast.captain)
        yield fields[20:]

    kind = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    answer = await browser.http.post(action, content=parts(), headers={**kind, **SCRIPT})
    assert answer.status_code == status
    assert (await answer_of(cast.project.id, "problem") is None) is (status == 401)
