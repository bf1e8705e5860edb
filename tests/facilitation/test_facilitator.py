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


def kinds(response) -> list[type]:
    return [type(message) for message in response.messages]


# ── the walk ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_one_answer_and_one_empty_reply_per_question_walk_the_whole_canvas(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert len(talk.session.addresses) == questions
    for address in talk.session.addresses:
        assert talk.current_address == address
        talk.say(f"answer to {address}")
        assert talk.current_address == address
        last = talk.say("")
    assert talk.current_address is None
    assert isinstance(last.messages[-1], WalkClosed)
    assert last.messages[-1].left_open == ()
    assert last.messages[-1].progress.answered == questions
    answers = [(a.question, a.text, a.number) for a in talk.state.answers.values()]
    assert answers == [(q, f"answer to {q}", i) for i, q in enumerate(talk.session.addresses, 1)]
    assert not talk.state.unapplied


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_an_empty_reply_moves_by_exactly_one_question(start, bank, options, questions) -> None:
    talk = start(bank, **options)
    addresses = [*talk.session.addresses, None]
    for address, following in itertools.pairwise(addresses):
        assert talk.current_address == address
        response = talk.say("")
        assert response.events == (PositionMoved(question=following),)
        assert talk.current_address == following


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_blocks_are_opened_and_recapped_where_they_begin_and_end(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert kinds(talk.opening) == [BlockOpened, QuestionAsked]
    for number, step in enumerate(talk.session.steps, 1):
        for _ in step.questions[1:]:
            assert kinds(talk.say("")) == [QuestionAsked]
        response = talk.say("")
        recap = response.messages[0]
        assert isinstance(recap, BlockRecap)
        assert recap.title == talk.session.step_title(step)
        assert recap.left_open == tuple(q.ask for q in step.questions)
        if number < len(talk.session.steps):
            assert kinds(response) == [BlockRecap, BlockOpened, QuestionAsked]
            assert (response.messages[1].number, response.messages[1].steps) == (
                number + 1,
                len(talk.session.steps),
            )
        else:
            assert kinds(response) == [BlockRecap, WalkClosed]


def test_enter_at_the_end_stays_at_the_end_and_repeats_no_message(talk) -> None:
    talk.go_to_the_end()
    for _ in range(3):
        response = talk.say("")
        assert response.events == ()
        assert kinds(response) == []
    assert talk.current_address is None


def test_the_recap_lists_answers_skips_and_open_questions(talk) -> None:
    talk.say("/goto value_proposition", "one", "two", "", "/skip not today", "")
    recap = talk.say("").messages[0]
    _, second, third, fourth = talk.session.bank.block("value_proposition").questions
    assert [a.text for a in recap.answers] == ["one", "two"]
    assert recap.skipped == ((second.ask, "not today"),)
    assert recap.left_open == (third.ask, fourth.ask)
    lines = message_lines(recap)
    assert lines[0] == "Value proposition: 2 answers, 1 skipped, 2 left open."
    assert f"Skipped: {second.ask} (not today)" in lines


def test_the_closing_message_lists_the_open_questions(talk) -> None:
    talk.say("an answer")
    talk.go_to_the_end()
    assert isinstance(talk.say("/back").messages[-1], QuestionAsked)
    assert kinds(talk.say("")) == [BlockRecap, WalkClosed]
    response = talk.begin()
    assert len(response.messages[0].left_open) == 45
    assert "45 questions are still open" in message_lines(response.messages[0])[0]


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


def test_a_new_session_records_its_speaker_and_its_first_position(start) -> None:
    talk = start(speaker="Anna")
    assert talk.opening.events == (
        ParticipantJoined(name="Anna"),
        PositionMoved(question=talk.session.addresses[0]),
    )


@pytest.mark.parametrize(("mode", "name"), [("solo", "Me"), ("group", "Facilitator")])
def test_a_default_participant_speaks_when_none_is_named(start, mode: str, name: str) -> None:
    assert start(mode=mode).state.participants == (name,)


def test_resuming_asks_the_same_question_again_and_changes_nothing(talk) -> None:
    talk.say("one", "", "two")
    response = talk.restart()
    assert response.events == ()
    assert kinds(response) == [Notice, BlockOpened, QuestionAsked]
    assert "2 of 46" in talk.notices(response)
    assert response.messages[-1].position.address == talk.session.addresses[1]
    assert [a.text for a in response.messages[-1].answers] == ["two"]


def test_resuming_after_the_end_is_at_the_end(talk) -> None:
    talk.go_to_the_end()
    assert kinds(talk.restart()) == [WalkClosed]
    assert talk.current_address is None


def test_a_position_that_left_the_walk_is_replaced_by_a_lasting_one(talk) -> None:
    talk.say("one")
    talk.append(PositionMoved(question="a_block.that_is_gone"))
    address = talk.restart().messages[-1].position.address
    assert address == talk.session.addresses[1]
    talk.say("first", "second", "third")
    assert talk.current_address == address
    assert [a.text for a in talk.state.answers_to(address)] == ["first", "second", "third"]


@pytest.mark.parametrize("name", ["", "  ", "\x1b[31m", "A" * 100, "A" * 59 + " B", "Anna\nB"])
def test_a_speaker_always_has_a_valid_name(start, name: str) -> None:
    talk = start(speaker=name)
    talk.say("words")
    assert talk.state.participants == (talk.client.speaker,)
    assert next(iter(talk.state.answers.values())).participant == talk.client.speaker
    assert talk.restart().events == ()


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_recorded_without_a_message(talk) -> None:
    response = talk.say("  Invoices are right\x1b[31m the first time \n")
    assert response.messages == ()
    assert response.prompt == ""
    assert talk.texts() == ["Invoices are right the first time"]


@pytest.mark.parametrize(
    "text", ["[/]", "[@click=app.quit]", "=1+1", "👩‍👩‍👧", "שלום", "/", "a/b", "1"]
)
def test_markup_and_formulas_are_recorded_as_plain_text(talk, text: str) -> None:
    response = talk.say(text if text != "/" else "//")
    assert response.accepted
    assert talk.texts() == [text]


@pytest.mark.parametrize(("typed", "recorded"), [("//etc is full", "/etc is full"), ("///", "//")])
def test_two_slashes_begin_an_answer_with_one(talk, typed: str, recorded: str) -> None:
    talk.say(typed)
    assert talk.texts() == [recorded]


def test_an_answer_too_long_stays_in_the_prompt(talk) -> None:
    for text in ("x" * (MAX_CHARACTERS + 1), "\u0958" * (MAX_CHARACTERS - 1)):
        response = talk.say(text)
        assert not response.accepted
        assert response.prompt == text
        assert "longer than 1,000,000 characters" in talk.notices(response)
    assert talk.texts() == []


def test_an_answer_of_the_maximum_length_is_recorded_whole(talk) -> None:
    talk.say("ä" * MAX_CHARACTERS)
    assert talk.texts() == ["ä" * MAX_CHARACTERS]


def test_an_answer_after_the_end_stays_in_the_prompt(talk) -> None:
    talk.go_to_the_end()
    response = talk.say("one more thing")
    assert (response.accepted, response.prompt, response.events) == (False, "one more thing", ())


def test_a_pasted_list_is_one_answer_per_line(talk) -> None:
    response = talk.say_each("one", "  ", "two\x1b[0m", "skip", "/quit", "")
    assert response.view is None
    assert talk.texts() == ["one", "two", "skip", "/quit"]


def test_a_pasted_list_of_empty_lines_does_nothing(talk) -> None:
    response = talk.say_each("", " ", "\x1b[0m")
    assert (response.events, response.messages) == ((), ())
    assert talk.say_each().events == ()


def test_a_pasted_list_after_the_end_stays_in_the_prompt(talk) -> None:
    talk.go_to_the_end()
    response = talk.say_each("one", "two")
    assert (response.accepted, response.prompt) == (False, "one\ntwo")


def test_a_pasted_list_with_a_line_too_long_stays_in_the_prompt(talk) -> None:
    response = talk.say_each("one", "x" * (MAX_CHARACTERS + 1))
    assert not response.accepted
    assert response.prompt.startswith("one\nxxx")
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
        talk.append(ParticipantJoined(name=known))
    response = talk.say(typed)
    assert len(response.events) == 1
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
def test_an_unknown_participant_joins_with_the_answer_once_confirmed(
    talk, typed: str, name: str, text: str, again: str
) -> None:
    # Line mode has no prompt that keeps text, so that an empty line accepts the suggestion.
    talk.client = talk.client._replace(prompt_keeps_text=bool(again))
    suggestion = talk.say(typed)
    assert (suggestion.accepted, suggestion.prompt, suggestion.events) == (False, clean(typed), ())
    assert f"Nobody here is called {name}." in talk.notices(suggestion)
    talk.say(typed if again else "")
    assert talk.state.participants == ("Me", name)
    assert speakers(talk) == [(name, text)]


def test_other_words_after_an_unknown_name_let_nobody_join(talk) -> None:
    talk.say("@home delivery", "delivery to the home")
    assert talk.state.participants == ("Me",)
    assert speakers(talk) == [("Me", "delivery to the home")]


def test_an_emptied_prompt_records_nothing_and_goes_on(talk) -> None:
    talk.say("@Zoe cheaper rents", "")
    assert talk.state.participants == ("Me",)
    assert talk.texts() == []
    assert talk.current_address == talk.session.addresses[1]


def test_an_unknown_name_alone_joins_once_confirmed(talk) -> None:
    talk.say("@Zoe", "@Zoe")
    assert talk.state.participants == ("Me", "Zoe")
    assert talk.texts() == []


@pytest.mark.parametrize("typed", ["@", "@ hello", "@\u2003 hi", "@: hi", "@" + "x" * 61, "@,"])
def test_an_at_sign_without_a_name_stays_in_the_prompt(talk, typed: str) -> None:
    response = talk.say(typed)
    assert (response.accepted, response.prompt, response.events) == (False, clean(typed), ())
    assert talk.client.suggestion is None


def test_a_known_name_without_an_answer_asks_for_one(talk) -> None:
    response = talk.say("@me")
    assert (response.accepted, response.prompt) == (False, "@me")
    assert "What does Me say?" in talk.notices(response)
