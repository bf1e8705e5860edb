"""The facilitator: a pure function from a participant's reply to a response.

It knows the session, its state and the reply; it has no clock, no file and no screen. All front
ends share it, so that they cannot disagree. A response takes effect only once its events are
committed.
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
    progress_sentence,
    refuse,
)
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import (
    KEYBOARD,
    AnswerAdded,
    AnswerEdited,
    AnyBody,
    ParticipantJoined,
    PositionMoved,
)
from workshop.session.fold import SessionState
from workshop.session.session import DEFAULT_SPEAKER, MAX_NAME, Session
from workshop.session.shown import shown_session
from workshop.text import MAX_CHARACTERS, clean, clean_line, shorten

_TOO_LONG = f"That is longer than {MAX_CHARACTERS:,} characters. Split it."
_NAME = re.compile(r"[^\s:,]+")
_AFTER_NAME = re.compile(r"[\s:,]+")

_QUOTES = "\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"


class Facilitator:
    """Leads people through one session. It holds no state between two replies."""

    def __init__(self, session: Session) -> None:
        """Lead `session`, whose title and names a session's events may replace."""
        self.session = session

    def new_client(
        self, speaker: str = "", seat: str = KEYBOARD, *, prompt_keeps_text: bool = True
    ) -> ClientState:
        """Return the state of a client that has just joined at `seat`; `speaker` may be "".

        See `ClientState` for `prompt_keeps_text`.
        """
        name = clean_line(speaker)[:MAX_NAME].strip() or DEFAULT_SPEAKER[self.session.mode]
        return ClientState(name, seat, prompt_keeps_text=prompt_keeps_text)

    def move_to(self, event_log: EventLog, client: ClientState, target: str | None) -> Response:
        """Move to the question at address `target`, or past the last one where it is None."""
        session = shown_session(self.session, event_log.state)
        return navigation.move_to(session, event_log, client, target)

    # ── beginning ────────────────────────────────────────────────────────────────────────────

    def begin(self, event_log: EventLog, client: ClientState) -> Response:
        """Open or resume the session, and ask its current question."""
        state = event_log.state
        session = shown_session(self.session, state)
        current = walk.current(session, state)
        events: list[AnyBody] = []
        if state.participant(client.speaker) is None:
            events.append(ParticipantJoined(name=client.speaker))
        if current is None:
            return Response(client, (navigation.walk_closed(session, state),), tuple(events))
        messages: list[Message] = []
        if state.begun and (state.answers or state.skipped):
            progress = progress_sentence(walk.progress(self.session, state))
            messages.append(Notice(f"Welcome back: {progress}"))
        if state.position != current.address:
            # A new session, or one whose question is no longer in the walk. Without a recorded
            # position it would be at its first open question, which changes with each answer.
            events.append(PositionMoved(question=current.address))
        messages += [
            navigation.block_opened(session, current.step),
            navigation.question_asked(session, state, current.address),
        ]
        return Response(client, tuple(messages), tuple(events))

    # ── a reply ──────────────────────────────────────────────────────────────────────────────

    def respond(self, event_log: EventLog, client: ClientState, text: str) -> Response:
        """Return the response to what the speaker typed.

        `text` is an answer, a command, or empty, which goes on to the next question.
        """
        words = clean(text) if len(text) <= MAX_CHARACTERS else text
        if len(words) > MAX_CHARACTERS:  # cleaning can lengthen: U+0958 becomes two characters
            return refuse(client, _TOO_LONG, text)
        session = shown_session(self.session, event_log.state)
        suggestion, client = client.suggestion, client._replace(suggestion=None)
        if suggestion is not None and _accepts(client, suggestion, words):
            return self._accept_suggestion(event_log, client, suggestion)
        command = slash_commands.parse(words)
        if client.editing is not None and (
            command is None or self._begins_with_a_slash(event_log, client.editing)
        ):
            return self._finish_editing(event_log, client, words)
        if not words:
            return navigation.go(session, event_log, client, 1)
        match command:
            case slash_commands.Call() as call:
                return command_handlers.handle(
                    session, event_log, client._replace(editing=None), call, words
                )
            case slash_commands.NoSuchCommand(typed=""):
                return Response(client, view=View.COMMANDS)
            case slash_commands.NoSuchCommand(typed, nearest):
                hint = f"Did you mean {nearest.usage}?" if nearest else "/ alone lists them."
                sentence = (
                    f"There is no command /{shorten(typed, 30)}. {hint} "
                    "To begin an answer with a slash, type //."
                )
                return refuse(client, sentence, words)
            case None:
                return self._respond_to_answer(event_log, client, words)

    def record_answers(
        self, event_log: EventLog, client: ClientState, lines: Sequence[str]
    ) -> Response:
        """Record each line of a pasted list as an answer of its own."""
        current = walk.current(self.session, event_log.state)
        client = client._replace(suggestion=None, editing=None)
        cleaned = [line for line in map(clean, lines) if line]
        if not cleaned:
            return Response(client)
        if any(len(line) > MAX_CHARACTERS for line in cleaned):
            return refuse(client, _TOO_LONG, "\n".join(cleaned))
        if current is None:
            return self._respond_to_answer(event_log, client, "\n".join(cleaned))
        events: list[AnyBody] = [
            AnswerAdded(question=current.address, text=line, participant=client.speaker)
            for line in cleaned
        ]
        return Response(client, (), tuple(events))

    def _respond_to_answer(self, event_log: EventLog, client: ClientState, words: str) -> Response:
        current = walk.current(self.session, event_log.state)
        suggested = suggestions.find_suggestion(words)
        if suggested is not None:
            suggestion, sentence = suggested
            return Response(
                client._replace(suggestion=suggestion),
                (Notice(sentence),),
                prompt=words,
                accepted=False,
            )
        if current is None:
            sentence = "Not recorded: every question has been asked. /goto BLOCK goes back to one."
            return refuse(client, sentence, words)
        speaker, text = client.speaker, words
        if words.startswith("@"):
            attributed = self._split_participant(event_log.state, words)
            if attributed is None:
                return self._suggest_joining(client, words)
            speaker, text = attributed
            if not text:
                sentence = f"What does {speaker} say? Type it after the name."
                return refuse(client, sentence, words)
        elif words.startswith("//"):
            text = words[1:]
        elif (
            words[0] in _QUOTES
            and words[-1] in _QUOTES
            and suggestions.find_suggestion(words[1:-1])
        ):
            text = words[1:-1]  # the quotes only mark these words as an answer
        event = AnswerAdded(question=current.address, text=text, participant=speaker)
        return Response(client, (), (event,))

    def _accept_suggestion(
        self, event_log: EventLog, client: ClientState, suggestion: Suggestion
    ) -> Response:
        if suggestion.words_as_answer:
            name, text = _split_name(suggestion.words)
            current = walk.current(self.session, event_log.state)
            joined = ParticipantJoined(name=name)
            if current is None or not text:
                return Response(client, (Notice(f"{name} has joined."),), (joined,))
            answer = AnswerAdded(question=current.address, text=text, participant=name)
            return Response(client, (), (joined, answer))
        return self.respond(event_log, client, suggestion.command)

    def _split_participant(self, state: SessionState, words: str) -> tuple[str, str] | None:
        """Return the participant and the answer in "@NAME answer"; None where NAME is unknown."""
        rest = words[1:]
        # The longest name first. The state ignores case by its own rule: "STRASSE" is "Straße".
        for end in range(min(len(rest), MAX_NAME), 0, -1):
            name = state.participant(rest[:end])
            if name is not None and (end == len(rest) or _AFTER_NAME.match(rest, end)):
                return name, _AFTER_NAME.sub("", rest[end:], count=1)
        return None

    def _suggest_joining(self, client: ClientState, words: str) -> Response:
        name, _ = _split_name(words)
        if not name or len(name) > MAX_NAME:
            sentence = "After @ comes the name of the one who speaks, then the answer."
            return refuse(client, sentence, words)
        sentence = (
            f"Nobody here is called {name}. Enter again to let {name} join and record this, "
            "or keep typing."
        )
        suggestion = Suggestion(words, "", words_as_answer=True)
        return Response(
            client._replace(suggestion=suggestion),
            (Notice(sentence),),
            prompt=words,
            accepted=False,
        )

    def _finish_editing(self, event_log: EventLog, client: ClientState, words: str) -> Response:
        answer = event_log.state.answers.get(client.editing or "")
        client = client._replace(editing=None)
        if answer is None:
            return refuse(client, "The answer that you were changing is gone.", words)
        if not words or words == answer.text:
            return Response(client, (Notice(f"Answer {answer.number} stays as it is."),))
        if words.startswith("//") and not answer.text.startswith("/"):
            words = words[1:]
        edited = AnswerEdited(answer=answer.id, text=words)
        return Response(client, (Notice(f"Answer {answer.number} changed."),), (edited,))

    @staticmethod
    def _begins_with_a_slash(event_log: EventLog, answer_id: str) -> bool:
        """Return whether the answer that is being edited looks like a command itself."""
        answer = event_log.state.answers.get(answer_id)
        return answer is not None and answer.text.startswith("/")


def _split_name(words: str) -> tuple[str, str]:
    """Return the name and the answer in "@NAME answer", where the name is one word."""
    name = _NAME.match(words, 1)
    return (name[0], _AFTER_NAME.sub("", words[name.end() :], count=1)) if name else ("", "")


def _accepts(client: ClientState, suggestion: Suggestion, words: str) -> bool:
    """Return whether `words` accept the suggestion: the same words again, or an empty reply.

    Where accepting would record words that stayed in a prompt, an empty reply is no acceptance: the
    participant has deleted the words.
    """
    return words == suggestion.words or (
        not words and not (suggestion.words_as_answer and client.prompt_keeps_text)
    )
