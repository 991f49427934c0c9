"""What a mask hides; names in all their forms are tested in tests/names."""

from incubator.names.matcher import PersonName
from incubator.reviews.access.masking import MASK, NO_MASK, Mask

TEAM = Mask(
    [PersonName("Мария", "Кузнецова"), PersonName("", "Ли"), PersonName("Лев", "Заяц")],
    ["Улей-команда", "Лицей «Заря»", "Школа № 1"],
)


def test_a_mask_knows_declensions_and_leaves_other_words() -> None:
    assert TEAM("С Кузнецовой и Кузнецовым из «Зари»") == f"С {MASK} и {MASK} из «{MASK}»"
    assert TEAM("кузнечик, лист и липа над лесом, знает ли лев") == "кузнечик, лист и липа над лесом, знает ли лев"
    assert TEAM("из Улей-команды лицея «Заря»") == f"из {MASK} {MASK}"
    assert TEAM("из школы №\u00a01, школой №1, Школе номер 1") == f"из {MASK}, {MASK}, {MASK}"
    assert TEAM("у Льва Зайца и Ли") == f"у {MASK} и {MASK}"
    assert TEAM("пишите: maria.k@school.example, @masha_k") == f"пишите: {MASK}, {MASK}"
    assert TEAM("К у з н е ц о в а, Куз*нецова, by Li; тг: masha_k") == f"{MASK}, {MASK}, by {MASK}; тг: {MASK}"
    assert Mask()("ничего") == "ничего"


def test_a_given_name_alone_tells_who_somebody_is() -> None:
    assert TEAM("Мы с Машей и Лёвой. Маша мерила, Мария считала; Masha wrote") == (
        f"Мы с {MASK} и {MASK}. {MASK} мерила, {MASK} считала; {MASK} wrote"
    )
    assert TEAM("| Мария | 8 |") == f"| {MASK} | 8 |"
    others = "Мария Кюри и Лев Толстой. Лев – царь зверей, и лев спит, а машина стоит: спросили Марину."
    assert TEAM(others) == others
    assert (
        Mask([PersonName("Вера", "Попова")])("Вера. С верой, вера. Наша Вера права")
        == f"Вера. С верой, вера. Наша {MASK} права"
    )


def test_a_mask_hides_where_somebody_lives_and_what_says_who_they_are() -> None:
    assert TEAM("Живу: ул. Ленина, д. 5, кв. 12. Встреча у школы.") == f"Живу: {MASK}. Встреча у школы."
    assert TEAM("паспорт 4012 123456, СНИЛС 112-233-445 95") == f"паспорт {MASK}, СНИЛС {MASK}"
    assert TEAM("Мария Кузнецова, 14.05.2010; 59.9343, 30.3351") == f"{MASK}, {MASK}; {MASK}"
    assert TEAM("Улей на 10 рамок, 59 % пасек, 2 кг") == "Улей на 10 рамок, 59 % пасек, 2 кг"
    assert TEAM.html(
        '<p>ул. <b>Ленина</b>, д. 5</p><p><a href="https://yandex.ru/maps/?ll=30.33,59.93">тут</a></p>'
    ) == (f"<p>{MASK}<b></b></p><p><a>тут</a></p>")


def test_a_mask_reads_across_cells_and_in_encoded_addresses() -> None:
    assert TEAM("| Мария | Кузнецова | 8 |") == f"| {MASK} | 8 |"
    assert TEAM("| 8 923 | 1 234 567,00 | 5 |") == f"| {MASK},00 | 5 |"
    assert TEAM("| 8 | 10 | 20 |") == "| 8 | 10 | 20 |"
    encoded = "https://disk.example.org/%D0%9A%D1%83%D0%B7%D0%BD%D0%B5%D1%86%D0%BE%D0%B2%D0%B0.mp4"
    assert TEAM(f"| Ролик | {encoded} | видео |") == f"| Ролик | {MASK} | видео |"
    assert TEAM("| Ролик | https://disk.example.org/%D1%83%D0%BB%D0%B5%D0%B9 |") == (
        "| Ролик | https://disk.example.org/%D1%83%D0%BB%D0%B5%D0%B9 |"
    )


def test_html_stays_whole() -> None:
    assert TEAM.html('<p>С <b>Мар</b>ией&nbsp;Кузнецовой <a href="https://t.me/masha">тут</a></p>') == (
        f"<p>С <b>{MASK}</b> <a>тут</a></p>"
    )
    assert (
        TEAM.html("<p>К<em>уз</em>*нец<b>ова</b> и Куз<b>.нецова</b></p>")
        == f"<p>{MASK}<em></em><b></b> и {MASK}<b></b></p>"
    )
    assert NO_MASK.html("<p>Мария Кузнецова</p>") == "<p>Мария Кузнецова</p>"
    assert NO_MASK("Мария Кузнецова") == "Мария Кузнецова"
