"""The report as PDF: the Word report, converted by the LibreOffice on this machine.

LibreOffice runs without a window in a temporary folder that is deleted afterwards, and nothing
that it prints reaches the screen. It runs no macros and fetches nothing. Two exports of the same
session give the same bytes: the time of day and the numbers derived from it, which LibreOffice
adds, are overwritten in place.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.export.deferred_signals import defer_signals
from workshop.export.i18n.font_coverage import font_warnings
from workshop.export.provenance import (
    MARK_PREFIX,
    Origin,
    origin_mark,
    parse_origin,
    read_report_file,
    with_checksum,
)
from workshop.export.request import Progress, RenderedReport, ReportRequest
from workshop.files.full_disk import is_disk_full
from workshop.text import clean_line, shorten

TIME_LIMIT = 300.0
"""How long LibreOffice may take, in seconds; it needs about 20 for 20,000 answers."""
_FOLDER_PREFIX = "workshop-pdf-"
"""The first part of the name of the temporary folder."""
_STALE_AFTER = 3600.0
"""The age in seconds from which no conversion can be using such a folder any more."""
_POLL_INTERVAL = 0.1
"""The seconds between two checks of LibreOffice, at each of which progress is reported."""
_WORD_SHARE = 0.2
"""The share of the work that the Word report takes."""
_MAX_REASON_LENGTH = 200
_MIN_FREE_BYTES = 16_000_000
"""With less free space for temporary files than this, a failure is explained by a full disk."""
_TAIL_BYTES = 1024
"""The size of the end of a PDF that is searched for its last lines."""

_END = b"%%EOF"
"""The last line of a complete PDF."""
_JAVA_WARNING = re.compile("^Warning: failed to launch javaldx.*$", re.MULTILINE)
"""The warning that LibreOffice prints whenever it runs without Java, as it does here."""

_UNIX = ("soffice", "libreoffice")
_MAC = "Applications/LibreOffice.app/Contents/MacOS/soffice"
_WINDOWS = "LibreOffice/program/soffice.com"

# Settings that LibreOffice has in its dialogs. A tagged PDF can be followed by a screen reader;
# the rest keeps the content of a template from running code or connecting anywhere.
_SETTINGS = {
    "Common/Filter/PDF/Export": {"UseTaggedPDF": "true", "ExportBookmarks": "true"},
    "Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
    },
    "Java/VirtualMachine": {"Enable": "false"},
    "Writer/Content/Update": {"Link": "0"},
}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{}
</oor:items>
"""
_SETTING = (
    '<item oor:path="/org.openoffice.Office.{}">'
    '<prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)

_COMMENT = b"\n%"
"""Precedes the mark."""
_PRODUCER = re.compile(rb"/Producer ?<FEFF((?:[0-9A-F]{4})+)>")
_VERSION = re.compile(r"LibreOffice (\d{1,4})\.(\d{1,4})")
_INFO_DATE = re.compile(rb"(/(?:Creation|Mod)Date\(D:)\d{14}")
_XMP_DATE = re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_TRAILER_NUMBER = re.compile(rb"(?<=[</])[0-9A-F]{32}\b")


def write(request: ReportRequest) -> RenderedReport:
    """Return the report as a PDF.

    Raises WorkshopError if LibreOffice is missing or makes no PDF, and whatever the Word writer
    raises.
    """
    from workshop.export.word import writer

    program = _libreoffice()

    def report_word_progress(done: float) -> None:
        request.progress(done * _WORD_SHARE)

    word_request = replace(request, progress=report_word_progress)
    word_report = writer.write(word_request)
    raw_pdf = _convert_to_pdf(program, word_report.content, request.progress)
    dated_pdf = _with_fixed_date(raw_pdf, word_request.outline.modified)
    warnings = (*word_report.warnings, *font_warnings(word_report.content, _version(raw_pdf)))
    return RenderedReport(_add_mark(dated_pdf, origin_mark(request.session.id)), warnings)


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the PDF at `path`, or None if Workshop did not write it.

    Raises OSError if the file cannot be read.
    """
    content = read_report_file(path)
    offset = content.rfind(_COMMENT + MARK_PREFIX) if content.startswith(b"%PDF-") else -1
    return parse_origin(content, offset + len(_COMMENT)) if offset >= 0 else None


# ── LibreOffice ──────────────────────────────────────────────────────────────────────────────


def _libreoffice() -> str:
    """Return the path of the LibreOffice program. Raises WorkshopError if there is none."""
    for name in _UNIX:
        if program := shutil.which(name):
            return program
    for path in _default_install_paths():
        if path.is_file():
            return str(path)
    raise WorkshopError(
        "A PDF is made by LibreOffice, which is not on this machine.",
        "Install it from libreoffice.org, or write the Word report and save it as PDF from Word.",
    )


def _default_install_paths() -> list[Path]:
    """Return the paths where installers put LibreOffice without adding it to the search path."""
    if sys.platform == "darwin":
        return [Path("/") / _MAC, Path.home() / _MAC]
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)")]
        return [Path(root) / _WINDOWS for root in roots if root]
    return []


def _convert_to_pdf(program: str, document: bytes, progress: Progress) -> bytes:
    """Return the PDF that LibreOffice makes of `document`, the bytes of a Word file."""
    _remove_stale_folders()
    try:
        # On Windows, a program that was stopped may hold a file open for a moment longer.
        with (
            defer_signals() as deliver_signals,
            tempfile.TemporaryDirectory(
                prefix=_FOLDER_PREFIX, ignore_cleanup_errors=True
            ) as folder_name,
        ):
            folder = Path(folder_name)
            (folder / "report.docx").write_bytes(document)
            _write_profile(folder / "profile" / "user")
            with (folder / "output").open("w+b") as output:

                def pulse() -> None:
                    progress(_WORD_SHARE)
                    deliver_signals()

                _run_libreoffice(program, folder, output.fileno(), pulse)
                pdf = folder / "report.pdf"
                if pdf.is_file() and _END in (content := pdf.read_bytes())[-_TAIL_BYTES:]:
                    return content
                output.seek(0)
                messages = _JAVA_WARNING.sub("", output.read(10_000).decode("utf-8", "replace"))
                free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        if is_disk_full(error):
            raise _disk_full_error(0) from error
        raise WorkshopError(
            f"LibreOffice ({program}) could not make the PDF: {error.strerror or error}.",
            "Write the Word report and save it as PDF from there.",
        ) from error
    if free_bytes < max(_MIN_FREE_BYTES, 2 * len(document)):
        raise _disk_full_error(free_bytes)
    reason = shorten(clean_line(messages), _MAX_REASON_LENGTH).rstrip(".") or "nothing"
    raise WorkshopError(
        f"LibreOffice ({program}) made no PDF and said: {reason}.",
        "Write the Word report and save it as PDF from there.",
    )


def _disk_full_error(free_bytes: int) -> WorkshopError:
    """Return the error for a temporary folder that has only `free_bytes` left."""
    amount = f"has only {free_bytes / 1e6:.1f} MB left" if free_bytes > 100_000 else "is full"
    folder = clean_line(tempfile.gettempdir())
    return WorkshopError(
        f"There is no room to make the PDF: the temporary folder {folder} {amount}.",
        "Free some space there, or set TMPDIR to another folder.",
    )


def _remove_stale_folders() -> None:
    """Delete the folders that a killed Workshop left: they contain a client's document."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        with suppress(OSError):
            if folder.lstat().st_mtime < time.time() - _STALE_AFTER and folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = [
        _SETTING.format(node, name, value)
        for node, settings in _SETTINGS.items()
        for name, value in settings.items()
    ]
    text = _PROFILE.format("\n".join(items))
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _run_libreoffice(program: str, folder: Path, output: int, pulse: Callable[[], None]) -> None:
    """Let LibreOffice write report.pdf in `folder`; its messages go to the file number `output`.

    While it works, `pulse` is called every tenth of a second; what it raises stops LibreOffice.
    Signals must be deferred. Raises WorkshopError if LibreOffice takes too long.
    """
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
        str(folder / "report.docx"),
    ]
    start_time = time.monotonic()
    # A process group of its own: LibreOffice starts other programs, and all must end together.
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, none of them from outside
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=folder,
        # Its temporary files are deleted with the folder, too, even if it is stopped.
        env={**os.environ, "TZ": "UTC", **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))},
        start_new_session=True,
    )
    try:
        while time.monotonic() - start_time < TIME_LIMIT:
            # LibreOffice reports no progress of its own; the repeated call shows that it works.
            pulse()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_INTERVAL)
                return
    finally:
        if process.poll() is None:
            _end(process)
    raise WorkshopError(
        f"LibreOffice had made no PDF after {TIME_LIMIT / 60:.0f} minutes and was stopped.",
        "Write the Word report and save it as PDF from there.",
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Stop LibreOffice and every program that it started."""
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603 - its own process, by number
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - of the system
            capture_output=True,
            check=False,
        )
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# ── the bytes ────────────────────────────────────────────────────────────────────────────────


def _version(pdf: bytes) -> tuple[int, int] | None:
    """Return the version (major, minor) of the LibreOffice that made `pdf`, or None."""
    match = _PRODUCER.search(pdf, max(pdf.rfind(b"/Producer"), 0))
    producer = bytes.fromhex(match[1].decode()).decode("utf-16-be", "replace") if match else ""
    version = _VERSION.match(producer)
    return (int(version[1]), int(version[2])) if version else None


def _with_fixed_date(pdf: bytes, at: datetime) -> bytes:
    """Return `pdf` with its dates set to `at`, and its derived numbers to a digest of it.

    No offset changes, so that the cross-reference table of the PDF stays valid.
    """
    moment = at.astimezone(UTC)
    pdf = _INFO_DATE.sub(rb"\g<1>" + f"{moment:%Y%m%d%H%M%S}".encode(), pdf)
    pdf = _XMP_DATE.sub(rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%S}".encode(), pdf)
    tail_offset = max(pdf.rfind(b"\ntrailer"), len(pdf) - _TAIL_BYTES, 0)
    body, tail = pdf[:tail_offset], pdf[tail_offset:]
    digest = hashlib.sha256(body).hexdigest()[:32].upper().encode()
    return body + _TRAILER_NUMBER.sub(digest, tail)


def _add_mark(pdf: bytes, mark: str) -> bytes:
    """Return `pdf` with `mark` as a comment behind the cross-reference table and the trailer."""
    offset = pdf.rfind(b"startxref")
    if offset < 0:
        return pdf
    content = pdf[:offset] + _COMMENT[1:] + mark.encode() + b"\n" + pdf[offset:]
    return with_checksum(content, offset + len(_COMMENT) - 1)
