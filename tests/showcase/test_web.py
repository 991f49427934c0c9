"""What other sites and search engines get: feeds, sitemap, previews, links, data, a frame – and only public content."""

import io
import json
import re
import struct
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import brotli
import pytest

from incubator import config
from incubator.db import writing
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.http.markdown.plain import plain
from incubator.http.static import static
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.projects import import_rows
from incubator.people.accounts import change_profile
from incubator.projects.consents import give_consent
from incubator.projects.tables import FormerSlug, Project
from incubator.publication.passages import hide_passages
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import withdraw_consent
from incubator.showcase.addresses import full
from incubator.showcase.sitemap import PER_PART
from incubator.typesetting import typst
from tests.browser import Browser
from tests.cast import Cast, fresh_project, reviewed, rewrite, submitted
from tests.interchange.files import Bar, json_lines
from tests.publication.test_versions import hand_in_again

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
async def shown(cast: Cast) -> Cast:
    """Publish the cast's project."""
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    cast.project = await fresh_project(cast.project)
    return cast


async def get(path: str, **headers: str) -> Any:
    return await Browser().open(path, **headers)


async def feed(path: str) -> ElementTree.Element:
    response = await get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.text)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):  # required by RFC 4287
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
    return root


async def test_feeds(shown: Cast) -> None:
    whole = await feed("/showcase/feed.atom")
    assert [e.findtext(f"{ATOM}title") for e in whole.iter(f"{ATOM}entry")] == ["Тихий улей"]
    assert len(list((await feed("/showcase/feed.atom?stage=plan")).iter(f"{ATOM}entry"))) == 0
    own = await feed(f"/showcase/{shown.project.slug}/feed.atom")
    assert [e.findtext(f"{ATOM}title") for e in own.iter(f"{ATOM}entry")] == ["Идея, версия 1"]
    await unpublish(shown.project, by=shown.captain)
    assert len(list((await feed("/showcase/feed.atom")).iter(f"{ATOM}entry"))) == 0
    assert (await get(f"/showcase/{shown.project.slug}/feed.atom")).status_code == 404


async def test_a_project_that_grew_comes_up_in_the_feed(cast: Cast) -> None:
    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    assert [e.findtext(f"{ATOM}title") for e in (await feed("/showcase/feed.atom")).iter(f"{ATOM}entry")] == [
        "Тихий улей"
    ]
    await hand_in_again(cast, submission, "Рой улетает, и семья гибнет.")
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    (grown, first) = (await feed("/showcase/feed.atom")).iter(f"{ATOM}entry")
    assert grown.findtext(f"{ATOM}title") == "Проект «Тихий улей» вырос: Идея, версия 2"
    assert grown.findtext(f"{ATOM}id") != first.findtext(f"{ATOM}id")
    await unpublish(cast.project, by=cast.captain)
    assert not list((await feed("/showcase/feed.atom")).iter(f"{ATOM}entry"))


async def test_a_feed_keeps_its_ids_when_the_address_changes(shown: Cast) -> None:
    before = [e.findtext(f"{ATOM}id") for e in (await feed("/showcase/feed.atom")).iter(f"{ATOM}entry")]
    await rename(shown, "Громкий улей")
    after = [e.findtext(f"{ATOM}id") for e in (await feed("/showcase/feed.atom")).iter(f"{ATOM}entry")]
    assert after[-1:] == before


