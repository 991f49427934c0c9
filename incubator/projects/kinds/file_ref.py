"""How a cell names an attached picture or paper. Pure.

It says what a page needs to draw it; whether somebody may see it is asked when it is fetched (``gates/file_pages.py``).
"""

import re
from dataclasses import dataclass

from incubator.imaging.limits import MOST_PAGES_DRAWN, WIDTHS

#: No row has a greater one.
_LARGEST_ID = 2**31 - 1
_WRITTEN = re.compile(r"(\d{1,10}) ([0-9a-f]{16}) (picture|pdf|office) (\d{1,5}) (\d{1,5}) (\d{1,3})", re.A)


@dataclass(frozen=True, slots=True)
class FileRef:
    """An attachment, as a cell holds it."""

    id: int
    code: str
    """Of its content, in 16 hexadecimal digits."""
    sort: str
    """picture, pdf or office."""
    width: int
    height: int
    """Of the largest picture that is served, in pixels; of a PDF of its first page."""
    pages: int

    @classmethod
    def of(cls, cell: str) -> "FileRef | None":
        """Return what the cell names; None for a cell that names nothing."""
        found = _WRITTEN.fullmatch(cell)
        if found is None or not 0 < int(found[1]) <= _LARGEST_ID:
            return None
        return cls(int(found[1]), found[2], found[3], int(found[4]), int(found[5]), int(found[6]))

    def __str__(self) -> str:
        return f"{self.id} {self.code} {self.sort} {self.width} {self.height} {self.pages}"

    @property
    def is_picture(self) -> bool:
        return self.sort == "picture"

    @property
    def is_pdf(self) -> bool:
        return self.sort == "pdf"

    @property
    def has_picture(self) -> bool:
        """Return whether anything of it can be drawn."""
        return bool(self.width and self.height)

    @property
    def widths(self) -> tuple[int, ...]:
        """Return the widths in which its picture is served, ascending; of a PDF those of its first page."""
        small = WIDTHS[:1] if self.is_pdf else WIDTHS
        return (*(each for each in small if each < self.width), self.width)

    @property
    def pages_drawn(self) -> range:
        return range(1, min(self.pages, MOST_PAGES_DRAWN) + 1)

    def address(self, width: int, *, page: int = 0, extension: str = "webp") -> str:
        """Return where the picture in this width is, or a page of a PDF."""
        number = page or (1 if self.is_pdf else 0)
        return f"/files/{self.id}/{self.code}-{number}-{width}.{extension}"

    @property
    def download(self) -> str:
        """Return where the paper itself is."""
        return f"/files/{self.id}/{self.code}"

    @property
    def source_set(self) -> str:
        return ", ".join(f"{self.address(each)} {each}w" for each in self.widths)
