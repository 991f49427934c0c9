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
from html import escape, unescape
from urllib.parse import urlencode

from markupsafe import Markup

from incubator.core.languages import _
from incubator.http.csrf import FIELD
from incubator.http.refill import FOR_ALL, OWN, WITHOUT_TEXT, Edit, edited, tag_of

#: The name of every lent button. Its value: whose it is, where it leads, and its own name and value.
PRESSED = "then"
#: The name of a field in a long form that only its own button saves, since others read it at once; also the value of its mark.
STAYS = "stays"
#: The name of a lent field: whose it is, a mark, and its own name. The marks: ``.`` a text, empty at first; ``-`` a choice, or
#: what has a value from the beginning, so that it may be as nobody wrote it; ``_`` hidden.
LENT = re.compile(r"([0-9a-f]{8})([._-])(.*)", re.DOTALL)
CHOICES = {"checkbox", "radio"}


@dataclass(frozen=True, slots=True)
class _Tag:
    """The tag of a field or a button as it is written: values are escaped. A list has many of the same."""

    tag: str
    text: str
    """The whole tag."""
    name: str
    kind: str
    """What ``type`` says."""
    value: str
    rest: str
    """What follows the word of the tag, without its name."""

    @classmethod
    def of(cls, tag: str, text: str) -> "_Tag":
        rest = _NAME.sub("", text)[1 + len(tag) :]
        return cls(tag, text, _said(_NAME, text), _said(_KIND, text), _said(_VALUE, text), rest)


@dataclass(frozen=True, slots=True)
class _Lendable:
    """A field or a button of a form."""

    of: _Tag
    start: int
    is_written: bool
    """Whether it is a textarea with a text from the beginning."""


@dataclass(slots=True)
class _Lender:
    id: str
    action: str
    is_main: bool
    stays: bool
    is_alone: bool
    controls: list[_Lendable] = field(default_factory=list)
    has_text: bool = False

    @property
    def is_lent(self) -> bool:
        return not (self.is_main or self.is_alone)


def _forms_in(html: str) -> list[_Lender]:
    """Return the forms of a page that we rendered ourselves: a whole parser would take many times as long."""
    forms: list[_Lender] = []
    tags: dict[str, _Tag] = {}
    form = None
    for found in _TAG.finditer(html):
        tag, text = found[1], found[0]
        if tag == "/form":
            form = None
        elif tag == "form":
            form = _lender(text)
            forms.append(form)
        elif form and " form=" not in text:
            of = tags.get(text) or tags.setdefault(text, _Tag.of(tag, text))
            _add(form, of, found.start(), html)
    return forms


_TAG = re.compile(r"<(/?form|button|input|textarea|select)\b[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*>")
#: Attributes as our templates write them: after a blank, in double quotes.
_ID, _ACTION, _NAME, _KIND, _VALUE, _TO = (
    re.compile(rf"""\s{name}="([^"]*)\"""") for name in ("id", "action", "name", "type", "value", "formaction")
)


def _said(attribute: re.Pattern[str], tag: str) -> str:
    found = attribute.search(tag)
    return found[1] if found else ""


def _lender(tag: str) -> _Lender:
    is_alone = ' method="post"' not in " ".join(tag.split()) or "enctype=" in tag or "data-alone" in tag
    stays = f'data-together="{STAYS}"' in tag
    return _Lender(_said(_ID, tag), unescape(_said(_ACTION, tag)), "data-together" in tag, stays, is_alone)


def _add(form: _Lender, of: _Tag, start: int, html: str) -> None:
    if of.kind == "button" if of.tag == "button" else of.name in {"", FIELD}:
        return
    end = start + len(of.text)
    is_written = of.tag == "textarea" and not html[end : end + 99].lstrip().startswith("</")
    form.controls.append(_Lendable(of, start, is_written))
    form.is_alone |= of.kind == "password"
    form.has_text |= of.tag == "textarea" or (of.tag == "input" and of.kind not in WITHOUT_TEXT | CHOICES)


def lent(html: str, csrf_input: str) -> Markup:
    """Return the page with its forms lent to one of them, if there is anything to type: a filter for the layout.

    ``csrf_input``: the hidden field with the token; empty for visitors, whose pages have one form each.
    """
    html = str(html)  # not Markup, which would escape what is put into it
    return Markup(_lent(html, csrf_input) if csrf_input else html)  # noqa: S704 - our own template has rendered it


def _lent(html: str, csrf_input: str) -> str:
    forms = _forms_in(html)
    others = [form for form in forms if form.is_lent]
    long = next((form for form in forms if form.is_main), None)
    typed = next((form for form in others if form.has_text), None)
    if long:
        main, first = long.id, _default_button(long.id) + (_stays(long.id) if long.stays else "")
    elif typed:
        main, first = "together", _together(typed.action, csrf_input)
    else:
        return html
    return first + edited(html, [edit for form in others for edit in _edits(form, main)])


def _default_button(main: str) -> str:
    """Return what Enter presses in any field: the first button of the page, since no other may be."""
    words = f"{_('Сохранить')}</button>"
    return f'<button form="{main}" class="visually-hidden" tabindex="-1" aria-hidden="true">{words}'


def _stays(main: str) -> str:
    return tag_of("input", {"type": "hidden", "name": STAYS, "value": "1", "form": main, "data-own": ""})


def _together(action: str, csrf_input: str) -> str:
    """Return the form to which all others are lent. ``action``: where one of them goes."""
    to = tag_of("form", {"id": "together", "method": "post", "action": action.partition("?")[0] + FOR_ALL})
    return f"{to[:-1]} data-parts novalidate>{csrf_input}{_default_button('together')}</form>"


def _edits(form: _Lender, main: str) -> list[Edit]:
    key = _key(form)
    return [
        Edit(
            control.start,
            control.start + len(control.of.text),
            _button(control.of, key, form.action, main) if control.of.tag == "button" else _field(control, key, main),
        )
        for control in form.controls
    ]


def _key(form: _Lender) -> str:
    """Return what tells this form from the others of its page, the same whenever the page is shown."""
    tags = [control.of for control in form.controls]
    names = [(each.name, each.value if each.kind == "hidden" else "") for each in tags if each.tag != "button"]
    return hashlib.sha256(repr((form.action, names)).encode()).hexdigest()[:8]


def _field(control: _Lendable, key: str, main: str) -> str:
    of = control.of
    is_chosen = of.tag == "select" or of.kind in CHOICES or of.value or control.is_written
    mark = "_" if of.kind == "hidden" else "-" if is_chosen else "."
    return f'<{of.tag} form="{main}" name="{key}{mark}{of.name}" {OWN}="{of.name}"{of.rest}'


def _button(of: _Tag, key: str, action: str, main: str) -> str:
    own = urlencode({unescape(of.name): unescape(of.value)}) if of.name else ""
    to = _said(_TO, of.text)  # a button may lead elsewhere than its form
    value = escape(f"{key} {unescape(to) or action} {own}")
    said = f'name="{PRESSED}" value="{value}" {OWN}="{of.name}" {OWN}-value="{of.value}"'
    if to:
        said += f' {OWN}-formaction="{to}"'
    return f'<button form="{main}" {said}{_TO.sub("", _VALUE.sub("", of.rest))}'
