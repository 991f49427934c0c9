"""A criterion as a page shows it: title, hint and an anchor sentence for each level."""

from dataclasses import dataclass

import msgspec

from incubator.core.languages import current_locale, localized
from incubator.programme.seasons import sections_of_criterion
from incubator.programme.tables import Criterion
from incubator.projects.document import rubric_ids
from incubator.projects.tables import Submission

_decode = msgspec.json.Decoder(list[str]).decode


@dataclass(frozen=True, slots=True)
class Anchored:
    id: int
    key: str
    title: str
    hint: str
    weight: int
    lowest: int
    highest: int
    levels: list[tuple[str, str]]
    """(value, anchor sentence) pairs, from the lowest level to the highest."""
    sections: tuple[str, ...]
    """Keys of the sections that it looks at."""

    def anchor(self, level: int | None) -> str:
        """Return the sentence of ``level``; empty for "not applicable"."""
        return next((text for value, text in self.levels if value == str(level)), "")


def anchored(criterion: Criterion) -> Anchored:
    """Return ``criterion`` in the current language; a level without a sentence shows only its number."""
    chosen = criterion.anchors_ru if current_locale() == "ru" else criterion.anchors_en
    sentences = _decode(chosen) or _decode(criterion.anchors_ru)
    values = range(criterion.lowest, criterion.highest + 1)
    padded = [*sentences, *[""] * len(values)]
    return Anchored(
        id=criterion.id,
        key=criterion.key,
        title=localized(criterion, "title"),
        hint=localized(criterion, "hint") if criterion.hint_ru or criterion.hint_en else "",
        weight=criterion.weight,
        lowest=criterion.lowest,
        highest=criterion.highest,
        levels=[(str(v), text) for v, text in zip(values, padded, strict=False)],
        sections=sections_of_criterion(criterion),
    )


async def rubric_of(submission: Submission) -> list[Criterion]:
    """Return the criteria by which a submission is judged, as they were when it was submitted."""
    ids = rubric_ids(submission)
    rows = {row.id: row for row in await Criterion.objects().where(Criterion.id.is_in(ids or [0]))}
    return [rows[i] for i in ids if i in rows]
