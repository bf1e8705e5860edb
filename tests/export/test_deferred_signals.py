"""Deferred signals: nothing is interrupted, no signal is lost, and every handler is put back."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from workshop.export.deferred_signals import defer_signals


@pytest.fixture
def handler():
    """Return the handler of SIGINT, and put it back after the test."""
    original = signal.getsignal(signal.SIGINT)
    yield original
    signal.signal(signal.SIGINT, original)


def test_a_signal_is_delivered_when_the_block_asks_for_it(handler):
    with defer_signals() as deliver:
        deliver()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_signal_that_the_block_does_not_ask_for_is_delivered_at_its_end(handler):
    with pytest.raises(KeyboardInterrupt), defer_signals():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.usefixtures("handler")
def test_a_handler_that_has_later_signals_ignored_is_obeyed():
    def ignore_from_now_on(number, _):
        signal.signal(number, signal.SIG_IGN)

    signal.signal(signal.SIGINT, ignore_from_now_on)
    with defer_signals() as deliver:
        signal.raise_signal(signal.SIGINT)
        deliver()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_thread_other_than_the_main_one_defers_nothing(handler):
    def current_handler():
        with defer_signals():
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(current_handler).result() is handler
