"""The tables of the HTTP layer."""

from piccolo.columns import Integer, Serial, Text, Timestamptz, Varchar

from incubator.db.table import Table


class RenderedText(Table):
    """The HTML of a Markdown text, by the text's digest: stored when somebody first reads it.

    Only a cache: it may be emptied at any time. The text itself is not in it.
    """

    id: Serial
    digest = Varchar(length=64, unique=True)
    grammar = Integer()
    """The grammar's version; HTML of another version is discarded."""
    html = Text()
    rendered_at = Timestamptz()


class FormAnswer(Table):
    """The answer to a form that changed something, for the same form sent once more (``once.py``).

    Nobody can read it here: the key to it lies in the browser's cookie and in the form.
    """

    id: Serial
    request = Varchar(length=64, unique=True)
    """Digest of the whole request, with the cookie of the browser that sent it."""
    answer = Text(default="")
    """Encrypted; empty from the transaction that changes something until its answer is known."""
    at = Timestamptz()


TABLES = [RenderedText, FormAnswer]
