"""Reading a session back from its JSON, which may have come from anybody.

First its shape is checked, then its bank and session are made, then the chain is followed. And what
is read must say what the file says, word for word: text that `clean()` would change, for one, was
not written by Workshop, and is refused rather than quietly altered.
"""

import json
from dataclasses import dataclass
from typing import cast, get_args

from pydantic import ValidationError

from workshop.banks.model import Bank, MisplacedPartError
from workshop.banks.validation_messages import describe_error
from workshop.errors import BadFileError
from workshop.session import hash_chain
from workshop.session.event_log import EventLog
from workshop.session.events import Body, KnownBody, Unknown, read_body, write_body
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.json_file import writer
from workshop.storage.json_file.strict_json import (
    Json,
    JsonFile,
    JsonPath,
    format_path,
    is_object,
    read_json,
    too_deep_error,
)
from workshop.storage.json_file.writer import FilePart
from workshop.text import clean, clean_line

_EXPORT_AGAIN = "Export the session again, and leave that file as it is."
_MODELS: dict[str, type[Body]] = {
    str(model.model_fields["kind"].default): model for model in get_args(KnownBody)
}


@dataclass(frozen=True, slots=True)
class ParsedSession:
    """A session and its log, as they were exported."""

    session: Session
    log: tuple[Record, ...]


def read_json_session(raw: bytes, source: str) -> ParsedSession:
    """Return the session in the bytes of a JSON file; `source` names the file in messages.

    Raises BadFileError, with the line where there is one, where the file is damaged, was changed,
    is another program's or a newer Workshop's.
    """
    if len(raw) > writer.MAX_BYTES:
        most = f"{writer.MAX_BYTES // 1_000_000} MB"
        raise BadFileError(f"{source} is larger than {most}, which no session is.")
    try:
        file = read_json(raw, source)
        _recognise(file)
        return _read(file)
    except RecursionError as error:
        raise too_deep_error(source) from error


def _recognise(file: JsonFile) -> None:
    """Return if the file says that it is a session of ours, of a version that we read."""
    value = file.value
    if not isinstance(value, dict) or value.get("format") != writer.FORMAT:
        raise BadFileError(
            f"{file.source} is JSON, but not a session that Workshop exported.",
            "'workshop export SESSION --format json' writes one.",
        )
    version = value.get("version")
    if type(version) is int and version > writer.VERSION:
        raise BadFileError(
            f"{file.source} was exported by a newer Workshop (version {version} of the format; "
            f"this one reads {writer.VERSION}).",
            "Install the newer Workshop to import it.",
        )
    if type(version) is not int or version < 1:
        raise _wrong(file, ("version",), "the version of the format was expected, such as 1")


def _read(file: JsonFile) -> ParsedSession:
    try:
        parts = FilePart.model_validate(file.value)
    except ValidationError as error:
        raise _invalid(file, (), error) from error
    values = cast("dict[str, Json]", file.value)
    bank = _bank(file, values["bank"])
    session = _session(file, bank, values["session"])
    link = writer.session_hash(values["session"])
    if link.hex() != parts.seals.session:
        raise _changed(file, ("session",), "what it says about the session")
    link = writer.bank_hash(link, values["bank"])
    if link.hex() != parts.seals.bank:
        raise _changed(file, ("bank",), "the question bank in it")
    log, link = _follow(file, parts, link)
    _refuse_twice(file, log)
    for place, record in enumerate(log):
        _check_event(file, ("events", place), record)
    answers = cast("list[dict[str, Json]]", values["answers"])
    if writer.answers_hash(link, map(writer.to_json, answers)).hex() != parts.seals.answers:
        raise _changed(file, _changed_answer(answers, log), "the list of answers")
    _check_kept(file, ("session",), values["session"], writer.session_value(session))
    _check_kept(file, ("bank",), values["bank"], cast("Json", bank.model_dump(mode="json")))
    return ParsedSession(session, log)


# ── the session and its bank ─────────────────────────────────────────────────────────────────


def _bank(file: JsonFile, value: Json) -> Bank:
    try:
        return Bank.model_validate(value)
    except ValidationError as error:
        raise _invalid(file, ("bank",), error) from error


