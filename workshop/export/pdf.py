"""The report as PDF: the Word report, which LibreOffice on this machine turns into pages.

LibreOffice runs without a window, in a folder of its own that is gone afterwards, and nothing that
it says reaches the screen. It runs no macros and fetches nothing. Two runs over the same session
give the same bytes: what it writes of its own accord, the time of day and numbers made from it, is
overwritten in place.
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
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from workshop.errors import WorkshopError
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
_FOLDER = "workshop-pdf-"
"""How the name of the folder begins in which LibreOffice works."""
_LONG_AGO = 3600.0
"""How old such a folder must be, in seconds, before nobody can be at work in it any more."""
_PULSE = 0.1
"""How often, in seconds, it is looked at and progress is told."""
_WORDS_SHARE = 0.2
"""Which part of the work the Word report is."""
_LONGEST_REASON = 200
_LEAST_ROOM = 16_000_000
"""With less room than this, in bytes, for temporary files a failure is put down to that."""
_TAIL = 1024
"""How far before the end of a PDF its last lines are looked for, in bytes."""

_END = b"%%EOF"
"""What a PDF ends with that was written to its end."""
_UNASKED = re.compile("^Warning: failed to launch javaldx.*$", re.MULTILINE)
"""What LibreOffice says wherever it runs without Java, as it is told to here."""

_UNIX = ("soffice", "libreoffice")
_MAC = "Applications/LibreOffice.app/Contents/MacOS/soffice"
_WINDOWS = "LibreOffice/program/soffice.com"

# What would be chosen in LibreOffice's own dialogs. That a PDF is tagged lets a screen reader
# follow it; the rest keeps whatever a template brings along from running or calling anywhere.
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
"""What the mark stands behind."""
_PRODUCER = re.compile(rb"/Producer ?<FEFF((?:[0-9A-F]{4})+)>")
_VERSION = re.compile(r"LibreOffice (\d{1,4})\.(\d{1,4})")
_INFO_DATE = re.compile(rb"(/(?:Creation|Mod)Date\(D:)\d{14}")
_XMP_DATE = re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_TRAILER_NUMBER = re.compile(rb"(?<=[</])[0-9A-F]{32}\b")


def write(request: ReportRequest) -> RenderedReport:
    """Return the report as a PDF.

    Raises WorkshopError where there is no LibreOffice or it makes no PDF, and what the Word writer
    raises.
    """
    from workshop.export.word import writer

    program = _libreoffice()

    def tell_words(done: float) -> None:
        request.progress(done * _WORDS_SHARE)

    words = replace(request, progress=tell_words)
    written = writer.write(words)
    printed = _printed(program, written.content, request.progress)
    settled = _settled(printed, words.outline.modified)
    warnings = (*written.warnings, *font_warnings(written.content, _version(printed)))
    return RenderedReport(_marked(settled, origin_mark(request.session.id)), warnings)


def read_origin(path: Path) -> Origin | None:
    """Return where the PDF at `path` comes from, or None where it is not ours.

    Raises OSError where the file cannot be read.
    """
    content = read_report_file(path)
    place = content.rfind(_COMMENT + MARK_PREFIX) if content.startswith(b"%PDF-") else -1
    return parse_origin(content, place + len(_COMMENT)) if place >= 0 else None


# ── LibreOffice ──────────────────────────────────────────────────────────────────────────────


def _libreoffice() -> str:
    """Return where LibreOffice is. Raises WorkshopError where it is nowhere to be found."""
    for name in _UNIX:
        if found := shutil.which(name):
            return found
    for place in _default_install_paths():
        if place.is_file():
            return str(place)
    raise WorkshopError(
        "A PDF is made by LibreOffice, which is not on this machine.",
        "Install it from libreoffice.org, or write the Word report and save it as PDF from Word.",
    )


def _default_install_paths() -> list[Path]:
    """Return where LibreOffice's installers put it without telling the search path."""
    if sys.platform == "darwin":
        return [Path("/") / _MAC, Path.home() / _MAC]
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)")]
        return [Path(root) / _WINDOWS for root in roots if root]
    return []


