"""The demo: its contents, a second run that keeps changes, and its sign-in links."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from incubator.demo import story
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State
from tests.chromium import serving


def demo(data: Path, *options: str) -> str:
    """Run the command as a person would; return its output."""
    command = [sys.executable, "-m", "incubator", "demo", "--data", str(data), "--no-serve", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def links(printed: str) -> dict[str, str]:
    """Return the path of the sign-in link by person."""
    return {who.strip(): path for who, path in re.findall(r"^  (.+?)\s+http://[^/]+(/\S+)$", printed, re.M)}


def column(data: Path, sql: str) -> list[object]:
    with sqlite3.connect(data / "incubator.sqlite") as db:
        return [row[0] for row in db.execute(sql)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide the folder of a demo, created once for read-only tests."""
    data = tmp_path_factory.mktemp("demo")
    demo(data)
    return data


def test_the_story_shows_the_whole_programme(told: Path) -> None:
    assert len(column(told, "SELECT id FROM project")) >= 24
    assert set(column(told, "SELECT stage FROM project")) == set(Stage)
    assert set(column(told, "SELECT state FROM project")) == set(State)
    assert len(set(column(told, "SELECT cluster FROM project"))) == len(column(told, "SELECT id FROM cluster"))
    assert len(set(column(told, "SELECT municipality FROM project"))) >= 12
    assert len(column(told, "SELECT id FROM season")) == 2
    assert set(column(told, "SELECT outcome FROM decision")) == {"advance", "return", "stop"}


def test_drafts_keep_to_the_limits(told: Path) -> None:
    fits = column(
        told,
        """SELECT length(a.text) <= max(s."limit") FROM answer a JOIN project p ON p.id = a.project
           JOIN section s ON s.season = p.season AND s.key = a.key GROUP BY a.id""",
    )
    assert len(fits) == len(column(told, "SELECT id FROM answer")) > 100
    assert set(fits) == {1}


def test_a_second_run_keeps_what_was_changed_and_fresh_forgets_it(tmp_path: Path) -> None:
    before = links(demo(tmp_path))
    with sqlite3.connect(tmp_path / "incubator.sqlite") as db:
        db.execute("UPDATE project SET title = 'Мой проект' WHERE id = 1")
    again = links(demo(tmp_path))
    assert column(tmp_path, "SELECT title FROM project WHERE id = 1") == ["Мой проект"]
    assert before.keys() == again.keys()
    assert not set(before.values()) & set(again.values())
    demo(tmp_path, "--fresh")
    assert column(tmp_path, "SELECT title FROM project WHERE id = 1") == [story.projects()[0]["title"]]


def test_a_telling_that_was_cut_short_begins_anew(tmp_path: Path) -> None:
    demo(tmp_path)
    with sqlite3.connect(tmp_path / "incubator.sqlite") as db:
        db.execute("DELETE FROM publication")
    (tmp_path / "telling").touch()
    demo(tmp_path)
    assert column(tmp_path, "SELECT id FROM publication")


def test_each_link_lets_its_person_in_once(told: Path) -> None:
    cast = links(demo(told))
    sees = {
        "a student whose team is still writing": ("/projects", "Тихий улей"),
        "a student whose submission was returned": ("/projects", "Хлебная закваска"),
        "the teacher of the first team": ("/projects", "Тихий улей"),
        "a mentor with two reviews waiting": ("/desk", "Чистый берег"),
        "an organiser with a decision to take": ("/organiser", "Тёплая плитка"),
    }
    assert cast.keys() == sees.keys()
    with serving(str(told / "incubator.sqlite"), told) as base:
        for who, (path, words) in sees.items():
            assert words in after_link(base, cast[who], path), who
            assert words not in after_link(base, cast[who], path), f"{who}: the link works twice"


def after_link(base: str, link: str, path: str) -> str:
    """Return what a new browser sees at ``path`` after following the link and pressing its button."""
    with httpx.Client(base_url=base, follow_redirects=True) as browser:
        token = re.search(r'name="csrf" value="([^"]+)"', browser.get(link).text)
        if token:
            browser.post(link, data={"csrf": token[1]})
        return browser.get(path).text


def test_nobody_without_consent_is_named_in_public(told: Path) -> None:
    hidden = [m["family"] for p in story.projects() for m in p["member"] if "public_name" not in m["consents"]]
    assert hidden
    slugs = column(
        told, "SELECT p.slug FROM publication b JOIN project p ON p.id = b.project WHERE b.published_at IS NOT NULL"
    )
    assert slugs
    with serving(str(told / "incubator.sqlite"), told) as base, httpx.Client(base_url=base) as visitor:
        for path in ["/", "/showcase", *(f"/showcase/{slug}" for slug in slugs)]:
            page = visitor.get(path)
            assert page.status_code == 200
            assert not [name for name in hidden if name in page.text], path
