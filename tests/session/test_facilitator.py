"""The facilitator: leads through a whole canvas, never advances by itself and loses nothing."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.session import commands
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
)
from workshop.session.turns import Asked, Closed, Noted, Opened, Recapped, View, lines_of
from workshop.text import MAX_CHARACTERS, clean, clean_line

WHOLE = [
    pytest.param("it", {}, 46, id="it"),
    pytest.param("alignment", {"names": {"higher": "Acme", "lower": "Platform"}}, 18, id="both"),
    pytest.param("alignment", {"level": "lower"}, 9, id="lower"),
    pytest.param("it", {"quick": True}, 13, id="quick"),
    pytest.param("alignment", {"level": "higher", "quick": True}, 9, id="higher_quick"),
]


def kinds(reply) -> list[type]:
    return [type(turn) for turn in reply.said]


# ── the walk ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_one_answer_and_one_empty_reply_a_question_walk_the_whole_canvas(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert len(talk.session.stops) == questions
    for address in talk.session.stops:
        assert talk.here == address
        talk.say(f"answer to {address}")
        assert talk.here == address
        last = talk.say("")
    assert talk.here is None
    assert isinstance(last.said[-1], Closed)
    assert last.said[-1].left_open == ()
    assert last.said[-1].progress.answered == questions
    given = [(a.question, a.text, a.number) for a in talk.state.answers.values()]
    assert given == [(q, f"answer to {q}", i) for i, q in enumerate(talk.session.stops, 1)]
    assert not talk.state.unapplied


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_an_empty_reply_moves_by_exactly_one_question(start, bank, options, questions) -> None:
    talk = start(bank, **options)
    stops = [*talk.session.stops, None]
    for here, after in itertools.pairwise(stops):
        assert talk.here == here
        reply = talk.say("")
        assert reply.events == (PositionMoved(question=after),)
        assert talk.here == after


@pytest.mark.parametrize(("bank", "options", "questions"), WHOLE)
def test_blocks_are_opened_and_recapped_where_they_begin_and_end(
    start, bank, options, questions
) -> None:
    talk = start(bank, **options)
    assert kinds(talk.opening) == [Opened, Asked]
    for number, step in enumerate(talk.session.steps, 1):
        for _ in step.questions[1:]:
            assert kinds(talk.say("")) == [Asked]
        reply = talk.say("")
        recap = reply.said[0]
        assert isinstance(recap, Recapped)
        assert recap.title == talk.session.step_title(step)
        assert recap.left_open == tuple(q.ask for q in step.questions)
        if number < len(talk.session.steps):
            assert kinds(reply) == [Recapped, Opened, Asked]
            assert (reply.said[1].number, reply.said[1].steps) == (
                number + 1,
                len(talk.session.steps),
            )
        else:
            assert kinds(reply) == [Recapped, Closed]


def test_enter_at_the_end_stays_at_the_end_and_says_nothing_twice(talk) -> None:
    talk.go_to_the_end()
    for _ in range(3):
        reply = talk.say("")
        assert reply.events == ()
        assert kinds(reply) == []
    assert talk.here is None


def test_the_recap_tells_answers_skips_and_open_questions(talk) -> None:
    talk.say("/goto value_proposition", "one", "two", "", "/skip not today", "")
    recap = talk.say("").said[0]
    _, second, third, fourth = talk.session.bank.block("value_proposition").questions
    assert [a.text for a in recap.answers] == ["one", "two"]
    assert recap.skipped == ((second.ask, "not today"),)
    assert recap.left_open == (third.ask, fourth.ask)
    lines = lines_of(recap)
    assert lines[0] == "Value proposition: 2 answers, 1 skipped, 2 left open."
    assert f"Skipped: {second.ask} (not today)" in lines


def test_the_end_tells_what_was_left_open(talk) -> None:
    talk.say("an answer")
    talk.go_to_the_end()
    closed = talk.say("/back").said  # and forth again
    assert kinds(talk.say("")) == [Recapped, Closed]
    assert isinstance(closed[-1], Asked)
    reply = talk.begin()
    assert len(reply.said[0].left_open) == 45
    assert "45 questions are still open" in lines_of(reply.said[0])[0]


def test_models_are_called_by_their_names(start) -> None:
    talk = start("alignment", names={"higher": "Acme"})
    assert talk.opening.said[0].title == "Customer Segments · Acme"
    talk.say("/goto lower costs")
    assert talk.say("/goto acme costs").said[0].title == "Costs · Lower Model"


def test_one_level_alone_does_not_name_it(start) -> None:
    assert start("alignment", level="lower").opening.said[0].title == "Customer Segments"


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
    assert kinds(reply) == [Noted, Opened, Asked]
    assert "2 of 46" in talk.noted(reply)
    assert reply.said[-1].place.address == talk.session.stops[1]
    assert [a.text for a in reply.said[-1].answers] == ["two"]


def test_resuming_after_the_end_is_at_the_end(talk) -> None:
    talk.go_to_the_end()
    assert kinds(talk.restart()) == [Closed]
    assert talk.here is None


def test_a_place_that_is_no_longer_there_is_left_for_one_that_stays(talk) -> None:
    talk.say("one")
    talk.happens(PositionMoved(question="a_block.that_is_gone"))
    here = talk.restart().said[-1].place.address
    assert here == talk.session.stops[1]
    talk.say("first", "second", "third")
    assert talk.here == here
    assert [a.text for a in talk.state.answers_to(here)] == ["first", "second", "third"]


@pytest.mark.parametrize("name", ["", "  ", "\x1b[31m", "A" * 100, "A" * 59 + " B", "Anna\nB"])
def test_a_speaker_always_has_a_proper_name(start, name: str) -> None:
    talk = start(speaker=name)
    talk.say("words")
    assert talk.state.participants == (talk.floor.speaker,)
    assert next(iter(talk.state.answers.values())).participant == talk.floor.speaker
    assert talk.restart().events == ()


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_recorded_and_nothing_is_said(talk) -> None:
    reply = talk.say("  Invoices are right\x1b[31m the first time \n")
    assert reply.said == ()
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
    assert (reply.events, reply.said) == ((), ())
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


# ── offers ───────────────────────────────────────────────────────────────────────────────────


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
    offer = talk.say(words)
    assert offer.events == ()
    assert (offer.accepted, offer.prompt) == (False, words)
    assert "Enter again" in talk.noted(offer)
    done = talk.say(words if again else "")
    assert isinstance(done.events[0], then)
    assert talk.texts() == []
    assert talk.floor.offer is None


@pytest.mark.parametrize(
    ("words", "heading"),
    [("what do you mean?", "What is meant"), ("help", "What is meant"),
     ("give me an example", "For example"), ("Example?", "For example")],
)  # fmt: skip
def test_asking_for_help_in_plain_words_is_offered_then_given(
    talk, words: str, heading: str
) -> None:
    assert talk.say(words).events == ()
    assert talk.say("").said[0].heading == heading
    assert talk.here == talk.session.stops[0]


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
    assert talk.floor.offer is None


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
    assert talk.floor.speaker == "Me"


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
    talk.floor = replace(talk.floor, keeps_words=bool(again))
    offer = talk.say(typed)
    assert (offer.accepted, offer.prompt, offer.events) == (False, clean(typed), ())
    assert f"Nobody here is called {name}." in talk.noted(offer)
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
    assert talk.here == talk.session.stops[1]


def test_a_new_name_alone_joins(talk) -> None:
    talk.say("@Zoe", "@Zoe")
    assert talk.state.participants == ("Me", "Zoe")
    assert talk.texts() == []


@pytest.mark.parametrize("typed", ["@", "@ hello", "@\u2003 hi", "@: hi", "@" + "x" * 61, "@,"])
def test_an_at_sign_without_a_name_stays_in_the_prompt(talk, typed: str) -> None:
    reply = talk.say(typed)
    assert (reply.accepted, reply.prompt, reply.events) == (False, clean(typed), ())
    assert talk.floor.offer is None


def test_a_known_name_without_words_asks_for_them(talk) -> None:
    reply = talk.say("@me")
    assert (reply.accepted, reply.prompt) == (False, "@me")
    assert "What does Me say?" in talk.noted(reply)


# ── nothing is lost, nothing raises ──────────────────────────────────────────────────────────

TYPED = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(codec=None), max_size=20),
    st.tuples(
        st.sampled_from(["/", "//", "@", "@Me ", "@Me:", "@Zoe ", "/edit ", "/edit 1 ", "/edit 1\n",
                         "/delete ", "/goto ", "/skip ", "/as ", "/as @", "/find ", "/next ",
                         "/NEXT", "/undo ", " /quit", "skip", "help ", "\x1b[31m/"]),
        st.text(max_size=12) | st.sampled_from(["1", "2", "#1", "4.2", "٣", "0", "9999999999", ""]),
    ).map("".join),
    st.sampled_from(["", "/undo", "/redo", "/back", "/skip", "/edit", "/edit 1", "skip", "undo",
                     "/goto 13.3", "/goto 1", "/next", "an answer", "quit", "/delete 1"]),
)  # fmt: skip


def nothing_is_lost(talk, text: str) -> None:
    """Say `text` and check where its words went: into the log, into the prompt, or obeyed."""
    words, floor, here, log = clean(text), talk.floor, talk.here, len(talk.fold)
    reply = talk.say(text)
    assert len(talk.fold) == log + len(reply.events)
    assert not talk.state.unapplied
    for turn in reply.said:
        assert all("\n" not in line and "\x1b" not in line for line in lines_of(turn))
    if not reply.accepted:
        assert reply.events == ()
        kept = clean_line(reply.prompt).casefold()
        asked_for_more = commands.parse(words)
        if isinstance(asked_for_more, commands.Call) and asked_for_more.words:
            assert clean_line(asked_for_more.words).casefold() in kept
        else:
            assert kept == clean_line(words).casefold()
    elif floor.offer is not None and words in ("", floor.offer.words):
        pass  # the offer was taken up, which has tests of its own
    elif floor.editing is not None and commands.parse(words) is None:
        texts = [b.text for b in reply.events if isinstance(b, AnswerEdited)]
        unchanged = any(a.text == words for a in talk.state.answers.values())
        assert not words or unchanged or texts in ([words], [words[1:]])
    elif words and commands.parse(words) is None:
        (added,) = (b for b in reply.events if isinstance(b, AnswerAdded))
        assert added.question == here
        if words.startswith("//"):
            assert added.text == words[1:]
        elif words.startswith("@"):
            assert words.endswith(added.text)
        else:
            assert added.text == words


@given(st.lists(TYPED, max_size=12), st.sampled_from(["/next", "/goto 13.3", "end"]))
@settings(max_examples=120)
def test_whatever_is_typed_is_recorded_or_obeyed_or_still_in_the_prompt(
    start, texts: list[str], where: str
) -> None:
    talk = start()
    if where == "end":
        talk.go_to_the_end()
    else:
        talk.say("first", where)
    for text in texts:
        nothing_is_lost(talk, text)
    before = (talk.state.answers, talk.state.skipped, talk.here)
    talk.restart()
    assert (talk.state.answers, talk.state.skipped, talk.here) == before


@given(st.lists(st.text(st.characters(codec=None), max_size=10), max_size=5), st.booleans())
def test_any_pasted_list_is_recorded_or_still_in_the_prompt(
    start, lines: list[str], at_the_end: bool
) -> None:
    talk = start("alignment", level="lower")
    if at_the_end:
        talk.go_to_the_end()
    reply = talk.say_each(*lines)
    kept = [clean(line) for line in lines if clean(line)]
    if at_the_end and kept:
        assert reply.prompt == "\n".join(kept)
    else:
        assert talk.texts() == kept


# ── against a plain model ────────────────────────────────────────────────────────────────────


class Model:
    """What people would expect of a session, with copies of dictionaries to undo."""

    def __init__(self, stops: tuple[str, ...]) -> None:
        self.stops = stops
        self.at = 0
        self.given = 0
        self.answers: dict[int, tuple[str, str]] = {}
        self.skipped: dict[str, str] = {}
        self.undo: list[tuple[dict, dict]] = []
        self.redo: list[tuple[dict, dict]] = []

    def change(self) -> None:
        self.undo.append((dict(self.answers), dict(self.skipped)))
        self.redo.clear()

    def here(self) -> str | None:
        return self.stops[self.at] if self.at < len(self.stops) else None

    def reply(self, act: str, which: int, text: str) -> str:
        """Take one reply; return how it is typed."""
        if act in ("next", "back", "goto", "skip"):
            return self.move(act, which)
        if act in ("undo", "redo"):
            return self.change_back(act)
        here, number = self.here(), 1 + which % (self.given + 2)
        if act == "answer":
            if here is not None:
                self.change()
                self.given += 1
                self.answers[self.given] = (here, text)
                self.skipped.pop(here, None)
            return text
        if number in self.answers:
            self.change()
            question, _ = self.answers.pop(number)
            if act == "edit":
                self.answers[number] = (question, text)
        return f"/edit {number} {text}" if act == "edit" else f"/delete {number}"

    def move(self, act: str, which: int) -> str:
        here = self.here()
        if act == "goto":
            self.at = which % len(self.stops)
            return f"/goto {self.at + 1}"
        if act == "back":
            self.at = max(self.at - 1, 0)
            return "/back"
        if act == "skip" and here and all(q != here for q, _ in self.answers.values()):
            self.change()
            self.skipped[here] = ""
        self.at = min(self.at + 1, len(self.stops))
        return "" if act == "next" and which % 2 else f"/{act}"

    def change_back(self, act: str) -> str:
        taken, kept = (self.undo, self.redo) if act == "undo" else (self.redo, self.undo)
        if taken:
            kept.append((self.answers, self.skipped))
            self.answers, self.skipped = taken.pop()
        return f"/{act}"


ACTS = st.tuples(
    st.sampled_from(["answer", "answer", "edit", "delete", "skip", "next", "next", "back", "goto",
                     "undo", "undo", "redo", "restart"]),
    st.integers(0, 40),
    st.sampled_from(["red", "two words", "line\nline", "1", "[/]"]),
)  # fmt: skip


@given(st.lists(ACTS, max_size=30))
@settings(max_examples=150)
def test_replies_add_up_to_what_people_expect(start, acts: list[tuple[str, int, str]]) -> None:
    talk = start("alignment", level="higher")
    model = Model(talk.session.stops)
    for act, which, text in acts:
        if act == "restart":
            talk.restart()
        else:
            talk.say(model.reply(act, which, text))
        answers = {a.number: (a.question, a.text) for a in talk.state.answers.values()}
        assert answers == model.answers
        assert dict(talk.state.skipped) == model.skipped
        assert talk.here == model.here()
        assert not talk.state.unapplied
