"""Signing in with an account at another site, against a real provider; what a false one, or a thief, may try."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from incubator import config
from incubator.core.clock import clock_at, now
from incubator.db.engines import AnyEngine
from incubator.history.tables import Event
from incubator.http.form_body import Posted
from incubator.mail.tables import Message
from incubator.people.accounts import change_password, reset_password, sign_up
from incubator.people.address_change import change_address_for
from incubator.people.hashing import hash_password
from incubator.people.oidc import provider as provider_module
from incubator.people.oidc.errors import NotProved
from incubator.people.oidc.tokens import checked_claims, visitor_of
from incubator.people.oidc.visits import LASTS, forget_visits
from incubator.people.tables import Identity, PendingSignIn, Person, Session
from incubator.people.tokens import RESET, issue
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh, make_cast
from tests.factors import give_app
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, Sign, identity_provider, sign

PASSWORD = "три слова подряд"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        running.users = {
            "m-1": {"sub": "m-1", "email": "Captain@Example.org", "email_verified": True},
            "new": {
                "sub": "new", "email": "novice@example.org", "email_verified": True, "given_name": "Нина",
                "family_name": "Новикова",
            },
            "else": {"sub": "else", "email": "captain.at.school@example.org", "email_verified": True},
            "unsure": {"sub": "unsure", "email": "captain@example.org", "email_verified": "true"},
            "nameless": {"sub": "nameless"},
        }  # fmt: skip
        offer(monkeypatch, running.settings())
        monkeypatch.setattr(provider_module, "_known", {})  # a port may have been another provider's before
        yield running


def offer(monkeypatch: pytest.MonkeyPatch, *providers: config.SignInProvider) -> None:
    monkeypatch.setattr(config, "settings", replace(config.settings, sign_in_providers=providers))


async def leave(browser: Browser, action: str = "/sign-in", **typed: str) -> str:
    """Press the provider's button in the page's form; return where it leads."""
    values = [(name, value) for name, value in browser.form(action) if name not in typed]
    button = re.search(r'formaction="(/sign-in/with/school[^"]*)"', browser.page.text)
    assert button
    await browser.post(unescape(button[1]), [*values, *typed.items()])
    return target(browser)


def target(browser: Browser) -> str:
    found = re.search(r'content="0; url=([^"]+)"', browser.page.text)
    assert found, browser.text
    return unescape(found[1])


async def sign_in_there(address: str, user: str) -> str:
    """Choose who one is at the provider; return the way back."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(address, data={"user": user})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def come(user: str, browser: Browser | None = None, start: str = "/sign-in") -> Browser:
    browser = browser or Browser()
    await browser.open(start)
    await browser.open(await sign_in_there(await leave(browser), user))
    return browser


async def who_is(browser: Browser) -> str:
    """Return the address of the account that is signed in; empty: nobody."""
    page = await Browser.open(browser, "/profile")
    found = re.search(r'id="address">.*?clip">([^<]+)<', page.text, re.S)
    return found[1] if found else ""


async def subjects(person: Person) -> list[str]:
    return [row["subject"] for row in await Message.select(Message.subject).where(Message.to == person.email)]


async def test_without_settings_nothing_is_offered(cast: Cast) -> None:
    browser = Browser()
    for page in ("/sign-in", "/start"):
        assert "/sign-in/with/" not in (await browser.open(page)).text
    await browser.open("/sign-in")
    assert (await browser.post("/sign-in/with/school", browser.form("/sign-in"))).status_code == 404
    assert (await browser.open("/sign-in/with/school/return?code=1&state=2")).status_code == 404


