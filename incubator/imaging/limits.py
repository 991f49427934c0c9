"""What is accepted of pictures and papers, and what is made of them. Apart from the process that opens them, so that the site loads none of its libraries."""

MB = 1024 * 1024
#: Bytes of an upload.
LARGEST_PICTURE, LARGEST_PAPER = 15 * MB, 25 * MB
#: Pixels of a picture: what a phone of today takes, and a decompression bomb does not fit.
MOST_PIXELS = 50_000_000
#: Widths in pixels in which a picture is served, those that are wider than it left out. The last one is also there as JPEG.
WIDTHS = (480, 960, 1600)
#: A picture is never higher: longer strips are made smaller.
HIGHEST = 3200
#: Width in pixels in which a page of a PDF is drawn, and how many pages are.
PAGE_WIDTH, MOST_PAGES_DRAWN = 1280, 30
#: A paper with more pages is no presentation and no appendix.
MOST_PAGES = 500
#: Characters of a paper that are searched for names.
MOST_WORDS = 200_000
#: Bytes to which an office document may unpack, and its parts.
UNPACKED, MOST_PARTS = 300 * MB, 5000
#: Bytes on the disk without which an upload that cannot be opened is nobody's fault but the disk's.
LEAST_ROOM = 64 * 1024
#: Seconds of processor time for one upload, while everybody else waits; thirty photographs on as many pages of a PDF take ten.
SECONDS = 15
