"""Property tests of the facilitator: no reply is lost, none raises, and a plain model agrees."""

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


def check_nothing_is_lost(talk, text: str) -> None:
    """Send `text`; check that it is in the log, in the prompt, or was carried out as a command."""
    words, client = clean(text), talk.client
    address, length = talk.current_address, len(talk.event_log)
    response = talk.say(text)
    assert len(talk.event_log) == length + len(response.events)
    assert not talk.state.unapplied
    for message in response.messages:
        assert all("\n" not in line and "\x1b" not in line for line in message_lines(message))
    if not response.accepted:
        assert response.events == ()
        prompt = clean_line(response.prompt).casefold()
        command = slash_commands.parse(words)
        if isinstance(command, slash_commands.Call) and command.words:
            assert clean_line(command.words).casefold() in prompt
        else:
            assert prompt == clean_line(words).casefold()
    elif client.suggestion is not None and words in ("", client.suggestion.words):
        pass  # the suggestion was accepted, which has tests of its own
    elif client.editing is not None and slash_commands.parse(words) is None:
        texts = [b.text for b in response.events if isinstance(b, AnswerEdited)]
        unchanged = any(a.text == words for a in talk.state.answers.values())
        assert not words or unchanged or texts in ([words], [words[1:]])
    elif words and slash_commands.parse(words) is None:
        (added,) = (b for b in response.events if isinstance(b, AnswerAdded))
        assert added.question == address
        if words.startswith("//"):
            assert added.text == words[1:]
        elif words.startswith("@"):
            assert words.endswith(added.text)
        else:
            assert added.text == words


@given(st.lists(TYPED, max_size=12), st.sampled_from(["/next", "/goto 13.3", "end"]))
@settings(max_examples=120)
def test_every_reply_is_recorded_or_carried_out_or_still_in_the_prompt(
    start, texts: list[str], start_at: str
) -> None:
    talk = start()
    if start_at == "end":
        talk.go_to_the_end()
    else:
        talk.say("first", start_at)
    for text in texts:
        check_nothing_is_lost(talk, text)
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
    response = talk.say_each(*lines)
    cleaned = [clean(line) for line in lines if clean(line)]
    if at_the_end and cleaned:
        assert response.prompt == "\n".join(cleaned)
    else:
        assert talk.texts() == cleaned


# ── against a plain model ────────────────────────────────────────────────────────────────────


class Model:
    """A plain model of a session, which undoes a change by restoring copies of its dictionaries."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self.addresses = addresses
        self.position = 0
        self.last_number = 0
        self.answers: dict[int, tuple[str, str]] = {}
        self.skipped: dict[str, str] = {}
        self.undo: list[tuple[dict, dict]] = []
        self.redo: list[tuple[dict, dict]] = []

    def change(self) -> None:
        self.undo.append((dict(self.answers), dict(self.skipped)))
        self.redo.clear()

    def current(self) -> str | None:
        return self.addresses[self.position] if self.position < len(self.addresses) else None

    def apply(self, act: str, which: int, text: str) -> str:
        """Apply one act to the model; return the reply that asks the facilitator for it."""
        if act in ("next", "back", "goto", "skip"):
            return self.move(act, which)
        if act in ("undo", "redo"):
            return self.change_back(act)
        address, number = self.current(), 1 + which % (self.last_number + 2)
        if act == "answer":
            if address is not None:
                self.change()
                self.last_number += 1
                self.answers[self.last_number] = (address, text)
                self.skipped.pop(address, None)
            return text
        if number in self.answers:
            self.change()
            question, _ = self.answers.pop(number)
            if act == "edit":
                self.answers[number] = (question, text)
        return f"/edit {number} {text}" if act == "edit" else f"/delete {number}"

    def move(self, act: str, which: int) -> str:
        address = self.current()
        if act == "goto":
            self.position = which % len(self.addresses)
            return f"/goto {self.position + 1}"
        if act == "back":
            self.position = max(self.position - 1, 0)
            return "/back"
        if act == "skip" and address and all(q != address for q, _ in self.answers.values()):
            self.change()
            self.skipped[address] = ""
        self.position = min(self.position + 1, len(self.addresses))
        return "" if act == "next" and which % 2 else f"/{act}"

    def change_back(self, act: str) -> str:
        source, target = (self.undo, self.redo) if act == "undo" else (self.redo, self.undo)
        if source:
            target.append((self.answers, self.skipped))
            self.answers, self.skipped = source.pop()
        return f"/{act}"


ACTS = st.tuples(
    st.sampled_from(["answer", "answer", "edit", "delete", "skip", "next", "next", "back", "goto",
                     "undo", "undo", "redo", "restart"]),
    st.integers(0, 40),
    st.sampled_from(["red", "two words", "line\nline", "1", "[/]"]),
)  # fmt: skip


@given(st.lists(ACTS, max_size=30))
@settings(max_examples=150)
def test_replies_add_up_to_what_a_plain_model_expects(
    start, acts: list[tuple[str, int, str]]
) -> None:
    talk = start("alignment", level="higher")
    model = Model(talk.session.addresses)
    for act, which, text in acts:
        if act == "restart":
            talk.restart()
        else:
            talk.say(model.apply(act, which, text))
        answers = {a.number: (a.question, a.text) for a in talk.state.answers.values()}
        assert answers == model.answers
        assert dict(talk.state.skipped) == model.skipped
        assert talk.current_address == model.current()
        assert not talk.state.unapplied
