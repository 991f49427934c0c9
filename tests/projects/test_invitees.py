"""Who may accept an invitation: every kind of reader against every kind of account."""

import pytest

from incubator.projects.invitees import Entrance, entrance

LENA, OTHER = "lena@example.org", "other@example.org"


@pytest.mark.parametrize(
    ("invited", "reader", "reader_confirmed", "account", "account_confirmed", "expected"),
    [
        ("", "", False, False, False, Entrance.SIGN_UP),
        ("", OTHER, True, False, False, Entrance.ACCEPT),
        ("", OTHER, False, False, False, Entrance.CONFIRM),
        (LENA, "", False, False, False, Entrance.CLAIM),
        (LENA, "", False, True, False, Entrance.CLAIM),
        (LENA, "", False, True, True, Entrance.SIGN_IN),
        (LENA, OTHER, True, True, True, Entrance.OTHER),
        (LENA, OTHER, False, False, False, Entrance.OTHER),
        (LENA, LENA, True, True, True, Entrance.ACCEPT),
        (LENA, LENA, False, True, False, Entrance.CLAIM),
    ],
)
def test_entrance(
    invited: str, reader: str, reader_confirmed: bool, account: bool, account_confirmed: bool, expected: Entrance
) -> None:
    found = entrance(
        invited, reader=reader, is_reader_confirmed=reader_confirmed, has_account=account,
        is_account_confirmed=account_confirmed,
    )  # fmt: skip
    assert found is expected
