"""How much one project may store, and how often it may try."""

from piccolo.query.functions.aggregate import Sum

from incubator.attachments.tables import Attachment
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.imaging.limits import MB
from incubator.people.rate_limits import DAY, Limit, key_of, take

#: Bytes of one project: twelve pictures, a presentation and ten papers, and what earlier versions show.
QUOTA = 300 * MB
#: Uploads of one project in a day, those that are refused among them: each costs a process, and the store keeps its bytes for a day.
MOST_A_DAY = 200


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


async def count_upload(project_id: int) -> None:
    """Count one more upload, before it is opened. Call inside a transaction. Raises TooOften."""
    limit = Limit(key_of("upload", str(project_id)), MOST_A_DAY, DAY)
    await take([limit], _("За сутки в проект загрузили слишком много файлов."))
