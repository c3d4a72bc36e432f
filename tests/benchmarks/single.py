"""One request at a time: bodies as text and as mappings, what is read of a report, prices without a body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reapi_rules import Catalog, Engine, Report, preflight, quote
from reapi_rules.catalog.catalog import built_in
from reapi_rules.prices.table import prices

from . import agreement
from .bodies import (
    KINDS,
    Body,
    mix,
    of_kind,
    recipes,
    with_model_last,
    with_one_unknown_field,
    with_unknown_fields,
    without_model,
)
from .goals import Scale, Section, table
from .peers import ENGINE, ENGINE_READ, FLOOR, peers
from .timing import Lap, over, race

__all__ = ["alike", "kinds", "mappings", "price", "reading", "texts", "unknown"]

_REPEATED = 250  # recipes a round: eight bodies alone are over too soon


def texts(scale: Scale) -> Section:
    """JSON text to a verdict, a price and errors."""
    bodies, others = mix(scale.bodies), list(peers())
    sample = [*recipes(), *bodies[: scale.bodies // 10]]
    agreement.check([*recipes(), *bodies], others)
    agreement.check_oracle(sample)
    valid = [body for body in bodies if not body.faults]
    invalid = [body for body in bodies if body.faults]
    contestants = [FLOOR, ENGINE, ENGINE_READ, *others]
    laps = {
        name: _race({peer.name: peer.of_text for peer in contestants}, [body.text for body in of], scale)
        for name, of in {
            "mix": bodies,
            "valid": valid,
            "ASCII": of_kind(KINDS[0], scale.bodies // 2),
            "invalid": invalid,
            "recipes": recipes() * _REPEATED,
        }.items()
    }
    text = (
        f"{len(bodies):,} bodies from a seed, every fifth of them invalid, and the page's quick example and seven "
        f"recipes. Before the clock started all agreed on all of these bodies, and the engine with the tests' oracle on "
        f"{len(sample):,} of them. Ratios are to the floor.\n\n"
    ) + table(
        ("", "mix: ns", "mix", "valid", "valid ASCII", "invalid", "recipes: ns", "recipes", "lists errors"),
        [
            (
                peer.name,
                f"{laps['mix'][peer.name].ns:,.0f}",
                *(f"{laps[name][peer.name].ratio:.2f}" for name in ("mix", "valid", "ASCII", "invalid")),
                f"{laps['recipes'][peer.name].ns:,.0f}",
                f"{laps['recipes'][peer.name].ratio:.2f}",
                peer.errors,
            )
            for peer in contestants
        ],
    )
    text += _losses(laps)
    figures = {f"text.{name.lower()}": laps[name][ENGINE.name].ratio for name in ("mix", "recipes", "invalid", "ASCII")}
    figures |= {f"text.read.{name}": laps[name][ENGINE_READ.name].ratio for name in ("mix", "recipes")}
    rivals = [peer.name for peer in others if peer.name.startswith("pydantic") or "orjson" in peer.name]
    for name in ("recipes", "ASCII") if len(rivals) == 2 else ():
        fastest = min(laps[name][rival].ns for rival in rivals)
        figures[f"text.peers.{name.lower()}"] = laps[name][ENGINE_READ.name].ns / fastest
    return Section("One body as JSON text", text, figures)


def mappings(scale: Scale) -> Section:
    """A mapping to a verdict, a price and errors."""
    others = list(peers())[:3]  # the fourth differs from the third in how it reads text
    bodies = [body for body in mix(scale.bodies) if body.mapping is not None]
    agreement.check(bodies, others)
    contestants = [FLOOR, ENGINE, ENGINE_READ, *others]
    laps = {
        name: _race({peer.name: peer.of_mapping for peer in contestants}, [body.mapping for body in of], scale)
        for name, of in {"mix": bodies, "recipes": recipes() * _REPEATED}.items()
    }
    names = {FLOOR.name: "msgspec.convert to the typed Struct (the floor)"}
    text = table(
        ("", "mix: ns", "mix", "recipes: ns", "recipes"),
        [
            (names.get(name, name.partition(",")[0] if "json" in name else name), *cells)
            for name in laps["mix"]
            for cells in (_cells(laps["mix"][name], laps["recipes"][name]),)
        ],
    )
    text += _losses(laps)
    figures = {f"mapping.{name}": laps[name][ENGINE.name].ratio for name in laps}
    return Section("One body as a mapping", text, figures)


def kinds(scale: Scale) -> Section:
    """Valid bodies by the kind of their prompt."""
    contestants = [FLOOR, ENGINE, ENGINE_READ, *peers()]
    laps = {
        kind: _race(
            {peer.name: peer.of_text for peer in contestants},
            [body.text for body in of_kind(kind, scale.bodies // 4)],
            scale,
        )
        for kind in KINDS
    }
    header = ("ratio to the floor", *(f"{kind} ({laps[kind][FLOOR.name].ns:,.0f} ns)" for kind in KINDS))
    rows = [(peer.name, *(f"{laps[kind][peer.name].ratio:.2f}" for kind in KINDS)) for peer in contestants[1:]]
    return Section("By kind of prompt, valid bodies", table(header, rows) + _losses(laps))


def reading(scale: Scale) -> Section:
    """What reading a report costs, on the recipes."""
    steps: dict[str, Callable[[bytes], object]] = {
        FLOOR.name: FLOOR.of_text,
        "`preflight(bytes)`": preflight,
        "and `to_json()`": lambda body: preflight(body).to_json(),
        "and everything read": _read,
        "and everything read and `to_json()`": lambda body: _read(body).to_json(),
    }
    laps = _race(steps, [body.text for body in recipes()] * _REPEATED, scale)
    text = "Everything: ok, errors, warnings, effective, mode, dimensions, quote, payload().\n\n" + table(
        ("recipes", "ns", "ratio"), [(name, *_cells(lap)) for name, lap in laps.items()]
    )
    figures = {"read.recipes": laps["and everything read and `to_json()`"].ratio}
    return Section("The whole report", text, figures)


def alike(scale: Scale) -> Section:
    """Recipes as people send them, too, against the plain ones; and with few models against all."""
    bodies = recipes() * _REPEATED
    by_default = Engine(default_model="gpt-image-2-official").preflight
    two = {id: built_in().models[id] for id in ("gpt-image-2-official", "gpt-image-2")}
    few = Engine(catalog=Catalog(two, built_in().cards, two["gpt-image-2"].rules_file)).preflight
    ways: dict[str, tuple[Callable[[bytes], Report], Callable[[Body], Body]]] = {
        "like.unknown": (preflight, with_one_unknown_field),
        "like.default": (by_default, without_model),
        "like.last": (preflight, with_model_last),
    }
    names = {
        "like.unknown": "with an unknown field",
        "like.default": "without a model",
        "like.last": "with the model last",
    }
    laps = race(
        {
            "as they are": over(preflight, [body.text for body in bodies]),
            **{key: over(judge, [change(body).text for body in bodies]) for key, (judge, change) in ways.items()},
        },
        rounds=scale.rounds,
        units=len(bodies),
    )
    texts = [body.text for body in bodies]
    models = race({"two": over(few, texts), "all": over(preflight, texts)}, rounds=scale.rounds, units=len(bodies))[
        "all"
    ]
    rows = [(names.get(key, key), *_cells(lap)) for key, lap in laps.items()]
    rows.append((f"with {len(built_in().models)} models, to two", *_cells(models)))
    figures = {**{key: laps[key].ratio for key in ways}, "models": models.ratio}
    return Section("Recipes as people send them", table(("recipes", "ns", "ratio"), rows), figures)


def unknown(scale: Scale) -> Section:
    """Bodies with two unknown fields against the same without."""
    rows, ratios = [], []
    valid = [body for body in mix(scale.bodies // 4) if not body.faults]
    for name, bodies in (("recipes", recipes() * _REPEATED), ("valid bodies of the mix", valid)):
        for verb, judge in (("`preflight(bytes)`", preflight), ("and the report read", _read)):
            laps = race(
                {
                    "without": over(judge, [body.text for body in bodies]),
                    "with": over(judge, [with_unknown_fields(body).text for body in bodies]),
                },
                rounds=scale.rounds,
                units=len(bodies),
            )
            rows.append((f"{name}, {verb}", f"{laps['without'].ns:,.0f}", *_cells(laps["with"])))
            ratios.append(laps["with"].ratio)
    figures = {"unknown.read": ratios[1]}
    return Section("Unknown fields", table(("", "without: ns", "with two: ns", "ratio"), rows), figures)


def price(scale: Scale) -> Section:
    """What an image costs, without a body."""
    recipe = recipes()[2].text
    credits = {(row.size, row.resolution, row.quality, row.n): row.credits for row in prices((1, 2, 3, 4))}
    calls: dict[str, Callable[[bytes], object]] = {
        "msgspec typed decode of one recipe (the floor)": FLOOR.of_text,
        "`quote(size=, resolution=, quality=, n=)`": lambda _: quote(size="16:9", resolution="2k", quality="high", n=2),
        "a dict of the exported table": lambda _: credits["16:9", "2k", "high", 2],
    }
    laps = _race(calls, [recipe] * 2_000, scale)
    rows = [(name, *_cells(lap)) for name, lap in laps.items()]
    other = _genai_prices()
    if other is not None:
        name = "genai-prices `calc_price` (tokens of a text model)"
        lap = _race({FLOOR.name: FLOOR.of_text, name: other}, [recipe] * 50, scale)[name]
        rows.append((name, *_cells(lap)))
    figures = {"quote": laps["`quote(size=, resolution=, quality=, n=)`"].ratio}
    return Section("One price", table(("", "ns", "ratio"), rows), figures)


def _genai_prices() -> Callable[[bytes], object] | None:
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None
    usage = Usage(input_tokens=1000, output_tokens=100)
    return lambda _: calc_price(usage, model_ref="gpt-4o", provider_id="openai")


def _read(body: bytes) -> Report:
    """A report of which everything is read."""
    report = preflight(body)
    report.ok, report.errors, report.warnings, report.effective, report.mode  # noqa: B018  # worked out when read
    report.dimensions, report.quote, report.payload()
    return report


def _losses(laps: dict[str, dict[str, Lap]]) -> str:
    """Who is faster than the engine at what, its report read as far as the others go."""
    losses = [
        f"{name} ({', '.join(wins)})"
        for name in next(iter(laps.values()))
        if name not in (FLOOR.name, ENGINE.name)
        and (wins := [what for what, of in laps.items() if of[name].ratio < of[ENGINE_READ.name].ratio])
    ]
    return f"\n\nFaster than the engine with its report read: {'; '.join(losses) or 'none'}."


def _race(judges: dict[str, Callable[[Any], object]], bodies: Sequence[Any], scale: Scale) -> dict[str, Lap]:
    runs = {name: over(judge, bodies) for name, judge in judges.items()}
    return race(runs, rounds=scale.rounds, units=len(bodies), is_warm=True)


def _cells(*laps: Lap) -> list[str]:
    return [cell for lap in laps for cell in (f"{lap.ns:,.0f}", f"{lap.ratio:.2f}")]
