"""What was said and asked for, waiting for its turn: all happens in the order it was typed."""

import asyncio
from typing import NamedTuple


class Submitted(NamedTuple):
    """A reply that was typed and sent."""

    words: str


class PastedLines(NamedTuple):
    """Lines that were pasted, each an answer of its own."""

    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of them."""
        return "\n".join(self.lines)


class GoTo(NamedTuple):
    """The wish to go to a question."""

    address: str


class Leave(NamedTuple):
    """The wish to leave."""

    at_once: bool = False
    """Whether nothing may keep us, because the system ends the program."""
    code: int = 0


class Suspend:
    """The wish to go back to the shell for a while."""


class SaveCopy(NamedTuple):
    """The wish for a copy elsewhere."""

    file: str


Request = Submitted | PastedLines | GoTo | Leave | Suspend | SaveCopy


class InputQueue:
    """The wishes that wait, the first one first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: asyncio.Queue[Request] = asyncio.Queue()
        self._held: list[Submitted | PastedLines] = []
        self.failed = ""
        """The words that could not be saved, until others are said in their place."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, but for what is held back."""
        return self._waiting.empty()

    def put(self, request: Request) -> None:
        """Add a wish behind the others."""
        self._waiting.put_nowait(request)

    async def next(self) -> Request:
        """Return the first wish, once there is one."""
        return await self._waiting.get()

    @property
    def held(self) -> tuple[str, ...]:
        """The words of each reply that is held back."""
        return tuple(request.words for request in self._held)

    def hold_back(self) -> None:
        """Hold back the replies that wait: what was typed before them could not be saved."""
        waiting = self._taken()
        self._held += [
            request for request in waiting if isinstance(request, Submitted | PastedLines)
        ]
        for request in waiting:
            # Going somewhere or leaving was meant for after the words were saved.
            if isinstance(request, SaveCopy) or (isinstance(request, Leave) and request.at_once):
                self.put(request)

    def drop_held(self) -> None:
        """Let go of what could not be saved and of what was held back: it is kept elsewhere."""
        self.failed = ""
        self._held.clear()

    def go_on(self) -> None:
        """Let what was held back have its turn, before all that was typed after it."""
        held, self._held = self._held, []
        for request in [*held, *self._taken()]:
            self.put(request)

    def _taken(self) -> list[Request]:
        taken: list[Request] = []
        while not self._waiting.empty():
            taken.append(self._waiting.get_nowait())
        return taken
