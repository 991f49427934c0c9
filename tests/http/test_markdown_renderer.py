"""The child process: asking, killing, restarting, and never an answer to the wrong question."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from incubator.http.markdown import process, renderer
from incubator.http.markdown.frames import framed
from incubator.http.markdown.grammar import to_html
from incubator.http.markdown.renderer import render, render_all, stop
from tests.http.markdown_samples import ATTACKS, HOSTILE, ORDINARY

#: Reports its process id and how many texts it has had; obeys commands in some texts.
STRANGE_CHILD = """
import os, sys, time
from incubator.http.markdown.frames import HEAD, framed, length_in, message_in
say = lambda text: (sys.stdout.buffer.write(framed(text)), sys.stdout.buffer.flush())
say("")
count = 0
while head := sys.stdin.buffer.read(HEAD):
    text = message_in(sys.stdin.buffer.read(length_in(head)))
    count += 1
    if text == "hang":
        time.sleep(60)
    if text == "die":
        os._exit(1)
    if text == "babble":
        sys.stdout.buffer.write(bytes([0, 0, 0, 1, 0xC1]))
    if text.startswith("wait for "):
        open(text.removeprefix("wait for ")).read()
    say(f"{text} {os.getpid()} {count}")
"""


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    renderer.memory.clear()
    yield
    renderer.memory.clear()


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", STRANGE_CHILD))


async def asked(text: str) -> tuple[str, int, int]:
    """Parse the fake child's report: the text, its process id and its count of texts."""
    said, pid, count = (await render(text)).rsplit(" ", 2)
    return said, int(pid), int(count)


def is_there(pid: int) -> bool:
    """Return whether the process exists, even as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_texts_are_rendered_as_the_grammar_says() -> None:
    assert await render("*раз*") == to_html("*раз*")
    assert await render_all(ORDINARY) == [to_html(text) for text in ORDINARY]


async def test_answers_come_in_the_order_of_the_texts() -> None:
    texts = ["раз", "", "два", " \n", "раз", "три"]
    assert await render_all(texts) == ["<p>раз</p>", "", "<p>два</p>", "", "<p>раз</p>", "<p>три</p>"]
    assert await render_all([]) == []


async def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert await render("раз \ud800") == "<p>раз ?</p>"
    assert renderer.as_typed("\ud800") == "<p>?</p>"


async def test_no_text_on_record_needs_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    last_resort: list[str] = []
    monkeypatch.setattr(renderer, "as_typed", last_resort.append)
    await render_all([*ATTACKS, *(piece * (6000 // len(piece)) for piece in HOSTILE)])
    assert last_resort == []


@pytest.mark.usefixtures("strange")
async def test_one_process_answers_one_text_after_another() -> None:
    answers = await asyncio.gather(*(asked(f"{n}") for n in range(10)))
    assert [said for said, _, _ in answers] == [f"{n}" for n in range(10)]
    assert len({pid for _, pid, _ in answers}) == 1
    assert [count for _, _, count in answers] == list(range(1, 11))


@pytest.mark.usefixtures("strange")
async def test_a_text_is_asked_for_once() -> None:
    assert await asked("раз") == await asked("раз")
    assert (await asked("два"))[2] == 2


@pytest.mark.usefixtures("strange")
async def test_a_text_that_hangs_comes_back_as_typed_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    _, before, _ = await asked("раз")
    monkeypatch.setattr(process, "LIMIT", 0.1)
    assert await render("hang") == "<p>hang</p>"
    monkeypatch.undo()
    assert not is_there(before)
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", STRANGE_CHILD))
    said, after, count = await asked("два")
    assert (said, count) == ("два", 1)
    assert after != before


@pytest.mark.parametrize("text", ["die", "babble"])
@pytest.mark.usefixtures("strange")
async def test_a_process_that_fails_at_a_text_is_replaced(text: str) -> None:
    _, before, _ = await asked("раз")
    assert await render(text) == f"<p>{text}</p>"
    said, after, count = await asked("два")
    assert (said, count) == ("два", 1)
    assert after != before
    assert not is_there(before)


@pytest.mark.usefixtures("strange")
async def test_a_process_that_was_killed_between_two_texts_costs_no_text() -> None:
    _, before, _ = await asked("раз")
    os.kill(before, signal.SIGKILL)
    said, after, _ = await asked("два")
    assert said == "два"
    assert after != before


async def test_a_process_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMMAND", ("/nowhere/python",))
    assert await render("a < b\n*c* & d") == "<p>a &lt; b<br>*c* &amp; d</p>"
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "pass"))
    assert await render("раз") == "<p>раз</p>"


async def test_a_process_that_is_never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(process, "START", 0.1)
    assert await render("раз") == "<p>раз</p>"


@pytest.mark.usefixtures("strange")
async def test_the_answer_to_a_caller_that_left_goes_to_nobody_else(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    first = asyncio.create_task(render(f"wait for {pipe}"))
    # Opens as soon as the child reads it, that is, while it works on the first text.
    holds = await asyncio.to_thread(pipe.open, "w")
    second = asyncio.create_task(asked("два"))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    holds.close()
    said, _, count = await second
    assert (said, count) == ("два", 2)


@pytest.mark.usefixtures("strange")
async def test_a_caller_that_left_before_its_turn_is_not_asked_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    first = asyncio.create_task(asked(f"wait for {pipe}"))
    holds = await asyncio.to_thread(pipe.open, "w")
    second = asyncio.create_task(render("два"))
    third = asyncio.create_task(asked("три"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait([second])
    holds.close()
    assert (await first)[2] == 1
    assert (await third)[2] == 2


@pytest.mark.usefixtures("strange")
async def test_stop_ends_the_process_and_answers_those_who_wait(tmp_path: Path) -> None:
    _, pid, _ = await asked("раз")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    first = asyncio.create_task(render(f"wait for {pipe}"))
    holds = await asyncio.to_thread(pipe.open, "w")
    second = asyncio.create_task(render("два"))
    await asyncio.sleep(0)
    await stop()
    holds.close()
    assert await first == f"<p>wait for {pipe}</p>"
    assert await second == "<p>два</p>"
    assert not is_there(pid)
    await stop()
    assert (await asked("три"))[2] == 1


@pytest.mark.usefixtures("strange")
def test_each_loop_has_a_process_that_ends_with_it() -> None:
    pids = []
    for n in range(3):
        said, pid, count = asyncio.run(asked(f"{n}"))
        assert (said, count) == (f"{n}", 1)
        assert not is_there(pid)
        pids.append(pid)
    assert len(set(pids)) == 3


def test_the_child_ends_when_nobody_can_ask_any_more() -> None:
    done = subprocess.run(process.COMMAND, input=framed("*раз*"), stdout=subprocess.PIPE, timeout=30, check=True)
    assert done.stdout == framed("") + framed("<p><em>раз</em></p>")


def test_the_child_is_light() -> None:
    """The child loads neither the framework nor the database, because somebody waits for it to start."""
    code = "import sys, incubator.http.markdown.child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=30, check=True, text=True)
    assert not {"litestar", "piccolo", "asyncio", "structlog"} & set(done.stdout.split())
