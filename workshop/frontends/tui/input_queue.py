"""What was said and asked for, waiting for its turn: all happens in the order it was typed."""

import asyncio
from typing import NamedTuple


class Sent(NamedTuple):
    """A reply that was typed and sent."""

    words: str


class Lines(NamedTuple):
    """Lines that were pasted, each an answer of its own."""

    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of them."""
        return "\n".join(self.lines)


class Going(NamedTuple):
    """The wish to go to a question."""

    address: str


class Leaving(NamedTuple):
    """The wish to leave."""

    at_once: bool = False
    """Whether nothing may keep us, because the system ends the program."""
    code: int = 0


class PuttingAside:
    """The wish to go back to the shell for a while."""


class Copying(NamedTuple):
    """The wish for a copy elsewhere."""

    file: str


Wish = Sent | Lines | Going | Leaving | PuttingAside | Copying


class Heard:
    """The wishes that wait, the first one first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: asyncio.Queue[Wish] = asyncio.Queue()
        self._held: list[Sent | Lines] = []
        self.failed = ""
        """The words that could not be saved, until others are said in their place."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, but for what is held back."""
        return self._waiting.empty()

    def put(self, wish: Wish) -> None:
        """Add a wish behind the others."""
        self._waiting.put_nowait(wish)

    async def next(self) -> Wish:
        """Return the first wish, once there is one."""
        return await self._waiting.get()

    @property
    def held(self) -> tuple[str, ...]:
        """The words of each reply that is held back."""
        return tuple(wish.words for wish in self._held)

    def hold_back(self) -> None:
        """Hold back the replies that wait: what was typed before them could not be saved."""
        waiting = self._taken()
        self._held += [wish for wish in waiting if isinstance(wish, Sent | Lines)]
        for wish in waiting:
            # Going somewhere or leaving was meant for after the words were saved.
            if isinstance(wish, Copying) or (isinstance(wish, Leaving) and wish.at_once):
                self.put(wish)

    def drop_held(self) -> None:
        """Let go of what could not be saved and of what was held back: it is kept elsewhere."""
        self.failed = ""
        self._held.clear()

    def go_on(self) -> None:
        """Let what was held back have its turn, before all that was typed after it."""
        held, self._held = self._held, []
        for wish in [*held, *self._taken()]:
            self.put(wish)

    def _taken(self) -> list[Wish]:
        taken: list[Wish] = []
        while not self._waiting.empty():
            taken.append(self._waiting.get_nowait())
        return taken
