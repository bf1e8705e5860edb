"""The handlers of /title and /name: what the session and its models are called."""

from workshop.facilitation.messages import ClientState, Notice, Response, refuse
from workshop.session.event_log import EventLog
from workshop.session.events import LevelNamed, TitleSet
from workshop.session.session import MAX_NAME, MAX_TITLE, Session
from workshop.text import clean_line, shorten


def set_title(session: Session, _event_log: EventLog, client: ClientState, words: str) -> Response:
    """Give the session another title; without words, say the present one."""
    title = clean_line(words)
    if not title:
        sentence = f"The session is called “{session.title}”. /title TEXT changes that."
        return Response(client, (Notice(sentence),))
    if len(title) > MAX_TITLE:
        sentence = f"A title has at most {MAX_TITLE} characters; this has {len(title):,}."
        return refuse(client, sentence, f"/title {words}")
    if title == session.title:
        return Response(client, (Notice(f"The session is called “{title}” already."),))
    sentence = f"The session is called “{title}” now."
    return Response(client, (Notice(sentence),), (TitleSet(title=title),))


def name_level(session: Session, _event_log: EventLog, client: ClientState, words: str) -> Response:
    """Give a model another name, or the bank's title again; without words, say the present ones."""
    level_ids = [level_id for level_id in session.levels if level_id is not None]
    if not level_ids:
        sentence = f"{session.bank.title} has only one model, so there is none to name."
        if words:
            return refuse(client, sentence, f"/name {words}")
        return Response(client, (Notice(sentence),))
    models = "; ".join(f"{i} is “{session.level_name(i)}”" for i in level_ids)
    if not words:
        return Response(client, (Notice(f"The models: {models}. /name LEVEL = NAME changes one."),))
    model, equals, name = (clean_line(part) for part in words.partition("="))
    if not equals:
        sentence = f"Between a model and its name comes =. The models: {models}."
        return refuse(client, sentence, f"/name {words}")
    level_id = _find_level(session, level_ids, model.casefold())
    if level_id is None:
        called = f"No model, or more than one, is called “{shorten(model, 40)}”."
        sentence = f"{called} The models: {models}."
        return refuse(client, sentence, f"/name {words}")
    if len(name) > MAX_NAME:
        sentence = f"A name has at most {MAX_NAME} characters; this has {len(name):,}."
        return refuse(client, sentence, f"/name {words}")
    old_name, new_name = session.level_name(level_id), name or session.bank.level_title(level_id)
    if old_name == new_name:
        return Response(client, (Notice(f"That model is called “{new_name}” already."),))
    sentence = f"“{old_name}” is called “{new_name}” now."
    return Response(client, (Notice(sentence),), (LevelNamed(level=level_id, name=name),))


def _find_level(session: Session, level_ids: list[str], model: str) -> str | None:
    """Return the level with that id, or the only one with that name or title, in any case."""
    if model in level_ids:
        return model
    names = {
        i: (session.level_name(i).casefold(), session.bank.level_title(i).casefold())
        for i in level_ids
    }
    matches = [level_id for level_id in level_ids if model in names[level_id]]
    return matches[0] if len(matches) == 1 else None