async def test_a_feed_keeps_its_ids_when_the_site_gets_a_certificate(
    shown: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for address in ("http://idea.example.org:8000", "https://idea.example.org"):
        monkeypatch.setattr(config, "settings", replace(config.settings, base_url=address))
        seen.append([each.text for each in (await feed("/showcase/feed.atom")).iter(f"{ATOM}id")])
    assert seen[0] == seen[1]
    assert seen[0][1] == f"tag:idea.example.org,2024:project-{shown.project.id}"


async def rename(cast: Cast, title: str) -> None:
    """A new title passes the gate: the first submission is decided, the second has the new title."""
    from incubator.projects.details import Details, change_details
    from incubator.projects.tables import Submission

    submission = await Submission.objects().get(Submission.project == cast.project.id)
    assert submission
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    project = await fresh_project(cast.project)
    assert project.cluster is not None
    details = Details(title, "", "", project.cluster, project.municipality, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)
    from incubator.gates.submit import submit
    from tests.cast import fill_sections

    await fill_sections(cast)
    await submit(await fresh_project(cast.project), by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)


async def test_a_former_address_goes_on_leading_there(shown: Cast) -> None:
    former = shown.project.slug
    await rename(shown, "Громкий улей")
    assert (await fresh_project(shown.project)).slug == "gromkiy-uley"
    response = await Browser().http.get(f"/showcase/{former}", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (301, "/showcase/gromkiy-uley")
    assert response.headers["cache-control"] == "no-cache"  # the title may be changed back
    for path in ("feed.atom", "picture.png?lang=en", "poster", "poster.pdf?paper=a4"):
        response = await Browser().http.get(f"/showcase/{former}/{path}", follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (301, f"/showcase/gromkiy-uley/{path}")
    response = await Browser().http.get(f"/api/v1/projects/{former}", follow_redirects=False)
    assert response.headers["location"] == "/api/v1/projects/gromkiy-uley"
    await unpublish(shown.project, by=shown.captain)
    assert (await get(f"/showcase/{former}")).status_code == 404


async def test_the_sitemap_lists_exactly_what_is_public(shown: Cast, tmp_path: Path) -> None:
    rows = [{"id": "1", "title": "Показан"}, {"id": "2", "title": "Тоже"}]
    wish = ProjectImport({}, "id", "2024", "idea", publish=True, source="a")
    await import_rows(json_lines(tmp_path / "a.jsonl", rows), wish, dry_run=False, batch=9, progress=Bar())
    await import_rows(
        json_lines(tmp_path / "b.jsonl", [{"id": "1", "title": "Не показан"}]),
        ProjectImport({}, "id", "2024", "idea", publish=False, source="b"), dry_run=False, batch=9, progress=Bar(),
    )  # fmt: skip
    # As with very many projects: places are given once, so a part may be far away.
    async with writing():
        await Publication.update({Publication.place: PER_PART + 7}).where(Publication.title == "Тоже")
    index = ElementTree.fromstring((await get("/sitemap.xml")).text)
    parts = [loc.text or "" for loc in index.iter(f"{MAP}loc")]
    assert len(parts) == 3
    listed: list[list[str]] = []
    for part in parts:
        response = await get(re.sub(r"^https?://[^/]+", "", part))
        listed.append(
            [(loc.text or "").rpartition("/")[2] for loc in ElementTree.fromstring(response.text).iter(f"{MAP}loc")]
        )
    assert [set(names) for names in listed[1:]] == [{"tikhiy-uley", "pokazan"}, {"tozhe"}]
    for wrong in ("3.xml", "x.xml", "1", "-1.xml", "99999999.xml", "1.xml.gz"):
        assert (await get(f"/sitemap/{wrong}")).status_code == 404
    robots = (await get("/robots.txt")).text
    assert "Sitemap: http" in robots
    assert "Disallow: /organiser" in robots


async def test_links_for_search_engines(shown: Cast) -> None:
    for path in ("/", "/showcase", "/showcase?stage=idea", f"/showcase/{shown.project.slug}", "/showcase/map"):
        page = (await get(path)).text
        assert canonical_of(page).endswith(path)
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
        assert set(alternates) == {"ru", "en", "x-default"}
        for lang in ("ru", "en"):
            address = alternates[lang].replace("&amp;", "&")
            translated = (await get(re.sub(r"^https?://[^/]+", "", address))).text
            assert f'<html lang="{lang}">' in translated
            assert canonical_of(translated) == address
    tracked = (await get(f"/showcase/{shown.project.slug}?utm_source=vk&x=1")).text
    assert canonical_of(tracked).endswith(f"/showcase/{shown.project.slug}")
    for wish in ("q=улей", "stage=idea&cluster=agro", "sort=graduated"):
        assert canonical_of((await get(f"/showcase?{wish}")).text).endswith("/showcase")
        assert canonical_of((await get(f"/showcase?{wish}&lang=en")).text).endswith("/showcase?lang=en")


def canonical_of(page: str) -> str:
    found = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert len(found) == 1
    return str(found[0].replace("&amp;", "&"))


async def test_the_language_of_an_address_is_not_a_trap(shown: Cast) -> None:
    browser = Browser(language="ru")
    await browser.open("/showcase?lang=en&stage=idea")
    assert '<html lang="en">' in browser.text
    back = re.search(r'href="(/language/ru\?back=[^"]+)"', browser.text)
    assert back
    await browser.open(back[1])
    assert '<html lang="ru">' in browser.text
    assert "stage=idea" in str(browser.page.url)


async def test_linked_data_names_people_as_consents_allow(shown: Cast) -> None:
    def data(page: str) -> Any:
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert found
        return json.loads(found[1])

    path = f"/showcase/{shown.project.slug}"
    assert "author" not in data((await get(path)).text)
    for person in (shown.captain, shown.teammate):
        await give_consent(shown.project, person, "public_name", by=shown.teacher)
    said = data((await get(path)).text)
    assert (said["@type"], said["name"]) == ("CreativeWork", "Тихий улей")
    assert [a["name"] for a in said["author"]] == ["Мария Кузнецова", "Иван Соколов"]
    await withdraw_consent(shown.project, shown.teammate, "participation", by=shown.teacher)
    assert [a["name"] for a in data((await get(path)).text)["author"]] == ["Мария Кузнецова"]
    assert data((await get("/")).text)["@type"] == "Organization"


async def test_linked_data_cannot_leave_its_element() -> None:
    from incubator.showcase.linked_data import embedded

    said = str(embedded({"name": "</script><script>alert(1)</script>&\u2028"}))
    assert "<" not in said
    assert json.loads(said)["name"] == "</script><script>alert(1)</script>&\u2028"


async def test_pictures_and_posters(shown: Cast) -> None:
    path = f"/showcase/{shown.project.slug}"
    page = (await get(path)).text
    picture = re.search(r'<meta property="og:image" content="https?://[^/]+([^"]+)">', page)
    assert picture
    response = await get(picture[1])
    assert response.headers["content-type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert response.content[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    again = await Browser().http.get(f"{picture[1]}?n=1", follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (301, picture[1])
    english = await get(f"{picture[1]}?lang=en")
    assert english.content != response.content
    for paper in ("a3", "a4", "a0"):
        pdf = await get(f"{path}/poster.pdf?paper={paper}")
        assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    poster = (await get(f"{path}/poster")).text
    assert "Мария" not in poster
    await give_consent(shown.project, shown.captain, "public_name", by=shown.teacher)
    assert "Мария Кузнецова" in (await get(f"{path}/poster")).text


async def test_a_picture_and_a_poster_say_nothing_that_the_page_does_not(
    shown: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read before they are drawn: templates have no words of their own, and the files no words beside what is drawn."""
    drawn: list[dict[str, Any]] = []
    real = typst.typeset

    async def typeset(template: str, data: dict[str, Any], **more: Any) -> bytes:
        drawn.append(data)
        return await real(template, data, **more)

    await give_consent(shown.project, shown.captain, "public_name", by=shown.teacher)
    await change_profile(shown.teammate, given_name="Дубина", family_name="Стоеросовая", locale="")
    await hide_passages(shown.project, ["Датчики"], by=shown.captain)
    monkeypatch.setattr("incubator.showcase.poster.typeset", typeset)
    for language in ("ru", "en"):
        page = plain((await get(f"/showcase/{shown.project.slug}?lang={language}")).text)
        picture = await get(f"/showcase/{shown.project.slug}/picture.png?lang={language}")
        poster = await get(f"/showcase/{shown.project.slug}/poster.pdf?paper=a4&lang={language}")
        assert set(chunks_of(picture.content)) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs", b"sRGB", b"gAMA"}
        assert b"/Author" not in poster.content
        for data in drawn:
            assert "<text" not in data["cover"]
            said = [
                data["title"],
                data["pitch"],
                data["about"],
                data["team"],
                *(each for part in data["parts"] for each in part),
            ]
            words = {word for line in said for word in re.findall(r"\w+", line)}
            assert "Кузнецова" in words
            assert words - set(re.findall(r"\w+", page)) == set()
        drawn.clear()


@pytest.mark.parametrize("template", ["typesetting/picture", "showcase/poster"])
def test_a_drawing_has_no_words_of_its_own(template: str) -> None:
    source = Path(f"templates/{template}.typ").read_text("utf-8")
    assert not re.search(r"[а-яё]{3}|\[[^\]\n]*[a-z]{3}", re.sub(r"//.*", "", source))


async def test_a_poster_in_english_on_another_paper_has_one_address(shown: Cast) -> None:
    path = f"/showcase/{shown.project.slug}/poster.pdf"
    for query in ("paper=a4&lang=en", "lang=en&paper=a4"):
        assert (await Browser().http.get(f"{path}?{query}", follow_redirects=False)).status_code == 200
    more = await Browser().http.get(f"{path}?paper=a4&lang=en&n=1", follow_redirects=False)
    assert (more.status_code, more.headers["location"]) == (301, f"{path}?paper=a4&lang=en")


def chunks_of(png: bytes) -> list[bytes]:
    """Return the kinds of the parts of a PNG; texts have kinds of their own."""
    kinds, at = [], 8
    while at < len(png):
        kinds.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return kinds


async def test_a_title_is_never_markup_on_a_poster(shown: Cast) -> None:
    nasty = '#panic("x") $ \\ *_` <a> "кавычки" ' + "Ъ" * 120
    async with writing():
        await Publication.update({Publication.title: nasty, Publication.pitch: nasty}).where(Publication.number == 1)
    for part in ("picture.png", "poster.pdf", "poster"):
        assert (await get(f"/showcase/{shown.project.slug}/{part}")).status_code == 200


async def test_the_code_on_a_poster_leads_to_the_project() -> None:
    import segno

    from incubator.typesetting.qr import qr_code

    url = "http://127.0.0.1:8000/showcase/tikhiy-uley"
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", omitsize=True, border=4, xmldecl=False)
    path = re.search(r' d="([^"]+)"', qr_code(url).rpartition("<path")[2])
    assert path
    assert path[1] in drawn.getvalue().decode()


async def test_only_the_embed_may_be_framed(shown: Cast) -> None:
    frame = await get("/embed?cluster=agro")
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    assert "set-cookie" not in frame.headers
    assert re.findall(r"<script[^>]*>", frame.text) == [f'<script type="module" src="{static("js/embedded.js")}">']
    for path in ("/", "/showcase", f"/showcase/{shown.project.slug}", "/embedded"):
        other = await get(path)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
        assert other.headers["x-frame-options"] == "DENY"
    script = await get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["access-control-allow-origin"] == "*"  # without it a browser loads no module
    assert "Тихий улей" in (await get("/embed")).text


async def test_similar_projects(database: Any, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "title": "Тихий улей", "pitch": "Датчик слушает пчёл на пасеке", "cluster": "agro"},
        {"id": "2", "title": "Громкий улей", "pitch": "Пчёлы и пасека под датчиком", "cluster": "agro"},
        {"id": "3", "title": "Мост", "pitch": "Пролёт из дерева", "cluster": "forest"},
        {"id": "4", "title": "Поле", "pitch": "Рожь и овёс", "cluster": "agro"},
        {"id": "5", "title": "Пасека", "pitch": "Пчёлы датчику рады", "cluster": "forest"},
    ]
    wish = ProjectImport({}, "id", "2024", "idea", publish=True, source="a")
    await import_rows(json_lines(tmp_path / "a.jsonl", rows), wish, dry_run=False, batch=9, progress=Bar())
    page = (await get("/showcase/tikhiy-uley")).text
    similar = re.findall(r'<h3><a href="/showcase/([^"]+)"', page.partition("Похожие")[2])
    assert similar[:2] == ["gromkiy-uley", "paseka"]
    assert "tikhiy-uley" not in similar
    assert await Project.count() == 5


async def test_what_a_version_changed_is_told(shown: Cast) -> None:
    from incubator.gates.submit import submit
    from incubator.projects.tables import Submission

    first = await Submission.objects().get(Submission.project == shown.project.id)
    assert first
    await reviewed(shown, first, recommendation="return")
    back = await decide(first, "return", reason="Мало", remarks=[("problem", "Сколько?")], by=shown.organiser)
    await release(back, by=shown.organiser)
    from incubator.reviews.reviewing.remarks import address_remark, open_remarks

    await rewrite(shown, "problem", "Мы спросили двенадцать пасек.")
    for remark in await open_remarks(shown.project.id):
        await address_remark(await fresh_project(shown.project), remark.id, "Переписали", by=shown.captain)
    await submit(await fresh_project(shown.project), by=shown.captain)
    await ask_publication(shown.project, by=shown.captain)
    await publish(await fresh_project(shown.project), by=shown.organiser)
    page = (await get(f"/showcase/{shown.project.slug}")).text
    assert "Слов добавлено: 4" in page
    assert "Сколько?" not in page  # mentors' questions stay between them and the team


async def test_who_comes_when_too_many_drawings_wait_is_told(shown: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incubator.typesetting.typst.MOST_WAITING", 0)
    response = await get(f"/showcase/{shown.project.slug}/picture.png")
    assert response.status_code == 503
    assert "зайдите через минуту" in response.text


async def test_of_our_public_pages_the_catalogue_alone_has_a_script_and_it_is_small(shown: Cast) -> None:
    """ADR 18: public pages work without, and each file would delay the first sight. The frame in others' pages says its height."""
    scripted = {"/showcase": ["/static/js/catalogue.js"], "/embed": ["/static/js/embedded.js"]}
    slug = shown.project.slug
    for path in (
        "/",
        "/showcase",
        "/showcase/map",
        f"/showcase/{slug}",
        "/criteria",
        "/about",
        "/help",
        "/privacy",
        "/api",
        "/embed",
    ):
        page = (await get(path)).text
        scripts = re.findall(r'<script type="module" src="([^"]+)"', page)
        assert page.count("<script") - page.count("application/ld+json") == len(scripts), path
        assert [re.sub(r"[.][0-9a-f]{6,}|[?].*", "", each) for each in scripts] == scripted.get(path, []), path
    answer = await Browser().http.get(re.findall(r'src="([^"]+catalogue[^"]+)"', (await get("/showcase")).text)[0])
    assert len(brotli.compress(answer.content)) < 2000


async def test_every_public_page_has_a_picture_for_messengers(shown: Cast) -> None:
    slug = shown.project.slug
    for path in ("/", "/showcase", "/showcase/map", "/criteria", "/about", "/help"):
        page = (await get(path)).text
        assert re.findall(r'property="og:image" content="([^"]+)"', page) == [full("/picture.png")], path
        assert 'property="og:site_name"' in page
    page = (await get("/?lang=en")).text
    assert re.findall(r'property="og:image" content="([^"]+)"', page) == [full("/picture.png?lang=en")]
    page = (await get(f"/showcase/{slug}")).text
    assert re.findall(r'property="og:image" content="([^"]+)"', page) == [full(f"/showcase/{slug}/picture.png")]
    drawn = [await get(f"/picture.png{lang}") for lang in ("", "?lang=en")]
    assert [struct.unpack(">II", each.content[16:24]) for each in drawn] == [(1200, 630)] * 2
    assert drawn[0].content != drawn[1].content


async def test_the_address_of_a_page_becomes_a_card_on_other_sites(shown: Cast) -> None:
    page = f"http://127.0.0.1:8000/showcase/{shown.project.slug}"
    link = re.search(
        r'type="application/json\+oembed"\s+href="([^"]+)"', (await get(f"/showcase/{shown.project.slug}")).text
    )
    assert link
    answer = await get(unescape(link[1]).removeprefix("http://127.0.0.1:8000"))
    assert answer.headers["access-control-allow-origin"] == "*"
    said = answer.json()
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Тихий улей")
    assert said["thumbnail_url"] == f"{page}/picture.png"
    frame = re.search(r'src="http://127.0.0.1:8000([^"]+)"', said["html"])
    assert frame
    framed = await get(frame[1])
    assert "Тихий улей" in framed.text
    assert "frame-ancestors *" in framed.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("url=http://127.0.0.1:8000/showcase?cluster=agro%26lang=en", 200),
        ("url=http://127.0.0.1:8000/showcase/tikhiy-uley&maxwidth=200&maxheight=100", 200),
        ("url=http://127.0.0.1:8000/showcase/nowhere", 404), ("url=http://127.0.0.1:8000/showcase/a/poster", 404),
        ("url=http://elsewhere.example.org/showcase", 404), ("url=http://127.0.0.1:8000@elsewhere.example.org/", 404),
        ("url=http://127.0.0.1:8000/showcase&format=xml", 501), ("", 400), ("url=x&maxwidth=0", 400), ("url=http://[", 404),
    ],
)  # fmt: skip
async def test_oembed_answers_for_our_pages_alone(shown: Cast, asked: str, status: int) -> None:
    answer = await get(f"/api/v1/oembed?{asked}")
    assert answer.status_code == status
    if "maxwidth=200" in asked:
        assert (answer.json()["width"], answer.json()["height"]) == (200, 100)
        assert 'width="200" height="100"' in answer.json()["html"]
    if "lang=en" in asked:
        assert "/embed?cluster=agro&amp;lang=en" in answer.json()["html"]


async def test_oembed_follows_a_title_that_was_changed(shown: Cast) -> None:
    await FormerSlug.insert(FormerSlug(slug="former", project=shown.project.id))
    said = (await get("/api/v1/oembed?url=http://127.0.0.1:8000/showcase/former")).json()
    assert f"/embed/{shown.project.slug}" in said["html"]
    assert "Тихий улей" in (await get("/embed/former")).text
