"""Every surface that answers for a request, asked about many at once: what each says of the verdict, the price and the pixels.

A request is put to each surface as well as it can be written there; what gets lost on the way is for the gaps of
``agreement.py`` to explain.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reapi_rules import Engine, Report
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import main
from reapi_rules.forms import preflight_form
from reapi_rules.forms.schema import request_schema
from reapi_rules.sheets.meaning.titles import subjects
from tests.support.calc import PROGRAM, Calc
from tests.support.examples import need
from tests.support.module import ROOT, Module, about
from tests.support.odd_requests import OddRequests
from tests.support.oracle import NotJsonError, UnreadableError, read_text
from tests.support.schema_tools import AJV, InNode
from tests.support.strategies import is_writable

__all__ = ["DEFAULT", "ENGINE", "SURFACES", "Answer", "Request", "answer_of", "requests"]

DEFAULT = built_in().default_model
ENGINE = Engine(default_model=DEFAULT)
_PLACES = {subject: place.name for subject, place in subjects().places.items()}
_SUBJECTS = {name: subject for subject, name in _PLACES.items()}
_LIVE = ("model", "shape", "tier", "quality", "number", "references")


class Answer(NamedTuple):
    """What a surface says; None where it says nothing.  ``notes`` tell how it read what it did not read as it is."""

    ok: bool | None
    credits: int | None = None
    low: int | None = None
    width: int | None = None
    height: int | None = None
    notes: str = ""

    @classmethod
    def of_cells(cls, cells: Mapping[str, Any]) -> Answer:
        """What our columns say of a row."""
        named = (cells[f"reapi_{name}"] for name in ("credits", "credits_low", "width", "height"))
        credits, low, width, height = (int(cell) if str(cell).partition(".")[0].isdigit() else None for cell in named)
        verdict = cells["reapi_verdict"]
        return cls(verdict != "rejected" if verdict else None, credits, low, width, height, cells["reapi_notes"])


class Request(NamedTuple):
    """A request as JSON text, and its body where every reader of JSON reads the text to the same object."""

    text: str | bytes
    body: dict[str, Any] | None


def requests(count: int, seed: int) -> list[Request]:
    """Three in five as people type them, one in five odd, one in five as text that may not even be JSON; and the rare ones.

    So nine in ten can be put everywhere, however odd bodies are: none of them holds what JSON has no text for.
    """
    odd = OddRequests(seed)
    writable = filter(is_writable, iter(odd.body, None))
    kinds: tuple[Callable[[], Any], ...] = (*[odd.typed_body] * 3, writable.__next__, odd.text)
    addresses = ("https://a.example/a b.png", "https://a.example/a,b.png", "\u00a0https://a.example/a.png")
    long: Any = {
        "model": "doubao-seedream-5-0-lite",
        "prompt": "a fox",
        "image_urls": ["/a", *["https://a.example/a"] * 16],
    }
    bodies = (long, *({"prompt": "a fox", "image_urls": [address]} for address in addresses), "")
    rare = map(_request, bodies)
    return [*(_request(kinds[at % len(kinds)]()) for at in range(count)), *(each for each in rare for _ in range(4))]


def _request(given: Any) -> Request:
    text = json.dumps(given) if isinstance(given, dict) else given
    try:
        body = read_text(text)
    except (NotJsonError, UnreadableError):
        body = None
    return Request(text, body if isinstance(body, dict) and is_writable(body) else None)


def answer_of(report: Report) -> Answer:
    """What the engine says."""
    quote, dimensions = report.quote, report.dimensions
    prices = (None, None) if quote is None else (quote.credits, quote.credits_low)
    return Answer(report.ok, *prices, *((None, None) if dimensions is None else (dimensions.width, dimensions.height)))


# ---- the engine, and what takes a body as it is


def engine_bytes(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    texts = (each.text.encode(errors="surrogatepass") if isinstance(each.text, str) else each.text for each in asked)
    return (answer_of(ENGINE.preflight(text)) for text in texts)


def engine_mapping(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    return (answer_of(ENGINE.preflight(each.body)) for each in asked)


def schema_in_ajv(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    if shutil.which("node") is None or not AJV.is_dir():
        pytest.skip("needs node and ajv: npm install --no-save --no-package-lock ajv@8, in the root of the repository")
    with closing(InNode(request_schema(default_model=DEFAULT))) as validate:
        yield from [Answer(not validate(each.body)) for each in asked]


def module(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    with closing(Module()) as judge:
        for each in asked:
            report = json.loads(judge.ask(about(each.text, {"default_model": DEFAULT}))[0])
            quote, dimensions = report["quote"] or {}, report["dimensions"] or {}
            figures = (
                quote.get("credits"),
                quote.get("credits_low"),
                dimensions.get("width"),
                dimensions.get("height"),
            )
            yield Answer(report["ok"], *figures)


# ---- what has text alone: forms and cells


def form(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    for each in asked:
        given = {name: typed(value) for name, value in (each.body or {}).items()}
        yield answer_of(preflight_form(given, default_model=DEFAULT))


def typed(value: Any) -> str:
    """A value as somebody types it: lists as lines where they hold nothing but text, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(entry, str) and entry for entry in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False)


