"""The sections of a document as a list: what is written, remarked and still empty."""

from dataclasses import dataclass

from incubator.core.text import short
from incubator.gates.workplace import Workplace
from incubator.http.markdown.plain import plain
from incubator.projects.document import Part
from incubator.projects.kinds.registry import TEXT

#: What a line of a phone shows of a text, in characters.
_GLANCE = 70


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A section in the list of contents."""

    part: Part
    is_here: bool
    remarks: int
    """Remarks that nobody has marked as addressed."""
    has_advice: bool
    glance: str = ""
    """How its text begins."""

    @property
    def state(self) -> str:
        return "here" if self.is_here else "full" if self.part.says_something else "empty"


def contents_of(work: Workplace, here: Part | None = None, *, glances: bool = False) -> dict[str, list[ContentsLine]]:
    """Return the lines by stage, the current one first; ``glances``: with the beginning of each text."""
    return {
        group.stage: [
            ContentsLine(
                part, part is here, _open_remarks(work, part), bool(work.advised[part.key]), _glance(work, part) if glances else ""
            )
            for part in group.parts
        ]
        for group in work.groups
    }  # fmt: skip


def _open_remarks(work: Workplace, part: Part) -> int:
    return sum(remark.addressed_at is None for remark in work.remarks.get(part.key, []))


def _glance(work: Workplace, part: Part) -> str:
    return short(plain(work.prose(part.value)[: _GLANCE * 8]), _GLANCE) if part.kind is TEXT else ""
