"""Titles of public planning sheets, and those that nobody had in mind when the table was made."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reapi_rules import quote
from reapi_rules.catalog.aliases import aliases
from reapi_rules.sheets.account import Account
from reapi_rules.sheets.csv_table import read_csv
from reapi_rules.sheets.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.quoter import Quoter
from reapi_rules.sheets.rows import sort_rows
from reapi_rules.sheets.table import Table
from reapi_rules.sheets.titles import fold, subjects
from reapi_rules.sheets.totals import Totals

SUBJECTS = {"m": "model", "p": "prompt", "s": "shape", "t": "tier", "q": "quality", "n": "number", "r": "references", "w": "width", "h": "height"}  # fmt: skip
AXES = {"s": "size", "t": "resolution", "q": "quality", "n": "n"}
NAMES = {"w": "size", "h": "size", **AXES}
CELLS = {
    "m": ("gpt-image-2-official",),
    "p": ("a fox in snow", "teapot, soft light", "castle under the stars"),
    "s": ("16:9", "1:1", "9:16", "4:3"),
    "t": ("2k", "1k", "2K"),
    "q": ("high", "low", "medium"),
    "n": ("2", "1", "4", "3"),
    "r": ("",),
    "w": ("2048", "1024", "1536"),
    "h": ("1152", "1024", "864"),
}
PUBLIC = """
模型=m|提示词=p|画幅比例=s|图像规格=t|生成数量=n
Prompt=p|Format=s|Auflösung=t|Qualität=q|Anzahl=n
Asset=-a|Ratio=s|Res=t|Qual=q|Pieces=n
Aspect ratio=s|Resolution=t|Quality=q|How many=n
Aspect ratio=s|Resolution=t|Quality=q|Amount=n
Aspect ratio=s|Resolution=t|Quality=q|No. of images=n
Aspect ratio=s|Resolution=t|Quality=q|# images=n
Aspect ratio=s|Resolution=t|Quality=q|Number=n
Aspect ratio=s|Resolution=t|Quality=q|Variants=n
Aspect ratio=s|Resolution=t|Quality=q|Versions=n
Aspect ratio=s|Resolution=t|Quality=q|Qty.=n
Aspect ratio=s|Resolution=t|Quality=q|images per asset=n
Aspect ratio=s|Resolution=t|Quality=q|quantity (n)=n
Aspect ratio=s|Resolution=t|Quality=q|n images=n
prompt=p|Width=w|Height=h|Quality=q|Qty=n
task_type=-t2i|prompt=p|aspect_ratio=s|image_size=t
提示词=p|比例=s|时长=-5|批量=n|参考图片=r
素材=-海報|比例=s|解析度=t|品質=q|數量=n
提示词=p|画面比例=s|图片规格=t|图像质量=q|生成张数=n
提示词=p|图片比例=s|解析度=t|品質=q|數量=n
提示词=p|图像比例=s|分辨率=t|质量=q|批量=n
提示词=p|画面尺寸=s|图像规格=t|质量=q|数量=n|参考图1=r
prompt=p|ar=s|resolution=t|quality=q|variations=n
prompt=p|dimensions=s|resolution=t|quality=q|copies=n
prompt=p|shape=s|resolution=t|quality=q|versions=n
prompt=p|orientation=s|resolution=t|quality=q|pieces=n
prompt=p|output_size=s|resolution=t|quality=q|n=n|ref_images=r
プロンプト=p|アスペクト比=s|解像度=t|品質=q|枚数=n
프롬프트=p|비율=s|해상도=t|품질=q|개수=n
Prompt=p|Format=s|Auflösung=t|Qualität=q|Stückzahl=n
Prompt=p|Format=s|Résolution=t|Qualité=q|Nombre=n
Prompt=p|Format=s|Résolution=t|Qualité=q|Quantité=n
Prompt=p|Proporción=s|Resolución=t|Calidad=q|Cantidad=n
Prompt=p|Proporzione=s|Risoluzione=t|Qualità=q|Quantità=n
Prompt=p|Proporção=s|Resolução=t|Qualidade=q|Quantidade=n
"""
HANDWRITTEN = (Path(__file__).parent / "headers" / "handwritten.txt").read_text(encoding="utf-8")


class Sheet(NamedTuple):
    """A small sheet, what each column means, and what it costs when all of it is read."""

    titles: list[str]
    codes: list[str]
    rows: list[list[str]]
    credits: int


def sheets(text: str) -> Iterator[Sheet]:
    for number, line in enumerate(filter(None, text.splitlines())):
        titles, _, codes = zip(*(column.rpartition("=") for column in line.split("|")))
        values = {
            code: cycle(cells[number % len(cells) :] + cells[: number % len(cells)]) for code, cells in CELLS.items()
        }
        rows = [[code[1:] if code[0] == "-" else next(values[code]) for code in codes] for _ in range(3)]
        yield Sheet(list(titles), list(codes), rows, sum(map(cost, [list(codes)] * 3, rows)))


def cost(codes: list[str], row: list[str]) -> int:
    cells = dict(zip(codes, row))
    axes: dict[str, Any] = {AXES[code]: cell for code, cell in cells.items() if code in AXES}
    if "w" in cells:
        axes["size"] = f"{cells['w']}x{cells['h']}"
    if "n" in axes:
        axes["n"] = int(axes["n"])
    return quote(**axes).credits or 0


def made(count: int) -> Iterator[str]:
    """Headers of titles drawn from the table, in any spelling."""
    chance, known = random.Random(7), aliases()
    tables = {code: [*known.of(SUBJECTS[code], titles=True)] for code in "pstqn"}
    for _ in range(count):
        titles = []
        for code in chance.sample("pstqn", 5):
            title = chance.choice(tables[code])
            spell = chance.choice(
                (
                    str,
                    str.upper,
                    str.title,
                    lambda t: f" {t} ",
                    lambda t: t.replace(" ", "_"),
                    lambda t: f"{t}:",
                    lambda t: f"{t} (x)",
                    lambda t: f"*{t}",
                )
            )
            titles.append(f"{spell(title)}={code}")
        yield "|".join(titles)


CORPUS = [*sheets(PUBLIC), *sheets(HANDWRITTEN), *sheets("\n".join(made(100)))]


def as_csv(sheet: Sheet, delimiter: str = ",") -> Table:
    lines = ["".join(delimiter.join(f'"{cell}"' for cell in row) + "\n") for row in (sheet.titles, *sheet.rows)]
    return read_csv(lines)


def as_tsv(sheet: Sheet) -> Table:
    return as_csv(sheet, "\t")


def as_xlsx(sheet: Sheet) -> Table:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    from reapi_rules.sheets.xlsx_reader import read_workbook

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("Plan")
    for at, row in enumerate([sheet.titles, *sheet.rows]):
        for column, cell in enumerate(row):
            (page.write_number if cell.isdigit() else page.write_string)(
                at, column, int(cell) if cell.isdigit() else cell
            )
    book.close()
    return read_workbook(file.getvalue())


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Plan">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def as_ods(sheet: Sheet) -> Table:
    pytest.importorskip("python_calamine")
    import zipfile
    from xml.sax.saxutils import escape

    from reapi_rules.sheets.xlsx_reader import read_workbook

    def cell(text: str) -> str:
        if text.isdigit():
            return f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (sheet.titles, *sheet.rows)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        book.writestr("content.xml", ODS.format(rows=rows))
    return read_workbook(file.getvalue())


def quoted(table: Table) -> tuple[int, Account]:
    account = Account.of(table)
    quoter, totals = Quoter(table.columns), Totals()
    for row in sort_rows(table, account).rows:
        result = quoter.result(row)
        assert result is not None, row
        totals.add(result.report.quote)
    return totals.credits, account


READERS: dict[str, Callable[[Sheet], Table]] = {"csv": as_csv, "tsv": as_tsv, "xlsx": as_xlsx, "ods": as_ods}


@pytest.mark.parametrize("form", READERS)
def test_nothing_that_makes_the_price_is_left_out_in_silence(form: str) -> None:
    """The total is right and so is the account; or the account names every column that was meant and is not read."""
    right = 0
    for sheet in CORPUS:
        credits, account = quoted(READERS[form](sheet))
        said = {warned.column for warned in account.warnings}
        for at, code in enumerate(sheet.codes):
            column = account.columns[at]
            assert column.title == sheet.titles[at]
            if code in NAMES:
                assert column.field == NAMES[code] or column.column in said, (sheet.titles[at], column, sheet.titles)
            elif code[0] == "-":
                assert column.field not in NAMES.values(), (sheet.titles[at], column)
        unread = [at for at, code in enumerate(sheet.codes) if code in NAMES and account.columns[at].field is None]
        if not unread:
            assert credits == sheet.credits, sheet
            right += 1
    assert right >= 0.85 * len(CORPUS)


def test_json_is_judged_as_it_is_and_its_keys_are_named() -> None:
    for sheet in CORPUS:
        lines = [json.dumps(dict(zip(sheet.titles, map(value, row)))).encode() for row in sheet.rows]
        titles = keys(lines)
        account = Account.of(read_json(lines, titles))
        said = {warned.title for warned in account.warnings}
        for title, code in zip(sheet.titles, sheet.codes):
            if code in AXES:
                assert title == AXES[code] or title in said or read_as_other(account, title), (title, sheet.titles)
    body = {
        "model": "gpt-image-2-official",
        "prompt": "a fox",
        "size": "16:9",
        "resolution": "2k",
        "quality": "high",
        "n": 2,
    }
    (row,) = read_json([json.dumps(body).encode()], list(body)).rows
    result = JsonQuoter().result(row)
    assert result is not None
    assert result.report.quote is not None
    assert result.report.quote.credits == 759


def read_as_other(account: Account, title: str) -> bool:
    return any(column.title == title and column.field is not None for column in account.columns)


def value(cell: str) -> Any:
    return int(cell) if cell.isdigit() else cell


def test_the_corpus_is_large_and_half_of_what_is_handwritten_is_not_in_the_table() -> None:
    assert len(CORPUS) >= 200
    known = aliases()
    table = {
        fold(title)
        for names in (known.roles, known.fields, known.titles, known.either, known.perhaps)
        for titles in names.values()
        for title in titles
    }
    table |= {fold(title) for names in (known.either, known.perhaps) for title in names}
    handwritten = list(sheets(HANDWRITTEN))
    strange = [
        sheet
        for sheet in handwritten
        if any(code in SUBJECTS and fold(title) not in table for title, code in zip(sheet.titles, sheet.codes))
    ]
    assert len(strange) >= 100


@pytest.mark.parametrize(
    "title",
    ("Priority", "Budget", "No.", "ID", "Owner", "Status", "Due date", "Week", "Cost", "编号", "优先级", "Image number", "Copy", "Variant", "Peça", "备注", "", "x" * 99),
)  # fmt: skip
def test_what_means_something_else(title: str) -> None:
    assert subjects().of(title).subjects == ()
