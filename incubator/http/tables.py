"""What pages keep between requests."""

from piccolo.columns import Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table


class RenderedText(Table):
    """The HTML of a text in Markdown, by the text's digest: made when somebody first reads it.

    No record of the domain: it may be emptied at any time. The text itself is not in it.
    """

    id: Serial
    digest = Varchar(length=64, unique=True)
    grammar = Integer()
    """The grammar's number; HTML of another one is thrown away."""
    html = Text()
    rendered_at = Timestamptz()


TABLES = [RenderedText]
