"""Words, and the stems of those that no dictionary knows."""

from incubator.search.stemming import stem, words


def test_words_are_folded_and_punctuation_goes() -> None:
    assert words("Ёлка! ТИХИЙ улей") == ["елка", "тихий", "улей"]
    assert words("%_'\"--") == []


def test_signs_that_belong_to_a_word_stay() -> None:
    assert words("С++, c++ и C#, .NET; 3Д-печать, 2d, a+b, сети.net") == [
        "c++", "c++", "и", "c#", ".net", "3d", "печать", "2d", "a", "b", "сети", "net",
    ]  # fmt: skip


def test_a_stem_stands_for_the_endings_of_its_language() -> None:
    assert stem("нейрохабами") == stem("нейрохаб")
    assert stem("sensors") == stem("sensor")
