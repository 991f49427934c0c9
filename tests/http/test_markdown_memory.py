"""The cache of rendered texts, and the words of rendered HTML."""

from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.memory import Memory
from incubator.http.markdown.plain import plain


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    memory = Memory(room=1000)
    memory.put("раз", "1" * 200)
    memory.put("два", "2" * 200)
    assert memory.get("раз") == "1" * 200
    memory.put("три", "3" * 200)
    assert memory.get("два") is None
    assert memory.get("раз") == "1" * 200
    assert memory.get("три") == "3" * 200


def test_room_is_counted_once_for_each_text() -> None:
    memory = Memory(room=1000)
    memory.put("раз", "1" * 200)
    for _ in range(10):
        memory.put("два", "2" * 200)
    assert memory.get("раз") == "1" * 200
    memory.put("слишком много", "3" * 1000)
    assert memory.get("раз") is memory.get("слишком много") is None


def test_empty_results_take_room_too() -> None:
    memory = Memory(room=1000)
    for n in range(10):
        memory.put(f"{n}", "")
    assert [n for n in range(10) if memory.get(f"{n}") is not None] == [5, 6, 7, 8, 9]
    memory.clear()
    assert memory.get("9") is None


def test_plain_words_of_html() -> None:
    assert plain("<p>раз &amp; <b>два</b></p>\n<p>три</p>") == "раз & два три"
    assert plain(to_html("# Раз\n\nдва\nтри\n\n- четыре\n- **пя**ть\n\n|шесть|семь|\n|-|-|")) == (
        "Раз два три четыре **пя**ть шесть семь"
    )


def test_plain_words_hold_together() -> None:
    assert plain(to_html("H~2~O, *раз*, [два](https://example.org).")) == "H2O, раз, два."


def test_marks_of_footnotes_and_tasks_do_not_stick_to_words() -> None:
    assert plain(to_html("Раз[^1], снова[^1].\n\n[^1]: два")) == "Раз, снова. два"
    assert plain(to_html("- [x] раз\n- [ ] два")) == "☑ раз ☐ два"


def test_what_looks_like_a_tag_stays_among_the_words() -> None:
    assert plain(to_html("List<String> и <goal>")) == "List<String> и <goal>"
