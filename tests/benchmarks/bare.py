"""A minimal ASGI app: the same answer to every request, read from the file BARE_ANSWER.

The baseline for our app, on the same server in the same run.
"""

import json
import os
from pathlib import Path
from typing import Any

_answer = json.loads(Path(os.environ["BARE_ANSWER"]).read_text("utf-8"))
_START = {
    "type": "http.response.start",
    "status": _answer["status"],
    "headers": [(name.encode(), value.encode()) for name, value in _answer["headers"]],
}
_BODY = {"type": "http.response.body", "body": bytes.fromhex(_answer["body"])}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send(_START)
    await send(_BODY)
