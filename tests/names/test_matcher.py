"""Names in all their forms, by a table written by hand; and what is no name."""

from pathlib import Path

import pytest

from incubator.language.dictionary import family_names
from incubator.names.declension import forms_of
from incubator.names.folding import words_of
from incubator.names.matcher import NameMatcher, PersonName
from incubator.names.mentions import NameKind
from incubator.names.misspellings import Misspellings
from tests.growth import LINEAR, growth
from tests.scale import IS_WHOLE

#: Family name as it stands in the profile: how a text may write it. Each must be found whole, alone in a sentence.
FAMILY_NAMES = {
    "Кузнецова": "Кузнецова Кузнецовой Кузнецову Кузнецовою Кузнецов Кузнецову Кузнецовым Кузнецове Кузнецовы Кузнецовых "
    "КУЗНЕЦОВОЙ кузнецовой кузнецову кузнецовым",
    "Соколов": "Соколов Соколова Соколову Соколовым Соколове Соколовой Соколовы Соколовыми Соколовым",
    "Ильин": "Ильина Ильину Ильиным Ильине Ильиной Ильиных",
    "Королёв": "Королёв Королев Королёва Королеву Королёвым Королёвой",
    "Заяц": "Заяц Зайца Зайцу Зайцем Зайце Заяца Заяцу Зайцы",
    "Лев": "Лев Льва Льву Львом Льве Лева",
    "Орёл": "Орёл Орла Орлу Орлом Орёла Орле",
    "Коваль": "Коваль Коваля Ковалю Ковалем Ковале",
    "Корень": "Корень Корня Корню Корнем Кореню",
    "Соловей": "Соловей Соловья Соловью Соловьём Соловьем Соловея",
    "Гончар": "Гончар Гончара Гончару Гончаром Гончаре",
    "Кравец": "Кравец Кравца Кравцу Кравцом Кравеца",
    "Боец": "Боец Бойца Бойцу Бойцом",
    "Волчок": "Волчок Волчка Волчку Волчком",
    "Шевченко": "Шевченко Шевченки Шевченке шевченко",
    "Живаго": "Живаго",
    "Черных": "Черных",
    "Рерих": "Рерих Рериха Рериху Рерихом",
    "Толстой": "Толстой Толстого Толстому Толстым Толстом Толстая Толстую",
    "Вольный": "Вольный Вольного Вольному Вольным Вольная Вольную",
    "Ковалевская": "Ковалевская Ковалевской Ковалевскую Ковалевский Ковалевского Ковалевскому Ковалевским",
    "Хороший": "Хороший Хорошего Хорошему Хорошим Хорошая Хорошую",
    "Цой": "Цой Цоя Цою Цоем Цое",
    "Ли": "Ли",
    "Юн": "Юн Юна Юну Юном",
    "Пак": "Пак Пака Паку Паком",
    "Гладких": "Гладких",
    "Ткач": "Ткач Ткача Ткачу Ткачом Ткачом",
    "Глинка": "Глинка Глинки Глинке Глинку Глинкой",
    "Берия": "Берия Берии Берию Берией",
    "Данелия": "Данелия Данелии Данелию Данелией",
    "Дюма": "Дюма",
    "Шмидт": "Шмидт Шмидта Шмидту Шмидтом",
    "Салтыков-Щедрин": "Салтыков-Щедрин Салтыкова-Щедрина Салтыковым-Щедриным Салтыков–Щедрин Щедрину Салтыкова",
    "О'Коннор": "О'Коннор О’Коннор О’Коннора О`Коннору О‘Коннором ОʼКоннор О′Коннор О-Коннор О’коннора",
    "Д’Артаньян": "Д’Артаньян Д'Артаньяна Д`Артаньяну Дартаньяном",
    "Ахмадулина": "Ахмадулина Ахмадулиной Ахмадулину",
    "Мицкевич": "Мицкевич Мицкевича Мицкевичу Мицкевичем",
    "Щукина": "Щукина Щукиной Shchukina Schukina Shchukinoy Shhukina",
    "Smith": "Smith SMITH",
}
PAIRS = [(name, form) for name, forms in FAMILY_NAMES.items() for form in forms.split()]


