"""Which bytes a client asks for, by the examples of RFC 9110, section 14, for a file of 10,000 bytes."""

import pytest

from incubator.http.ranges import ByteRange, NoSuchPart, part_of

TAG = '"abc"'


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=-500", 9500, 10_000),
        ("bytes=9500-", 9500, 10_000),
        ("bytes=0-0", 0, 1),
        ("Bytes = 0-99999", 0, 10_000),
        ("bytes=-99999", 0, 10_000),
        ("bytes=0-", 0, 10_000),
    ],
)
def test_one_part(asked: str, start: int, stop: int) -> None:
    assert part_of(asked, "", TAG, 10_000) == ByteRange(start, stop, 10_000)


def test_a_part_says_where_it_is() -> None:
    assert ByteRange(0, 500, 10_000).content_range == "bytes 0-499/10000"


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-0,-1", "lines=0-4", "bytes=a-b", "bytes=٣-", "bytes=1--2"]
)
def test_anything_else_is_the_whole_file(asked: str) -> None:
    assert part_of(asked, "", TAG, 10_000) is None


@pytest.mark.parametrize(("asked", "size"), [("bytes=10000-", 10_000), ("bytes=-0", 10_000), ("bytes=0-", 0)])
def test_no_byte_of_the_file(asked: str, size: int) -> None:
    with pytest.raises(NoSuchPart):
        part_of(asked, "", TAG, size)


@pytest.mark.parametrize(
    ("named", "is_part"),
    [(TAG, True), ('"another"', False), ('W/"abc"', False), ("Fri, 27 Nov 2026 10:00:00 GMT", False)],
)
def test_only_of_the_very_file_that_was_begun(named: str, is_part: bool) -> None:
    assert (part_of("bytes=5-9", named, TAG, 10_000) is not None) is is_part
    if not is_part:
        assert part_of("bytes=99999-", named, TAG, 10_000) is None
