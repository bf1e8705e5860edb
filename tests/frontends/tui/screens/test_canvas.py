"""The canvas screen: every block where the bank places it."""

import pytest
from tui_support import MakeSession, ShowApp, app_of, send, shown, until

from workshop.banks.registry import find_bank
from workshop.frontends.tui.screens.canvas import CanvasScreen
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.frontends.tui.widgets.canvas_grid import CanvasGrid
from workshop.session.events import AnswerAdded

BANKS = ["it_business_model_canvas", "business_model_alignment_canvas"]


@pytest.mark.parametrize("bank_id", BANKS)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_blocks_lie_as_the_banks_grid_has_them(
    make_session: MakeSession, show: ShowApp, bank_id: str, size: tuple[int, int]
) -> None:
    bank = find_bank(bank_id)
    async with show(make_session(bank_id), size) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: bool(app_of(pilot).screen.query(CanvasBlock)))
        await until(pilot, lambda: app_of(pilot).screen.query(CanvasBlock).first().region.width > 0)
        grid = app_of(pilot).screen.query_one(CanvasGrid)
        regions = {block.block.id: block.region for block in grid.query(CanvasBlock)}
        assert set(regions) == {block.id for block in bank.blocks}
        for one in bank.areas:
            for other in bank.areas:
                a, b = regions[one.block], regions[other.block]
                assert not a.intersection(b) or one == other
                assert (a.right <= b.x) or not (one.right <= other.left)
                assert (a.bottom <= b.y) or not (one.bottom <= other.top)
        assert all(region.width >= 7 and region.height >= 2 for region in regions.values())


async def test_the_canvas_of_two_models_can_show_each_and_both(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session(BANKS[1], names={"higher": "Acme [/]", "lower": "Team"})
    async with show(path, (120, 40)) as pilot:
        await send(pilot, "Hospitals")
        await pilot.press("f2")
        await until(pilot, lambda: "Acme [/]" in shown(pilot))
        assert "Hospitals" in shown(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: "Team" in shown(pilot) and "Hospitals" not in shown(pilot))
        await pilot.press("tab")
        await until(pilot, lambda: len(app_of(pilot).screen.query(CanvasGrid)) == 2)
        await until(pilot, lambda: "Acme [/]" in shown(pilot) and "Team" in shown(pilot))


async def test_arrows_move_between_blocks_and_enter_zooms(
    make_session: MakeSession, show: ShowApp
) -> None:
    answer = AnswerAdded(question="business_domain.value_gap", text="x", participant="Facilitator")
    async with show(make_session(events=(answer,)), (120, 40)) as pilot:
        await pilot.press("f2")
        screen = app_of(pilot).screen
        assert isinstance(screen, CanvasScreen)
        await until(pilot, lambda: isinstance(screen.focused, CanvasBlock))
        assert screen.focused.block.id == "customer_environment"  # type: ignore[union-attr]
        await pilot.press("left")
        await until(pilot, lambda: screen.focused.block.id != "customer_environment")  # type: ignore[union-attr]
        zoomed = screen.focused.block  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, lambda: app_of(pilot).screen is not screen)
        await until(pilot, lambda: zoomed.questions[0].ask[:40] in shown(pilot))


async def test_g_goes_to_the_blocks_first_question(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (120, 40)) as pilot:
        await pilot.press("f2")
        screen = app_of(pilot).screen
        await until(pilot, lambda: isinstance(screen.focused, CanvasBlock))
        block = next(b for b in screen.query(CanvasBlock) if b.block.id == "cost_structure")
        block.focus()
        await pilot.press("g")
        await until(
            pilot,
            lambda: "most important cost drivers of our value propositions" in shown(pilot),
        )


async def test_a_block_with_more_than_fits_says_how_many_more(
    make_session: MakeSession, show: ShowApp
) -> None:
    bodies = tuple(
        AnswerAdded(
            question="channels.omni_channel_strategy", text=f"Answer {n}", participant="Facilitator"
        )
        for n in range(300)
    )
    async with show(make_session(events=bodies), (80, 24)) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: "more" in shown(pilot))
        assert any(f"+{n} more" in shown(pilot) for n in range(290, 300))
