"""What was typed, put back into the form of a page. Pure.

A page that we rendered ourselves is read, the form with the given address is found, and its fields get the given values; the rest
of the page stays as it is, to the letter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_CHOSEN = {"checkbox", "radio", "option"}
_WITHOUT_TEXT = {"hidden", "submit", "button", "reset", "image", "file", "password"}

Attributes = dict[str, str | None]


def is_version(name: str) -> bool:
    """Return whether the field holds the version that was read, of a form or of one of its parts: it stays as it was read."""
    return name == "version" or name.startswith("version-")


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

    @property
    def value(self) -> str:
        return self.attributes.get("value") or ("on" if self.kind in {"checkbox", "radio"} else "")


@dataclass(slots=True)
class _Form:
    key: str
    action: str
    start: int
    end: int
    attributes: Attributes
    controls: list[_Control] = field(default_factory=list)


class _Page(HTMLParser):
    """The forms of a page, with the places of everything that may change."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, _Form] = {}
        self.controls: list[_Control] = []
        self.details: list[tuple[int, int, Attributes]] = []
        self._lines = [0, *(n + 1 for n, sign in enumerate(html) if sign == "\n")]
        self._form = ""
        self._around: list[int] = []
        self._select: Attributes | None = None
        self._area: _Control | None = None
        self.main_end = 0
        self.feed(html)
        self.close()
        for control in self.controls:
            if form := self.forms.get(control.form):
                form.controls.append(control)

    def _span(self) -> tuple[int, int]:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        return start, start + len(self.get_starttag_text() or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a, (start, end) = dict(attrs), self._span()
        if tag == "form":
            self._form = a.get("id") or str(start)
            if a.get("method") == "post":
                self.forms[self._form] = _Form(self._form, a.get("action") or "", start, end, a)
        elif tag == "details":
            self._around.append(len(self.details))
            self.details.append((start, end, a))
        elif tag == "select":
            self._select = a
        elif tag == "main":
            self.main_end = end
        else:
            self._control(tag, a, start, end)

    def _control(self, tag: str, a: Attributes, start: int, end: int) -> None:
        of = self._select if tag == "option" else a
        if tag not in {"input", "textarea", "option"} or of is None or not of.get("name") or "disabled" in of:
            return
        kind = (a.get("type") or "text") if tag == "input" else tag
        name, owner = of.get("name") or "", of.get("form") or self._form
        control = _Control(owner, kind, name, a, start, end, tuple(self._around))
        self.controls.append(control)
        if tag == "textarea":
            self._area = control

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "details" and self._around:
            self._around.pop()
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            line, column = self.getpos()
            self._area.end = self._lines[line - 1] + column
            self._area = None


@dataclass(frozen=True, slots=True)
class Refilled:
    html: str
    main: int
    """Where the page's main part begins: a notice may be put there."""
    rest: list[str]
    """Texts for which the page has no field any more."""

    def with_notice(self, notice: str) -> str:
        return self.html[: self.main] + notice + self.html[self.main :]


def refill(html: str, action: str, values: Iterable[tuple[str, str]]) -> Refilled | None:
    """Return the page with ``values`` in its form to ``action``; None if it has no such form."""
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in values:
        given[name].append(value)
    page = _Page(html)
    form = _form_for(page, action, given)
    if form is None:
        return None
    filling = _Filling(form, given)
    edits = [*filling.edits, *(_opened(page.details[number]) for number in filling.opened)]
    rest = [value for name, left in given.items() for value in left if _is_text(form, name, value)]
    moved = sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.start < page.main_end)
    for edit in sorted(edits, reverse=True):
        html = html[: edit.start] + edit.text + html[edit.end :]
    return Refilled(html, page.main_end + moved, rest)


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    start: int
    end: int
    text: str


def _opened(details: tuple[int, int, Attributes]) -> _Edit:
    start, end, attributes = details
    return _Edit(start, end, _tag("details", {**attributes, "open": None}))


def _form_for(page: _Page, action: str, given: dict[str, list[str]]) -> _Form | None:
    """Return the form that fits best; None if none has a field for what was typed."""
    fitting = [form for form in page.forms.values() if form.action == action]
    form = max(fitting, key=lambda form: _fit(form, given), default=None)
    has_field = form and any(c.name in given for c in form.controls if c.kind not in _WITHOUT_TEXT)
    return form if has_field else None


def _fit(form: _Form, given: dict[str, list[str]]) -> int:
    """Return how well a form fits: two forms to one address differ by what they ask and by their hidden fields."""
    asked = {c.name for c in form.controls if c.name in given}
    hidden = sum(1 if c.value in given[c.name] else -3 for c in form.controls if c.kind == "hidden" and c.name in given)
    return len(asked) + hidden


def _is_text(form: _Form, name: str, value: str) -> bool:
    return bool(value.strip()) and not any(c.name == name and c.kind in _WITHOUT_TEXT for c in form.controls)


class _Filling:
    """The changes to one form. What is used is taken out of ``given``."""

    def __init__(self, form: _Form, given: dict[str, list[str]]) -> None:
        self.edits = [_Edit(form.start, form.end, _tag("form", {**form.attributes, "data-unsaved": None}))]
        self.opened = set[int]()
        """The ``details`` in which something was typed."""
        self._given = given
        self._has_focus = False
        chosen = [control for control in form.controls if control.kind in _CHOSEN]
        for control in form.controls:
            if control.kind in _CHOSEN:
                self._choose(control)
            elif control.kind not in _WITHOUT_TEXT or is_version(control.name):
                self._write(control)
        for control in chosen:
            given.pop(control.name, None)

    def _choose(self, control: _Control) -> None:
        tag, mark = ("option", "selected") if control.kind == "option" else ("input", "checked")
        attributes = {name: value for name, value in control.attributes.items() if name != mark}
        if control.value in self._given.get(control.name, []):
            attributes[mark] = None
        self.edits.append(_Edit(control.start, control.end, _tag(tag, attributes)))

    def _write(self, control: _Control) -> None:
        if not self._given.get(control.name):
            return
        value = self._given[control.name].pop(0)
        attributes = dict(control.attributes)
        if not self._has_focus and control.kind not in _WITHOUT_TEXT:
            self._has_focus = True
            attributes["autofocus"] = None
        if control.kind == "textarea":
            text = f"{_tag('textarea', attributes)}\n{escape(value, quote=False)}"
        else:
            text = _tag("input", {**attributes, "value": value})
        self.edits.append(_Edit(control.start, control.end, text))
        if value.strip():
            self.opened |= set(control.inside)


def _tag(name: str, attributes: Attributes) -> str:
    written = (key if value is None else f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{' '.join((name, *written))}>"
