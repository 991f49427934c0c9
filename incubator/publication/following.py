"""Following a project by mail: with an account by one press, as a visitor with an address that its owner confirms.

Nobody learns who follows, neither the team nor anybody else: only how many. An address that nobody confirms is erased, and so
is one whose owner wants no more mail.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _, current_locale
from incubator.core.portions import portions
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.people.hashing import new_secret
from incubator.people.mail_limits import MailCause, allow_mail, forget_mails, may_have_mail
from incubator.people.rate_limits import DAY, HOUR, Limit, key_of, lock_key, take
from incubator.people.tables import Person
from incubator.publication.tables import Follower, FollowerMail, Publication

#: How long a link waits for its owner.
WAITS = timedelta(days=7)
#: Requests for one project, from everywhere.
_AT_ONCE = 100
_OF_PAGE = ((120, HOUR), (600, DAY))


def path_of(secret: str) -> str:
    """Return the address on this site that shows what somebody follows, and ends it."""
    return f"/mail/follow/{secret}"


async def recall_mails(project_id: int) -> None:
    """Take back the mails with news to a project's followers that are not sent yet: they may say what nobody should read any more.

    The next round writes to them anew about what is left, unless a later mail has reached them. Call inside a transaction
    that takes something from the public.
    """
    of_project = cast(Any, FollowerMail.follower).project == project_id
    told = await FollowerMail.objects(FollowerMail.message).where(of_project).order_by(FollowerMail.id)
    waiting: dict[int, FollowerMail] = {}
    for row in told:
        if row.message.sent_at is not None:
            waiting.pop(row.follower, None)
        else:
            waiting.setdefault(row.follower, row)
    ids = [row.message.id for row in told if row.message.sent_at is None]
    for portion in portions(ids, _AT_ONCE):
        await Message.delete().where(Message.id.is_in(portion) & Message.sent_at.is_null())
    for follower, row in waiting.items():
        await Follower.update({Follower.told_until: row.told_from, Follower.mailed_at: None}).where(
            Follower.id == follower
        )


async def ask_to_follow(publication: Publication, *, email: str, address: str) -> None:
    """Mail a link to whoever has ``email``: only its owner confirms. The same whether the address is known or not.

    ``address``: of the client. Raises TooOften for whoever asks too often, never because of what the mailbox got.
    """
    project = publication.project.id
    async with writing():
        page = [Limit(key_of("follow-page", str(project)), most, window) for most, window in _OF_PAGE]
        await take(page, _("За этим проектом сейчас хотят следить очень многие."))
        await allow_mail(MailCause.FOLLOW, address=address)
        await lock_key(key_of("follow", f"{project} {email}"))
        if not await may_have_mail(MailCause.FOLLOW, email):
            return  # told the same: somebody else may have asked for this mailbox
        await allow_mail(MailCause.FOLLOW, to=email)
        row = await Follower.objects().get((Follower.project == project) & (Follower.email == email))
        if row is None:
            row = Follower(project=project, email=email, secret=new_secret(), asked_at=now(), locale=current_locale())
            await row.save()
        elif row.confirmed_at is None:  # the mail of now says that its link lasts as long
            row.asked_at, row.locale = now(), current_locale()
            await row.save([Follower.asked_at, Follower.locale])
        await queue(
            email,
            _("Вы хотите следить за проектом на витрине?") if row.confirmed_at is None else _("Вы уже следите за этим проектом"),
            _("На странице проекта «%(title)s» указали ваш адрес, чтобы получать его новости.", title=publication.title),
            _("Если это вы, откройте ссылку и подтвердите. Если нет, ничего делать не нужно: через %(n)s дней мы сотрём адрес.", n=WAITS.days)
            if row.confirmed_at is None
            else _("Адрес уже подтверждён. По ссылке видно, за чем вы следите, и можно перестать."),
            link=path_of(row.secret), locale=current_locale(), unsubscribe=path_of(row.secret),
        )  # fmt: skip


async def confirm_following(secret: str) -> Follower | None:
    """Confirm the address of a link, as its owner; return None for a link that does not count any more."""
    async with writing():
        row = await _with(secret)
        if row is None or row.confirmed_at is not None:
            return row
        row.confirmed_at = row.told_until = now()
        await row.save([Follower.confirmed_at, Follower.told_until])
        await forget_mails(MailCause.FOLLOW, row.email)
    return row


async def follow(publication: Publication, *, by: Person) -> None:
    """Follow a project with one's account. Raises Refusal for one without a confirmed address, or who follows very much."""
    if by.email_confirmed_at is None:
        raise Refusal(_("Сначала подтвердите почту в профиле: новости приходят письмом"))
    async with writing():
        await lock_key(key_of("follow", f"person {by.id}"))
        known = await Follower.select(Follower.project).where(Follower.person == by.id)
        if publication.project.id in {row["project"] for row in known}:
            return  # repeated click
        if len(known) >= limits.FOLLOWED:
            raise Refusal(_("Вы следите уже за %(n)s проектами: больше не получится", n=len(known)))
        at = now()
        await Follower(
            project=publication.project.id, person=by.id, secret=new_secret(), asked_at=at, confirmed_at=at, told_until=at
        ).save()  # fmt: skip


