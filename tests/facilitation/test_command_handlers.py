"""The handlers of the commands: moving, answers, undo and redo, explanations."""

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
    KEYBOARD,
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
    first, second, third, *_ = talk.session.addresses
    talk.say("/next", "/next")
    assert talk.current_address == third
    talk.say("/back")
    assert talk.current_address == second
    talk.say("/back")
    assert talk.current_address == first


def test_back_at_the_first_question_stays_there(talk) -> None:
    response = talk.say("/back")
    assert response.events == ()
    assert talk.notices(response) == "This is the first question."


def test_back_from_the_end_asks_the_last_question_again(talk) -> None:
    talk.go_to_the_end()
    response = talk.say("/back")
    assert talk.current_address == talk.session.addresses[-1]
    assert [type(message) for message in response.messages] == [BlockOpened, QuestionAsked]


def test_going_back_shows_what_was_answered_and_skipped(talk) -> None:
    talk.say("one", "two", "/next", "/skip too early", "/back")
    assert "Skipped before: too early." in message_lines(talk.say("/back", "/next").messages[-1])
    asked = talk.say("/back").messages[-1]
    assert message_lines(asked)[1:] == ["1  one", "2  two"]


def test_goto_closes_one_block_and_opens_the_other(talk) -> None:
    response = talk.say("/goto 4.2")
    assert [type(message) for message in response.messages] == [
        BlockRecap,
        BlockOpened,
        QuestionAsked,
    ]
    assert response.events == (PositionMoved(question="value_proposition.customer_value"),)
    assert talk.current_address == "value_proposition.customer_value"


def test_goto_within_the_block_only_asks(talk) -> None:
    assert [type(message) for message in talk.say("/goto 1.2").messages] == [QuestionAsked]


def test_goto_the_current_question_says_so(talk) -> None:
    response = talk.say("/goto 1")
    assert (response.events, talk.notices(response)) == ((), "That is where we are.")


@pytest.mark.parametrize("words", ["channels", "CHANNELS", "chan", "nnel", "5", "5.1"])
def test_every_question_can_be_reached_after_the_end(talk, words: str) -> None:
    talk.go_to_the_end()
    response = talk.say(f"/goto {words}")
    assert [type(message) for message in response.messages] == [BlockOpened, QuestionAsked]
    assert talk.current_address == "channels.omni_channel_strategy"
    talk.say("late answer")
    assert talk.texts() == ["late answer"]


def test_goto_a_misspelt_block_names_the_nearest(talk) -> None:
    response = talk.say("/goto chanels")
    assert (response.accepted, response.prompt, response.events) == (False, "/goto chanels", ())
    assert "Channels" in talk.notices(response)


def test_goto_a_number_too_high_says_how_many_there_are(talk) -> None:
    assert "1 to 13" in talk.notices(talk.say("/goto 14"))


def test_goto_a_name_as_long_as_a_book_is_answered_briefly(talk) -> None:
    response = talk.say("/goto " + "x" * 200_000)
    assert not response.accepted
    assert len(talk.notices(response)) < 200


def test_skip_leaves_a_reason_and_goes_on(talk) -> None:
    first, second, *_ = talk.session.addresses
    response = talk.say("/skip ask the\nfinance team")
    assert response.events == (
        QuestionSkipped(question=first, reason="ask the finance team"),
        PositionMoved(question=second),
    )
    assert dict(talk.state.skipped) == {first: "ask the finance team"}


def test_skip_of_the_last_question_ends_the_walk(talk) -> None:
    talk.say(f"/goto {talk.session.addresses[-1]}")
    response = talk.say("/skip")
    assert talk.current_address is None
    assert talk.session.question(talk.session.addresses[-1]).ask not in [
        ask for _, ask in response.messages[-1].left_open
    ]


def test_skip_of_an_answered_question_only_goes_on(talk) -> None:
    talk.say("an answer")
    response = talk.say("/skip")
    assert response.events == (PositionMoved(question=talk.session.addresses[1]),)


def test_skip_of_an_answered_question_does_not_drop_the_reason(talk) -> None:
    talk.say("an answer")
    response = talk.say("/skip because of the budget")
    assert (response.accepted, response.events) == (False, ())
    assert response.prompt == "/skip because of the budget"


