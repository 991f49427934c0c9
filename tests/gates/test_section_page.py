"""The page of one section: where it stands among the others, its gate, and that what is done on it leads back to it."""

import re

from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.submit import submit
from incubator.programme.seasons import criteria_at, sections_at, sections_of_criterion
from incubator.projects.comments import comment
from incubator.reviews.assignment.assign import assign
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready, rewrite, submitted


async def test_a_section_stands_between_its_neighbours(cast: Cast) -> None:
    keys = [section.key for section in await sections_at(cast.season.id, "idea")]
    browser = await signed_in(cast.captain)
    for before, key, after in zip([None, *keys], keys, [*keys[1:], None], strict=False):
        page = await browser.open(f"/projects/{cast.project.id}/answers/{key}")
        links = re.findall(r'class="neighbour[^"]*" href="([^"]+)"', page.text)
        expected = [f"/projects/{cast.project.id}/answers/{each}" for each in (before, after) if each]
        assert links == expected * 2  # below the text, and at the foot of a phone
        assert f"Раздел {keys.index(key) + 1} из {len(keys)}" in browser.text


async def test_the_contents_say_what_is_written_and_the_gate_how_much_is_left(cast: Cast) -> None:
    await rewrite(cast, "problem", "Рои улетают")
    browser = await signed_in(cast.captain)
    page = await browser.open(f"/projects/{cast.project.id}/answers/pitch")
    lines = re.findall(r'contents-line is-(\w+)"\s+href="[^"]+/answers/(\w+)"', page.text)
    assert {("here", "pitch"), ("full", "problem"), ("empty", "audience")} <= set(lines)
    missing = page.text.count('class="is-missing"')
    assert f"осталось {missing}" in browser.text
    assert f'href="/projects/{cast.project.id}/answers/audience"' in page.text  # where the gate leads from here
    first, last = page.text.index("is-missing"), page.text.rindex("is-done")
    assert first < last  # what is left comes first


async def test_the_gate_says_how_much_is_left_and_who_does_it(cast: Cast) -> None:
    path = f"/projects/{cast.project.id}/gate"
    gate = (await (await signed_in(cast.captain)).open(path)).text
    missing, done = gate.count('class="is-missing"'), gate.count('class="is-done"')
    assert f"Осталось {missing} из {missing + done}" in gate
    assert f"Готово: {done}" in gate
    assert list(_by_doer(gate)) == [
        "За командой",
        "Каждый сам, у себя в профиле",
        "За взрослыми: педагог, школа, родители",
    ]
    adults = ["Ольга Петровна: нет согласия на участие", "Пётр Консультантов: нет согласия на участие"]
    assert _by_doer(gate)["Каждый сам, у себя в профиле"] == adults
    theirs = _by_doer((await (await signed_in(cast.teacher)).open(path)).text)
    assert next(iter(theirs.items())) == ("За вами", ["Ольга Петровна: нет согласия на участие"])


def _by_doer(gate: str) -> dict[str, list[str]]:
    """Return what is left under each heading."""
    groups = re.split(r'<h3 class="gate-doer">', gate)[1:]
    lines = re.compile(r'<li class="is-missing">.*?</span>\s*(?:<a [^>]*>)?([^<]+?)\s*(?:</a>)?\s*</li>', re.DOTALL)
    return {group.split("</h3>")[0].strip(): lines.findall(group) for group in groups}


async def test_a_gate_that_misses_nothing_says_so(cast: Cast) -> None:
    await make_ready(cast)
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}/answers/pitch")
    assert "можно сдавать" in browser.text


async def test_the_document_lists_its_sections_with_how_each_begins(cast: Cast) -> None:
    await rewrite(cast, "problem", "**Рои** улетают, " + "а пасечники в Москве, " * 9)
    page = await (await signed_in(cast.captain)).open(f"/projects/{cast.project.id}")
    contents = page.text[page.text.index('class="document-contents"') : page.text.index('id="all"')]
    assert re.findall(r'href="[^"]+/answers/(\w+)"', contents) == [
        section.key for section in await sections_at(cast.season.id, "idea")
    ]
    glances = re.findall(r'class="contents-glance">([^<]+)<', contents)
    assert glances[-1] == "Рои улетают, а пасечники в Москве, а пасечники в Москве, а пасечники…"


