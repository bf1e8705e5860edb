"""A session as lines of text, and how line mode and `workshop show` lay them out."""

from report_samples import IT, answer, event, session_on

from workshop.frontends.cli.text_views import session_text
from workshop.frontends.plain.line_views import review_lines
from workshop.session.event_log import EventLog
from workshop.session.events import ActionAdded, PointParked, QuestionSkipped, VoteCast
from workshop.views.outline import build_outline
from workshop.views.session_text import text_lines

SESSION = session_on(IT)
FIRST, SECOND = SESSION.addresses[:2]
LOG = EventLog(
    [
        answer(1, FIRST, "One\nof two lines", "Ann"),
        event(2, VoteCast(answer=f"{1:032x}", dots=2)),
        event(3, QuestionSkipped(question=SECOND, reason="no data")),
        answer(4, "gone.question", "Old", "Facilitator"),
        event(5, PointParked(text="Who pays?", question=FIRST, participant="Ann")),
        event(6, ActionAdded(text="Call", owner="Bob", due="June", participant="Ann")),
    ]
)
OUTLINE = build_outline(SESSION, LOG)


def test_the_text_has_answers_skips_orphans_parked_points_and_actions_in_the_order_of_the_report():
    title, ask, other = (
        SESSION.steps[0].block.title,
        *(SESSION.question(address).ask for address in (FIRST, SECOND)),
    )
    assert [(line.kind, line.text, line.number) for line in text_lines(OUTLINE)] == [
        ("heading", title, None),
        ("question", ask, None),
        ("answer", "One\nof two lines (Ann) · 2 dots", 1),
        ("question", other, None),
        ("skipped", "Skipped: no data", None),
        ("heading", "Answers to questions outside this session", None),
        ("question", "A question that is gone: gone.question", None),
        ("answer", "Old", 2),
        ("heading", "Parked points", None),
        ("item", f"Who pays? (Ann, {title})", None),
        ("heading", "Actions", None),
        ("item", "Call (Bob, by June)", None),
    ]


def test_line_mode_and_show_print_the_same_text():
    shown = session_text(SESSION, LOG, "session.db")
    texts = {line.strip(" -") for line in shown}
    for line in text_lines(OUTLINE):
        first, *others = line.text.split("\n")
        number = "" if line.number is None else f"{line.number} "
        assert {f"{number}{first}", *others} <= texts
    reviewed = "\n".join(review_lines(OUTLINE))
    assert all(line.text in reviewed for line in text_lines(OUTLINE))
    assert "       of two lines (Ann) · 2 dots" in shown
