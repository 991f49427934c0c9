"""Header fields that arrive as they were written.

The standard library folds long ones wrongly: it loses a blank of an encoded subject (Python 3.11), and encodes what is
only long, such as the address in List-Unsubscribe, so that no mail program finds it.
"""

from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader, UnstructuredHeader
from email.policy import default
from typing import Any

#: RFC 5322, 2.1.1: lines should be no longer, without the line break.
_LINE = 78


class _Encoded(UniqueUnstructuredHeader):
    """Text in any language, as encoded words (RFC 2047) of which each holds its blanks."""

    name: str

    def fold(self, *, policy: Any) -> str:
        written = Header(str(self), header_name=self.name, maxlinelen=_LINE).encode(linesep=policy.linesep)
        return f"{self.name}: {written}{policy.linesep}"


class _Whole(UnstructuredHeader):
    """ASCII that is written in one line, however long."""

    name: str

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_registry: Any = HeaderRegistry()  # typeshed asks for what the registry itself mixes in
_registry.map_to_type("subject", _Encoded)
for _name in ("list-unsubscribe", "list-unsubscribe-post", "message-id"):
    _registry.map_to_type(_name, _Whole)


def header_policy(*, utf8: bool) -> Any:
    """Return how our mails are written. ``utf8``: to an address that is not ASCII (RFC 6532)."""
    return default.clone(utf8=utf8, header_factory=_registry)
