"""``check --fixed``: the bodies of a file with all patches applied, written to another file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from reapi_rules.cli.lines import counted
from reapi_rules.cli.options import Pricing, Source
from reapi_rules.cli.requests import Entry, told
from reapi_rules.cli.streams import note, open_input, read_bytes
from reapi_rules.engine.fixes import fix
from reapi_rules.sheets.batches import unwrap
from reapi_rules.terms.json_text import ObjectText, elements

__all__ = ["FixedBodies"]


class FixedBodies:
    """Reads the requests of JSON or NDJSON, and writes each, fixed, in its place; all other text stays as it is."""

    def __init__(self, source: Source, pricing: Pricing, output: BinaryIO) -> None:
        self._source, self._output = source, output
        self._engine = pricing.engine(source.default_model)
        self._changes = self._changed = self._rejected = 0

    def read(self) -> tuple[Iterable[Entry], bool]:
        """The requests with what patches make of them, and whether it is a single body."""
        if self._source.format == "ndjson":
            return self._lines(), False
        with open_input(self._source.path) as file:
            text = read_bytes(file)
        pieces = elements(text.decode(errors="surrogateescape"))
        if pieces is None:
            return [self._fix(self._source.path, each) for each in told([text])], True
        return self._items([piece.encode(errors="surrogateescape") for piece in pieces]), False

    def say(self, path: str) -> None:
        """Say how much was changed, and how much can't be."""
        changes = f"{counted(self._changes, 'change')} in {counted(self._changed, 'request')}"
        still = f"; {self._rejected} still rejected: no patch fixes all of it" if self._rejected else ""
        note(f"{'the fixed bodies' if path == '-' else path}: {changes}{still}")

    def _lines(self) -> Iterator[Entry]:
        with open_input(self._source.path) as file:
            for number, line in enumerate(told(file), 1):
                if line.isspace():
                    self._output.write(line)
                else:
                    yield self._fix(f"line {number}", line)

    def _items(self, pieces: list[bytes]) -> Iterator[Entry]:
        for at, (between, item) in enumerate(zip(pieces[::2], told(pieces[1::2])), 1):
            self._output.write(between)
            yield self._fix(f"item {at}", item)
        self._output.write(pieces[-1])

    def _fix(self, where: str, text: bytes) -> Entry:
        line = unwrap(text)
        done = fix(text if line is None else bytes(line.body), engine=self._engine)
        fixed = done.text
        if line is not None:
            whole = ObjectText(text.decode())
            whole.set("body", fixed)
            fixed = str(whole)
        self._output.write(fixed.encode(errors="surrogateescape"))
        self._changes += len(done.changes)
        self._changed += bool(done.changes)
        self._rejected += not done.after.ok
        return Entry(where if line is None else line.named(where), done.before, line=line, fix=done)
