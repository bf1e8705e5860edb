"""The canvas, laid out by the bank's grid."""

from textual.app import ComposeResult
from textual.containers import Grid

from workshop.banks.model import Area, Bank
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.session import walk
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import dots_suffix


class CanvasGrid(Grid):
    """One level of the canvas, with every block where the bank places it.

    The areas tile the grid, so laying out the blocks in the order of their top-left corners puts
    each one where it belongs; a test checks that against the bank's areas.
    """

    DEFAULT_CSS = """
    CanvasGrid {
        height: 1fr;
        grid-gutter: 0 1;
    }
    """

    def __init__(self, session: Session, state: SessionState, level: str | None) -> None:
        """Show the answers of `state` on the canvas of `session` at `level`."""
        super().__init__()
        self._session = session
        self._state = state
        self._level = level

    def compose(self) -> ComposeResult:
        """Lay out the blocks."""
        bank = self._session.bank
        current = walk.current(self._session, self._state)
        for area in sorted(bank.areas, key=lambda a: (a.top, a.left)):
            block = bank.block(area.block)
            addresses = [f"{block.id}.{q.id}" for q in block.questions_at(self._level)]
            answers = self._state.on_canvas(addresses)
            texts = [f"{a.text}{dots_suffix(a.votes)}" for a in answers]
            widget = CanvasBlock(
                block,
                self._level,
                texts,
                is_current=current is not None and current.address in addresses,
            )
            widget.styles.column_span = area.right - area.left
            widget.styles.row_span = area.bottom - area.top
            yield widget

    def on_mount(self) -> None:
        """Set the widths of the columns and the heights of the rows."""
        bank = self._session.bank
        self.styles.grid_size_columns = len(bank.grid[0])
        self.styles.grid_size_rows = len(bank.grid)
        self.styles.grid_columns = " ".join(f"{width}fr" for width in bank.widths)
        self.styles.grid_rows = " ".join(f"{share}fr" for share in _row_shares(bank))


def _row_shares(bank: Bank) -> list[int]:
    """Return the relative heights of the rows; a row of wide blocks only may be lower."""
    columns = len(bank.grid[0])
    shares: list[int] = []
    for r in range(len(bank.grid)):
        areas = [a for a in bank.areas if a.top == r and a.bottom == r + 1]
        is_wide = bool(areas) and all(_width_share(bank, a) >= 0.3 for a in areas) and columns > 1
        shares.append(4 if is_wide else 6)
    return shares


def _width_share(bank: Bank, area: Area) -> float:
    """Return the width of an area as a fraction of the canvas."""
    return sum(bank.widths[area.left : area.right]) / sum(bank.widths)