def _printed(program: str, document: bytes, progress: Progress) -> bytes:
    """Return `document`, a Word file, as the PDF that LibreOffice makes of it."""
    _sweep()
    try:
        # On Windows a file may still be held for a moment by a program that was ended.
        with tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True) as made:
            folder = Path(made)
            (folder / "report.docx").write_bytes(document)
            _write_profile(folder / "profile" / "user")
            with (folder / "said").open("w+b") as said:
                _convert(program, folder, said.fileno(), progress)
                pdf = folder / "report.pdf"
                if pdf.is_file() and _END in (content := pdf.read_bytes())[-_TAIL:]:
                    return content
                said.seek(0)
                reason = _UNASKED.sub("", said.read(10_000).decode("utf-8", "replace"))
                left = shutil.disk_usage(folder).free
    except OSError as error:
        if is_disk_full(error):
            raise _no_room(0) from error
        raise WorkshopError(
            f"LibreOffice ({program}) could not make the PDF: {error.strerror or error}.",
            "Write the Word report and save it as PDF from there.",
        ) from error
    if left < max(_LEAST_ROOM, 2 * len(document)):
        raise _no_room(left)
    said_last = shorten(clean_line(reason), _LONGEST_REASON).rstrip(".") or "nothing"
    raise WorkshopError(
        f"LibreOffice ({program}) made no PDF and said: {said_last}.",
        "Write the Word report and save it as PDF from there.",
    )


def _no_room(left: int) -> WorkshopError:
    """Return what there is to say where the temporary folder has so many bytes left."""
    amount = f"has only {left / 1e6:.1f} MB left" if left > 100_000 else "is full"
    where = clean_line(tempfile.gettempdir())
    return WorkshopError(
        f"There is no room to make the PDF: the temporary folder {where} {amount}.",
        "Free some space there, or set TMPDIR to another folder.",
    )


def _sweep() -> None:
    """Take away what a killed Workshop left: a client's document is in it."""
    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if left.lstat().st_mtime < time.time() - _LONG_AGO and left.is_dir():
                shutil.rmtree(left, ignore_errors=True)


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = [
        _SETTING.format(place, name, value)
        for place, settings in _SETTINGS.items()
        for name, value in settings.items()
    ]
    text = _PROFILE.format("\n".join(items))
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _convert(program: str, folder: Path, said: int, progress: Progress) -> None:
    """Let LibreOffice write report.pdf in `folder`; raises WorkshopError when it takes too long."""
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
    began = time.monotonic()
    # A group of its own: the program starts others, and all of them end together.
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, none of them from outside
        command,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        cwd=folder,
        # What it puts aside goes with the folder, too, when it is broken off.
        env={**os.environ, "TZ": "UTC", **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))},
        start_new_session=True,
    )
    try:
        while time.monotonic() - began < TIME_LIMIT:
            # How far it is it does not say; being asked again and again shows that it works.
            progress(_WORDS_SHARE)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PULSE)
                return
    finally:
        if process.poll() is None:
            _end(process)
    raise WorkshopError(
        f"LibreOffice had made no PDF after {TIME_LIMIT / 60:.0f} minutes and was stopped.",
        "Write the Word report and save it as PDF from there.",
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice and what it started."""
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
    """Return the version of the LibreOffice that made `pdf`, or None where it does not say."""
    found = _PRODUCER.search(pdf, max(pdf.rfind(b"/Producer"), 0))
    producer = bytes.fromhex(found[1].decode()).decode("utf-16-be", "replace") if found else ""
    version = _VERSION.match(producer)
    return (int(version[1]), int(version[2])) if version else None


def _settled(pdf: bytes, at: datetime) -> bytes:
    """Return `pdf` with `at` for the time of day and a digest for the numbers made from it.

    Nothing changes its place, so that the table of places in the PDF stays right.
    """
    moment = at.astimezone(UTC)
    pdf = _INFO_DATE.sub(rb"\g<1>" + f"{moment:%Y%m%d%H%M%S}".encode(), pdf)
    pdf = _XMP_DATE.sub(rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%S}".encode(), pdf)
    place = max(pdf.rfind(b"\ntrailer"), len(pdf) - _TAIL, 0)
    body, tail = pdf[:place], pdf[place:]
    number = hashlib.sha256(body).hexdigest()[:32].upper().encode()
    return body + _TRAILER_NUMBER.sub(number, tail)


def _marked(pdf: bytes, mark: str) -> bytes:
    """Return `pdf` with `mark` as a comment where no place in the file is counted any more."""
    place = pdf.rfind(b"startxref")
    if place < 0:
        return pdf
    content = pdf[:place] + _COMMENT[1:] + mark.encode() + b"\n" + pdf[place:]
    return with_checksum(content, place + len(_COMMENT) - 1)
