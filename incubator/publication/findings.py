"""What in a text names or locates somebody, and what has to happen with it before the public may read it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Protocol
from urllib.parse import quote, unquote

from incubator.names.matcher import NameMatcher, PersonName
from incubator.names.personal_data import Mention, PersonalKind, mentions_in
from incubator.publication.hiding import canonical, occurrences, readable, standing_in
from incubator.publication.visible_text import Highlight, Visible, marked, visible_of

#: How often one thing is encoded, at most.
_MOST_ENCODED = 3


class Known(Protocol):
    """Somebody of the team; ``people_named.py: TeamName``."""

    @property
    def person(self) -> int: ...
    @property
    def name(self) -> PersonName: ...
    @property
    def may_be_named(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Unasked:
    """Somebody who has no account, and whom nobody has asked."""

    name: PersonName
    person: int = 0
    may_be_named: bool = False


class Standing(StrEnum):
    """What has to happen with a finding."""

    FORBIDDEN = "forbidden"
    """The name of somebody who did not consent: it is hidden, or an organiser says that it is no name."""
    OPEN = "open"
    """A telephone number, an address: it is hidden, or an organiser says that everybody may read it."""
    NAMED = "named"
    """The name of somebody who consented to it."""
    KEPT = "kept"
    """An organiser has said that it may stay."""


@dataclass(frozen=True, slots=True)
class TextFinding:
    place: str
    """A section's key, or the name of a line beside the sections."""
    passage: str
    kind: PersonalKind
    standing: Standing
    people: frozenset[int] = frozenset()
    """Ids of those whom it may name."""
    is_seen: bool = True
    """Otherwise it stands where readers of the page do not see it: in a link, in the source."""

    @property
    def is_forbidden(self) -> bool:
        return self.standing is Standing.FORBIDDEN

    @property
    def is_open(self) -> bool:
        return self.standing in {Standing.FORBIDDEN, Standing.OPEN}


@dataclass(frozen=True, slots=True)
class Piece:
    """One text with what was found in it."""

    html: str
    """With the findings marked where they stand."""
    findings: list[TextFinding] = field(default_factory=list)


class Judge:
    """Finds, and knows what each finding means."""

    def __init__(self, people: Sequence[Known], kept: Iterable[str]) -> None:
        self._people = people
        self._kept = {canonical(passage) for passage in kept}
        self.matcher = NameMatcher([person.name for person in people], contacts=True)

    def finding(self, place: str, passage: str, mention: Mention, *, is_seen: bool) -> TextFinding:
        who = [self._people[number] for number in mention.who]
        return TextFinding(
            place,
            passage,
            mention.kind,
            self._standing(passage, mention, who),
            frozenset(p.person for p in who),
            is_seen,
        )

    def _standing(self, passage: str, mention: Mention, who: Sequence[Known]) -> Standing:
        if canonical(passage) in self._kept:
            return Standing.KEPT
        if mention.kind is not PersonalKind.PERSON:
            return Standing.OPEN
        return Standing.NAMED if who and all(person.may_be_named for person in who) else Standing.FORBIDDEN


def find_in(place: str, text: str, html: str | None, judge: Judge) -> Piece:
    """Return the findings of one text. ``html``: how it is shown; None: as it is written, on one line."""
    shown = escape(text) if html is None else html
    visible = visible_of(shown)
    findings: dict[str, TextFinding] = {}
    marks: list[Highlight] = []
    for mention in mentions_in(visible.text, judge.matcher):
        passage = " ".join(visible.text[mention.start : mention.end].split())
        if not occurrences(text, passage) and occurrences(text, run := _run_around(visible.text, mention)):
            passage = run  # it begins inside a word: «aaaa…a@mail.ru»
        finding = findings.setdefault(canonical(passage), judge.finding(place, passage, mention, is_seen=True))
        marks.append(Highlight(mention.start, mention.end, _mark(finding)))
    _add_unseen(place, text, visible, judge, findings, marks)
    return Piece(marked(shown, visible, marks), list(findings.values()))