def found_in(text: str, *people: PersonName, phrases: tuple[str, ...] = (), contacts: bool = False) -> list[str]:
    return [text[each.start : each.end] for each in NameMatcher(people, phrases, contacts=contacts).find(text)]


@pytest.mark.parametrize(("name", "form"), PAIRS)
def test_a_family_name_is_found_in_every_form(name: str, form: str) -> None:
    assert found_in(f"Расчёт сделан с {form}, потом проверен.", PersonName("", name)) == [form]


def test_the_table_is_long_enough() -> None:
    assert len(set(PAIRS)) >= 150


#: A person's whole name: how a text may write it.
WHOLE = {
    PersonName("Мария", "Кузнецова", "Ивановна"): (
        "Мария Кузнецова", "Кузнецова Мария", "Марией Ивановной Кузнецовой", "Кузнецовой М. И", "М.И. Кузнецова",
        "М. Кузнецову", "Марии Ивановне", "Маша Кузнецова", "Машей К", "Кузнецова М", "кузнецова маша", "Мария** *Кузнецова",
        "Мария\nКузнецова", "Мария\u00a0Кузнецова", "МАРИЯ КУЗНЕЦОВА",
    ),
    PersonName("Пётр", "Заяц"): ("Пётр Заяц", "Петра Зайца", "Петя заяц", "зайца Петю", "П. Зайцем", "Петр З"),
    PersonName("Лев", "Лев"): ("Льва Льва", "Лёва Лев"),
    PersonName("Анна", "Салтыкова-Щедрина"): ("Анной Салтыковой-Щедриной", "Аня Щедрина", "А. Салтыкова - Щедрина"),
    PersonName("Шинейд", "О'Коннор"): ("Шинейд О’Коннор", "О'Коннор Ш"),
    PersonName("", "де ла Крус"): ("де ла Крус", "Крус"),
    PersonName("Мария Кузнецова"): ("Мария Кузнецова", "Кузнецовой", "Маше Кузнецовой", "М. Кузнецова", "Kuznetsova"),
    PersonName("Кузнецова Мария Ивановна"): ("Мария Кузнецова", "Кузнецовой Марией"),
    PersonName("Әсел Нұрлан"): ("Нұрлан", "Әсел Нұрлан"),
}  # fmt: skip


@pytest.mark.parametrize(("person", "text"), [(person, text) for person, texts in WHOLE.items() for text in texts])
def test_a_whole_name_is_found_as_one(person: PersonName, text: str) -> None:
    assert found_in(f"Это сделала {text} вместе с нами", person) == [text]


#: What hides a name from the eye of a program, but not of a reader.
@pytest.mark.parametrize(
    "text",
    [
        "Куз\u00adнецовой", "Куз\u200bнецовой", "Кузнецо\u0301вой", "К\u2060узнецовой", "Kузнeцовой", "Куз\u3164нецовой",
        "\ufeffКузнецовой", "Кузнецовои\u0306", "Кузнецов\ufe0fой", "кУЗНЕЦОВОЙ", "Κузнецовой", "Кyзнецовой", "Кузнецóвой",
    ],
)  # fmt: skip
def test_invisible_characters_stress_and_look_alikes_hide_nothing(text: str) -> None:
    assert found_in(f"с {text} вдвоём", PersonName("Мария", "Кузнецова")) == [text.removeprefix("\ufeff")]


