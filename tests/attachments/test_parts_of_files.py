"""A download goes on where the line broke, from a folder and from a bucket, for whoever may read the file."""

from incubator.files.store import Store
from tests.attachments.uploads import attached, pdf
from tests.browser import Browser, signed_in
from tests.cast import Cast


async def test_a_download_goes_on_where_it_broke(cast: Cast, store: Store) -> None:
    paper = pdf(2)
    ref = await attached(cast, paper, name="a.pdf")
    captain = await signed_in(cast.captain)
    whole = await captain.open(ref.download)
    size, tag = len(paper), whole.headers["etag"]
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, paper, "bytes")
    assert whole.headers["content-length"] == str(size)
    for asked, start, stop in (("bytes=100-299", 100, 300), ("bytes=300-", 300, size), ("bytes=-50", size - 50, size)):
        part = await captain.open(ref.download, **{"range": asked, "if-range": tag})
        assert (part.status_code, part.content) == (206, paper[start:stop])
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.headers["content-length"] == str(stop - start)
        for name in ("cache-control", "content-disposition", "content-security-policy", "etag", "content-type"):
            assert part.headers[name] == whole.headers[name]
    another = await captain.open(ref.download, **{"range": "bytes=100-299", "if-range": '"another"'})
    assert (another.status_code, another.content) == (200, paper)
    beyond = await captain.open(ref.download, range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"], beyond.content) == (416, f"bytes */{size}", b"")
    known = await captain.open(ref.download, **{"range": "bytes=0-9", "if-none-match": tag})
    assert known.status_code == 304
    picture = await captain.open(ref.address(ref.width), range="bytes=0-3")
    assert (picture.status_code, picture.content) == (206, b"RIFF")


async def test_a_part_is_not_there_for_whoever_may_not_read_the_whole(cast: Cast, store: Store) -> None:
    ref = await attached(cast, pdf(1), name="a.pdf")
    for browser in (Browser(), await signed_in(cast.outsider)):
        assert (await browser.open(ref.download, range="bytes=0-9")).status_code == 404
        assert (await browser.open(ref.download, range="bytes=99999999-")).status_code == 404
    assert (await (await signed_in(cast.captain)).open(ref.download, range="bytes=0-9")).headers[
        "cache-control"
    ] == "private, no-cache"
