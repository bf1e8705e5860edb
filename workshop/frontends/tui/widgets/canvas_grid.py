"""The canvas, drawn by the bank's grid."""

from textual.app import ComposeResult
from textual.containers import Grid

from workshop.banks.model import Area, Bank
from workshop.facilitation.messages import dots_suffix
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.session import walk
from workshop.session.fold import SessionState
from workshop.session.session import Session


class CanvasGrid(Grid):
    """One level of the canvas, every block where the bank places it.

    The areas tile the grid, so laying out the blocks in the order of their top-left corners puts
    each one where it belongs; a test holds this against the bank's areas.
    """

    DEFAULT_CSS = """
    CanvasGrid {
        height: 1fr;
        grid-gutter: 0 1;
    }
    """

    def __init__(self, session: Session, state: SessionState, level: str | None) -> None:
        """Draw the canvas of `session` at `level` as `state` has it."""
        super().__init__()
        self._session = session
        self._state = state
        self._level = level

    def compose(self) -> ComposeResult:
        """Lay out the blocks."""
        bank = self._session.bank
        here = walk.current(self._session, self._state)
        for area in sorted(bank.areas, key=lambda a: (a.top, a.left)):
            block = bank.block(area.block)
            addresses = [f"{block.id}.{q.id}" for q in block.at(self._level)]
            answers = self._state.on_canvas(addresses)
            texts = [f"{a.text}{dots_suffix(a.dots)}" for a in answers]
            widget = CanvasBlock(
                block, self._level, texts, here=here is not None and here.address in addresses
            )
            widget.styles.column_span = area.right - area.left
            widget.styles.row_span = area.bottom - area.top
            yield widget

    def on_mount(self) -> None:
        """Give the rows and columns their shares."""
        bank = self._session.bank
        self.styles.grid_size_columns = len(bank.grid[0])
        self.styles.grid_size_rows = len(bank.grid)
        self.styles.grid_columns = " ".join(f"{width}fr" for width in bank.widths)
        self.styles.grid_rows = " ".join(f"{share}fr" for share in _row_shares(bank))


def _row_shares(bank: Bank) -> list[int]:
    """Return the relative heights of the rows: a row that no narrow block needs may be low."""
    columns = len(bank.grid[0])
    shares: list[int] = []
    for r in range(len(bank.grid)):
        own = [a for a in bank.areas if a.top == r and a.bottom == r + 1]
        wide = bool(own) and all(_share(bank, a) >= 0.3 for a in own) and columns > 1
        shares.append(4 if wide else 6)
    return shares


def _share(bank: Bank, area: Area) -> float:
    return sum(bank.widths[area.left : area.right]) / sum(bank.widths)