#: What a reader puts together again.
@pytest.mark.parametrize(
    "text",
    [
        "К у з н е ц о в о й", "К-у-з-н-е-ц-о-в-о-й", "К.у.з.н.е.ц.о.в.о.й", "К | у | з | н | е | ц | о | в | о | й", "к\nу\nз\nн\nе\nц\nо\nв\nа",
        "М а ш а К у з н е ц о в а", "Куз*нецовой", "Куз.нецовой", "Кузне_цовой", "Куз**нец**ова", "куз-не-цо-ва", "Кузне-\nцовой", "Ку знецова",
        "Кузнец0ва", "Ку3нец0ва", "К*знецовой", "Кузн@цовой", "Кузнец#вой", "K у з н е ц о в а", "Маша Куз.нецова", "К-у-з-н-е-ц-о-в-а М-а-ш-а",
        "Kuz.netsova", "Kuznets0va", "K u z n e t s o v a",
    ],
)  # fmt: skip
def test_a_name_spelt_out_or_broken_up_is_found(text: str) -> None:
    assert found_in(f"с {text} вдвоём", PersonName("Мария", "Кузнецова")) == [text]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Кос", "п о к о с и покос"), ("Иванов", "ива нова, и ванов день"), ("Попов", "по повестке, По повестке"), ("Соколова", "со слова, сок лова"),
        ("Котова", "кот, ова; кот и ова"), ("Павлов", "Пав лов"), ("Ли", "Сал-и, л и к"), ("Орлов", "А. О. Р. Л."), ("Белова", "«Бел», ова"),
        ("Павлова", "Иван Пав. Лова"), ("Кузнецова", "Кузнец. Ова"),
    ],
)  # fmt: skip
def test_other_words_are_not_put_together(name: str, text: str) -> None:
    assert found_in(text, PersonName("Вера", name)) == []


def test_all_three_initials_name_somebody() -> None:
    who = PersonName("Мария", "Кузнецова", "Ивановна")
    assert found_in("Считала К. М. И., рисовала М.И.К., по-английски M. I. K. тоже", who) == [
        "К. М. И",
        "М.И.К",
        "M. I. K",
    ]
    assert found_in("С. М. И., К.М.И.С. и А. К. М. И., к. м. и., К М И", who) == []


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (PersonName("Олег", "Ли"), "Li"), (PersonName("Олег", "Ли"), "Oleg Lee"), (PersonName("Анна", "Ким"), "Kim"), (PersonName("Анна", "Ким"), "Anya Kim"),
        (PersonName("Анна", "Ким"), "Kim A"), (PersonName("Виктор", "Цой"), "Tsoy"), (PersonName("Виктор", "Цой"), "Viktor Choi"), (PersonName("Юлия", "Ю"), "Yu"),
        (PersonName("Юлия", "Ю"), "yulia yu"), (PersonName("Мария", "Кузнецова"), "Maria Kuznetsova"), (PersonName("Мария", "Кузнецова"), "M. Kuznetsova"),
        (PersonName("Павел", "Алексеев"), "Alexeyev"), (PersonName("Павел", "Кузнецов"), "kooznetsov"), (PersonName("Игорь", "Пак"), "Pak"),
    ],
)  # fmt: skip
def test_a_name_in_latin_letters_is_found_with_what_stands_beside_it(person: PersonName, text: str) -> None:
    assert found_in(f"Это сделала {text} вместе с нами", person) == [text]


def test_short_words_in_latin_letters_are_left_alone() -> None:
    people = [PersonName("Олег", "Ли"), PersonName("Анна", "Ким"), PersonName("Юлия", "Ю"), PersonName("Игорь", "Тен")]
    assert found_in("Ten ways. Li-ion and JuMP, kim, yu, li, ShenYu, CuPy. Kim", *people) == []


PROJECT = "Проект растёт. Наш проект – это проект команды. Проекты важны, наш проект"


