"""What was typed, put back into the form of a page. Pure.

A page that we rendered ourselves is read, the form with the given address is found, and its fields get the given values; the rest
of the page stays as it is, to the letter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

from incubator.core.text import counted

_CHOSEN = {"checkbox", "radio", "option"}
WITHOUT_TEXT = {"hidden", "submit", "button", "reset", "image", "file", "password"}

Attributes = dict[str, str | None]

#: The end of the address of a form that only brings others together.
FOR_ALL = "?with=all"

#: The attribute of a field that is lent to another form: its name in its own.
OWN = "data-own"

#: The attribute of a row of a sheet: its fields have the names of those in the other rows.
ROW = "data-row"
MOST_ROWS = 200


def is_version(name: str) -> bool:
    """Return whether the field holds what was read, its version or its fingerprint, of a form or of one of its parts."""
    return name.partition("-")[0] in {"version", "read", "base"} and name != "read"


@dataclass(slots=True)
class _Control:
    form: str
    """The id of its form, or its number."""
    kind: str
    """The type of an input; textarea; option."""
    name: str
    attributes: Attributes
    start: int
    end: int
    """The tag itself; for a textarea its content."""
    inside: tuple[int, ...]
    """The ``details`` around it, which are opened."""
    list_start: int = 0
    """Where the list begins to which an option belongs: several rows have lists of one name."""

    @property
    def value(self) -> str:
        value = self.attributes.get("value")
        return value if value is not None else "on" if self.kind in {"checkbox", "radio"} else ""


@dataclass(slots=True)
class _Form:
    key: str
    action: str
    start: int
    end: int
    attributes: Attributes
    controls: list[_Control] = field(default_factory=list)


class Tags(HTMLParser):
    """A parser that knows where each tag stands."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [0, *(n + 1 for n, sign in enumerate(html) if sign == "\n")]

    def span(self) -> tuple[int, int]:
        """Return where the tag that is being read begins and ends."""
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        return start, start + len(self.get_starttag_text() or "")


class _Page(Tags):
    """The forms of a page, with the places of everything that may change.

    A field that is lent to another form (together.py) is in both: under its own name in the one around it.
    """

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.forms: dict[str, _Form] = {}
        self.controls: list[_Control] = []
        self.details: list[tuple[int, int, Attributes]] = []
        self._form = ""
        self._around: list[int] = []
        self._select: Attributes | None = None
        self._select_start = 0
        self.rows: list[tuple[int, int]] = []
        """Where the rows of sheets begin and end."""
        self._items: list[int | None] = []
        self._areas: list[_Control] = []
        self.counters: dict[str, int] = {}
        """Where the number stands that counts the text of the field with this id."""
        self.main_end = 0
        self.feed(html)
        self.close()
        for control in self.controls:
            if form := self.forms.get(control.form):
                form.controls.append(control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a, (start, end) = dict(attrs), self.span()
        if tag == "form":
            self._begin_form(a, start, end)
        elif tag == "details":
            self._around.append(len(self.details))
            self.details.append((start, end, a))
        elif tag == "select":
            self._select, self._select_start = a, start
        elif tag == "li":
            self._items.append(start if ROW in a else None)
        elif tag == "main":
            self.main_end = end
        elif tag == "span" and a.get("data-counter"):
            self.counters[a["data-counter"] or ""] = end
        else:
            self._control(tag, a, start, end)

    def _begin_form(self, a: Attributes, start: int, end: int) -> None:
        self._form = a.get("id") or str(start)
        if a.get("method") == "post":
            self.forms[self._form] = _Form(self._form, a.get("action") or "", start, end, a)

    def _control(self, tag: str, a: Attributes, start: int, end: int) -> None:
        of = self._select if tag == "option" else a
        if tag not in {"input", "textarea", "option"} or of is None or not of.get("name") or "disabled" in of:
            return
        kind = (a.get("type") or "text") if tag == "input" else tag
        inside = tuple(self._around)
        of_list = self._select_start if tag == "option" else 0
        found = [_Control(owner, kind, name, a, start, end, inside, of_list) for owner, name in self._names(of).items()]
        self.controls += found
        if tag == "textarea":
            self._areas = found

    def _names(self, of: Attributes) -> dict[str, str]:
        """Return the field's name in each form that has it."""
        names = {of.get("form") or self._form: of.get("name") or ""}
        lent = of.get(OWN)
        return {**names, self._form: lent} if lent else names

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "details" and self._around:
            self._around.pop()
        elif tag == "select":
            self._select = None
        elif tag == "li" and self._items and (start := self._items.pop()) is not None:
            self.rows.append((start, self.span()[0] + len("</li>")))
        elif tag == "textarea":
            for area in self._areas:
                area.end = self.span()[0]
            self._areas = []


@dataclass(frozen=True, slots=True)
class Refilled:
    html: str
    main: int
    """Where the page's main part begins: a notice may be put there."""
    rest: list[str]
    """Texts for which the page has no field any more."""
    is_typed: bool
    """Whether a field now holds another text than the page itself would show."""
    is_chosen: bool = False
    """Whether a choice is now another one than the page itself would show."""

    def with_notice(self, notice: str) -> str:
        return self.html[: self.main] + notice + self.html[self.main :]


def main_of(html: str) -> int:
    """Return where the page's main part begins."""
    return _Page(html).main_end


def refill(
    html: str, action: str, values: Iterable[tuple[str, str]], *, is_part: bool = False, takes_focus: bool = True
) -> Refilled | None:
    """Return the page with ``values`` in its form to ``action``; None if it has no such form.

    ``is_part``: the form's other fields stay as they are. ``takes_focus``: the first field that is filled in does.
    """
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in values:
        given[name].append(value)
    html = _with_room(html, action, given)
    page = _Page(html)
    form = _form_for(page, action, given)
    if form is None:
        return None
    filling = _Filling(html, form, given, is_part=is_part, takes_focus=takes_focus)
    edits = [
        *filling.edits,
        *(_opened(page.details[number]) for number in filling.opened),
        *(_counted(html, page.counters[of], value) for of, value in filling.texts.items() if of in page.counters),
    ]
    rest = [value for name, left in given.items() for value in left if _is_text(form, name, value)]
    moved = sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.start < page.main_end)
    return Refilled(edited(html, edits), page.main_end + moved, rest, filling.is_typed, filling.is_chosen)


