"""The second factor in a real browser: a passkey of Chromium's virtual authenticator, an app's codes, a lost telephone."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from playwright.async_api import CDPSession, expect

from incubator.core.clock import now
from incubator.people.factors import has_factor
from incubator.people.recovery_codes import HOW_MANY
from incubator.people.tables import Passkey, Person, Session
from incubator.projects.staff_invitations import open_staff_invitations
from tests.cast import Cast
from tests.chromium import chromium, needs_chromium, serving
from tests.engines import address_of
from tests.factors import PASSWORD, give_app, give_password
from tests.mail.sent import subjects
from tests.stories.test_in_chromium import Someone

pytestmark = needs_chromium

_DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


async def _with_a_device(someone: Someone) -> tuple[CDPSession, str]:
    """Give the browser a device that makes passkeys and asks nobody."""
    cdp = await someone.context.new_cdp_session(someone.page)
    await cdp.send("WebAuthn.enable")
    made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return cdp, made["authenticatorId"]


async def _type_password(someone: Someone, person: Person) -> None:
    await someone.open("/sign-in")
    await someone.page.get_by_label("Почта или логин").fill(person.email)
    await someone.page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await someone.press("Войти")


async def _sign_out(someone: Someone) -> None:
    await someone.page.locator(".menu summary").click()
    await someone.press("Выйти", within=".menu")
    await expect(someone.page.locator("body")).to_contain_text("Вы вышли")


async def _prove_long_ago(person: Person) -> None:
    """Let the last proof of the person's sessions be older than ten minutes."""
    before = now() - timedelta(minutes=11)
    await Session.update({Session.factor_at: before, Session.password_at: before}).where(Session.person == person.id)


async def test_an_organiser_signs_in_with_a_passkey(cast: Cast, database: Any, tmp_path: Path) -> None:
    """From the banner over the days that are left to a form that goes on after the passkey was shown again."""
    required = {"INCUBATOR_SECOND_FACTOR": "required"}
    organiser = await give_password(cast.organiser)
    with serving(address_of(database), tmp_path, settings=required, host="localhost") as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=True)
            cdp, device = await _with_a_device(someone)
            await _type_password(someone, organiser)
            await someone.see("На настройку осталось 7 дней")
            await someone.check()
            await someone.page.get_by_role("link", name="Настроить").click()
            await someone.check()
            await someone.page.get_by_label("Как назвать ключ").fill("Рабочий ноутбук")
            await someone.press("Добавить ключ")
            await someone.see("Запасные коды")
            assert await someone.page.locator(".secrets li").count() == HOW_MANY
            await someone.check()
            await someone.page.get_by_role("link", name="Коды сохранены, дальше").click()
            await someone.see("Рабочий ноутбук")
            await someone.check()
            await someone.page.get_by_label("Как назвать ключ").fill("Он же")
            await someone.press("Добавить ключ")
            await someone.see("Этот ключ уже добавлен")

            await _sign_out(someone)
            await _type_password(someone, organiser)
            await someone.see("Второй шаг входа")
            await someone.check()
            await someone.press("Войти с ключом")
            await expect(someone.page).to_have_url(f"{base}/organiser")
            assert "На настройку" not in await someone.page.inner_text("body")

            await _prove_long_ago(organiser)
            await someone.open("/organiser/people")
            await someone.page.get_by_label("Адрес почты").fill("novaya@example.org")
            await someone.page.get_by_text("организатора", exact=True).click()
            await someone.press("Отправить приглашение")
            await someone.see("То, что вы начали, ждёт на этой странице")
            await someone.check()
            assert not await open_staff_invitations()
            await someone.press("Показать ключ")
            await someone.see("Приглашение отправлено")
            assert [row.email for row in await open_staff_invitations()] == ["novaya@example.org"]

            credentials = await cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})
            (known,) = await Passkey.objects().where(Passkey.person == organiser.id)
            assert known.sign_count == credentials["credentials"][0]["signCount"] > 0

            await cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
            await cdp.send(
                "WebAuthn.addVirtualAuthenticator", {"options": _DEVICE}
            )  # another device, without the passkey
            await _sign_out(someone)
            await _type_password(someone, organiser)
            await someone.press("Войти с ключом")
            await someone.see("Ключ не ответил")
            await someone.open("/organiser/people")
            await someone.see("Второй шаг входа")
            assert not [error for error in someone.errors if "401" not in error]


