"""Creating the demo's data, using only the verbs behind people's clicks, with a simulated clock."""

import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from incubator import config
from incubator.core.clock import clock_at, today
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.migrating import migrate
from incubator.demo import story
from incubator.demo.cells import cells_of
from incubator.demo.class_story import begin_in_class, enrol_class
from incubator.demo.story_dates import Calendar
from incubator.demo.story_files import TeamFiles
from incubator.demo.story_news import ShownProject, tell_news
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.submit import leave, submit
from incubator.notifications.audiences import Audience
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.ages import birthday
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.privacy.data_operator import change_operator
from incubator.programme.install import install_defaults
from incubator.programme.seasons import open_season
from incubator.programme.tables import Criterion, Season
from incubator.projects.ages import confirm_age
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.comments import comment
from incubator.projects.consents import STAFF, give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.document import parts_of, submissions_of
from incubator.projects.invitations import accept_into_team, invite_to_team
from incubator.projects.own_consents import give_own_consent
from incubator.projects.start import start
from incubator.projects.tables import Project, Submission
from incubator.publication.awards import add_award, give_award
from incubator.publication.examination import basis_of, examine
from incubator.publication.passages import hide_passages
from incubator.publication.publish import ask_publication, publish
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Cluster, Competency, Municipality
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.mentors import Offer, change_offer, make_mentor
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from incubator.reviews.reviewing.review import Opinion, send_review
from incubator.reviews.reviewing.threads import answer_comment
from incubator.reviews.rubric import rubric_of

Progress = Callable[[int], Any]


def prepare(data: Path, *, fresh: bool) -> None:
    """Prepare the folder; remove an earlier demo if ``fresh`` or if its creation was interrupted."""
    data.mkdir(parents=True, exist_ok=True)
    if fresh or _marker(data).exists():
        for file in data.glob("incubator.sqlite*"):
            file.unlink()
        for folder in ("mail", "files"):
            shutil.rmtree(data / folder, ignore_errors=True)
        _marker(data).unlink(missing_ok=True)


def _marker(data: Path) -> Path:
    """Return the file that exists while the data is being created."""
    return data / "telling"


async def tell(progress: Progress, audiences: Sequence[Audience]) -> None:
    """Migrate, and create the data if it is missing.

    ``audiences``: whom each event concerns; they get their mails at the time of the story.
    """
    await migrate()
    if not await Season.exists():
        marker = _marker(config.settings.data)
        marker.touch()
        await _Teller(audiences).tell(progress)
        marker.unlink()


