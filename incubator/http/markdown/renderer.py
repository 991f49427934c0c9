"""Markdown to clean HTML without blocking the event loop: one child process per loop, started on first use.

Call it outside transactions: a text that hangs takes two seconds until its process is killed.
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from html import escape

import structlog

from incubator.db.loops import PerLoop
from incubator.http.markdown.frames import whole
from incubator.http.markdown.memory import Memory
from incubator.http.markdown.process import Child, ChildGone

log = structlog.get_logger()

#: Previews ask for the same text repeatedly.
memory = Memory(room=1_000_000)


async def render(text: str) -> str:
    """Return HTML that is safe to embed in a page; a blank text gives "".

    The caller must have limited the text's length. A text that cannot be rendered comes back as
    typed, in one paragraph.
    """
    return (await render_all([text]))[0]


async def render_all(texts: Sequence[str]) -> list[str]:
    """Return the HTML of each text, in order."""
    results = {text: memory.get(text) if text.strip() else "" for text in texts}
    for text, html in results.items():
        if html is None:
            # One by one: a hundred texts must not delay somebody's preview.
            results[text] = await _worker().ask(text)
    return [results[text] or "" for text in texts]


async def stop() -> None:
    """End this loop's process; the next text starts a new one."""
    worker = _workers.pop()
    if worker:
        await worker.end()


def as_typed(text: str) -> str:
    """Return the text in one escaped paragraph, as a last resort."""
    return "<p>" + escape(whole(text).strip(), quote=False).replace("\n", "<br>") + "</p>"


class _Worker:
    """A task that owns a child and asks it one question at a time.

    A question is completed even if its caller is cancelled meanwhile, so no answer can reach the wrong caller.
    ``asyncio.run`` cancels the task before it closes the loop, and the child ends with it.
    """

    def __init__(self) -> None:
        self._questions: asyncio.Queue[tuple[str, asyncio.Future[str]]] = asyncio.Queue()
        # In its own context: it outlives the request, and the transaction, of its first caller.
        self._task = asyncio.create_task(self._work(), name="markdown", context=Context())

    @property
    def is_working(self) -> bool:
        return not self._task.done()

    def ask(self, text: str) -> asyncio.Future[str]:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._questions.put_nowait((text, answer))
        return answer

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _work(self) -> None:
        self._child: Child | None = None
        answer: asyncio.Future[str] | None = None
        text = ""
        try:
            while True:
                text, answer = await self._questions.get()
                if not answer.done():
                    html = await self._html(text)
                    if not answer.done():
                        answer.set_result(html)
        finally:
            if answer and not answer.done():
                answer.set_result(as_typed(text))
            self._answer_the_rest()
            await self._end_child()

    async def _html(self, text: str) -> str:
        """Return the HTML; try once more if the child is gone, as it may have been killed between two texts."""
        for _attempt in range(2):
            try:
                self._child = self._child or await Child.start()
                html = await self._child.ask(text)
            except TimeoutError:
                log.warning("markdown took too long", characters=len(text))
                await self._end_child()
                break
            except ChildGone:
                log.warning("markdown process is gone", characters=len(text))
                await self._end_child()
            else:
                memory.put(text, html)
                return html
        return as_typed(text)

    async def _end_child(self) -> None:
        if self._child:
            child, self._child = self._child, None
            await child.end()

    def _answer_the_rest(self) -> None:
        while not self._questions.empty():
            text, answer = self._questions.get_nowait()
            if not answer.done():
                answer.set_result(as_typed(text))


_workers: PerLoop[_Worker] = PerLoop(discard=lambda worker: None)


def _worker() -> _Worker:
    worker = _workers.get()
    return worker if worker and worker.is_working else _workers.put(_Worker())
