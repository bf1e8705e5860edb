"""What each slash command does: one handler function per command, looked up by its name."""

from collections.abc import Callable, Sequence

from workshop.facilitation import navigation, renaming
from workshop.facilitation.action_parser import parse_action
from workshop.facilitation.messages import ClientState, Explanation, Notice, Response, View, refuse
from workshop.facilitation.slash_commands import COMMANDS, Call, Name, split_first
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import (
    MAX_DOTS,
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    LevelNamed,
    ParticipantJoined,
    PointParked,
    QuestionSkipped,
    TitleSet,
    Undone,
    VoteCast,
)
from workshop.session.fold import Answer
from workshop.session.session import MAX_NAME, Session
from workshop.text import clean_line, counted, shorten

_EXCERPT = 50
"""How much of an answer a notice quotes, in terminal cells."""

_CHANGES = {
    "answer_added": "the answer",
    "answer_edited": "the change to",
    "point_parked": "the parked point",
    "action_added": "the action",
}
"""What each kind of event that holds a text has changed, as it stands before that text."""

Handler = Callable[[Session, EventLog, ClientState, str], Response]


def handle(
    session: Session, event_log: EventLog, client: ClientState, call: Call, typed: str
) -> Response:
    """Return the response to a command; a refused one leaves `typed` in the prompt."""
    command = call.command
    if command.needs_arguments and not call.words:
        sentence = f"{command.usage}: {command.description}."
        return refuse(client, sentence, f"/{command.name} ")
    if call.words and not command.arguments:
        sentence = f"/{command.name} stands alone. To record this as an answer, begin it with //."
        return refuse(client, sentence, typed)
    return _HANDLERS[command.name](session, event_log, client, call.words)


# ── moving ───────────────────────────────────────────────────────────────────────────────


