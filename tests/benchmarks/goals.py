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
    "text.mix": Goal("`preflight(bytes)`, mix, to typed decode", 1.7, 1.5),
    "text.recipes": Goal("`preflight(bytes)`, recipes, to typed decode", 2.4, 1.8),
    "text.invalid": Goal("`preflight(bytes)`, invalid bodies, to typed decode", 3.3, 2.8),
    "text.ascii": Goal("`preflight(bytes)`, valid bodies with ASCII prompts, to typed decode", 2.2, 1.8),
    "text.read.mix": Goal("with ok, errors, dimensions and quote read, mix, to typed decode", 2.3, 2.0),
    "text.read.recipes": Goal("the same, recipes", 3.7, 3.0),
    "text.peers.recipes": Goal("the same, recipes, to the faster of pydantic and jsonschema-rs with orjson", 1, 1),
    "text.peers.ascii": Goal("the same, valid bodies with ASCII prompts, to the faster of these", 1, 1),
    "like.unknown": Goal("`preflight(bytes)`, recipes with an unknown field, to the same without", 1.5, 1.3),
    "like.default": Goal("the same without a model under `default_model`", 1.5, 1.3),
    "like.last": Goal("the same with the model as the last key", 1.5, 1.3),
    "unknown.read": Goal("recipes with two unknown fields and everything read, to the same without", 2.0, 1.3),
    "models": Goal("`preflight(bytes)`, recipes, with 18 models, to the same with two", 1.1, 1.02),
    "mapping.mix": Goal("`preflight(dict)`, mix, to `msgspec.convert`", 3.7, 3.1),
    "mapping.recipes": Goal("`preflight(dict)`, recipes, to `msgspec.convert`", 3.7, 3.1),
    "read.recipes": Goal("everything of the report read and `to_json()`, recipes, to typed decode", 16, 12),
    "quote": Goal("`quote(size=, resolution=, quality=, n=)`, to typed decode of one recipe", 1.5, 1.5),
    "import": Goal("`import reapi_rules`, to `import msgspec`, cold", 1.3, 1.1),
    "first": Goal("`from reapi_rules import preflight; preflight(body).quote`, to `import msgspec`, cold", 1.6, 1.4),
    "cli.quote": Goal('`reapi-rules quote --size ...`, to `python -c "import msgspec, argparse"`', 1.6, 1.4),
    "cli.check": Goal("`reapi-rules check` of one body, to `python -c pass`", 4.5, 3.5),
    "csv.time": Goal("CSV quoted to CSV, to `csv.reader` merely reading it", 6, 4.5),
    "csv.by": Goal("CSV to totals with `--by`, to the same", 6, 6),
    "csv.check": Goal("CSV checked, to the same", 15, 15),
    "csv.advise": Goal("CSV to advice, to the same", 24, 24),
    "csv.memory": Goal("all of these, peak memory", 40, 40, " MiB"),
    "xlsx.copy": Goal(
        "XLSX quoted to XLSX, to python-calamine reading and XlsxWriter writing the same cells", 1.5, 1.35
    ),
    "xlsx.new": Goal("CSV quoted to XLSX, to XlsxWriter writing the same cells", 1.3, 1.2),
    "xlsx.place": Goal("XLSX quoted in place, to expat merely parsing the sheet", 3, 2.2),
    "xlsx.memory": Goal("XLSX quoted in place, peak memory", 100, 100, " MiB"),
    "ndjson.time": Goal("NDJSON to full NDJSON reports, to typed decode alone", 10, 6),
    "ndjson.rows": Goal("NDJSON quoted with `--rows`, to typed decode alone", 10, 7),
    "ndjson.csv": Goal("NDJSON quoted with `--format csv`, to typed decode alone", 10, 7),
    "ndjson.memory": Goal("NDJSON to full NDJSON reports, peak memory", 60, 40, " MiB"),
    "growth.time": Goal("8 times the input, time, worst of the attacks that take over 1 ms", 12, 10),
    "growth.memory": Goal("8 times the input, memory, worst of the attacks that take over 1 MiB", 12, 10),
    "surfaces.time": Goal("8 times the input of any other surface, time, worst of those that take over 2 ms", 12, 10),
}
"""By key.  The bounds of `models` and of the last three leave room for noise: what is linear grows about 8 times, not 64."""


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
