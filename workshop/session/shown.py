"""The session as people see it: with its present title and names, and our newest words.

Two sessions must not be confused. The *recorded* one is what the file's first row says; its hashes,
its JSON file, a merge and a copy are of that one. The *shown* one is for everything that people
read or search. The row is never rewritten, because the hash chain begins with it.
"""

from workshop.banks.model import Bank
from workshop.session.fold import SessionState
from workshop.session.session import Session


def with_words_of(session: Session, newer: Bank) -> Session:
    """Return `session` with the help and the examples of a newer version of its bank."""
    fields = {name: getattr(session, name) for name in Session.model_fields}
    return Session.model_validate({**fields, "bank": session.bank.with_words_of(newer)})


def shown_session(session: Session, state: SessionState) -> Session:
    """Return `session` with the title and the models' names that were last given in `state`.

    It is the same object if nothing was renamed.
    """
    if not state.title and not state.level_names:
        return session
    names = {**session.names, **state.level_names}
    return session.model_copy(
        update={
            "title": state.title or session.title,
            # A log may come from anybody, so it may name a level that the bank does not have.
            "names": {id_: name for id_, name in names.items() if name and session.bank.level(id_)},
        }
    )
