"""The terminal driver, asked from several threads."""

import os
import pty
from concurrent.futures import ThreadPoolExecutor

from workshop.frontends.tui.terminal_driver import TerminalDriver


def test_several_threads_may_ask_at_once_whether_the_terminal_is_gone() -> None:
    master, slave = pty.openpty()
    driver = object.__new__(TerminalDriver)
    driver.fileno, driver._hung_up = slave, False
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = [threads.submit(driver.has_hung_up) for _ in range(20_000)]
            assert not any(answer.result() for answer in answers)
    finally:
        os.close(master)
        os.close(slave)
