"""Printing cards: eight on a page of A4, to be cut apart."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from incubator import config
from incubator.classroom.cards import Card
from incubator.core.clock import day_of
from incubator.core.formatting import day
from incubator.core.languages import _, current_locale
from incubator.core.printed_codes import in_groups
from incubator.core.text import short
from incubator.typesetting.qr import qr_code, standalone
from incubator.typesetting.typst import typeset


async def drawn_cards(cards: Sequence[Card]) -> bytes:
    """Return the cards as a PDF, in the reader's language."""
    base = config.settings.base_url
    data = {
        "locale": current_locale(),
        "address": f"{urlsplit(base).netloc}/card",
        "words": {
            "title": _("Карточки класса"),
            "programme": _("Программа «От идеи – к проекту, от проекта – к предпринимательству»"),
            "login": _("Логин"),
            "code": _("Код"),
            "how": _("Откройте код телефоном или наберите адрес"),
            "then": _("и придумайте пароль. Потом входите с логином и паролем."),
            "secret": _("Никому не показывайте. Потеряли – скажите педагогу."),
        },
        "cards": [
            {
                "name": short(card.name, 60),
                "school": short(card.school, 70),
                "login": card.login,
                "code": in_groups(card.code),
                "until": _("Код действует один раз, до %(day)s", day=day(day_of(card.expires_at))),
                "qr": standalone(qr_code(base + card_address(card.login, card.code))),
            }
            for card in cards
        ],
    }
    return await typeset("classroom/cards.typ", data, format="pdf")


def card_address(login: str, code: str) -> str:
    """Return the path to which a card's QR code leads."""
    return f"/card?login={quote(login)}&code={quote(code)}"
