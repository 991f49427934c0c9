"""The mailbox of a demo or a developer: mails that were written to files, readable in the browser."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from incubator import config
from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.mail.delivery import deliver_waiting, mailbox

_SHOWN = 60


def _read(path: Path) -> dict[str, Any]:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    base = config.settings.base_url
    links = [word.removeprefix(base) or "/" for word in text.split() if word.startswith(base)]
    return {"id": path.stem, "to": str(mail["To"]), "subject": str(mail["Subject"]), "text": text, "links": links[:1]}


class MailboxPages(Controller):
    path = "/mailbox"

    @get()
    async def show(self, request: AnyRequest) -> Response[Any]:
        await deliver_waiting()
        files = sorted(mailbox(config.settings).glob("*.eml"), reverse=True)[:_SHOWN]
        return page(request, "mail/mailbox.html", mails=[_read(f) for f in files])

    @get("/{name:str}")
    async def read(self, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
        path = mailbox(config.settings) / f"{name}.eml"
        if not name.isdigit() or not path.is_file():
            raise NotFoundException
        return page(request, "mail/message.html", mail=_read(path))


PAGES = [MailboxPages]
