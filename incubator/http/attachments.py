"""Files that a page makes, to be saved by whoever asked for them."""

from litestar import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"


def attachment(content: bytes, media_type: str, name: str, *, is_shown: bool = False) -> Response[bytes]:
    """Return a file that nobody stores on the way. ``is_shown``: the browser opens it, instead of saving it at once."""
    kind = "inline" if is_shown else "attachment"
    headers = {"content-disposition": f'{kind}; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
