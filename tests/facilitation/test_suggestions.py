"""Replies that sound like a request: a command is suggested, never carried out unasked."""

import pytest

from workshop.facilitation.messages import View
from workshop.session.events import (
    PositionMoved,
    QuestionSkipped,
)


@pytest.mark.parametrize(
    ("words", "event_type"),
    [
        ("I don't know", QuestionSkipped),
        ("I don’t know.", QuestionSkipped),
        ("skip", QuestionSkipped),
        ("Skip this question!", QuestionSkipped),
        ("no idea", QuestionSkipped),
        ("next", PositionMoved),
    ],
)
@pytest.mark.parametrize("again", ["", "the same"])
def test_a_suggestion_is_carried_out_when_the_reply_is_repeated(
    talk, words: str, event_type: type, again: str
) -> None:
    suggestion = talk.say(words)
    assert suggestion.events == ()
    assert (suggestion.accepted, suggestion.prompt) == (False, words)
    assert "Enter again" in talk.notices(suggestion)
    response = talk.say(words if again else "")
    assert isinstance(response.events[0], event_type)
    assert talk.texts() == []
    assert talk.client.suggestion is None


@pytest.mark.parametrize(
    ("words", "heading"),
    [("what do you mean?", "What is meant"), ("help", "What is meant"),
     ("give me an example", "For example"), ("Example?", "For example")],
)  # fmt: skip
def test_a_request_for_help_is_suggested_then_carried_out(talk, words: str, heading: str) -> None:
    assert talk.say(words).events == ()
    assert talk.say("").messages[0].heading == heading
    assert talk.current_address == talk.session.addresses[0]


def test_a_request_to_quit_is_suggested_then_carried_out(talk) -> None:
    assert talk.say("quit").view is None
    assert talk.say("quit").view is View.QUIT


def test_a_request_to_undo_is_suggested_then_carried_out(talk) -> None:
    talk.say("an answer")
    talk.say("undo")
    assert talk.texts() == ["an answer"]
    talk.say("undo")
    assert talk.texts() == []


def test_other_words_after_a_suggestion_are_the_answer(talk) -> None:
    talk.say("I don't know", "I don't know all of them, but Maersk is one")
    assert talk.texts() == ["I don't know all of them, but Maersk is one"]
    assert talk.client.suggestion is None


def test_a_command_after_a_suggestion_is_carried_out_and_withdraws_it(talk) -> None:
    talk.say("skip", "/help")
    response = talk.say("")
    assert response.events == (PositionMoved(question=talk.session.addresses[1]),)


@pytest.mark.parametrize(
    "words",
    ["Skip the line at the counter", "quit smoking courses",
     "we don't know", "help desk", "an example of everything " * 4],
)  # fmt: skip
def test_longer_sentences_are_answers(talk, words: str) -> None:
    assert talk.say(words).accepted
    assert talk.texts() == [words.strip()]


@pytest.mark.parametrize(
    ("words", "recorded"), [('"skip"', "skip"), ("“I don't know”", "I don't know")]
)
def test_a_request_in_quotes_is_recorded_as_an_answer(talk, words: str, recorded: str) -> None:
    assert talk.say(words).accepted
    assert talk.texts() == [recorded]


def test_quotes_around_other_words_stay(talk) -> None:
    assert talk.say('"One number to call"').accepted
    assert talk.texts() == ['"One number to call"']
