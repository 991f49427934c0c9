"""Names in HTML: nothing of them is left, and no element is broken."""

import pytest

from incubator.names.inside_html import replaced_in_html
from incubator.names.matcher import NameMatcher, PersonName

MATCHER = NameMatcher(
    [PersonName("Мария", "Кузнецова"), PersonName("Шинейд", "О'Коннор")],
    ["Лицей «Заря» & К°", "Школа № 1"],
    contacts=True,
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>С Марией Кузнецовой.</p>", "<p>С ▮.</p>"),
        ("<p>С <strong>Марией</strong> <em>Кузнецовой</em>.</p>", "<p>С <strong>▮</strong><em></em>.</p>"),
        ("<p><b>Куз</b>нецова<br>Мария</p>", "<p><b>▮</b><br>Мария</p>"),
        ("<p>О&#39;Коннор и О&rsquo;Коннора</p>", "<p>▮ и ▮</p>"),
        ("<p>из лицея &laquo;Заря&raquo; &amp; К°, школы №&nbsp;1</p>", "<p>из ▮°, ▮</p>"),
        ("<ul><li>Мария</li><li>Кузнецова</li></ul>", "<ul><li>Мария</li><li>▮</li></ul>"),
        ('<p><a href="mailto:maria@school.example">почта</a></p>', "<p><a>почта</a></p>"),
        ('<p><a href="https://vk.com/kuz" rel="nofollow">тут</a></p>', '<p><a rel="nofollow">тут</a></p>'),
        (
            '<p><a href="https://a.example/%D0%9A%D1%83%D0%B7%D0%BD%D0%B5%D1%86%D0%BE%D0%B2%D0%B0">x</a></p>',
            "<p><a>x</a></p>",
        ),
        ('<img src="/f/1" alt="Мария Кузнецова" title="1 > 2">', '<img src="/f/1" alt="▮" title="1 > 2">'),
        ("<pre><code>Кузнецова\n</code></pre>", "<pre><code>▮\n</code></pre>"),
        ("<p>a &lt; b &amp;amp; <i>нет</i></p>", "<p>a &lt; b &amp;amp; <i>нет</i></p>"),
        ("", ""),
    ],
)
def test_only_the_names_go(html: str, expected: str) -> None:
    assert replaced_in_html(html, MATCHER.find, "▮") == expected
