"""A check of a review before it is sent to teenagers: would they know what to do with it? Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W\d_]+")
_PRAISE = frozenset(
    [
        "молодец",
        "молодцы",
        "умница",
        "умницы",
        "отлично",
        "хорошо",
        "супер",
        "здорово",
        "прекрасно",
        "замечательно",
        "классно",
        "круто",
        "работа",
        "работу",
        "идея",
        "проект",
        "так",
        "держать",
        "очень",
        "все",
        "вы",
        "и",
        "это",
        "понравилось",
        "удачи",
        "успехов",
        "спасибо",
        "желаю",
        "дальше",
        "продолжайте",
        "great",
        "good",
        "well",
        "done",
        "excellent",
        "nice",
        "job",
        "work",
        "idea",
        "project",
        "very",
        "keep",
        "it",
        "up",
        "the",
        "you",
        "all",
        "and",
        "this",
        "is",
        "congratulations",
        "luck",
        "thanks",
        "thank",
        "go",
        "on",
    ]
)
#: In this part of the scale or below, the team needs advice: level 1 of 0–3.
_LOW = 1 / 3
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """A criterion with the words that identify it, in both languages."""

    title: str
    words: str
    level: int | None
    """None: not applicable."""
    lowest: int = 0
    highest: int = 3

    @property
    def is_low(self) -> bool:
        return self.level is not None and self.level - self.lowest <= _LOW * (self.highest - self.lowest)


@dataclass(frozen=True, slots=True)
class Concerns:
    is_empty_praise: bool
    """Only kind words: pleasant, but useless."""
    unexplained: tuple[str, ...]
    """Titles of criteria with a low level that neither advice nor notes mention."""
    unanswered: tuple[str, ...] = ()
    """Titles of criteria that are answered "not applicable": the score will be about the rest."""
    coverage: float = 1.0
    """Share of the rubric's weight that the score will be about, 0–1."""

    def __bool__(self) -> bool:
        return self.is_empty_praise or bool(self.unexplained) or bool(self.unanswered)


def concerns(advice: str, notes: Iterable[str], judged: Iterable[JudgedCriterion]) -> Concerns:
    said = " ".join([advice, *notes])
    stems = _stems(said)
    own = [word for word in _WORD.findall(said.casefold()) if word.replace("ё", "е") not in _PRAISE]
    return Concerns(
        is_empty_praise=bool(_WORD.search(said)) and len(set(own)) < 3,
        unexplained=tuple(c.title for c in judged if c.is_low and not _stems(c.words) & stems),
    )


def _stems(text: str) -> set[str]:
    """Return the stems, Russian and English; unimportant words are skipped by their length."""
    words = [word.replace("ё", "е") for word in _WORD.findall(text.casefold())]
    # A stemmer keeps a buffer, so each call creates its own.
    stems = {stem for language in ("russian", "english") for stem in Stemmer(language).stemWords(words)}
    return {stem for stem in stems if len(stem) > _SHORTEST_STEM}
