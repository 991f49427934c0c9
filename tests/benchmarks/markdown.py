"""Figures for docs/adr/0010: the cost of rendering Markdown. Measured by hand, never asserted.

    python -m tests.benchmarks.markdown

Times are CPU times (wall-clock times where a child process is asked), in milliseconds.
"""

import asyncio
import statistics
import subprocess
import time
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from incubator.http.markdown import process, renderer
from incubator.http.markdown.frames import framed
from incubator.http.markdown.grammar import to_html
from tests.http.markdown_samples import HOSTILE, LONGEST, MARKUP, ORDINARY, REPEATED, recorded
from tests.sample import SOURCES

#: Characters.
CLASSES = (500, 2000, 6000, LONGEST)


def cost(text: str) -> float:
    began = time.process_time()
    to_html(text)
    return (time.process_time() - began) * 1000


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"p50 {statistics.median(ordered):6.2f}  p99 {p99:6.2f}  max {ordered[-1]:6.2f}  ({len(ordered)} texts)"


def show(name: str, texts: Iterable[str]) -> None:
    classes: dict[int, list[float]] = {limit: [] for limit in CLASSES}
    for text in texts:
        classes[next(limit for limit in CLASSES if len(text) <= limit)].append(cost(text))
    print(f"\n{name}")
    for limit, times in classes.items():
        if times:
            print(f"  up to {limit:6} characters: {spread(times)}")


def lengthened(texts: list[str], length: int) -> list[str]:
    """Return ordinary texts of about the given length."""
    return [("\n\n".join([text] * (length // len(text) + 1)))[:length] for text in texts]


def made(strategy: SearchStrategy[str], number: int) -> list[str]:
    texts: list[str] = []

    @settings(
        max_examples=number, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def keep(text: str) -> None:
        texts.append(text)

    keep()
    return texts


def hostile(length: int) -> list[str]:
    texts: list[str] = []
    for piece in HOSTILE:
        many = piece * (length // len(piece))
        texts += [many, f"|a|b|\n|-|-|\n{many}", f"- {many}", f"[^1]\n\n[^1]: {many}", many[: length // 2] + many[::-1]]
    return [text[:length] for text in texts]


def start_of_child() -> float:
    began = time.perf_counter()
    subprocess.run(process.COMMAND, input=framed("a"), stdout=subprocess.PIPE, check=True)
    return (time.perf_counter() - began) * 1000


def resident(pid: int) -> float:
    """Return megabytes."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def show_child() -> None:
    child = await process.Child.start()
    print(f"\nchild: {resident(child.pid):.1f} MB when it is ready")
    texts = [*ORDINARY, *hostile(2000)]
    for round_ in range(5):
        for n in range(2000):
            await child.ask(texts[n % len(texts)])
        print(f"  {resident(child.pid):.1f} MB after {(round_ + 1) * 2000} texts")
    await child.end()
    waits = []
    for n in range(500):
        began = time.perf_counter()
        await renderer.render(f"{ORDINARY[0]} {n}")
        waits.append((time.perf_counter() - began) * 1000)
    print(f"  asked through the renderer: {spread(waits[1:])}; the first, with its start: {waits[0]:.0f}")
    worst = await longest_hold(renderer.render_all([f"{text} x" for text in hostile(6000)]))
    print(f"  while {len(hostile(6000))} hostile texts were rendered, the event loop was held for {worst:.1f} at most")
    await renderer.stop()


async def longest_hold(work: Coroutine[Any, Any, object]) -> float:
    """Return the maximum delay of a task that wanted to run immediately during the work."""
    task = asyncio.create_task(work)
    worst = 0.0
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(0)
        worst = max(worst, time.perf_counter() - began)
    return worst * 1000


def main() -> None:
    show("ordinary texts of our own", [text for length in CLASSES for text in lengthened(ORDINARY, length)])
    for source in SOURCES:
        show(f"sample data: {source.name}", list(recorded(source)))
    show("made: markup", made(MARKUP, 1764))
    show("made: repetitions", made(REPEATED, 1764))
    for length in CLASSES[1:]:
        show(f"hostile, {length} characters", hostile(length))
    starts = sorted(start_of_child() for _ in range(10))
    print(f"\nstart of a child, one text and its end: {starts[5]:.0f} (median of 10)")
    asyncio.run(show_child())


if __name__ == "__main__":
    main()
