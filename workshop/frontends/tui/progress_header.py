"""Shows the position of the session: in the question panel and in the status line."""

from workshop.frontends.tui.widgets.question_panel import QuestionPanel
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session import walk
from workshop.text import counted


def show_progress_header(
    live_session: LiveSession, panel: QuestionPanel, status: StatusLine
) -> None:
    """Show the current question of `live_session` in `panel`, and its progress in `status`."""
    current, session = live_session.current, live_session.session
    progress = walk.progress(session, live_session.state)
    if current is None:
        panel.show_question(
            session.title,
            "context",
            counted(progress.answers, "answer"),
            "That was the last question. /report writes the Word report.",
        )
        position = "the end"
    else:
        block = current.step.block
        question_number = f"question {current.question_index + 1} of {len(current.step.questions)}"
        panel.show_question(
            session.step_title(current.step),
            block.family,
            f"{question_number} · {current.step.minutes} min",
            current.question.ask,
        )
        position = f"block {current.step_index + 1} of {progress.steps}"
    settled = walk.settled_of(progress.settled, progress.questions)
    status.show_progress(f"{position} · {settled} done")