async def test_several_are_offered_by_their_names_in_both_languages(
    cast: Cast, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(
        monkeypatch,
        provider.settings(),
        replace(provider.settings("vk"), name_ru="ВК", name_en="VK", issuer="http://localhost:1"),
    )
    for page in ("/sign-in", "/start"):
        for name in ("Школа", "ВК"):
            assert f"Войти через «{name}»" in await russian(page)
        english = Browser(language="en")
        await english.open(page)
        assert "School" in english.text
        assert "Школа" not in english.text


async def russian(page: str) -> str:
    browser = Browser()
    await browser.open(page)
    return browser.text


async def test_a_confirmed_address_on_both_sides_signs_in_and_is_linked_once(
    cast: Cast, provider: IdentityProvider
) -> None:
    browser = await come("m-1")
    assert await who_is(browser) == "captain@example.org"
    assert "Вход через другие сайты" in browser.text
    assert await subjects(cast.captain) == ["Привязан вход через «Школа»"]
    provider.users["m-1"] = {"sub": "m-1", "email": "other@example.org", "email_verified": False}
    assert await who_is(await come("m-1")) == "captain@example.org"  # found by subject, whatever its address is now
    assert await Identity.count() == 1
    assert len(await subjects(cast.captain)) == 1
    assert await Event.count().where(Event.happened == "identity_linked") == 1


async def test_a_session_is_always_a_new_one(cast: Cast, provider: IdentityProvider) -> None:
    browser = Browser()
    browser.http.cookies.set("session", "chosen-by-somebody-else", domain="testserver.local")
    await come("m-1", browser)
    assert "chosen-by-somebody-else" not in browser.http.cookies.values()
    assert await Session.count().where(Session.person == cast.captain.id) == 1


async def test_somebody_new_gets_an_account_with_a_confirmed_address_and_no_password(
    cast: Cast, provider: IdentityProvider
) -> None:
    browser = await come("new")
    person = await Person.objects().get(Person.email == "novice@example.org")
    assert person
    assert (person.given_name, person.family_name, person.password) == ("Нина", "Новикова", "")
    assert person.email_confirmed_at is not None
    assert "Мы завели вам запись" in browser.text
    assert browser.path == "/projects"


async def test_an_address_that_only_the_userinfo_tells_counts_as_well(cast: Cast, provider: IdentityProvider) -> None:
    provider.has_address_in_token = False
    assert await who_is(await come("m-1")) == "captain@example.org"
    assert "/userinfo" in provider.asked


@pytest.mark.parametrize(
    ("secret", "methods"),
    [
        ("s3cret", ["client_secret_basic"]),
        ("s3cret", ["client_secret_post"]),
        ("s3: +%", ["client_secret_basic", "client_secret_post"]),
        ("", ["none"]),
    ],
)
async def test_the_site_proves_itself_as_the_provider_wishes(
    cast: Cast, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, secret: str, methods: list[str]
) -> None:
    provider.secret, provider.methods = secret, methods
    offer(monkeypatch, provider.settings())
    assert await who_is(await come("m-1")) == "captain@example.org"


@pytest.mark.parametrize("user", ["unsure", "nameless"])
async def test_an_address_that_the_provider_does_not_confirm_opens_nothing(
    cast: Cast, provider: IdentityProvider, user: str
) -> None:
    browser = await come(user)
    assert browser.page.status_code == 409
    assert "не подтверждает адрес" in browser.text
    assert await Session.count() == await Identity.count() == 0
    assert await who_is(browser) == ""


async def test_an_account_whose_address_nobody_confirmed_is_not_handed_over(
    cast: Cast, provider: IdentityProvider
) -> None:
    await sign_up("novice@example.org", PASSWORD)
    browser = await come("new")
    assert "адрес в ней не подтверждён" in browser.text
    assert await who_is(browser) == ""
    assert await Identity.count() == 0


# Linking and unlinking in the profile.


async def with_password(person: Person) -> Person:
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == person.id)
    return await fresh(person)


async def link_in_profile(browser: Browser, user: str, password: str = PASSWORD) -> None:
    await browser.open("/profile/ways-in")
    await browser.send("/profile/ways-in", password=password, provider="school")
    if "0; url=" in browser.page.text:
        await browser.open(await sign_in_there(target(browser), user))


