"""What is made to hurt on every other surface than a body: forms, cells, titles, pages, cards, answers, schemas."""

from __future__ import annotations

import gc
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

from reapi_rules import RateCard, RateCardError, preflight, read_task
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import main as command_line
from reapi_rules.forms import preflight_form
from reapi_rules.forms.schema import form_schema, request_schema
from reapi_rules.prices.lint import lint
from reapi_rules.prices.snapshots import import_card
from reapi_rules.sheets.meaning.columns import SheetError, find_columns
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.tasks.readings import read_error

from .goals import Scale, Section, table

__all__ = ["SURFACES", "Surface", "surfaces"]

ROOT = Path(__file__).parents[2]
SAVED = ROOT / "docs" / "examples" / "saved-models.html"
OFFICIAL = "gpt-image-2-official"
MARK = "\u0301\u0323"
UNITS = {
    "letters": "a", "blanks": " ", "wide blanks": "\u3000", "digits": "9", "accents": MARK, "full width": "\uff19", "ratios": "16:9",
    "apostrophes": "'", "quotes": '"', "equals": "=", "commas": ",", "slashes": "/", "brackets": "(", "line ends": "\n",
    "URLs": "https://a.example/1.png ", "URLs without blanks": "https://a.example/1.png,", "full stops": ".", "signs": "@",
}  # fmt: skip
"""What texts are made of, whatever they are typed into."""
FIELDS = ("prompt", "size", "resolution", "quality", "n", "image_urls", "mask_url", "model")


class Surface(NamedTuple):
    """What grows, how large it gets, the input of a given size, and what is done with it, which says how long it took."""

    what: str
    largest: int
    make: Callable[[int], Any]
    run: Callable[[Any], float]


def _timed(act: Callable[[Any], Any]) -> Callable[[Any], float]:
    def run(value: Any) -> float:
        start = process_time()
        act(value)
        return process_time() - start

    return run


