"""Addresses that name somebody: of mail, in messengers and social networks. Pure."""

import re
from collections.abc import Iterator

from incubator.names.folding import fold
from incubator.names.mentions import FoundName, NameKind

_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|\s?[\[(]\s?(?:at|собака)\s?[\])]\s?)(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}", re.I
)
_SITES = (
    r"t\.me|telegram\.me|(?:m\.)?vk\.com|vk\.ru|vk\.me|ok\.ru|max\.ru|instagram\.com|facebook\.com|youtube\.com|youtu\.be"
    r"|tiktok\.com|github\.com|gitlab\.com|wa\.me|x\.com|twitter\.com|rutube\.ru|dzen\.ru|discord\.gg"
)
_HANDLE = re.compile(
    rf"(?<![\w.-])(?:https?://)?(?:www\.)?(?:{_SITES})/[^\s<>()\"]*[^\s<>()\".,;:!?]"
    r"|(?<![\w.@/-])@[a-z_а-я][\w.]{1,40}\w"
)


def contacts_in(text: str) -> Iterator[FoundName]:
    """Yield addresses of mail, and names after "@" or in addresses of networks where people have pages."""
    folded, places = fold(text)
    for kind, pattern in ((NameKind.EMAIL, _EMAIL), (NameKind.HANDLE, _HANDLE)):
        for each in pattern.finditer(folded):
            yield FoundName(places[each.start()], places[each.end() - 1] + 1, kind)
