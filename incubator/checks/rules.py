"""What is wrong with an installation, and how to mend it. Pure."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from incubator.checks.facts import Installation, ProviderFacts
from incubator.checks.finding import Finding, Level, fine, refusal, warning
from incubator.core.disk import LEAST_FREE
from incubator.core.email_address import normalised
from incubator.core.languages import _
from incubator.core.networks import is_local_host
from incubator.mail.server_address import mail_server

#: Seconds by which two clocks may differ.
_CLOCKS = 30
_BLANK = re.compile(r"\s")


def is_local(address: str) -> bool:
    """Return whether ``address`` is a URL that only this machine can open."""
    return is_local_host(urlsplit(address).hostname or "")


def address(facts: Installation) -> Finding:
    name, given = _("Адрес сайта"), facts.settings.base_url
    try:
        url = urlsplit(given)
        is_valid = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0 and not _BLANK.search(given)
    except ValueError:
        is_valid = False
    if not is_valid or url.path or url.query or url.fragment or url.username:
        return refusal(
            name, given, _("INCUBATOR_BASE_URL пишется так: https://incubator.example.org, без пути в конце.")
        )
    if is_local(given):
        return warning(
            name, _("%(address)s – ссылки в письмах откроются только на этом компьютере", address=given),
            _("Задайте адрес, который видят люди: INCUBATOR_BASE_URL=https://incubator.example.org"),
        )  # fmt: skip
    if url.scheme == "http":
        return warning(
            name, _("%(address)s – пароли и тексты идут по сети открыто", address=given),
            _("Поставьте впереди nginx с сертификатом (deploy/nginx.conf) и задайте адрес с https://"),
        )  # fmt: skip
    return fine(name, given)


def proxy(facts: Installation) -> Finding:
    name, given = _("Прокси"), facts.settings.trusted_proxies
    wrong = [each for each in given if not _is_network(each)]
    if wrong:
        return refusal(
            name, _("непонятный адрес: %(address)s", address=", ".join(wrong)),
            _("INCUBATOR_TRUSTED_PROXIES – адреса или сети через запятую, например 127.0.0.1,::1. Звёздочка нельзя: тогда любой назовётся кем угодно."),
        )  # fmt: skip
    if not given and facts.settings.base_url.startswith("https://"):
        return warning(
            name, _("адрес с https, а прокси не назван: у всех посетителей будет один адрес на всех"),
            _("Задайте INCUBATOR_TRUSTED_PROXIES=127.0.0.1, если nginx стоит на этой же машине."),
        )  # fmt: skip
    return fine(name, ", ".join(given) or _("нет"))


def _is_network(text: str) -> bool:
    try:
        return ipaddress.ip_network(text).prefixlen > 0  # strictly, as the server reads it
    except ValueError:
        return False


def mail(facts: Installation) -> Finding:
    name, given = _("Почта"), facts.settings
    if not given.smtp_url:
        if is_local(given.base_url) or given.is_dev:
            return fine(name, _("письма пишутся в файлы: %(folder)s", folder=facts.folder.folder / "mail"))
        return warning(
            name, _("сервер не задан: письма никуда не уходят, они пишутся в файлы"),
            _("Задайте INCUBATOR_SMTP_URL=smtp://user:password@mail.example.org:587 и проверьте: incubator mail-test ВАШ@АДРЕС"),
        )  # fmt: skip
    try:
        server = mail_server(given.smtp_url)
    except ValueError as error:
        return refusal(name, _("адрес сервера не разобрать"), str(error))
    where = f"{server.host}:{server.port}"
    if facts.outside.mail_problem:
        return warning(
            name, f"{where}: {facts.outside.mail_problem}",
            _("Проверьте сервер, порт, имя и пароль; затем: incubator mail-test ВАШ@АДРЕС"),
        )  # fmt: skip
    if facts.outside.knows_utf8 is False:
        return warning(
            name, _("%(server)s не берёт адреса вида мария@почта.рф (нет SMTPUTF8)", server=where),
            _("До людей с такими адресами письма не дойдут. Postfix это умеет: smtputf8_enable = yes"),
        )  # fmt: skip
    return fine(name, where)


def sender(facts: Installation) -> Finding:
    name, given = _("Отправитель писем"), facts.settings.mail_from
    try:
        domain = normalised(given.rpartition("<")[2].rstrip("> ")).rpartition("@")[2]
    except ValueError:
        domain = ""
    if not facts.settings.smtp_url or domain:
        return fine(name, given)
    return warning(
        name, _("%(address)s – с таким адресом письма не примут", address=given),
        _("Задайте INCUBATOR_MAIL_FROM=incubator@example.org: адрес вашего домена, от имени которого сервер вправе писать."),
    )  # fmt: skip


def data_folder(facts: Installation) -> Finding:
    name, folder, given = _("Папка данных"), facts.folder, facts.settings.given_data
    if facts.settings.is_data_relative:
        return refusal(
            name, _("%(folder)s – путь от текущей папки: из другой папки сайт окажется пустым", folder=given),
            _("Напишите путь целиком: INCUBATOR_DATA=%(folder)s", folder=folder.folder),
        )  # fmt: skip
    if facts.settings.uses_sqlite and not folder.has_database and folder.used_before:
        return refusal(
            name, _("в %(folder)s нет базы, а в прошлый раз сайт работал из %(before)s", folder=folder.folder, before=folder.used_before),
            _("Задайте INCUBATOR_DATA=%(before)s. Если нужен новый, пустой сайт: incubator migrate", before=folder.used_before),
        )  # fmt: skip
    if folder.exists and not folder.is_writable:
        return refusal(
            name, _("%(folder)s – сюда нельзя писать", folder=folder.folder),
            _("Отдайте папку пользователю, от имени которого работает сайт: chown -R incubator %(folder)s", folder=folder.folder),
        )  # fmt: skip
    return fine(name, str(folder.folder))


def rights(facts: Installation) -> Finding:
    name, seen = _("Права на файлы"), facts.folder.open_to_others
    if not seen:
        return fine(name, _("читает только владелец"))
    return warning(
        name, _("другие пользователи машины могут читать: %(names)s", names=", ".join(seen)),
        _("chmod -R go= %(folder)s", folder=facts.folder.folder),
    )  # fmt: skip


def disk(facts: Installation) -> Finding:
    name, free = _("Место на диске"), facts.folder.free_mb
    text = _("свободно %(n)s МБ", n=free)
    if free * 2**20 < LEAST_FREE:
        return warning(
            name, text, _("Освободите место: когда оно кончится, ничего не сохранится, а вход не откроется.")
        )
    return fine(name, text)


def temporary_folder(facts: Installation) -> Finding:
    name, room = _("Временная папка"), facts.folder.temporary
    if not room.is_writable:
        return warning(
            name, _("%(folder)s – сюда нельзя писать", folder=room.folder or "TMPDIR"),
            _("Задайте TMPDIR: без неё не загрузится ни один файл."),
        )  # fmt: skip
    text = _("%(folder)s, свободно %(n)s МБ", folder=room.folder, n=room.free // 2**20)
    if room.is_full:
        return warning(name, text, _("Освободите место или задайте TMPDIR: в неё сначала приходит всё, что загружают."))
    return fine(name, text)


def database(facts: Installation) -> Finding:
    name, seen, is_sqlite = _("База данных"), facts.database, facts.settings.uses_sqlite
    if facts.settings.is_database_unreadable:
        return refusal(
            name, _("DATABASE_URL не прочитать"),
            _("Напишите так: postgres://user:password@host/name. Знаки # / ? @ : [ ] в пароле замените кодами, как в любом адресе."),
        )  # fmt: skip
    if is_sqlite and not facts.folder.has_database:
        return refusal(name, _("её ещё нет"), _("Выполните: incubator migrate"))
    if seen.problem and is_sqlite:
        return refusal(
            name, _("не открывается: %(reason)s", reason=seen.problem), _("Проверьте место на диске и права на папку данных.")
        )  # fmt: skip
    if seen.problem:
        return warning(
            name, _("не отвечает: %(reason)s", reason=seen.problem),
            _("Пока она не ответит, сайт показывает страницу с просьбой подождать. Проверьте DATABASE_URL и сервер базы."),
        )  # fmt: skip
    if seen.pending:
        return refusal(name, _("не обновлена, миграций: %(n)s", n=seen.pending), _("Выполните: incubator migrate"))
    return fine(name, _("отвечает, обновлена"))


def clock(facts: Installation) -> Finding:
    name, ahead = _("Часы"), facts.database.seconds_ahead
    if abs(ahead) <= _CLOCKS:
        return fine(name, _("идут верно"))
    text = _("спешат на %(n)s с", n=round(ahead)) if ahead > 0 else _("отстают на %(n)s с", n=round(-ahead))
    return warning(name, text, _("Сроки сдачи считаются по этим часам. Включите их сверку: timedatectl set-ntp true"))


def files(facts: Installation) -> Finding:
    name, problem = _("Файлы участников"), facts.outside.files_problem
    if problem:
        return refusal(name, problem, _("Проверьте INCUBATOR_FILES и ключи доступа, для папки – её права."))
    return fine(name, _("можно сохранять"))


#: What may stand in an address.
_KEY = re.compile(r"[a-z0-9-]{1,40}")


def sign_in(facts: Installation) -> Finding:
    name, given = _("Вход через другие сайты"), facts.settings.sign_in_providers
    if wrong := _wrong_providers(given):
        return refusal(name, *wrong)
    if problems := facts.outside.sign_in_problems:
        return warning(
            name, "; ".join(problems),
            _("Проверьте ISSUER: по адресу ISSUER/.well-known/openid-configuration должен открываться JSON, и в нём тот же issuer."),
        )  # fmt: skip
    return fine(name, ", ".join(each.key for each in given) or _("нет"))


def _wrong_providers(given: Sequence[ProviderFacts]) -> tuple[str, str] | None:
    """Return what is wrong with the settings, and how to mend it."""
    if wrong := [each.key for each in given if not _KEY.fullmatch(each.key)]:
        remedy = _("INCUBATOR_OIDC – имена через запятую, строчными латинскими буквами, например school,vk")
        return _("непонятное имя: %(names)s", names=", ".join(wrong)), remedy
    if missing := [setting for each in given for setting in each.missing]:
        remedy = _("Возьмите их там, где вы завели приложение для этого сайта.")
        return _("не задано: %(names)s", names=", ".join(missing)), remedy
    if len({each.issuer for each in given}) < len(given):
        return _("один и тот же сайт назван дважды"), _("У каждого имени в INCUBATOR_OIDC свой ISSUER.")
    if insecure := [each.issuer for each in given if not _is_secure(each.issuer)]:
        wrong_address = ", ".join(insecure)
        return (
            _("%(address)s – без https: по дороге любой назовётся кем угодно", address=wrong_address),
            _("Задайте адрес с https://"),
        )
    return None


def _is_secure(issuer: str) -> bool:
    return issuer.startswith("https://") or (issuer.startswith("http://") and is_local(issuer))


def second_factor(facts: Installation) -> Finding:
    name, given = _("Второй шаг при входе"), facts.settings.second_factor
    if given == "required":
        return fine(name, _("нужен организаторам"))
    remedy = _("Уберите INCUBATOR_SECOND_FACTOR: тогда организаторам он нужен через семь дней.")
    if given == "offered":
        text = _("не нужен никому: пароль одного организатора откроет данные всех детей")
        return warning(name, text, remedy)
    return warning(name, _("непонятное значение: %(given)s; считаем, что нужен организаторам", given=given), remedy)


def development(facts: Installation) -> Finding:
    name = _("Режим разработки")
    if facts.settings.is_dev and not is_local(facts.settings.base_url):
        return refusal(
            name, _("включён на открытом адресе: каждый прочитает чужие письма и войдёт по чужой ссылке"),
            _("Уберите INCUBATOR_DEV"),
        )  # fmt: skip
    return fine(name, _("включён") if facts.settings.is_dev else _("выключен"))


CHECKS: tuple[Callable[[Installation], Finding], ...] = (
    address, proxy, mail, sender, data_folder, rights, disk, temporary_folder, files, database, clock, sign_in, second_factor, development,
)  # fmt: skip


def findings(facts: Installation) -> list[Finding]:
    """Return what every check finds, in the order of ``CHECKS``."""
    return [check(facts) for check in CHECKS]


def refusals(found: Iterable[Finding]) -> list[Finding]:
    return [each for each in found if each.level is Level.REFUSAL]
