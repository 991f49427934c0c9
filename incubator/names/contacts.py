"""Where somebody is reached: mail, messengers and social networks, telephones, also as people say it aloud. Pure."""

import re
from collections.abc import Iterator

from incubator.names.folding import fold
from incubator.names.mentions import FoundName, NameKind
from incubator.names.phones import PHONES

_AT = r"(?:@|собака|собачка|sobaka|dog|at|эт|\(а\)|\(a\))"
_DOT = r"(?:\.|точка|точку|tochka|dot)"
_BESIDE = r"[\s_*\"'-]{1,2}"
_NEAR = r"[\s_*\"'-]{0,2}"
_ZONES = r"(?:ru|ру|рф|com|ком|net|нет|org|орг|su|me|info|инфо|online|pro|edu|gmail|by|бай|kz|ua|spb|example|школа|дети|site|io)"
#: What people call the big providers.
_PROVIDERS = (
    r"(?:mail|мэйл|мейл|мэил|маил|майл|yandex|яндекс|ya|я|gmail|гмейл|гмэйл|джимейл|джимэйл|гмаил|rambler|рамблер"
    r"|bk|бк|inbox|инбокс|list|лист|icloud|айклауд|outlook|hotmail|vk|вк)"
)
_EMAILS = (
    r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}",
    # «maria [at] mail.ru», «maria (собака) mail точка ru»
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s{{0,2}}[\[({{<]\s{{0,2}}{_AT}\s{{0,2}}[\])}}>]\s{{0,2}}[\w-]{{1,63}}\s{{0,2}}[\[({{]?{_DOT}[\])}}]?\s{{0,2}}{_ZONES}\b",
    # «maria @ mail.ru», «maria собака mail.ru», «maria собака mail точка ru», «мария собака яндекс ру»
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s{{0,2}}@\s{{0,2}}[\w-]{{1,63}}\s{{0,2}}{_DOT}\s{{0,2}}{_ZONES}\b",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}{_BESIDE}(?:собака|собачка|sobaka|эт){_BESIDE}[\w-]{{1,63}}{_NEAR}{_DOT}{_NEAR}{_ZONES}\b",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}{_BESIDE}(?:собака|собачка|sobaka|эт){_BESIDE}{_PROVIDERS}{_BESIDE}{_ZONES}\b",
    rf"[\w.+-]{{1,64}}@{_PROVIDERS}\s?[,;]\s?{_ZONES}\b",  # a slip: «maria@mail,ru»
    # «maria at mail dot com»; with a real dot this is usual English: «available at example.com»
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s{{1,2}}at\s{{1,2}}(?:[\w-]{{1,63}}\s{{1,2}}(?:dot|точка)\s{{1,2}}{_ZONES}|{_PROVIDERS}\.(?:ru|com))\b",
)  # fmt: skip

