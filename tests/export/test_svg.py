"""The picture of the canvas: standalone, literal, and with all text inside its blocks."""

import re
from xml.etree import ElementTree as ET

import pytest
from bank_samples import grid_bank
from report_languages import bank_in
from report_samples import ALIGNMENT, IT, answer, everything, many, session_on

from workshop.export.layout.character_widths import width_of
from workshop.export.layout.fit import fit_canvas
from workshop.export.page_size import A4, LETTER
from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.export.svg import read_origin, svg, write
from workshop.session.event_log import EventLog
from workshop.views import labels
from workshop.views.outline import build_outline

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script> &amp; ]]> <!-- 'x' \"y\" url(#a) {b}"
ARABIC = "يحتاج عملاؤنا إلى خدمة موثوقة"


def outline_of(session, events):
    return build_outline(session, EventLog(events))


def picture(session, events, page_size=A4):
    return ET.fromstring(svg(outline_of(session, events), page_size))


def drawn(root, name):
    return [e for e in root.iter() if e.tag == f"{SVG}{name}"]


def said(element):
    return "".join(element.itertext())


CASES = {
    "empty": lambda s: [],
    "typical": everything,
    "overfull": lambda s: many(s, 2000),
    "long-words": lambda s: [answer(n, a, "x" * 300) for n, a in enumerate(s.addresses)],
    "hostile": lambda s: [answer(n, a, HOSTILE) for n, a in enumerate(s.addresses)],
}


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_every_line_is_inside_its_block(bank, case):
    session = session_on(bank)
    for group in drawn(picture(session, CASES[case](session)), "g"):
        box = group.find(f"{SVG}rect")
        left, top, width, height = (float(box.get(k)) for k in ("x", "y", "width", "height"))
        for text in group.findall(f"{SVG}text"):
            size, bold = float(text.get("font-size")), text.get("font-weight") == "bold"
            for span in text.findall(f"{SVG}tspan"):
                x, y = float(span.get("x")), float(span.get("y"))
                assert left < x
                assert x + width_of(span.text, bold=bold) * size < left + width
                assert top + size * 0.7 < y < top + height - size * 0.2


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_every_fitted_line_is_there_literally(bank, case):
    session = session_on(bank)
    outline = outline_of(session, CASES[case](session))
    found = [re.sub(r"\s", "", said(t)) for t in drawn(ET.fromstring(svg(outline)), "text")]
    canvas = fit_canvas(outline.pages[-1], A4)
    for block in canvas.blocks:
        for line in (block.title, *block.text.lines):
            bullet = "" if block.joined or line == block.title else "•"
            assert re.sub(r"\s", "", f"{bullet}{line}") in found
        if block.text.omitted:
            assert f"+{block.text.omitted:,}more" in found


def test_a_copied_answer_has_its_spaces_and_no_others():
    session = session_on(IT)
    text = "An answer of several lines, since it is long, and then 日本語の答えが続きます。" * 2
    root = picture(session, [answer(1, session.addresses[0], text)])
    assert f"•{text}" in [said(t) for t in drawn(root, "text")]


def test_a_picture_is_self_contained_and_has_no_scripts():
    session = session_on(ALIGNMENT, title=HOSTILE)
    root = picture(session, CASES["hostile"](session))
    names = {"svg", "title", "desc", "metadata", "g", "rect", "text", "tspan"}
    assert {e.tag for e in root.iter()} == {f"{SVG}{name}" for name in names}
    attributes = {(k, v) for e in root.iter() for k, v in e.attrib.items()}
    assert not [k for k, _ in attributes if "href" in k or k.startswith("on") or k == "style"]
    assert not [v for _, v in attributes if "url(" in v or "://" in v]


def test_a_picture_has_a_title_and_a_description():
    root = picture(session_on(IT), [answer(1, "key_partners.partners", "A"), answer(2, "x.y", "B")])
    title, description = drawn(root, "title")[0], drawn(root, "desc")[0]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert title.text == "The IT Business Model Canvas: Port of Halden"
    assert "Channels: no answers." in description.text


def test_it_has_the_size_of_the_page():
    root = picture(session_on(IT), [])
    assert (root.get("width"), root.get("height")) == ("297mm", "210mm")
    assert root.get("viewBox") == "0 0 841.89 595.28"
    letter = picture(session_on(IT), [], LETTER)
    assert letter.get("viewBox") == "0 0 792 612"


def test_of_several_models_it_shows_all_with_their_names_upright():
    session = session_on(ALIGNMENT, names={"higher": "Acme"})
    root = picture(session, everything(session))
    turned = [t for t in drawn(root, "text") if "rotate(-90)" in t.get("transform", "")]
    assert [said(t) for t in turned] == ["Acme", "Lower Model"]
    assert [said(t) for t in drawn(root, "text")].count("Channels") == 2


def test_text_that_runs_right_to_left_begins_on_the_right():
    session = session_on(IT)
    root = picture(
        session, [answer(1, session.addresses[0], ARABIC), answer(2, session.addresses[0], "A")]
    )
    words = {said(t): t for t in drawn(root, "text")}
    arabic = next(t for text, t in words.items() if ARABIC.partition(" ")[0] in text)
    latin = words["•A"]
    assert arabic.get("direction") == "rtl"
    assert latin.get("direction") is None
    bullet, line = arabic.findall(f"{SVG}tspan")[:2]
    assert float(bullet.get("x")) > float(line.get("x")) > float(latin[1].get("x"))


@pytest.mark.parametrize("language", ["ar", "he"])
def test_the_canvas_of_a_right_to_left_language_begins_on_the_right(language):
    session = session_on(bank_in(language))
    root = picture(session, many(session, 200))
    width = float(root.get("viewBox").split()[2])
    boxes = [group.find(f"{SVG}rect") for group in drawn(root, "g")]
    lefts = [float(box.get("x")) for box in boxes]
    assert lefts[0] == max(lefts)
    assert lefts[4] == min(lefts) == pytest.approx(A4.canvas_margin, abs=0.01)
    subtitle = next(t for t in drawn(root, "text") if "answers" in said(t))
    assert subtitle.get("text-anchor") == "end"
    assert float(subtitle.find(f"{SVG}tspan").get("x")) > width / 2
    rest = [t for t in drawn(root, "text") if said(t).endswith(" more")]
    assert rest
    assert {t.get("text-anchor") for t in rest} == {None}


def test_a_grid_that_fits_no_page_causes_a_warning():
    def warnings(bank):
        return write(ReportRequest(session_on(bank), EventLog())).warnings

    assert warnings(grid_bank(7, 8)) == ()
    assert warnings(grid_bank(1, 40)) == labels.canvas_warnings([True])


def test_a_picture_is_recognised_by_its_mark(tmp_path):
    session = session_on(IT, title=f"workshop:session:{'f' * 32} & more")
    path = tmp_path / "canvas.svg"
    path.write_bytes(write(ReportRequest(session, EventLog(everything(session)))).content)
    assert read_origin(path) == Origin(session.id)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"<svg><metadata>workshop:session:" + b"f" * 32 + b"</metadata></svg>",
        b"x" * 200_000,
        b'<?xml version="1.0"?><svg><title>a</title><desc>b</desc><metadata>me</metadata></svg>',
    ],
)
def test_a_picture_that_workshop_did_not_draw_has_no_origin(tmp_path, content):
    path = tmp_path / "canvas.svg"
    path.write_bytes(content)
    assert read_origin(path) is None


def test_the_same_session_gives_the_same_bytes():
    session = session_on(ALIGNMENT)
    outline = outline_of(session, everything(session))
    assert svg(outline) == svg(outline)
