"""How a project grew: the strongest change of each stage, as it was and as it became."""

from datetime import UTC, datetime

from incubator.projects.diff import diff
from incubator.projects.differences import Difference
from incubator.projects.document import Frozen
from incubator.publication.hiding import MASK
from incubator.publication.tables import PublicVersion
from incubator.showcase.stage_growth import StageGrowth, growth_by_stage
from incubator.showcase.story import Grown, Version

WAS = "Рои улетают весной, и пасечник узнаёт об этом поздно."
BECAME = (
    "Рои улетают весной, и пасечник узнаёт об этом поздно: из двенадцати опрошенных восемь теряли по два роя за сезон."
)


def version(number: int, stage: str, texts: dict[str, tuple[str, str]], outcome: str = "advance") -> Version:
    """Return a public version in which ``texts`` changed: what was and what became, by key."""
    row = PublicVersion(
        project=1,
        submission=number,
        number=number,
        stage=stage,
        round=1,
        title="Тихий улей",
        content="[]",
        submitted_at=datetime(2026, number, 1, tzinfo=UTC),
    )
    grown = [
        Grown(
            Frozen(key, stage, key.title(), key.title(), stage, 1000, became, ""), Difference(words=diff(was, became))
        )
        for key, (was, became) in texts.items()
    ]
    return Version(row, outcome, [each.part for each in grown], [], grown)


def told(*versions: Version) -> list[StageGrowth]:
    return growth_by_stage(versions)


def test_the_strongest_change_of_each_stage_is_told_in_their_order() -> None:
    weaker = (WAS, WAS + " Это правда, мы спросили двенадцать.")
    growths = told(
        version(1, "idea", {}),
        version(2, "idea", {"audience": weaker, "problem": (WAS, BECAME)}, "return"),
        version(3, "project", {"solution": (WAS, BECAME)}),
    )
    assert [(each.stage, each.key, each.outcome) for each in growths] == [
        ("idea", "problem", "return"),
        ("project", "solution", "advance"),
    ]
    first = growths[0]
    assert first.before == WAS
    assert "".join(text for _op, text in first.after) == BECAME
    assert [op for op, _text in first.after if op == "del"] == []
    assert "восемь теряли" in "".join(text for op, text in first.after if op == "ins")
    assert (first.began_at.month, first.grew_at.month) == (1, 2)


def test_what_is_no_story_is_not_told() -> None:
    for was, became in (
        (WAS, WAS + " Да."),  # hardly changed
        ("Рои", BECAME),  # said too little before
        (BECAME, WAS),  # became less
        (f"{WAS} {MASK}", BECAME),  # something personal is hidden
    ):
        assert told(version(1, "idea", {}), version(2, "idea", {"problem": (was, became)})) == [], was
    assert told(version(1, "idea", {"problem": (WAS, BECAME)})) == []  # nothing came before it


def test_a_long_text_is_told_by_its_beginning_without_marks() -> None:
    (growth,) = told(version(1, "idea", {}), version(2, "idea", {"problem": (WAS, "**Важно.** " + BECAME * 9)}))
    shown = "".join(text for _op, text in growth.after)
    assert shown.startswith("Важно. Рои улетают")
    assert shown.endswith("…")
    assert 300 < len(shown) <= 421
