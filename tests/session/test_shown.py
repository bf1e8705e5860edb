"""The session as people see it: the last title, the last names, and nothing else changed."""

from conversation_support import shipped_bank
from fold_samples import log_of

from workshop.banks.model import Bank
from workshop.session.event_log import EventLog
from workshop.session.events import AnyBody, LevelNamed, TitleSet, Undone
from workshop.session.session import Session
from workshop.session.shown import shown_session, with_words_of

RECORDED = Session.model_validate(
    {
        "id": "5e" * 16,
        "title": "First",
        "mode": "solo",
        "bank": shipped_bank("alignment"),
        "names": {"higher": "Acme"},
        "created": "2026-11-22T09:00:00Z",
    }
)


def shown_after(*bodies: AnyBody) -> Session:
    return shown_session(RECORDED, EventLog(log_of(*bodies)).state)


def test_a_session_that_nobody_renamed_is_shown_as_it_is() -> None:
    assert shown_after() is RECORDED


def test_the_last_title_and_the_last_names_are_shown() -> None:
    shown = shown_after(
        TitleSet(title="Second"),
        LevelNamed(level="higher", name="Zenith"),
        LevelNamed(level="lower", name="Sales"),
        TitleSet(title="Third"),
        LevelNamed(level="lower", name="Sales team"),
    )
    assert shown.title == "Third"
    assert shown.names == {"higher": "Zenith", "lower": "Sales team"}
    assert shown.step_title(shown.steps[0]) == "Customer Segments · Zenith"
    assert (RECORDED.title, RECORDED.names) == ("First", {"higher": "Acme"})
    assert (shown.steps, shown.addresses) == (RECORDED.steps, RECORDED.addresses)


def test_an_empty_name_shows_the_title_in_the_bank() -> None:
    shown = shown_after(LevelNamed(level="higher", name=""))
    assert shown.names == {}
    assert shown.level_name("higher") == "Higher Model"


def test_undoing_shows_the_name_before() -> None:
    bodies = (TitleSet(title="Second"), TitleSet(title="Third"))
    assert shown_after(*bodies, Undone(event="e1")).title == "Second"
    assert shown_after(*bodies, Undone(event="e1"), Undone(event="e0")).title == "First"


def test_a_name_for_a_level_that_the_bank_does_not_have_is_not_shown() -> None:
    assert shown_after(LevelNamed(level="middle", name="Zenith")) == RECORDED


def test_our_words_come_from_the_newer_bank_and_the_walk_from_the_recorded_one() -> None:
    tree = RECORDED.bank.model_dump()
    tree |= {"version": 2, "walk": tree["walk"][::-1], "blocks": tree["blocks"][::-1]}
    for block in tree["blocks"]:
        for question in block["questions"]:
            question["help"] = f"New help for {question['ask']}"
    shown = with_words_of(RECORDED, Bank.model_validate(tree))
    assert shown.addresses == RECORDED.addresses
    assert [step.id for step in shown.steps] == [step.id for step in RECORDED.steps]
    assert shown.bank.version == RECORDED.bank.version
    for address, step in shown.step_by_address.items():
        ask = RECORDED.question(address).ask
        assert shown.question(address).help == f"New help for {ask}"
        assert any(q.help == f"New help for {ask}" for q in step.questions)
