"""The gate's requirements, one by one, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from incubator.core.clock import end_of_day
from incubator.gates.rules import GATES, Doer, Dossier, MemberFact, RemarkFact, SectionFact
from incubator.programme.stages import Stage
from incubator.projects.deadline import Deadline

CAPTAIN = MemberFact(1, "Мария К", True, True, True, True, is_captain=True)
TEACHER = MemberFact(2, "Ольга П", False, True, True, True)
END = end_of_day(date(2026, 3, 1))
READY = Dossier(
    now=END,
    deadline=Deadline(END),
    has_title=True,
    has_cluster=True,
    has_municipality=True,
    has_organisation=True,
    has_teacher=True,
    sections=(
        SectionFact("pitch", "Суть", True, 100, 140, False),
        SectionFact("appendices", "Приложения", False, 0, 3000, True),
    ),
    members=(CAPTAIN, TEACHER),
    remarks=(RemarkFact(7, "pitch", "Короче", True),),
)


@pytest.mark.parametrize("stage", Stage)
def test_open_when_everything_is_there(stage: Stage) -> None:
    assert GATES[stage].blockers(READY) == []


def test_gates_lead_along_the_path() -> None:
    assert [GATES[s].to for s in Stage] == [Stage.PROJECT, Stage.PLAN, None]


@pytest.mark.parametrize(
    ("change", "code", "subject"),
    [
        ({"has_title": False}, "title", ""),
        ({"has_cluster": False}, "cluster", ""),
        ({"has_municipality": False}, "municipality", ""),
        ({"has_organisation": False}, "organisation", ""),
        ({"has_teacher": False}, "teacher", ""),
        ({"has_teacher": False, "is_teacher_invited": True}, "teacher_waits", ""),
        ({"now": END + timedelta(seconds=1)}, "late", ""),
        ({"sections": (SectionFact("pitch", "Суть", True, 3, 140, True),)}, "section_empty", "Суть"),
        ({"sections": (SectionFact("pitch", "Суть", True, 141, 140, False),)}, "section_long", "Суть"),
        ({"sections": (SectionFact("more", "Ещё", False, 11, 10, False),)}, "section_long", "Ещё"),
        ({"sections": (SectionFact("more", "Ещё", False, 3, 10, True),)}, "document_empty", ""),
        ({"sections": ()}, "document_empty", ""),
        ({"members": (replace(CAPTAIN, is_student=False),)}, "no_student", ""),
        ({"members": (replace(CAPTAIN, is_captain=False),)}, "no_captain", ""),
        ({"members": (replace(CAPTAIN, has_name=False),)}, "name", "Мария К"),
        ({"members": (replace(CAPTAIN, has_participation=False),)}, "consent", "Мария К"),
        ({"members": (CAPTAIN, replace(TEACHER, has_participation=False))}, "consent", "Ольга П"),
        ({"members": (replace(CAPTAIN, has_confirmed_email=False),)}, "email", "Мария К"),
        ({"remarks": (RemarkFact(7, "pitch", "Короче", False),)}, "remark", "Короче"),
    ],
)
def test_one_thing_missing_is_one_blocker(change: dict[str, Any], code: str, subject: str) -> None:
    blockers = GATES[Stage.IDEA].blockers(replace(READY, **change))
    assert [(b.code, b.subject) for b in blockers] == [(code, subject)]


@pytest.mark.parametrize(
    ("change", "doer", "member"),
    [
        ({"has_title": False}, Doer.TEAM, None),
        ({"sections": (SectionFact("pitch", "Суть", True, 3, 140, True),)}, Doer.TEAM, None),
        ({"has_teacher": False}, Doer.TEAM, None),
        ({"has_teacher": False, "is_teacher_invited": True}, Doer.ADULTS, None),
        ({"now": END + timedelta(seconds=1)}, Doer.OFFICE, None),
        ({"members": (replace(CAPTAIN, has_name=False),)}, Doer.THEMSELVES, 1),
        ({"members": (replace(CAPTAIN, has_confirmed_email=False),)}, Doer.THEMSELVES, 1),
        ({"members": (replace(CAPTAIN, has_participation=False),)}, Doer.ADULTS, 1),
        ({"members": (replace(CAPTAIN, has_participation=False, awaits_teenager=True),)}, Doer.THEMSELVES, 1),
        ({"members": (replace(CAPTAIN, has_participation=False, is_adult=True),)}, Doer.THEMSELVES, 1),
    ],
)
def test_what_is_missing_says_who_can_do_it(change: dict[str, Any], doer: Doer, member: int | None) -> None:
    (blocker,) = GATES[Stage.IDEA].blockers(replace(READY, **change))
    assert (blocker.doer, blocker.member) == (doer, member)


def test_a_captain_without_a_mailbox_needs_a_teacher_who_reads_the_mail() -> None:
    by_card = replace(CAPTAIN, has_confirmed_email=False, has_mailbox=False)
    with_teacher = replace(READY, members=(by_card, TEACHER))
    assert GATES[Stage.IDEA].blockers(with_teacher) == []
    alone = GATES[Stage.IDEA].blockers(replace(with_teacher, has_teacher=False))
    assert [(b.code, b.subject) for b in alone] == [("teacher", ""), ("no_mailbox", "Мария К")]
    mate = replace(by_card, person_id=3, is_captain=False)
    assert "no_mailbox" not in {b.code for b in GATES[Stage.IDEA].blockers(replace(READY, members=(CAPTAIN, mate)))}


def test_an_empty_team_meets_nothing_that_is_about_its_members() -> None:
    missing = {
        r.code: [b.code for b in blockers] for r, blockers in GATES[Stage.IDEA].checklist(replace(READY, members=()))
    }
    about_people = {code: codes for code, codes in missing.items() if code in {"names", "email", "consents"}}
    assert about_people == {"names": ["no_student"], "email": ["no_captain"], "consents": ["nobody"]}


def test_says_by_how_much_a_section_is_too_long() -> None:
    [blocker] = GATES[Stage.IDEA].blockers(replace(READY, sections=(SectionFact("p", "Суть", True, 150, 140, False),)))
    assert blocker.amount == 10


def test_without_a_deadline_nobody_is_late() -> None:
    assert GATES[Stage.IDEA].blockers(replace(READY, deadline=None)) == []


def test_only_the_captain_has_to_confirm_an_address_and_only_students_need_a_name() -> None:
    mate = MemberFact(3, "Иван С", True, True, True, False)
    adult = MemberFact(4, "Ольга П", False, False, True, False)
    assert GATES[Stage.IDEA].blockers(replace(READY, members=(CAPTAIN, mate, adult))) == []
