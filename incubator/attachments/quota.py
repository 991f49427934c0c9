"""How much one project may store."""

from piccolo.query.functions.aggregate import Sum

from incubator.attachments.tables import Attachment
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.imaging.limits import MB

#: Bytes of one project: twelve pictures, a presentation and ten papers, and what earlier versions show.
QUOTA = 300 * MB


async def stored_by(project_id: int) -> int:
    """Return the bytes that a project stores, with what was removed and is not forgotten yet."""
    rows = await Attachment.select(Sum(Attachment.size, alias="total")).where(Attachment.project == project_id)
    return int(rows[0]["total"] or 0)


async def require_room(project_id: int, size: int) -> None:
    """Raise Refusal if ``size`` more bytes do not fit."""
    if await stored_by(project_id) + size > QUOTA:
        raise Refusal(
            _("У проекта уже %(limit)s МБ файлов, больше не помещается: удалите насовсем то, что больше не нужно", limit=QUOTA // MB)
        )  # fmt: skip
