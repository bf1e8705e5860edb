"""Deferring the signals that end a program while a process and its files need to be cleaned up.

The handlers of these signals raise an exception wherever the program happens to be. Between the
start of a process and the `try` that ends it, or within that cleanup, the exception would leave the
process running; no order of statements closes that gap.
"""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""The signals that ask a program to end; not every system has all of them."""


@contextmanager
def defer_signals() -> Generator[Callable[[], None]]:
    """Defer signals until the block ends, or until it calls the function that this yields.

    That function runs the handlers of the signals that have arrived, and raises what they raise.
    Python runs handlers in the main thread only; in any other thread there is nothing to defer.
    """
    # Handlers of our own, not a signal mask: a started process would inherit the mask.
    handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    arrived: list[int] = []

    def defer(number: int, _: FrameType | None) -> None:
        arrived.append(number)

    def deliver() -> None:
        while arrived:
            number = arrived.pop(0)
            handlers[number](number, None)

    def restore(number: int) -> None:
        # A handler that was run may have replaced this one, to ignore every later signal.
        if signal.getsignal(number) is defer:
            signal.signal(number, handlers[number])

    with ExitStack() as stack:
        stack.callback(deliver)
        if threading.current_thread() is threading.main_thread():
            for name in _SIGNALS:
                number = getattr(signal, name, None)
                if number is not None and callable(handler := signal.getsignal(number)):
                    handlers[number] = handler
                    stack.callback(restore, number)
                    signal.signal(number, defer)
        yield deliver
