"""Check digits of Russian registration numbers. Pure.

ИНН: приказ ФНС от 29.06.2012 № ММВ-7-6/435@; ОГРН and ОГРНИП: приказ Минфина от 30.10.2017 № 165н.
"""

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)


def is_inn(number: str) -> bool:
    """Return whether a taxpayer's number, of an organisation (10 digits) or a person (12), is possible."""
    if not (number.isascii() and number.isdigit()):
        return False
    if len(number) == 10:
        return _check(number, _INN_10) == number[9]
    return len(number) == 12 and _check(number, _INN_11) + _check(number, _INN_12) == number[10:]


def _check(number: str, weights: tuple[int, ...]) -> str:
    return str(sum(w * int(d) for w, d in zip(weights, number, strict=False)) % 11 % 10)


def is_ogrn(number: str) -> bool:
    """Return whether a state registration number, of an organisation (13 digits) or an entrepreneur (15), is possible."""
    if not (number.isascii() and number.isdigit()) or len(number) not in (13, 15):
        return False
    return str(int(number[:-1]) % (len(number) - 2) % 10) == number[-1]
