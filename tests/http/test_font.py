"""The site's font sets every text of the interface itself: a sign from another face changes the look of its whole line."""

import re
from functools import cache

from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from incubator.config import ROOT

CSS = ROOT / "static/css"
SMALL = ("golos-regular.woff2", "golos-bold.woff2")
#: In the files that a browser fetches only for texts that have them: signs of programs, formulas and names of other languages.
RARE = set("<>=[]{}~÷")


@cache
def _faces() -> dict[str, set[int]]:
    """Return for each file of the font the characters for which a browser fetches it."""
    faces = {}
    for face in re.findall(r"@font-face \{(.*?)\}", (CSS / "tokens.css").read_text("utf-8"), re.DOTALL):
        if file := re.search(r'fonts/([^"]+)"', face):
            ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
            faces[file[1]] = {
                code for first, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)
            }
    return faces


def _texts(language: str) -> str:
    with (ROOT / f"incubator/core/locale/{language}/messages.po").open("rb") as file:
        messages = [each for each in read_po(file) if each.id]
    words = [each.id if language == "ru" and not each.pluralizable else each.string for each in messages]
    flat = "".join("".join(each or "") for each in words)
    return re.sub(r"%\(\w+\)s|%%|\{\w+\}", "", flat)


def _signs() -> str:
    """Return what style sheets, templates and formats of numbers write themselves, beyond ASCII."""
    written = "".join(
        "".join(re.findall(r'content: "([^"]+)"', path.read_text("utf-8"))) for path in CSS.rglob("*.css")
    )
    for path in (
        *(ROOT / "templates").rglob("*.html"),
        ROOT / "incubator/core/formatting.py",
        ROOT / "incubator/projects/drawing.py",
    ):
        written += "".join(each for each in path.read_text("utf-8") if not each.isascii())
    return re.sub(r"\\[0-9a-f]+", "", written)


def test_every_file_has_what_browsers_fetch_it_for() -> None:
    for name, codes in _faces().items():
        assert codes - set(TTFont(ROOT / "static/fonts" / name).getBestCmap()) == set(), name


def test_the_small_files_set_every_text_of_the_interface() -> None:
    assert [_faces()[name] for name in SMALL] == [_faces()[SMALL[0]]] * 2
    written = {each for each in _texts("ru") + _texts("en") + _signs() if each.isprintable()} - RARE
    assert {*"₽→▮«№", "й", "Q"} <= written
    assert {each for each in written if ord(each) not in _faces()[SMALL[0]]} == set()


def test_what_is_rare_has_a_file_as_well() -> None:
    everywhere = set().union(*_faces().values())
    assert {each for each in RARE if ord(each) not in everywhere} == set()