@pytest.mark.parametrize(
    ("person", "text", "found"),
    [
        (PersonName("Проект", "Проект"), PROJECT, []), (PersonName("Анна", "Проект"), PROJECT, []), (PersonName("Вода", "Проект", "Наш"), PROJECT, ["Наш проект"]),
        (PersonName("Анна", "Проект"), "вот Аня Проект, из Проекта; проект анны", ["Аня Проект", "Проекта", "проект анны"]),
        (PersonName("Project", "Project"), "Project is our project. A project", []), (PersonName("", "2025"), "в 2025 году, 2025", []),
        (PersonName("Лев", "Заяц"), "Зайцу помогли. Заяц прибежал, а заяц бежит", ["Зайцу", "Заяц"]), (PersonName("Иван", "Вода"), "Вода пришёл к нам", ["Вода"]),
    ],
)  # fmt: skip
def test_whoever_is_called_like_a_common_word_hides_no_common_word(
    person: PersonName, text: str, found: list[str]
) -> None:
    assert found_in(text, person) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ли", "Знает ли он, липа ли это? Лист."), ("Заяц", "В лесу живёт заяц, зайца видно."),
        ("Машин", "Машины нет, а машина и машину купим"[7:]), ("Мороз", "Ударил мороз"), ("Коваль", "Прежний коваль ковал"),
        ("Кузнецова", "кузнечик, кузнец и кузнецы"), ("Лев", "левый берег, слева"), ("Королёв", "двух королев"),
        ("Иванова", "Ивановская область, ивановец"), ("Орёл", "орла не видно"), ("Юн", "юный, юна, Юный, Июнь"),
        ("Пак", "пакет, Пакет"), ("Толстой", "толстой веткой"), ("Белых", "белых пятен"), ("Салтыков-Щедрин", "щедрина"),
        ("Петров", "Петровское, Петродворец, петровский"), ("Кот", "котов кормят, Который"), ("Роман", "читали роман"),
    ],
)  # fmt: skip
def test_other_words_are_left_alone(name: str, text: str) -> None:
    assert found_in(text, PersonName("Вера", name)) == []


def test_a_given_name_alone_is_a_common_word() -> None:
    people = (PersonName("Вера", "Кузнецова"), PersonName("Роман", "Лис"))
    assert found_in("Вера в успех, роман о Маше и надежда; Роман", *people) == []


def test_a_given_name_with_any_patronymic_may_be_somebody_whose_own_is_unknown() -> None:
    people = (PersonName("Ольга", "Петрова"), PersonName("Иван", "Соколов", "Петрович"))
    text = (
        "Спасибо Ольге Викторовне, Петрову Ольгу Ивановну не спросили. Иван Сергеевич и Иван Петрович; ольга викторовна"
    )
    assert found_in(text, *people) == ["Ольге Викторовне", "Петрову Ольгу Ивановну", "Иван Петрович"]


def test_a_word_of_one_letter_is_no_initial() -> None:
    assert found_in("Считала Кузнецова. Я и она", PersonName("Мария", "Кузнецова")) == ["Кузнецова"]


def test_whom_it_may_be() -> None:
    people = [PersonName("Иван", "Кузнецов"), PersonName("Мария", "Кузнецова"), PersonName("Олег", "Ли")]
    found = NameMatcher(people).find("Кузнецовы, Иван Кузнецов и Олег Ли")
    assert [each.which for each in found] == [{0, 1}, {0}, {2}]
    assert {each.kind for each in found} == {NameKind.PERSON}


