"""Finding what says who or where somebody is: names, telephone numbers, addresses of mail, messengers and homes. Pure.

What it cannot find: a nickname, a number spelt out in words, a home that is only described. An organiser reads the text anyway.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from incubator.names.folding import fold
from incubator.names.matcher import NameMatcher
from incubator.names.mentions import NameKind


class PersonalKind(StrEnum):
    PERSON = "person"
    EMAIL = "email"
    HANDLE = "handle"
    """A name in a messenger or social network, or an address there."""
    PHONE = "phone"
    HOME = "home"
    """A street with a number, a flat, a postal address."""


@dataclass(frozen=True, slots=True)
class Mention:
    """``start`` and ``end`` are places in the text as it was written; ``who``: numbers of the people it may mean."""

    start: int
    end: int
    kind: PersonalKind
    who: frozenset[int] = frozenset()


_KINDS = {
    NameKind.PERSON: PersonalKind.PERSON,
    NameKind.EMAIL: PersonalKind.EMAIL,
    NameKind.HANDLE: PersonalKind.HANDLE,
}

#: What may stand between two digits of one number, Markdown's marks among it.
_GAP = r"[\s().\-/_*~\\\u20e3]{0,4}"
_CALL = r"(?:тел|телефон|тлф|моб|мобильный|звони(?:те)?|ватсап|вотсап|whatsapp|вайбер|viber|phone|call)\w{0,3}"
_PHONES = (
    rf"\+{_GAP}\d(?:{_GAP}\d){{8,14}}(?!\d)",
    rf"(?<![\d+])[78]{_GAP}[34589](?:{_GAP}\d){{9}}(?!\d)",
    r"(?<!\d)\(\d{2,5}(?:-\d{1,3})?\)\s{0,2}\d{1,3}(?:[\s-]{1,2}\d\d){2}(?!\d)",
    r"(?<!\d)9\d\d[\s-]{1,2}\d{3}[\s-]{1,2}\d\d[\s-]{0,2}\d\d(?!\d)",
    r"(?<!\d)9\d\d(?:[\s-]{1,2}\d{7}|\d{7})(?!\d)",
    r"(?:\bт\.|[☎☏✆📞📱])\s{0,2}:?\s{0,2}(?P<number3>\d{1,3}-\d\d-\d\d)(?!\d)",
    rf"\b{_CALL}\s{{0,2}}(?:[:.-]{{1,2}}\s{{0,2}})?(?:по номеру\s)?(?P<number>\d{{1,3}}-\d\d-\d\d|[+(]?\d(?:{_GAP}\d){{6,14}})(?!\d)",
    rf"\b{_CALL}\s{{0,2}}[:.-]{{1,2}}\s{{0,2}}(?P<number2>[+(]?\d(?:{_GAP}\d){{4,14}})(?!\d)",
)

_DOMAIN = (
    r"[\w-]{1,63}\s{0,2}[\[({]?(?:\.|точка|dot)[\])}]?\s{0,2}(?:ru|ру|рф|com|net|org|su|me|info|online|pro|edu|gmail)\b"
)
_MAILS = (
    r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}",
    rf"[\w.+-]{{1,64}}\s{{0,2}}[\[({{]?\s{{0,2}}(?:@|собака|собачка|at)\s{{0,2}}[\])}}]?\s{{0,2}}{_DOMAIN}",
)

_NETWORK = (
    r"(?:телеграм\w{0,3}|телега|telegram|тг|tg|вк|vk|вконтакте|whatsapp|вотсап\w?|ватсап\w?|вайбер\w?|viber|инстаграм\w{0,2}|инста|insta|instagram"
    r"|дискорд\w?|discord|скайп\w?|skype|одноклассники|ник|никнейм|аккаунт|nickname|account)"
)
_HANDLES = (
    rf"\b{_NETWORK}\s{{0,2}}[:=-]\s{{0,2}}(?P<name>@?[a-z0-9_.]{{3,40}})",
    rf"\b{_NETWORK}\s{{1,2}}(?P<name2>@?(?=[a-z0-9.]{{0,40}}[_\d])[a-z][a-z0-9_.]{{3,40}})",
    r"\btg://[^\s<>()]{3,80}",
    r"(?<![\w/])id\d{5,12}\b",
)

_STREET = (
    r"(?:ул|улица|улице|улицы|пр|пр-т|пр-кт|просп|проспект\w?|пер|переулок|переулке|ш|шоссе|наб|набережная|набережной|б-р|бул|бульвар\w?|пл|площадь"
    r"|площади|проезд\w?|аллея|аллее|линия|линии|мкр|мкрн|микрорайон\w?|тупик\w?|кв-л|квартал\w?|снт|днт|садоводств\w)"
)
#: Words with which no name of a street begins.
_NO_NAME = (
    r"(?!(?:и|а|или|на|в|во|по|с|со|за|у|от|до|под|над|при|без|для|из|к|о|об|не|что|где|как|мы|их|его|то)\b(?!\.))"
)
_NAME = _NO_NAME + r"(?:[а-я]\.\s?){0,2}[\"\w-]{1,40}(?:\s[\"\w.-]{1,40}){0,3}"
_NUMBER = r"(?:\d{1,4}(?:к|с|корп|стр)\d{1,3}|\d{1,4}\s?[а-я]?)(?!\w)(?:\s?[/-]\s?\d{1,3}[а-я]?)?"
#: What is counted or measured is no house.
_NO_UNIT = r"(?!\d{1,4}\s?(?:м|км|см|мм|р|л|г|га|кг|ч|₽|%|(?:руб|шт|чел|лет|год|мин|час|метр|тыс|млн|градус|раз|штук|ден|дн|мест)\w{0,4})(?!\w))"
_HOUSE = rf"(?:(?:дом\w?|д|участок|уч|строение|стр|влад|вл)\.?\s{{0,2}}№?\s{{0,2}}|№\s{{0,2}}|{_NO_UNIT}){_NUMBER}"
_MORE = r"(?:[,\s]{1,3}(?:корпус|корп|к|строение|стр|литера|лит|подъезд|под|этаж|эт)\.?\s{0,2}[\dа-я]{1,3}\b){0,3}"
_FLAT = r"(?:[,\s]{1,3}(?:квартира|квартире|кв|комната|ком|комн)\.?\s{0,2}№?\s?\d{1,4}\b)"
_PLACE = (
    r"(?:дер|деревня|деревне|пос|посёлок|поселок|посёлке|поселке|п|пгт|с|село|селе|г|гор|город|городе|станица|хутор)(?:\.\s{0,2}|\s{1,2})"
    + _NAME
)
_HOMES = (
    rf"\b{_STREET}\.?\s{{1,2}}{_NAME}[,\s]{{1,3}}{_HOUSE}{_MORE}{_FLAT}?",
    rf"\b{_STREET}\.{_NAME}[,\s]{{1,3}}{_HOUSE}{_MORE}{_FLAT}?",
    rf"\b[\w-]{{2,40}}(?:\s[\w-]{{2,40}})?\s{_STREET}\.?[,\s]{{1,3}}{_HOUSE}{_MORE}{_FLAT}?",
    rf"\b{_PLACE}[,\s]{{1,3}}(?:дом\w?|д)\.?\s{{0,2}}№?\d{{1,4}}[а-я]?\b{_MORE}{_FLAT}?",
    rf"\b(?:дом\w?|д)\.?\s{{0,2}}№?\s?\d{{1,4}}\s?[а-я]?\b(?:\s?/\s?\d{{1,3}})?{_MORE}{_FLAT}",
    r"\b(?:квартира|квартире|кв)\.?\s{0,2}№?\s?\d{1,4}\b(?!\s{0,2}(?:м|метр|см|км|руб))",
    r"(?<!\d)\d{6},?\s{1,2}(?:россия|рф|г\.|город|гор\.|обл|лен|ленинградск\w{2,3}|санкт|спб|пос|дер|с\.|п\.)(?:(?! - )[^\n;]){0,80}",
    r"(?<!\d)1[89]\d{4},?\s{1,2}(?!руб|тыс|шт|чел|ед)[а-я-]{3,30},?\s[а-я-]{3,30},?\s\d{1,4}(?!\d)",
    rf"\b(?:дом\w?|д)\.?\s{{0,2}}№?\s{{0,2}}\d{{1,4}}\s?[а-я]?\s(?:по|на)\s{_STREET}\.?\s{{1,2}}{_NO_NAME}[а-я-]{{2,40}}",
    rf"\bг(?:\.|ор\.|ород\w?)\s{{0,2}}[а-я-]{{3,30}},\s{{1,2}}[а-я-]{{2,30}}(?:ая|ой|ого|ина|ова|ева),?\s{_NO_UNIT}\d{{1,4}}(?!\d)",
    r"\bобщежити\w{1,2}\b[^\n;]{0,40}?\bкомн\w{0,4}\.?\s?№?\s?\d{1,4}\b",
    r"\b\d{1,4}[a-z]?,?\s[a-z]{2,30}(?:\s[a-z]{2,30})?\s(?:street|st\.|avenue|ave\.|lane|road|prospekt|ulitsa)(?:,?\s(?:apt|apartment|flat)\.?\s?\d{1,4})?",
    r"\b(?:street|ulitsa|ul\.|prospekt)\s[a-z]{2,30},?\s(?:d\.\s?)?\d{1,4}(?:,?\s(?:apt|apartment|flat|kv)\.?\s?\d{1,4})?",
    r"\b(?:apt|apartment|flat)\.?\s{1,2}(?:no\.?\s)?\d{1,4}\b",
)  # fmt: skip


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


#: In folded text: no case, one kind of blank, dash and quotation mark.
_PATTERNS = {
    PersonalKind.EMAIL: _compiled(_MAILS),
    PersonalKind.HANDLE: _compiled(_HANDLES),
    PersonalKind.PHONE: _compiled(_PHONES),
    PersonalKind.HOME: _compiled(_HOMES),
}


def mentions_in(text: str, people: NameMatcher) -> list[Mention]:
    """Return everything found, in order, none overlapping. ``people`` finds names, addresses of mail and handles."""
    found = [
        Mention(each.start, each.end, _KINDS[each.kind], each.which)
        for each in people.find(text)
        if each.kind in _KINDS
    ]
    return _joined([*found, *_by_pattern(text)])


#: What an import hides by itself. Names in networks are often a project's own page there.
_HIDDEN_UNSEEN = frozenset({PersonalKind.EMAIL, PersonalKind.PHONE, PersonalKind.HOME})


def contacts_to_hide(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the telephone numbers and addresses in texts that nobody looks through before they are public."""
    nobody = NameMatcher([], contacts=True)
    found = (
        text[each.start : each.end]
        for text in texts
        for each in mentions_in(text, nobody)
        if each.kind in _HIDDEN_UNSEEN
    )
    return tuple(dict.fromkeys(found))


def _by_pattern(text: str) -> Iterator[Mention]:
    folded, places = fold(text)
    for kind, patterns in _PATTERNS.items():
        for pattern in patterns:
            for each in pattern.finditer(folded):
                start, end = each.span(each.lastgroup or 0)
                while end > start and folded[end - 1] in " ,.":
                    end -= 1
                yield Mention(places[start], places[end - 1] + 1, kind)


def _joined(found: list[Mention]) -> list[Mention]:
    """Return ``found`` with those that overlap made one, of the kind of the longest."""
    kept: list[Mention] = []
    for each in sorted(found, key=lambda m: (m.start, -m.end)):
        last = kept[-1] if kept else None
        if last is None or each.start >= last.end:
            kept.append(each)
            continue
        longest = last if last.end - last.start >= each.end - each.start else each
        kept[-1] = Mention(last.start, max(last.end, each.end), longest.kind, last.who | each.who)
    return kept