async def stop_following(project_id: int, *, by: Person) -> None:
    """Follow a project no more, with one's account; repeating it changes nothing."""
    async with writing():
        await _erase(await Follower.objects().where((Follower.project == project_id) & (Follower.person == by.id)))


async def end_following(secret: str) -> bool:
    """End what a link stands for, and erase its address; return whether there was anything."""
    async with writing():
        row = await _with(secret)
        await _erase([row] if row else [])
    return row is not None


async def end_all_following(secret: str) -> None:
    """End everything that the owner of a link follows."""
    async with writing():
        await _erase(await same_owner(secret))


async def same_owner(secret: str) -> list[Follower]:
    """Return everything that the owner of a confirmed link follows, itself among it; of one that waits, that alone."""
    row = await _with(secret)
    if row is None or row.confirmed_at is None:
        return [row] if row else []
    owner: Any = Follower.person == row.person if row.person else Follower.email == row.email
    return await Follower.objects().where(owner & Follower.confirmed()).order_by(Follower.id)


async def _with(secret: str) -> Follower | None:
    """Return what a link stands for; None if it has ended or nobody confirmed it in time."""
    row = await Follower.objects().get(Follower.secret == secret)
    is_late = row is not None and row.confirmed_at is None and row.asked_at < now() - WAITS
    return None if is_late else row


async def _erase(rows: Sequence[Follower]) -> None:
    """Delete the rows, and the mails that they got or were to get, which hold the address."""
    if rows:
        await Message.delete().where(Message.unsubscribe.is_in([path_of(row.secret) for row in rows]))
        await Follower.delete().where(Follower.id.is_in([row.id for row in rows]))


async def move_followers(project_id: int, into_id: int) -> None:
    """Let those who follow a project follow another one, which it has become. Call inside the transaction that merges them."""
    there = {_owner_of(row): row for row in await Follower.objects().where(Follower.project == into_id)}
    for row in await Follower.objects().where(Follower.project == project_id):
        other = there.get(_owner_of(row))
        if other is not None and (other.confirmed_at is not None or row.confirmed_at is None):
            await _erase([row])
            continue
        if other is not None:  # nobody has confirmed that one
            await _erase([other])
        await Follower.update({Follower.project: into_id}).where(Follower.id == row.id)


def _owner_of(row: Follower) -> int | str:
    return int(row.person) if row.person else str(row.email)


async def number_of_followers(project_id: int) -> int:
    return int(await Follower.count().where((Follower.project == project_id) & Follower.confirmed()))


async def followed_by(person_id: int) -> set[int]:
    """Return the ids of the projects that a person follows. One query."""
    return {row["project"] for row in await Follower.select(Follower.project).where(Follower.person == person_id)}


async def forget_unconfirmed() -> int:
    """Erase addresses that nobody confirmed in time; return how many. A periodic task."""
    async with writing(is_cache=True):
        old = Follower.confirmed_at.is_null() & (Follower.asked_at < now() - WAITS)
        rows = await Follower.objects().where(old)
        await _erase(rows)
    return len(rows)
