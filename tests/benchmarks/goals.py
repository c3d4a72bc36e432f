"""The goals, and what a part of the benchmark gives back: a table, and figures that the goals are held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["GOALS", "Goal", "Scale", "Section", "goals_table", "table"]


class Goal(NamedTuple):
    """What must not be exceeded (gate) and what should not (aim)."""

    what: str
    gate: float
    aim: float
    unit: str = "x"


GOALS = {
    "text.mix": Goal("`preflight(bytes)`, mix, to typed decode", 2.0, 1.4),
    "text.recipes": Goal("`preflight(bytes)`, recipes, to typed decode", 5.0, 2.5),
    "text.invalid": Goal("`preflight(bytes)`, invalid bodies, to typed decode", 2.2, 1.6),
    "unknown": Goal("`preflight(bytes)`, recipes with unknown fields, to the same without", 2.0, 1.3),
    "unknown.read": Goal("the same, with everything of the report read", 2.0, 1.3),
    "mapping.mix": Goal("`preflight(dict)`, mix, to `msgspec.convert`", 4.0, 2.6),
    "mapping.recipes": Goal("`preflight(dict)`, recipes, to `msgspec.convert`", 5.0, 2.5),
    "read.recipes": Goal("everything of the report read and `to_json()`, recipes, to typed decode", 12, 8),
    "quote": Goal("`quote(size=, resolution=, quality=, n=)`, to typed decode of one recipe", 4.0, 1.5),
    "import": Goal("`import reapi_rules`, to `import msgspec`, cold", 1.3, 1.1),
    "cli.quote": Goal("`reapi-rules quote --size ...`, to `python -c pass`", 4.5, 3.5),
    "cli.check": Goal("`reapi-rules check` of one body, to `python -c pass`", 4.5, 3.5),
    "csv.time": Goal("CSV quoted to CSV, to `csv.reader` merely reading it", 6, 3),
    "csv.memory": Goal("CSV quoted to CSV, peak memory", 60, 40, " MiB"),
    "ndjson.time": Goal("NDJSON to full NDJSON reports, to typed decode alone", 10, 6),
    "ndjson.memory": Goal("NDJSON to full NDJSON reports, peak memory", 60, 40, " MiB"),
    "growth.time": Goal("8 times the input, time, worst of the attacks that take over 1 ms", 12, 10),
    "growth.memory": Goal("8 times the input, memory, worst of the attacks that take over 1 MiB", 12, 10),
}
"""By key.  The bounds of the last two leave room for noise: what is linear gives about 8, what is quadratic 64."""


class Scale(NamedTuple):
    """How much is measured; the sizes of attacks are divided by ``attack``."""

    bodies: int
    rounds: int
    processes: int
    rows: int
    repeats: int
    attack: int


class Section(NamedTuple):
    """A part of the page: title, Markdown, and figures by the keys of the goals."""

    title: str
    text: str
    figures: Mapping[str, float] = {}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals_table(figures: Mapping[str, float]) -> str:
    """Each goal that was measured, and whether it is met."""
    rows = []
    for key, goal in GOALS.items():
        if key in figures:
            bounds = f"{goal.gate:g}{goal.unit} / {goal.aim:g}{goal.unit}"
            rows.append((goal.what, bounds, f"{figures[key]:.2f}{goal.unit}", verdict(goal, figures[key])))
    return table(("goal", "gate / aim", "measured", "met"), rows)


def verdict(goal: Goal, figure: float) -> str:
    """In a word, whether a figure meets a goal."""
    return "aim" if figure <= goal.aim else "gate" if figure <= goal.gate else "**no**"