async def test_another_address_is_linked_with_the_password_and_unlinked_again(
    cast: Cast, provider: IdentityProvider
) -> None:
    captain = await with_password(cast.captain)
    browser = await signed_in(captain)
    await link_in_profile(browser, "else", "not the password")
    assert "Нынешний пароль не подошёл" in browser.text
    assert await Identity.count() == 0
    await link_in_profile(browser, "else")
    assert "Теперь можно входить через «Школа»" in browser.text
    assert "captain.at.school@example.org" in browser.text
    assert await who_is(await come("else")) == "captain@example.org"
    (identity,) = await Identity.objects()
    stranger = await signed_in(cast.outsider)
    await stranger.open("/profile")
    removal = f"/profile/ways-in/{identity.id}/remove"
    assert (await stranger.post(removal, {"csrf": stranger.csrf()})).status_code == 404
    await browser.open("/profile/ways-in")
    await browser.send(removal)
    assert await Identity.count() == 0
    assert await subjects(captain) == ["Привязан вход через «Школа»", "Отвязан вход через «Школа»"]


async def test_the_last_way_in_stays(cast: Cast, provider: IdentityProvider) -> None:
    browser = await come("new")
    (identity,) = await Identity.objects()
    await browser.open("/profile/ways-in")
    await browser.send(f"/profile/ways-in/{identity.id}/remove")
    assert "Это единственный вход" in browser.text
    assert await Identity.count() == 1
    person = await Person.objects().get(Person.email == "novice@example.org")
    assert person
    await with_password(person)
    await browser.open("/profile/ways-in")
    await browser.send(f"/profile/ways-in/{identity.id}/remove")
    assert await Identity.count() == 0


async def test_an_account_there_belongs_to_one_person_here(cast: Cast, provider: IdentityProvider) -> None:
    await come("m-1")
    browser = await signed_in(await with_password(cast.teacher))
    await link_in_profile(browser, "m-1")
    assert "уже привязан к другой записи" in browser.text
    assert (await Identity.select(Identity.person))[0]["person"] == cast.captain.id


async def test_a_link_that_one_person_began_is_not_another_ones(cast: Cast, provider: IdentityProvider) -> None:
    browser = await signed_in(await with_password(cast.captain))
    await browser.open("/profile/ways-in")
    await browser.send("/profile/ways-in", password=PASSWORD, provider="school")
    back = await sign_in_there(target(browser), "else")
    other = await signed_in(cast.teacher)
    other.http.cookies.set("elsewhere", browser.http.cookies["elsewhere"], domain="testserver.local")
    await other.open(back)
    assert await Identity.count() == 0


async def test_an_unconfirmed_address_links_nothing(cast: Cast, provider: IdentityProvider) -> None:
    browser = await signed_in(await sign_up("fresh@example.org", PASSWORD))
    await browser.open("/profile/ways-in")
    assert not browser.has_form("/profile/ways-in")
    await browser.post("/profile/ways-in", {"csrf": browser.csrf(), "password": PASSWORD, "provider": "school"})
    assert "Сначала подтвердите свой адрес" in browser.text
    assert await PendingSignIn.count() == 0


async def test_what_a_password_linked_ends_with_it(cast: Cast, provider: IdentityProvider) -> None:
    captain = await with_password(cast.captain)
    await come("m-1")
    browser = await signed_in(captain)
    await link_in_profile(browser, "else")
    assert await Identity.count() == 2
    await change_password(captain, current=PASSWORD, new="другие три слова")
    assert [row["subject"] for row in await Identity.select(Identity.subject)] == ["m-1"]
    await link_in_profile(await signed_in(await fresh(captain)), "else", "другие три слова")
    await reset_password(await issue(captain, RESET), PASSWORD)
    assert [row["subject"] for row in await Identity.select(Identity.subject)] == ["m-1"]
    await change_address_for(captain.id, "new-box@example.org", reason="потерян ящик", by=cast.organiser)
    assert await Identity.count() == 0


# What was typed comes back.


