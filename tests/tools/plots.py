"""The plots of docs/, as SVG: what an image costs, and how fast the engine is beside its peers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from reapi_rules.catalog.catalog import built_in
from reapi_rules.prices.table import prices

__all__ = ["price_map", "speed"]

MODEL, QUALITY = "gpt-image-2-official", "high"
ROW = 34
STYLE = (
    "text{font:15px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.small{font-size:13px;fill:#57606a}"
    "rect.bar{fill:#54aeff}"
)


def price_map() -> str:
    """Credits of one image, a bar for each size and resolution; sizes with the same prices share a row."""
    model = built_in().models[MODEL]
    tiers = model.words("tier")
    found = {
        (row.size, row.resolution): row.credits
        for row in prices([1], model=MODEL, rates=built_in().card())
        if row.quality == QUALITY
    }
    shared: dict[tuple[int | None, ...], list[str]] = {}
    for size in model.ratios:
        shared.setdefault(tuple(found.get((size, tier)) for tier in tiers), []).append(size)
    lines = [(" ".join(sizes), [*amounts]) for amounts, sizes in shared.items()]
    return bars("Credits for one image", f"{MODEL}, quality {QUALITY}", tiers, lines, label=78, bar=50)


def speed(page: str) -> str:
    """Time for one body of the mix, from the table of the page with the measurements."""
    section = page.partition("## One body as JSON text")[2].partition("\n## ")[0]
    found = re.findall(r"^\| ([^|]+?) \| ([\d,]+) \|", section, re.MULTILINE)
    lines: list[tuple[str, list[int | None]]] = [(name, [int(time.replace(",", ""))]) for name, time in found]
    return bars("Time for one request body", "in nanoseconds; less is better", [""], lines, label=0, bar=310)


def bars(
    title: str,
    what: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int | None]]],
    *,
    label: int,
    bar: int,
) -> str:
    """A row of bars for each of the rows, all on one scale, narrow enough for a phone.

    ``label`` and ``bar`` are the widths of the labels and of the longest bar; labels without a width are above the bars.
    """
    most = max(amount for _, amounts in rows for amount in amounts if amount is not None)
    step, above = bar + (50 if label else 68), 0 if label else 20
    head, row = 86 if any(columns) else 62, ROW + above
    width, height = 26 + label + step * len(columns), head + row * len(rows) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}, {escape(what)}">',
        f'<style>{STYLE}</style><rect width="{width}" height="{height}" rx="10" fill="#ffffff"/>',
        f'<text class="title" x="16" y="27">{escape(title)}</text>',
        f'<text class="small" x="16" y="47">{escape(what)}</text>',
        *(
            f'<text class="small" x="{16 + label + step * at}" y="76">{escape(name)}</text>'
            for at, name in enumerate(columns)
        ),
    ]
    for line, (name, amounts) in enumerate(rows):
        y = head + row * line + above
        parts.append(f'<text class="small" x="16" y="{y + 19 - above}">{escape(name)}</text>')
        for at, amount in enumerate(amounts):
            x = 16 + label + step * at
            if amount is None:
                parts.append(f'<text class="small" x="{x}" y="{y + 19}">–</text>')
                continue
            length = max(2, amount * bar // most)
            parts.append(f'<rect class="bar" x="{x}" y="{y + 4}" width="{length}" height="20" rx="3"/>')
            parts.append(f'<text x="{x + length + 5}" y="{y + 19}">{amount:,}</text>')
    return "\n".join([*parts, "</svg>", ""])
