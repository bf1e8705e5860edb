"""What was said and asked for, waiting for its turn: all happens in the order it was typed."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Going:
    """The wish to go to a question."""

    address: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """The wish to leave."""

    at_once: bool = False
    """Whether nothing may keep us, because the system ends the program."""
    code: int = 0


@dataclass(frozen=True, slots=True)
class PuttingAside:
    """The wish to go back to the shell for a while."""


@dataclass(frozen=True, slots=True)
class Copying:
    """The wish for a copy elsewhere."""

    file: str


Wish = str | tuple[str, ...] | Going | Leaving | PuttingAside | Copying
"""A reply, lines that are an answer each, or something that is to happen."""


class Heard:
    """The wishes that wait, the first one first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: asyncio.Queue[Wish] = asyncio.Queue()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return self._waiting.empty()

    def put(self, wish: Wish) -> None:
        """Add a wish behind the others."""
        self._waiting.put_nowait(wish)

    async def next(self) -> Wish:
        """Return the first wish, once there is one."""
        return await self._waiting.get()

    def take_back(self) -> list[str]:
        """Return all words that wait, which are to be typed once more; only an end stays."""
        words: list[str] = []
        ends: list[Leaving] = []
        while not self._waiting.empty():
            match self._waiting.get_nowait():
                case str() as text:
                    words.append(text)
                case tuple() as lines:
                    words += lines
                case Leaving(at_once=True) as end:
                    ends.append(end)
                case _:
                    pass  # going somewhere or leaving was meant for after the words were saved
        for end in ends:
            self._waiting.put_nowait(end)
        return words
