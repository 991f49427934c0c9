"""A season that takes consents by link, and a guardian who answers, for the tests of this folder."""

from typing import Any

from incubator.core.clock import now
from incubator.people.tables import Person
from incubator.privacy.guardian_links import ask_guardians
from incubator.privacy.guardian_rules import SignedAnswer, WantedGuardian
from incubator.privacy.tables import GuardianLink, Operator
from incubator.programme.tables import Season
from incubator.projects.consents import PARTICIPATION, PHOTO, PUBLIC_NAME, latest_texts, term_in
from tests.browser import Browser
from tests.cast import Cast
from tests.stories.test_the_long_way import last_link

MOTHER, FATHER = "mother@family.example.org", "father@family.example.org"
SIGNED: dict[str, Any] = {"name": "Кузнецова Анна Павловна", "contact": "+7 900 000-00-00", "is_guardian": "1"}
ALL_YES: dict[str, Any] = {PARTICIPATION: "yes", PUBLIC_NAME: "yes", PHOTO: "yes"}


async def operator_known() -> None:
    await Operator.delete(force=True)
    await Operator(
        name_ru="Комитет", address="Улица, 1", inn="7707083893", ogrn="1027700132195", email="office@example.org",
        changed_at=now(),
    ).save()  # fmt: skip


async def links_allowed(cast: Cast) -> None:
    """Let the season take consents by link, with an operator who can be named."""
    await operator_known()
    await Season.update({Season.electronic_consent: True}).where(Season.id == cast.season.id)


async def asked(child: Person, *, by: Person, email: str = MOTHER, relation: str = "mother", locale: str = "ru") -> str:
    """Ask one guardian; return the path of their link."""
    await ask_guardians([WantedGuardian(child.id, "Анна Кузнецова", relation, email)], locale=locale, by=by)
    return await last_link(email)


async def open_link(child: Person) -> GuardianLink:
    """Return the newest link for the child that can still be answered."""
    link = (
        await GuardianLink.objects()
        .where((GuardianLink.person == child.id) & GuardianLink.open())
        .order_by(GuardianLink.id, ascending=False)
        .first()
    )
    assert link
    return link


async def signed_answer(link: GuardianLink, *agreed: str, refused: tuple[str, ...] = ()) -> SignedAnswer:
    """Return an answer to the documents as they are now."""
    texts = await latest_texts()
    return SignedAnswer(
        agreed, refused, SIGNED["name"], SIGNED["contact"], bans={},
        texts={purpose: texts[purpose].id for purpose in (*agreed, *refused)},
        term=(await term_in(link.project)).isoformat(),
    )  # fmt: skip


async def answered(path: str, **answers: Any) -> Browser:
    """Open the link and sign the answers; return the guardian's browser."""
    guardian = Browser()
    await guardian.open(path)
    await guardian.send(path, **{**SIGNED, **answers})
    return guardian
