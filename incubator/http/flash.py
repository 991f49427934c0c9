"""A message for the next page, carried in a cookie that is read once."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from incubator.http.cookies import own_cookie

COOKIE = "flash"
KINDS = ("success", "info", "warning", "danger")


@dataclass(frozen=True, slots=True)
class Flash:
    kind: str
    text: str
    href: str = ""


def flash_cookie(flashes: list[Flash]) -> Cookie:
    """Return the cookie; texts are cut so that it stays within browsers' limit."""
    data = json.dumps([[f.kind, f.text[:600], f.href] for f in flashes[:4]], ensure_ascii=False)
    value = base64.urlsafe_b64encode(data.encode()).decode()
    return own_cookie(COOKIE, value, max_age=300)


def read_flashes(request: Request[Any, Any, Any]) -> list[Flash]:
    """Return the messages of the previous request; a forged cookie counts as none."""
    raw = request.cookies.get(COOKIE, "")
    if not raw or len(raw) > 8000:
        return []
    try:
        items = json.loads(base64.urlsafe_b64decode(raw))
        return [
            Flash(k, t, h if h.startswith("/") and not h.startswith("//") else "")
            for k, t, h in items
            if k in KINDS and isinstance(t, str)
        ]
    except (ValueError, TypeError, AttributeError):
        return []
