"""The commands that maintain session files: `verify`, `rescue`, `backup`, `merge` and `delete`."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.frontends.cli.arguments import require_value, resolve_directory
from workshop.frontends.cli.output import print_json, print_lines, print_message, print_path

if TYPE_CHECKING:
    from workshop.errors import WorkshopError
    from workshop.frontends.cli.json_views import Value
    from workshop.session.fold import Answer
    from workshop.storage.backup import SoundBackup
    from workshop.storage.integrity.chain_verification import HashedEvent
    from workshop.storage.integrity.rescue import RescueResult
    from workshop.storage.integrity.verify import Verdict
    from workshop.storage.merge_files import MergeResult, OverruledName, SkipReason

_MAX_TEXT_CELLS = 200
"""The longest answer text in a message, in terminal cells."""
_MAX_ENTRIES = 50
"""The longest list in a message; the entries beyond it are counted."""

_new_file_option = click.option(
    "-o", "--output", metavar="FILE", required=True, help="The new file."
)


@click.command()
@click.argument("names", metavar="SESSION...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def verify(sessions_option: str | None, names: tuple[str, ...], as_json: bool) -> int:
    """Check that each SESSION is sound, from the file header to every answer.

    Nothing in the files is changed, and one may be open elsewhere. If all are sound, the exit code
    is 0.
    """
    from workshop.errors import BadFileError, WorkshopError
    from workshop.storage.backup import sound_backups
    from workshop.storage.catalog import find_session
    from workshop.storage.integrity.verify import verify as verify_file

    values: list[Value] = []
    codes: list[int] = []
    for name in names:
        try:
            verdict = verify_file(find_session(resolve_directory(sessions_option), name))
        except WorkshopError as error:
            codes.append(error.exit_code)
            values.append(_unreadable_value(name, error))
            print_message(str(error))
            continue
        values.append(_verdict_value(verdict))
        if not verdict.is_sound:
            codes.append(BadFileError.exit_code)
        if not as_json:
            backups = () if verdict.is_sound else sound_backups(verdict.path)
            print_lines([*_verdict_lines(verdict), *_backup_lines(backups[:1])])
    if as_json:
        print_json(values)
    return BadFileError.exit_code if BadFileError.exit_code in codes else max(codes, default=0)


@click.command()
@click.argument("session", metavar="SESSION")
@_new_file_option
@click.option(
    "--bank",
    metavar="BANK",
    help="The bank of the session, for a file in which the bank is damaged as well.",
)
@click.pass_obj
def rescue(sessions_option: str | None, session: str, output: str, bank: str | None) -> int:
    """Write what is sound in a damaged SESSION to a new file and print its path.

    The damaged file stays as it is. If something was left out, it is listed and the exit code
    is 7; otherwise the exit code is 0. Sound backups of SESSION are named as well.
    """
    from workshop.banks.registry import find_bank
    from workshop.errors import INCOMPLETE_RESCUE, BadFileError
    from workshop.storage.backup import sound_backups
    from workshop.storage.catalog import find_session
    from workshop.storage.integrity.rescue import rescue as rescue_file

    target = _parse_output(output)
    path = find_session(resolve_directory(sessions_option), session)
    backup_lines = _backup_lines(sound_backups(path))
    try:
        rescued = rescue_file(path, target, None if bank is None else find_bank(bank))
    except BadFileError as error:
        hint = "\n".join([*backup_lines, error.hint])
        raise BadFileError(error.message, hint, error.remedy) from error
    print_message("\n".join([*_rescued_lines(rescued), *backup_lines]))
    print_path(target)
    return 0 if rescued.is_complete else INCOMPLETE_RESCUE


@click.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="Where to write the copy: a file or folder.",
)
@click.option("--force", is_flag=True, help="Replace whatever file is there.")
@click.pass_obj
def backup(sessions_option: str | None, session: str, output: str, force: bool) -> None:
    """Copy SESSION, also while it is open elsewhere, check the copy and print its path."""
    from workshop.storage.backup import back_up
    from workshop.storage.catalog import find_session

    target = _parse_output(output)
    path = find_session(resolve_directory(sessions_option), session)
    if target.is_dir() or output.endswith(("/", os.sep)):
        target /= path.name
    verdict = back_up(path, target, replace=force)
    print_message(f"Copied and checked: {_format_counts(verdict.events, verdict.answers)}.")
    print_path(target)


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@_new_file_option
@click.pass_obj
def merge(sessions_option: str | None, first: str, second: str, output: str) -> None:
    """Unite A and B, two copies of one session, in a new file and print its path.

    The two stay as they are. Where both changed an answer, both wordings are kept, and where both
    skipped a question, both reasons. Where both changed a title or a name, one of them counts.
    """
    from workshop.storage.catalog import find_session
    from workshop.storage.merge_files import merge as merge_files

    target = _parse_output(output)
    directory = resolve_directory(sessions_option)
    path, other_path = find_session(directory, first), find_session(directory, second)
    print_message("\n".join(_merged_lines(merge_files(path, other_path, target))))
    print_path(target)


@click.command()
@click.argument("session", metavar="SESSION")
@click.option("--forever", is_flag=True, help="Delete it for good, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(sessions_option: str | None, session: str, *, forever: bool, yes: bool) -> None:
    """Move SESSION and its backups to the folder 'trash' beside it, and print its new path."""
    from workshop.storage.catalog import find_session
    from workshop.storage.trash import delete_forever, move_to_trash
    from workshop.text import clean_line

    path = find_session(resolve_directory(sessions_option), session)
    if not forever:
        target = move_to_trash(path)
        folder = clean_line(str(target.parent.parent))
        print_message(f"Moved to the trash. To have it back, move the file to {folder} again.")
        print_path(target)
    elif yes or _confirm(f"Delete {clean_line(str(path))} and its backups for good?"):
        delete_forever(path)
        print_message("Deleted.")
    else:
        print_message("Nothing was deleted.")


def _confirm(question: str) -> bool:
    """Ask on the terminal; raise UsageError if there is none."""
    if not sys.stdin.isatty():
        message = "--forever asks before it deletes, and there is no terminal: add --yes."
        raise click.UsageError(message)
    return click.confirm(question, err=True)


def _parse_output(output: str) -> Path:
    require_value("-o", output)
    if output == "-":
        message = "a session goes into a file, not to the standard output."
        raise click.BadParameter(message, param_hint="-o")
    return Path(output)


# ── messages ──────────────────────────────────────────────────────────────────────────────────


def _format_counts(events: int, answers: int) -> str:
    from workshop.text import counted

    return f"{counted(events, 'event')}, {counted(answers, 'answer')}"


def _verdict_lines(verdict: "Verdict") -> list[str]:
    from workshop.text import clean_line

    path = clean_line(str(verdict.path))
    if verdict.is_sound:
        lines = [f"{path}: sound: {_format_counts(verdict.events, verdict.answers)}"]
        return lines + [f"  {clean_line(warning)}" for warning in verdict.warnings]
    lines = [f"{path}: damaged: {clean_line('; '.join(verdict.damage))}."]
    if not verdict.sound:
        return [*lines, "  No event in it is sound."]
    if verdict.unsound:
        noun = "event" if len(verdict.unsound) == 1 else "events"
        lines.append(f"  Not sound: {noun} {_format_ranges(verdict.unsound)}.")
    sound = _format_counts(len(verdict.sound), verdict.answers)
    return [*lines, f"  Sound: {sound}. 'workshop rescue' writes them to a new file."]


def _format_ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as text: "1–6, 8 and 10–12"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [f"{first}–{last}" if first < last else f"{first}" for first, last in runs]
    if len(parts) > _MAX_ENTRIES:
        parts = [*parts[:_MAX_ENTRIES], "…"]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _verdict_value(verdict: "Verdict") -> "Value":
    return {
        "path": str(verdict.path),
        "sound": verdict.is_sound,
        "events": verdict.events,
        "answers": verdict.answers,
        "sound_events": len(verdict.sound),
        "unsound_events": list(verdict.unsound),
        "damage": list(verdict.damage),
        "remarks": list(verdict.warnings),
    }


def _unreadable_value(name: str, error: "WorkshopError") -> "Value":
    # The same keys as those of a verdict, so that a program need not check which are present.
    # The counts are unknown.
    return {
        "path": name,
        "sound": False,
        "events": None,
        "answers": None,
        "sound_events": None,
        "unsound_events": [],
        "damage": [error.message],
        "remarks": [],
    }


def _rescued_lines(rescued: "RescueResult") -> Iterable[str]:
    yield f"Saved: {_format_counts(rescued.events, rescued.answers)}."
    if rescued.repaired:
        yield "Corrected, where a single bit was flipped:"
        yield from _event_lines(rescued.repaired)
    if rescued.missing:
        noun = "event" if len(rescued.missing) == 1 else "events"
        yield f"Not saved: {noun} {_format_ranges(rescued.missing)}."
    if rescued.left_out:
        yield "Left out, because nothing proves that this is what was written:"
        yield from _event_lines(rescued.left_out)
    if rescued.unapplied:
        # All of them, in full: they are sound, and no other command shows their text.
        yield "Saved, but without effect in the new file; type again what still counts:"
        yield from (f"  {line}" for line in rescued.unapplied)
    yield from rescued.warnings


def _backup_lines(backups: Sequence["SoundBackup"]) -> list[str]:
    from workshop.frontends.cli.text_views import format_time
    from workshop.text import clean_line, counted

    return [
        f"  A backup of {format_time(backup.made_at.isoformat())} is sound, with "
        f"{counted(backup.answers, 'answer')}: {clean_line(str(backup.path))}"
        for backup in backups
    ]


def _event_lines(events: Sequence["HashedEvent"]) -> Iterable[str]:
    from workshop.text import clean_line, shorten

    for event in events[:_MAX_ENTRIES]:
        record = event.record
        text = getattr(record.event.body, "text", "") or getattr(record.event.body, "title", "")
        quote = f": {shorten(text, _MAX_TEXT_CELLS)}" if isinstance(text, str) and text else ""
        kind = shorten(clean_line(record.kind), 40).replace("_", " ")
        yield f"  event {event.display_number}, {kind} by {_format_name(record.actor)}{quote}"
    if len(events) > _MAX_ENTRIES:
        yield f"  and {len(events) - _MAX_ENTRIES:,} more"


def _format_name(actor: str) -> str:
    from workshop.text import clean_line, shorten

    return shorten(clean_line(actor), 60) or "nobody"


def _wording_line(answer: "Answer") -> str:
    from workshop.text import shorten

    return f"  {answer.number} says “{shorten(answer.text, _MAX_TEXT_CELLS)}”"


def _overruled_line(overruled: "OverruledName") -> str:
    return f"Renamed in both copies: “{overruled.current}” counts now, and not “{overruled.name}”."


def _merged_lines(merged: "MergeResult") -> Iterable[str]:
    from workshop.text import counted, shorten

    yield f"United: {_format_counts(merged.events, merged.answers)}."
    groups = list(dict.fromkeys(reworded.wordings for reworded in merged.reworded))
    for first, *others in groups[:_MAX_ENTRIES]:
        if others:
            copies, noun = ("both", "wording") if len(others) == 1 else ("several", "wordings")
            yield (
                f"Answer {first.number} was changed in {copies} copies; "
                f"delete the {noun} that you do not want:"
            )
            yield from map(_wording_line, (first, *others))
    restored = [first for first, *others in groups[:_MAX_ENTRIES] if not others]
    if restored:
        yield "Deleted in one copy and changed in the other, so restored:"
        yield from map(_wording_line, restored)
    if len(groups) > _MAX_ENTRIES:
        yield f"And {len(groups) - _MAX_ENTRIES:,} more such answers."
    if merged.removed_with_votes:
        yield "Deleted in one copy and given dots in the other, so deleted with those dots:"
    for answer in merged.removed_with_votes[:_MAX_ENTRIES]:
        yield f"  “{shorten(answer.text, _MAX_TEXT_CELLS)}”: {counted(answer.votes, 'dot')}"
    if len(merged.removed_with_votes) > _MAX_ENTRIES:
        yield f"  and {len(merged.removed_with_votes) - _MAX_ENTRIES:,} more"
    yield from _reason_lines(merged.reasons)
    yield from map(_overruled_line, merged.overruled_names)
    for draft in merged.superseded_drafts[:_MAX_ENTRIES]:
        yield f"Half-typed by {_format_name(draft.participant)}, replaced by what was typed later:"
        yield f"  {shorten(draft.text, _MAX_TEXT_CELLS)}"
    if merged.renumbered:
        yield "Some answers have other numbers now than in the copies."


def _reason_lines(reasons: Sequence["SkipReason"]) -> Iterable[str]:
    from workshop.text import clean_line, shorten

    for reason in reasons[:_MAX_ENTRIES]:
        if reason.current:
            yield "Skipped for two reasons, so one of them is a parked point, for people to decide:"
        else:
            yield "Skipped for a reason in one copy alone, so the reason is a parked point now:"
        lines = (reason.question, reason.current, f"parked: {reason.point.text}")
        yield from (f"  {shorten(clean_line(line), _MAX_TEXT_CELLS)}" for line in lines if line)
    if len(reasons) > _MAX_ENTRIES:
        yield f"And {len(reasons) - _MAX_ENTRIES:,} more such reasons."


COMMANDS = (verify, rescue, backup, merge, delete)