def _session(file: JsonFile, bank: Bank, value: Json) -> Session:
    try:
        return Session.model_validate({**cast("dict[str, Json]", value), "bank": bank})
    except ValidationError as error:
        raise _invalid(file, ("session",), error) from error
    except OverflowError as error:  # a time before the year 1, or after the year 9999, in UTC
        raise _wrong(file, ("session", "created"), "there is no such time") from error


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _follow(file: JsonFile, parts: FilePart, link: bytes) -> tuple[tuple[Record, ...], bytes]:
    """Return the log and its last link, after checking that no event was touched."""
    log: list[Record] = []
    for place, e in enumerate(parts.events):
        body = e.body if isinstance(e.body, str) else writer.to_compact_json(cast("Json", e.body))
        record = Record(e.counter, e.actor, e.id, e.at, e.kind, body)
        link = hash_chain.next_hash(link, record.columns)
        if link.hex() != e.chain:
            raise _changed_event(file, record, place, len(parts.events))
        if isinstance(e.body, str) and not is_object(e.body):
            path = ("events", place, "body")
            raise _wrong(file, path, "an object, or the JSON text of one, was expected")
        log.append(record)
    if link.hex() != parts.seals.events:
        raise _changed(file, ("events",), "the list of events (its end is gone, or its seal)")
    return tuple(log), link


def _changed_event(file: JsonFile, record: Record, place: int, events: int) -> BadFileError:
    """Return what is wrong with the first event whose link does not fit."""
    model = _MODELS.get(record.kind)
    if model is not None:
        try:
            model.model_validate_json(record.body)
        except ValidationError as error:
            return _invalid(file, ("events", place, "body"), error)
    return file.error_at(
        ("events", place),
        f"event {place + 1} of {events} was changed after the export, or an event before it was "
        "added, moved or taken away",
        _EXPORT_AGAIN,
    )


def _refuse_twice(file: JsonFile, log: tuple[Record, ...]) -> None:
    first: dict[str, int] = {}
    for place, record in enumerate(log):
        before = first.setdefault(record.id, place)
        if before != place:
            raise _wrong(file, ("events", place, "id"), f"events[{before}] has this id too")


def _check_event(file: JsonFile, path: JsonPath, record: Record) -> None:
    """Return if the event can be kept, and says what it says once it is read."""
    for key, given, kept in (
        ("id", record.id, clean_line(record.id)),
        ("at", record.at, clean(record.at)),
        ("actor", record.actor, clean(record.actor)),
    ):
        if given != kept:
            raise _not_ours(file, (*path, key))
    body = read_body(record.kind, record.body)
    if not isinstance(body, Unknown) and write_body(body) != record.body:
        said, kept = json.loads(record.body), json.loads(write_body(body))
        # A field of a later version's is not read, but kept with the event.
        _check_kept(file, (*path, "body"), {key: said[key] for key in said if key in kept}, kept)


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def _changed_answer(answers: list[dict[str, Json]], log: tuple[Record, ...]) -> JsonPath:
    """Return which answer is not what the events say, where one can be named."""
    state = EventLog(record.event for record in log).state
    for place, row in enumerate(answers):
        number = row.get("number")
        answer = state.numbered(number) if type(number) is int else None
        if answer is None or answer.text != row.get("answer"):
            return ("answers", place)
    return ("answers",)


# ── what is wrong, and where ─────────────────────────────────────────────────────────────────


def _check_kept(file: JsonFile, path: JsonPath, given: Json, kept: Json) -> None:
    """Return if what was kept of the value at `path` says all that the file gives there.

    It may say more: a field with its default, which an older version did not write.
    """
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            _check_kept(file, (*path, key), value, kept[key])
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for place, value in enumerate(given):
            _check_kept(file, (*path, place), value, kept[place])
    elif given != kept or isinstance(given, bool) != isinstance(kept, bool):
        raise _not_ours(file, path)


def _not_ours(file: JsonFile, path: JsonPath) -> BadFileError:
    return _wrong(file, path, "this is not as Workshop writes it", _EXPORT_AGAIN)


def _changed(file: JsonFile, path: JsonPath, what: str) -> BadFileError:
    problem = f"{what} was changed after the export"
    return file.error_at(path, problem, _EXPORT_AGAIN)


def _wrong(file: JsonFile, path: JsonPath, problem: str, hint: str = "") -> BadFileError:
    return file.error_at(path, f"{format_path(path)}: {problem}", hint)


def _invalid(file: JsonFile, path: JsonPath, error: ValidationError) -> BadFileError:
    """Return the first thing that a model finds wrong with the value at `path`."""
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    at = cause.at if isinstance(cause, MisplacedPartError) else ()
    where = _real(file.value, (*path, *first["loc"], *at))
    return _wrong(file, where, describe_error(first))


def _real(value: Json, path: JsonPath) -> JsonPath:
    """Return as much of a path as leads somewhere, and one step more: a key may be missing.

    A model's own path may go on with names of types, where a value may be of several.
    """
    followed: list[str | int] = []
    for part in path:
        if isinstance(value, dict):
            followed.append(part)
            if part not in value:
                break
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            followed.append(part)
            value = value[part]
        else:
            break
    return tuple(followed)
