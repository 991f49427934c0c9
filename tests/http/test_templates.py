"""Layout of templates: one element per line, two spaces per level, no inline scripts, styles or numbers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from incubator.config import ROOT
from incubator.http.templating import environment

FOLDER = ROOT / "templates"
TEMPLATES = sorted([*FOLDER.rglob("*.html"), *FOLDER.rglob("*.xml")])
LONGEST_LINE = 120

TOKEN = re.compile(
    r"""(?P<comment>\{\#.*?\#\})
    | (?P<statement>\{%[-+]?\s*(?P<word>\w+).*?%\})
    | (?P<expression>\{\{.*?\}\})
    | (?P<other><[!?].*?>)
    | </(?P<close>[\w-]+)\s*>
    | <(?P<open>[\w-]+)(?P<attributes>(?:\{\{.*?\}\}|\{%.*?%\}|"[^"]*"|[^>"{])*)>
    | (?P<text>[^\s<{]+ | .)""",
    re.VERBOSE | re.DOTALL,
)
VOID = {"base", "br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "source"}
#: Elements that may stand among words, several on a line.
PHRASING = {"a", "br", "code", "del", "em", "ins", "mark", "span", "strong", "time"}
BLOCKS = {"block", "call", "filter", "for", "if", "macro", "with"}


def tokens_of(text: str) -> Iterator[re.Match[str]]:
    """Yield tags, Jinja and words in order; the contents of text areas and code are skipped."""
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found, text[at : at + 40]
        yield found
        at = found.end()
        if found["open"] in {"textarea", "pre", "script"}:
            at = text.index(f"</{found['open']}", at)


def levels_of(found: re.Match[str]) -> tuple[int, int]:
    """Return how many levels a token closes before itself, and opens after itself."""
    if found["close"]:
        return 1, 0
    if found["open"]:
        return 0, int(found["open"] not in VOID and not (found["attributes"] or "").endswith("/"))
    word = found["word"]
    if word in {"elif", "else"}:
        return 1, 1
    if word and word.startswith("end"):
        return 1, 0
    return 0, int(word in BLOCKS)


def misplaced(text: str) -> list[str]:
    """Return the lines whose indentation does not match their nesting."""
    wrong, depth = [], 0
    for found in tokens_of(text):
        if found[0].isspace():
            continue
        ended, begun = levels_of(found)
        depth -= ended
        start = text.rfind("\n", 0, found.start()) + 1
        before = text[start : found.start()]
        if not before.strip() and len(before) != 2 * depth:
            wrong.append(f"{text.count(chr(10), 0, start) + 1}: {2 * depth} blanks, not {len(before)}")
        depth += begun
    assert depth == 0, "elements and blocks end where they began"
    return wrong


def crowded(text: str) -> list[int]:
    """Return the lines on which more than one element begins, except inline ones."""
    opened: dict[int, list[str]] = {}
    for found in tokens_of(text):
        if found["open"]:
            opened.setdefault(text.count("\n", 0, found.start()) + 1, []).append(found["open"])
    return [line for line, names in opened.items() if sum(name not in PHRASING for name in names) > 1]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_template_reads_as_it_nests(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.split("\n")

    assert misplaced(text) == []
    assert crowded(text) == []
    assert [n for n, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []
    assert [n for n, line in enumerate(lines, 1) if line != line.rstrip()] == []
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_template_has_no_script_style_or_limit_of_its_own(path: Path) -> None:
    tags = [found for found in tokens_of(path.read_text("utf-8")) if found["open"]]
    names = {found["open"] for found in tags}
    scripts = [found["attributes"] for found in tags if found["open"] == "script"]
    attributes = " ".join(found["attributes"] for found in tags)

    assert "style" not in names
    assert all(" src=" in script or "application/ld+json" in script for script in scripts)
    assert not re.search(r"\s(style|on\w+)=", attributes)
    assert not re.search(r"(maxlength|data-limit|\bmax)=\"?\d", attributes.replace('max="100"', ""))
    assert not re.search(r"\b(maxlength|limit)=\d", path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("<ul>\n  <li>one</li>\n</ul>\n", []),
        ("<ul>\n<li>one</li>\n</ul>\n", ["2: 2 blanks, not 0"]),
        ("{% if a %}\n  b\n{% else %}\n  c\n  {% endif %}\n", ["5: 0 blanks, not 2"]),
        ('<input\n  name="a"\n  {% if b > c %} checked{% endif %}\n>\nd\n', []),
        ("<pre>\n a <b>\n</pre>\n", []),
    ],
)
def test_misplaced_lines_are_found(text: str, wrong: list[str]) -> None:
    assert misplaced(text) == wrong


def test_crowded_lines_are_found() -> None:
    assert crowded("<p>a <b>b</b></p>\n<p>a <strong>b</strong> <span>c</span></p>\n<ul><li>c</li></ul>\n") == [1, 3]


def test_scripts_have_no_words_for_people() -> None:
    """Texts for scripts come with the page, in its language: as attributes, or in a template that is cloned."""
    for path in sorted((ROOT / "static/js").glob("*.js")):
        code = re.sub(r"//.*", "", path.read_text("utf-8"))
        assert not re.search(r"[А-Яа-яЁё]", code), path.name
        assert not re.search(r"textContent = [\"'`]", code), path.name
        assert "documentElement.lang" not in code, path.name


def test_pages_are_sent_without_indentation() -> None:
    assert environment("ru").from_string(
        "<ul>\n  {% for n in [1, 2] %}\n    <li>{{ n }} и\n      ещё</li>\n  {% endfor %}\n</ul>"
    ).render() == ("<ul>\n <li>1 и\n ещё</li>\n <li>2 и\n ещё</li>\n</ul>")


def test_attributes_stay_apart() -> None:
    template = '<a\n  class="row"\n  {% if is_here %} aria-current="page"{% endif %}\n  href="/"\n>'
    page = environment("ru").from_string(template)
    assert page.render(is_here=True).split() == ["<a", 'class="row"', 'aria-current="page"', 'href="/"', ">"]
    assert page.render(is_here=False).split() == ["<a", 'class="row"', 'href="/"', ">"]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_what_a_template_says_in_any_case_is_compiled(locale: str) -> None:
    env = environment(locale)
    said = {"ru": "Витрина", "en": "Showcase"}[locale]
    code = env.compile(
        '{{ _("Витрина") }}{{ static("css/site.css") }}{% include "icons/menu.svg" %}{{ _("Вы – %(name)s", name=x) }}',
        raw=True,
    )
    assert said in code
    assert env.from_string('{{ _("Витрина") }}').render() == said
    assert "static" not in code.replace("/static/", "")
    assert "include" not in code
    assert env.from_string('{{ _("Вы – %(name)s", name=x) }}').render(x="<b>").endswith("&lt;b&gt;")
    assert env.from_string('{{ _("Разброс, %%") }}').render().endswith(", %")


def test_a_name_of_the_template_itself_is_not_taken_for_a_word() -> None:
    env = environment("en")
    assert env.from_string('{% macro _(text) %}[{{ text }}]{% endmacro %}{{ _("Витрина") }}').render() == "[Витрина]"
    assert env.from_string('{% for static in [f] %}{{ static("x") }}{% endfor %}').render(f=lambda x: x * 2) == "xx"
    assert env.from_string('{{ _("<b>") | length }} {{ "a" ~ _("<b>") }}').render() == "3 a<b>"


def test_a_macro_is_asked_once_for_the_same_values() -> None:
    asked: list[str] = []
    page = environment("ru").from_string(
        "{% macro sign(a) -%}<i>{{ a }}{{ asked.append(a) or '' }}</i>{%- endmacro %}"
        "{{ once(sign, 'x') }}{{ once(sign, '<') }}{{ once(sign, 'x') }}"
    )
    assert page.render(asked=asked) == "<i>x</i><i>&lt;</i><i>x</i>"
    assert asked == ["x", "<"]
