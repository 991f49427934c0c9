"""A gentle look at a review before it goes to teenagers: would they know what to do with it? Pure."""

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
#: A level at and below which the team needs to hear what to do.
LOW = 1
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """A criterion with the words by which one recognises it, in both languages."""

    title: str
    words: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Concerns:
    is_empty_praise: bool
    """Nothing but kind words: pleasant, and of no use."""
    unexplained: tuple[str, ...]
    """Titles of criteria with a low level on which neither advice nor notes say a word."""

    def __bool__(self) -> bool:
        return self.is_empty_praise or bool(self.unexplained)


def concerns(advice: str, notes: Iterable[str], judged: Iterable[JudgedCriterion]) -> Concerns:
    said = " ".join([advice, *notes])
    stems = _stems(said)
    own = [word for word in _WORD.findall(said.casefold()) if word.replace("ё", "е") not in _PRAISE]
    return Concerns(
        is_empty_praise=len(set(own)) < 3,
        unexplained=tuple(
            c.title for c in judged if c.level is not None and c.level <= LOW and not _stems(c.words) & stems
        ),
    )


def _stems(text: str) -> set[str]:
    """Russian and English; words of little weight are left out by their length."""
    words = [word.replace("ё", "е") for word in _WORD.findall(text.casefold())]
    # A stemmer keeps a buffer, so each call has its own.
    stems = {stem for language in ("russian", "english") for stem in Stemmer(language).stemWords(words)}
    return {stem for stem in stems if len(stem) > _SHORTEST_STEM}
