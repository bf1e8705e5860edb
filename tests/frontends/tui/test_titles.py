"""Titles and the models' names on the screen: a new one shows at once, and goes with /undo."""

from tui_support import MakeSession, ShowApp, app_of, send, shown, until

from workshop.frontends.tui.widgets.outline import Outline
from workshop.frontends.tui.widgets.status_line import StatusLine


async def test_a_new_title_stands_in_the_status_line_until_it_is_undone(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (120, 40)) as pilot:
        status = app_of(pilot).screen.query_one(StatusLine)
        await send(pilot, "/title Acme [/] 2028")
        await until(pilot, lambda: "Canvas · Acme [/] 2028" in status.render().plain)
        await send(pilot, "/undo")
        await until(pilot, lambda: "Canvas · Test run" in status.render().plain)
        await send(pilot, "/redo")
        await until(pilot, lambda: "Canvas · Acme [/] 2028" in status.render().plain)
        for key in ("f2", "f4"):
            await pilot.press(key)
            await until(pilot, lambda: "Acme [/] 2028" in shown(pilot).splitlines()[0])
            await pilot.press("escape")


async def test_a_models_new_name_stands_in_the_outline_the_question_and_the_canvas(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session("business_model_alignment_canvas", names={"higher": "Acme"})
    async with show(path, (120, 40)) as pilot:
        outline = app_of(pilot).screen.query_one(Outline)

        def names() -> list[str]:
            options = (outline.get_option_at_index(i) for i in range(outline.option_count))
            return [str(o.prompt) for o in options if o.disabled]

        assert names() == ["Acme", "Lower Model", "Acme"]
        await send(pilot, "/name acme = Zenith [b]")
        await until(pilot, lambda: names() == ["Zenith [b]", "Lower Model", "Zenith [b]"])
        assert "Customer Segments · Zenith [b]" in shown(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: bool(app_of(pilot).screen.query(".level-name")))
        await until(pilot, lambda: "Zenith [b]" in shown(pilot))
        await pilot.press("escape")
        await send(pilot, "/undo")
        await until(pilot, lambda: names() == ["Acme", "Lower Model", "Acme"])
        assert "Customer Segments · Acme" in shown(pilot)
