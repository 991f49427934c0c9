"""Readiness: how far from a thought to something that serves, in nine levels, and what proves it. Pure.

The levels are those of ISO 16290:2013 (technology readiness levels) and ГОСТ Р 58048-2017; what each means for a project at school, and
what it takes to reach it, is said in our own words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incubator.core.languages import _
from incubator.core.visible import says_something
from incubator.core.web_address import WebAddress
from incubator.projects.kinds.cells import Column, Holds
from incubator.projects.kinds.kind import Advice
from incubator.projects.kinds.printing import Cells, Printed, chart, figures, linked, said
from incubator.projects.kinds.sheet import Sheet, SheetKind
from incubator.typesetting.blocks import Span, TextBlock

HIGHEST = 9


@dataclass(frozen=True, slots=True)
class ReadinessLevel:
    number: int
    title: str
    means: str
    """What is true of a project that has reached it."""
    needs: str
    """What it takes to get there from the level below."""


def levels() -> tuple[ReadinessLevel, ...]:
    said = (
        (
            _("Есть наблюдение"),
            _("Вы заметили, что можно использовать, и нашли, кто об этом уже писал."),
            _("Заметьте, что можно использовать, и найдите, кто об этом уже писал."),
        ),
        (
            _("Понятно, что делать"),
            _("Описано, что именно вы сделаете, для кого и почему это должно работать."),
            _("Опишите или нарисуйте, что именно сделаете, для кого и почему это должно работать."),
        ),
        (
            _("Главное проверено"),
            _("Опыт или расчёт показал, что главная мысль верна, и есть числа."),
            _("Проверьте самое сомнительное место опытом или расчётом и запишите числа."),
        ),
        (
            _("Макет работает на столе"),
            _("Части собраны вместе и работают в кабинете или мастерской."),
            _("Соберите части вместе и заставьте их работать в кабинете или мастерской."),
        ),
        (
            _("Макет проверен почти как в жизни"),
            _("Макет испытан там, где многое как в жизни: на улице, в цехе, в чужих руках."),
            _("Испытайте макет там, где многое как в жизни: на улице, в цехе, в чужих руках."),
        ),
        (
            _("Прототип показан почти как в жизни"),
            _("Прототип целиком сделал, что обещали, почти в настоящих условиях, и это видели другие."),
            _("Соберите прототип целиком и покажите другим, что почти в настоящих условиях он делает, что обещали."),
        ),
        (
            _("Прототип работает у людей"),
            _("Прототипом пользовались те, для кого он сделан, у себя на месте."),
            _("Дайте прототип тем, для кого он сделан, и пусть попользуются у себя на месте."),
        ),
        (
            _("Всё готово и испытано"),
            _("Работа закончена и испытана, есть инструкция, и другие смогут повторить."),
            _("Закончите и испытайте всё до конца и напишите инструкцию, чтобы смогли повторить другие."),
        ),
        (
            _("Служит людям"),
            _("Этим пользуются постоянно, и это видно по отзывам, продажам или другим числам."),
            _("Пусть этим пользуются постоянно: соберите отзывы, продажи или другие числа."),
        ),
    )
    return tuple(ReadinessLevel(number, *words) for number, words in enumerate(said, 1))


def choices() -> dict[str, str]:
    return {"": _("ещё не выбран")} | {str(each.number): f"{each.number}. {each.title}" for each in levels()}


LEVEL = Column("level", lambda: _("Уровень"), Holds.CHOICE, options=choices, is_needed=True)
LINK = Column(
    "proof_link",
    lambda: _("Ссылка на подтверждение"),
    Holds.LINK,
    longest=1000,
    hint=lambda: _("видео, протокол, отзыв; вся, с https://"),
)
FIELDS = (
    LEVEL,
    Column(
        "proof",
        lambda: _("Что это подтверждает"),
        Holds.TEXT,
        longest=1000,
        hint=lambda: _("кто, когда и как это видел или проверил"),
    ),
    LINK,
)


@dataclass(frozen=True, slots=True)
class Stair:
    """One of the nine, as it is drawn: places across in hundredths of the width, heights in pixels."""

    level: ReadinessLevel
    state: str
    """«passed», «reached» or «ahead»."""
    x: Decimal
    height: int


@dataclass(frozen=True, slots=True)
class ReadinessResults:
    reached: ReadinessLevel | None
    proof: str
    link: WebAddress | None

    @property
    def following(self) -> ReadinessLevel | None:
        """Return the next level; None above the highest, and where none is chosen."""
        return levels()[self.reached.number] if self.reached and self.reached.number < HIGHEST else None

    @property
    def steps(self) -> Sequence[Stair]:
        """Return the stairs."""
        at = self.reached.number if self.reached else 0
        return [
            Stair(
                each,
                "reached" if each.number == at else "passed" if each.number < at else "ahead",
                Decimal(each.number - 1) * Decimal("11.15"),
                20 + 8 * each.number,
            )
            for each in levels()
        ]


def results(sheet: Sheet) -> ReadinessResults:
    level = sheet.fields.get("level", "")
    reached = next((each for each in levels() if str(each.number) == level), None)
    return ReadinessResults(reached, sheet.fields.get("proof", ""), LINK.link(sheet.fields.get("proof_link", "")))


def lines(found: ReadinessResults) -> Sequence[tuple[str, str]]:
    said = [(_("Что значит этот уровень"), found.reached.means)] if found.reached else []
    said += [(_("Что нужно для следующего"), found.following.needs)] if found.following else []
    return said + ([(_("Где лежит"), found.link.host)] if found.link else [])


def advise(found: ReadinessResults) -> Iterator[Advice]:
    if found.reached and not says_something(found.proof) and not found.link:
        yield Advice("proof", _("уровень %(n)s ничем не подтверждён", n=found.reached.number))


def printing(_fields: Cells, _rows: Sequence[Cells], found: ReadinessResults) -> Printed:
    blocks = []
    if found.reached:
        level = _("Уровень %(n)s из 9: %(title)s", n=found.reached.number, title=found.reached.title)
        blocks += [*said(level, "finding"), chart(level), *figures(lines(found)[: 2 if found.following else 1])]
    if found.proof:
        blocks += [*said(_("Что это подтверждает"), "label"), *said(found.proof)]
    if found.link:
        host = Span(f" ({found.link.host})", quiet=True)
        blocks.append(TextBlock((*linked(_("Посмотреть подтверждение"), str(found.link)), host)))
    return Printed(tuple(blocks))


KIND = SheetKind(
    "readiness", lambda: _("Уровень готовности"), fields=FIELDS, results=results, lines=lines, advise=advise,
    printing=printing,
)  # fmt: skip