def _goto(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    current = walk.current(session, event_log.state)
    match = walk.find_question(session, words, current.address if current else None)
    if match.address is None:
        hint = f"Blocks are numbered 1 to {len(session.steps)}."
        if match.nearest:
            hint = f"The nearest: {', '.join(match.nearest)}."
        sentence = f"There is no block '{shorten(words, 40)}'. {hint}"
        return refuse(client, sentence, f"/goto {words}")
    if current is not None and match.address == current.address:
        return Response(client, (Notice("That is where we are."),))
    return navigation.move_to(session, event_log, client, match.address)


def _skip(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    current = walk.current(session, event_log.state)
    if current is None:
        sentence = "There is no question to skip."
        if words:
            return refuse(client, sentence, f"/skip {words}")
        return Response(client, (Notice(sentence),))
    if event_log.state.answer_count(current.address):
        # Only an open question can be skipped: from one with answers, the walk just goes on.
        if words:
            sentence = "This question has answers, so there is nothing to skip. /next goes on."
            return refuse(client, sentence, f"/skip {words}")
        return navigation.go(session, event_log, client, 1)
    skip = QuestionSkipped(question=current.address, reason=clean_line(words))
    return navigation.go(session, event_log, client, 1, skip)


# ── answers ──────────────────────────────────────────────────────────────────────────────


def _edit(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    number, text = split_first(words)
    if not words:
        answer = _last_answer_to_current(session, event_log)
        if answer is None:
            sentence = "There is no answer here yet. /edit N changes answer N of another question."
            return Response(client, (Notice(sentence),))
    else:
        answer = _find_answer(event_log, number)
        if answer is None:
            return _refuse_number(event_log, client, number, f"/edit {words}")
    if text:
        edited = AnswerEdited(answer=answer.id, text=text)
        return Response(client, (Notice(f"Answer {answer.number} changed."),), (edited,))
    sentence = f"Changing answer {answer.number}. Enter keeps the change."
    return Response(client._replace(editing=answer.id), (Notice(sentence),), prompt=answer.text)


def _delete(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    answer = _find_answer(event_log, words)
    if answer is None:
        return _refuse_number(event_log, client, words, f"/delete {words}")
    sentence = f"Deleted {_quoted(answer)}. /undo brings it back."
    return Response(client, (Notice(sentence),), (AnswerRemoved(answer=answer.id),))


def _vote(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    number, dots_typed = split_first(words)
    answer = _find_answer(event_log, number)
    if answer is None:
        return _refuse_number(event_log, client, number, f"/vote {words}")
    dots = _parse_whole_number(dots_typed) if dots_typed else 1
    if dots is None or not 1 <= dots <= MAX_DOTS:
        sentence = f"After the number of an answer comes how many dots it gets, 1 to {MAX_DOTS}."
        return refuse(client, sentence, f"/vote {words}")
    sentence = f"Answer {_quoted(answer)}, has {counted(answer.votes + dots, 'dot')} now."
    return Response(client, (Notice(sentence),), (VoteCast(answer=answer.id, dots=dots),))


def _undo(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    events = event_log.undo_target(client.seat)
    if not events:
        return Response(client, (Notice("There is nothing to undo."),))
    changes, them = _describe_all(session, event_log, events)
    if event_log.changed_since(events):
        return _changed_since(event_log, client, events, f"Not undone: {changes}")
    sentence = f"Undone: {changes}. /redo brings {them} back."
    return Response(client, (Notice(sentence),), tuple(Undone(event=e.id) for e in events))


def _redo(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    undoings = event_log.redo_target(client.seat)
    if not undoings:
        return Response(client, (Notice("There is nothing to redo."),))
    targets = [event_log.event(u.body.event) for u in undoings if isinstance(u.body, Undone)]
    events = [event for event in targets if event is not None]
    changes, _ = _describe_all(session, event_log, events)
    if event_log.changed_since(events):
        return _changed_since(event_log, client, events, f"Not done again: {changes}")
    sentence = f"Done again: {changes}."
    return Response(client, (Notice(sentence),), tuple(Undone(event=u.id) for u in undoings))


def _changed_since(
    event_log: EventLog, client: ClientState, events: Sequence[Event], refusal: str
) -> Response:
    """Return the refusal to undo or redo `events`, with what can be done about an answer."""
    answer_ids = (getattr(event.body, "answer", event.id) for event in events)
    answers = event_log.state.answers
    numbers = [answers[answer_id].number for answer_id in answer_ids if answer_id in answers]
    hint = f" /edit {numbers[0]} and /delete {numbers[0]} change it as it is." if numbers else ""
    sentence = f"{refusal}. Somebody else has changed that since.{hint}"
    return Response(client, (Notice(sentence, "warning"),))


def _describe_all(
    session: Session, event_log: EventLog, events: Sequence[Event]
) -> tuple[str, str]:
    """Return the changes that `events` made in words, and the pronoun for them."""
    if len(events) == 1:
        return _describe(session, event_log, events[0]), "it"
    noun = "answer" if all(isinstance(e.body, AnswerAdded) for e in events) else "change"
    return counted(len(events), noun), "them"


def _describe(session: Session, event_log: EventLog, event: Event) -> str:
    """Return the change that `event` made, in words: "the answer “Lower rents”"."""
    match event.body:
        case AnswerAdded() | AnswerEdited() | PointParked() | ActionAdded() as body:
            change, text = _CHANGES[body.kind], body.text
        case AnswerRemoved() as body:
            # The text as it comes back: the answer may have been edited before it was deleted.
            undone = event._replace(id="", body=Undone(event=event.id))
            answer = event_log.state.answers.get(body.answer)
            answer = answer or EventLog([*event_log.events, undone]).state.answers.get(body.answer)
            change, text = "the deletion of", answer.text if answer else ""
        case VoteCast() as body:
            answer = event_log.state.answers.get(body.answer)
            change, text = f"{counted(body.dots, 'dot')} for", answer.text if answer else ""
        case QuestionSkipped() as body:
            question = session.bank.questions.get(body.question)
            change, text = "the skip of", question.ask if question else body.question
        case TitleSet() as body:
            change, text = "the title", body.title
        case LevelNamed() as body:
            change, text = "the name", body.name or session.bank.level_title(body.level)
        case _:
            return "the last change"
    return f"{change} “{shorten(text, _EXCERPT)}”"


def _last_answer_to_current(session: Session, event_log: EventLog) -> Answer | None:
    current = walk.current(session, event_log.state)
    answers = event_log.state.answers_to(current.address) if current else ()
    return answers[-1] if answers else None


def _find_answer(event_log: EventLog, words: str) -> Answer | None:
    """Return the answer whose number `words` name, as "3" or "#3"; None where there is none."""
    number = _parse_whole_number(words.strip().removeprefix("#"))
    return None if number is None else event_log.state.answer_numbered(number)


def _refuse_number(event_log: EventLog, client: ClientState, number: str, typed: str) -> Response:
    total = counted(len(event_log.state.answers), "answer")
    sentence = (
        f"There is no answer {shorten(number, 20)}. The number stands beside each answer; "
        f"the session has {total}."
    )
    return refuse(client, sentence, typed)


def _as(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    name = clean_line(words).removeprefix("@").strip()
    if not name or len(name) > MAX_NAME:
        sentence = f"A name has 1 to {MAX_NAME} characters."
        return refuse(client, sentence, f"/as {words}")
    participant = event_log.state.participant(name)
    events: tuple[AnyBody, ...] = () if participant else (ParticipantJoined(name=name),)
    speaker = participant or name
    verb = "speaks" if participant else "has joined and speaks"
    sentence = f"{speaker} {verb} now."
    return Response(client._replace(speaker=speaker), (Notice(sentence),), events)


# ── for later ────────────────────────────────────────────────────────────────────────────


def _park(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    current = walk.current(session, event_log.state)
    point = PointParked(
        text=words, question=current.address if current else "", participant=client.speaker
    )
    return Response(client, (Notice(f"Parked: “{shorten(words, _EXCERPT)}”."),), (point,))


def _action(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    parsed = parse_action(words, event_log.state.participant)
    if not parsed.text:
        command = next(c for c in COMMANDS if c.name == "action")
        sentence = f"First comes what is to be done. {command.usage}: {command.description}."
        return refuse(client, sentence, f"/action {words}")
    action = ActionAdded(
        text=parsed.text, owner=parsed.owner, due=parsed.due, participant=client.speaker
    )
    who = f"for {parsed.owner}" if parsed.owner else "for nobody yet"
    due = f"by {parsed.due}" if parsed.due else "with no date"
    sentence = f"Action: “{shorten(parsed.text, _EXCERPT)}”, {who}, {due}."
    return Response(client, (Notice(sentence),), (action,))


# ── this question ────────────────────────────────────────────────────────────────────────


def _help(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    current = walk.current(session, event_log.state)
    if current is None:
        return Response(
            client, (Notice("Every question has been asked. / alone lists the commands."),)
        )
    question = current.question
    lines = [question.help]
    if question.aspects:
        lines += [f"{i}) {aspect}" for i, aspect in enumerate(question.aspects, 1)]
    if question.horizon:
        lines.append(f"It asks you to look {question.horizon} ahead.")
    return Response(client, (Explanation("What is meant", tuple(lines)),))


def _example(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    current = walk.current(session, event_log.state)
    if current is None:
        return Response(client, (Notice("Every question has been asked."),))
    return Response(client, (Explanation("For example", (current.question.example,)),))


def _why(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    current = walk.current(session, event_log.state)
    if current is None:
        return Response(client, (Notice("Every question has been asked."),))
    lines = [current.step.block.purpose]
    if current.step.level is not None and current.step.level.about:
        name = session.level_name(current.step.level.id)
        lines.append(f"{name}: {current.step.level.about}")
    return Response(client, (Explanation("What this block is for", tuple(lines)),))


def _parse_whole_number(words: str) -> int | None:
    """Return `words` as a number; None where they are not ASCII digits, or ten or more of them."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def _quoted(answer: Answer) -> str:
    """Return an answer's number and the beginning of its text."""
    return f"{answer.number}, “{shorten(answer.text, _EXCERPT)}”"


_HANDLERS: dict[Name, Handler] = {
    "next": lambda session, event_log, client, _: navigation.go(session, event_log, client, 1),
    "back": lambda session, event_log, client, _: navigation.go(session, event_log, client, -1),
    "goto": _goto,
    "skip": _skip,
    "edit": _edit,
    "delete": _delete,
    "vote": _vote,
    "undo": _undo,
    "redo": _redo,
    "as": _as,
    "help": _help,
    "example": _example,
    "why": _why,
    "park": _park,
    "action": _action,
    "canvas": lambda _, __, client, ___: Response(client, view=View.CANVAS),
    "review": lambda _, __, client, ___: Response(client, view=View.REVIEW),
    "find": lambda _, __, client, words: Response(client, view=View.FIND, find=clean_line(words)),
    "title": renaming.set_title,
    "name": renaming.name_level,
    "report": lambda _, __, client, ___: Response(client, view=View.REPORT),
    "copy": lambda _, __, client, words: Response(client, view=View.COPY, file=words),
    "quit": lambda _, __, client, ___: Response(client, view=View.QUIT),
}
