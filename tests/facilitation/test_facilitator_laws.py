"""The laws of the facilitator, looked for by machine: nothing is lost, nothing raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.facilitation import slash_commands
from workshop.facilitation.messages import message_lines
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
)
from workshop.text import clean, clean_line

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
    words, client, here, log = clean(text), talk.client, talk.current_address, len(talk.event_log)
    reply = talk.say(text)
    assert len(talk.event_log) == log + len(reply.events)
    assert not talk.state.unapplied
    for turn in reply.messages:
        assert all("\n" not in line and "\x1b" not in line for line in message_lines(turn))
    if not reply.accepted:
        assert reply.events == ()
        kept = clean_line(reply.prompt).casefold()
        asked_for_more = slash_commands.parse(words)
        if isinstance(asked_for_more, slash_commands.Call) and asked_for_more.words:
            assert clean_line(asked_for_more.words).casefold() in kept
        else:
            assert kept == clean_line(words).casefold()
    elif client.suggestion is not None and words in ("", client.suggestion.words):
        pass  # the offer was taken up, which has tests of its own
    elif client.editing is not None and slash_commands.parse(words) is None:
        texts = [b.text for b in reply.events if isinstance(b, AnswerEdited)]
        unchanged = any(a.text == words for a in talk.state.answers.values())
        assert not words or unchanged or texts in ([words], [words[1:]])
    elif words and slash_commands.parse(words) is None:
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
    before = (talk.state.answers, talk.state.skipped, talk.current_address)
    talk.restart()
    assert (talk.state.answers, talk.state.skipped, talk.current_address) == before


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
        assert talk.current_address == model.here()
        assert not talk.state.unapplied