def find_in_paper(place: str, words: str, hidden: Iterable[str], judge: Judge) -> Piece:
    """Return the findings of what is written in a paper, and what of it is hidden elsewhere. It is shown as its own program shows it, without marks."""
    findings: dict[str, TextFinding] = {}
    for mention in mentions_in(words, judge.matcher):
        passage = " ".join(words[mention.start : mention.end].split())
        findings.setdefault(canonical(passage), judge.finding(place, passage, mention, is_seen=True))
    for passage in standing_in(words, hidden):
        findings.setdefault(canonical(passage), TextFinding(place, passage, PersonalKind.PERSON, Standing.OPEN))
    return Piece("", list(findings.values()))


def _mark(finding: TextFinding) -> str:
    return f"finding finding-{finding.standing}"


def _add_unseen(
    place: str, text: str, visible: Visible, judge: Judge, findings: dict[str, TextFinding], marks: list[Highlight]
) -> None:
    """Add what stands in addresses of links, where the link is marked, and in the source alone."""
    for link in visible.links:
        address = _decoded(link.address)
        for mention in mentions_in(address, judge.matcher):
            passage = _as_written(text, address[mention.start : mention.end], link.address)
            finding = findings.setdefault(canonical(passage), judge.finding(place, passage, mention, is_seen=False))
            marks.append(Highlight(link.start, link.end, _mark(finding)))
    for passage, mention in _in_source(text, judge):
        wanted = canonical(passage)
        if wanted and not any(wanted in known or known in wanted for known in findings):
            findings[wanted] = judge.finding(place, passage, mention, is_seen=False)


def _in_source(text: str, judge: Judge) -> Iterator[tuple[str, Mention]]:
    """Yield what the source says, and what it says in encoded words, as passages that can be hidden."""
    for mention in mentions_in(text, judge.matcher):
        passage = " ".join(text[mention.start : mention.end].split())
        yield passage if occurrences(text, passage) else _run_around(text, mention), mention
    for run in dict.fromkeys(text.split() if "%" in text else ()):
        decoded = _decoded(run)
        for mention in mentions_in(decoded, judge.matcher) if decoded != run else ():
            yield _as_written(text, decoded[mention.start : mention.end], run), mention


#: What an import hides by itself. Names in networks are often a project's own page there.
_HIDDEN_UNSEEN = frozenset(
    {PersonalKind.EMAIL, PersonalKind.PHONE, PersonalKind.HOME, PersonalKind.PAPER, PersonalKind.BIRTH}
)


def to_hide_unseen(texts: Iterable[str], people: Iterable[PersonName] = ()) -> tuple[str, ...]:
    """Return the telephone numbers, addresses and names of ``people`` in texts that nobody looks through before they are public.

    Also those that only the page or the address of a link says: «masha&#64;mail.ru», «mailto:masha%40mail.ru».
    """
    judge = Judge([_Unasked(name) for name in people], ())
    found = {
        canonical(passage): passage
        for text in texts
        for source in (text, readable(text).text)
        for passage, mention in _in_source(source, judge)
        if mention.kind in _HIDDEN_UNSEEN or mention.who
    }
    return tuple(found.values())


def _run_around(text: str, mention: Mention) -> str:
    """Return the words from blank to blank in which a mention stands: less than that could not be told from its neighbours."""
    start, end = mention.start, mention.end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return " ".join(text[start:end].split())


def _as_written(text: str, passage: str, around: str) -> str:
    """Return ``passage`` as the source has it: the letters of an address are often written as «%D0%9A».

    ``around``: the address or the words in which it stands, for letters that are written otherwise. Whatever is found
    can be hidden.
    """
    ways = (passage, quote(passage, safe=""), around, unquote(around))
    return next((way for way in ways if occurrences(text, way)), passage)


def _decoded(address: str) -> str:
    """Return an address without «%40», also where somebody encoded it twice."""
    for _time in range(_MOST_ENCODED):
        address = unquote(address)
    return address
