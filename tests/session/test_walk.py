"""Where a session is on its walk, how far that is, and what a name of a place means."""

import pytest

from workshop.session import walk
from workshop.session.events import PositionMoved


def test_progress_starts_at_zero(start) -> None:
    talk = start()
    progress = walk.progress(talk.session, talk.state)
    assert (progress.questions, progress.answered, progress.skipped, progress.open) == (
        46,
        0,
        0,
        46,
    )
    assert (progress.answers, progress.steps, progress.minutes_left) == (0, 13, 92)


def test_progress_counts_answers_skips_and_finished_blocks(start) -> None:
    talk = start()
    talk.say("one", "two", "", "/skip later", "three")
    progress = walk.progress(talk.session, talk.state)
    assert (progress.answered, progress.skipped, progress.open, progress.answers) == (2, 1, 43, 3)
    # The first block (6 minutes) is finished, and half of the second (6 minutes) is.
    assert progress.minutes_left == 92 - 6 - 3


def test_at_the_end_progress_is_complete(start) -> None:
    talk = start("alignment")
    while talk.current_address:
        talk.say("an answer", "")
    progress = walk.progress(talk.session, talk.state)
    assert (progress.answered, progress.open, progress.minutes_left) == (18, 0, 0)


def test_an_answer_taken_back_opens_its_question_again(start) -> None:
    talk = start()
    talk.say("one", "/delete 1")
    assert walk.open_questions(talk.session, talk.state) == talk.session.addresses


def test_the_first_question_has_nothing_before_it(start) -> None:
    session = start().session
    addresses = session.addresses
    assert walk.neighbour(session, addresses[0], -1) == addresses[0]
    assert walk.neighbour(session, addresses[0], -100) == addresses[0]
    assert walk.neighbour(session, addresses[0], 1) == addresses[1]


def test_after_the_last_question_comes_nothing(start) -> None:
    session = start().session
    addresses = session.addresses
    assert walk.neighbour(session, addresses[-1], 1) is None
    assert walk.neighbour(session, addresses[-1], 100) is None
    assert walk.neighbour(session, None, 1) is None
    assert walk.neighbour(session, None, -1) == addresses[-1]
    assert walk.neighbour(session, None, -len(addresses)) == addresses[0]


def test_every_question_has_its_position(start) -> None:
    session = start("alignment").session
    places = [walk.position_of(session, address) for address in session.addresses]
    assert [p.step_index for p in places] == list(range(18))
    assert all(p.step.questions[p.question_index] == p.question for p in places)
    with pytest.raises(KeyError):
        walk.position_of(session, "no.such")


def test_a_position_that_the_walk_does_not_have_is_the_first_open_question(start) -> None:
    talk = start()
    talk.say("one", "")
    talk.append(PositionMoved(question="a_block.that_is_gone"))
    assert talk.current_address == talk.session.addresses[1]


def test_a_position_of_the_other_level_is_the_first_open_question(start) -> None:
    talk = start("alignment", level="lower")
    talk.append(PositionMoved(question="costs.higher"))
    assert talk.current_address == talk.session.addresses[0]


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("1", "customer_environment.disruption_threats"),
        ("4", "value_proposition.need"),
        ("4.2", "value_proposition.customer_value"),
        ("4 2", "value_proposition.customer_value"),
        (" 13.3 ", "it_domain.fusion"),
        ("Channels", "channels.omni_channel_strategy"),
        ("value proposition", "value_proposition.need"),
        ("VALUE_PROPOSITION", "value_proposition.need"),
        ("value_proposition.customer_value", "value_proposition.customer_value"),
        ("cost", "cost_structure.offer_cost_drivers"),
        ("architecture", "key_resources_architecture.truly_key"),
        ("key p", "key_partners.strategic_partners"),
        ("key", "key_resources_architecture.truly_key"),  # the first of several
    ],
)
def test_a_question_is_found_by_number_name_beginning_part_or_address(
    start, words: str, address: str
) -> None:
    session = start().session
    assert walk.find_question(session, words, session.addresses[0]).address == address


@pytest.mark.parametrize("words", ["0", "14", "4.0", "4.99", "999.999", "", " ", "4.", "-1", "²"])
def test_a_number_beyond_the_walk_finds_no_question(start, words: str) -> None:
    session = start().session
    assert walk.find_question(session, words, session.addresses[0]).address is None


def test_a_misspelt_block_gets_the_nearest_names(start) -> None:
    session = start().session
    match = walk.find_question(session, "chanels", session.addresses[0])
    assert match.address is None
    assert "Channels" in match.nearest


@pytest.mark.parametrize(
    ("near", "words", "address"),
    [
        ("costs.higher", "channels", "channels.higher"),
        ("costs.lower", "channels", "channels.lower"),
        ("costs.lower", "higher channels", "channels.higher"),
        ("costs.lower", "Channels Acme", "channels.higher"),
        ("costs.higher", "platform team channels", "channels.lower"),
        ("costs.higher", "Channels · Platform team", "channels.lower"),
        ("costs.higher", "channels · lower", "channels.lower"),
        ("costs.higher", "channels.lower", "channels.lower"),
        (None, "channels", "channels.lower"),
        ("costs.higher", "1", "customer_segments.higher"),
        ("costs.higher", "3", "customer_segments.lower"),
    ],
)
def test_a_blocks_name_means_the_block_at_the_current_level(
    start, near: str | None, words: str, address: str
) -> None:
    session = start("alignment", names={"higher": "Acme", "lower": "Platform team"}).session
    assert walk.find_question(session, words, near).address == address