def _with_room(html: str, action: str, given: dict[str, list[str]]) -> str:
    """Return the page with as many rows in each sheet of the form as were typed; the last row of a page is an empty one."""
    if f" {ROW}" not in html:
        return html
    page = _Page(html)
    form = _form_for(page, action, given) if page.rows else None
    if form is None:
        return html
    last = {names: row for row in page.rows if (names := _names_within(form, row))}
    edits = []
    for names, row in last.items():
        there = sum(_names_within(form, each) == names for each in page.rows)
        lacking = min(max(len(given.get(name, ())) for name in names), MOST_ROWS) - there
        edits += [Edit(row[1], row[1], html[row[0] : row[1]] * lacking)] if lacking > 0 else []
    return edited(html, edits)


def _names_within(form: _Form, row: tuple[int, int]) -> frozenset[str]:
    return frozenset(control.name for control in form.controls if row[0] < control.start < row[1])


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    start: int
    end: int
    text: str


def edited(html: str, edits: Iterable[Edit]) -> str:
    """Return the page with other texts at some places."""
    parts, end = [], 0
    for edit in sorted(edits):
        parts += [html[end : edit.start], edit.text]
        end = edit.end
    return "".join([*parts, html[end:]])


def _opened(details: tuple[int, int, Attributes]) -> Edit:
    start, end, attributes = details
    return Edit(start, end, tag_of("details", {**attributes, "open": None}))


def _counted(html: str, start: int, text: str) -> Edit:
    """Return the change of a counter: nothing else counts where no script runs."""
    return Edit(start, html.index("<", start), str(counted(text)))


def _form_for(page: _Page, action: str, given: dict[str, list[str]]) -> _Form | None:
    """Return the form that fits best; None if none has a field for what was typed."""
    form = _best_form(page, action, given)
    has_field = form and any(c.name in given for c in form.controls if c.kind not in WITHOUT_TEXT)
    return form if has_field else None


def _best_form(page: _Page, action: str, given: dict[str, list[str]]) -> _Form | None:
    fitting = [form for form in page.forms.values() if form.action == action]
    if not fitting and action.endswith(FOR_ALL):  # it goes wherever the first of the others goes (lending.py)
        fitting = [form for form in page.forms.values() if form.action.endswith(FOR_ALL)]
    return max(fitting, key=lambda form: _fit(form, given), default=None)


def _fit(form: _Form, given: dict[str, list[str]]) -> int:
    """Return how well a form fits: two forms to one address differ by what they ask and by their hidden fields."""
    asked = {c.name for c in form.controls if c.name in given}
    hidden = sum(1 if c.value in given[c.name] else -3 for c in form.controls if c.kind == "hidden" and c.name in given)
    return len(asked) + hidden


def _is_text(form: _Form, name: str, value: str) -> bool:
    return bool(value.strip()) and not any(c.name == name and c.kind in WITHOUT_TEXT for c in form.controls)


@dataclass(frozen=True, slots=True)
class Changed:
    """What is other in the values of a form than the page itself would show."""

    texts: list[tuple[str, str]]
    choices: set[str]
    """Their names. A box that was ticked and is not any more is not among the values (``unticked_in``)."""

    @property
    def names(self) -> set[str]:
        return self.choices | {name for name, _value in self.texts}


def changed_in(html: str, action: str, values: Iterable[tuple[str, str]]) -> Changed | None:
    """Return what somebody has changed; None if the page has no such form."""
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in values:
        given[name].append(value)
    form = _form_for(_Page(html), action, given)
    if form is None:
        return None
    return Changed(_texts_in(form, html, given), _choices_in(form, given))


