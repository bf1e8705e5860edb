"""The time to write a report, compared with the least that any program must do for the same rows.

`python tests/bench report` prints two figures, `python tests/bench/bench_report.py` all of them.
The baseline writes one paragraph for each answer into a zip file. Each measurement runs in a
process of its own. The time is the least processor time of three in three rounds; the peak memory
is that of writing one report. The fixed cost is the report without answers. With `--pages`,
LibreOffice counts the pages, which takes minutes.
"""

import gc
import json
import re
import resource
import subprocess
import sys
import time
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

ROUNDS = 3
SIZES = (0, 100, 1_000, 2_500, 5_000, 10_000, 20_000)
PEOPLE = ("Ann Berg", "Bob Dahl", "Cem Öz")
TEXT = "Answer {n} says something of a usual length, about ninety characters, as people do"


def make_session(count):
    """Return a session on the IT canvas with `count` answers, and its event log."""
    from workshop.banks.registry import find_bank
    from workshop.session.event_log import EventLog
    from workshop.session.events import AnswerAdded, Event
    from workshop.session.session import Session

    session = Session(
        id="0" * 32,
        title="Bench",
        mode="group",
        bank=find_bank("it_business_model_canvas"),
        created="2025-03-12T09:00:00Z",
    )
    addresses = session.addresses
    events = [
        Event(
            f"{n:032x}",
            "2025-03-12T10:00:00.000Z",
            "Ann Berg",
            AnswerAdded(
                question=addresses[n % len(addresses)],
                text=TEXT.format(n=n),
                participant=PEOPLE[n % len(PEOPLE)],
            ),
        )
        for n in range(count)
    ]
    return session, EventLog(events)


def ours(session, event_log):
    """Return the whole report: outline, canvas fit, document, zip."""
    from workshop.export.word.writer import word_report
    from workshop.views.outline import build_outline

    return word_report(build_outline(session, event_log))


def baseline(_session, event_log):
    """Return the same rows as bare paragraphs in a zip file."""
    rows = "".join(
        '<w:p><w:pPr><w:pStyle w:val="Answer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(a.text)}</w:t></w:r>'
        '<w:r><w:rPr><w:rStyle w:val="AnswerMeta"/></w:rPr>'
        f'<w:t xml:space="preserve"> — {escape(a.participant)}</w:t></w:r></w:p>'
        for a in event_log.state.answers.values()
    )
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document><w:body>{rows}</w:body></w:document>")
    return stream.getvalue()


def measure(writer, count):
    """Print the best time in milliseconds and the size of the file."""
    write = {"ours": ours, "raw": baseline}[writer]
    session, event_log = make_session(count)
    write(*make_session(1))  # imports modules, which is not measured
    best = float("inf")
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        content = write(session, event_log)
        best = min(best, time.process_time() - start)
    print(json.dumps([best * 1000, len(content)]))


def measure_memory(_writer, count):
    """Print the peak memory in MB of a process that writes one report."""
    ours(*make_session(count))
    print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure_pages(_writer, count):
    """Print the number of pages of the report in LibreOffice, and how many of them are canvases."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        path.write_bytes(ours(*make_session(count)))
        command = ["soffice", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"]
        command += ["--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True)
        command = ["pdfinfo", "-l", "99999", str(path.with_suffix(".pdf"))]
        info = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sizes = re.findall(r"size: +([\d.]+) x ([\d.]+)", info)
    print(json.dumps([len(sizes), sum(float(w) > float(h) for w, h in sizes)]))


def run_measurement(kind, count):
    """Return the result of a measurement, which runs in a process of its own."""
    command = [sys.executable, __file__, kind, str(count)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(result.stdout)


def best_times():
    """Return the best times in milliseconds, by writer ("ours" or "raw") and number of answers."""
    rounds = [
        {
            (writer, count): run_measurement(writer, count)[0]
            for count in SIZES
            for writer in ("ours", "raw")
        }
        for _ in range(ROUNDS)
    ]
    return {key: min(times[key] for times in rounds) for key in rounds[0]}


def figures():
    """Yield the time of 1,000 more answers, the effect of twice as many, and the memory."""
    from figures import Figure, milliseconds

    times = best_times()
    large, half, small = SIZES[-1], SIZES[-2], SIZES[3]
    slope, baseline_slope = (
        (times[writer, large] - times[writer, small]) / (large - small)
        for writer in ("ours", "raw")
    )
    yield Figure(
        f"1,000 more answers in a report, from {small:,} to {large:,}",
        f"raw zip-and-XML writer {milliseconds([baseline_slope])}",
        milliseconds([slope]),
        slope * 1000,
        50,
        unit=" ms",
    )
    yield Figure(
        f"a report of {large:,} answers",
        f"one of {half:,} {milliseconds([times['ours', half] / 1000])}",
        milliseconds([times["ours", large] / 1000]),
        times["ours", large] / times["ours", half],
        2.2,
        memory=run_measurement("memory", large),
    )


def main(*, pages):
    """Print the table, with the pages of each report if `pages` is true."""
    print(" answers    report      raw  ratio  ms/1,000     peak" + "   pages" * pages)
    times = best_times()
    for count in SIZES:
        report, raw = times["ours", count], times["raw", count]
        variable_cost = report - times["ours", 0]
        slope = f"{variable_cost / count * 1000:9.1f}" if count else f"{'fixed':>9}"
        line = f"{count:8,} {report:6.0f} ms {raw:5.0f} ms {report / max(raw, 0.1):6.1f} {slope}"
        line += f" {run_measurement('memory', count):5.0f} MB"
        if pages:
            page_count, canvases = run_measurement("pages", count)
            line += f" {page_count:7,}, {canvases} canvas"
        print(line)
    marginal = (times["ours", 20_000] - times["ours", 1_000]) / 19
    print(f"from 1,000 to 20,000 answers: {marginal:.1f} ms for each 1,000 more")
    for less, more in pairwise(SIZES):
        if more == 2 * less:
            ratio = times["ours", more] / times["ours", less]
            print(f"{more:,} take {ratio:.2f} times as long as {less:,}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    if len(sys.argv) == 3:
        measurement = {"memory": measure_memory, "pages": measure_pages}.get(sys.argv[1], measure)
        measurement(sys.argv[1], int(sys.argv[2]))
    else:
        main(pages="--pages" in sys.argv)
