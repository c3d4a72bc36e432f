"""The pages of docs/ that are data: the dimension grid, the prices and the error codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.codes import Code, codes
from reapi_rules.catalog.models import Model
from reapi_rules.catalog.rates import RateCard, current
from reapi_rules.prices.table import PriceRow, prices
from reapi_rules.tasks.endings import Ending, endings
from reapi_rules.tasks.explanations import explain, link

__all__ = ["dimensions_page", "errors_page", "escape", "prices_page", "table"]

ROOT = Path(__file__).parents[2]

DIMENSIONS_HEAD = """# Dimensions

How large will the image be? The tables give width and height in pixels for each size at each resolution. A dash means that
the size is not accepted at this resolution. The pixels of `gpt-image-2-official` are documented by reAPI. Those of
`gpt-image-2` are inferred, and public reports show others.

- With size `auto` the server picks the pixels. With reference images and no size, the image gets the ratio of the first one.
- A pixel string such as `1920x1080` is *snapped*: reAPI moves it to supported pixels. If it equals a pair in the table, you
  get exactly that; otherwise we give the nearest one (inferred, because reAPI does not say how it snaps).

This page is generated from `data/models`; `reapi-rules table dimensions` prints the same.
"""
DIMENSIONS_TAIL = """## Why 4k has only six sizes

The upstream model has limits of its own: both edges are multiples of 16, the longer edge is at most 3840, the ratio is at
most 3:1, and the image has 655,360 to 8,294,400 pixels. With a long edge of 3840 only these six sizes have few enough
pixels. A test compares every pair in the tables with these limits.
"""
PRICES_HEAD = """# Prices

What does one image cost? The tables give credits, and in brackets the price in USD; 1 credit is 0.001 USD.

![Credits for one image of gpt-image-2-official at high quality, by size and resolution](price-map.svg)

- A request for n images costs `ceil(price × n × 1000)` credits. It is rounded up once, not for each image.
- Quality `auto` or no quality is billed as high.
- Size `auto` is billed as the most expensive size at its resolution and quality.
- Most pixel strings, and a size that follows a reference image, have no price of their own. For these a quote gives the
  least and the most that you can pay.

This page is generated from `data/rates`. For programs `reapi-rules table rates` and `reapi-rules export prices` print the
same. [Keeping prices](keeping-prices.md) says how to update them.
"""
ERRORS_HEAD = """# Error codes

These are the error codes that reAPI has published, and what each means for your credits. In your code match on the code, never
on the message. `reapi-rules explain CODE` prints the same; add the body that you sent, and it says which field caused it.

This page is generated from `data/codes.json` and `data/endings.json`.
"""
NOT_PUBLISHED = """## What is not published

These endings have no published code. `charge` and `resend_advice` accept their names instead.
"""
WORDS = {True: "yes", False: "no", None: "not published"}


def table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table in Markdown."""
    lines = (" | ".join(_cell(cell) for cell in row) for row in (titles, ["---"] * len(titles), *rows))
    return "\n".join(f"| {line} |" for line in lines)


def _cell(content: Any) -> str:
    return escape(str(content)).replace("|", "\\|")


def escape(text: str) -> str:
    """Text that holds no HTML."""
    return text.replace("<", "&lt;")


# --- dimensions


def dimensions_page() -> str:
    """The grid of each model, in the size order, and the cells that miss their ratio."""
    parts = [DIMENSIONS_HEAD]
    models = built_in().models.values()
    parts.extend(f"## {model.id}\n\n{_grid(model)}\n\n{_inexact(model)}\n" for model in models if model.pixels)
    others = ", ".join(f"`{model.id}`" for model in models if not model.pixels)
    parts.append(
        f"## Models without published pixels\n\nreAPI has not published the pixels of these models, so a quote gives no width and height: {others}.\n"
    )
    return "\n".join([*parts, DIMENSIONS_TAIL])


def _grid(model: Model) -> str:
    tiers = model.words("tier")
    rows = ([shape, *(_pixels(model.pixels.get((shape, tier))) for tier in tiers)] for shape in model.ratios)
    return table(["size", *tiers], rows)


def _pixels(edges: tuple[int, int] | None) -> str:
    return "–" if edges is None else f"{edges[0]}×{edges[1]}"


def _inexact(model: Model) -> str:
    cells = (
        (size, resolution, _off(edges, ratio))
        for (size, resolution), edges in model.pixels.items()
        if (ratio := model.ratios[size]) is not None
    )
    missed = [f"{size} at {resolution} by {float(off) * 100:.2f} %" for size, resolution, off in cells if off]
    return f"These miss their ratio slightly: {', '.join(missed)}."


