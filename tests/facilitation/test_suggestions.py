"""Words that sound like a wish: offered as commands, never obeyed without being asked."""

import pytest

from workshop.facilitation.messages import View
from workshop.session.events import (
    PositionMoved,
    QuestionSkipped,
)


@pytest.mark.parametrize(
    ("words", "then"),
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
def test_words_that_sound_like_a_wish_are_offered_and_done_when_said_again(
    talk, words: str, then: type, again: str
) -> None:
    suggestion = talk.say(words)
    assert suggestion.events == ()
    assert (suggestion.accepted, suggestion.prompt) == (False, words)
    assert "Enter again" in talk.noted(suggestion)
    done = talk.say(words if again else "")
    assert isinstance(done.events[0], then)
    assert talk.texts() == []
    assert talk.client.suggestion is None


@pytest.mark.parametrize(
    ("words", "heading"),
    [("what do you mean?", "What is meant"), ("help", "What is meant"),
     ("give me an example", "For example"), ("Example?", "For example")],
)  # fmt: skip
def test_asking_for_help_in_plain_words_is_offered_then_given(
    talk, words: str, heading: str
) -> None:
    assert talk.say(words).events == ()
    assert talk.say("").messages[0].heading == heading
    assert talk.current_address == talk.session.stops[0]


def test_quit_in_plain_words_is_offered_then_done(talk) -> None:
    assert talk.say("quit").view is None
    assert talk.say("quit").view is View.QUIT


def test_undo_in_plain_words_is_offered_then_done(talk) -> None:
    talk.say("an answer")
    talk.say("undo")
    assert talk.texts() == ["an answer"]
    talk.say("undo")
    assert talk.texts() == []


def test_other_words_after_an_offer_are_the_answer(talk) -> None:
    talk.say("I don't know", "I don't know all of them, but Maersk is one")
    assert talk.texts() == ["I don't know all of them, but Maersk is one"]
    assert talk.client.suggestion is None


def test_a_command_after_an_offer_is_obeyed_and_the_offer_gone(talk) -> None:
    talk.say("skip", "/help")
    reply = talk.say("")
    assert reply.events == (PositionMoved(question=talk.session.stops[1]),)


@pytest.mark.parametrize(
    "words",
    ["Skip the line at the counter", "quit smoking courses",
     "we don't know", "help desk", "an example of everything " * 4],
)  # fmt: skip
def test_longer_sentences_are_answers(talk, words: str) -> None:
    assert talk.say(words).accepted
    assert talk.texts() == [words.strip()]


@pytest.mark.parametrize(
    ("words", "meant"), [('"skip"', "skip"), ("“I don't know”", "I don't know")]
)
def test_quotes_say_that_such_words_are_meant(talk, words: str, meant: str) -> None:
    assert talk.say(words).accepted
    assert talk.texts() == [meant]


def test_quotes_around_other_words_are_kept(talk) -> None:
    assert talk.say('"One number to call"').accepted
    assert talk.texts() == ['"One number to call"']
