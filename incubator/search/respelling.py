"""What somebody may have meant who typed in another keyboard layout, or a word of the other alphabet by its sounds. Pure."""

import re

from anyascii import anyascii

from incubator.language.scripts import is_cyrillic

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN, _TO_LATIN = str.maketrans(_LATIN, _RUSSIAN), str.maketrans(_RUSSIAN, _LATIN)
#: Sounds as people write them in Latin letters, longest first.
_SOUNDS = {
    "shch": "щ", "sch": "щ", "yo": "ё", "jo": "ё", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ju": "ю",
    "ya": "я", "ja": "я", "ye": "е", "je": "е", "a": "а", "b": "б", "v": "в", "w": "в", "g": "г", "d": "д", "e": "е", "z": "з",
    "i": "и", "j": "й", "y": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т",
    "u": "у", "f": "ф", "h": "х", "c": "к", "x": "кс", "q": "к", "'": "ь",
}  # fmt: skip
_SOUND = re.compile("|".join(map(re.escape, _SOUNDS)))
#: After a consonant «y» is «ы»: «ryba».
_Y = re.compile("(?<=[bcdfghjklmnpqrstvwxz])y(?![aeou])")


def respellings(typed: str) -> list[str]:
    """Return what else a word may be, the likeliest first: by the other layout of the keyboard, by its sounds."""
    folded = typed.casefold()
    if is_cyrillic(folded.replace("ё", "е")):
        found = [folded.translate(_TO_LATIN), anyascii(folded).lower()]
    else:
        found = [folded.translate(_TO_RUSSIAN), _SOUND.sub(lambda sound: _SOUNDS[sound[0]], _Y.sub("ы", folded))]
    return [each for each in dict.fromkeys(found) if each != folded]
