"""What the commands do: moving, answers, undoing, explaining."""

import pytest

from workshop.facilitation.messages import (
    BlockOpened,
    BlockRecap,
    Explanation,
    QuestionAsked,
    View,
    message_lines,
)
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
    Undone,
)

# ── moving ───────────────────────────────────────────────────────────────────────────────────


def test_next_goes_on_and_back_goes_back(talk) -> None:
    first, second, third, *_ = talk.session.stops
    talk.say("/next", "/next")
    assert talk.current_address == third
    talk.say("/back")
    assert talk.current_address == second
    talk.say("/back")
    assert talk.current_address == first


def test_back_at_the_first_question_stays_there(talk) -> None:
    reply = talk.say("/back")
    assert reply.events == ()
    assert talk.noted(reply) == "This is the first question."


def test_back_from_the_end_is_the_last_question(talk) -> None:
    talk.go_to_the_end()
    reply = talk.say("/back")
    assert talk.current_address == talk.session.stops[-1]
    assert [type(turn) for turn in reply.messages] == [BlockOpened, QuestionAsked]


def test_going_back_shows_what_was_answered_and_skipped(talk) -> None:
    talk.say("one", "two", "/next", "/skip too early", "/back")
    assert "Skipped before: too early." in message_lines(talk.say("/back", "/next").messages[-1])
    asked = talk.say("/back").messages[-1]
    assert message_lines(asked)[1:] == ["1  one", "2  two"]


def test_goto_closes_one_block_and_opens_the_other(talk) -> None:
    reply = talk.say("/goto 4.2")
    assert [type(turn) for turn in reply.messages] == [BlockRecap, BlockOpened, QuestionAsked]
    assert reply.events == (PositionMoved(question="value_proposition.customer_value"),)
    assert talk.current_address == "value_proposition.customer_value"


def test_goto_within_the_block_only_asks(talk) -> None:
    assert [type(turn) for turn in talk.say("/goto 1.2").messages] == [QuestionAsked]


def test_goto_where_we_are_says_so(talk) -> None:
    reply = talk.say("/goto 1")
    assert (reply.events, talk.noted(reply)) == ((), "That is where we are.")


@pytest.mark.parametrize("words", ["channels", "CHANNELS", "chan", "nnel", "5", "5.1"])
def test_every_question_can_be_reached_after_the_end(talk, words: str) -> None:
    talk.go_to_the_end()
    reply = talk.say(f"/goto {words}")
    assert [type(turn) for turn in reply.messages] == [BlockOpened, QuestionAsked]
    assert talk.current_address == "channels.omni_channel_strategy"
    talk.say("late answer")
    assert talk.texts() == ["late answer"]


def test_goto_a_misspelt_block_names_the_nearest(talk) -> None:
    reply = talk.say("/goto chanels")
    assert (reply.accepted, reply.prompt, reply.events) == (False, "/goto chanels", ())
    assert "Channels" in talk.noted(reply)


def test_goto_a_number_too_high_says_how_many_there_are(talk) -> None:
    assert "1 to 13" in talk.noted(talk.say("/goto 14"))


def test_goto_a_name_as_long_as_a_book_is_answered_briefly(talk) -> None:
    reply = talk.say("/goto " + "x" * 200_000)
    assert not reply.accepted
    assert len(talk.noted(reply)) < 200


def test_skip_leaves_a_reason_and_goes_on(talk) -> None:
    first, second, *_ = talk.session.stops
    reply = talk.say("/skip ask the\nfinance team")
    assert reply.events == (
        QuestionSkipped(question=first, reason="ask the finance team"),
        PositionMoved(question=second),
    )
    assert dict(talk.state.skipped) == {first: "ask the finance team"}


def test_skip_of_the_last_question_ends_the_walk(talk) -> None:
    talk.say(f"/goto {talk.session.stops[-1]}")
    reply = talk.say("/skip")
    assert talk.current_address is None
    assert talk.session.question(talk.session.stops[-1]).ask not in [
        ask for _, ask in reply.messages[-1].left_open
    ]


def test_skip_of_an_answered_question_only_goes_on(talk) -> None:
    talk.say("an answer")
    reply = talk.say("/skip")
    assert reply.events == (PositionMoved(question=talk.session.stops[1]),)


def test_skip_of_an_answered_question_does_not_drop_the_reason(talk) -> None:
    talk.say("an answer")
    reply = talk.say("/skip because of the budget")
    assert (reply.accepted, reply.events) == (False, ())
    assert reply.prompt == "/skip because of the budget"


def test_skip_again_has_the_new_reason(talk) -> None:
    talk.say("/skip one", "/back", "/skip two")
    assert list(talk.state.skipped.values()) == ["two"]