_SITES = (
    r"t\.me|telegram\.me|(?:m\.)?vk\.com|vk\.ru|vk\.me|ok\.ru|max\.ru|instagram\.com|facebook\.com|youtube\.com|youtu\.be"
    r"|tiktok\.com|github\.com|gitlab\.com|wa\.me|x\.com|twitter\.com|rutube\.ru|dzen\.ru|discord\.gg"
    r"|gitverse\.ru|gitflic\.ru|codeberg\.org|threads\.(?:net|com)|snapchat\.com|twitch\.tv|steamcommunity\.com|tenchat\.ru|likee\.video|fb\.com"
)
#: Networks as they are called in Russian, also in short; with a word in Latin letters behind it names somebody.
_RUSSIAN_NETWORK = (
    r"(?:телеграм\w{0,3}|телег[аеиу]|телегой|телега|тг|тгшк\w|вк|вконтакте|вотсап\w?|ватсап\w?|вацап\w?|вайбер\w?|инстаграм\w{0,2}|инст[аеуы]|дискорд\w?"
    r"|скайп\w?|одноклассник\w{1,3}|тикток\w?|снапчат\w?|твич\w?|роблокс\w?|мессенджер\w?\smax)"
)
_NETWORK = rf"(?:{_RUSSIAN_NETWORK}|telegram|tg|vk|whatsapp|viber|insta|instagram|discord|skype|tiktok|snapchat|twitch|roblox|steam|icq|max|мах|макс\w?)"
_ACCOUNT = r"(?:ник\w{0,2}|никнейм\w?|аккаунт\w?|логин\w?|юзернейм\w?|nickname|username|account)"
#: What people say between the network and the name there.
_LINK = (
    r"(?:\s{1,2}(?:в|во|на|у|по|под|я|мой|моя|мои|моего|наш|нашей|меня|там|тут|это|есть|такой|вот|ник\w{0,2}|никнейм\w?|аккаунт\w?|профиль|адрес|is|my|me|there"
    rf"|telegram|max|{_RUSSIAN_NETWORK})){{0,4}}"
)
_SIGN = r"(?:@|собака\s|собачка\s)"
_SEPARATOR = r"\s{0,2}[:=-]\s{0,6}"
#: A name with a digit or a low line is no word of a language.
_ODD_NAME = r"(?=[a-z0-9.а-я]{0,40}[_\d])[a-zа-я][a-z0-9_.а-я]{2,40}(?!-)"
#: «max: 1000» is an amount, «вк: 12345678» an account.
_LATIN_NAME = r"(?![\d.,]{1,6}(?![\w.]))[a-z0-9_.]{3,40}(?!-)"
#: Words in Latin letters that say what somebody has in a network, not who they are there.
_NO_NAME = (
    r"(?!(?:bot|bots|api|mini|apps?|web|business|channel|chat|group|messenger|premium|play|video|music|id|login|sdk|python|stories|reels|live|ads|pay|donut|tv"
    r"|desktop|open|oauth|connect|teams|cloud|ios|android|pro|plus|or|and|для|url|link|http|https|www|server|profile|public|widget|stars|passport|github|google|youtube|games?|music|cdn)\b)"
)
#: «маша точка кузнецова», «маша кузнецова точка ру», «маша подчёркивание к»
_SAID_NAME = rf"\w{{1,30}}(?:\s\w{{1,30}}){{0,2}}\s(?:точка|dot|(?:нижнее\s)?подчеркивание|underscore)\s\w{{1,30}}(?:\s{_DOT}\s\w{{2,10}})?"
_HANDLES = (
    rf"(?<![\w.-])(?:https?://)?(?:www\.)?(?:{_SITES})/[^\s<>()\"]*[^\s<>()\".,;:!?]",
    r"(?<![\w.@/-])@[a-z_а-я][\w.]{1,40}\w",
    rf"\b(?:{_NETWORK}|{_ACCOUNT}){_LINK}{_SEPARATOR}(?P<a>{_SIGN}?{_NO_NAME}{_LATIN_NAME})",
    rf"\b(?:{_NETWORK}|{_ACCOUNT}){_LINK}(?:{_SEPARATOR}|\s{{1,2}})(?P<b>{_SIGN}?{_ODD_NAME})",
    rf"\b(?:{_NETWORK}|{_ACCOUNT}){_LINK}(?:{_SEPARATOR}|\s{{1,2}})(?P<c>{_SIGN}[\w.]{{2,40}}(?!-)\w)",
    rf"\b(?:{_NETWORK}|{_ACCOUNT}){_LINK}(?:{_SEPARATOR}|\s{{1,2}})(?P<d>{_SAID_NAME})",
    rf"\b(?:{_RUSSIAN_NETWORK}|ник|никнейм|tg|vk){_LINK}\s{{1,2}}(?P<e>{_NO_NAME}[a-z][a-z0-9_.]{{3,40}}\b(?![-/]))",
    # «masha_k в телеграме», «masha_k (тг)»; «t точка me слэш masha»
    rf"(?<![\w.@/-])(?P<f>(?=[a-z0-9.]{{0,40}}_)[a-z][a-z0-9_.]{{3,40}})\s{{1,2}}[(\[]?(?:в\s|на\s|- ?)?(?:{_RUSSIAN_NETWORK}|tg|vk)\b",
    r"(?<!\w)@\s(?P<g>(?=[a-z0-9.]{0,40}[_\d])[a-z][a-z0-9_.]{3,40})",
    r"\b(?:t|vk|ok|wa)\s?(?:\.|точка)?\s?(?:me|com|ми|ком)\s?(?:/|слэш|слеш|slash)\s?[a-z0-9_.]{3,40}\b",
    r"\btg://[^\s<>()]{3,80}",
    r"(?<![\w/])id\d{5,12}\b",
    # «masha#1234» as Discord had it; «https://mastodon.example/@masha»
    r"(?<![\w&#])[a-z][a-z0-9_.]{1,31}#\d{4}(?!\w)",
    r"\bhttps?://[^\s/<>()\"]{3,80}/@[\w.]{2,40}\w",
)  # fmt: skip

_PATTERNS = {
    NameKind.EMAIL: tuple(re.compile(pattern) for pattern in _EMAILS),
    NameKind.HANDLE: tuple(re.compile(pattern) for pattern in _HANDLES),
    NameKind.PHONE: tuple(re.compile(pattern) for pattern in PHONES),
}


def contacts_in(text: str) -> Iterator[FoundName]:
    """Yield addresses of mail, telephone numbers, and names after "@", beside a network's name, or in addresses there."""
    folded, places = fold(text)
    for kind, patterns in _PATTERNS.items():
        for pattern in patterns:
            for each in pattern.finditer(folded):
                start, end = each.span(each.lastgroup or 0)
                while end > start and folded[end - 1] in " ,.":
                    end -= 1
                yield FoundName(places[start], places[end - 1] + 1, kind)
