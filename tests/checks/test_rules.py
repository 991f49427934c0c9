"""What the checks say about an installation."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubator.checks.facts import (
    DatabaseFacts,
    FolderFacts,
    Installation,
    OutsideFacts,
    ProviderFacts,
    SettingFacts,
)
from incubator.checks.finding import Level
from incubator.checks.rules import CHECKS, findings, refusals
from incubator.core.disk import TemporaryRoom
from incubator.core.languages import LOCALES, override_locale

SETTINGS = SettingFacts(
    base_url="https://incubator.example.org", trusted_proxies=("127.0.0.1", "10.0.0.0/8"),
    smtp_url="smtp://user:p%40ss@mail.example.org:587", mail_from="Инкубатор <office@example.org>",
    given_data="/srv/incubator", is_data_relative=False, is_dev=False, uses_sqlite=True,
    sign_in_providers=(ProviderFacts("school", "https://id.example.org"), ProviderFacts("vk", "http://localhost:1")),
)  # fmt: skip
FOLDER = FolderFacts(folder=Path("/srv/incubator"), exists=True, is_writable=True, free_mb=5000)
GOOD = Installation(SETTINGS, FOLDER)


def changed(part: str, **values: Any) -> Installation:
    return replace(GOOD, **{part: replace(getattr(GOOD, part), **values)})


def providers(*given: ProviderFacts) -> Installation:
    return changed("settings", sign_in_providers=given)


def levels(facts: Installation) -> dict[str, Level]:
    """Return what is not fine, by the check's name."""
    found = zip(CHECKS, findings(facts), strict=True)
    return {check.__name__: each.level for check, each in found if each.level is not Level.FINE}


def test_a_good_installation_has_no_findings() -> None:
    assert levels(GOOD) == {}