async def test_typed_words_come_back_after_signing_in_there(cast: Cast, provider: IdentityProvider) -> None:
    writer = await signed_in(cast.captain)
    form = f"/projects/{cast.project.id}/details"
    await writer.open(form)
    values = [(n, v) for n, v in writer.form(form) if n != "pitch"] + [("pitch", "Слова, которые нельзя терять")]
    await Session.delete(force=True)
    await writer.post(form, values)
    assert "Ваш текст цел" in writer.text
    back = await sign_in_there(await leave(writer), "m-1")
    assert "нельзя терять" not in str(await PendingSignIn.select())
    assert Posted.from_json((await PendingSignIn.select(PendingSignIn.kept))[0]["kept"]) is None
    await writer.open(back)
    assert "Слова, которые нельзя терять" in writer.text
    assert writer.has_form(form)
    assert await who_is(writer) == "captain@example.org"


async def test_who_has_a_second_factor_shows_it_and_finds_the_words_after_that(
    cast: Cast, provider: IdentityProvider
) -> None:
    app = await give_app(cast.teacher)
    provider.users["t-1"] = {"sub": "t-1", "email": cast.teacher.email, "email_verified": True}
    browser = await come("t-1")
    assert browser.path == "/second-factor"
    assert await who_is(browser) == ""
    assert (await browser.open(f"/projects/{cast.project.id}")).url.path == "/second-factor"

    writer = await signed_in(cast.teacher)
    form = f"/projects/{cast.project.id}/comments"
    await writer.open(f"/projects/{cast.project.id}")
    key = dict(writer.form(form))["key"]
    values = [(n, v) for n, v in writer.form(form) if n != "text"] + [("text", "Замечание, которое жалко потерять")]
    await Session.delete(force=True)
    await writer.post(form, values)
    await writer.open(await sign_in_there(await leave(writer), "t-1"))
    assert writer.has_form("/second-factor")
    with clock_at(now() + timedelta(minutes=1)):
        await writer.send("/second-factor", one_time_code=app.code())
    assert "Замечание, которое жалко потерять" in writer.text
    assert key in dict(writer.form(form)).values()


async def test_an_idea_typed_on_the_start_page_comes_along(cast: Cast, provider: IdentityProvider) -> None:
    browser = Browser()
    await browser.open("/start")
    address = await leave(browser, "/start", title="Умная теплица", given_name="Нина", password=PASSWORD)
    await browser.open(await sign_in_there(address, "new"))
    assert dict(browser.form("/projects/new"))["title"] == "Умная теплица"
    assert "Нина" not in dict(browser.form("/projects/new")).values()


async def test_words_stay_on_the_page_if_the_provider_is_away(cast: Cast, provider: IdentityProvider) -> None:
    provider.is_down = True
    browser = Browser()
    await browser.open("/start")
    values = [*browser.form("/start"), ("title", "Умная теплица")]
    await browser.post("/sign-in/with/school?next=/projects/new", values)
    assert browser.page.status_code == 503
    assert "сейчас не отвечает" in browser.text
    assert "Умная теплица" in dict(browser.form("/sign-in"))["kept"]


async def test_a_provider_that_goes_away_on_the_way_back_is_told_of(cast: Cast, provider: IdentityProvider) -> None:
    browser = Browser()
    await browser.open("/sign-in")
    back = await sign_in_there(await leave(browser), "m-1")
    provider.is_down = True
    assert (await browser.open(back)).status_code == 503
    assert "сейчас не отвечает" in browser.text


async def test_who_changes_their_mind_there_is_told_so(cast: Cast, provider: IdentityProvider) -> None:
    browser = await come("nobody")
    assert "Вы не вошли на том сайте" in browser.text
    assert await Session.count() == 0


# What a thief or a false provider may try.


def changed(**claims: Any) -> Sign:
    return lambda true, key: sign({**true, **claims}, key)


def without(name: str) -> Sign:
    return lambda true, key: sign({k: v for k, v in true.items() if k != name}, key)


def unsigned(true: dict[str, Any], key: RSAKey) -> str:
    signed = sign(true, key).split(".")
    return f"eyJhbGciOiJub25lIn0.{signed[1]}."


