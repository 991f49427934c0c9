"""Links: videos, prototypes, code and documents that lie elsewhere. Pure.

A card names the host that opens; nothing is loaded from there before somebody clicks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from incubator.core.languages import _
from incubator.core.web_address import WebAddress
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.printing import Cells, Printed, linked
from incubator.projects.kinds.sheet import Row, Sheet, SheetKind
from incubator.typesetting.blocks import ListBlock, Span, Spans, TextBlock


def sorts() -> dict[str, str]:
    return {
        "video": _("видео"),
        "prototype": _("прототип"),
        "code": _("код"),
        "document": _("документ"),
        "other": _("другое"),
    }


SORT = Column("sort", lambda: _("Что это"), Holds.CHOICE, options=sorts)
LINK = Column("link", lambda: _("Ссылка"), Holds.LINK, longest=1000, is_needed=True, hint=lambda: _("вся, с https://"))
COLUMNS = (
    Column("title", lambda: _("Название"), longest=120, is_needed=True),
    LINK,
    SORT,
    Column("about", lambda: _("Что там увидят"), longest=300),
)


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A link as it is drawn; without ``address``: what was typed is none, and stands as text."""

    sort: str
    title: str
    typed: str
    address: WebAddress | None
    about: str

    @property
    def sort_shown(self) -> str:
        return sorts()[self.sort]


def results(sheet: Sheet) -> tuple[LinkCard, ...]:
    return tuple(_card(row) for row in sheet.rows)


def _card(row: Row) -> LinkCard:
    sort, link = row.get("sort", ""), row.get("link", "")
    known = sort if sort in sorts() else next(iter(sorts()))
    return LinkCard(known, row.get("title", ""), link, LINK.link(link), row.get("about", ""))


def lines(found: tuple[LinkCard, ...]) -> Sequence[tuple[str, str]]:
    """Return the hosts, for the search: those in their own letters, too."""
    hosts = dict.fromkeys(each.address.host for each in found if each.address)
    return [(_("Где лежит"), ", ".join(hosts))] if hosts else []


def printing(_fields: Cells, _rows: Sequence[Cells], found: tuple[LinkCard, ...]) -> Printed:
    return Printed((ListBlock(tuple((TextBlock(_on_paper(card)),) for card in found)),) if found else ())


def _on_paper(card: LinkCard) -> Spans:
    about = (Span(f"\n{card.about}"),) if card.about else ()
    sort = Span(f"{card.sort_shown}: ", quiet=True)
    if not card.address:
        return (sort, Span(card.title or card.typed, bold=True), *about)
    address = str(card.address)
    return (sort, *linked(card.title or card.address.host, address), Span(f"\n{address}", quiet=True), *about)


KIND = SheetKind(
    "links", lambda: _("Ссылки"), columns=COLUMNS, most_rows=30, results=results, lines=lines, printing=printing
)
