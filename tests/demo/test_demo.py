"""The demo: its contents, a second run that keeps changes, and its cast."""

import re
import sqlite3
from html import unescape
from pathlib import Path

import httpx
import pytest

from incubator.config import ROOT
from incubator.demo import seed, story
from incubator.demo.cast import Kind, _who
from incubator.privacy.data_operator import NEEDED
from incubator.privacy.operator_numbers import is_inn, is_ogrn
from incubator.programme.stages import Stage
from incubator.projects.lifecycle import State
from tests.chromium import serving, serving_demo
from tests.demo.telling import column, copied, demo


@pytest.fixture
def changed(told: Path, tmp_path: Path) -> Path:
    """Provide a demo in which somebody renamed a project."""
    copied(told, tmp_path)
    with sqlite3.connect(tmp_path / "incubator.sqlite") as db:
        db.execute("UPDATE project SET title = 'Мой проект' WHERE id = 1")
    return tmp_path


def test_the_story_shows_the_whole_programme(told: Path) -> None:
    assert len(column(told, "SELECT id FROM project")) >= 24
    assert set(column(told, "SELECT stage FROM project")) == set(Stage)
    assert set(column(told, "SELECT state FROM project")) == set(State)
    assert len(set(column(told, "SELECT cluster FROM project"))) == len(column(told, "SELECT id FROM cluster"))
    assert len(set(column(told, "SELECT municipality FROM project"))) >= 12
    assert len(column(told, "SELECT id FROM season")) == 2
    assert set(column(told, "SELECT outcome FROM decision")) == {"advance", "return", "stop"}


def test_teams_write_news_and_answer_comments(told: Path) -> None:
    assert len(column(told, "SELECT id FROM news WHERE published_at IS NOT NULL")) == 3
    assert column(told, "SELECT p.title FROM news n JOIN project p ON p.id = n.project WHERE n.is_waiting") == [
        "Хлебная закваска"
    ]
    assert column(told, "SELECT count(*) FROM post WHERE comment IS NOT NULL") == [1]


def test_the_readme_says_how_many_teams_the_story_has(told: Path) -> None:
    teams = len(column(told, "SELECT id FROM project"))
    assert f"a story of {teams} teams in two seasons" in (ROOT / "README.md").read_text("utf-8")


def test_the_documents_name_who_answers_for_the_data(told: Path) -> None:
    operator = story.cast()["operator"]
    assert column(told, "SELECT name_ru FROM operator") == [operator["name_ru"]]
    assert all(operator[name] for name in NEEDED)
    assert is_inn(operator["inn"])
    assert is_ogrn(operator["ogrn"])


def test_drafts_keep_to_the_limits(told: Path) -> None:
    fits = column(
        told,
        """SELECT length(a.text) <= max(s."limit") FROM answer a JOIN project p ON p.id = a.project
           JOIN section s ON s.season = p.season AND s.key = a.key GROUP BY a.id""",
    )
    assert len(fits) == len(column(told, "SELECT id FROM answer")) > 100
    assert set(fits) == {1}


def test_a_second_run_keeps_what_was_changed(changed: Path) -> None:
    demo(changed)
    assert column(changed, "SELECT title FROM project WHERE id = 1") == ["Мой проект"]


def test_a_fresh_run_forgets_what_was_changed_and_serves_its_pictures_and_draws_others(changed: Path) -> None:
    """One command tells the story and serves it, as a newcomer runs it."""
    with serving_demo(changed, "--fresh") as base, httpx.Client(base_url=base, timeout=30) as visitor:
        assert column(changed, "SELECT title FROM project WHERE id = 1") == [story.projects()[0]["title"]]
        page = visitor.get("/showcase").text
        (picture, *_more) = re.findall(r"/files/\d+/[0-9a-f]{16}-0-\d+\.jpg", page)
        (project, *_more) = re.findall(r'href="(/showcase/[a-z0-9-]+)"', page.partition('class="card"')[2])
        assert visitor.get(picture).headers["content-type"] == "image/jpeg"
        assert visitor.get(f"{project}/picture.png").headers["content-type"] == "image/png"


@pytest.mark.parametrize(("is_fresh", "was_cut_short"), [(True, False), (False, True), (False, False)])
def test_a_telling_begins_anew_if_one_asks_or_if_the_last_was_cut_short(
    changed: Path, is_fresh: bool, was_cut_short: bool
) -> None:
    if was_cut_short:
        (changed / "telling").touch()
    seed.prepare(changed, fresh=is_fresh)
    assert not (changed / "telling").exists()
    left = {path.name for path in changed.iterdir()} & {"incubator.sqlite", "files"}
    assert left == (set() if is_fresh or was_cut_short else {"incubator.sqlite", "files"})


