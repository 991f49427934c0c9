"""What the process that opens uploads says of one."""

from enum import StrEnum

import msgspec


class Sort(StrEnum):
    """What an upload is, by its content."""

    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"


class Refused(StrEnum):
    """Why it is not accepted."""

    UNKNOWN = "unknown"
    """No format that is accepted, whatever its name says."""
    BROKEN = "broken"
    """It cannot be read to its end."""
    PIXELS = "pixels"
    PAGES = "pages"
    LOCKED = "locked"
    """It asks for a password."""
    MACROS = "macros"
    UNCLEAN = "unclean"
    """It says who made it, or where, and that cannot be taken out."""
    SLOW = "slow"
    """It takes too long, whatever it is."""
    NO_ROOM = "no_room"
    """Not its fault: the disk is full."""


class NotAccepted(Exception):
    """The upload is not accepted."""

    def __init__(self, why: Refused) -> None:
        super().__init__(why.value)
        self.why = why


class Drawing(msgspec.Struct, frozen=True):
    """A picture that was made of an upload: a file in the folder."""

    file: str
    page: int
    """Of a PDF, from 1; 0: it is the picture itself."""
    width: int
    height: int
    media_type: str


class OpenedUpload(msgspec.Struct, frozen=True, omit_defaults=True):
    """An upload that was opened, or the reason why it is not accepted."""

    sort: Sort = Sort.PICTURE
    media_type: str = ""
    """Of the upload itself."""
    extension: str = ""
    width: int = 0
    height: int = 0
    """Upright, in pixels; of a PDF those of its first page as drawn."""
    pages: int = 0
    drawings: list[Drawing] = []
    plain: str = ""
    """The file with the paper for those who must not learn from it who wrote it; empty: it says nothing of that."""
    words: str = ""
    """What is written in a paper, its first ``limits.MOST_WORDS`` characters; nothing of what is only drawn there."""
    refused: Refused | None = None
