"""What each command does: one method a command, chosen by the command's name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from workshop.facilitation.action_parser import read_action
from workshop.facilitation.messages import Explained, Floor, Noted, Reply, View
from workshop.facilitation.slash_commands import COMMANDS, Call, Name, split_first
from workshop.session import walk
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
from workshop.session.fold import Answer, Fold
from workshop.session.session import MAX_NAME
from workshop.text import clean_line, counted, shorten

if TYPE_CHECKING:
    from workshop.facilitation.facilitator import Facilitator

_EXCERPT = 50
"""How much of an answer is repeated when something is said about it, in terminal cells."""

Order = Callable[[Fold, Floor, str], Reply]


class Orders:
    """Obeys commands on behalf of a facilitator."""

    def __init__(self, facilitator: "Facilitator") -> None:
        """Obey for `facilitator`, through whom everything is said."""
        self._facilitator = facilitator
        self._session = facilitator.session
        self._by_name: dict[Name, Order] = {
            "next": lambda fold, floor, _: facilitator.go(fold, floor, 1),
            "back": lambda fold, floor, _: facilitator.go(fold, floor, -1),
            "goto": self._goto,
            "skip": self._skip,
            "edit": self._edit,
            "delete": self._delete,
            "vote": self._vote,
            "undo": self._undo,
            "redo": self._redo,
            "as": self._as,
            "help": self._help,
            "example": self._example,
            "why": self._why,
            "park": self._park,
            "action": self._action,
            "canvas": lambda _, floor, __: Reply(floor, view=View.CANVAS),
            "review": lambda _, floor, __: Reply(floor, view=View.REVIEW),
            "find": lambda _, floor, words: Reply(floor, view=View.FIND, find=clean_line(words)),
            "report": lambda _, floor, __: Reply(floor, view=View.REPORT),
            "copy": lambda _, floor, words: Reply(floor, view=View.COPY, file=words),
            "quit": lambda _, floor, __: Reply(floor, view=View.QUIT),
        }

    def obey(self, fold: Fold, floor: Floor, call: Call, typed: str) -> Reply:
        """Do what `call` says; `typed` goes back into the prompt where that cannot be done."""
        command = call.command
        if command.needs_words and not call.words:
            said = f"{command.usage}: {command.does}."
            return self._facilitator.refuse(floor, said, f"/{command.name} ")
        if call.words and not command.takes:
            said = f"/{command.name} stands alone. To record this as an answer, begin it with //."
            return self._facilitator.refuse(floor, said, typed)
        return self._by_name[command.name](fold, floor, call.words)

    # ── moving ───────────────────────────────────────────────────────────────────────────────

    def _goto(self, fold: Fold, floor: Floor, words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        found = walk.find_place(self._session, words, here.address if here else None)
        if found.address is None:
            near = f"The nearest: {', '.join(found.nearest)}." if found.nearest else (
                f"Blocks are numbered 1 to {len(self._session.steps)}."
            )  # fmt: skip
            said = f"There is no block '{shorten(words, 40)}'. {near}"
            return self._facilitator.refuse(floor, said, f"/goto {words}")
        if here is not None and found.address == here.address:
            return Reply(floor, (Noted("That is where we are."),))
        return self._facilitator.move_to(fold, floor, found.address)

    def _skip(self, fold: Fold, floor: Floor, words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        if here is None:
            said = "There is no question to skip."
            if words:
                return self._facilitator.refuse(floor, said, f"/skip {words}")
            return Reply(floor, (Noted(said),))
        if fold.state.count(here.address):
            # A question with answers is not skipped: it is simply left.
            if words:
                said = "This question has answers, so there is nothing to skip. /next goes on."
                return self._facilitator.refuse(floor, said, f"/skip {words}")
            return self._facilitator.go(fold, floor, 1)
        skip = QuestionSkipped(question=here.address, reason=clean_line(words))
        return self._facilitator.go(fold, floor, 1, skip)

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def _edit(self, fold: Fold, floor: Floor, words: str) -> Reply:
        number, text = split_first(words)
        if not words:
            answer = self._last_given_here(fold)
            if answer is None:
                said = "There is no answer here yet. /edit N changes answer N of another question."
                return Reply(floor, (Noted(said),))
        else:
            answer = self._numbered(fold, number)
            if answer is None:
                return self._no_answer(fold, floor, number, f"/edit {words}")
        if text:
            changed = AnswerEdited(answer=answer.id, text=text)
            return Reply(floor, (Noted(f"Answer {answer.number} changed."),), (changed,))
        said = f"Changing answer {answer.number}. Enter keeps the change."
        return Reply(floor._replace(editing=answer.id), (Noted(said),), prompt=answer.text)

    def _delete(self, fold: Fold, floor: Floor, words: str) -> Reply:
        answer = self._numbered(fold, words)
        if answer is None:
            return self._no_answer(fold, floor, words, f"/delete {words}")
        said = f"Deleted {_quoted(answer)}. /undo brings it back."
        return Reply(floor, (Noted(said),), (AnswerRemoved(answer=answer.id),))

    def _vote(self, fold: Fold, floor: Floor, words: str) -> Reply:
        number, how_many = split_first(words)
        answer = self._numbered(fold, number)
        if answer is None:
            return self._no_answer(fold, floor, number, f"/vote {words}")
        dots = _whole_number(how_many) if how_many else 1
        if dots is None or not 1 <= dots <= MAX_DOTS:
            said = f"After the number of an answer comes how many dots it gets, 1 to {MAX_DOTS}."
            return self._facilitator.refuse(floor, said, f"/vote {words}")
        said = f"Answer {_quoted(answer)}, has {counted(answer.dots + dots, 'dot')} now."
        return Reply(floor, (Noted(said),), (VoteCast(answer=answer.id, dots=dots),))

    def _undo(self, fold: Fold, floor: Floor, _words: str) -> Reply:
        event = fold.to_undo
        if event is None:
            return Reply(floor, (Noted("There is nothing to undo."),))
        said = f"Undone: {self._describe(fold, event)}. /redo brings it back."
        return Reply(floor, (Noted(said),), (Undone(event=event.id),))

    def _redo(self, fold: Fold, floor: Floor, _words: str) -> Reply:
        undoing = fold.to_redo
        if undoing is None or not isinstance(undoing.body, Undone):
            return Reply(floor, (Noted("There is nothing to redo."),))
        event = fold.event(undoing.body.event)
        what = self._describe(fold, event) if event else "the last change"
        return Reply(floor, (Noted(f"Done again: {what}."),), (Undone(event=undoing.id),))

    def _describe(self, fold: Fold, event: Event) -> str:
        match event.body:
            case AnswerAdded() as body:
                return f"the answer “{shorten(body.text, _EXCERPT)}”"
            case AnswerEdited() as body:
                return f"the change to “{shorten(body.text, _EXCERPT)}”"
            case AnswerRemoved() as body:
                # What comes back, if it is gone: it may have been changed before it was deleted.
                undone = event._replace(id="", body=Undone(event=event.id))
                there = fold.state.answers.get(body.answer)
                answer = there or Fold([*fold.events, undone]).state.answers.get(body.answer)
                return f"the deletion of “{shorten(answer.text if answer else '', _EXCERPT)}”"
            case VoteCast() as body:
                answer = fold.state.answers.get(body.answer)
                text = answer.text if answer else ""
                return f"{counted(body.dots, 'dot')} for “{shorten(text, _EXCERPT)}”"
            case PointParked() as body:
                return f"the parked point “{shorten(body.text, _EXCERPT)}”"
            case ActionAdded() as body:
                return f"the action “{shorten(body.text, _EXCERPT)}”"
            case QuestionSkipped() as body:
                question = self._session.bank.questions.get(body.question)
                asked = question.ask if question else body.question
                return f"the skip of “{shorten(asked, _EXCERPT)}”"
            case _:
                return "the last change"

    def _last_given_here(self, fold: Fold) -> Answer | None:
        here = walk.current(self._session, fold.state)
        given = fold.state.answers_to(here.address) if here else ()
        return given[-1] if given else None

    @staticmethod
    def _numbered(fold: Fold, words: str) -> Answer | None:
        number = _whole_number(words.strip().removeprefix("#"))
        return None if number is None else fold.state.numbered(number)

    def _no_answer(self, fold: Fold, floor: Floor, number: str, typed: str) -> Reply:
        has = counted(len(fold.state.answers), "answer")
        said = (
            f"There is no answer {shorten(number, 20)}. The number stands beside each answer; "
            f"the session has {has}."
        )
        return self._facilitator.refuse(floor, said, typed)

    def _as(self, fold: Fold, floor: Floor, words: str) -> Reply:
        name = clean_line(words).removeprefix("@").strip()
        if not name or len(name) > MAX_NAME:
            said = f"A name has 1 to {MAX_NAME} characters."
            return self._facilitator.refuse(floor, said, f"/as {words}")
        known = fold.state.participant(name)
        events: tuple[AnyBody, ...] = () if known else (ParticipantJoined(name=name),)
        speaker = known or name
        said = f"{speaker} speaks now." if known else f"{speaker} has joined and speaks now."
        return Reply(floor._replace(speaker=speaker), (Noted(said),), events)

    # ── for later ────────────────────────────────────────────────────────────────────────────

    def _park(self, fold: Fold, floor: Floor, words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        parked = PointParked(
            text=words, question=here.address if here else "", participant=floor.speaker
        )
        return Reply(floor, (Noted(f"Parked: “{shorten(words, _EXCERPT)}”."),), (parked,))

    def _action(self, fold: Fold, floor: Floor, words: str) -> Reply:
        read = read_action(words, fold.state.participant)
        if not read.text:
            command = next(c for c in COMMANDS if c.name == "action")
            said = f"First comes what is to be done. {command.usage}: {command.does}."
            return self._facilitator.refuse(floor, said, f"/action {words}")
        action = ActionAdded(
            text=read.text, owner=read.owner, due=read.due, participant=floor.speaker
        )
        who = f"for {read.owner}" if read.owner else "for nobody yet"
        due = f"by {read.due}" if read.due else "with no date"
        said = f"Action: “{shorten(read.text, _EXCERPT)}”, {who}, {due}."
        return Reply(floor, (Noted(said),), (action,))

    # ── this question ────────────────────────────────────────────────────────────────────────

    def _help(self, fold: Fold, floor: Floor, _words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        if here is None:
            return Reply(
                floor, (Noted("Every question has been asked. / alone lists the commands."),)
            )
        question = here.question
        lines = [question.help]
        if question.aspects:
            lines += [f"{i}) {aspect}" for i, aspect in enumerate(question.aspects, 1)]
        if question.horizon:
            lines.append(f"It asks you to look {question.horizon} ahead.")
        return Reply(floor, (Explained("What is meant", tuple(lines)),))

    def _example(self, fold: Fold, floor: Floor, _words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        if here is None:
            return Reply(floor, (Noted("Every question has been asked."),))
        return Reply(floor, (Explained("For example", (here.question.example,)),))

    def _why(self, fold: Fold, floor: Floor, _words: str) -> Reply:
        here = walk.current(self._session, fold.state)
        if here is None:
            return Reply(floor, (Noted("Every question has been asked."),))
        lines = [here.step.block.purpose]
        if here.step.level is not None and here.step.level.about:
            name = self._session.level_name(here.step.level.id)
            lines.append(f"{name}: {here.step.level.about}")
        return Reply(floor, (Explained("What this block is for", tuple(lines)),))


def _whole_number(words: str) -> int | None:
    """Return the number that `words` are; None where they are anything else, or very long."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def _quoted(answer: Answer) -> str:
    return f"{answer.number}, “{shorten(answer.text, _EXCERPT)}”"