def test_skip_again_has_the_new_reason(talk) -> None:
    talk.say("/skip one", "/back", "/skip two")
    assert list(talk.state.skipped.values()) == ["two"]


def test_skip_after_the_end_skips_nothing(talk) -> None:
    talk.go_to_the_end()
    assert talk.say("/skip").events == ()
    assert talk.say("/skip why").prompt == "/skip why"


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_edit_puts_the_answer_into_the_prompt_and_enter_saves_the_change(talk) -> None:
    talk.say("one", "two")
    response = talk.say("/edit 1")
    assert (response.prompt, response.events) == ("one", ())
    assert talk.client.editing == list(talk.state.answers)[0]  # noqa: RUF015
    talk.say("one, changed")
    assert talk.texts() == ["one, changed", "two"]
    assert talk.client.editing is None
    talk.say("three")
    assert talk.texts() == ["one, changed", "two", "three"]


def test_edit_without_a_number_edits_the_last_answer_to_the_current_question(talk) -> None:
    talk.say("one", "two", "", "elsewhere", "/back")
    assert talk.say("/edit").prompt == "two"


def test_edit_without_an_answer_to_the_current_question_says_so(talk) -> None:
    response = talk.say("/edit")
    assert response.events == ()
    assert "no answer here" in talk.notices(response)
    assert talk.client.editing is None


def test_edit_with_words_changes_at_once(talk) -> None:
    talk.say("one")
    response = talk.say("/edit #1 first line\nsecond line")
    assert [type(e) for e in response.events] == [AnswerEdited]
    assert talk.texts() == ["first line\nsecond line"]


@pytest.mark.parametrize("cancel", ["", "  ", "\x1b[0m", "one"])
def test_an_edit_is_cancelled_by_an_empty_reply_or_the_same_words(talk, cancel: str) -> None:
    talk.say("one", "/edit 1")
    response = talk.say(cancel)
    assert response.events == ()
    assert "stays as it is" in talk.notices(response)
    assert talk.client.editing is None
    assert talk.current_address == talk.session.addresses[0]


@pytest.mark.parametrize(
    "blank", ["/edit 1 ", "/edit 1 \u2003", "/edit 1 \x1b[0m", "/edit 1 \u200b"]
)
def test_an_answer_cannot_be_edited_to_nothing(talk, blank: str) -> None:
    talk.say("one")
    response = talk.say(blank)
    assert (response.prompt, response.events) == ("one", ())


@pytest.mark.parametrize("words", ["skip", "I don't know", "quit", "@Zoe says", "undo"])
def test_words_that_sound_like_a_request_are_the_new_text_while_editing(talk, words: str) -> None:
    talk.say("one", "/edit 1", words)
    assert talk.texts() == [words]
    assert talk.client.suggestion is None


def test_a_command_while_editing_is_carried_out_and_leaves_the_answer_as_it_is(talk) -> None:
    talk.say("one", "/edit 1", "/next")
    assert talk.texts() == ["one"]
    assert talk.current_address == talk.session.addresses[1]
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


def test_the_new_text_of_an_answer_that_is_removed_meanwhile_stays_in_the_prompt(talk) -> None:
    talk.say("one", "/edit 1")
    talk.append(AnswerRemoved(answer=talk.client.editing))
    response = talk.say("new words")
    assert (response.accepted, response.prompt, response.events) == (False, "new words", ())
    assert talk.client.editing is None


def test_delete_names_the_answer_and_undo_brings_it_back(talk) -> None:
    talk.say("one", "two")
    response = talk.say("/delete 1")
    assert talk.notices(response) == "Deleted 1, “one”. /undo brings it back."
    assert talk.texts() == ["two"]
    talk.say("/undo")
    assert talk.texts() == ["one", "two"]


@pytest.mark.parametrize(
    "typed",
    ["/vote 3", "/vote x 2", "/vote 0 1", "/delete 3", "/delete 0", "/delete -1", "/delete one",
     "/delete 1 2", "/delete ١", "/delete ²",
     "/delete 99999999999999999999", "/edit 3", "/edit x", "/edit 9 new words"],
)  # fmt: skip
def test_a_command_with_an_unknown_answer_number_stays_in_the_prompt(talk, typed: str) -> None:
    talk.say("one", "two", "/delete 2")
    response = talk.say(typed)
    assert (response.accepted, response.prompt, response.events) == (False, typed, ())
    assert "the session has 1 answer." in talk.notices(response)


