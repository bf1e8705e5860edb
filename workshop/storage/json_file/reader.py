"""Reads a session from its JSON file, which may come from anybody.

Theory of operation: the structure of the file is checked first, then its bank and session are
built, then the hash chain is verified. Last, the values that were read are compared with the file,
word for word: text that `clean()` would change, for example, was not written by Workshop, and is
refused rather than altered without notice.
"""

import json
from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError

from workshop.banks.model import Bank, MisplacedPartError
from workshop.banks.validation_messages import describe_error
from workshop.errors import BadFileError
from workshop.session import hash_chain
from workshop.session.event_log import EventLog
from workshop.session.events import BODY_MODELS, Unknown, read_body, write_body
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
_VERSION_1_NAMES = {"seals": "hashes", "chain": "hash"}
"""The keys of version 1 that were renamed since, with their new names."""


@dataclass(frozen=True, slots=True)
class ParsedSession:
    """A session and its log, as read from a JSON file."""

    session: Session
    log: tuple[Record, ...]


def read_json_session(raw: bytes, source: str) -> ParsedSession:
    """Return the session in the bytes of a JSON file; `source` names the file in messages.

    Raises BadFileError, with the line if it is known, if the file is damaged or was changed, or if
    another program or a newer Workshop wrote it.
    """
    if len(raw) > writer.MAX_BYTES:
        limit = f"{writer.MAX_BYTES // 1_000_000} MB"
        raise BadFileError(f"{source} is larger than {limit}, which no session is.")
    try:
        file = read_json(raw, source)
        _check_format(file)
        return _read(file)
    except RecursionError as error:
        raise too_deep_error(source) from error


def _check_format(file: JsonFile) -> None:
    """Check that the file is an exported session of a version that this Workshop reads."""
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
            f"this one reads 1 to {writer.VERSION}).",
            "Install the newer Workshop to import it.",
        )
    if type(version) is not int or version < 1:
        raise _path_error(file, ("version",), "the version of the format was expected, such as 2")


def _read(file: JsonFile) -> ParsedSession:
    values = cast("dict[str, Json]", file.value)
    version = values["version"]
    try:
        parts = FilePart.model_validate(_with_current_names(values) if version == 1 else values)
    except ValidationError as error:
        raise _validation_error(file, (), error) from error
    bank = _parse_bank(file, values["bank"])
    session = _parse_session(file, bank, values["session"])
    part_hash = writer.session_hash(values["session"], parts.version)
    if part_hash.hex() != parts.hashes.session:
        raise _changed_error(file, ("session",), "what it says about the session")
    part_hash = writer.bank_hash(part_hash, values["bank"])
    if part_hash.hex() != parts.hashes.bank:
        raise _changed_error(file, ("bank",), "the question bank in it")
    log, part_hash = _verify_events(file, parts, part_hash)
    _check_unique_ids(file, log)
    for index, record in enumerate(log):
        _check_event(file, ("events", index), record)
    answers = cast("list[dict[str, Json]]", values["answers"])
    if writer.answers_hash(part_hash, map(writer.to_json, answers)).hex() != parts.hashes.answers:
        raise _changed_error(file, _changed_answer_path(answers, log), "the list of answers")
    _check_retained(file, ("session",), values["session"], writer.session_value(session))
    _check_retained(file, ("bank",), values["bank"], cast("Json", bank.model_dump(mode="json")))
    return ParsedSession(session, log)


def _with_current_names(values: dict[str, Json]) -> dict[str, Json]:
    """Return the value of a file of version 1 as one of the current version."""
    renamed = {_VERSION_1_NAMES.get(key, key): value for key, value in values.items()}
    events = renamed.get("events")
    if isinstance(events, list):
        renamed["events"] = [
            {"seat": "", "batch": ""}
            | {_VERSION_1_NAMES.get(key, key): value for key, value in event.items()}
            if isinstance(event, dict)
            else event
            for event in events
        ]
    return renamed


# ── the session and its bank ─────────────────────────────────────────────────────────────────


def _parse_bank(file: JsonFile, value: Json) -> Bank:
    try:
        return Bank.model_validate(value)
    except ValidationError as error:
        raise _validation_error(file, ("bank",), error) from error


def _parse_session(file: JsonFile, bank: Bank, value: Json) -> Session:
    try:
        return Session.model_validate({**cast("dict[str, Json]", value), "bank": bank})
    except ValidationError as error:
        raise _validation_error(file, ("session",), error) from error
    except OverflowError as error:  # a time before the year 1 or after the year 9999, in UTC
        raise _path_error(file, ("session", "created"), "there is no such time") from error


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _verify_events(
    file: JsonFile, parts: FilePart, event_hash: bytes
) -> tuple[tuple[Record, ...], bytes]:
    """Return the log and its last hash, after verifying the chain on from `event_hash`."""
    log: list[Record] = []
    for index, e in enumerate(parts.events):
        body = e.body if isinstance(e.body, str) else writer.to_compact_json(cast("Json", e.body))
        record = Record(e.counter, e.actor, e.id, e.at, e.kind, body, e.seat, e.batch)
        event_hash = hash_chain.next_event_hash(event_hash, record.columns)
        if event_hash.hex() != e.hash:
            raise _changed_event_error(file, record, index, len(parts.events))
        if isinstance(e.body, str) and not is_object(e.body):
            path = ("events", index, "body")
            raise _path_error(file, path, "an object, or the JSON text of one, was expected")
        log.append(record)
    if event_hash.hex() != parts.hashes.events:
        raise _changed_error(file, ("events",), "the list of events (its end is gone, or its hash)")
    return tuple(log), event_hash