SEES = {
    "«Тихий улей»": ("капитан команды «Тихий улей»", "/projects", "Тихий улей"),
    "«Хлебная закваска»": ("капитан команды «Хлебная закваска»", "/projects", "Хлебная закваска"),
    "педагог команд": ("педагог команд", "/projects", "Тихий улей"),
    "Анна Орлова": ("наставник", "/desk", "Чистый берег"),
    "Галина Смирнова": ("организатор программы", "/organiser", "Тёплая плитка"),
}


def become(browser: httpx.Client, words: str) -> httpx.Response:
    """Press the button of the first person on the cast's page whose entry says ``words``."""
    cast = browser.get("/demo").text
    entries = re.findall(r'<li class="panel demo-part">.*?</li>', unescape(cast), re.DOTALL)
    entry = next(each for each in entries if words in each)
    (action,) = re.findall(r'action="(/demo/[^"]+)"', entry)
    (token,) = re.findall(r'name="csrf" value="([^"]+)"', entry)
    return browser.post(action, data={"csrf": token})


def test_everybody_of_the_cast_can_be_become_as_often_as_one_likes(site: str) -> None:
    with httpx.Client(base_url=site, follow_redirects=True) as browser:
        for _time in range(2):
            for words, (who, path, sees) in SEES.items():
                landed = unescape(become(browser, words).text)
                assert who in landed, words
                assert 'href="/demo"' in landed
                assert sees in unescape(browser.get(path).text), words
        assert "Вы – посетитель" in become(browser, "Посетитель").text
        assert "Вы – посетитель" in browser.get("/showcase").text


def test_a_class_without_mail_has_cards_a_team_and_documents_of_which_some_are_missing(told: Path, site: str) -> None:
    row = story.cast()["class"]
    assert len(column(told, "SELECT id FROM enrolment WHERE ended_at IS NULL")) == len(row["names"])
    assert len(column(told, "SELECT id FROM access_card WHERE used_at IS NOT NULL")) == row["inside"]
    with httpx.Client(base_url=site, follow_redirects=True) as browser:
        become(browser, "педагог команд")
        roll, consents = unescape(browser.get("/class").text), unescape(browser.get("/consents").text)
        become(browser, "Галина Смирнова")
        office = unescape(browser.get("/organiser/classes").text)
    assert all(name in roll for name in row["names"])
    assert roll.count("карточка до") == row["cards"] - row["inside"]
    assert roll.count("нет карточки") == len(row["names"]) - row["cards"]
    table = consents.partition('id="printing"')[2]
    assert table.index(row["team"]) < table.index("Тихий улей")  # missing ones first
    assert f"Записаны, но ещё без команды: {len(row['names']) - row['members']}" in office


def test_the_cast_is_told_by_the_database_and_in_both_languages(told: Path, site: str) -> None:
    russian = httpx.get(f"{site}/demo", headers={"accept-language": "ru"}).text
    english = httpx.get(f"{site}/demo", headers={"accept-language": "en"}).text
    waiting = column(
        told,
        """SELECT count(*) FROM assignment a JOIN person p ON p.id = a.mentor
           WHERE p.family_name = 'Орлова' AND a.declined_at IS NULL AND a.cancelled_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM review r WHERE r.assignment = a.id AND r.sent_at IS NOT NULL)""",
    )
    assert waiting == [2]
    assert "Ждут 2 рецензии" in russian
    assert "2 reviews are waiting" in english
    captains = len(column(told, "SELECT id FROM project"))
    assert russian.count("/demo/people/") > captains


def test_nobody_who_signed_up_in_the_demo_has_a_button(told: Path, tmp_path: Path) -> None:
    copied(told, tmp_path)
    with sqlite3.connect(tmp_path / "incubator.sqlite") as db:
        (some_id,) = db.execute("SELECT max(id) FROM person").fetchone()
        db.execute("UPDATE person SET email = 'real@example.org' WHERE id = ?", (some_id,))
    with serving_demo(tmp_path) as base, httpx.Client(base_url=base) as browser:
        (token, *_more) = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/demo").text)
        assert browser.post(f"/demo/people/{some_id}", data={"csrf": token}).status_code == 404
        assert browser.post(f"/demo/people/{some_id - 1}", data={"csrf": token}).status_code == 303
        assert browser.post(f"/demo/people/{some_id - 1}", data={}).status_code == 403


def test_no_setting_brings_the_cast_to_a_site_that_is_served(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INCUBATOR_DEV", "INCUBATOR_DEMO", "DEMO"):
        monkeypatch.setenv(name, "1")
    with serving(str(told / "incubator.sqlite"), told) as base:
        assert httpx.get(f"{base}/demo").status_code == 404
        assert httpx.post(f"{base}/demo/people/1").status_code == 404
        assert "demo-strip" not in httpx.get(base).text


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


def test_the_strip_names_a_project_without_a_title() -> None:
    assert _who(Kind.TEAM, [{"title": "", "role": "captain"}]) == "капитан команды «Без названия»"
