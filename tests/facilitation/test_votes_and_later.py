"""Votes, parked points and actions."""

import pytest

from workshop.facilitation.messages import message_lines
from workshop.session.events import (
    VoteCast,
)

# ── votes ────────────────────────────────────────────────────────────────────────────────────


def test_vote_adds_dots_to_an_answer_and_says_the_sum(talk) -> None:
    talk.say("one", "two")
    assert talk.notices(talk.say("/vote 2")) == "Answer 2, “two”, has 1 dot now."
    response = talk.say("/vote 2 4")
    assert talk.notices(response) == "Answer 2, “two”, has 5 dots now."
    assert response.events == (VoteCast(answer=talk.state.answer_numbered(2).id, dots=4),)
    assert [a.votes for a in talk.state.answers.values()] == [0, 5]
    assert talk.say("/vote #1  999").accepted


@pytest.mark.parametrize(
    "typed",
    ["/vote 1 0", "/vote 1 1000", "/vote 1 -2", "/vote 1 two", "/vote 1 2 3", "/vote 1 1.5",
     "/vote 1 ٣", "/vote 1 99999999999999999999", "/vote 1 +3"],
)  # fmt: skip
def test_a_vote_with_an_impossible_number_of_dots_stays_in_the_prompt(talk, typed: str) -> None:
    talk.say("one")
    response = talk.say(typed)
    assert (response.accepted, response.prompt, response.events) == (False, typed, ())
    assert talk.notices(response).endswith("how many dots it gets, 1 to 999.")


def test_a_question_that_is_asked_again_shows_the_votes_of_its_answers(talk) -> None:
    talk.say("one", "two", "/vote 2 3", "/next")
    asked = talk.say("/back").messages[-1]
    assert message_lines(asked)[1:] == ["1  one", "2  two · 3 dots"]


def test_undoing_and_redoing_a_vote_names_the_answer(talk) -> None:
    talk.say("one", "/vote 1 3", "/vote 1")
    assert talk.notices(talk.say("/undo")) == "Undone: 1 dot for “one”. /redo brings it back."
    assert talk.notices(talk.say("/undo")) == "Undone: 3 dots for “one”. /redo brings it back."
    assert talk.state.answer_numbered(1).votes == 0
    assert talk.notices(talk.say("/redo")) == "Done again: 3 dots for “one”."
    assert talk.state.answer_numbered(1).votes == 3


def test_the_recap_lists_the_answers_with_the_most_dots(talk) -> None:
    talk.say("one", "two", "three", "/vote 1", "/vote 3 2")
    recap = talk.say("/goto 2").messages[0]
    assert message_lines(recap)[1:3] == ["3  three · 2 dots", "1  one · 1 dot"]
    assert not any("two" in line for line in message_lines(recap))


def test_the_recap_lists_at_most_five_answers_with_dots(talk) -> None:
    for number in range(1, 9):
        talk.say(f"answer {number}", f"/vote {number} {number}")
    lines = message_lines(talk.say("/goto 2").messages[0])
    assert lines[1:7] == [
        *[f"{n}  answer {n} · {n} dots" for n in (8, 7, 6, 5, 4)],
        "3 more answers with dots: /review shows all.",
    ]


# ── for later ────────────────────────────────────────────────────────────────────────────────


def test_park_records_a_point_with_its_question_and_participant(talk) -> None:
    talk.say("/as Ben")
    response = talk.say("/park What about [prices]?")
    assert talk.notices(response) == "Parked: “What about [prices]?”."
    (point,) = talk.state.parked
    assert (point.text, point.question, point.participant) == (
        "What about [prices]?", talk.session.addresses[0], "Ben",
    )  # fmt: skip
    assert talk.current_address == talk.session.addresses[0]
    assert talk.notices(talk.say("/undo")).startswith("Undone: the parked point “What about")
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
    ("typed", "notice"),
    [
        ("Call the bank @Ben by 3 May", "Action: “Call the bank”, for Ben, by 3 May."),
        ("Call the bank by Friday", "Action: “Call the bank”, for nobody yet, by Friday."),
        ("Call the bank @Ben", "Action: “Call the bank”, for Ben, with no date."),
        ("Go by bike", "Action: “Go by bike”, for nobody yet, with no date."),
    ],
)
def test_action_says_what_it_understood(talk, typed: str, notice: str) -> None:
    assert talk.notices(talk.say(f"/action {typed}")) == notice
    (action,) = talk.state.actions
    assert f"“{action.text}”" in notice
    assert action.participant == "Me"


def test_an_action_is_for_a_participant_as_first_written_whatever_the_case(talk) -> None:
    talk.say("/as Anna Maria", "/action Call @anna maria by Q3")
    assert [(a.owner, a.due) for a in talk.state.actions] == [("Anna Maria", "Q3")]
    assert talk.notices(talk.say("/undo")) == "Undone: the action “Call”. /redo brings it back."


@pytest.mark.parametrize("typed", ["/action @Ben by Friday", "/action @Ben", "/action by Friday"])
def test_an_action_without_anything_to_do_stays_in_the_prompt(talk, typed: str) -> None:
    response = talk.say(typed)
    assert (response.accepted, response.prompt, response.events) == (False, typed, ())
    assert "First comes what is to be done. /action TEXT" in talk.notices(response)
