"""Our own drawings for paper: the rules of the site's style sheets that an SVG reader knows, with the colours of day in them."""

import re
from collections.abc import Iterator
from functools import cache

from incubator.artwork.colours import in_srgb
from incubator.config import ROOT

#: What a drawing takes from a style sheet.
_TAKEN = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-size", "font-weight",
    "text-anchor", "paint-order", "opacity", "overflow",
}  # fmt: skip
#: Paper has one ground.
_ON_PAPER = {"--well": "#ffffff", "--sheet": "#ffffff", "--paper": "#ffffff"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(r"([^{};]*)([{};])")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_REM = re.compile(r"([\d.]+)rem")
_PIXELS = 16
#: One of our drawings, or the edge of one inside another.
_EDGE = re.compile(r"<svg\b([^>]*)>|</svg>")
_CLASS = re.compile(r'\sclass="([^"]*)"')
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
#: Of a drawing that fills the place which a page leaves it, in pixels.
_WIDE, _HIGH = 640, 132


@cache
def paper_styles() -> str:
    """Return the rules for drawings; read once per process."""
    css = "\n".join(_COMMENT.sub("", path.read_text("utf-8")) for path in sorted((ROOT / "static/css").glob("*.css")))
    tokens = dict(_tokens(css)) | _ON_PAPER
    return "".join(in_srgb(f"{selector}{{{said}}}") for selector, said in _rules(css, tokens))


def _declarations(css: str) -> Iterator[tuple[list[str], str]]:
    """Yield each declaration with what it stands in, the outermost first."""
    within: list[str] = []
    for text, end in _PIECE.findall(css):
        if end == "{":
            within.append(" ".join(text.split()))
            continue
        if text.strip():
            yield within, text.strip()
        if end == "}" and within:
            within.pop()


def _tokens(css: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values that stand for themselves by day."""
    for within, declaration in _declarations(css):
        name, _colon, value = declaration.partition(":")
        if name.startswith("--") and within[-1:] == [":root"] and not _is_conditional(within):
            yield name, _by_day(value.strip())


def _by_day(value: str) -> str:
    """Return the first of two values: of a light and a dark one, of the least and the largest size."""
    for function in ("light-dark(", "clamp("):
        if value.startswith(function):
            return re.split(r",(?![^()]*\))", value.removeprefix(function))[0].strip()
    return value


def _rules(css: str, tokens: dict[str, str]) -> Iterator[tuple[str, str]]:
    for within, declaration in _declarations(css):
        name, _colon, value = declaration.partition(":")
        if name.strip() not in _TAKEN or _is_conditional(within):
            continue
        resolved = _VARIABLE.sub(lambda found: tokens.get(found[1], ""), value.strip())
        if "(" in in_srgb(resolved):  # a size that follows the window
            continue
        said = f"{name.strip()}:{_REM.sub(lambda found: f'{float(found[1]) * _PIXELS:g}px', resolved)}"
        for selector in within[-1].split(","):
            if selector.strip()[:1] == "." and not set(":[>+~&") & set(selector):
                yield selector.strip(), said


def _is_conditional(within: list[str]) -> bool:
    return any(each.startswith("@") and not each.startswith("@layer") for each in within)


def drawings_of(html: str, families: tuple[str, ...]) -> Iterator[str]:
    """Yield the drawings in what a template of ours wrote, each as a file of its own."""
    depth, begin = 0, 0
    for edge in _EDGE.finditer(html):
        if edge[0] == "</svg>":
            depth -= 1
            if not depth:
                yield _alone(html[begin : edge.end()], families)
            continue
        if not depth:
            begin = edge.start()
        if not edge[1].rstrip().endswith("/"):
            depth += 1


def _alone(svg: str, families: tuple[str, ...]) -> str:
    head, rest = svg.split(">", 1)
    of_page = _CLASS.search(head)
    view = _VIEW.search(head)
    width, height = (view[1], view[2]) if view else (str(_WIDE), str(_HIGH))
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {of_page[1] if of_page else ""}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="{", ".join(families)}" font-size="14">'
    )
    return f"{root}<style>{paper_styles()}</style>{rest}"
