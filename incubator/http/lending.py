"""The forms of a page, lent to one of them, so that a browser without scripts sends them all (together.py takes them apart).

The layout lends every page on which somebody who is signed in may type. A page with a long form, such as a document or a review,
marks it with ``data-together``; on other pages an empty form brings the others together. Scripts give every field back to
its own form as soon as they run (static/js/apart.js), because they save by themselves.

Left alone are forms that ask for a password, which nobody else's button shall send; those with a file, which no page can show
again; and those that search, which lead on like a link.
"""

import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from markupsafe import Markup

from incubator.core.languages import _
from incubator.http.csrf import FIELD
from incubator.http.refill import FOR_ALL, OWN, WITHOUT_TEXT, Attributes, Edit, edited, tag_of

#: The name of every lent button. Its value: whose it is, where that form goes, and its own name and value.
PRESSED = "then"
#: The name of a lent field: whose it is, a mark, and its own name. The marks: ``.`` a text, empty at first; ``-`` a choice, or
#: what has a value from the beginning, so that it may be as nobody wrote it; ``_`` hidden.
LENT = re.compile(r"([0-9a-f]{8})([._-])(.*)", re.DOTALL)
CHOICES = {"checkbox", "radio"}
_FIELDS = {"input", "textarea", "select"}


@dataclass(frozen=True, slots=True)
class _Lendable:
    tag: str
    attributes: Attributes
    start: int
    end: int
    is_written: bool
    """Whether it is a textarea with a text from the beginning."""


@dataclass(slots=True)
class _Lender:
    id: str
    action: str
    is_main: bool
    is_alone: bool
    controls: list[_Lendable] = field(default_factory=list)
    has_text: bool = False


def _forms_in(html: str) -> list[_Lender]:
    """Return the forms of a page that we rendered ourselves: a whole parser would take ten times as long."""
    forms: list[_Lender] = []
    form = None
    for found in _TAG.finditer(html):
        tag = found[1]
        a = {name: _value(*values) for name, *values in _ATTRIBUTE.findall(found[2])}
        if tag == "/form":
            form = None
        elif tag == "form":
            form = _form(a)
            forms.append(form)
        elif form and "form" not in a and _is_control(tag, a):
            is_written = tag == "textarea" and not html[found.end() : found.end() + 99].lstrip().startswith("</")
            form.controls.append(_Lendable(tag, a, found.start(), found.end(), is_written))
            form.is_alone |= a.get("type") == "password"
            form.has_text |= tag == "textarea" or (tag == "input" and _is_text(a))
    return forms


_TAG = re.compile(r"<(/?form|button|input|textarea|select)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([^\s=\"'>/]+)(=?)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=>]*))")


def _value(equals: str, *values: str) -> str | None:
    """Return an attribute's value; None if it has none."""
    return unescape("".join(values)) if equals else None


def _form(a: Attributes) -> _Lender:
    is_alone = a.get("method") != "post" or "enctype" in a or "data-alone" in a
    return _Lender(a.get("id") or "", a.get("action") or "", "data-together" in a, is_alone)


def _is_control(tag: str, a: Attributes) -> bool:
    if tag == "button":
        return a.get("type") != "button"
    return tag in _FIELDS and a.get("name") not in {None, FIELD}


def _is_text(a: Attributes) -> bool:
    return a.get("type") not in WITHOUT_TEXT | CHOICES


def lent(html: str, csrf_input: str) -> Markup:
    """Return the page with its forms lent to one of them, if there is anything to type: a filter for the layout.

    ``csrf_input``: the hidden field with the token; empty for visitors, whose pages have one form each.
    """
    html = str(html)  # not Markup, which would escape what is put into it
    return Markup(_lent(html, csrf_input) if csrf_input else html)  # noqa: S704 - our own template has rendered it


def _lent(html: str, csrf_input: str) -> str:
    forms = _forms_in(html)
    others = [form for form in forms if not (form.is_main or form.is_alone)]
    if main := next((form.id for form in forms if form.is_main), ""):
        first = _default_button(main)
    elif typed := next((form for form in others if form.has_text), None):
        main, first = "together", _together(typed.action, csrf_input)
    else:
        return html
    return first + edited(html, [edit for form in others for edit in _edits(form, main)])


def _default_button(main: str) -> str:
    """Return what Enter presses in any field: the first button of the page, since no other may be."""
    words = f"{_('Сохранить')}</button>"
    return f'<button form="{main}" class="visually-hidden" tabindex="-1" aria-hidden="true">{words}'


def _together(action: str, csrf_input: str) -> str:
    """Return the form to which all others are lent. ``action``: where one of them goes."""
    to = tag_of("form", {"id": "together", "method": "post", "action": action.partition("?")[0] + FOR_ALL})
    return f"{to[:-1]} data-parts novalidate>{csrf_input}{_default_button('together')}</form>"


def _edits(form: _Lender, main: str) -> list[Edit]:
    key = _key(form)
    edits = []
    for control in form.controls:
        new = _button(control, key, form.action) if control.tag == "button" else _field(control, key)
        attributes = {"form": main, **new, **{k: v for k, v in control.attributes.items() if k not in new}}
        edits.append(Edit(control.start, control.end, tag_of(control.tag, attributes)))
    return edits


def _key(form: _Lender) -> str:
    """Return what tells this form from the others of its page, the same whenever the page is shown."""
    fields = [control.attributes for control in form.controls if control.tag != "button"]
    names = [(a.get("name"), a.get("value") if a.get("type") == "hidden" else "") for a in fields]
    return hashlib.sha256(repr((form.action, names)).encode()).hexdigest()[:8]


def _field(control: _Lendable, key: str) -> Attributes:
    a = control.attributes
    is_chosen = control.tag == "select" or a.get("type") in CHOICES or a.get("value") or control.is_written
    mark = "_" if a.get("type") == "hidden" else "-" if is_chosen else "."
    return {"name": f"{key}{mark}{a.get('name')}", OWN: a.get("name")}


def _button(control: _Lendable, key: str, action: str) -> Attributes:
    a = control.attributes
    name, value = a.get("name") or "", a.get("value") or ""
    own = urlencode({name: value}) if name else ""
    return {"name": PRESSED, "value": f"{key} {action} {own}", OWN: name, f"{OWN}-value": value}
