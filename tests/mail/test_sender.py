"""Who our mail comes from."""

from dataclasses import replace

import pytest

from incubator.config import load
from incubator.mail.sender import own_domain, sender


@pytest.mark.parametrize(
    ("mail_from", "header", "domain"),
    [
        ("office@example.org", "=?utf-8?b?0J7RgiDQuNC00LXQuCDigJMg0Log0L/RgNC+0LXQutGC0YM=?= <office@example.org>", "example.org"),
        ("Программа <office@example.org>", "Программа <office@example.org>", "example.org"),
        ("office@почта.рф", "=?utf-8?b?0J7RgiDQuNC00LXQuCDigJMg0Log0L/RgNC+0LXQutGC0YM=?= <office@xn--80a1acny.xn--p1ai>", "xn--80a1acny.xn--p1ai"),
        ("incubator@localhost", "=?utf-8?b?0J7RgiDQuNC00LXQuCDigJMg0Log0L/RgNC+0LXQutGC0YM=?= <incubator@localhost>", "ideas.example.org"),
    ],
)  # fmt: skip
def test_mail_has_a_name_and_an_identifier_of_our_own_domain(mail_from: str, header: str, domain: str) -> None:
    settings = replace(load(), mail_from=mail_from, base_url="https://ideas.example.org")
    assert sender(settings) == header
    assert own_domain(settings) == domain
