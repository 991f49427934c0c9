"""Email addresses: one mailbox is one account, however it is typed."""

from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.email_address import LONGEST, masked, normalised, readable

PUNYCODE = "xn--80a1acny.xn--p1ai"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Maria@Example.ORG ", "maria@example.org"),
        ("o'neill+ideas@sub.demo.example", "o'neill+ideas@sub.demo.example"),
        ("info@Почта.РФ", f"info@{PUNYCODE}"),
        (f"INFO@{PUNYCODE.upper()}", f"info@{PUNYCODE}"),
        ("info@почта。рф", f"info@{PUNYCODE}"),
        ("Мария@почта.рф", f"мария@{PUNYCODE}"),
        ("и\u0306ван@почта.рф", f"йван@{PUNYCODE}"),  # decomposed, as macOS writes it
        ("mentor-1@gsoc.invalid", "mentor-1@gsoc.invalid"),
        ("teacher@school.local", "teacher@school.local"),
        ("a@b.test", "a@b.test"),
        ("maria@example.org\u200b", "maria@example.org"),
        ("ma\u200bria@exam\u00adple.org\u2060", "maria@example.org"),
        ("maria\u034f\ufe0f\u3164@example.org", "maria@example.org"),
        ("\u202amaria\U000e0041@example.org\u202c", "maria@example.org"),
        ("maria@example.org.", "maria@example.org"),
        ("maria@EXAMPLE。ORG。", "maria@example.org"),
        ("ｍａｒｉａ@ｅｘａｍｐｌｅ．ｏｒｇ", "maria@example.org"),
        ("мария.k@почта.рф", f"мария.k@{PUNYCODE}"),  # each word in one alphabet
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
        ("MARİA@EXAMPLE.ORG", "maria@example.org"),  # a Turkish keyboard's capital
        ("ﬁrma@example.org", "firma@example.org"),
        ("maria@faß.de", "maria@xn--fa-hia.de"),  # another domain than fass.de
        ("Straße@example.org", "straße@example.org"),  # another mailbox than strasse@…
    ],
)
def test_one_mailbox_has_one_spelling(typed: str, stored: str) -> None:
    assert normalised(typed) == stored
    assert normalised(readable(stored)) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "maria", "maria@", "@example.org", "maria@example", "maria@localhost", "a@@b.ru", "a..b@c.ru", ".a@c.ru",
        "a b@c.ru", "a@b c.ru", "a@-b.ru", "a@b..ru", "a@[127.0.0.1]", '"a b"@c.ru', "Мария <maria@example.org>",
        "a@b.ru, c@d.ru", "a@b.ru\r\nBcc: all@c.ru", "a@xn--zzzzzzzz99999.ru", "a" * 250 + "@c.ru", "a@" + "b" * 64 + ".ru",
        "mаria@example.org", "maria@exаmple.org", "мaрия@почта.рф", "a" * 65 + "@c.ru", "я" * 33 + "@c.ru",
        "a@" + "b." * 2000 + "ru", "а" * 5_000_000, f"{'я' * 60}@{'.'.join(['ж' * 30] * 6)}.рф",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own class is one
        normalised(typed)


@given(st.emails() | st.builds("{}@{}.рф".format, st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20)))
def test_normalising_twice_changes_nothing(typed: str) -> None:
    try:
        stored = normalised(typed)
    except ValueError:
        return
    assert normalised(stored) == normalised(readable(stored)) == stored
    assert len(stored) <= LONGEST
    assert stored.rpartition("@")[2].isascii()
    assert parseaddr(stored)[1] == stored  # a header parser sees one address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("maria@example.org", "m…@example.org"),
        (f"мария@{PUNYCODE}", "м…@почта.рф"),
        ("a@b.ru", "a…@b.ru"),
    ],
)
def test_a_stranger_sees_the_first_letter_and_the_domain(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_a_stored_address_is_shown_as_people_write_it() -> None:
    assert readable(f"мария@{PUNYCODE}") == "мария@почта.рф"
    assert readable("maria@example.org") == "maria@example.org"
    assert readable("a@xn--zzzzzzzz99999.ru") == "a@xn--zzzzzzzz99999.ru"
    assert readable("") == ""
