"""Cleaning and transliterating text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.languages import _, override_locale
from incubator.core.text import breakable, slugify
from incubator.notifications.mail_templates import filled


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Умная кормушка", "umnaya-kormushka"),
        ("Съёмка подъезда: щука, ёлка, мышь, юный экипаж", "syomka-podezda-shchuka-yolka-mysh-yunyy-ekipazh"),
        ("Школа № 5", "shkola-5"),
        ("№5", "5"),
        ("½ литра", "1-2-litra"),
        ("Ғалим Өмөт Ҡош Яңы Ҙур Аҫыл Һыу Бүре Әсә", "ghalim-omot-qosh-yangy-zur-asyl-hyu-bure-asa"),
        ("Київ, їжак, єдність, ґанок, п’ять", "kiiv-izhak-iednist-ganok-pyat"),
        ("«Très bien», Zoë’s straße", "tres-bien-zoes-strasse"),
        ("Улей 🐝 5️⃣ 👩‍🔬🇷🇺", "uley-5"),
        ("🐝", ""),
        ("日本語", "ribenyu"),
        ("  --C++ & C#--  ", "c-c"),
        ("а" * 100, "a" * 60),
        ("а" * 59 + " б", "a" * 59),
    ],
)
def test_a_slug_reads_like_its_text(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text(max_size=100), st.integers(1, 80))
def test_a_slug_can_stand_in_an_address(text: str, longest: int) -> None:
    slug = slugify(text, longest)
    assert len(slug) <= longest
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert slugify(slug, longest) == slug


def test_a_value_fits_the_sentence_it_is_set_into() -> None:
    title, day = "Завод «Заря»", "5 марта 2026 г."
    assert filled("Рецензию на «{title}» ждут до {day}.", {"title": title, "day": day}) == (
        "Рецензию на «Завод „Заря“» ждут до 5 марта 2026 г."
    )
    assert filled("{title}: до {day}, не позже", {"title": title, "day": day}) == (
        "Завод «Заря»: до 5 марта 2026 г., не позже"
    )
    assert filled("Пишут: {title}.", {"title": "ну…", "day": day}) == "Пишут: ну…."
    assert filled("Пишут: {title}.", {"title": "и так далее..."}) == "Пишут: и так далее...."
    with override_locale("ru"):
        assert _("«%(title)s» – на витрине", title=title) == "«Завод „Заря“» – на витрине"


def test_only_a_word_that_is_too_long_for_a_line_may_go_on_in_the_next() -> None:
    assert breakable("высокотехнологичного предпринимательства") == "высокотехнологичного предпринимательства"
    drawn = breakable("Дом " + "а" * 30)
    assert drawn.replace("\u200b", "") == "Дом " + "а" * 30
    assert max(len(piece) for piece in re.split("[ \u200b]", drawn)) == 12
