"""The formats of a workbook's cells, and new ones made of them: the same font and border, our number and fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reapi_rules.sheets.meaning.texts import workbook_texts
from reapi_rules.sheets.workbooks.package import Elements, whole
from reapi_rules.sheets.workbooks.splice import Edit, Spot, Spots, replaced, tag

__all__ = ["Styles"]

_NUMBERS = {"integer": 3, "verbatim": 49}
"""Number formats that every workbook has."""
_FIRST_OWN = 164
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
"""The elements of the part in their order."""


class Styles:
    """A part ``styles.xml`` that grows: what was there stays as it is.

    A format is known by the number of the one that it is made of, and what it is for: ``text``, ``integer``,
    ``decimal``, ``error``, ``warning``, or ``verbatim`` for a text that no program may take for a time.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._spots = Spots(text)
        self._counts = Counter(spot.parent for spot in self._spots.all)
        self._formats = [(spot.given, text[spot.inner : spot.close]) for spot in self._of("cellXfs", "xf")]
        self._fills = [text[spot.start : spot.end].decode() for spot in self._of("fills", "fill")]
        own = reversed([spot.given for spot in self._of("numFmts", "numFmt")])
        self._numbers = {given.get("formatCode", ""): whole(given.get("numFmtId")) for given in own}
        self._made: dict[tuple[int, str], int] = {}
        self._new: dict[str, list[str]] = {"numFmts": [], "fills": [], "cellXfs": []}
        self._known = {self._tag(*format): at for at, format in reversed([*enumerate(self._formats)])}

    @property
    def has_formats(self) -> bool:
        """Whether there are any: without, the first new one would be that of all cells."""
        return bool(self._formats)

    def made(self, base: int, use: str) -> int:
        """The number of a format."""
        key = (base, use)
        if key not in self._made:
            made = self._format(base, use)
            if made not in self._known:
                self._known[made] = len(self._formats) + len(self._new["cellXfs"])
                self._new["cellXfs"].append(made)
            self._made[key] = self._known[made]
        return self._made[key]

    def text(self) -> bytes:
        """The part as it is now."""
        return replaced(self._text, [self._appended(name, added) for name, added in self._new.items() if added])

    def _of(self, parent: str, name: str) -> Iterator[Spot]:
        return (spot for spot in self._spots.all if (spot.parent, spot.name) == (parent, name))

    def _appended(self, name: str, added: list[str]) -> Edit:
        """What to change so that more is in an element, which counts its children; it is made where it is missing."""
        found = self._spots.found
        at = min(found[other].start for other in _ORDER[_ORDER.index(name) :] if other in found)
        spot = found.get(name) or Spot(name, {}, at, at, at, at)
        given = {key: value for key, value in spot.given.items() if key != "count"}
        given["count"] = str(self._counts[name] + len(added))
        inner = self._text[spot.inner : spot.close].decode() + "".join(added)
        return spot.start, spot.end, tag(f"{self._spots.prefix}{name}", given, inner).encode()

    def _format(self, base: int, use: str) -> str:
        given, inner = self._formats[base] if base < len(self._formats) else ({}, b"")
        given = {name: value for name, value in given.items() if name != "quotePrefix"}
        given |= {"numFmtId": str(self._number(use)), "applyNumberFormat": "1"}
        if colour := workbook_texts().looks.get(use, {}).get("bg_color"):
            given |= {"fillId": str(self._fill(f"FF{colour[1:]}")), "applyFill": "1"}
        return self._tag(given, inner)

    def _tag(self, given: Elements, inner: bytes) -> str:
        return tag(f"{self._spots.prefix}xf", given, inner.decode())

    def _number(self, use: str) -> int:
        if use != "decimal":
            return _NUMBERS.get(use, 0)
        code = workbook_texts().looks[use]["num_format"]
        if code not in self._numbers:
            number = self._numbers[code] = max([_FIRST_OWN - 1, *self._numbers.values()]) + 1
            given = {"numFmtId": str(number), "formatCode": code}
            self._new["numFmts"].append(tag(f"{self._spots.prefix}numFmt", given))
        return self._numbers[code]

    def _fill(self, rgb: str) -> int:
        fill = self._pattern("solid", tag(f"{self._spots.prefix}fgColor", {"rgb": rgb}))
        if fill not in self._fills:
            new = [fill] if self._fills else [self._pattern("none"), self._pattern("gray125"), fill]
            self._fills += new  # the first two are never those of cells
            self._new["fills"] += new
        return self._fills.index(fill)

    def _pattern(self, kind: str, inner: str = "") -> str:
        prefix = self._spots.prefix
        return tag(f"{prefix}fill", {}, tag(f"{prefix}patternFill", {"patternType": kind}, inner))
