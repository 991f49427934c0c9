"""Cleaning and transliterating text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.core.text import slugify


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
