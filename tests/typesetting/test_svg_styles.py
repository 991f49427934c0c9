"""The charts of pages on paper: one drawing each, with the colours of the site's own style sheets in it."""

import re

from incubator.typesetting.svg_styles import drawings_of, paper_styles


def test_rules_are_resolved_for_programs_that_know_no_variables() -> None:
    css = paper_styles()
    assert ".chart .line-main{stroke:#0" in css
    assert re.search(r"\.chart \.short-area\{fill:#[0-9a-f]{6}\}", css)
    for word in ("var(", "oklch(", "light-dark(", "clamp(", "rem", "@"):
        assert word not in css


def test_a_drawing_within_a_drawing_is_a_part_of_it() -> None:
    page = '<p>слова</p><svg viewBox="0 0 640 30"><svg x="1"><rect/></svg><text>а</text></svg><svg class="stairs"><g/></svg>'
    first, second = drawings_of(page, ("Golos",))
    assert first.startswith('<svg xmlns="http://www.w3.org/2000/svg" class="chart " width="640" height="30"')
    assert first.endswith('<svg x="1"><rect/></svg><text>а</text></svg>')
    assert 'class="chart stairs" width="640"' in second
    assert list(drawings_of("<p>ничего</p>", ("Golos",))) == []
