"""The parser of actions: it finds the text, the owner and the due date, and loses no word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.facilitation.action_parser import ParsedAction, is_date, parse_action
from workshop.session.events import ActionAdded
from workshop.text import clean, clean_line

PEOPLE = {"ben": "Ben", "anna maria": "Anna Maria", "o'neil": "O'Neil"}


def parsed(words: str) -> tuple[str, str, str]:
    action = parse_action(words, lambda name: PEOPLE.get(name.casefold()))
    return action.text, action.owner, action.due


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Send the offer @Ben by Friday", ("Send the offer", "Ben", "Friday")),
        ("Send the offer @ben", ("Send the offer", "Ben", "")),
        ("Send the offer by Friday", ("Send the offer", "", "Friday")),
        ("Send the offer", ("Send the offer", "", "")),
        ("Send the offer by 3 May @Zoë", ("Send the offer", "Zoë", "3 May")),
        ("Send the offer @anna maria by Q2", ("Send the offer", "Anna Maria", "Q2")),
        ("Send the offer @Anna by Q2", ("Send the offer", "Anna", "Q2")),
        ("@Ben send the offer by tomorrow", ("send the offer", "Ben", "tomorrow")),
        ("@Ben: send the offer", ("send the offer", "Ben", "")),
        ("@Ben . Send the offer", ("Send the offer", "Ben", "")),
        ("@Ben .5 days for the offer", (".5 days for the offer", "Ben", "")),
        ("@Ben ,5 days for the offer", (",5 days for the offer", "Ben", "")),
        ("@Ben:send the offer", ("send the offer", "Ben", "")),
        ("Send it @Ben, by the next board meeting", ("Send it", "Ben", "the next board meeting")),
        ("Send it @O'Neil.", ("Send it", "O'Neil", "")),
        ("Send it\nto all @Ben BY Friday", ("Send it\nto all", "Ben", "Friday")),
        ("Halve the wait by 3 steps by week 12", ("Halve the wait by 3 steps", "", "week 12")),
        ("Ask @Ben about prices by 3 May", ("Ask @Ben about prices", "", "3 May")),
        ("Ask @Ben by mail about it by 3 May", ("Ask @Ben by mail about it", "", "3 May")),
    ],
)
def test_an_action_has_a_text_an_owner_and_a_due_date(
    words: str, expected: tuple[str, str, str]
) -> None:
    assert parsed(words) == expected


@pytest.mark.parametrize("words", ["@Ben", "@Ben by Friday", "by Friday", "by 3 May 2027"])
def test_a_name_or_a_date_alone_has_no_text(words: str) -> None:
    assert parsed(words)[0] == ""


@pytest.mark.parametrize(
    "words",
    [
        "Go to work by bike",
        "Go to work by bike and train",
        "Learn it by heart",
        "Have it signed by May Smith",
        "Cut the cost by 20 %",
        "Cut the cost by 20%",
        "Cut the cost by €500",
        "Cut the wait by 10 minutes",
        "Stand by",
        "Pass by",
        "Passed by the sea",
        "Pay by the end of",
        "Baby 3 May",
        "Write to ben@acme.example",
        "Ask @Ben about prices",
        "By 2027 have forty berths",
        f"Send it @{'x' * 61}",
        f"Send it by {'1' * 61}",
        f"Send it @Ben by {'x' * 61}",
        "Send it by 3 May\nand more",
    ],
)
def test_what_is_not_clearly_a_name_or_a_date_stays_in_the_text(words: str) -> None:
    assert parsed(words) == (words, "", "")


@pytest.mark.parametrize(
    "phrase",
    ["3 May", "3.5.", "2027-01-15", "the 3rd", "Q3", "week 12", "2 pm", "May", "friday", "Fri",
     "Friday noon", "Friday at the latest", "this Friday", "early March", "today", "Tomorrow.",
     "tomorrow morning", "next week", "the next meeting", "end of June", "the end of the pilot",
     "middle of May", "this week", "mid September"],
)  # fmt: skip
def test_a_phrase_is_recognised_as_a_date(phrase: str) -> None:
    assert is_date(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "bike", "the hour", "the week", "this means", "next", "end of", "marching", "10 %",
     "3 per cent", "5 days", "$3", "sunshine", "the latest", "Friday or so they say"],
)  # fmt: skip
def test_a_phrase_is_recognised_as_no_date(phrase: str) -> None:
    assert not is_date(phrase)


WORDS = st.lists(
    st.sampled_from(
        ["@", "@Ben", "@anna maria", "@Zoë,", "by", "By", "Friday", "3 May", "bike", "\n", "x", ".",
         "20%", "end of June", "by by", "@by", "@@Ben"]
    )
    | st.text(max_size=6),
    max_size=8,
).map(" ".join)  # fmt: skip


@given(WORDS)
def test_any_text_can_be_parsed_and_no_word_is_lost(typed: str) -> None:
    words = clean(typed)
    text, owner, due = parsed(words)
    remaining = f"{text} {owner} {due}".casefold().split()
    dropped = {"@", "by", ",", ":", ";", "."}
    for word in words.casefold().split():
        bare = word.lstrip("@").rstrip(",:;.!?")
        assert not bare or bare in dropped or any(bare in part for part in remaining), (words, word)
    if text:
        event = ActionAdded(text=text, owner=owner, due=due, participant="Anna")
        assert (event.owner, event.due) == (clean_line(owner), clean_line(due))


@pytest.mark.parametrize("piece", ["@ a ", "by ", " by 1", "@", " ", "@Ben by ", "1 "])
def test_a_million_characters_take_at_most_three_seconds_of_the_processor(piece: str) -> None:
    words = (piece * (1_000_000 // len(piece)))[:1_000_000]
    began = time.process_time()
    assert isinstance(parse_action(words, PEOPLE.get), ParsedAction)
    assert time.process_time() - began < 3
