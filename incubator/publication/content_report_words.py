"""What may be wrong with a public page, and where, and how both are called. Pure."""

from enum import StrEnum

from incubator.core.languages import _


class Wrong(StrEnum):
    """What is wrong."""

    PERSON = "person"
    PERSONAL_DATA = "personal_data"
    OFFENSIVE = "offensive"
    COPIED = "copied"
    OTHER = "other"


class Spot(StrEnum):
    """Where it is."""

    PAGE = "page"
    PICTURE = "picture"
    POSTER = "poster"


def wrong_title(wrong: str) -> str:
    return {
        Wrong.PERSON: _("Виден человек, которого там быть не должно"),
        Wrong.PERSONAL_DATA: _("Чьи-то личные данные: телефон, адрес, фамилия"),
        Wrong.OFFENSIVE: _("Обидное или неприличное"),
        Wrong.COPIED: _("Чужое: скопированный текст или картинка"),
        Wrong.OTHER: _("Другое"),
    }[Wrong(wrong)]


def place_title(place: str) -> str:
    return {
        Spot.PAGE: _("На странице проекта"),
        Spot.PICTURE: _("На картинке"),
        Spot.POSTER: _("На плакате"),
    }[Spot(place)]


def words_for_team(wrong: str) -> str:
    """Return what an organiser may tell the team, to be changed: nothing of who reported it, or in which words."""
    return {
        Wrong.PERSON: _(
            "Нам сообщили, что на странице виден человек, которого там быть не должно. Мы скрыли её, пока не разберёмся."
        ),
        Wrong.PERSONAL_DATA: _(
            "Нам сообщили, что на странице есть чьи-то личные данные. Мы скрыли её, пока не разберёмся."
        ),
        Wrong.OFFENSIVE: _("Нам сообщили, что на странице есть обидное. Мы скрыли её, пока не разберёмся."),
        Wrong.COPIED: _(
            "Нам сообщили, что на странице есть чужое: текст или картинка. Мы скрыли её, пока не разберёмся."
        ),
        Wrong.OTHER: _("Нам сообщили об ошибке на странице. Мы скрыли её, пока не разберёмся."),
    }[Wrong(wrong)]
