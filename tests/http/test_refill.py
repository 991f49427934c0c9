"""What was typed, put back into the form of a page."""

import re

from incubator.http.refill import changed_in, refill, unticked_in
from tests.growth import LINEAR, growth

PAGE = """<main id="main" class="page">
<p>Привет, мир\x0b &amp; 5 &lt; 6</p>
<details class="more"><summary>Ещё</summary>
<form method="post" action="/a">
<input type="hidden" name="csrf" value="new"><input type="hidden" name="version" value="7">
<input name="title" value="Старое &quot;имя&quot;"><input type="password" name="password">
<textarea name="text" rows="3">
старый &amp; текст</textarea>
<select name="kind"><option value="1" selected>один</option><option value="2">два</option></select>
<input type="checkbox" name="sure" value="1" checked><label><input type="radio" name="way" value="x">x</label>
<input type="radio" name="way" value="y" checked>
<button name="send" value="1">Отправить</button></form></details>
<form method="post" action="/a"><input type="hidden" name="withdraw" value="1"><button>Снять</button></form>
<textarea form="review" name="note">старое</textarea>
<form method="post" action="/b" id="review"><textarea name="advice"></textarea></form></main>"""


def test_every_kind_of_field_gets_its_value_and_the_rest_stays() -> None:
    typed = [
        ("csrf", "old"),
        ("version", "5"),
        ("title", 'Моё "имя"'),
        ("text", "<b>\n новый"),
        ("kind", "2"),
        ("way", "x"),
    ]
    page = refill(PAGE, "/a", typed)
    assert page
    expected = (
        PAGE.replace('<details class="more">', '<details class="more" open>')
        .replace('<form method="post" action="/a">\n', '<form method="post" action="/a" data-unsaved>\n')
        .replace('value="7"', 'value="5"')
        .replace('value="Старое &quot;имя&quot;"', 'value="Моё &quot;имя&quot;" autofocus')
        .replace("старый &amp; текст", "&lt;b&gt;\n новый")
        .replace('<option value="1" selected>', '<option value="1">')
        .replace('<option value="2">', '<option value="2" selected>')
        .replace('value="1" checked>', 'value="1">')
        .replace('value="x">', 'value="x" checked>')
        .replace('value="y" checked>', 'value="y">')
    )
    assert page.html == expected
    assert page.rest == []
    assert page.with_notice("!").startswith('<main id="main" class="page">!')


def test_a_field_may_stand_outside_its_form() -> None:
    page = refill(PAGE, "/b", [("note", "новое"), ("advice", "Совет")])
    assert page
    assert '<textarea form="review" name="note" autofocus>\nновое</textarea>' in page.html
    assert '<textarea name="advice">\nСовет</textarea>' in page.html


def test_several_fields_of_one_name_get_their_values_in_order_and_none_is_dropped() -> None:
    two = '<main><form method="post" action="/a"><input name="remark"><input name="remark"></form></main>'
    page = refill(two, "/a", [("remark", "а"), ("remark", ""), ("remark", "в"), ("gone", "г")])
    assert page
    assert page.html.index('value="а"') < page.html.index('value=""')
    assert page.rest == ["в", "г"]


def test_the_form_that_fits_is_filled() -> None:
    two = "".join(
        f'<form method="post" action="/a"><input type="hidden" name="key" value="{key}"><textarea name="text"></textarea></form>'
        for key in "xy"
    )
    page = refill(two, "/a", [("key", "y"), ("text", "слова")])
    assert page
    assert page.html.index("слова") > page.html.index('value="y"')


def test_a_page_without_the_form_is_none() -> None:
    assert refill(PAGE, "/c", [("text", "слова")]) is None
    assert refill(PAGE, "/b", [("text", "слова")]) is None
    assert refill(PAGE, "/a", [("withdraw", "1")]) is None
    assert refill("", "/a", [("text", "слова")]) is None