SCHOOL = "МБОУ «СОШ № 1 г. Тосно»"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Школа № 1", "Школа № 1"), ("Школа № 1", "школы №1"), ("Школа № 1", "Школе №\u00a01"), ("Школа № 1", "школе N1"),
        ("Школа № 1", "школой номер 1"), ("Школа № 1", "школы No. 1"), ("Школа № 1", "ШКОЛЕ 1"), ("Школа № 1", "1 школе"),
        ("Школа № 1", "1-й школе"), ("Школа № 1", "СОШ №1"), ("Школа № 1", "Школой #1"), (SCHOOL, "школы № 1"), (SCHOOL, "СОШ № 1 г. Тосно"),
        ("Лицей «Заря»", "лицея «Заря»"), ("Лицей «Заря»", "Зари"), ("Лицей «Заря»", "лицеем \"Заря\""),
        ("Лицей «Заря»", "лицее Заря"), ("Лицей \"Заря\"", "Лицей «Заря»"), ("Улей-команда", "Улей-команды"),
        ("Улей-команда", "улей – командой"), ("Улей-команда", "УЛЕЙ-КОМАНДУ"), ("Чистая вода", "чистой водой"),
        ("Тосненский агротехникум", "Тосненского агротехникума"), ("Rocket Lab", "ROCKET LAB"), ("ёжики", "Ежики"),
    ],
)  # fmt: skip
def test_an_organisation_is_found_however_it_is_written(phrase: str, text: str) -> None:
    assert found_in(f"Мы учимся в {text} уже год", phrases=(phrase,)) == [text]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Школа № 1", "школа № 12, школа, 1 сентября, школы города"), ("Улей", "Наш улей тёплый"), ("Лицей «Заря»", "на заре, лицей"),
        ("Чистая вода", "вода чистая. Чистая, вода"), ("Вода", "Вода чистая, а вода грязная. Воды много"), ("Школа № 1", "В списке школа. 1 место"), ("Мы", "мы и Мы"),
    ],
)  # fmt: skip
def test_other_organisations_are_left_alone(phrase: str, text: str) -> None:
    assert found_in(text, phrases=(phrase,)) == []


def test_contacts() -> None:
    text = "Пишите: maria.k@school.example, @masha_k, t.me/masha_k, https://vk.com/id1?w=2. И ещё: маша@почта.рф (или a at b)"
    assert found_in("тг: masha_k, masha собака mail точка ru", contacts=True) == [
        "masha_k",
        "masha собака mail точка ru",
    ]
    assert found_in(text, contacts=True) == [
        "maria.k@school.example", "@masha_k", "t.me/masha_k", "https://vk.com/id1?w=2", "маша@почта.рф",
    ]  # fmt: skip
    assert found_in(text) == []


@pytest.mark.parametrize(
    "piece",
    ["Мария Кузнецова ", "а@", "К. ", "-'", "№1", "а.а-", "@", "К", "к.", "К0", "K u z n e t s o v "],
)
def test_the_work_grows_with_the_length_of_an_answer(piece: str) -> None:
    people = [PersonName("Мария", "Кузнецова", "Ивановна")] * 12
    matcher = NameMatcher(people, ["Школа № 1", "Улей-команда"], contacts=True)
    assert growth(lambda count: matcher.find(piece * count), 6000 // len(piece)) < LINEAR


def test_nothing_that_is_no_word_has_forms() -> None:
    assert forms_of("") == {""}
    assert NameMatcher([PersonName()], [""]).find("Мария Кузнецова") == []


MARIA = PersonName("Мария", "Кузнецова")


@pytest.mark.parametrize(
    "written",
    [
        "Кузнецоова", "Кузззнецова", "Кузнеццовой", "Кузнцеова", "Кузницова", "Кузнцовой", "кузнецоова", "Гузнецова",
        "Мария Кузнецоова", "авоцензуК", "яираМ авоцензуК", "Maria Kuznetsvoa", "avostenzuK",
    ],
)  # fmt: skip
def test_a_long_name_is_found_with_a_slip_and_backwards(written: str) -> None:
    assert found_in(f"Улей придумала {written}, и он стоит.", MARIA) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "Кузнецк и Кузнецкий мост, кузница в Кузнечном.",
        "Кузнечик и кузнечное дело.",
        "Kuznets and Kuznetsov's students: a kuznetsovite.",
        "Петрвов и Водкин.",
    ],
)
def test_another_word_is_no_slip(text: str) -> None:
    assert not [each for each in found_in(text, MARIA) if not each.startswith("Kuznetsov")]


def test_a_short_name_with_another_letter_is_another_word() -> None:
    assert found_in("Кин и Кит, Лим и Ким.", PersonName("Иван", "Ким")) == ["Ким"]