def unticked_in(html: str, action: str, values: Iterable[tuple[str, str]]) -> set[str]:
    """Return the names of the boxes that the page ticks and that are not among the values, which a browser sent of all of it."""
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in values:
        given[name].append(value)
    form = _best_form(_Page(html), action, given)
    boxes = [c for c in form.controls if c.kind == "checkbox" and "checked" in c.attributes] if form else []
    return {box.name for box in boxes if box.name not in given}


def _choices_in(form: _Form, given: dict[str, list[str]]) -> set[str]:
    shown = defaultdict[str, list[str]](list)
    chosen = _chosen_by_the_page(form)
    for control in form.controls:
        if control.kind in _CHOSEN and control.name in given:
            shown[control.name] += [control.value] if control.start in chosen else []
    lists = _lists_in(form)
    return {
        name
        for name, values in shown.items()
        if (given[name] != values if len(lists[name]) > 1 else set(given[name]) != set(values))
    }


def _lists_in(form: _Form) -> dict[str, list[int]]:
    """Return where the lists of each name begin, in order."""
    lists = defaultdict[str, list[int]](list)
    for control in form.controls:
        if control.kind == "option" and control.list_start not in lists[control.name]:
            lists[control.name].append(control.list_start)
    return lists


def _texts_in(form: _Form, html: str, given: dict[str, list[str]]) -> list[tuple[str, str]]:
    left = {name: list(values) for name, values in given.items()}
    fields = [control for control in form.controls if control.kind not in _CHOSEN and left.get(control.name)]
    filled = [(control, left[control.name].pop(0)) for control in fields if left[control.name]]
    return [(control.name, value) for control, value in filled if _is_typed(html, control, value)]


def _chosen_by_the_page(form: _Form) -> set[int]:
    """Return where the choices stand that the page itself makes. Of a list in which nothing is chosen, browsers take the first."""
    lists: dict[int, list[_Control]] = defaultdict(list)
    for control in form.controls:
        if control.kind == "option":
            lists[control.list_start].append(control)
    marked = {c.start for c in form.controls if c.kind in _CHOSEN and {"checked", "selected"} & c.attributes.keys()}
    return marked | {options[0].start for options in lists.values() if not any(o.start in marked for o in options)}


def _is_typed(html: str, control: _Control, value: str) -> bool:
    """Return whether the value is another than the page itself would show in this text field."""
    if control.kind in WITHOUT_TEXT:
        return False
    if control.kind == "textarea":
        before = unescape(html[control.start : control.end].partition(">")[2])
    else:
        before = control.attributes.get("value") or ""
    return before.split() != value.split()


class _Filling:
    """The changes to one form. What is used is taken out of ``given``."""

    def __init__(
        self, html: str, form: _Form, given: dict[str, list[str]], *, is_part: bool, takes_focus: bool
    ) -> None:
        unsaved = {**form.attributes, "data-unsaved": None}
        self.edits = [] if is_part else [Edit(form.start, form.end, tag_of("form", unsaved))]
        self.is_typed = self.is_chosen = False
        self._html = html
        self._chosen = _chosen_by_the_page(form)
        self._lists = _lists_in(form)
        self.opened = set[int]()
        """The ``details`` in which something was typed."""
        self.texts: dict[str, str] = {}
        """What was written into the long texts, by their ids."""
        self._given = given
        self._has_focus = not takes_focus
        choices = set[str]()
        for control in form.controls:
            if control.kind in _CHOSEN and (control.name in given or not is_part):
                self._choose(control)
                choices.add(control.name)
            elif control.kind not in WITHOUT_TEXT | _CHOSEN or is_version(control.name):
                self._write(control)
        for name in choices:
            given.pop(name, None)

    def _choose(self, control: _Control) -> None:
        tag, mark = ("option", "selected") if control.kind == "option" else ("input", "checked")
        attributes = {name: value for name, value in control.attributes.items() if name != mark}
        is_chosen = control.value in self._values_for(control)
        if is_chosen:
            attributes[mark] = None
        self.is_chosen |= is_chosen != (control.start in self._chosen)
        self.edits.append(Edit(control.start, control.end, tag_of(tag, attributes)))

    def _values_for(self, control: _Control) -> list[str]:
        """Return what was chosen; of several lists of one name each takes the value in its place."""
        given, lists = self._given.get(control.name, []), self._lists.get(control.name, [])
        if len(lists) < 2:
            return given
        place = lists.index(control.list_start)
        return given[place : place + 1]

    def _write(self, control: _Control) -> None:
        if not self._given.get(control.name):
            return
        value = self._given[control.name].pop(0)
        attributes = dict(control.attributes)
        if not self._has_focus and control.kind not in WITHOUT_TEXT:
            self._has_focus = True
            attributes["autofocus"] = None
        if control.kind == "textarea":
            self.texts[attributes.get("id") or ""] = value
            text = f"{tag_of('textarea', attributes)}\n{escape(value, quote=False)}"
        else:
            text = tag_of("input", {**attributes, "value": value})
        self.is_typed |= _is_typed(self._html, control, value)
        self.edits.append(Edit(control.start, control.end, text))
        if value.strip():
            self.opened |= set(control.inside)


def tag_of(name: str, attributes: Attributes) -> str:
    written = (key if value is None else f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{' '.join((name, *written))}>"