def with_public_key_as_secret(true: dict[str, Any], key: RSAKey) -> str:
    """As our libraries refuse to do: the provider's public key, which everybody has, taken for a shared secret."""
    head = _base64(json.dumps({"alg": "HS256", "kid": key.kid}).encode())
    signed = f"{head}.{sign(true, key).split('.')[1]}"
    return f"{signed}.{_base64(hmac.digest(key.as_pem(private=False), signed.encode(), hashlib.sha256))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def with_client_secret(true: dict[str, Any], key: RSAKey) -> str:
    return jwt.encode({"alg": "HS256"}, true, OctKey.import_key(SECRET * 3), algorithms=["HS256"])


def with_another_key(true: dict[str, Any], key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, true, RSAKey.generate_key(2048))


def altered(true: dict[str, Any], key: RSAKey) -> str:
    head, _body, signature = sign(true, key).split(".")
    return f"{head}.{sign({**true, 'sub': 'somebody'}, key).split('.')[1]}.{signature}"


LIES: dict[str, Sign] = {
    "a nonce of another visit": changed(nonce="x" * 43),
    "no nonce": without("nonce"),
    "another audience": changed(aud=["another site"]),
    "no audience": without("aud"),
    "two audiences, for another party": changed(aud=[CLIENT, "another site"], azp="another site"),
    "another issuer": changed(iss="https://accounts.example.org"),
    "no subject": without("sub"),
    "a subject that is no text": changed(sub=7),
    "a subject that no table can hold": changed(sub="m\0"),
    "expired": changed(exp=int(now().timestamp()) - 3600),
    "never expires": without("exp"),
    "an expiry that is no number": changed(exp="tomorrow"),
    "from the future": changed(nbf=int(now().timestamp()) + 3600),
    "of another access token": changed(at_hash="A" * 22),
    "unsigned": unsigned,
    "signed with the public key as a secret": with_public_key_as_secret,
    "signed with the client's secret": with_client_secret,
    "signed with another key": with_another_key,
    "altered": altered,
    "no token": lambda true, key: "x.y.z",
    "very long": changed(more="x" * 40_000),
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_opens_anything(sqlite: AnyEngine, provider: IdentityProvider, lie: str) -> None:
    await make_cast()
    provider.sign = LIES[lie]
    browser = await come("m-1")
    assert browser.page.status_code == 403
    assert "не подтвердил, кто вы" in browser.text
    assert await Session.count() == await Identity.count() == 0


#: What no provider should answer, at any place.
ODD: tuple[Any, ...] = (None, 7, -1, 1e300, True, "", "x", "\ud800", "x" * 5000, [], [[]], [None, 7], {}, {"a": []})


ODD_PARTS: tuple[Any, ...] = (
    *(None, 7, "", [None, 7], {"a": []}),
    *("http://localhost:1", "https://[::1", "http://evil.example.org/", "javascript:alert(1)"),
)


async def test_no_odd_claim_is_more_than_a_refusal(sqlite: AnyEngine, provider: IdentityProvider) -> None:
    await make_cast()
    true = {
        "iss": provider.address, "aud": [CLIENT], "sub": "m-1", "nonce": "n" * 43, "iat": int(now().timestamp()),
        "exp": int(now().timestamp()) + 600,
    }  # fmt: skip
    known = provider.settings()
    read = await checked_claims(known, sign(true, provider.key), nonce="n" * 43, access_token="a")
    assert read["sub"] == "m-1"
    for name in (
        *true,
        "azp",
        "at_hash",
        "amr",
        "nbf",
        "auth_time",
        "email",
        "email_verified",
        "given_name",
        "jti",
        "cty",
    ):
        for odd in ODD:
            with suppress(NotProved):
                visitor_of(
                    known,
                    await checked_claims(
                        known, sign({**true, name: odd}, provider.key), nonce="n" * 43, access_token="a"
                    ),
                )
    for token in ("", ".", "..", "a.b", "a.b.c", "a.b.c.d.e", "é.é.é", "eyJhbGciOiJSUzI1NiJ9.e30.", "\ud800.x.y"):
        with pytest.raises(NotProved):
            await checked_claims(known, token, nonce="n" * 43)


@pytest.mark.parametrize(
    "part",
    [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "token_endpoint_auth_methods_supported",
        "issuer",
        "keys",
    ],
)
async def test_no_odd_answer_is_more_than_a_message(
    sqlite: AnyEngine, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    await make_cast()
    for odd in ODD_PARTS:
        monkeypatch.setattr(provider_module, "_known", {})
        provider.odd = {part: odd}
        browser = Browser()
        await browser.open("/sign-in")
        await browser.post("/sign-in/with/school", browser.form("/sign-in"))
        assert browser.page.status_code in {200, 503}
        if browser.page.status_code == 200 and part not in {"authorization_endpoint"}:
            await browser.open(await sign_in_there(target(browser), "m-1"))
            assert browser.page.status_code in {200, 403, 503}


async def test_a_way_back_counts_only_in_the_browser_that_left_and_once(cast: Cast, provider: IdentityProvider) -> None:
    provider.is_single_use = False
    victim, thief = Browser(), Browser()
    for browser in (victim, thief):
        await browser.open("/sign-in")
    back = await sign_in_there(await leave(thief), "m-1")
    await leave(victim)
    await victim.open(back)  # somebody sends the victim a link that would sign them in as the thief
    assert "начат в другом браузере" in victim.text
    assert await who_is(victim) == ""
    await thief.open(back)
    assert await who_is(thief) == "captain@example.org"
    thief.http.cookies.delete("session")
    await thief.open(back)
    assert "уже использован" in thief.text
    assert await Session.count() == 1


async def test_a_code_of_another_visit_is_worth_nothing(cast: Cast, provider: IdentityProvider) -> None:
    """The verifier and the nonce belong to one visit: a stolen code does not fit into one's own way back."""
    stolen = parse_qs(urlsplit(await sign_in_there(await left(Browser()), "m-1")).query)["code"][0]
    thief = Browser()
    own = urlsplit(await sign_in_there(await left(thief), "new"))
    await thief.open(f"{own.path}?code={stolen}&state={parse_qs(own.query)['state'][0]}")
    assert thief.page.status_code == 403
    assert await Session.count() == 0


async def left(browser: Browser) -> str:
    await browser.open("/sign-in")
    return await leave(browser)


async def test_a_way_back_ends_after_a_quarter_of_an_hour(cast: Cast, provider: IdentityProvider) -> None:
    browser = Browser()
    back = await sign_in_there(await left(browser), "m-1")
    with clock_at(now() + LASTS + timedelta(minutes=1)):
        await browser.open(back)
        assert "устарел" in browser.text
        assert await forget_visits() == 1
        assert await forget_visits() == 0


async def test_a_provider_that_changes_its_keys_is_asked_again(cast: Cast, provider: IdentityProvider) -> None:
    await come("m-1")
    provider.key = RSAKey.generate_key(2048, auto_kid=True)
    with clock_at(now() + timedelta(seconds=45)):
        assert await who_is(await come("m-1")) == "captain@example.org"
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


async def test_who_calls_itself_otherwise_is_not_the_provider(
    cast: Cast, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IdentityProvider, "document", {"issuer": "https://accounts.example.org"})
    browser = Browser()
    await browser.open("/sign-in")
    await browser.post("/sign-in/with/school", browser.form("/sign-in"))
    assert browser.page.status_code == 503


async def test_the_way_back_leads_nowhere_else(cast: Cast, provider: IdentityProvider) -> None:
    browser = Browser()
    for place in ("https://evil.example.org/", "//evil.example.org", "/\\evil.example.org"):
        await browser.open(f"/sign-in?next={place}")
        back = await sign_in_there(await leave(browser, next=place), "m-1")
        answer = await browser.http.get(back)
        assert answer.headers["location"] == "/projects"
        browser.http.cookies.delete("session")