def _by_key(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(row for row in rows if row["key"] == key)


class _Teller:
    """State shared by the chapters of the story."""

    def __init__(self, audiences: Sequence[Audience]) -> None:
        self.audiences = audiences
        self.calendar = Calendar(today())
        self.people: dict[str, Person] = {}
        self.seasons: dict[str, Season] = {}
        self.clusters: dict[str, int] = {}
        self.municipalities: dict[str, int] = {}
        self.competencies: dict[str, int] = {}
        self.organisations: dict[str, str] = {}
        self.to_publish: list[ShownProject] = []

    async def tell(self, progress: Progress) -> None:
        projects = story.projects()
        with progress(len(projects) + 1) as bar:
            with clock_at(self.calendar.beginning):
                await self._prologue()
            await self._class()
            bar.update(1)
            for number, chapter in enumerate(projects):
                await self._chapter(chapter, number)
                bar.update(1)
            await self._team_of_class()
        await self._show()
        await tell_news(self.to_publish, organiser=self.organiser, audiences=self.audiences)

    async def _show(self) -> None:
        """Publish in chronological order, since the showcase shows the newest first, and give awards."""
        awards = {}
        for each in sorted(self.to_publish, key=attrgetter("at")):
            project, award = each.project, each.chapter.get("award", "")
            with clock_at(each.at):
                for submission in await submissions_of(project.id):
                    await publish(project, number=submission.number, by=self.organiser)
                if award and award not in awards:
                    row = _by_key(story.cast()["award"], award)
                    season = await Season.objects().get(Season.id == project.season)
                    assert season is not None
                    awards[award] = await add_award(
                        season, title_ru=row["title_ru"], title_en=row["title_en"], by=self.organiser
                    )
                if award:
                    await give_award(project, awards[award], by=self.organiser)
                await tell_waiting(self.audiences)

    async def _prologue(self) -> None:
        """Create reference lists, organisations, staff and the two seasons."""
        cast = story.cast()
        await install_defaults()
        self.clusters = {r["key"]: r["id"] for r in await Cluster.select(Cluster.key, Cluster.id)}
        self.municipalities = {r["key"]: r["id"] for r in await Municipality.select(Municipality.key, Municipality.id)}
        self.competencies = {r["key"]: r["id"] for r in await Competency.select(Competency.key, Competency.id)}
        async with writing():
            for row in cast["organisation"]:
                self.organisations[row["key"]] = row["name"]
                await organisation_named(
                    row["name"], kind=row["kind"], municipality=self.municipalities[row["municipality"]]
                )
            for row in cast["organiser"]:
                self.people[row["key"]] = await self._person(row, is_adult=True)
                await grant_role(self.people[row["key"]], StaffRole.ORGANISER, by=None)
            await change_operator(cast["operator"], by=self.organiser)
            for row in cast["teacher"]:
                self.people[row["key"]] = await self._teacher(row)
            for row in cast["mentor"]:
                person = await self._person(row, is_adult=True)
                organisation = await organisation_named(self.organisations[row["organisation"]])
                await make_mentor(
                    person, organisation=organisation, capacity=row["capacity"], by=self.organiser, is_told=False
                )
                await change_offer(
                    person,
                    Offer(
                        row["capacity"], 20, tuple(row["languages"].split()),
                        frozenset(self.clusters[key] for key in row["clusters"]), frozenset(),
                    ),
                )  # fmt: skip
                self.people[row["key"]] = person
        for key, (opens, closes) in self.calendar.seasons.items():
            years = f"{opens.year}/{str(opens.year + 1)[2:]}"
            self.seasons[key] = await open_season(
                str(opens.year), title_ru=f"Сезон {years}", title_en=f"Season {years}", opens_on=opens,
                closes_on=closes, by=self.organiser,
            )  # fmt: skip

        await self._staff_documents(cast)

    async def _staff_documents(self, cast: dict[str, Any]) -> None:
        """Let those who work in the programme consent, except who is new and one mentor."""
        without = {row["key"] for row in cast["teacher"] if row.get("is_new")} | {cast["mentor"][-1]["key"]}
        for key, person in self.people.items():
            if key not in without:
                await give_own_consent(person, STAFF)

    @property
    def organiser(self) -> Person:
        return self.people[story.cast()["organiser"][0]["key"]]

    async def _person(self, row: dict[str, Any], *, is_adult: bool = False, born_on: date | None = None) -> Person:
        return await create_person(
            story.address(row), given_name=row["given"], family_name=row["family"], confirmed=True, is_adult=is_adult,
            born_on=born_on,
        )  # fmt: skip

    async def _teacher(self, row: dict[str, Any]) -> Person:
        """Create a teacher whom the programme knows, unless the story says that nobody has vouched for them yet."""
        if row.get("is_new"):
            return await self._person(row, born_on=birthday(today(), -34))
        person = await self._person(row, is_adult=True)
        school = await organisation_named(self.organisations[row["organisation"]])
        place = await affiliate(person, school, AffiliationCapacity.TEACHER, by=person)
        await confirm_affiliation(place.id, by=self.organiser)
        return person

    async def _student(self, row: dict[str, Any], number: int) -> Person:
        """Create a student of 15 or 16, or of 20 where the story says that they are of age."""
        years = 20 if row["adult"] else 15 + number % 2
        return await self._person(row, born_on=birthday(self.calendar.today, -years) - timedelta(days=40 + 37 * number))

    async def _class(self) -> None:
        """Enrol the class without mail, in the first days of the present season."""
        row = story.cast()["class"]
        with clock_at(self.calendar.class_begins):
            school = await organisation_named(self.organisations[row["organisation"]])
            await enrol_class(row, teacher=self.people[row["teacher"]], school=school)
            await tell_waiting(self.audiences)

    async def _team_of_class(self) -> None:
        row = story.cast()["class"]
        details = self._details({**row, "title": row["team"], "help_wanted": "", "competencies": ()})
        with clock_at(self.calendar.class_goes_on):
            await begin_in_class(row, teacher=self.people[row["teacher"]], season=self.seasons["2026"], details=details)
            await tell_waiting(self.audiences)

    async def _chapter(self, chapter: dict[str, Any], number: int) -> None:
        """Create one project from its first day to its current state."""
        moments = self.calendar.moments(chapter, number)
        with clock_at(moments.start):
            captain, project, files = await self._team(chapter)
            await tell_waiting(self.audiences)
        for turn, (part, days) in enumerate(zip(chapter.get("round", []), moments.rounds, strict=True), 1):
            with clock_at(days[0]):
                await self._write(project, captain, part["answers"])
                await files.attach_round(project, turn, part["answers"])
            project = await self._round(part, project, captain, days)
        with clock_at(moments.last):
            await self._write(project, captain, chapter.get("draft", {}))
            await files.attach_round(project, 0, chapter.get("draft", {}))
            for said in chapter.get("comment", []):
                teacher = self.people[chapter["teacher"]]
                begun = await comment(project, said["section"], said["text"], by=teacher)
                await answer_comment(project, begun.id, said["answer"], by=captain)
            if chapter["state"] == "withdrawn":
                await leave(project, by=captain)
            submissions = await submissions_of(project.id)
            for submission in submissions if chapter.get("publish") else submissions[-1:]:
                if chapter.get("publish") or chapter.get("publish_asked"):
                    await _offer(project, submission, captain)
            await tell_waiting(self.audiences)
            if chapter.get("publish"):
                self.to_publish.append(ShownProject(moments.last, project, captain, files, chapter))

    async def _team(self, chapter: dict[str, Any]) -> tuple[Person, Project, TeamFiles]:
        first, *others = chapter["member"]
        async with writing():
            captain = await self._student(first, 0)
            mates = [(await self._student(row, number), row) for number, row in enumerate(others, 1)]
        project = await start(chapter["title"], season=self.seasons[chapter["season"]], by=captain)
        await change_details(project, self._details(chapter), version=1, by=captain)
        project = await _fresh(project)
        teacher = self.people[chapter["teacher"]]
        for person, role in ((teacher, "teacher"), *((mate, "student") for mate, _row in mates)):
            await accept_into_team(await invite_to_team(project, role, by=captain), by=person)
        for person, row in ((captain, first), *mates):
            if row["adult"] and person.born_on is not None:
                await confirm_age(project, person.id, person.born_on, by=teacher)
            for purpose in row["consents"]:
                await give_consent(project, person, purpose, by=person if row["adult"] else teacher)
        for purpose in ("participation", "public_name"):
            await give_consent(project, teacher, purpose, by=teacher)
        return captain, project, TeamFiles(chapter, [captain, *(mate for mate, _row in mates)])

    def _details(self, chapter: dict[str, Any]) -> Details:
        return Details(
            title=chapter["title"],
            team_name=chapter.get("team_name", ""),
            help_wanted=chapter["help_wanted"],
            cluster=self.clusters[chapter["cluster"]],
            municipality=self.municipalities[chapter["municipality"]],
            organisation=self.organisations[chapter["organisation"]],
            competencies=tuple(self.competencies[key] for key in chapter["competencies"]),
        )

    async def _write(self, project: Project, by: Person, answers: dict[str, str | dict[str, Any]]) -> None:
        kinds = {part.key: part.section.kind for part in await parts_of(project)}
        later = self.calendar.later_than_told(
            next(key for key, row in self.seasons.items() if row.id == project.season)
        )
        for key, answer in answers.items():
            known = await answer_of(project.id, key)
            value = answer.strip() if isinstance(answer, str) else cells_of(kinds[key], answer, later=later)
            await save_answer(project, key, value, version=known.version if known else 0, by=by)

    async def _round(self, part: dict[str, Any], project: Project, captain: Person, days: list[datetime]) -> Project:
        """Submit, review and decide one round, which the team has written."""
        written, reviewed, decided = days
        with clock_at(written):
            for remark in await open_remarks(project.id):
                await address_remark(project, remark.id, part["did"][remark.key], by=captain)
            try:
                submission = await submit(project, by=captain)
            except Refusal as refusal:
                refusal.add_note(f"{project.title}, {project.stage}: {'; '.join(refusal.problems)}")
                raise
        with clock_at(written + timedelta(hours=20)):
            reviews = part.get("review", [])
            assignments = {
                key: await assign(submission, self.people[key], by=self.organiser)
                for key in (*(r["mentor"] for r in reviews), *part.get("assigned", []))
            }
        rubric = await rubric_of(submission)
        for hours, review in enumerate(reviews):
            mentor = self.people[review["mentor"]]
            with clock_at(reviewed + timedelta(hours=5 * hours)):
                await send_review(assignments[review["mentor"]], _opinion(review, rubric), version=0, by=mentor)
        if "decision" in part:
            with clock_at(decided):
                await self._decision(submission, part["decision"])
        return await _fresh(project)

    async def _decision(self, submission: Submission, row: dict[str, Any]) -> None:
        remarks = [(r["section"], r["text"]) for r in row.get("remark", [])]
        decision = await decide(
            submission, row["outcome"], reason=row["reason"], remarks=remarks, by=self.organiser,
            next_step=row.get("next_step", ""), override=row.get("override", ""),
        )  # fmt: skip
        if row.get("released", True):
            await release(decision, by=self.organiser)


def _opinion(row: dict[str, Any], rubric: list[Criterion]) -> Opinion:
    levels = {c.id: row["levels"].get(c.key) for c in rubric}
    return Opinion(levels, row["advice"].strip(), row.get("note", "").strip(), row["recommendation"])


async def _offer(project: Project, submission: Submission, captain: Person) -> None:
    """Hide what is personal in a version, and ask to publish it."""
    examination = await examine(await basis_of(project, submission))
    await hide_passages(project, [finding.passage for finding in examination.open], by=captain)
    await ask_publication(project, number=submission.number, by=captain)


async def _fresh(project: Project) -> Project:
    fresh = await Project.objects().get(Project.id == project.id)
    assert fresh is not None
    return fresh
