"""Taking care of session files: checking, saving, copying and uniting them."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.frontends.cli.arguments import directory, not_empty
from workshop.frontends.cli.output import print_json, print_lines, print_path, tell

if TYPE_CHECKING:
    from workshop.errors import WorkshopError
    from workshop.frontends.cli.json_views import Value
    from workshop.session.fold import Answer
    from workshop.storage.integrity.chain_verification import HashedEvent
    from workshop.storage.integrity.rescue import Rescued
    from workshop.storage.integrity.verify import Verdict
    from workshop.storage.merge_files import MergeResult, SkipReason

_WORDS_SHOWN = 200
"""How much of an answer is shown, in terminal cells."""
_MOST_SHOWN = 50

_new_file = click.option("-o", "--output", metavar="FILE", required=True, help="The new file.")


@click.command()
@click.argument("named", metavar="SESSION...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def verify(where: str | None, named: tuple[str, ...], as_json: bool) -> int:
    """Check that each SESSION is sound, from the file's header to what was said.

    Nothing in the files is changed, and one may be open elsewhere. If all are sound, the exit code
    is 0.
    """
    from workshop.errors import BadFileError, WorkshopError
    from workshop.storage.catalog import find_session
    from workshop.storage.integrity.verify import verify as check

    values: list[Value] = []
    codes: list[int] = []
    for words in named:
        try:
            verdict = check(find_session(directory(where), words))
        except WorkshopError as error:
            codes.append(error.exit_code)
            values.append(_refused_value(words, error))
            tell(str(error))
            continue
        values.append(_verdict_value(verdict))
        if not verdict.is_sound:
            codes.append(BadFileError.exit_code)
        if not as_json:
            print_lines(_verdict_lines(verdict))
    if as_json:
        print_json(values)
    return BadFileError.exit_code if BadFileError.exit_code in codes else max(codes, default=0)


@click.command()
@click.argument("session", metavar="SESSION")
@_new_file
@click.option(
    "--bank",
    metavar="BANK",
    help="The bank that it was made on, for a file in which that is damaged, too.",
)
@click.pass_obj
def rescue(where: str | None, session: str, output: str, bank: str | None) -> int:
    """Write what is sound in a damaged SESSION to a new file and print its path.

    The damaged file stays as it is. What was left out is said, and then the exit code is 7; if all
    was saved, it is 0.
    """
    from workshop.banks.registry import find_bank
    from workshop.errors import INCOMPLETE_RESCUE
    from workshop.storage.catalog import find_session
    from workshop.storage.integrity.rescue import rescue as save

    target = _target(output)
    path = find_session(directory(where), session)
    rescued = save(path, target, None if bank is None else find_bank(bank))
    tell("\n".join(_rescued_lines(rescued)))
    print_path(target)
    return 0 if rescued.is_complete else INCOMPLETE_RESCUE


@click.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "-o", "--output", metavar="FILE", required=True, help="Where to put the copy: a file or folder."
)
@click.option("--force", is_flag=True, help="Replace whatever file is there.")
@click.pass_obj
def backup(where: str | None, session: str, output: str, force: bool) -> None:
    """Copy SESSION, also while it is open elsewhere, check the copy and print its path."""
    from workshop.storage.backup import back_up
    from workshop.storage.catalog import find_session

    target = _target(output)
    path = find_session(directory(where), session)
    if target.is_dir() or output.endswith(("/", os.sep)):
        target /= path.name
    verdict = back_up(path, target, replace=force)
    tell(f"Copied and checked: {_size(verdict.events, verdict.answers)}.")
    print_path(target)


@click.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@_new_file
@click.pass_obj
def merge(where: str | None, one: str, other: str, output: str) -> None:
    """Unite A and B, two copies of one session, in a new file and print its path.

    The two stay as they are. Where both changed an answer, both wordings are kept, and where both
    skipped a question, both reasons.
    """
    from workshop.storage.catalog import find_session
    from workshop.storage.merge_files import merge as unite

    target = _target(output)
    here, there = (find_session(directory(where), words) for words in (one, other))
    tell("\n".join(_merged_lines(unite(here, there, target))))
    print_path(target)


def _target(output: str) -> Path:
    not_empty("-o", output)
    if output == "-":
        said = "a session goes into a file, and not to the standard output."
        raise click.BadParameter(said, param_hint="-o")
    return Path(output)


# ── what they say ────────────────────────────────────────────────────────────────────────────


def _size(events: int, answers: int) -> str:
    from workshop.text import counted

    return f"{counted(events, 'event')}, {counted(answers, 'answer')}"


def _verdict_lines(verdict: "Verdict") -> list[str]:
    from workshop.text import clean_line

    path = clean_line(str(verdict.path))
    if verdict.is_sound:
        lines = [f"{path}: sound: {_size(verdict.events, verdict.answers)}"]
        return lines + [f"  {clean_line(remark)}" for remark in verdict.warnings]
    lines = [f"{path}: damaged: {clean_line('; '.join(verdict.damage))}."]
    if not verdict.sound:
        return [*lines, "  No event in it is sound."]
    if verdict.unsound:
        which = "event" if len(verdict.unsound) == 1 else "events"
        lines.append(f"  Not sound: {which} {_ranges(verdict.unsound)}.")
    sound = _size(len(verdict.sound), verdict.answers)
    return [*lines, f"  Sound: {sound}. 'workshop rescue' writes them to a new file."]


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as people write them: "1–6, 8 and 10–12"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [f"{first}–{last}" if first < last else f"{first}" for first, last in runs]
    if len(parts) > _MOST_SHOWN:
        parts = [*parts[:_MOST_SHOWN], "…"]
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


def _refused_value(words: str, error: "WorkshopError") -> "Value":
    # The same keys, so that a program need not ask which are there; of what could not be read,
    # nobody knows how much there is.
    return {
        "path": words,
        "sound": False,
        "events": None,
        "answers": None,
        "sound_events": None,
        "unsound_events": [],
        "damage": [error.message],
        "remarks": [],
    }


def _rescued_lines(rescued: "Rescued") -> Iterable[str]:
    yield f"Saved: {_size(rescued.events, rescued.answers)}."
    if rescued.repaired:
        yield "Put right, where a single bit had turned:"
        yield from _event_lines(rescued.repaired)
    if rescued.missing:
        which = "event" if len(rescued.missing) == 1 else "events"
        yield f"Not saved: {which} {_ranges(rescued.missing)}."
    if rescued.left_out:
        yield "Left out, because nothing proves that this is what was written:"
        yield from _event_lines(rescued.left_out)
    if rescued.unapplied:
        # All of them and in full: they are sound, and no other command shows their words.
        yield "Saved, but without effect in the new file: type in again what still counts:"
        yield from (f"  {remark}" for remark in rescued.unapplied)
    yield from rescued.warnings


def _event_lines(events: Sequence["HashedEvent"]) -> Iterable[str]:
    from workshop.text import clean_line, shorten

    for event in events[:_MOST_SHOWN]:
        record = event.record
        words = getattr(record.event.body, "text", "")
        said = f": {shorten(words, _WORDS_SHOWN)}" if isinstance(words, str) and words else ""
        what = f"{shorten(clean_line(record.kind), 40).replace('_', ' ')} by {_name(record.actor)}"
        yield f"  event {event.display_number}, {what}{said}"
    if len(events) > _MOST_SHOWN:
        yield f"  and {len(events) - _MOST_SHOWN:,} more"


def _name(actor: str) -> str:
    from workshop.text import clean_line, shorten

    return shorten(clean_line(actor), 60) or "nobody"


def _says(answer: "Answer") -> str:
    from workshop.text import shorten

    return f"  {answer.number} says “{shorten(answer.text, _WORDS_SHOWN)}”"


def _merged_lines(merged: "MergeResult") -> Iterable[str]:
    from workshop.text import counted, shorten

    yield f"United: {_size(merged.events, merged.answers)}."
    families = list(dict.fromkeys(reworded.wordings for reworded in merged.reworded))
    for first, *others in families[:_MOST_SHOWN]:
        if others:
            copies, which = ("both", "wording") if len(others) == 1 else ("several", "wordings")
            yield (
                f"Answer {first.number} was changed in {copies} copies; "
                f"delete the {which} that you do not want:"
            )
            yield from map(_says, (first, *others))
    again = [first for first, *others in families[:_MOST_SHOWN] if not others]
    if again:
        yield "Taken away in one copy and changed in the other, so there again:"
        yield from map(_says, again)
    if len(families) > _MOST_SHOWN:
        yield f"And {len(families) - _MOST_SHOWN:,} more such answers."
    if merged.removed_with_votes:
        yield "Taken away in one copy and given dots in the other, so gone with those dots:"
    for answer in merged.removed_with_votes[:_MOST_SHOWN]:
        yield f"  “{shorten(answer.text, _WORDS_SHOWN)}”: {counted(answer.dots, 'dot')}"
    if len(merged.removed_with_votes) > _MOST_SHOWN:
        yield f"  and {len(merged.removed_with_votes) - _MOST_SHOWN:,} more"
    yield from _reason_lines(merged.reasons)
    for draft in merged.superseded_drafts[:_MOST_SHOWN]:
        yield f"Half-typed by {_name(draft.participant)}, left out for what was typed later:"
        yield f"  {shorten(draft.text, _WORDS_SHOWN)}"
    if merged.renumbered:
        yield "Some answers have other numbers now than in the copies."


def _reason_lines(reasons: Sequence["SkipReason"]) -> Iterable[str]:
    from workshop.text import clean_line, shorten

    for reason in reasons[:_MOST_SHOWN]:
        if reason.current:
            yield "Skipped for two reasons, so one of them is a parked point, for people to decide:"
        else:
            yield "Skipped for a reason in one copy alone, so the reason is a parked point now:"
        said = (reason.question, reason.current, f"parked: {reason.point.text}")
        yield from (f"  {shorten(clean_line(words), _WORDS_SHOWN)}" for words in said if words)
    if len(reasons) > _MOST_SHOWN:
        yield f"And {len(reasons) - _MOST_SHOWN:,} more such reasons."


COMMANDS = (verify, rescue, backup, merge)
