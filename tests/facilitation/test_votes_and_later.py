"""Dots for answers, and what is put aside for later."""

import pytest

from workshop.facilitation.messages import message_lines
from workshop.session.events import (
    VoteCast,
)

# ── votes ────────────────────────────────────────────────────────────────────────────────────


def test_vote_adds_dots_to_an_answer_and_says_the_sum(talk) -> None:
    talk.say("one", "two")
    assert talk.noted(talk.say("/vote 2")) == "Answer 2, “two”, has 1 dot now."
    reply = talk.say("/vote 2 4")
    assert talk.noted(reply) == "Answer 2, “two”, has 5 dots now."
    assert reply.events == (VoteCast(answer=talk.state.numbered(2).id, dots=4),)
    assert [a.dots for a in talk.state.answers.values()] == [0, 5]
    assert talk.say("/vote #1  999").accepted


@pytest.mark.parametrize(
    "typed",
    ["/vote 1 0", "/vote 1 1000", "/vote 1 -2", "/vote 1 two", "/vote 1 2 3", "/vote 1 1.5",
     "/vote 1 ٣", "/vote 1 99999999999999999999", "/vote 1 +3"],
)  # fmt: skip
def test_a_number_of_dots_that_cannot_be_keeps_the_words_in_the_prompt(talk, typed: str) -> None:
    talk.say("one")
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, typed, ())
    assert talk.noted(reply).endswith("how many dots it gets, 1 to 999.")


def test_a_vote_stands_beside_the_answer_when_it_is_asked_for_again(talk) -> None:
    talk.say("one", "two", "/vote 2 3", "/next")
    asked = talk.say("/back").messages[-1]
    assert message_lines(asked)[1:] == ["1  one", "2  two · 3 dots"]


def test_a_vote_is_undone_and_redone_by_its_words(talk) -> None:
    talk.say("one", "/vote 1 3", "/vote 1")
    assert talk.noted(talk.say("/undo")) == "Undone: 1 dot for “one”. /redo brings it back."
    assert talk.noted(talk.say("/undo")) == "Undone: 3 dots for “one”. /redo brings it back."
    assert talk.state.numbered(1).dots == 0
    assert talk.noted(talk.say("/redo")) == "Done again: 3 dots for “one”."
    assert talk.state.numbered(1).dots == 3


def test_the_recap_names_what_got_the_most_dots(talk) -> None:
    talk.say("one", "two", "three", "/vote 1", "/vote 3 2")
    recap = talk.say("/goto 2").messages[0]
    assert message_lines(recap)[1:3] == ["3  three · 2 dots", "1  one · 1 dot"]
    assert not any("two" in line for line in message_lines(recap))


def test_the_recap_of_many_votes_names_the_first_five(talk) -> None:
    for number in range(1, 9):
        talk.say(f"answer {number}", f"/vote {number} {number}")
    lines = message_lines(talk.say("/goto 2").messages[0])
    assert lines[1:7] == [
        *[f"{n}  answer {n} · {n} dots" for n in (8, 7, 6, 5, 4)],
        "3 more answers with dots: /review shows all.",
    ]


# ── for later ────────────────────────────────────────────────────────────────────────────────


def test_park_keeps_a_point_with_its_question_and_who_said_it(talk) -> None:
    talk.say("/as Ben")
    reply = talk.say("/park What about [prices]?")
    assert talk.noted(reply) == "Parked: “What about [prices]?”."
    (point,) = talk.state.parked
    assert (point.text, point.question, point.participant) == (
        "What about [prices]?", talk.session.stops[0], "Ben",
    )  # fmt: skip
    assert talk.current_address == talk.session.stops[0]
    assert talk.noted(talk.say("/undo")).startswith("Undone: the parked point “What about")
    assert talk.state.parked == ()


def test_a_point_can_be_parked_after_the_last_question(talk) -> None:
    talk.go_to_the_end()
    assert talk.say("/park Prices").accepted
    assert [(p.text, p.question) for p in talk.state.parked] == [("Prices", "")]


def test_the_recap_names_the_points_parked_in_its_block(talk) -> None:
    talk.say("/park Prices\nand terms", "/goto 2", "/park Elsewhere")
    lines = message_lines(talk.say("/goto 1").messages[0])
    assert "Parked: Elsewhere" in lines
    assert "Parked: Prices and terms" in message_lines(talk.say("/goto 2").messages[0])
    assert not any("Prices" in line for line in lines)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Call the bank @Ben by 3 May", "Action: “Call the bank”, for Ben, by 3 May."),
        ("Call the bank by Friday", "Action: “Call the bank”, for nobody yet, by Friday."),
        ("Call the bank @Ben", "Action: “Call the bank”, for Ben, with no date."),
        ("Go by bike", "Action: “Go by bike”, for nobody yet, with no date."),
    ],
)
def test_action_says_what_it_understood(talk, typed: str, said: str) -> None:
    assert talk.noted(talk.say(f"/action {typed}")) == said
    (action,) = talk.state.actions
    assert f"“{action.text}”" in said
    assert action.participant == "Me"


def test_an_action_is_for_a_participant_as_first_written_whatever_the_case(talk) -> None:
    talk.say("/as Anna Maria", "/action Call @anna maria by Q3")
    assert [(a.owner, a.due) for a in talk.state.actions] == [("Anna Maria", "Q3")]
    assert talk.noted(talk.say("/undo")) == "Undone: the action “Call”. /redo brings it back."


@pytest.mark.parametrize("typed", ["/action @Ben by Friday", "/action @Ben", "/action by Friday"])
def test_an_action_without_anything_to_do_stays_in_the_prompt(talk, typed: str) -> None:
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, typed, ())
    assert "First comes what is to be done. /action TEXT" in talk.noted(reply)
