"""The filters as offered by the catalogue: values with their counts, and the current choice."""

from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from incubator.core.formatting import number
from incubator.core.languages import _
from incubator.http.templating import add_words
from incubator.showcase.catalogue import Found
from incubator.showcase.filters import CATALOGUE, Wish
from incubator.showcase.reference_titles import Lists, stage_titles, titles_of


class Option(NamedTuple):
    value: str
    title: str
    number: int


class Choice(NamedTuple):
    """One filter: its parameter, its label, and the text when nothing is chosen."""

    name: str
    label: str
    any: str
    options: list[Option]


class Active(NamedTuple):
    """An active filter, and the address without it."""

    label: str
    title: str
    url: str


def labels() -> dict[str, tuple[str, str]]:
    """Return label and "any" text of each filter except the stage, in the order of the page."""
    return {
        "cluster": (_("Кластер"), _("Все кластеры")),
        "municipality": (_("Район"), _("Все районы")),
        "season": (_("Сезон"), _("Все сезоны")),
        "competency": (_("Компетенция"), _("Все компетенции")),
        "kind": (_("Где учится команда"), _("Все организации")),
        "help": (_("Помощь"), _("Нужна или нет")),
        "award": (_("Награда"), _("Все награды")),
    }


def choices(wish: Wish, found: Found, lists: Lists) -> list[Choice]:
    """Return all filters except the stage, with only the values that would leave something, and the chosen one."""
    return [Choice(name, label, none, _options(name, wish, found, lists)) for name, (label, none) in labels().items()]


def _options(name: str, wish: Wish, found: Found, lists: Lists) -> list[Option]:
    counts = found.counts[name]
    return [
        Option(value, title, counts.get(value, 0))
        for value, title in titles_of(name, lists).items()
        if counts.get(value) or value == wish.value(name)
    ]


def stage_chips(wish: Wish, found: Found, *, path: str = CATALOGUE) -> list[dict[str, Any]]:
    """Return the stages as links, preceded by the total."""
    counts = found.counts["stage"]
    values = [("", _("Все"), sum(counts.values()))]
    values += [(value, title, counts.get(value, 0)) for value, title in stage_titles().items()]
    return [{"value": v, "title": title, "count": n, "url": wish.url(path, stage=v)} for v, title, n in values]


def active_choices(wish: Wish, lists: Lists, *, path: str = CATALOGUE) -> list[Active]:
    """Return the active filters, each with a link that removes it."""
    said = labels()
    chosen = [
        Active(said[name][0], titles_of(name, lists).get(value, "…"), wish.url(path, **{name: ""}))
        for name, value in wish.chosen.items()
        if name in said
    ]
    words = [Active(_("Слова"), wish.words, wish.url(path, q=""))] if wish.words else []
    return words + chosen


def as_options(options: list[Option], chosen: str) -> Markup:
    """Return what stands in a list of values with their numbers. A catalogue has a hundred of them: a loop in its template took as long as its queries."""
    return Markup(  # noqa: S704 - escaped
        "\n ".join(
            f'<option value="{_escaped(value)}"{" selected" if value == chosen else ""}>\n {_escaped(title)} ({number(n)})\n </option>'
            for value, title, n in options
        )
    )


@lru_cache(2048)
def _escaped(text: str) -> Markup:
    return escape(text)


add_words(as_options)
