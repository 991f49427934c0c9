"""What the process that opens photographs of sheets says of each page. Apart from it, so that the site loads none of its libraries."""

import msgspec


class SheetPage(msgspec.Struct):
    """One page of a file."""

    picture: str
    """A JPEG, in base64."""
    codes: list[str]
    """What the QR codes on it say."""