async def test_the_criterion_of_a_section_comes_first_and_open(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    page = await browser.open(f"/projects/{cast.project.id}/answers/solution")
    first = page.text[page.text.index("Как это оценят") :]
    assert re.search(r'<details class="disclosure rubric-line" open>\s*<summary>\s*Решение', first)
    assert first.count("rubric-line") == 6
    assert first.count(" open>") == 1


async def test_an_organiser_says_which_sections_show_a_criterion(cast: Cast) -> None:
    criterion = next(row for row in await criteria_at(cast.season.id, "idea") if row.key == "fit")
    path = f"/organiser/seasons/{cast.season.id}/idea/criteria/{criterion.id}"
    organiser, captain = await signed_in(cast.organiser), await signed_in(cast.captain)
    assert await _judging(captain, cast, "relevance") == ["Проблема", "Связь с кластером и компетенциями"]
    assert await _judging(captain, cast, "pictures") == []

    await organiser.open(path)
    await organiser.send(path, sections=["motivation", "pictures", "nothing-of-this-kind"])

    assert await _judging(captain, cast, "relevance") == ["Проблема"]
    assert await _judging(captain, cast, "pictures") == ["Связь с кластером и компетенциями"]
    page = await captain.open(f"/projects/{cast.project.id}/self-check")
    said = " ".join(re.sub("<[^>]+>", "", page.text).split())
    assert "Смотрите в разделах: Мотивация, Картинки и файлы" in said
    (now,) = [row for row in await criteria_at(cast.season.id, "idea") if row.key == "fit"]
    assert sections_of_criterion(now) == ("motivation", "pictures")


async def _judging(browser: Browser, cast: Cast, key: str) -> list[str]:
    """Return the criteria that stand open beside a section."""
    page = await browser.open(f"/projects/{cast.project.id}/answers/{key}")
    return [
        title.strip() for title in re.findall(r"rubric-line\" open>\s*<summary>([^<]+)<", page.text)
    ]  # fmt: skip


async def test_what_is_done_on_the_page_leads_back_to_it(cast: Cast) -> None:
    submission = await submitted(cast)
    await comment(await fresh_project(cast.project), "problem", "Сколько?", by=cast.teacher)
    remarks = [("problem", "Сколько роёв?")]
    decision = await decide(submission, "return", reason="Почти", remarks=remarks, override="Некому", by=cast.organiser)
    await release(decision, by=cast.organiser)
    here = f"/projects/{cast.project.id}/answers/problem"
    browser = await signed_in(cast.captain)
    await browser.open(here)
    await browser.send(here, text="Рои улетают, двенадцать за год")
    assert browser.path == here
    await browser.send(re.findall(r'action="([^"]+/addressed)"', browser.page.text)[0], answer="Посчитали")
    assert browser.path == here
    assert "Снять отметку" in browser.text
    await browser.send(re.findall(r'action="([^"]+/resolution)"', browser.page.text)[0])
    assert browser.path == here
    adult = await signed_in(cast.teacher)
    await adult.open(here)
    await adult.send(f"/projects/{cast.project.id}/comments", text="Теперь видно")
    assert adult.path == here
    assert "Теперь видно" in adult.text
    await browser.open(f"/projects/{cast.project.id}")
    await browser.send(re.findall(r'action="([^"]+/addressed)"', browser.page.text)[0])
    assert str(browser.page.url).endswith(f"/projects/{cast.project.id}#s-problem")


async def test_what_is_too_long_stays_on_the_page(cast: Cast) -> None:
    here = f"/projects/{cast.project.id}/answers/pitch"
    browser = await signed_in(cast.captain)
    await browser.open(here)
    await browser.send(here, text="ы" * 30_000)
    assert browser.page.status_code == 422
    assert "ы" * 30_000 in browser.text
    assert "Соседние разделы" in browser.text


async def test_a_phone_is_led_to_the_section_that_waits(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    page = await browser.open(f"/projects/{cast.project.id}")
    where = re.compile(r'class="neighbour is-next" href="/projects/\d+/answers/(\w+)"')
    first = where.findall(page.text)
    await rewrite(cast, first[0], "Написано")
    page = await browser.open(f"/projects/{cast.project.id}")
    assert where.findall(page.text) != first
    adult = await signed_in(cast.teacher)
    assert where.findall((await adult.open(f"/projects/{cast.project.id}")).text) == []


async def test_a_remark_is_answered_in_a_sentence_and_an_unchanged_section_asks(cast: Cast) -> None:
    submission = await submitted(cast)
    remarks = [("problem", "Сколько роёв?")]
    decision = await decide(submission, "return", reason="Почти", remarks=remarks, override="Некому", by=cast.organiser)
    await release(decision, by=cast.organiser)
    here, browser = f"/projects/{cast.project.id}/answers/problem", await signed_in(cast.captain)
    page = await browser.open(here)
    to = re.findall(r'action="([^"]+/addressed)"', page.text)[0]
    assert (await browser.send(to)).status_code == 422
    assert "Заполните это поле" in browser.text
    await browser.open(here)
    assert (await browser.send(to, answer="Двенадцать за год")).status_code == 422
    assert "не изменился" in browser.text
    assert ("answer", "Двенадцать за год") in browser.form(to)
    await browser.send(to)  # sure
    assert browser.path == here
    assert "Двенадцать за год" in browser.text
    await browser.send(to)  # takes the mark back; what was said can be said better
    assert ("answer", "Двенадцать за год") in browser.form(to)
    await rewrite(cast, "problem", "Двенадцать роёв за год улетело")
    await browser.open(here)
    await browser.send(to, answer="Посчитали")
    assert browser.path == here
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    assignment = await assign(again, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    shown = mentor.text[mentor.text.index('id="remarks"') : mentor.text.index('class="stack-tight review-part"')]
    assert shown.index("Сколько роёв?") < shown.index("Посчитали") < shown.index("<ins>")
