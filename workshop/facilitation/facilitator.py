"""The facilitator: a pure function from a reply to what is said and what happened.

It knows the session, its state and a reply; it has no clock, no file and no screen. All front ends
talk to this one, so that they cannot disagree. What it returns has happened only once its events
are committed.
"""

import re
from collections.abc import Sequence

from workshop.facilitation import command_handlers, navigation, slash_commands, suggestions
from workshop.facilitation.messages import (
    ClientState,
    Message,
    Notice,
    Response,
    Suggestion,
    View,
    refuse,
)
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnyBody,
    ParticipantJoined,
    PositionMoved,
)
from workshop.session.fold import SessionState
from workshop.session.session import DEFAULT_SPEAKER, MAX_NAME, Session
from workshop.text import MAX_CHARACTERS, clean, clean_line, shorten

_TOO_LONG = f"That is longer than {MAX_CHARACTERS:,} characters. Split it."
_NAME = re.compile(r"[^\s:,]+")
_AFTER_NAME = re.compile(r"[\s:,]+")

_QUOTES = "\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"


class Facilitator:
    """Leads people through one session. It keeps nothing between two replies."""

    def __init__(self, session: Session) -> None:
        """Lead `session`."""
        self.session = session

    def new_client(self, speaker: str = "", *, prompt_keeps_text: bool = True) -> ClientState:
        """Return the floor as a front end first holds it; see Floor for `prompt_keeps_text`."""
        name = clean_line(speaker)[:MAX_NAME].strip() or DEFAULT_SPEAKER[self.session.mode]
        return ClientState(name, prompt_keeps_text=prompt_keeps_text)

    def move_to(self, event_log: EventLog, client: ClientState, target: str | None) -> Response:
        """Move to the question at `target`, or past the last one, closing and opening blocks."""
        return navigation.move_to(self.session, event_log, client, target)

    # ── beginning ────────────────────────────────────────────────────────────────────────────

    def begin(self, event_log: EventLog, client: ClientState) -> Response:
        """Say what opens or resumes the session, and ask the question that it is at."""
        state = event_log.state
        here = walk.current(self.session, state)
        events: list[AnyBody] = []
        if state.participant(client.speaker) is None:
            events.append(ParticipantJoined(name=client.speaker))
        if here is None:
            return Response(client, (navigation.closing(self.session, state),), tuple(events))
        said: list[Message] = []
        if state.begun and (state.answers or state.skipped):
            said.append(Notice(self._where_we_were(state)))
        if state.position != here.address:
            # New, or at a question that the walk no longer has: without a place of its own, the
            # session would be at its first open question, which is another after each answer.
            events.append(PositionMoved(question=here.address))
        said += [
            navigation.opening(self.session, here.step),
            navigation.ask(self.session, state, here.address),
        ]
        return Response(client, tuple(said), tuple(events))

    def _where_we_were(self, state: SessionState) -> str:
        done = walk.progress(self.session, state)
        return (
            f"Welcome back: {done.answered + done.skipped} of {done.questions} questions are done."
        )

    # ── a reply ──────────────────────────────────────────────────────────────────────────────

    def respond(self, event_log: EventLog, client: ClientState, text: str) -> Response:
        """Take what the speaker typed: an answer, a command, or nothing, which goes on."""
        words = clean(text) if len(text) <= MAX_CHARACTERS else text
        if len(words) > MAX_CHARACTERS:  # cleaning can lengthen: U+0958 becomes two characters
            return refuse(client, _TOO_LONG, text)
        suggestion, asked = client.suggestion, client._replace(suggestion=None)
        if suggestion is not None and _accepts(client, suggestion, words):
            return self._accept(event_log, asked, suggestion)
        typed = slash_commands.parse(words)
        if client.editing is not None and (
            typed is None or self._begins_with_a_slash(event_log, client.editing)
        ):
            return self._finish_editing(event_log, asked, words)
        if not words:
            return navigation.go(self.session, event_log, asked, 1)
        match typed:
            case slash_commands.Call() as call:
                return command_handlers.handle(
                    self.session, event_log, asked._replace(editing=None), call, words
                )
            case slash_commands.NoSuchCommand(typed=""):
                return Response(asked, view=View.COMMANDS)
            case slash_commands.NoSuchCommand() as wrong:
                near = wrong.nearest
                hint = f"Did you mean {near.usage}?" if near else "/ alone lists them."
                said = (
                    f"There is no command /{shorten(wrong.typed, 30)}. {hint} "
                    "To begin an answer with a slash, type //."
                )
                return refuse(asked, said, words)
            case None:
                return self._answer(event_log, asked, words)

    def record_answers(
        self, event_log: EventLog, client: ClientState, lines: Sequence[str]
    ) -> Response:
        """Record every line as an answer of its own: for a list that was pasted."""
        here = walk.current(self.session, event_log.state)
        done = client._replace(suggestion=None, editing=None)
        cleaned = [line for line in map(clean, lines) if line]
        if not cleaned:
            return Response(done)
        if any(len(line) > MAX_CHARACTERS for line in cleaned):
            return refuse(done, _TOO_LONG, "\n".join(cleaned))
        if here is None:
            return self._answer(event_log, done, "\n".join(cleaned))
        events: list[AnyBody] = [
            AnswerAdded(question=here.address, text=line, participant=client.speaker)
            for line in cleaned
        ]
        return Response(done, (), tuple(events))

    def _answer(self, event_log: EventLog, client: ClientState, words: str) -> Response:
        here = walk.current(self.session, event_log.state)
        request = suggestions.find_suggestion(words)
        if request is not None:
            suggestion, said = request
            return Response(
                client._replace(suggestion=suggestion),
                (Notice(said),),
                prompt=words,
                accepted=False,
            )
        if here is None:
            said = "Not recorded: every question has been asked. /goto BLOCK goes back to one."
            return refuse(client, said, words)
        speaker, text = client.speaker, words
        if words.startswith("@"):
            named = self._named(event_log.state, words)
            if named is None:
                return self._suggest_joining(client, words)
            speaker, text = named
            if not text:
                said = f"What does {speaker} say? Type it after the name."
                return refuse(client, said, words)
        elif words.startswith("//"):
            text = words[1:]
        elif (
            words[0] in _QUOTES
            and words[-1] in _QUOTES
            and suggestions.find_suggestion(words[1:-1])
        ):
            text = words[1:-1]  # the quotes only say that these words are meant
        event = AnswerAdded(question=here.address, text=text, participant=speaker)
        return Response(client, (), (event,))

    def _accept(self, event_log: EventLog, client: ClientState, suggestion: Suggestion) -> Response:
        if suggestion.words_as_answer:
            name, text = _split_name(suggestion.words)
            here = walk.current(self.session, event_log.state)
            joined: tuple[AnyBody, ...] = (ParticipantJoined(name=name),)
            if here is None or not text:
                return Response(client, (Notice(f"{name} has joined."),), joined)
            said = AnswerAdded(question=here.address, text=text, participant=name)
            return Response(client, (), (*joined, said))
        return self.respond(event_log, client, suggestion.accept)

    def _named(self, state: SessionState, words: str) -> tuple[str, str] | None:
        """Return the participant and the words in "@NAME words"; None where nobody is called so."""
        rest = words[1:]
        # The longest name first, and by the participants' own rule for case: "Straße" is "STRASSE".
        for end in range(min(len(rest), MAX_NAME), 0, -1):
            name = state.participant(rest[:end])
            if name is not None and (end == len(rest) or _AFTER_NAME.match(rest, end)):
                return name, _AFTER_NAME.sub("", rest[end:], count=1)
        return None

    def _suggest_joining(self, client: ClientState, words: str) -> Response:
        name, _ = _split_name(words)
        if not name or len(name) > MAX_NAME:
            said = "After @ comes the name of the one who speaks, then the answer."
            return refuse(client, said, words)
        said = (
            f"Nobody here is called {name}. Enter again to let {name} join and record this, "
            "or keep typing."
        )
        suggestion = Suggestion(words, "", words_as_answer=True)
        return Response(
            client._replace(suggestion=suggestion), (Notice(said),), prompt=words, accepted=False
        )

    def _finish_editing(self, event_log: EventLog, client: ClientState, words: str) -> Response:
        done = client._replace(editing=None)
        answer = event_log.state.answers.get(client.editing or "")
        if answer is None:
            return refuse(done, "The answer that you were changing is gone.", words)
        if not words or words == answer.text:
            return Response(done, (Notice(f"Answer {answer.number} stays as it is."),))
        if words.startswith("//") and not answer.text.startswith("/"):
            words = words[1:]
        edited = AnswerEdited(answer=answer.id, text=words)
        return Response(done, (Notice(f"Answer {answer.number} changed."),), (edited,))

    @staticmethod
    def _begins_with_a_slash(event_log: EventLog, answer_id: str) -> bool:
        """Return whether the answer that is being changed looks like a command itself."""
        answer = event_log.state.answers.get(answer_id)
        return answer is not None and answer.text.startswith("/")


def _split_name(words: str) -> tuple[str, str]:
    """Return the name and the answer in "@NAME answer", where the name is one word."""
    name = _NAME.match(words, 1)
    return (name[0], _AFTER_NAME.sub("", words[name.end() :], count=1)) if name else ("", "")


def _accepts(client: ClientState, suggestion: Suggestion, words: str) -> bool:
    """Return whether `words` accept the offer: the same again, or nothing.

    Where the offer would record words that a prompt has kept, nothing means that somebody has
    emptied the prompt in order not to.
    """
    return words == suggestion.words or (
        not words and not (suggestion.words_as_answer and client.prompt_keeps_text)
    )