async def test_codes_of_an_app_without_scripts_and_a_telephone_that_is_lost(
    cast: Cast, database: Any, tmp_path: Path
) -> None:
    teacher, organiser = await give_password(cast.teacher), await give_password(cast.organiser)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=False)
            await _type_password(someone, teacher)
            await someone.open("/profile/second-factor")
            await someone.check()
            await someone.press("Подключить приложение")
            await someone.check()
            await someone.page.locator("summary", has_text="Камера не читает").click()
            seed = (await someone.page.locator("code.secret").inner_text()).replace(" ", "")
            app = pyotp.TOTP(seed)
            await someone.page.get_by_label("Код, который показывает приложение").fill("000000")
            await someone.press("Подключить")
            await someone.see("Код не подошёл")
            await someone.page.get_by_label("Код, который показывает приложение").fill(app.at(now()))
            await someone.press("Подключить")
            codes = await someone.page.locator(".secrets code").all_inner_texts()
            assert len(codes) == HOW_MANY

            await _sign_out(someone)
            await _type_password(someone, teacher)
            await someone.see("Второй шаг входа")
            await someone.check()
            await someone.page.get_by_label("Код", exact=True).fill(app.at(now() + timedelta(seconds=30)))
            await someone.press("Продолжить")
            await expect(someone.page).to_have_url(f"{base}/projects")

            await _sign_out(someone)
            await _type_password(someone, teacher)
            await someone.page.get_by_label("Код", exact=True).fill(codes[0])
            await someone.press("Продолжить")
            await expect(someone.page).to_have_url(f"{base}/projects")

            office = await Someone.at(browser, base, js=True, width=1280)
            await _type_password(office, organiser)
            await office.open(f"/organiser/accounts/{teacher.id}")
            await office.check()
            form = office.page.locator("form[action$='/second-factor/reset']")
            await form.get_by_label("Причина").fill("Телефон утонул, узнала голос")
            await office.ready()
            await form.get_by_role("button", name="Снять второй шаг").click()
            await office.confirm()
            await office.see("Второй шаг снят. Мы написали Ольга Петровна и другим организаторам.")

            await someone.page.goto(f"{base}/projects")
            await expect(someone.page).to_have_url(f"{base}/sign-in?next=%2Fprojects")
            await _type_password(someone, teacher)
            await expect(someone.page).to_have_url(f"{base}/projects")
            assert not await has_factor(teacher.id)
            assert "Второй шаг при входе в вашу запись снят" in await subjects(teacher)


async def test_deleting_goes_on_after_the_password_without_scripts(cast: Cast, database: Any, tmp_path: Path) -> None:
    """The page has several forms, whose fields the browser sends together (http/together.py)."""
    organiser = await give_password(cast.organiser)
    with serving(address_of(database), tmp_path) as base:
        async with chromium() as browser:
            someone = await Someone.at(browser, base, js=False)
            await _type_password(someone, organiser)
            await _prove_long_ago(organiser)
            await someone.open(f"/projects/{cast.project.id}/office")
            await someone.page.locator("summary", has_text="Удалить проект").click()
            form = someone.page.locator("form[action$='/deletion']")
            await form.get_by_label("Почему").fill("Завели по ошибке")
            await form.get_by_label("Впишите название проекта").fill(cast.project.title)
            await form.get_by_role("button", name="Удалить").click()
            await someone.see("Подтвердите, что это вы")
            await someone.page.get_by_label("Ваш пароль").fill(PASSWORD)
            await someone.press("Продолжить")
            await someone.see("Проект удалён")


async def test_the_command_line_helps_where_no_organiser_can(cast: Cast, database: Any, tmp_path: Path) -> None:
    await give_app(cast.organiser)
    env = {**os.environ, "DATABASE_URL": address_of(database), "INCUBATOR_DATA": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "incubator",
        "reset-second-factor",
        cast.organiser.email,
        "--reason",
        "Телефон утонул",
    ]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: ASYNC221 - short
    assert done.returncode == 0, done.stderr
    assert cast.organiser.email in done.stdout
    assert not await has_factor(cast.organiser.id)
    assert "Второй шаг при входе в вашу запись снят" in await subjects(cast.organiser)
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: ASYNC221 - short
    assert again.returncode == 1
    assert "There is no account" in again.stderr