def test_skip_after_the_end_skips_nothing(talk) -> None:
    talk.go_to_the_end()
    assert talk.say("/skip").events == ()
    assert talk.say("/skip why").prompt == "/skip why"


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_edit_puts_the_answer_into_the_prompt_and_enter_keeps_the_change(talk) -> None:
    talk.say("one", "two")
    reply = talk.say("/edit 1")
    assert (reply.prompt, reply.events) == ("one", ())
    assert talk.client.editing == list(talk.state.answers)[0]  # noqa: RUF015
    talk.say("one, changed")
    assert talk.texts() == ["one, changed", "two"]
    assert talk.client.editing is None
    talk.say("three")
    assert talk.texts() == ["one, changed", "two", "three"]


def test_edit_without_a_number_is_the_last_answer_given_here(talk) -> None:
    talk.say("one", "two", "", "elsewhere", "/back")
    assert talk.say("/edit").prompt == "two"


def test_edit_without_an_answer_here_says_so(talk) -> None:
    reply = talk.say("/edit")
    assert reply.events == ()
    assert "no answer here" in talk.noted(reply)
    assert talk.client.editing is None


def test_edit_with_words_changes_at_once(talk) -> None:
    talk.say("one")
    reply = talk.say("/edit #1 first line\nsecond line")
    assert [type(e) for e in reply.events] == [AnswerEdited]
    assert talk.texts() == ["first line\nsecond line"]


@pytest.mark.parametrize("cancel", ["", "  ", "\x1b[0m", "one"])
def test_an_edit_is_cancelled_by_nothing_or_the_same_words(talk, cancel: str) -> None:
    talk.say("one", "/edit 1")
    reply = talk.say(cancel)
    assert reply.events == ()
    assert "stays as it is" in talk.noted(reply)
    assert talk.client.editing is None
    assert talk.current_address == talk.session.stops[0]


@pytest.mark.parametrize(
    "blank", ["/edit 1 ", "/edit 1 \u2003", "/edit 1 \x1b[0m", "/edit 1 \u200b"]
)
def test_an_answer_cannot_be_edited_to_nothing(talk, blank: str) -> None:
    talk.say("one")
    reply = talk.say(blank)
    assert (reply.prompt, reply.events) == ("one", ())


@pytest.mark.parametrize("words", ["skip", "I don't know", "quit", "@Zoe says", "undo"])
def test_words_that_sound_like_a_wish_are_words_while_editing(talk, words: str) -> None:
    talk.say("one", "/edit 1", words)
    assert talk.texts() == [words]
    assert talk.client.suggestion is None


def test_a_command_while_editing_is_obeyed_and_the_answer_left(talk) -> None:
    talk.say("one", "/edit 1", "/next")
    assert talk.texts() == ["one"]
    assert talk.current_address == talk.session.stops[1]
    assert talk.client.editing is None
    talk.say("two")
    assert talk.texts() == ["one", "two"]


def test_a_misspelt_command_while_editing_stays_in_the_prompt(talk) -> None:
    talk.say("one", "/edit 1")
    assert talk.say("/nxet").prompt == "/nxet"
    talk.say("//nxet")
    assert talk.texts() == ["/nxet"]


def test_an_answer_that_begins_with_a_slash_can_be_edited(talk) -> None:
    talk.say("//next is a shop", "/edit 1")
    assert talk.say("/next is a shop").events == ()
    talk.say("/edit 1", "/next is a chain of shops")
    assert talk.texts() == ["/next is a chain of shops"]


def test_an_answer_that_went_away_while_it_was_edited_leaves_the_words(talk) -> None:
    talk.say("one", "/edit 1")
    talk.happens(AnswerRemoved(answer=talk.client.editing))
    reply = talk.say("new words")
    assert (reply.accepted, reply.prompt, reply.events) == (False, "new words", ())
    assert talk.client.editing is None


def test_delete_says_what_went_and_undo_brings_it_back(talk) -> None:
    talk.say("one", "two")
    reply = talk.say("/delete 1")
    assert talk.noted(reply) == "Deleted 1, “one”. /undo brings it back."
    assert talk.texts() == ["two"]
    talk.say("/undo")
    assert talk.texts() == ["one", "two"]


@pytest.mark.parametrize(
    "typed",
    ["/vote 3", "/vote x 2", "/vote 0 1", "/delete 3", "/delete 0", "/delete -1", "/delete one",
     "/delete 1 2", "/delete ١", "/delete ²",
     "/delete 99999999999999999999", "/edit 3", "/edit x", "/edit 9 new words"],
)  # fmt: skip
def test_a_number_that_no_answer_has_keeps_the_words_in_the_prompt(talk, typed: str) -> None:
    talk.say("one", "two", "/delete 2")
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, typed, ())
    assert "the session has 1 answer." in talk.noted(reply)


# ── undo and redo ────────────────────────────────────────────────────────────────────────────


