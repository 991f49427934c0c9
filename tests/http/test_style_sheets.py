"""Style sheets: one declaration per line in the source, no indentation when served."""

import re
from pathlib import Path

import pytest

from incubator.config import ROOT
from incubator.http.static import Files

FOLDER = ROOT / "static"
SHEETS = sorted((FOLDER / "css").glob("*.css"))
BUNDLES = ("site", "work")
LONGEST_LINE = 120


def without_strings(line: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|\([^()]*\)", "", line)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_one_declaration_a_line(path: Path) -> None:
    depth = 0
    for number, line in enumerate(re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S).splitlines(), 1):
        plain = without_strings(line)
        depth -= plain.count("}")
        assert len(line) <= LONGEST_LINE, number
        assert plain.count(";") + plain.count("{") + plain.count("}") <= 1, (number, line)
        assert not line.strip() or len(line) - len(line.lstrip()) >= 2 * depth, (number, line)
        depth += plain.count("{")
    assert depth == 0


@pytest.mark.parametrize("bundle", BUNDLES)
def test_served_style_says_the_same_without_its_indentation(bundle: str) -> None:
    files = Files(FOLDER)
    served = files.by_path[files.url(f"css/{bundle}.css")].bodies[""].decode()
    listed = (FOLDER / f"css/{bundle}.txt").read_text("utf-8").split()
    written = "\n".join((FOLDER / "css" / name).read_text("utf-8") for name in listed)

    def words(css: str) -> list[str]:
        return re.sub(r'"[\w./-]+\.(woff2|svg)"', '""', css).split()

    assert words(served) == words(written)
    assert "\n " not in served
    assert len(served) < len(written)
