"""A criterion as a page shows it: title, hint and an anchor sentence for each level."""

from dataclasses import dataclass

import msgspec

from incubator.programme.tables import Criterion
from incubator.web.i18n import current_locale, localized

_decode = msgspec.json.Decoder(list[str]).decode


@dataclass(frozen=True, slots=True)
class Anchored:
    id: int
    key: str
    title: str
    hint: str
    weight: int
    highest: int
    levels: list[tuple[str, str]]
    """(value, anchor sentence), from the lowest level to the highest."""

    def anchor(self, level: int | None) -> str:
        """The sentence of ``level``; empty for "not applicable"."""
        return next((text for value, text in self.levels if value == str(level)), "")


def anchored(criterion: Criterion) -> Anchored:
    """``criterion`` in the current language; a level without a sentence shows its number alone."""
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
        highest=criterion.highest,
        levels=[(str(v), text) for v, text in zip(values, padded, strict=False)],
    )
