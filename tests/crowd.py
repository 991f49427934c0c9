"""A season with many submissions in review, inserted directly into the tables: for figures, query counts and kills."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import msgspec

from incubator.core.clock import now, today
from incubator.core.folding import folded
from incubator.db import writing
from incubator.interchange.import_report import batches
from incubator.people.ages import AgeKnown
from incubator.people.permissions import StaffRole
from incubator.people.tables import Affiliation, Grant, Person
from incubator.programme.install import install_defaults
from incubator.programme.presets import Preset
from incubator.programme.seasons import criteria_at, open_season, sections_at
from incubator.programme.tables import Season, StageRule
from incubator.projects.document import Frozen
from incubator.projects.tables import Member, Project, ProjectCompetency, Submission
from incubator.reference.tables import Cluster, Competency, Municipality, Organisation
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.tables import Assignment, Bid, Mentor, MentorCluster, MentorCompetency, Review, ReviewScore

_WORDS = [
    "датчик",
    "пасека",
    "улей",
    "мороз",
    "вес",
    "команда",
    "школа",
    "район",
    "тепло",
    "река",
    "лес",
    "завод",
    "прибор",
    "опрос",
    "человек",
    "неделя",
]


@dataclass(slots=True)
class Crowd:
    season: Season
    organiser: Person
    mentors: list[Person]
    captains: list[Person]
    """One entry per submission, in order."""
    submissions: list[Submission]


async def make_crowd(
    submissions: int,
    mentors: int,
    *,
    reviews: int = 3,
    waiting: int = 0,
    required: int = 2,
    seed: int = 1,
    preset: Preset = Preset.NAMES_HIDDEN,
) -> Crowd:
    """Create ``reviews`` sent reviews for each submission, and ``waiting`` unsent assignments besides.

    Nobody is assigned twice to one submission; mentors take turns, so their loads are similar.
    """
    random = Random(seed)
    await install_defaults()
    day = today()
    season = await open_season(
        "crowd", title_ru="Большой сезон", title_en="A large season", opens_on=day - timedelta(days=30),
        closes_on=day + timedelta(days=300), by=None,
    )  # fmt: skip
    await Season.update({Season.visibility: preset.value}).where(Season.id == season.id)
    await StageRule.update({StageRule.reviews_required: required}).where(StageRule.season == season.id)
    rubric, sections = await criteria_at(season.id, "idea"), await sections_at(season.id, "idea")
    clusters = [r["id"] for r in await Cluster.select(Cluster.id)]
    competencies = [r["id"] for r in await Competency.select(Competency.id)]
    places = [r["id"] for r in await Municipality.select(Municipality.id)]
    async with writing():
        people = [_person("organiser", is_adult=True)]
        people += [_person(f"mentor-{n}", is_adult=True) for n in range(mentors)]
        people += [_person(f"captain-{n}") for n in range(submissions)]
        ids = await _insert(people)
        for person, own in zip(people, ids, strict=True):
            person.id, person._exists_in_db = own, True
        organiser, staff, captains = people[0], people[1 : mentors + 1], people[mentors + 1 :]
        await _insert(
            [Grant(person=organiser.id, role=StaffRole.ORGANISER.value, since=now())]
            + [Grant(person=mentor.id, role=StaffRole.MENTOR.value, since=now()) for mentor in staff]
        )
        organisations = await _insert(
            [
                Organisation(
                    key=f"crowd-{n}",
                    name=f"Завод «{n}»",
                    form=f"завод {n}",
                    kind="enterprise",
                    municipality=random.choice(places),
                )
                for n in range(40)
            ]
        )
        schools = await _insert(
            [
                Organisation(
                    key=f"school-{n}", name=f"Школа № {n}", form=f"школа {n}", municipality=random.choice(places)
                )
                for n in range(60)
            ]
        )
        await _insert(
            [Affiliation(person=p.id, organisation=random.choice(organisations), capacity="employee") for p in staff]
        )
        await _insert([Mentor(person=p.id, capacity=40, season_capacity=200) for p in staff])
        await _insert([MentorCluster(mentor=p.id, cluster=c) for p in staff for c in random.sample(clusters, 2)])
        await _insert(
            [MentorCompetency(mentor=p.id, competency=c) for p in staff for c in random.sample(competencies, 4)]
        )
        projects = [
            Project(
                season=season.id, slug=f"crowd-{n}", title=f"Проект {n} про {random.choice(_WORDS)}", stage="idea",
                state="in_review", cluster=random.choice(clusters), municipality=random.choice(places),
                organisation=random.choice(schools), created_at=now(), changed_at=now(),
            )
            for n in range(submissions)
        ]  # fmt: skip
        at = await _insert(projects)
        await _insert(
            [Member(project=p, person=c.id, role="captain", joined_at=now()) for p, c in zip(at, captains, strict=True)]
        )
        await _insert([ProjectCompetency(project=p, competency=c) for p in at for c in random.sample(competencies, 2)])
        await _insert(
            [
                Bid(mentor=random.choice(staff).id, project=p, wish=random.choice(("gladly", "rather_not")), at=now())
                for p in at
            ]
        )
        frozen = msgspec.json.encode(
            [
                Frozen(s.key, s.stage, s.title_ru, s.title_en, s.group, s.limit, text := " ".join(random.choices(_WORDS, k=90)), f"<p>{text}</p>")
                for s in sections
            ]
        ).decode()  # fmt: skip
        versions = [
            Submission(
                project=p, number=1, stage="idea", round=1, title=project.title,
                folded=folded(project.title), content=frozen,
                rubric=msgspec.json.encode([c.id for c in rubric]).decode(), submitted_at=now() - timedelta(hours=n),
            )
            for n, (p, project) in enumerate(zip(at, projects, strict=True))
        ]  # fmt: skip
        for version, own in zip(versions, await _insert(versions), strict=True):
            version.id, version._exists_in_db = own, True
        each = reviews + waiting
        asked = [
            Assignment(
                submission=v.id, mentor=staff[(n * each + k) % mentors].id, assigned_at=now(), due_on=day + timedelta(days=7)
            )
            for n, v in enumerate(versions) for k in range(each)
        ]  # fmt: skip
        numbers = await _insert(asked)
        written = [
            Review(
                assignment=number, submission=a.submission, mentor=a.mentor, advice="Поговорите с тремя пасечниками.",
                changed_at=now(), sent_at=now(),
                recommendation=random.choice(("advance", "advance", "return", "stop")), confidence=random.randint(1, 3),
            )
            for n, (a, number) in enumerate(zip(asked, numbers, strict=True)) if n % each < reviews
        ]  # fmt: skip
        await _insert(
            [
                ReviewScore(review=r, criterion=c.id, level=random.randint(0, 3))
                for r in await _insert(written) for c in rubric
            ]
        )  # fmt: skip
        await store_summaries([version.id for version in versions])
    return Crowd(season, organiser, staff, captains, versions)


def _person(name: str, *, is_adult: bool = False) -> Person:
    return Person(
        email=f"{name}@example.org", given_name="Имя", family_name=name.title(),
        age_known=AgeKnown.ADULT.value if is_adult else "",
        email_confirmed_at=now(), created_at=now(), locale="ru",
    )  # fmt: skip


async def _insert(rows: list[Any]) -> list[int]:
    """Return the ids, in order."""
    found: list[int] = []
    for part in batches(rows, 500):
        found += [row["id"] for row in await type(part[0]).insert(*part)]
    return found