def row_of(body: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row that plans the request, by subject: those of its model's fields."""
    id = body.get("model") or DEFAULT
    model = built_in().models.get(id) if isinstance(id, str) else None
    fields = _SUBJECTS if model is None else {name: field.role or name for name, field in model.fields.items()}
    return {"model": body.get("model"), **{fields[name]: value for name, value in body.items() if name in fields}}


def _plan(asked: Iterable[Request]) -> list[list[str]]:
    rows = (row_of(each.body or {}) for each in asked)
    return [list(_PLACES.values()), *([typed(row.get(subject)) for subject in _PLACES] for row in rows)]


def csv_rows(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    _write(folder / "plan.csv", _plan(asked))
    main(["quote", str(folder / "plan.csv"), "-o", str(folder / "quoted.csv")])
    return _quoted(folder / "quoted.csv")


def xlsx_rows(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    """A workbook in which numbers are numbers and switches are switches."""
    need("xlsxwriter", "python_calamine")
    import xlsxwriter

    book = xlsxwriter.Workbook(folder / "plan.xlsx", {"strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(_PLACES.values()))
    for at, each in enumerate(asked, 1):
        row = row_of(each.body or {})
        for column, subject in enumerate(_PLACES):
            value = row.get(subject)
            if isinstance(value, bool):
                sheet.write_boolean(at, column, value)
            elif isinstance(value, (int, float)) and abs(value) < 1e15:
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, typed(value))
    book.close()
    main(["quote", str(folder / "plan.xlsx"), "--format", "csv", "-o", str(folder / "quoted-book.csv")])
    found = list(_quoted(folder / "quoted-book.csv"))
    nothing = [Answer(None)] * (len(asked) - len(found))  # a workbook has no blank rows at its end
    return iter([*found, *nothing])


def _write(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _quoted(path: Path) -> Iterator[Answer]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from map(Answer.of_cells, csv.DictReader(file))


# ---- the page, in a browser


def page_rows(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    """The rows as they are pasted from a spreadsheet, and copied back."""
    plan = _plan(asked)
    text = "\n".join("\t".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in plan)
    script = """
        const [text, done] = arguments, field = document.getElementById("paste");
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        const wait = () => document.querySelector("#copy-rows") && !document.querySelector("#status").textContent
          ? (navigator.clipboard.writeText = async (copied) => done(copied), document.querySelector("#copy-rows").click())
          : setTimeout(wait, 50);
        wait();
    """
    copied = _in_the_page(folder, "rows", script, text)
    yield from map(
        Answer.of_cells, csv.DictReader(io.StringIO(copied.replace("\r\n", "\n"), newline=""), delimiter="\t")
    )


def page_bodies(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    """Each body as it is pasted, and what is shown of it."""
    script = """
        const [texts, done] = arguments, field = document.getElementById("json");
        done(JSON.parse(texts).map((text) => {
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          return [...(document.querySelector("#judged .spread .line")?.children ?? [])].map((each) => each.textContent);
        }));
    """
    for shown in _in_the_page(folder, "body", script, json.dumps([each.text for each in asked])):
        price = re.fullmatch(r"(?:([\d,]+)–)?([\d,]+) credits?", shown[1] if len(shown) > 1 else "")
        low, credits = (
            int(each.replace(",", "")) if each else None for each in (price.groups() if price else ("", ""))
        )
        edges = re.fullmatch(r"(\d+) × (\d+)", shown[-1]) if shown else None
        yield Answer(
            shown[0] == "reAPI would accept this" if shown else None,
            credits,
            credits if low is None else low,
            *(map(int, edges.groups()) if edges else (None, None)),
        )


def _in_the_page(folder: Path, tab: str, script: str, given: Any) -> Any:
    from reapi_rules.web.page import page
    from tests.support.browser import chromium

    path = folder / "calculator.html"
    path.write_text(page(), encoding="utf-8")
    with chromium(folder / f"chromium-{tab}") as browser:
        browser.get(path.as_uri())
        browser.execute_script(
            "if (document.documentElement.lang !== 'en') document.querySelector('#language').click();"
            "document.querySelector(arguments[0]).click()",
            f"#tab-{tab}",
        )
        browser.set_script_timeout(300)
        return browser.execute_async_script(script, given)


# ---- the self-calculating workbook, and a join


def live_workbook(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    """What Calc works out; equal rows are typed once."""
    if PROGRAM is None:
        pytest.skip("needs LibreOffice Calc: apt-get install libreoffice-calc")
    need("xlsxwriter", "openpyxl", "python_calamine")
    import openpyxl
    import python_calamine
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as UNTYPED

    from reapi_rules.sheets.live.formulas import LETTERS
    from reapi_rules.sheets.live.page import FIRST_ROW
    from reapi_rules.sheets.live.workbook import write_workbook

    rows = [tuple(_cell(row_of(each.body or {}).get(subject)) for subject in _LIVE) for each in asked]
    places = {row: at for at, row in enumerate(dict.fromkeys(rows), FIRST_ROW)}
    path = folder / "live.xlsx"
    with path.open("wb") as output:
        write_workbook(output, card=built_in().card(), rows=len(places))
    book = openpyxl.load_workbook(path)
    for row, at in places.items():
        for column, cell in enumerate(row, 2):
            if cell != "":
                book["Quote"].cell(at, column, UNTYPED.sub("", cell) if isinstance(cell, str) else cell)
    book.save(path)
    (worked_out,) = Calc(folder / "calc").convert(path, form="xlsx", into="live")
    page = python_calamine.load_workbook(str(worked_out)).get_sheet_by_name("Quote").to_python(skip_empty_area=False)
    for row in rows:
        yield Answer.of_cells(dict(zip(map(str, LETTERS), page[places[row] - 1])))


def _cell(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else typed(value)


def duckdb_join(asked: Sequence[Request], folder: Path) -> Iterator[Answer]:
    """The recipe of the page on big plans: each combination quoted once, and joined with the plan."""
    need("duckdb")
    import duckdb

    titles = ("model", "size", "resolution", "quality", "n", "image_urls")
    rows = (row_of(each.body or {}) for each in asked)
    cells = [(str(at), *(typed(row.get(subject)) for subject in _LIVE)) for at, row in enumerate(rows)]
    _write(folder / "plan.csv", [("at", *titles), *cells])
    connection = duckdb.connect()
    for recipe in ("big_plan_combinations.sql", "big_plan.sql"):
        sql = (ROOT / "docs" / "examples" / recipe).read_text(encoding="utf-8")
        connection.execute(re.sub(r"'(\w+\.csv)'", rf"'{folder}/\1'", sql))
        if not (folder / "priced.csv").exists():
            main(["quote", str(folder / "combinations.csv"), "-o", str(folder / "priced.csv")])
    with (folder / "quoted.csv").open(encoding="utf-8", newline="") as file:
        found = sorted(csv.DictReader(file), key=lambda row: int(row["at"]))
    yield from map(Answer.of_cells, found)


class Surface(NamedTuple):
    """What answers for requests, which can be put to it, and how many of them are: one in so many.

    An object can be put everywhere; text that is not that of one, or not for every reader of JSON, only where text is.
    """

    answers: Callable[[Sequence[Request], Path], Iterator[Answer]]
    takes: Callable[[Request], bool] = lambda request: request.body is not None
    one_in: int = 1


SURFACES = {
    "engine, bytes": Surface(engine_bytes, lambda request: True),
    "engine, mapping": Surface(engine_mapping),
    "form": Surface(form),
    "schema": Surface(schema_in_ajv),
    "module": Surface(module, lambda request: True),
    "CSV": Surface(csv_rows),
    "XLSX": Surface(xlsx_rows),
    "page, rows": Surface(page_rows),
    "page, body": Surface(page_bodies, lambda request: isinstance(request.text, str)),
    "live workbook": Surface(live_workbook, one_in=4),
    "join": Surface(duckdb_join),
}
"""By the names that the gaps of ``agreement.py`` use."""
