"""The tables of the HTTP layer."""

from piccolo.columns import Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table


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


TABLES = [RenderedText]
