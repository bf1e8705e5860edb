"""The facilitator: leads through a whole canvas, never advances by itself and loses nothing."""

import itertools

import pytest

from workshop.facilitation.messages import (
    BlockOpened,
    BlockRecap,
    Notice,
    QuestionAsked,
    WalkClosed,
    message_lines,
)
from workshop.session.events import (
    ParticipantJoined,
    PositionMoved,
)
from workshop.text import MAX_CHARACTERS, clean

WHOLE = [
    pytest.param("it", {}, 46, id="it"),
    pytest.param("alignment", {"names": {"higher": "Acme", "lower": "Platform"}}, 18, id="both"),
    pytest.param("alignment", {"level": "lower"}, 9, id="lower"),
    pytest.param("it", {"quick": True}, 13, id="quick"),
    pytest.param("alignment", {"level": "higher", "quick": True}, 9, id="higher_quick"),
]


def kinds(reply) -> list[type]:
    return [type(turn) for turn in reply.messages]


# ── the walk ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_one_answer_and_one_empty_reply_a_question_walk_the_whole_canvas(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert len(talk.session.stops) == questions
    for address in talk.session.stops:
        assert talk.current_address == address
        talk.say(f"answer to {address}")
        assert talk.current_address == address
        last = talk.say("")
    assert talk.current_address is None
    assert isinstance(last.messages[-1], WalkClosed)
    assert last.messages[-1].left_open == ()
    assert last.messages[-1].progress.answered == questions
    given = [(a.question, a.text, a.number) for a in talk.state.answers.values()]
    assert given == [(q, f"answer to {q}", i) for i, q in enumerate(talk.session.stops, 1)]
    assert not talk.state.unapplied


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_an_empty_reply_moves_by_exactly_one_question(start, bank, options, questions) -> None:
    talk = start(bank, **options)
    stops = [*talk.session.stops, None]
    for here, after in itertools.pairwise(stops):
        assert talk.current_address == here
        reply = talk.say("")
        assert reply.events == (PositionMoved(question=after),)
        assert talk.current_address == after


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_blocks_are_opened_and_recapped_where_they_begin_and_end(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert kinds(talk.opening) == [BlockOpened, QuestionAsked]
    for number, step in enumerate(talk.session.steps, 1):
        for _ in step.questions[1:]:
            assert kinds(talk.say("")) == [QuestionAsked]
        reply = talk.say("")
        recap = reply.messages[0]
        assert isinstance(recap, BlockRecap)
        assert recap.title == talk.session.step_title(step)
        assert recap.left_open == tuple(q.ask for q in step.questions)
        if number < len(talk.session.steps):
            assert kinds(reply) == [BlockRecap, BlockOpened, QuestionAsked]
            assert (reply.messages[1].number, reply.messages[1].steps) == (
                number + 1,
                len(talk.session.steps),
            )
        else:
            assert kinds(reply) == [BlockRecap, WalkClosed]


def test_enter_at_the_end_stays_at_the_end_and_says_nothing_twice(talk) -> None:
    talk.go_to_the_end()
    for _ in range(3):
        reply = talk.say("")
        assert reply.events == ()
        assert kinds(reply) == []
    assert talk.current_address is None


def test_the_recap_tells_answers_skips_and_open_questions(talk) -> None:
    talk.say("/goto value_proposition", "one", "two", "", "/skip not today", "")
    recap = talk.say("").messages[0]
    _, second, third, fourth = talk.session.bank.block("value_proposition").questions
    assert [a.text for a in recap.answers] == ["one", "two"]
    assert recap.skipped == ((second.ask, "not today"),)
    assert recap.left_open == (third.ask, fourth.ask)
    lines = message_lines(recap)
    assert lines[0] == "Value proposition: 2 answers, 1 skipped, 2 left open."
    assert f"Skipped: {second.ask} (not today)" in lines


def test_the_end_tells_what_was_left_open(talk) -> None:
    talk.say("an answer")
    talk.go_to_the_end()
    closed = talk.say("/back").messages  # and forth again
    assert kinds(talk.say("")) == [BlockRecap, WalkClosed]
    assert isinstance(closed[-1], QuestionAsked)
    reply = talk.begin()
    assert len(reply.messages[0].left_open) == 45
    assert "45 questions are still open" in message_lines(reply.messages[0])[0]


def test_models_are_called_by_their_names(start) -> None:
    talk = start("alignment", names={"higher": "Acme"})
    assert talk.opening.messages[0].title == "Customer Segments · Acme"
    talk.say("/goto lower costs")
    assert talk.say("/goto acme costs").messages[0].title == "Costs · Lower Model"


def test_one_level_alone_does_not_name_it(start) -> None:
    assert start("alignment", level="lower").opening.messages[0].title == "Customer Segments"


def test_a_session_without_questions_is_refused(start) -> None:
    with pytest.raises(ValueError, match="no level"):
        start("it", level="lower")
    with pytest.raises(ValueError, match="no level 'middle'"):
        start("alignment", names={"middle": "Acme"})


# ── beginning and resuming ───────────────────────────────────────────────────────────────────


def test_a_new_session_joins_its_speaker_and_takes_its_place(start) -> None:
    talk = start(speaker="Anna")
    assert talk.opening.events == (
        ParticipantJoined(name="Anna"),
        PositionMoved(question=talk.session.stops[0]),
    )


@pytest.mark.parametrize(("mode", "name"), [("solo", "Me"), ("group", "Facilitator")])
def test_somebody_speaks_when_nobody_was_named(start, mode: str, name: str) -> None:
    assert start(mode=mode).state.participants == (name,)


def test_resuming_asks_the_same_question_again_and_changes_nothing(talk) -> None:
    talk.say("one", "", "two")
    reply = talk.restart()
    assert reply.events == ()
    assert kinds(reply) == [Notice, BlockOpened, QuestionAsked]
    assert "2 of 46" in talk.noted(reply)
    assert reply.messages[-1].position.address == talk.session.stops[1]
    assert [a.text for a in reply.messages[-1].answers] == ["two"]


def test_resuming_after_the_end_is_at_the_end(talk) -> None:
    talk.go_to_the_end()
    assert kinds(talk.restart()) == [WalkClosed]
    assert talk.current_address is None


def test_a_place_that_is_no_longer_there_is_left_for_one_that_stays(talk) -> None:
    talk.say("one")
    talk.happens(PositionMoved(question="a_block.that_is_gone"))
    here = talk.restart().messages[-1].position.address
    assert here == talk.session.stops[1]
    talk.say("first", "second", "third")
    assert talk.current_address == here
    assert [a.text for a in talk.state.answers_to(here)] == ["first", "second", "third"]


@pytest.mark.parametrize("name", ["", "  ", "\x1b[31m", "A" * 100, "A" * 59 + " B", "Anna\nB"])
def test_a_speaker_always_has_a_proper_name(start, name: str) -> None:
    talk = start(speaker=name)
    talk.say("words")
    assert talk.state.participants == (talk.client.speaker,)
    assert next(iter(talk.state.answers.values())).participant == talk.client.speaker
    assert talk.restart().events == ()


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_recorded_and_nothing_is_said(talk) -> None:
    reply = talk.say("  Invoices are right\x1b[31m the first time \n")
    assert reply.messages == ()
    assert reply.prompt == ""
    assert talk.texts() == ["Invoices are right the first time"]


@pytest.mark.parametrize(
    "text", ["[/]", "[@click=app.quit]", "=1+1", "👩‍👩‍👧", "שלום", "/", "a/b", "1"]
)
def test_text_that_means_something_elsewhere_is_only_text_here(talk, text: str) -> None:
    reply = talk.say(text if text != "/" else "//")
    assert reply.accepted
    assert talk.texts() == [text]


@pytest.mark.parametrize(("typed", "kept"), [("//etc is full", "/etc is full"), ("///", "//")])
def test_two_slashes_begin_an_answer_with_one(talk, typed: str, kept: str) -> None:
    talk.say(typed)
    assert talk.texts() == [kept]


def test_an_answer_too_long_stays_in_the_prompt(talk) -> None:
    for text in ("x" * (MAX_CHARACTERS + 1), "\u0958" * (MAX_CHARACTERS - 1)):
        reply = talk.say(text)
        assert not reply.accepted
        assert reply.prompt == text
        assert "longer than 1,000,000 characters" in talk.noted(reply)
    assert talk.texts() == []


def test_a_book_of_an_answer_is_kept_whole(talk) -> None:
    talk.say("ä" * MAX_CHARACTERS)
    assert talk.texts() == ["ä" * MAX_CHARACTERS]


def test_an_answer_after_the_end_stays_in_the_prompt(talk) -> None:
    talk.go_to_the_end()
    reply = talk.say("one more thing")
    assert (reply.accepted, reply.prompt, reply.events) == (False, "one more thing", ())


def test_a_pasted_list_is_one_answer_a_line(talk) -> None:
    reply = talk.say_each("one", "  ", "two\x1b[0m", "skip", "/quit", "")
    assert reply.view is None
    assert talk.texts() == ["one", "two", "skip", "/quit"]


def test_a_pasted_list_of_nothing_does_nothing(talk) -> None:
    reply = talk.say_each("", " ", "\x1b[0m")
    assert (reply.events, reply.messages) == ((), ())
    assert talk.say_each().events == ()


def test_a_pasted_list_after_the_end_stays_in_the_prompt(talk) -> None:
    talk.go_to_the_end()
    reply = talk.say_each("one", "two")
    assert (reply.accepted, reply.prompt) == (False, "one\ntwo")


def test_a_pasted_list_with_a_line_too_long_stays_in_the_prompt(talk) -> None:
    reply = talk.say_each("one", "x" * (MAX_CHARACTERS + 1))
    assert not reply.accepted
    assert reply.prompt.startswith("one\nxxx")
    assert talk.texts() == []


def test_a_pasted_list_ends_an_edit_without_touching_the_answer(talk) -> None:
    talk.say("first", "/edit 1")
    talk.say_each("a", "b")
    talk.say("c")
    assert talk.texts() == ["first", "a", "b", "c"]


# ── who speaks ───────────────────────────────────────────────────────────────────────────────


def speakers(talk) -> list[tuple[str, str]]:
    return [(a.participant, a.text) for a in talk.state.answers.values()]


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("@Anna one number", "Anna", "one number"),
        ("@anna one number", "Anna", "one number"),
        ("@Anna: one number", "Anna", "one number"),
        ("@Anna,  one number", "Anna", "one number"),
        ("@Anna\none\ntwo", "Anna", "one\ntwo"),
        ("@Anna Maria says so", "Anna Maria", "says so"),
        ("@ANNA MARIA: says so", "Anna Maria", "says so"),
        ("@Anna Mariana says so", "Anna", "Mariana says so"),
        ("@STRASSE hier", "Straße", "hier"),
        ("@Anna skip", "Anna", "skip"),
        ("@Anna /quit", "Anna", "/quit"),
        ("@Anna\u00a0hard", "Anna", "hard"),
    ],
)
def test_a_known_name_before_an_answer_says_who_gave_it(
    talk, typed: str, name: str, text: str
) -> None:
    for known in ("Anna", "Anna Maria", "Straße"):
        talk.happens(ParticipantJoined(name=known))
    reply = talk.say(typed)
    assert len(reply.events) == 1
    assert speakers(talk) == [(name, text)]
    assert talk.client.speaker == "Me"


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("@Zoë cheaper rents", "Zoë", "cheaper rents"),
        ("@Zoe: cheaper rents", "Zoe", "cheaper rents"),
        ("@Zoe\ncheaper\nrents", "Zoe", "cheaper\nrents"),
        ("@שרה שלום", "שרה", "שלום"),
        ("@👩‍🔬 science", "👩‍🔬", "science"),
        ("@Zoe\u2003cheaper", "Zoe", "cheaper"),
    ],
)
@pytest.mark.parametrize("again", ["", "the same"])
def test_a_new_name_is_offered_to_join_and_its_answer_recorded(
    talk, typed: str, name: str, text: str, again: str
) -> None:
    # Line by line nothing stays in a prompt, so that an empty line is the yes.
    talk.client = talk.client._replace(prompt_keeps_text=bool(again))
    suggestion = talk.say(typed)
    assert (suggestion.accepted, suggestion.prompt, suggestion.events) == (False, clean(typed), ())
    assert f"Nobody here is called {name}." in talk.noted(suggestion)
    talk.say(typed if again else "")
    assert talk.state.participants == ("Me", name)
    assert speakers(talk) == [(name, text)]


def test_other_words_after_a_new_name_leave_nobody_joined(talk) -> None:
    talk.say("@home delivery", "delivery to the home")
    assert talk.state.participants == ("Me",)
    assert speakers(talk) == [("Me", "delivery to the home")]


def test_an_emptied_prompt_records_nothing_and_goes_on(talk) -> None:
    talk.say("@Zoe cheaper rents", "")
    assert talk.state.participants == ("Me",)
    assert talk.texts() == []
    assert talk.current_address == talk.session.stops[1]


def test_a_new_name_alone_joins(talk) -> None:
    talk.say("@Zoe", "@Zoe")
    assert talk.state.participants == ("Me", "Zoe")
    assert talk.texts() == []


@pytest.mark.parametrize("typed", ["@", "@ hello", "@\u2003 hi", "@: hi", "@" + "x" * 61, "@,"])
def test_an_at_sign_without_a_name_stays_in_the_prompt(talk, typed: str) -> None:
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, clean(typed), ())
    assert talk.client.suggestion is None


def test_a_known_name_without_words_asks_for_them(talk) -> None:
    reply = talk.say("@me")
    assert (reply.accepted, reply.prompt) == (False, "@me")
    assert "What does Me say?" in talk.noted(reply)
