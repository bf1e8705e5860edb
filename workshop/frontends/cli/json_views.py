"""What the commands print with --json: sessions and banks as plain values."""

from collections.abc import Mapping, Sequence

from workshop.banks.model import Bank, Question, Step
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.fold import Answer
from workshop.session.session import Session
from workshop.storage.catalog import SessionSummary

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""A value that JSON can express."""


def session_entry(summary: SessionSummary) -> dict[str, Value]:
    """Return the entry of one session in `workshop list`."""
    return {
        "id": summary.id,
        "short_id": summary.short_id,
        "title": summary.title,
        "bank": summary.bank_id,
        "mode": summary.mode,
        "path": str(summary.path),
        "created": summary.created,
        "changed": summary.changed,
        "questions": summary.questions,
        "settled": summary.settled,
        "answers": summary.answers,
    }


def bank_entry(bank: Bank) -> dict[str, Value]:
    """Return the entry of one bank in `workshop banks`."""
    return {
        "id": bank.id,
        "title": bank.title,
        "version": bank.version,
        "language": bank.language,
        "blocks": len(bank.blocks),
        "questions": len(bank.questions),
        "minutes": sum(step.minutes for step in bank.steps()),
        "levels": [level.id for level in bank.levels],
    }


def bank_value(bank: Bank) -> dict[str, Value]:
    """Return a whole bank, with its blocks in the order in which the walk first reaches them."""
    steps = bank.steps()
    blocks = {step.block.id: step.block for step in steps}
    return {
        "id": bank.id,
        "version": bank.version,
        "title": bank.title,
        "subtitle": bank.subtitle,
        "language": bank.language,
        "levels": [
            {"id": level.id, "title": level.title, "voice": level.voice, "about": level.about}
            for level in bank.levels
        ],
        "walk": [address for step in steps for address in step.addresses()],
        "blocks": [
            {
                "id": block.id,
                "title": block.title,
                "family": block.family,
                "minutes": block.minutes,
                "purpose": block.purpose,
                "questions": [_question(block.id, question) for question in block.questions],
            }
            for block in blocks.values()
        ],
    }


def _question(block_id: str, question: Question) -> dict[str, Value]:
    return {
        "id": f"{block_id}.{question.id}",
        "level": question.level,
        "ask": question.ask,
        "core": question.core,
        "help": question.help,
        "example": question.example,
        "aspects": list(question.aspects),
        "horizon": question.horizon,
    }


def session_value(session: Session, event_log: EventLog, path: str) -> dict[str, Value]:
    """Return a whole session, with its answers by block in the order of the walk."""
    state = event_log.state
    progress = walk.progress(session, state)
    current = walk.current(session, state)
    bank = session.bank
    return {
        "id": session.id,
        "short_id": session.short_id,
        "title": session.title,
        "mode": session.mode,
        "path": path,
        "bank": {"id": bank.id, "version": bank.version, "title": bank.title},
        "level": session.level,
        "quick": session.quick,
        "names": dict(session.names),
        "created": session.created.isoformat(),
        "participants": list(state.participants),
        "position": current.address if current else None,
        "progress": {
            "questions": progress.questions,
            "answered": progress.answered,
            "skipped": progress.skipped,
            "open": progress.open,
            "answers": progress.answers,
        },
        "blocks": [_step(step, event_log) for step in session.steps],
        "orphans": [
            {"question": answer.question, **_answer(answer)}
            for answer in state.answers.values()
            if answer.question not in session.step_by_address
        ],
        "parked": [
            {
                "id": point.id,
                "text": point.text,
                "question": point.question or None,
                "participant": point.participant,
                "at": point.at,
            }
            for point in state.parked
        ],
        "actions": [
            {
                "id": action.id,
                "text": action.text,
                "owner": action.owner or None,
                "due": action.due or None,
                "participant": action.participant,
                "at": action.at,
            }
            for action in state.actions
        ],
    }


def _step(step: Step, event_log: EventLog) -> dict[str, Value]:
    state = event_log.state
    return {
        "id": step.block.id,
        "title": step.block.title,
        "level": step.level.id if step.level else None,
        "questions": [
            {
                "id": address,
                "level": question.level,
                "ask": question.ask,
                "skipped": None if state.answer_count(address) else state.skipped.get(address),
                "answers": [_answer(answer) for answer in state.answers_to(address)],
            }
            for address, question in zip(step.addresses(), step.questions, strict=True)
        ],
    }


def _answer(answer: Answer) -> dict[str, Value]:
    return {
        "number": answer.number,
        "id": answer.id,
        "text": answer.text,
        "participant": answer.participant,
        "at": answer.at,
        "edited": answer.edited,
        "dots": answer.votes,
    }