@pytest.mark.parametrize(
    ("facts", "check", "level"),
    [
        (changed("settings", base_url="https://incubator.example.org/site"), "address", Level.REFUSAL),
        (changed("settings", base_url="incubator.example.org"), "address", Level.REFUSAL),
        (changed("settings", base_url="https://incubator.exa mple.org"), "address", Level.REFUSAL),
        (changed("settings", base_url="https://[::1"), "address", Level.REFUSAL),
        (changed("settings", base_url="https://x:port"), "address", Level.REFUSAL),
        (changed("settings", base_url="http://127.0.0.1:8000"), "address", Level.WARNING),
        (changed("settings", base_url="http://localhost:8000"), "address", Level.WARNING),
        (changed("settings", base_url="http://incubator.example.org"), "address", Level.WARNING),
        (changed("settings", second_factor="offered"), "second_factor", Level.WARNING),
        (changed("settings", second_factor="off"), "second_factor", Level.WARNING),
        (changed("settings", is_database_unreadable=True, uses_sqlite=False), "database", Level.REFUSAL),
        (changed("settings", trusted_proxies=()), "proxy", Level.WARNING),
        (changed("settings", trusted_proxies=("*",)), "proxy", Level.REFUSAL),
        (changed("settings", trusted_proxies=("0.0.0.0/0",)), "proxy", Level.REFUSAL),
        (changed("settings", trusted_proxies=("nginx",)), "proxy", Level.REFUSAL),
        (changed("settings", trusted_proxies=("10.0.0.1/8",)), "proxy", Level.REFUSAL),
        (changed("settings", smtp_url=""), "mail", Level.WARNING),
        (changed("settings", smtp_url="mail.example.org:587"), "mail", Level.REFUSAL),
        (changed("settings", smtp_url="smtp:mail.example.org"), "mail", Level.REFUSAL),
        (changed("settings", smtp_url="http://mail.example.org"), "mail", Level.REFUSAL),
        (changed("settings", smtp_url="smtp://"), "mail", Level.REFUSAL),
        (changed("settings", smtp_url="smtp://mail.example.org:submission"), "mail", Level.REFUSAL),
        (changed("settings", smtp_url="smtp://user:pa/ss@mail.example.org"), "mail", Level.REFUSAL),
        (changed("outside", mail_problem="Connection refused"), "mail", Level.WARNING),
        (changed("outside", knows_utf8=False), "mail", Level.WARNING),
        (changed("settings", mail_from="incubator@localhost"), "sender", Level.WARNING),
        (changed("settings", given_data="var", is_data_relative=True), "data_folder", Level.REFUSAL),
        (changed("folder", is_writable=False), "data_folder", Level.REFUSAL),
        (changed("folder", open_to_others=("incubator.sqlite",)), "rights", Level.WARNING),
        (changed("folder", free_mb=99), "disk", Level.WARNING),
        (changed("folder", temporary=TemporaryRoom("/srv/tmp", True, 99 * 2**20)), "temporary_folder", Level.WARNING),
        (changed("folder", temporary=TemporaryRoom("/srv/tmp", False, 0)), "temporary_folder", Level.WARNING),
        (changed("folder", temporary=TemporaryRoom("", False, 0)), "temporary_folder", Level.WARNING),
        (changed("folder", has_database=False), "database", Level.REFUSAL),
        (changed("database", problem="disk I/O error"), "database", Level.REFUSAL),
        (changed("database", pending=3), "database", Level.REFUSAL),
        (changed("database", seconds_ahead=31), "clock", Level.WARNING),
        (changed("database", seconds_ahead=-31), "clock", Level.WARNING),
        (changed("outside", files_problem="denied"), "files", Level.REFUSAL),
        (changed("settings", is_dev=True), "development", Level.REFUSAL),
        (providers(ProviderFacts("school", "http://id.example.org")), "sign_in", Level.REFUSAL),
        (providers(ProviderFacts("school", "id.example.org")), "sign_in", Level.REFUSAL),
        (providers(ProviderFacts("Школа", "https://id.example.org")), "sign_in", Level.REFUSAL),
        (providers(ProviderFacts("a/b", "https://id.example.org")), "sign_in", Level.REFUSAL),
        (providers(ProviderFacts("school", "", ("INCUBATOR_OIDC_SCHOOL_ISSUER",))), "sign_in", Level.REFUSAL),
        (
            providers(*[ProviderFacts(key, "https://id.example.org") for key in ("one", "two")]),
            "sign_in",
            Level.REFUSAL,
        ),
        (changed("outside", sign_in_problems=("school: status 404",)), "sign_in", Level.WARNING),
    ],
)
def test_finding(facts: Installation, check: str, level: Level) -> None:
    assert levels(facts) == {check: level}
    for locale in LOCALES:
        with override_locale(locale):
            (wrong,) = (each for each in findings(facts) if each.level is not Level.FINE)
            assert wrong.text
            assert wrong.remedy
            assert "p%40ss" not in wrong.text + wrong.remedy
            assert "pa/ss" not in wrong.text + wrong.remedy
    assert len(refusals(findings(facts))) == (level is Level.REFUSAL)


def test_postgresql_may_come_later() -> None:
    facts = Installation(
        replace(SETTINGS, uses_sqlite=False), replace(FOLDER, has_database=False), DatabaseFacts("refused")
    )
    assert levels(facts) == {"database": Level.WARNING}


def test_another_folder_than_the_last_time_is_named() -> None:
    facts = changed("folder", has_database=False, used_before=Path("/var/lib/incubator"))
    assert levels(facts) == {"data_folder": Level.REFUSAL, "database": Level.REFUSAL}
    assert any("/var/lib/incubator" in each.text for each in findings(facts))


def test_a_laptop_is_only_reminded_that_its_links_stay_on_it() -> None:
    local = replace(SETTINGS, base_url="http://127.0.0.1:8000", smtp_url="", trusted_proxies=(), is_dev=True)
    assert levels(Installation(local, FOLDER, outside=OutsideFacts())) == {"address": Level.WARNING}
