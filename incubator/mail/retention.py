"""What is kept of a mail after it went: that it went, not what it said."""

from datetime import timedelta

from incubator.core.clock import now
from incubator.mail.tables import Message

#: How long the words of a mail are kept after it went, for whoever asks why it was written.
KEPT = timedelta(days=30)


async def erase_old_mails() -> int:
    """Erase the words of mails that went long ago, and the recipient where no link of the mail needs it; return how many. A periodic task."""
    old = (Message.sent_at < now() - KEPT) & (Message.body != "")
    rows = (
        await Message.update({Message.body: "", Message.footer: "", Message.subject: ""})
        .where(old)
        .returning(Message.id)
    )
    gone = (Message.sent_at < now() - KEPT) & (Message.body == "") & (Message.unsubscribe == "") & (Message.to != "")
    await Message.update({Message.to: ""}).where(gone)
    return len(rows)