def test_undo_and_redo_say_what_they_did(talk) -> None:
    talk.say("one")
    talk.say("/edit 1 uno", "/delete 1", "", "/skip")
    assert "the skip of “" in talk.noted(talk.say("/undo"))
    undone = ["the deletion of “uno”", "the change to “uno”", "the answer “one”"]
    for what in undone:
        assert talk.noted(talk.say("/undo")) == f"Undone: {what}. /redo brings it back."
    assert talk.noted(talk.say("/undo")) == "There is nothing to undo."
    for what in reversed(undone):
        assert talk.noted(talk.say("/redo")) == f"Done again: {what}."
    talk.say("/redo")
    assert talk.noted(talk.say("/redo")) == "There is nothing to redo."


def test_undoing_a_vote_says_the_words_as_they_are(talk) -> None:
    talk.say("one", "/edit 1 uno", "/vote 1 2")
    assert "2 dots for “uno”" in talk.noted(talk.say("/undo"))
    assert "2 dots for “uno”" in talk.noted(talk.say("/redo"))


def test_undo_and_redo_work_after_a_restart(talk) -> None:
    talk.say("one", "two")
    talk.restart()
    assert talk.say("/undo").events == (Undone(event=talk.event_log.events[3].id),)
    assert talk.texts() == ["one"]
    talk.restart()
    talk.say("/redo")
    assert talk.texts() == ["one", "two"]


def test_redo_after_a_new_answer_has_nothing_to_bring_back(talk) -> None:
    talk.say("one", "/undo", "two")
    assert talk.noted(talk.say("/redo")) == "There is nothing to redo."
    assert talk.texts() == ["two"]
    assert [a.number for a in talk.state.answers.values()] == [2]


def test_a_long_answer_is_named_by_its_beginning(talk) -> None:
    talk.say("word " * 100)
    assert len(talk.noted(talk.say("/delete 1"))) < 100


@pytest.mark.parametrize("typed", ["/as Zoe", "/as @Zoe", "/as @ Zoe", "/as  Zoe\x1b[0m"])
def test_as_lets_somebody_new_speak_from_now_on(talk, typed: str) -> None:
    reply = talk.say(typed)
    assert reply.events == (ParticipantJoined(name="Zoe"),)
    assert talk.noted(reply) == "Zoe has joined and speaks now."
    talk.say("words")
    assert [a.participant for a in talk.state.answers.values()] == ["Zoe"]


def test_as_knows_who_is_there_whatever_the_case(talk) -> None:
    talk.say("/as Zoe Smith", "/as Ben")
    reply = talk.say("/as ZOE  smith")
    assert reply.events == ()
    assert talk.client.speaker == "Zoe Smith"


@pytest.mark.parametrize("typed", ["/as @", "/as @ @" + "x" * 60, "/as " + "x" * 61])
def test_as_refuses_what_is_no_name(talk, typed: str) -> None:
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, typed, ())
    assert talk.client.speaker == "Me"


# ── this question, views ─────────────────────────────────────────────────────────────────────


def test_help_example_and_why_are_the_banks_words(talk) -> None:
    question = talk.session.question(talk.current_address)
    for command, line in (
        ("/help", question.help),
        ("/example", question.example),
        ("/why", talk.session.bank.blocks[0].purpose),
    ):
        reply = talk.say(command)
        (turn,) = reply.messages
        assert isinstance(turn, Explanation)
        assert turn.lines[0] == line
        assert reply.events == ()


def test_help_lists_the_aspects_and_the_horizon(start) -> None:
    lines = start("alignment").say("/goto channels", "/help").messages[0].lines
    assert lines[1:3] == ("1) create awareness", "2) enable evaluation")
    lines = start().say("/goto customer_segment.likely_changes", "/help").messages[0].lines
    assert lines[-1] == "It asks you to look 6 to 12 months ahead."


def test_why_says_which_model_the_question_is_about(start) -> None:
    talk = start("alignment", names={"higher": "Acme"})
    assert talk.say("/why").messages[0].lines[1].startswith("Acme: This is the model of a whole")


@pytest.mark.parametrize("command", ["/help", "/example", "/why"])
def test_after_the_end_there_is_no_question_to_explain(talk, command: str) -> None:
    talk.go_to_the_end()
    reply = talk.say(command)
    assert "Every question has been asked." in talk.noted(reply)


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize(
    ("typed", "view", "find"),
    [("/canvas", View.CANVAS, ""), ("/review", View.REVIEW, ""), ("/report", View.REPORT, ""),
     ("/quit", View.QUIT, ""), ("/find two  [words]", View.FIND, "two [words]")],
)  # fmt: skip
def test_views_are_shown_without_saying_or_changing_anything(
    talk, typed: str, view: View, find: str, at_the_end: bool
) -> None:
    if at_the_end:
        talk.go_to_the_end()
    reply = talk.say(typed)
    assert (reply.view, reply.find, reply.messages, reply.events) == (view, find, (), ())
    assert reply.accepted


def test_what_is_undone_is_only_what_people_said(talk) -> None:
    talk.say("/as Zoe", "/goto 4", "/canvas")
    assert talk.noted(talk.say("/undo")) == "There is nothing to undo."
    talk.say("words")
    assert isinstance(talk.event_log.undo_target.body, AnswerAdded)