def _texts(
    largest: int, make: Callable[[str], Any], start: str = ""
) -> Iterator[tuple[str, int, Callable[[int], Any]]]:
    for name, unit in UNITS.items():
        yield name, largest, lambda n, unit=unit: make(start + unit * (n // len(unit)))  # type: ignore[misc]


def _form(fields: dict[str, str]) -> None:
    preflight_form(fields, default_model=OFFICIAL).to_json()


def _header(titles: list[str]) -> None:
    subjects()._known.clear()  # else only what is beyond the memory for titles would be measured
    with suppress(SheetError):
        find_columns(titles)


def _sheet(words: tuple[str, ...], suffix: str) -> Callable[[bytes], None]:
    def act(content: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"in.{suffix}")
            path.write_bytes(content)
            said = io.StringIO()
            with redirect_stdout(io.TextIOWrapper(io.BytesIO())), redirect_stderr(said):
                command_line((words[0], str(path), *words[1:]))
            assert "internal error" not in said.getvalue(), said.getvalue()

    return act


def _page(text: bytes) -> None:
    with suppress(RateCardError):
        import_card(text)


def _card(text: bytes) -> None:
    with suppress(RateCardError):
        card = RateCard.from_json(text)
        lint(card)
        preflight({"model": OFFICIAL, "prompt": "a fox"}, rates=card).to_json()


def _answer(answer: Any) -> None:
    read_task(answer)
    read_error(answer, http_status=400)


def _row(title: str, cell: str) -> bytes:
    quoted = cell.replace('"', '""')
    return f'asset,{title}\na,"{quoted}"\n'.encode()


def _a_card(**changes: Any) -> bytes:
    card = built_in().cards[0].to_dict()
    return json.dumps({**card, **changes}).encode()


def _priced(count: int) -> bytes:
    card = built_in().cards[0].to_dict()
    (key,) = [key for key, value in card.items() if isinstance(value, dict)]
    model, cells = next(iter(card[key].items()))
    prices = {f"{next(iter(cells))}{number}": next(iter(cells.values())) for number in range(count)}
    return _a_card(**{key: {**card[key], model: {**cells, **prices}}})


def _answered(name: str, unit: Any, count: int) -> dict[str, Any]:
    return {"id": "t", name: unit * count}


@cache
def _saved() -> bytes:
    return SAVED.read_bytes()


@contextmanager
def _ajv() -> Iterator[Callable[[dict[str, Any], Any], float] | None]:
    """What times a value under a schema in ajv; None where there is none."""
    script = Path(__file__).with_name("ajv_times.mjs")
    try:
        process = subprocess.Popen(
            ["node", str(script), f"{ROOT}/"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    except OSError:
        yield None
        return
    with process:
        assert process.stdin is not None
        assert process.stdout is not None

        def run(schema: dict[str, Any], value: Any) -> float:
            print(json.dumps([schema, value]), file=process.stdin, flush=True)
            line = process.stdout.readline() if process.stdout else ""
            return float(line) if line else 0.0

        yield run if process.poll() is None else None
        process.stdin.close()


def _python_surfaces() -> Iterator[Surface]:
    for field in FIELDS:
        for name, largest, make in _texts(200_000, lambda text, field=field: {"prompt": "a fox", field: text}):  # type: ignore[misc]
            yield Surface(f"form {field}: {name}", largest, make, _timed(_form))
        for name, largest, make in _texts(200_000, lambda text, field=field: _row(field, text)):  # type: ignore[misc]
            yield Surface(f"cell under {field}: {name}", largest, make, _timed(_sheet(("quote",), "csv")))
    yield Surface("form: fields", 8_000, lambda n: {f"size{at}": "" for at in range(n)}, _timed(_form))
    yield Surface("form: URLs by name", 8_000, lambda n: {f"image_urls[{at}]": "https://a.example" for at in range(n)}, _timed(_form))  # fmt: skip
    for start in ("", "image_url", "size", "number of "):
        for name, largest, make in _texts(200_000, lambda text: ["size", text], start):
            yield Surface(f"title {start}: {name}", largest, make, _timed(_header))
    yield Surface("title: image_url and zeros", 200_000, lambda n: ["size", "image_url" + "0" * n], _timed(_header))
    for title in ("size", "a", "image_url_1", "n", "reapi_verdict", "width"):
        yield Surface(f"titles {title}: the same again", 40_000, lambda n, title=title: [title] * n, _timed(_header))  # type: ignore[misc]
        yield Surface(f"titles {title}: numbered", 40_000, lambda n, title=title: ["size", *(f"{title}{at}" for at in range(n))], _timed(_header))  # type: ignore[misc]  # fmt: skip
        for form in ("csv", "ndjson"):
            yield Surface(
                f"titles {title} quoted to {form}",
                8_000,
                lambda n, title=title: f"size{f',{title}' * n}\n1:1{',2' * n}\n".encode(),  # type: ignore[misc]
                _timed(_sheet(("quote", "--format", form, "--rows"), "csv") if form == "ndjson" else _sheet(("quote",), "csv")),
            )  # fmt: skip
    yield Surface("keys of NDJSON", 8_000, lambda n: json.dumps({f"k{at}": at for at in range(n)}).encode(), _timed(_sheet(("quote", "--rows"), "ndjson")))  # fmt: skip
    yield Surface("rows, each with keys of its own", 24_000, lambda n: b"".join(b'{"k%d":1}\n' % at for at in range(n)), _timed(_sheet(("quote", "--rows"), "ndjson")))  # fmt: skip
    yield Surface(
        "rows above the header", 16_000, lambda n: b"x\n" * n + b"size\n1:1\n", _timed(_sheet(("quote",), "csv"))
    )
    yield Surface("blank rows", 80_000, lambda n: b"size\n" + b"\n" * n, _timed(_sheet(("quote",), "csv")))
    yield Surface("quotes never closed", 400_000, lambda n: b'size\n"' + b"a\n" * n, _timed(_sheet(("quote",), "csv")))
    for name, make in {
        "repeated": lambda n: _saved() * (n // 100_000),
        "cut off": lambda n: _saved()[: len(_saved()) // 2] + b"{" * n,
        "open tags": lambda n: b"<script>" * (n // 8),
        "pushes": lambda n: b"self.__next_f.push([1," * (n // 20),
        "backslashes": lambda n: _saved() + b"\\" * n,
        "quotes": lambda n: _saved() + b'"' * n,
        "braces": lambda n: b"window.__pricing_snapshot__=" + b"{" * n,
        "the name again": lambda n: b"window.__pricing_snapshot__=" * (n // 28),
        "lists": lambda n: b"window.__pricing_snapshot__=" + b"[" * n + b"]" * n,
    }.items():
        yield Surface(f"saved page: {name}", 800_000, make, _timed(_page))
    yield Surface("card: cells", 16_000, _priced, _timed(_card))
    for name, largest, make in _texts(400_000, lambda text: _a_card(id=text)):
        yield Surface(f"card id: {name}", largest, make, _timed(_card))
    for key in ("checked_on", "effective_from", "source", "format"):
        yield Surface(f"card {key}", 400_000, lambda n, key=key: _a_card(**{key: "9" * n}), _timed(_card))  # type: ignore[misc]
    yield Surface("card: keys", 400_000, lambda n: _a_card(**{f"k{at}": 1 for at in range(n)}), _timed(_card))
    for name in ("id", "status", "error", "output", "created_at"):
        yield Surface(f"answer {name}: text", 400_000, partial(_answered, name, "a"), _timed(_answer))
        yield Surface(f"answer {name}: list", 40_000, partial(_answered, name, ["a"]), _timed(_answer))
    yield Surface("answer: keys", 320_000, lambda n: {f"k{at}": 1 for at in range(n)}, _timed(_answer))
    yield Surface("answer: URLs", 40_000, lambda n: {"id": "t", "status": "completed", "output": {"image_urls": ["https://a.example/1.png"] * n}}, _timed(_answer))  # fmt: skip
    yield Surface("answer: text", 400_000, lambda n: b"{" * n, _timed(_answer))


SURFACES = tuple(_python_surfaces())
"""Each with what it is given; the schemas in ajv come behind them where node and ajv are there."""


def _in_ajv(run: Callable[[dict[str, Any], Any], float]) -> Iterator[Surface]:
    for kind, schema in (("form", form_schema()), ("body", request_schema())):
        for field in FIELDS:
            for name, largest, make in _texts(64_000, lambda text, field=field: {"model": OFFICIAL, "prompt": "a fox", field: text}):  # type: ignore[misc]  # fmt: skip
                yield Surface(f"ajv, {kind} {field}: {name}", largest, make, lambda value, schema=schema: run(schema, value))  # type: ignore[misc]  # fmt: skip


def surfaces(scale: Scale) -> Section:
    """Time at the largest size against an eighth of it, of everything but a body."""
    rows, times = [], []
    with _ajv() as run:
        for what, largest, make, act in (*SURFACES, *(_in_ajv(run) if run else ())):
            size = largest // scale.attack
            seconds, time = _times(make(size // 8), make(size), act, scale.repeats)
            times.append(time if seconds > 2e-3 else 0)
            if seconds > 2e-3:
                rows.append((time, (what, f"{size:,}", f"{seconds * 1e3:.2f}", f"{time:.1f}")))
    shown = [row for _, row in sorted(rows, reverse=True)[:20]]
    text = (
        f"{len(times)} inputs of every other surface (forms, cells, titles, saved pages, cards, answers, and the schemas in "
        f"ajv{'' if run else ', which was not there'}), from an eighth of the size to the whole. {len(rows)} of them take "
        "more than 2 ms; the 20 that grow most:\n\n"
    ) + table(("what grows", "to", "ms", "time grows"), shown)
    return Section("Under attack on every surface", text, {"surfaces.time": max(times)})


def _times(small: Any, large: Any, act: Callable[[Any], float], repeats: int) -> tuple[float, float]:
    """The least time for the large input, and how many times that of the small one it is.

    What was made before is kept out of the garbage collector's way, which otherwise comes for the large input alone.
    """
    pairs: list[tuple[float, float]] = []
    gc.freeze()
    while len(pairs) < 2 or (len(pairs) < repeats and sum(map(sum, pairs)) < 1):
        pairs.append((min(act(small) for _ in range(3)), act(large)))
    gc.unfreeze()
    least_small, least_large = map(min, zip(*pairs))
    return least_large, least_large / max(least_small, 1e-6)
