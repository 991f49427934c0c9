"""Why a mail could not be delivered, in plain words. Pure."""

import re

from incubator.core.languages import _

#: «SMTPRecipientRefused(550, '5.1.1 no such user', 'maria@example.org')»: the name of the error, its code, the server's words.
_CODE = re.compile(r"\((?:code=)?(\d{3}), ")
_WORDS = re.compile(r"\d{3}, (['\"])(.*?)\1")


def reason_of(error: str) -> str:
    """Return the reason for an error as it is stored (``repr`` of the exception)."""
    kind = error.partition("(")[0]
    if "Authentication" in kind:
        return _("Почтовый сервер не принял имя и пароль")
    if "NotSupported" in kind:
        return _("Почтовый сервер не умеет адреса вида мария@почта.рф (нет SMTPUTF8)")
    if any(word in kind for word in ("Connect", "Timeout", "Disconnected", "OSError", "gaierror")):
        return _("Почтовый сервер не отвечает")
    if kind == "ValueError" and "INCUBATOR_SMTP_URL" in error:
        return _("Адрес почтового сервера задан неверно")
    return _refusal(error)


def _refusal(error: str) -> str:
    """Return what the server's code says (RFC 5321): 5… for good, 4… for now."""
    code = _CODE.search(error)
    if code is None:
        return _("Не удалось отправить")
    if code[1] in {"550", "551", "553"}:
        return _("Сервер говорит: такого ящика нет, или он не принимает от нас письма")
    if code[1] == "552":
        return _("Ящик переполнен, или письмо слишком большое")
    return _("Сервер просит попробовать позже") if code[1].startswith("4") else _("Сервер отказался принять письмо")


def words_of_server(error: str) -> str:
    """Return what the server itself wrote; empty if it wrote nothing."""
    found = _WORDS.search(error)
    return found[2][:200] if found else ""