def _off(edges: tuple[int, int], ratio: tuple[int, int]) -> Fraction:
    return abs(Fraction(*edges) / Fraction(*ratio) - 1)


# --- prices


def prices_page() -> str:
    """The prices of the newest card, and the cards that there are."""
    cards = [
        RateCard.load(path) for path in sorted((ROOT / "data" / "rates").glob("*.json"))
    ]  # tests hold the built-in ones
    card = current(cards)
    assert card is not None
    parts = [PRICES_HEAD, f"Card `{card.id}`, effective from {card.effective_from}, checked on {card.checked_on}.\n"]
    for model in built_in().models.values():
        parts.extend(_by_size(model, card) if model.roles.get("shape") in model.price_fields else _flat(model, card))
    sources = [each.source.replace("__", r"\_\_") for each in cards]
    rows = [[f"`{each.id}`", each.effective_from, each.checked_on, source] for each, source in zip(cards, sources)]
    return "\n".join([*parts, "## The cards\n", table(["card", "effective from", "checked on", "source"], rows), ""])


def _by_size(model: Model, card: RateCard) -> Iterator[str]:
    """A grid of each resolution; sizes with the same prices, such as portrait twins, share a row."""
    qualities = model.billed_words(model.roles["quality"])
    rows = [row for row in prices([1], model=model.id, rates=card) if row.quality in qualities]
    for resolution in model.words("tier"):
        shared: dict[tuple[str, ...], list[str]] = {}
        for size in model.words("shape"):
            cells = tuple(_price(row) for row in rows if (row.size, row.resolution) == (size, resolution))
            if cells:
                shared.setdefault(cells if size != "auto" else (*cells, ""), []).append(size)
        lines = [[", ".join(sizes), *cells[: len(qualities)]] for cells, sizes in shared.items()]
        yield f"## {model.id}, {resolution}\n\n{table(['size', *qualities], lines)}\n"


def _price(row: PriceRow) -> str:
    return "no price" if row.credits is None else f"{row.credits} ({row.usd_per_image})"


def _flat(model: Model, card: RateCard) -> Iterator[str]:
    cells = {cell: card.price(model.id, cell) for cell in model.price_cells()}
    rows = [
        [cell, f"{card.credits(model.id, cell)} ({price.text})" if price else "no price"]
        for cell, price in cells.items()
    ]
    yield f"## {model.id}\n\n{table([', '.join(model.price_fields) or 'every image', 'any size'], rows)}\n"


# --- error codes


def errors_page() -> str:
    """Every published code with its anchor, and what has none."""
    rows = [[f"[{code.code}](#code-{code.code})", _place(code), code.cause] for code in codes().rows]
    named = {code.ending for code in codes().rows} | {"processing", "completed", "failed", "poll"}
    others = [
        [f"`{row.name}`", row.meaning, ", ".join(row.http_statuses) or "–", *_costs(row), row.what_to_do]
        for row in endings().values()
        if row.name not in named
    ]
    titles = ["ending", "what happened", "HTTP status", "charged", "refunded", "what to do"]
    return "\n".join(
        [
            ERRORS_HEAD,
            table(["code", "where", "meaning"], rows),
            "",
            *map(_code_section, codes().rows),
            NOT_PUBLISHED,
            table(titles, others),
            "",
        ]
    )


def _code_section(code: Code) -> str:
    said = explain(code.code)
    rules = ", ".join(f"[`{rule}`]({link(rule).removeprefix('docs/')})" for rule in getattr(said, "rules", ()))
    ended = endings()[code.ending]
    charged, refunded = _costs(ended)
    lines = [
        f'<a id="code-{code.code}"></a>\n\n## {code.code}: {escape(code.cause)}\n',
        f"- Where: {_place(code)}; category {codes().category(code.code)}",
        f"- Charged: {charged}. Refunded: {refunded} ({ended.certainty}).",
        f"- What to do: {escape(code.what_to_do or ended.what_to_do)}",
        f"- Seen in: {code.seen_in} ({code.certainty})",
        *([f"- Rules that give it: {rules}"] if rules else []),
    ]
    return "\n".join([*lines, ""])


def _place(code: Code) -> str:
    if endings()[code.ending].stage == "in the task":
        return "in a failed task"
    return f"HTTP {code.http_status or 'status not published'}"


def _costs(row: Ending) -> tuple[str, str]:
    return WORDS[row.charged], WORDS[row.refunded]