# ── undo and redo ────────────────────────────────────────────────────────────────────────────


def test_undo_and_redo_say_what_they_changed(talk) -> None:
    talk.say("one")
    talk.say("/edit 1 uno", "/delete 1", "", "/skip")
    assert "the skip of “" in talk.notices(talk.say("/undo"))
    undone = ["the deletion of “uno”", "the change to “uno”", "the answer “one”"]
    for change in undone:
        assert talk.notices(talk.say("/undo")) == f"Undone: {change}. /redo brings it back."
    assert talk.notices(talk.say("/undo")) == "There is nothing to undo."
    for change in reversed(undone):
        assert talk.notices(talk.say("/redo")) == f"Done again: {change}."
    talk.say("/redo")
    assert talk.notices(talk.say("/redo")) == "There is nothing to redo."


def test_undoing_a_vote_quotes_the_current_text_of_the_answer(talk) -> None:
    talk.say("one", "/edit 1 uno", "/vote 1 2")
    assert "2 dots for “uno”" in talk.notices(talk.say("/undo"))
    assert "2 dots for “uno”" in talk.notices(talk.say("/redo"))


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
    assert talk.notices(talk.say("/redo")) == "There is nothing to redo."
    assert talk.texts() == ["two"]
    assert [a.number for a in talk.state.answers.values()] == [2]


def test_a_long_answer_is_named_by_its_beginning(talk) -> None:
    talk.say("word " * 100)
    assert len(talk.notices(talk.say("/delete 1"))) < 100


@pytest.mark.parametrize("typed", ["/as Zoe", "/as @Zoe", "/as @ Zoe", "/as  Zoe\x1b[0m"])
def test_as_lets_a_new_participant_join_and_speak(talk, typed: str) -> None:
    response = talk.say(typed)
    assert response.events == (ParticipantJoined(name="Zoe"),)
    assert talk.notices(response) == "Zoe has joined and speaks now."
    talk.say("words")
    assert [a.participant for a in talk.state.answers.values()] == ["Zoe"]


def test_as_finds_a_participant_in_any_case(talk) -> None:
    talk.say("/as Zoe Smith", "/as Ben")
    response = talk.say("/as ZOE  smith")
    assert response.events == ()
    assert talk.client.speaker == "Zoe Smith"


@pytest.mark.parametrize("typed", ["/as @", "/as @ @" + "x" * 60, "/as " + "x" * 61])
def test_as_refuses_what_is_not_a_name(talk, typed: str) -> None:
    response = talk.say(typed)
    assert (response.accepted, response.prompt, response.events) == (False, typed, ())
    assert talk.client.speaker == "Me"


# ── this question, views ─────────────────────────────────────────────────────────────────────


def test_help_example_and_why_quote_the_bank(talk) -> None:
    question = talk.session.question(talk.current_address)
    for command, line in (
        ("/help", question.help),
        ("/example", question.example),
        ("/why", talk.session.bank.blocks[0].purpose),
    ):
        response = talk.say(command)
        (message,) = response.messages
        assert isinstance(message, Explanation)
        assert message.lines[0] == line
        assert response.events == ()


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
    response = talk.say(command)
    assert "Every question has been asked." in talk.notices(response)


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize(
    ("typed", "view", "find"),
    [("/canvas", View.CANVAS, ""), ("/review", View.REVIEW, ""), ("/report", View.REPORT, ""),
     ("/quit", View.QUIT, ""), ("/find two  [words]", View.FIND, "two [words]")],
)  # fmt: skip
def test_a_view_is_requested_without_a_message_or_an_event(
    talk, typed: str, view: View, find: str, at_the_end: bool
) -> None:
    if at_the_end:
        talk.go_to_the_end()
    response = talk.say(typed)
    assert (response.view, response.find, response.messages, response.events) == (
        view,
        find,
        (),
        (),
    )
    assert response.accepted


def test_undo_leaves_moves_views_and_speakers_alone(talk) -> None:
    talk.say("/as Zoe", "/goto 4", "/canvas")
    assert talk.notices(talk.say("/undo")) == "There is nothing to undo."
    talk.say("words")
    (undoable,) = talk.event_log.undo_target(KEYBOARD)
    assert isinstance(undoable.body, AnswerAdded)
