"""An address on the web: the host that is told is the host that opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.web_address import web_address


@pytest.mark.parametrize(
    ("typed", "stored", "ascii_host"),
    [
        ("https://rutube.ru/video/abc/?t=5#x", "https://rutube.ru/video/abc/?t=5#x", "rutube.ru"),
        ("HTTP://RuTube.RU", "http://rutube.ru", "rutube.ru"),
        ("https://xn--80aswg.xn--p1ai/p", "https://сайт.рф/p", "xn--80aswg.xn--p1ai"),
        ("https://Сайт.РФ:8080/п?а=б", "https://сайт.рф:8080/п?а=б", "xn--80aswg.xn--p1ai"),
        ("https://сайт。рф", "https://сайт.рф", "xn--80aswg.xn--p1ai"),
        ("https://ｇｏｏｇｌｅ.com/", "https://google.com/", "google.com"),
        ("https://аррӏе.com/", "https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("http://185.12.3.4:8000/", "http://185.12.3.4:8000/", "185.12.3.4"),
        ("https://my_team.github.io./a@b", "https://my_team.github.io/a@b", "my_team.github.io"),
    ],
)
def test_a_host_has_one_spelling_that_people_read(typed: str, stored: str, ascii_host: str) -> None:
    address = web_address(typed)
    assert address
    assert (str(address), address.ascii_host) == (stored, ascii_host)
    assert address.is_in_letters_of_its_own == (not address.host.isascii())


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rutube.ru",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:masha@mail.ru",
        "ftp://a.ru",
        "//a.ru",
        "https://",
        "https://localhost/",
        "https://google.com@evil.ru/",
        "https://masha:pass@mail.ru/",
        "https://evil.ru\\@google.com/",
        "https://google.com\\.evil.ru/",
        "https://google.com%2f.evil.ru/",
        "https://google.com／.evil.ru/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://a..ru/",
        "https://.ru/",
        "https://a.ru:port/",
        "https://xn--0.ru/",
        "https://a ru.ru/",
        f"https://{'a' * 64}.ru/",
    ],
)
def test_what_leads_nowhere_or_elsewhere_than_it_seems_is_no_address(typed: str) -> None:
    assert web_address(typed) is None


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_is_an_address_in_one_spelling_or_none(host: str, rest: str) -> None:
    for text in (host, f"https://{host}", f"https://{host}.ru/{rest}"):
        address = web_address(text)
        if address:
            assert web_address(str(address)) == address
            assert address.ascii_host.isascii()