def _changed_event_error(file: JsonFile, record: Record, index: int, events: int) -> BadFileError:
    """Return the error about the first event whose hash is wrong."""
    model = BODY_MODELS.get(record.kind)
    if model is not None:
        try:
            model.model_validate_json(record.body)
        except ValidationError as error:
            return _validation_error(file, ("events", index, "body"), error)
    return file.error_at(
        ("events", index),
        f"event {index + 1} of {events} was changed after the export, or an event before it was "
        "added, moved or taken away",
        _EXPORT_AGAIN,
    )


def _check_unique_ids(file: JsonFile, log: tuple[Record, ...]) -> None:
    indexes: dict[str, int] = {}
    for index, record in enumerate(log):
        first = indexes.setdefault(record.id, index)
        if first != index:
            raise _path_error(file, ("events", index, "id"), f"events[{first}] has this id too")


def _check_event(file: JsonFile, path: JsonPath, record: Record) -> None:
    """Check that reading the event changes none of its values."""
    for key, value, cleaned in (
        ("id", record.id, clean_line(record.id)),
        ("at", record.at, clean(record.at)),
        ("actor", record.actor, clean(record.actor)),
        ("seat", record.seat, clean(record.seat)),
        ("batch", record.batch, clean(record.batch)),
    ):
        if value != cleaned:
            raise _not_canonical_error(file, (*path, key))
    body = read_body(record.kind, record.body)
    if not isinstance(body, Unknown) and write_body(body) != record.body:
        fields, retained = json.loads(record.body), json.loads(write_body(body))
        # A field of a newer version is not read, but remains in the event's body.
        known = {key: value for key, value in fields.items() if key in retained}
        _check_retained(file, (*path, "body"), known, retained)


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def _changed_answer_path(answers: list[dict[str, Json]], log: tuple[Record, ...]) -> JsonPath:
    """Return the path of the first answer that differs from the events, or of all answers."""
    state = EventLog(record.event for record in log).state
    for index, row in enumerate(answers):
        number = row.get("number")
        answer = state.answer_numbered(number) if type(number) is int else None
        if answer is None or answer.text != row.get("answer"):
            return ("answers", index)
    return ("answers",)


# ── errors with their path ───────────────────────────────────────────────────────────────────


def _check_retained(file: JsonFile, path: JsonPath, value: Json, retained: Json) -> None:
    """Check that `retained`, which was read from the value at `path`, holds all of that value.

    It may hold more: a field with its default, which an older version did not write.
    """
    if isinstance(value, dict) and isinstance(retained, dict):
        for key, item in value.items():
            _check_retained(file, (*path, key), item, retained[key])
    elif isinstance(value, list) and isinstance(retained, list) and len(value) == len(retained):
        for index, item in enumerate(value):
            _check_retained(file, (*path, index), item, retained[index])
    elif value != retained or isinstance(value, bool) != isinstance(retained, bool):
        raise _not_canonical_error(file, path)


def _not_canonical_error(file: JsonFile, path: JsonPath) -> BadFileError:
    return _path_error(file, path, "this is not as Workshop writes it", _EXPORT_AGAIN)


def _changed_error(file: JsonFile, path: JsonPath, part: str) -> BadFileError:
    problem = f"{part} was changed after the export"
    return file.error_at(path, problem, _EXPORT_AGAIN)


def _path_error(file: JsonFile, path: JsonPath, problem: str, hint: str = "") -> BadFileError:
    return file.error_at(path, f"{format_path(path)}: {problem}", hint)


def _validation_error(file: JsonFile, path: JsonPath, error: ValidationError) -> BadFileError:
    """Return the error about the first fault that a model finds in the value at `path`."""
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    location = cause.location if isinstance(cause, MisplacedPartError) else ()
    fault_path = _existing_path(file.value, (*path, *first["loc"], *location))
    return _path_error(file, fault_path, describe_error(first))


def _existing_path(value: Json, path: JsonPath) -> JsonPath:
    """Return the part of `path` that exists in `value`, and one more key if that is missing.

    The path of a model's error may end in names of types, if a value may have several types.
    """
    existing: list[str | int] = []
    for part in path:
        if isinstance(value, dict):
            existing.append(part)
            if part not in value:
                break
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            existing.append(part)
            value = value[part]
        else:
            break
    return tuple(existing)