def page_of_lists(people: int) -> str:
    """Return a form of a hundred lists, each of so many people."""
    options = "".join(f'<option value="{n}">{n}</option>' for n in range(people))
    lists = "".join(f'<select name="mentor-{n}">{options}</select>' for n in range(100))
    return f'<main><form method="post" action="/a">{lists}</form></main>'


def test_long_lists_are_filled_in_one_go() -> None:
    """Every option was compared with every other."""
    values = [(f"mentor-{n}", "7") for n in range(100)]
    filled, changed = refill(page_of_lists(100), "/a", [*values]), changed_in(page_of_lists(100), "/a", values)
    assert filled
    assert filled.is_chosen
    assert changed
    assert changed.choices == {name for name, _value in values}
    assert growth(lambda people: refill(page_of_lists(people), "/a", [*values]), 100) < LINEAR
    assert growth(lambda people: changed_in(page_of_lists(people), "/a", values), 100) < LINEAR


def test_of_a_list_in_which_nothing_is_chosen_browsers_take_the_first() -> None:
    html = '<main><form method="post" action="/a"><select name="x"><option value="1">1<option value="2">2</select></form></main>'
    for value, is_chosen in (("1", False), ("2", True)):
        filled, changed = refill(html, "/a", [("x", value)]), changed_in(html, "/a", [("x", value)])
        assert filled
        assert filled.is_chosen is is_chosen
        assert changed
        assert changed.names == ({"x"} if is_chosen else set())


def test_a_box_that_was_unticked_is_a_choice() -> None:
    html = """<main><form method="post" action="/a"><input type="checkbox" name="x" value="1" checked>
<input type="checkbox" name="y" value="1"><input type="checkbox" name="z" value="1" checked>
<input type="checkbox" name="z" value="2" checked><input name="t"></form></main>"""
    assert unticked_in(html, "/a", [("t", "")]) == {"x", "z"}
    assert unticked_in(html, "/a", [("t", ""), ("z", "2"), ("x", "1")]) == set()
    assert unticked_in(html, "/b", []) == set()
    filled = refill(html, "/a", [("x", "")], is_part=True)
    assert filled
    assert filled.is_chosen
    assert 'name="x" value="1">' in filled.html
    same = refill(html, "/a", [("x", "1")], is_part=True)
    assert same
    assert not same.is_chosen


def test_a_counter_counts_what_was_put_back() -> None:
    html = """<main><form method="post" action="/a"><textarea id="f-x" name="x">
abc</textarea><p>Осталось <span data-counter="f-x">3</span> из 9</p><textarea id="f-y" name="y">
</textarea><span data-counter="f-y">0</span></form></main>"""
    filled = refill(html, "/a", [("x", " пять\r\nё "), ("y", "")])
    assert filled
    assert '<span data-counter="f-x">6</span> из 9' in filled.html
    assert '<span data-counter="f-y">0</span>' in filled.html


ROWS = """<main><form method="post" action="/a"><ol>
<li data-row><input name="what" value="Доски"><select name="of"><option value="x" selected>X<option value="y">Y</select></li>
<li data-row><input name="what"><select name="of"><option value="x">X<option value="y">Y</select></li>
</ol><select name="kind"><option value="1">1<option value="2">2</select></form></main>"""


def test_a_sheet_gets_as_many_rows_as_were_typed_and_each_list_its_own_value() -> None:
    typed = [("what", name) for name in "абвг"] + [("of", value) for value in "yxyx"] + [("kind", "2")]
    page = refill(ROWS, "/a", typed)
    assert page
    assert re.findall(r'name="what" value="(.)"', page.html) == list("абвг")
    assert re.findall(r'value="(.)" selected', page.html) == ["y", "x", "y", "x", "2"]
    assert page.rest == []
    many = refill(ROWS, "/a", [("what", "а")] * 1000)
    assert many
    assert len(many.rest) == 800
    changed = changed_in(ROWS, "/a", [("what", "Доски"), ("what", ""), ("of", "x"), ("of", "y"), ("kind", "1")])
    assert changed
    assert changed.choices == {"of"}
