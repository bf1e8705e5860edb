"""What each slash command does: one function a command, chosen by the command's name."""

from collections.abc import Callable

from workshop.facilitation import navigation
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
    ParticipantJoined,
    PointParked,
    QuestionSkipped,
    Undone,
    VoteCast,
)
from workshop.session.fold import Answer
from workshop.session.session import MAX_NAME, Session
from workshop.text import clean_line, counted, shorten

_EXCERPT = 50
"""How much of an answer is repeated when something is said about it, in terminal cells."""

Handler = Callable[[Session, EventLog, ClientState, str], Response]


def handle(
    session: Session, event_log: EventLog, client: ClientState, call: Call, typed: str
) -> Response:
    """Carry out `call`; `typed` goes back into the prompt where that is impossible."""
    command = call.command
    if command.needs_words and not call.words:
        said = f"{command.usage}: {command.does}."
        return refuse(client, said, f"/{command.name} ")
    if call.words and not command.takes:
        said = f"/{command.name} stands alone. To record this as an answer, begin it with //."
        return refuse(client, said, typed)
    return _HANDLERS[command.name](session, event_log, client, call.words)


# ── moving ───────────────────────────────────────────────────────────────────────────────


def _goto(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    here = walk.current(session, event_log.state)
    found = walk.find_question(session, words, here.address if here else None)
    if found.address is None:
        near = f"The nearest: {', '.join(found.nearest)}." if found.nearest else (
            f"Blocks are numbered 1 to {len(session.steps)}."
        )  # fmt: skip
        said = f"There is no block '{shorten(words, 40)}'. {near}"
        return refuse(client, said, f"/goto {words}")
    if here is not None and found.address == here.address:
        return Response(client, (Notice("That is where we are."),))
    return navigation.move_to(session, event_log, client, found.address)


def _skip(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    here = walk.current(session, event_log.state)
    if here is None:
        said = "There is no question to skip."
        if words:
            return refuse(client, said, f"/skip {words}")
        return Response(client, (Notice(said),))
    if event_log.state.count(here.address):
        # A question with answers is not skipped: it is simply left.
        if words:
            said = "This question has answers, so there is nothing to skip. /next goes on."
            return refuse(client, said, f"/skip {words}")
        return navigation.go(session, event_log, client, 1)
    skip = QuestionSkipped(question=here.address, reason=clean_line(words))
    return navigation.go(session, event_log, client, 1, skip)


# ── answers ──────────────────────────────────────────────────────────────────────────────


def _edit(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    number, text = split_first(words)
    if not words:
        answer = _last_given_here(session, event_log)
        if answer is None:
            said = "There is no answer here yet. /edit N changes answer N of another question."
            return Response(client, (Notice(said),))
    else:
        answer = _numbered(event_log, number)
        if answer is None:
            return _no_answer(event_log, client, number, f"/edit {words}")
    if text:
        changed = AnswerEdited(answer=answer.id, text=text)
        return Response(client, (Notice(f"Answer {answer.number} changed."),), (changed,))
    said = f"Changing answer {answer.number}. Enter keeps the change."
    return Response(client._replace(editing=answer.id), (Notice(said),), prompt=answer.text)


def _delete(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    answer = _numbered(event_log, words)
    if answer is None:
        return _no_answer(event_log, client, words, f"/delete {words}")
    said = f"Deleted {_quoted(answer)}. /undo brings it back."
    return Response(client, (Notice(said),), (AnswerRemoved(answer=answer.id),))


def _vote(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    number, how_many = split_first(words)
    answer = _numbered(event_log, number)
    if answer is None:
        return _no_answer(event_log, client, number, f"/vote {words}")
    dots = _whole_number(how_many) if how_many else 1
    if dots is None or not 1 <= dots <= MAX_DOTS:
        said = f"After the number of an answer comes how many dots it gets, 1 to {MAX_DOTS}."
        return refuse(client, said, f"/vote {words}")
    said = f"Answer {_quoted(answer)}, has {counted(answer.dots + dots, 'dot')} now."
    return Response(client, (Notice(said),), (VoteCast(answer=answer.id, dots=dots),))


def _undo(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    event = event_log.undo_target
    if event is None:
        return Response(client, (Notice("There is nothing to undo."),))
    said = f"Undone: {_describe(session, event_log, event)}. /redo brings it back."
    return Response(client, (Notice(said),), (Undone(event=event.id),))


def _redo(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    undoing = event_log.redo_target
    if undoing is None or not isinstance(undoing.body, Undone):
        return Response(client, (Notice("There is nothing to redo."),))
    event = event_log.event(undoing.body.event)
    what = _describe(session, event_log, event) if event else "the last change"
    return Response(client, (Notice(f"Done again: {what}."),), (Undone(event=undoing.id),))


def _describe(session: Session, event_log: EventLog, event: Event) -> str:
    match event.body:
        case AnswerAdded() as body:
            return f"the answer “{shorten(body.text, _EXCERPT)}”"
        case AnswerEdited() as body:
            return f"the change to “{shorten(body.text, _EXCERPT)}”"
        case AnswerRemoved() as body:
            # What comes back, if it is gone: it may have been changed before it was deleted.
            undone = event._replace(id="", body=Undone(event=event.id))
            there = event_log.state.answers.get(body.answer)
            answer = there or EventLog([*event_log.events, undone]).state.answers.get(body.answer)
            return f"the deletion of “{shorten(answer.text if answer else '', _EXCERPT)}”"
        case VoteCast() as body:
            answer = event_log.state.answers.get(body.answer)
            text = answer.text if answer else ""
            return f"{counted(body.dots, 'dot')} for “{shorten(text, _EXCERPT)}”"
        case PointParked() as body:
            return f"the parked point “{shorten(body.text, _EXCERPT)}”"
        case ActionAdded() as body:
            return f"the action “{shorten(body.text, _EXCERPT)}”"
        case QuestionSkipped() as body:
            question = session.bank.questions.get(body.question)
            asked = question.ask if question else body.question
            return f"the skip of “{shorten(asked, _EXCERPT)}”"
        case _:
            return "the last change"


def _last_given_here(session: Session, event_log: EventLog) -> Answer | None:
    here = walk.current(session, event_log.state)
    given = event_log.state.answers_to(here.address) if here else ()
    return given[-1] if given else None


def _numbered(event_log: EventLog, words: str) -> Answer | None:
    number = _whole_number(words.strip().removeprefix("#"))
    return None if number is None else event_log.state.numbered(number)


def _no_answer(event_log: EventLog, client: ClientState, number: str, typed: str) -> Response:
    has = counted(len(event_log.state.answers), "answer")
    said = (
        f"There is no answer {shorten(number, 20)}. The number stands beside each answer; "
        f"the session has {has}."
    )
    return refuse(client, said, typed)


def _as(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    name = clean_line(words).removeprefix("@").strip()
    if not name or len(name) > MAX_NAME:
        said = f"A name has 1 to {MAX_NAME} characters."
        return refuse(client, said, f"/as {words}")
    known = event_log.state.participant(name)
    events: tuple[AnyBody, ...] = () if known else (ParticipantJoined(name=name),)
    speaker = known or name
    said = f"{speaker} speaks now." if known else f"{speaker} has joined and speaks now."
    return Response(client._replace(speaker=speaker), (Notice(said),), events)


# ── for later ────────────────────────────────────────────────────────────────────────────


def _park(session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    here = walk.current(session, event_log.state)
    parked = PointParked(
        text=words, question=here.address if here else "", participant=client.speaker
    )
    return Response(client, (Notice(f"Parked: “{shorten(words, _EXCERPT)}”."),), (parked,))


def _action(_session: Session, event_log: EventLog, client: ClientState, words: str) -> Response:
    read = parse_action(words, event_log.state.participant)
    if not read.text:
        command = next(c for c in COMMANDS if c.name == "action")
        said = f"First comes what is to be done. {command.usage}: {command.does}."
        return refuse(client, said, f"/action {words}")
    action = ActionAdded(text=read.text, owner=read.owner, due=read.due, participant=client.speaker)
    who = f"for {read.owner}" if read.owner else "for nobody yet"
    due = f"by {read.due}" if read.due else "with no date"
    said = f"Action: “{shorten(read.text, _EXCERPT)}”, {who}, {due}."
    return Response(client, (Notice(said),), (action,))


# ── this question ────────────────────────────────────────────────────────────────────────


def _help(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    here = walk.current(session, event_log.state)
    if here is None:
        return Response(
            client, (Notice("Every question has been asked. / alone lists the commands."),)
        )
    question = here.question
    lines = [question.help]
    if question.aspects:
        lines += [f"{i}) {aspect}" for i, aspect in enumerate(question.aspects, 1)]
    if question.horizon:
        lines.append(f"It asks you to look {question.horizon} ahead.")
    return Response(client, (Explanation("What is meant", tuple(lines)),))


def _example(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    here = walk.current(session, event_log.state)
    if here is None:
        return Response(client, (Notice("Every question has been asked."),))
    return Response(client, (Explanation("For example", (here.question.example,)),))


def _why(session: Session, event_log: EventLog, client: ClientState, _words: str) -> Response:
    here = walk.current(session, event_log.state)
    if here is None:
        return Response(client, (Notice("Every question has been asked."),))
    lines = [here.step.block.purpose]
    if here.step.level is not None and here.step.level.about:
        name = session.level_name(here.step.level.id)
        lines.append(f"{name}: {here.step.level.about}")
    return Response(client, (Explanation("What this block is for", tuple(lines)),))


def _whole_number(words: str) -> int | None:
    """Return the number that `words` are; None where they are anything else, or very long."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def _quoted(answer: Answer) -> str:
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
    "report": lambda _, __, client, ___: Response(client, view=View.REPORT),
    "copy": lambda _, __, client, words: Response(client, view=View.COPY, file=words),
    "quit": lambda _, __, client, ___: Response(client, view=View.QUIT),
}
