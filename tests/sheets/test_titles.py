"""Titles of public planning sheets, and those that nobody had in mind when the table was made."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import built_in
from reapi_rules.sheets.files.csv_table import read_csv
from reapi_rules.sheets.files.json_table import JsonQuoter, keys, read_json
from reapi_rules.sheets.meaning.account import Account
from reapi_rules.sheets.meaning.rows import sort_rows
from reapi_rules.sheets.meaning.table import Table
from reapi_rules.sheets.meaning.titles import _heads, subjects
from reapi_rules.sheets.results.quoter import Quoter
from reapi_rules.sheets.results.totals import Totals
from reapi_rules.terms.spelling import fold
from reapi_rules.web.inline import sheet_tables
from reapi_rules.web.module import literal
from tests.support.headers import AXES, HANDWRITTEN, NAMES, PUBLIC, SUBJECTS, Sheet, sheets


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
    from tests.support.workbooks import read_workbook

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

    from tests.support.workbooks import read_workbook

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


@pytest.mark.parametrize(
    ("title", "count", "is_times"),
    (
        ("Posters", "Images per poster", True), ("No. of posters", "Images / poster", True), ("海报数", "每海报张数", True), ("Markets", "n", True),
        ("Posters", "Images per page", False), ("", "Images per poster", False), ("Posters", "Posters", False), ("海报数", "张数", False),
    ),
)  # fmt: skip
def test_what_has_so_many_images_each(title: str, count: str, is_times: bool) -> None:
    assert subjects().is_times(title, count) is is_times


def test_images_of_another_kind_are_no_references() -> None:
    """A final image or an output picture is what comes out; a word that changes nothing elsewhere does so here."""
    titles = [title for title, meant in subjects().table().items() if "references" in (meant, *meant)]
    found = [f"{word} {title}" for word in aliases().around for title in titles]
    assert [title for title in found if "references" in subjects().of(title).subjects] == []


def test_the_table_of_other_programs_says_what_we_say() -> None:
    for title, meant in subjects().table().items():
        found = subjects().of(title.title())
        assert meant in (found.subjects, *(found.subjects if found.is_sure else ())), title
    assert subjects().table().keys() > {fold(name) for name in subjects().usual}


def test_other_programs_have_our_tables() -> None:
    """The calculator does, with the other copies of the same script."""
    page = (Path(__file__).parents[2] / "docs" / "examples" / "calculator.html").read_text(encoding="utf-8")
    tables = {name: sheet_tables(built_in(), {})[name] for name in ("titles", "pieces", "patterns")}
    assert {title: meant for meant, titles in tables["titles"] for title in titles.split()} == subjects().table()
    assert [name for name, table in tables.items() if f'"{name}":{literal(table)}' not in page] == []


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


@pytest.mark.parametrize(
    ("title", "subject"),
    (
        ("已生成数量", "number"), ("Amount (EUR)", "number"), ("Total USD", "number"), ("fallback model", "model"), ("备用模型", "model"), ("Backup quality", "quality"), ("alternative size", "shape"), ("数量（剩余）", "number"), ("库存数量", "number"), ("枚数 残り", "number"), ("remaining_n", "number"), ("qty in stock", "number"),
        ("nUsed", "number"), ("cantidad restante", "number"), ("남은 수량", "number"), ("参考图尺寸", "shape"), ("原图尺寸", "shape"), ("输入尺寸", "shape"), ("Size (original)", "shape"),
        ("old size", "shape"), ("ancienne taille", "shape"), ("元サイズ", "shape"), ("source_resolution", "tier"), ("Quality done", "quality"), ("images per month", "number"),
    ),
)  # fmt: skip
def test_what_is_there_already_is_not_what_is_asked_for(title: str, subject: str) -> None:
    """Such a column is never read by itself; it is named where its cells look like a field that no other column gives."""
    header = "asset,resolution,quality,n" if subject == "shape" else "asset,size"
    cell = {"model": "flux-2", "shape": "16:9", "tier": "2k", "quality": "low", "number": "2"}[subject]
    assert subjects().of(title).subjects == ()
    table = read_csv([f"{header},{title}\n", f"a{',' * header.count(',')},{cell}\n"])
    account = Account.of(table)
    assert account.columns[-1].field is None
    assert [(warned.title, warned.field) for warned in account.warnings] == [(title, subjects().called(subject))]


@pytest.mark.parametrize(
    "title",
    (
        "Size (cm)",
        "尺寸（厘米）",
        "Print size mm",
        "Größe in mm",
        "Format (inch)",
        "Taille (pouces)",
        "产品尺寸",
        "Trim size",
    ),
)
def test_a_size_on_paper_is_no_size_in_pixels(title: str) -> None:
    """30x40 would be a pixel string."""
    account = Account.of(read_csv([f"asset,{title},n\n", "a,30x40,2\n"]))
    assert account.columns[1].field is None
    assert [(warned.title, warned.field) for warned in account.warnings] == [(title, "size")]
    assert subjects().of("Quality [l/m/h]").subjects == ("quality",)
    assert subjects().of("Size (px)").subjects == subjects().of("Size (W x H)").subjects == ("shape",)


@pytest.mark.parametrize(
    "title",
    (
        "元旦海报尺寸",
        "人物海报数量",
        "原生广告尺寸",
        "Landing page size",
        "納品サイズ",
        "交付尺寸",
        "Week 1 qty",
        "Images per post",
        "images/prompt",
        "Amount / 数量",
    ),
)
def test_words_that_begin_alike_are_what_is_asked_for(title: str) -> None:
    assert subjects().of(title).subjects in (("shape",), ("number",))


@pytest.mark.parametrize("title", ("Bild / Image", "Motiv / Asset", "Visual / Visuel"))
def test_a_name_in_two_languages_is_no_number_of_images(title: str) -> None:
    assert quoted(read_csv([f"{title},Size\n", "fox,16:9\n"]))[0] == 214
    assert quoted(read_csv([f"{title},Size\n", "2,16:9\n"]))[0] == 428
    assert {subjects().of(f"image{sign}prompt").subjects for sign in (" ", "/", "s ")} == {("prompt",)}


@pytest.mark.parametrize(
    "title", ("Images required", "Final images", "主图图片", "图片数", "画像数", "Wie viele Bilder")
)
def test_images_that_are_asked_for_are_counted(title: str) -> None:
    assert quoted(read_csv([f"{title},Size\n", "3,16:9\n", "2,16:9\n"]))[0] == 641 + 428


def test_images_that_are_there_are_not_counted() -> None:
    assert quoted(read_csv(["Final images,Size\n", "https://a.example/1.png,16:9\n"]))[0] == 214


def test_a_batch_may_be_one_of_rows_as_well_as_of_images() -> None:
    for sheet, credits in (
        ("Batch,Size,Images needed\n2,16:9,4\n3,16:9,4\n", 1710),
        ("Batch,Size\n1,16:9\n2,16:9\n3,16:9\n", 642),
        ("Batch,Size\n2,16:9\n2,16:9\n", 856),
    ):
        assert quoted(read_csv(sheet.splitlines(keepends=True)))[0] == credits


@pytest.mark.parametrize(
    ("old", "new"), (("Size old", "Size new"), ("旧尺寸", "新尺寸"), ("Format source", "Format cible"))
)
def test_the_new_one_is_asked_for(old: str, new: str) -> None:
    for titles in ((old, new), (new, old)):
        cells = ["1:1" if title == new else "16:9" for title in titles]
        assert quoted(read_csv([",".join((*titles, "n")) + "\n", ",".join((*cells, "1")) + "\n"]))[0] == 169


def test_a_reference_stays_a_reference() -> None:
    known = aliases()
    for title in (
        *known.roles["references"],
        "图片（参考）",
        "Bilder (Referenz)",
        "参考图URL",
        "Referenzbild-Link",
        "原图",
    ):
        assert "references" in subjects().of(title).subjects
    assert not any(
        subjects().is_apart(title)
        for title, meant in subjects().table().items()
        if meant and "references" not in (meant, *meant)
    )


@pytest.mark.parametrize(
    "title",
    (
        "Nombre de pages",
        "Images per month",
        "Frames per second",
        "Bilder pro Tag",
        "Page count (max)",
        "Page count",
        "Cantidad de productos",
        "Quantity of people",
        "Count of days",
    ),
)
def test_a_count_of_something_else_is_no_number_of_images(title: str) -> None:
    assert subjects().of(title).subjects == ()
    assert subjects().of("Nombre de visuels").subjects == ("number",)


@pytest.mark.parametrize(
    ("title", "fields"),
    (
        ("resolution_override", {"tier"}), ("myResolution", {"tier"}), ("n2", {"number"}), ("Discount", set()), ("出图数量", {"number"}), ("quality notes", {"quality"}),
        ("images FR", {"number"}), ("images", set()), ("format FR", {"shape", "tier"}), ("number pages", {"number"}), ("number of pages", set()), ("how many", set()),
        ("size" + " " * 76, {"shape"}), ("size" + " " * 77, set()),
    ),
)  # fmt: skip
def test_the_fields_that_a_title_mentions(title: str, fields: set[str]) -> None:
    """Such a column is told, since it may say what is asked; a part of another word is none."""
    assert subjects().mentioned(title) == fields


def test_the_clearer_of_two_titles_names_its_field() -> None:
    """As the list of its names has them, from the clearest on; one that no list has is the least clear."""
    known = subjects()
    for subject in ("model", "prompt", "quality", "number", "references", "mask"):
        ranks = [known.rank(name.upper()) for name in aliases().of(subject, titles=True)]
        assert (ranks[0], sorted(ranks)) == (0, ranks)
        assert ranks[-1] < known.rank("a fox")


@pytest.mark.parametrize(
    ("title", "edge"),
    (("Width (mm)", "width"), ("Breite in cm", "width"), ("height in inches", "height"), ("Höhe in mm", "height")),
)
def test_an_edge_in_another_unit_may_be_meant_otherwise(title: str, edge: str) -> None:
    found = subjects().of(title)
    assert (found.subjects, found.is_sure) == ((edge,), False)
    assert subjects().of("Colour in cm").subjects == ()


def test_what_is_longer_than_a_title_means_nothing() -> None:
    known = subjects()
    for ask, title, meant in (
        (lambda title: known.of(title).subjects, "Size", ("shape",)),
        (known.mentioned, "resolution_override", {"tier"}),
        (known.value, "9:16 count", "shape"),
    ):
        assert ask(title.ljust(80)) == meant
        assert not ask(title.ljust(81))


def test_three_words_around_a_title_change_nothing_and_four_are_another_word() -> None:
    for count in range(6):
        assert subjects().of("final" * count + "ratio").subjects == (("shape",) if count < 4 else ())


def test_what_is_before_an_of_is_asked_for() -> None:
    for title, subject in (
        ("size for Instagram", "shape"),
        ("Ratio of the poster", "shape"),
        ("quality of print", "quality"),
        ("quantity of pages", None),
    ):
        assert [*subjects().of(title).subjects] == ([subject] if subject else []), title
        assert [*_heads(title)] == [(title.lower().split()[-1], False), (title.lower().split()[0], True)]
