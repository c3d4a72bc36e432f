"""The rows of an XLSX sheet in order, in blocks: known ones as a whole, any other as one that expat reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from reapi_rules.sheets.meaning.columns import SheetError
from reapi_rules.sheets.workbooks.addresses import MOST_COLUMNS, MOST_ROWS, address
from reapi_rules.sheets.workbooks.package import TRUE, Elements, parse, prefix_of, whole
from reapi_rules.sheets.workbooks.plain_rows import STAND_IN, Block, Shape
from reapi_rules.terms.once import Recent

__all__ = ["blocks_of"]

_MOST_ALIKE = 256  # cells of a row whose shape is kept for others


class _Places:
    """Where cells stand: their own word for it, or the place behind the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.are_said = True
        self._digits = ""
        self._columns: dict[str, int] = {}

    def to_row(self, given: Elements) -> None:
        number = given.get("r")
        self.are_said = number is not None
        if number is None:
            self.row += 1
        else:
            row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 9 else -1
            if row <= self.row or row >= MOST_ROWS:
                raise SheetError("row_follows", row=number[:20], before=self.row + 1)
            self.row = row
        self.column, self._digits = -1, str(self.row + 1)

    def to_cell(self, given: Elements) -> None:
        name = given.get("r")
        if name is None:
            self.are_said = False
            self.column += 1
            if self.column >= MOST_COLUMNS:
                raise SheetError("row_too_long", row=self.row + 1)
            return
        letters = name.rstrip("0123456789")
        column = self._columns.get(letters) if name == letters + self._digits else None
        if column is None:
            row, column = address(name)
            if row != self.row:
                raise SheetError("cell_in_other_row", cell=name, row=self.row + 1)
            self._columns[letters] = column
        if column <= self.column:
            raise SheetError("cell_out_of_order", cell=name)
        self.column = column


def blocks_of(
    pieces: Iterable[tuple[bytes, Block | None]],
    beside: Callable[[str, Elements, int], None] | None = None,
    *,
    with_values: bool = False,
) -> Iterator[Block]:
    """The rows in the pieces of a sheet; ``beside`` is told of all else that begins, and where.

    Without values a row that expat reads has blank texts for them; formulas it always has.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    places, made, known = _Places(), list[Block](), Recent[Any, Shape](_MOST_ALIKE)
    prefix: str | None = None
    skipped = 0  # bytes of known rows
    row: Block | None = None
    cells: list[tuple[int, str, str | None, str]] = []
    cell: Elements | None = None
    formula: str | None = None
    value: str | None = None
    text: list[str] = []
    is_formula = is_spoken = False

    def start(name: str, given: Elements) -> None:
        nonlocal prefix, row, cell, formula, value, is_formula, is_spoken
        if prefix:
            name = name.removeprefix(prefix)
        if name == "c":
            end_cell()
            places.to_cell(given)
            cell, is_spoken = given, False
        elif name in ("v", "t", "f", "is"):
            is_formula = name == "f"
            if not is_formula:
                value = value or ""
            elif row is not None:
                row.given[places.column] = given
            if is_formula or (with_values and name != "is" and not is_spoken):
                text.clear()
                parser.EndElementHandler, parser.CharacterDataHandler = end, text.append
        elif name == "row":
            end_row()
            places.to_row(given)
            row = Block([places.row + 1], [], is_hidden=given.get("hidden") in TRUE)
        elif name == "rPh":  # how a text is pronounced comes behind it
            is_spoken = True
        else:
            if prefix is None:
                prefix = prefix_of(name)
            if beside is not None:
                beside(name, given, skipped + parser.CurrentByteIndex)

    def end(_: str) -> None:  # of a text, which has no elements in it
        nonlocal formula, value
        parser.EndElementHandler = parser.CharacterDataHandler = None
        if is_formula:
            formula = "".join(text)
        else:
            value = (value or "") + "".join(text)

    def end_cell() -> None:
        nonlocal cell, formula, value
        if cell is not None and row is not None:
            kind = parts = ""  # a formula without a value has none of a kind
            if formula is not None:
                parts = "f"
                row.own.append(formula)
            if value is not None:
                kind, parts = cell.get("t", ""), f"{parts}v"
                row.own.append(value)
            cells.append((places.column, kind, cell.get("s"), parts))
        cell = formula = value = None

    def end_row() -> None:
        nonlocal row
        end_cell()
        if row is not None:
            shape = known.get(key := tuple(cells))
            if shape is None:
                shape = Shape()
                for column, kind, style, parts in cells:
                    shape.add(column, kind, whole(style), parts)
                if len(cells) < _MOST_ALIKE:
                    known[key] = shape
            row.shapes.append(shape)
            row.says_places = places.are_said
            made.append(row)
        cells.clear()
        row = None

    def feed() -> Iterator[bytes]:
        nonlocal skipped
        for piece, block in pieces:
            if block is not None:
                end_row()
                made.append(block)
                places.row = block.numbers[-1] - 1
                skipped += len(piece) - len(STAND_IN)
            yield piece if block is None else STAND_IN
        end_row()

    parser.StartElementHandler = start
    return parse(feed(), parser, made)
