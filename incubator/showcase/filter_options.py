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
    """One filter: its parameter, its label, and the values to choose from."""

    name: str
    label: str
    options: list[Option]
    chosen: tuple[str, ...]


class Active(NamedTuple):
    """One value of an active filter, and the address without it."""

    id: str
    label: str
    title: str
    url: str


def labels() -> dict[str, str]:
    """Return the label of each filter except the stage, in the order of the page."""
    return {
        "cluster": _("Кластер"),
        "municipality": _("Район"),
        "season": _("Сезон"),
        "competency": _("Компетенция"),
        "kind": _("Где учится команда"),
        "help": _("Помощь"),
        "award": _("Награда"),
    }


def choices(wish: Wish, found: Found, lists: Lists) -> list[Choice]:
    """Return all filters except the stage, with only the values that would leave something, and the chosen ones."""
    return [
        Choice(name, label, _options(name, wish, found, lists), wish.values(name)) for name, label in labels().items()
    ]


def _options(name: str, wish: Wish, found: Found, lists: Lists) -> list[Option]:
    counts = found.counts[name]
    return [
        Option(value, title, counts.get(value, 0))
        for value, title in titles_of(name, lists).items()
        if counts.get(value) or value in wish.values(name)
    ]


def stage_chips(wish: Wish, found: Found, *, path: str = CATALOGUE) -> list[dict[str, Any]]:
    """Return the stages as links that add or remove them, preceded by the total, which removes all."""
    counts, chosen = found.counts["stage"], wish.values("stage")
    total = {
        "value": "",
        "title": _("Все"),
        "count": sum(counts.values()),
        "is_on": not chosen,
        "url": wish.url(path, stage=""),
    }
    return [total] + [
        {
            "value": value,
            "title": title,
            "count": counts.get(value, 0),
            "is_on": value in chosen,
            "url": wish.url(path, stage=wish.toggled("stage", value)),
        }
        for value, title in stage_titles().items()
    ]


def active_choices(wish: Wish, lists: Lists, *, path: str = CATALOGUE) -> list[Active]:
    """Return the values that are filtered by except the stages, each with a link that removes it alone."""
    said = labels()
    chosen = [
        Active(
            f"{name}-{value}",
            said[name],
            titles_of(name, lists).get(value, "…"),
            wish.url(path, **{name: wish.toggled(name, value)}),
        )
        for name, values in wish.chosen.items()
        if name in said
        for value in values
    ]
    words = [Active("words", _("Слова"), wish.words, wish.url(path, q=""))] if wish.words else []
    return words + chosen


def as_checkboxes(choice: Choice) -> Markup:
    """Return the values of a filter with their numbers. A catalogue has a hundred of them: a loop in its template took as long as its queries."""
    return Markup(  # noqa: S704 - escaped
        "\n ".join(
            f'<li><label class="option"><input type="checkbox" name="{choice.name}" value="{_escaped(value)}"'
            f'{" checked" if value in choice.chosen else ""}> <span>{_escaped(title)}</span> <span class="chip-count">{number(n)}</span></label></li>'
            for value, title, n in choice.options
        )
    )


@lru_cache(2048)
def _escaped(text: str) -> Markup:
    return escape(text)


add_words(as_checkboxes)