def test_all_family_names_at_once_are_rarely_found_by_mistake_in_the_demo() -> None:
    """One of ten of the 9,000 names in the dictionary (on every change those with three beginnings), in 54,000 letters; a
    team has six."""
    texts = [path.read_text("utf-8") for path in sorted(Path("incubator/demo/story/projects").glob("*.toml"))]
    slips = Misspellings()
    names = sorted(family_names())[::10] if IS_WHOLE else [n for each in ("ку", "ли", "со") for n in family_names(each)]
    assert len(names) > 100
    for name in names:
        slips.add(forms_of(name))
    words = {word.folded: word for text in texts for word in words_of(text) if not word.folded.isascii()}
    found = slips.corrected(list(words.values()), ())
    wrong = [
        word.folded for word, read in zip(words.values(), found or words.values(), strict=True) if word is not read
    ]
    assert len(words) > 3000
    assert len(wrong) < 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Придумала К. М., помог Иван.", ["К. М"]),
        ("Автор: М. К.", ["М. К"]),
        ("(М.К.)", ["М.К"]),
        ("К. М. Придумала всё.", ["К. М"]),
        ("Нас вела К. М. В.", ["К. М. В"]),
        ("Нас вела KMB? Нет, КМВ и МВК.", ["КМВ", "МВК"]),
        ("М. К. Аммосов учил нас, как и Аммосов М. К.", []),
        ("А. К. М. Б. и Т. К. М. М.", []),
        ("т. к. мы умеем, м. к. тоже", []),
        ("МК и КМ, ВМК и КВМ", []),
        ("К.М на конце слова", []),
    ],
)
def test_initials_stand_for_a_name(text: str, found: list[str]) -> None:
    assert found_in(text, PersonName("Мария", "Кузнецова", "Викторовна")) == found
    assert found_in(text, PersonName("Мария Викторовна", "Кузнецова")) == found


def test_three_initials_with_dots_are_found_without_a_patronymic() -> None:
    assert found_in("Нас вела К. М. В., а не КМВ.", MARIA) == ["К. М. В"]


@pytest.mark.parametrize(
    "written",
    [
        "мариякузнецова",
        "кузнецовамария",
        "машакузнецова",
        "mariakuznetsova",
        "kuznetsovamasha",
        "mkuznetsova",
        "мкузнецова",
    ],
)
def test_a_name_in_one_word_is_found(written: str) -> None:
    assert found_in(f"Наш тег #{written}, а ещё #умныйулей и самосвал.", MARIA) == [written]


def test_the_first_letter_of_a_family_name_stands_before_or_behind() -> None:
    assert found_in("К. Мария и Мария К. придумали", MARIA) == ["К. Мария", "Мария К"]
    assert found_in("Это А. К. Мария тоже, а к Марии нет. Витамин К. мария", MARIA) == []


def test_a_given_name_stands_before_the_letters_of_the_others() -> None:
    assert found_in("Это Мария И. К. придумала, с Марией И. К.", MARIA) == ["Мария И. К", "Марией И. К"]
    assert found_in("Мария и К. ушли. Мария И. С. осталась.", MARIA) == []
    assert found_in("Мы тремя столами: мкузнец и tkuznetsova.", MARIA) == []


def test_mail_with_a_comma_for_the_dot_is_mail() -> None:
    assert found_in("почта masha@mail,ru", contacts=True) == ["masha@mail,ru"]
    assert found_in("сбор @ школа, ru", contacts=True) == []


def test_a_team_that_calls_itself_in_the_plural_is_found_in_every_form() -> None:
    text = "С Пчеломамонтами у Пчеломамонтов, Пчеломамонтам"
    assert found_in(text, phrases=("Пчеломамонты",)) == ["Пчеломамонтами", "Пчеломамонтов", "Пчеломамонтам"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ли придумал улей. Ли и построил.", ["Ли", "Ли"]),
        ("- Ли: датчики", ["Ли"]),
        ("Возможно ли это? Знает ли он?", []),
    ],
)
def test_no_sentence_begins_with_a_particle(text: str, found: list[str]) -> None:
    assert found_in(text, PersonName("Иван", "Ли")) == found
