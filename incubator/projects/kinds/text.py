"""A text in Markdown: what a section holds unless its season says otherwise. Pure."""

from collections.abc import Sequence

from incubator.core.languages import _
from incubator.core.text import clean
from incubator.projects.kinds.kind import Advice, CellChange, CellProblem, Typed


class TextKind:
    """Its length is the section's own limit, which the gate checks; its differences are shown word by word."""

    key = "text"

    @property
    def title(self) -> str:
        return _("Текст")

    def typed(self, form: Typed, suffix: str = "") -> str:
        return clean(form.value(f"text{suffix}"))

    def text(self, stored: str) -> str:
        return stored

    def problems(self, stored: str) -> Sequence[CellProblem]:
        return ()

    def advice(self, stored: str) -> Sequence[Advice]:
        return ()

    def changes(self, before: str, after: str) -> Sequence[CellChange]:
        return ()


KIND = TextKind()
