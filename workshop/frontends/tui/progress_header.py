"""Where the session is: the question above the transcript, and the line above everything."""

from workshop.frontends.tui.widgets.question_panel import QuestionPanel
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session import walk
from workshop.text import counted


def show_progress_header(
    live_session: LiveSession, panel: QuestionPanel, status: StatusLine
) -> None:
    """Show the question that `live_session` is at in `panel`, and how far that is in `status`."""
    here, session = live_session.current, live_session.session
    progress = walk.progress(session, live_session.state)
    if here is None:
        panel.ask(
            session.title,
            "context",
            counted(progress.answers, "answer"),
            "That was the last question. /report writes the Word report.",
        )
        place = "the end"
    else:
        block = here.step.block
        asked = f"question {here.question_index + 1} of {len(here.step.questions)}"
        panel.ask(
            session.step_title(here.step),
            block.family,
            f"{asked} · {here.step.minutes} min",
            here.question.ask,
        )
        place = f"block {here.step_index + 1} of {progress.steps}"
    done = progress.answered + progress.skipped
    asked = f"{done} of {progress.questions} questions done"
    status.show_progress(f"{place} · {asked}")
