"""The keys in what a terminal sends, also if it contains malformed escape sequences."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from workshop.frontends.tui.key_parser import KeyParser

BEYOND_UNICODE = 0x110000
MALFORMED = [
    "\x1b[99999999999999u",  # overflows a character's number
    "\x1b[1114112u",  # one behind the last character
    "\x1b[97:65u",  # a number in which a colon stands
    "\x1b[::P",
    "\x1b[97;1:3u",
    "\x1b[97;1;1114112u",
    "\x1b[1;9:9A",
]
NO_SIZE = "\x1b[48;0;0;0;0t"
CLICK = "\x1b[<0;5;5M"


def typed_text(parser: KeyParser, *reads: str) -> str:
    """Feed the reads one after the other; return the characters of the keys."""
    messages = (message for read in reads for message in parser.feed(read))
    return "".join(m.character or f"<{m.key}>" for m in messages if isinstance(m, events.Key))


def split(text: str, offsets: Iterable[int]) -> list[str]:
    """Return `text` cut at the offsets, each modulo its length."""
    cuts = sorted({0, len(text), *(offset % (len(text) + 1) for offset in offsets)})
    return [text[begin:end] for begin, end in itertools.pairwise(cuts)]


@pytest.mark.parametrize("sequence", MALFORMED)
def test_textuals_own_parser_raises_at_these_sequences(sequence: str) -> None:
    # The reason for our own parser: it can go once Textual survives these sequences.
    with pytest.raises((ValueError, OverflowError)):
        list(XTermParser().feed(sequence))


@pytest.mark.parametrize("sequence", MALFORMED)
def test_what_stands_before_and_behind_a_malformed_sequence_is_kept(sequence: str) -> None:
    assert typed_text(KeyParser(), f"A{sequence} and more") == "A and more"


def test_several_malformed_sequences_in_one_read_take_nothing_with_them() -> None:
    assert typed_text(KeyParser(), "A" + "".join(f"{each}b" for each in MALFORMED)) == "A" + "b" * 7


@st.composite
def malformed(draw: st.DrawFn) -> str:
    """A whole sequence with a number that stands for no character, or with a colon in one."""
    number = str(draw(st.integers(BEYOND_UNICODE, 10**12 - 1)))
    colons = draw(st.sampled_from(["1:2", ":", "1:", ":3", "1:2:3"]))
    forms = (number, f"{number};2", colons, f"{colons};2", f"97;{colons}", f"97;1;{number}")
    inside = draw(st.sampled_from(forms))
    return f"\x1b[{inside}u"


WORDS = st.text("abc XYZ19äß港🚢", max_size=8)


@given(st.lists(st.tuples(WORDS, malformed())), WORDS, st.lists(st.integers(0, 1000)))
def test_words_between_malformed_sequences_arrive_however_the_reads_are_split(
    parts: list[tuple[str, str]], last: str, offsets: list[int]
) -> None:
    sent = "".join(f"{words}{sequence}" for words, sequence in parts) + last
    words = "".join(words for words, _ in parts) + last
    assert typed_text(KeyParser(), *split(sent, offsets)) == words


@given(st.lists(st.text("\x1b[<?:;0159uAMRmty~a²٣", max_size=40), max_size=5), st.booleans())
def test_nothing_that_a_terminal_sends_ends_the_reading(reads: list[str], is_late: bool) -> None:
    parser = KeyParser()
    for read in reads:
        list(parser.feed(read))
        if is_late and parser._timeout_time is not None:
            parser._timeout_time = 0.0
        list(parser.tick())
    parser._timeout_time = None if parser._timeout_time is None else 0.0
    list(parser.tick())  # ends a sequence that was begun


def test_a_click_in_a_window_of_no_size_is_left_out_and_what_follows_is_kept() -> None:
    with pytest.raises(ZeroDivisionError):
        list(XTermParser().feed(NO_SIZE + CLICK))
    assert typed_text(KeyParser(), f"{NO_SIZE}A{CLICK}B") == "AB"


def test_a_failure_once_a_sequence_was_not_ended_in_time_leaves_the_parser_of_use() -> None:
    class Failing(KeyParser):
        def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
            if alt:
                raise ValueError(sequence)
            return super()._sequence_to_key_events(sequence, alt)

    parser = Failing()
    assert typed_text(parser, "A\x1bx") == "A"
    parser._timeout_time = 0.0
    assert list(parser.tick()) == []
    assert typed_text(parser, "B") == "B"


def test_a_malformed_sequence_leaves_what_is_known_of_the_window() -> None:
    parser = KeyParser()
    list(parser.feed("\x1b[48;24;80;480;800t"))
    before = (parser.mouse_pixels, parser.terminal_size, parser.terminal_pixel_size)
    assert typed_text(parser, MALFORMED[0]) == ""
    assert (parser.mouse_pixels, parser.terminal_size, parser.terminal_pixel_size) == before
    (click,) = parser.feed("\x1b[<0;101;41M")
    assert isinstance(click, events.MouseDown)
    assert (click.x, click.y) == (10, 2)
