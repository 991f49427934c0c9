"""Whatever is found can be hidden: no text says «hide this» about a passage that the button leaves where it is."""

from html import unescape
from urllib.parse import unquote

import pytest

from incubator.http.markdown.renderer import render
from incubator.names.matcher import PersonName
from incubator.publication.findings import Judge, find_in, to_hide_unseen
from incubator.publication.hiding import hidden
from incubator.publication.people_named import TeamName
from tests.names.test_personal_data import CASES

JUDGE = Judge(
    [
        TeamName(1, PersonName("Мария", "Кузнецова", "Ивановна"), may_be_named=False),
        TeamName(2, PersonName("Иван", "Соколов"), may_be_named=False),
        TeamName(3, PersonName("Лев", "Заяц"), may_be_named=False),
        TeamName(4, PersonName("Мэри", "О'Коннор"), may_be_named=False),
        TeamName(5, PersonName("Сергей", "Королёв"), may_be_named=False),
    ],
    [],
)
#: Without the brackets in which those cases say what is to be found.
LINES = [
    line.replace(" [", " ").removesuffix("]") if " [" in line and line.endswith("]") else line for _kind, line in CASES
]
NAME_IN_AN_ADDRESS = "%D0%9A%D1%83%D0%B7%D0%BD%D0%B5%D1%86%D0%BE%D0%B2%D0%B0"


async def findings_in(text: str) -> list[str]:
    return [finding.passage for finding in find_in("", text, str(await render(text)), JUDGE).findings]


@pytest.mark.parametrize(
    "text",
    [
        "kuznetsova_maria",
        "kuznetsova2010",
        "Кузнецова2, 2Кузнецова",
        "Кузнецов**а** Мария",
        "#МарияКузнецова и #ИдеяКузнецовой",
        "Korolyov, Korolev",
        f"[диск](https://disk.example.org/{NAME_IN_AN_ADDRESS}.docx)",
        f"<https://example.org/{NAME_IN_AN_ADDRESS}>",
        f"https://example.org/?q={NAME_IN_AN_ADDRESS.lower()}&x=1",
        f"Смотрите https://example.org/{NAME_IN_AN_ADDRESS} Мария сделала",
        "Льва Зайца&shy;Кузнецова",
        "[почта](https://example.org/?to=maria%40mail.ru)",
        "![Кузнецова](https://example.org/a.png)",
        "Куз**нец**ова",
        "Куз*нец*ова и К\\*знецова",
        "К&nbsp;у&nbsp;з&nbsp;н&nbsp;е&nbsp;ц&nbsp;о&nbsp;в&nbsp;а",
        "К\nу\nз\nн\nе\nц\nо\nв\nа",
        "* К\n* у\n* з\n* н\n* е\n* ц\n* о\n* в\n* а",
        "`Куз` `нецова`",
        "| Имя | Фамилия |\n|---|---|\n| Мария | Кузнецова |\n| Иван | Соколов |",
        "| ул. Ленина | д. 5 | кв. 7 |\n|---|---|---|\n| 8 921 | 123-45-67 | тут |",
        "1. Мария\n2. Кузнецова",
        "- [ ] Мария\n- [x] Кузнецова",
        "> Мария\n> Кузнецова",
        "> - Мария  \n>   Кузнецова",
        "Мария\\\nКузнецова и Куз\\\nнецова",
        "[Мария](https://a.example) [Кузнецова](https://b.example)",
        "Мария [Кузнецова](https://a.example) и Куз[нецова](https://b.example)",
        "Мария [Кузнецова][1]\n\n[1]: https://a.example",
        "тг:\n- masha_k",
        *LINES,
        *(f"**{line}**" for line in LINES),
    ],
)
async def test_what_is_found_can_be_hidden(text: str) -> None:
    found = await findings_in(text)
    assert found
    assert await findings_in(hidden(text, found)) == []


async def test_words_that_only_contain_a_name_stay() -> None:
    text = "Зайцев, заяц_2, Кузнецовск, соколовский"
    assert hidden(text, ["Заяц", "Кузнецов", "Соколов"]) == text


@pytest.mark.parametrize(
    "text",
    [
        "[пишите](mailto:masha%40mail.ru)", "[x](mailto:masha%2540mail.ru)", "[x](mailto:m%61sha@mail.ru)",
        "[x](mailto:masha@mail%2Eru)", "masha&#64;mail.ru", "masha\\@mail.ru", "[x](mailto:masha&commat;mail.ru)",
        "[x](mailto:masha&#37;40mail.ru)", "m*a*sha@mail.ru", "<mailto:masha@mail.ru>", "[x][a]\n\n[a]: mailto:masha%40mail.ru",
        "[x](MAILTO:masha%40MAIL.RU?subject=hi)",
    ],
)  # fmt: skip
async def test_an_import_hides_mail_however_it_is_encoded(text: str) -> None:
    left = hidden(text, to_hide_unseen([text]))
    html = str(await render(left))
    assert "mail.ru" not in unquote(unquote(unescape(html))).casefold()
    assert to_hide_unseen([left]) == ()
    assert to_hide_unseen(["обычный текст, 100% рамок & 5 ульев"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100 + "@mail.ru",
        "[x](mailto:m%61sha@mail.ru)",
        "[x](mailto:masha%2540mail.ru)",
        "[x](mailto:masha&#64;mail.ru)",
    ],
)
async def test_what_is_found_in_a_link_or_inside_a_word_can_be_hidden(text: str) -> None:
    html = str(await render(text))
    found = find_in("a", text, html, Judge((), ())).findings
    assert found
    left = hidden(text, [each.passage for each in found])
    assert find_in("a", left, str(await render(left)), Judge((), ())).findings == []
