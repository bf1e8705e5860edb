"""The queue of requests: everything happens in the order in which it was typed."""

import asyncio
from typing import NamedTuple


class Submitted(NamedTuple):
    """A reply that was typed and submitted."""

    text: str


class PastedLines(NamedTuple):
    """Pasted lines, each an answer of its own."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines, joined."""
        return "\n".join(self.lines)


class GoTo(NamedTuple):
    """The request to go to a question."""

    address: str


class Leave(NamedTuple):
    """The request to leave the program."""

    at_once: bool = False
    """Whether to leave even if something cannot be saved, because the system ends the program."""
    code: int = 0
    """The exit code."""


class Suspend:
    """The request to go back to the shell for a while."""


class SaveCopy(NamedTuple):
    """The request to save a copy elsewhere."""

    file: str


Request = Submitted | PastedLines | GoTo | Leave | Suspend | SaveCopy


class InputQueue:
    """Requests that wait, first in, first out.

    When a reply cannot be saved, the replies behind it are postponed: they keep their order and
    wait outside the queue until the first one is saved or dropped.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._waiting: asyncio.Queue[Request] = asyncio.Queue()
        self._postponed: list[Submitted | PastedLines] = []
        self.failed_text = ""
        """The reply that could not be saved, until another one is submitted in its place."""

    @property
    def is_empty(self) -> bool:
        """Whether no request waits; postponed replies do not count."""
        return self._waiting.empty()

    def put(self, request: Request) -> None:
        """Add a request at the end."""
        self._waiting.put_nowait(request)

    async def next(self) -> Request:
        """Remove and return the first request; wait until there is one."""
        return await self._waiting.get()

    @property
    def postponed_texts(self) -> tuple[str, ...]:
        """The text of each postponed reply."""
        return tuple(reply.text for reply in self._postponed)

    def postpone_replies(self) -> None:
        """Postpone the replies that wait, because the one before them could not be saved."""
        waiting = self._drain()
        self._postponed += [
            request for request in waiting if isinstance(request, Submitted | PastedLines)
        ]
        for request in waiting:
            # The requests to go to a question or to leave assume that the reply was saved.
            if isinstance(request, SaveCopy) or (isinstance(request, Leave) and request.at_once):
                self.put(request)

    def drop_postponed(self) -> None:
        """Forget the failed reply and the postponed ones: they are saved elsewhere."""
        self.failed_text = ""
        self._postponed.clear()

    def resume_postponed(self) -> None:
        """Put the postponed replies back, before everything that was typed after them."""
        postponed, self._postponed = self._postponed, []
        for request in [*postponed, *self._drain()]:
            self.put(request)

    def _drain(self) -> list[Request]:
        requests: list[Request] = []
        while not self._waiting.empty():
            requests.append(self._waiting.get_nowait())
        return requests
