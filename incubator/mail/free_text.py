"""Other people's words in a mail to somebody who does not know them: one short line that becomes no link. Pure."""

import re

from incubator.core.text import clean_line, short

#: Mail programs make links of anything that looks like an address of a page or a mailbox.
_JOINT = re.compile(r"(?<=[^\W_])[.:/@]+(?=[^\W_])")


def harmless(text: str, longest: int) -> str:
    """Return at most ``longest`` characters of ``text``, with a blank inside whatever would become a link."""
    return short(_JOINT.sub(lambda match: f"{match[0]} ", clean_line(text)), longest)
