"""The calculator page in Chromium, from a file: what it shows is what Python says, and nothing leaves the browser."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import random
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reapi_rules import Engine, preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import data_file
from reapi_rules.engine.engine import stand_in
from reapi_rules.engine.fixes import fix
from reapi_rules.prices.alternatives import alternatives
from reapi_rules.sheets.meaning.titles import subjects
from reapi_rules.web.page import page
from tests.support.browser import axe, chromium, requested
from tests.support.headers import HANDWRITTEN, PUBLIC, SUBJECTS, sheets
from tests.support.module import ROOT
from tests.support.odd_rows import PLAN, odd_rows
from tests.support.sheets import OURS, quoted

TABS = ("calculator", "rows", "body", "card")
SOURCE = "".join(
    (ROOT / "reapi_rules" / "web" / name).read_text(encoding="utf-8")
    for name in ("page.html", "rows.js", "apps-script.js")
)
TEXT = page()
ROLES = {"shape": "size", "tier": "resolution", "quality": "quality", "number": "n", "references": "references"}


class Calculator:
    """The page as a person has it in front of them."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.browser, self.address, self.files = browser, path.as_uri(), {path.as_uri()}

    def open(self, choices: str = "", *, width: int = 1280, scheme: str = "light") -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.command(
            "Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        self.browser.get("about:blank")
        self.browser.get(f"{self.address}#{choices}")
        self.until("document.body.dataset.ready")
        if self.script("return document.documentElement.lang") != "en":
            self.press("#language")

    def command(self, name: str, **params: Any) -> Any:
        return self.browser.execute_cdp_cmd(name, params)

    def script(self, code: str, *arguments: Any) -> Any:
        return self.browser.execute_script(code, *arguments)

    def until(self, condition: str) -> None:
        deadline = time.monotonic() + 60
        while not self.script(f"return {condition}"):
            assert time.monotonic() < deadline, condition
            time.sleep(0.02)

    def press(self, selector: str) -> None:
        self.script("document.querySelector(arguments[0]).click()", selector)

    def text(self, selector: str) -> str:
        return str(self.script("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def choose(self, **choices: str) -> None:
        """Choose in lists and type numbers, as the events say that a person did."""
        for name, value in choices.items():
            self.script(
                "const node = document.getElementById(`choice-${arguments[0]}`); node.value = arguments[1];"
                "node.dispatchEvent(new Event(node.tagName === 'SELECT' ? 'change' : 'input'))",
                name,
                value,
            )

    def show(self, tab: str) -> None:
        self.press(f"#tab-{tab}")

    def write(self, place: str, text: str) -> None:
        """Text as it is pasted into a field."""
        code = "const [id, text] = arguments, field = document.getElementById(id);"
        self.script(
            f"{code} field.value = text; field.dispatchEvent(new Event('input', {{bubbles: true}}))", place, text
        )

    def paste(self, rows: list[list[str]]) -> None:
        file = io.StringIO()
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)
        self.show("rows")
        self.press("#rows-clear")
        self.write("paste", file.getvalue())
        self.until("document.querySelector('#reading').children.length > 0")

    def judged(self, rows: list[list[str]]) -> list[dict[str, str]]:
        """The cells that the page adds to pasted rows, as they are copied back."""
        self.paste(rows)
        if not self.script("return !!document.querySelector('#table')"):
            return []
        copied = self.copied("#copy-rows").replace("\r\n", "\n")
        return [{name: row[name] for name in OURS} for row in csv.DictReader(io.StringIO(copied), delimiter="\t")]

    def copied(self, button: str) -> str:
        self.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.press(button)
        self.until("document.querySelector('#status').textContent === 'Copied.'")
        return str(self.browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])"))


CORPUS = list(filter(None, (PUBLIC + HANDWRITTEN).splitlines()))


def has_known_titles(line: str) -> bool:
    """Whether the titles of a sheet give away all its columns, without their cells."""
    (sheet,) = sheets(line)
    meant = [SUBJECTS.get(code) for code in sheet.codes]
    known = [subjects().of(title).subjects for title in sheet.titles]
    return all(subject is None or subject in found for subject, found in zip(meant, known))


READ = list(filter(has_known_titles, CORPUS))


def of_the_command_line(rows: list[list[str]]) -> list[dict[str, str]]:
    """The cells that ``quote`` adds to rows."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    added = csv.DictReader(io.StringIO(quoted(file.getvalue().encode()).decode("utf-8-sig")))
    return [{name: row[name] for name in OURS} for row in added]


@pytest.fixture(scope="module")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calculator]:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "calculator.html"
    path.write_text(TEXT, encoding="utf-8")
    with chromium(folder / "chromium") as browser:
        calculator = Calculator(browser, path)
        yield calculator
        own = ("chrome:", "data:")  # its first tab, and axe's empty picture: neither leaves the browser
        asked = {address.partition("#")[0] for address in requested(browser) if not address.startswith(own)}
        assert path.as_uri() in asked
        assert asked <= {*calculator.files, "about:blank"}, "the page asked for something"
        assert not browser.get_log("browser"), "the page complained"


class TestTheFile:
    """What holds of the text, without a browser."""

    def test_runs_only_what_it_brings(self) -> None:
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', TEXT)
        assert policy
        hashes = []
        for tag in ("script", "style"):
            (content,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", TEXT, re.DOTALL)
            hashes.append(f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'")
        assert policy[1] == (
            f"default-src 'none'; script-src {hashes[0]}; style-src {hashes[1]}; base-uri 'none'; form-action 'none'"
        )
        assert not re.search(r"\b(?:src|href)=|\sstyle=|\son[a-z]+=\"|@import|url\(", TEXT.partition("<script")[0])

    def test_is_small(self) -> None:
        assert len(gzip.compress(TEXT.encode())) <= 90_000

    def test_the_copy_in_the_docs_is_this_one(self) -> None:
        assert (ROOT / "docs" / "examples" / "calculator.html").read_text(encoding="utf-8") == TEXT, (
            "run: python -m tests.tools.generate_docs"
        )

    def test_says_all_that_it_can_say_in_both_languages(self) -> None:
        texts = msgspec.json.decode(data_file("page.json"))["texts"]
        said = set(re.findall(r'data-t="(\w+)"|\bt\("(\w+)"', SOURCE))
        quoted_words = set(re.findall(r'"(\w+)"', SOURCE))
        assert {one or other for one, other in said} <= set(texts)
        levels = {"error", "warning", "note", "documented", "inferred", "unspecified"}
        assert set(texts) - {one or other for one, other in said} - quoted_words - levels == set()
        for key, text in texts.items():
            assert set(text) == {"en", "zh"}, key
            assert set(re.findall(r"{(\w+)}", text["zh"])) <= set(re.findall(r"{(\w+)}", text["en"])), key


class TestOneRequest:
    """The calculator."""

    def test_credits_and_pixels_are_those_of_python(self, calculator: Calculator) -> None:
        chance, engine = random.Random(21), Engine()
        calculator.open()
        refused = 0
        for model in built_in().models.values():
            for _ in range(6):
                body, said = dict(stand_in(model)), {"model": model.id}
                for role in ("shape", "tier", "quality"):
                    if words := model.words(role):
                        body[model.roles[role]] = said[role] = chance.choice(words)
                if "number" in model.roles:
                    body[model.roles["number"]] = number = chance.randint(1, model.field("number").maximum or 1)
                    said["number"] = str(number)
                calculator.choose(**said)
                expected = engine.preflight({**body, "model": model.id})
                if expected.quote is None or expected.quote.credits is None:
                    refused += 1
                    assert calculator.text("#credits") == "", said
                    continue
                assert re.sub(r"\D", "", calculator.text("#credits")) == str(expected.quote.credits), said
                facts = calculator.text("#bill .facts")
                assert str(expected.quote.cell) in facts
                assert str(expected.quote.usd) in facts
                if expected.dimensions and expected.dimensions.width:
                    assert f"{expected.dimensions.width} × {expected.dimensions.height}" in facts
        assert 0 < refused < 60

    @pytest.mark.parametrize(
        "choices", ("quality=auto", "size=auto&resolution=2k&quality=low", "size=1600x900&resolution=2k")
    )
    def test_what_costs_less_is_the_advice(self, calculator: Calculator, choices: str) -> None:
        calculator.open(f"model=gpt-image-2-official&{choices}")
        body = dict(pair.split("=") for pair in choices.split("&"))
        found = alternatives({"model": "gpt-image-2-official", "prompt": "-", **body})
        shown = calculator.script("return [...document.querySelectorAll('#less li p')].map((each) => each.textContent)")
        assert shown
        assert set(shown) <= {other.trade for other in found}
        assert len(shown) == min(6, len(found))

    def test_a_bar_chooses_and_the_link_brings_it_back(self, calculator: Calculator) -> None:
        calculator.open("model=gpt-image-2-official&size=16:9")
        calculator.press('#chart [data-key="4k|medium"]')
        assert calculator.text("#credits") == "335 credits"
        assert (
            calculator.script("return document.querySelector('#chart [aria-pressed=true]').dataset.key") == "4k|medium"
        )
        calculator.until("location.hash.includes('medium')")
        calculator.browser.refresh()
        calculator.until("document.body.dataset.ready")
        assert calculator.text("#credits").startswith("335")
        assert calculator.script("return document.querySelector('#choice-tier').value") == "4k"

    def test_an_odd_link_does_no_harm(self, calculator: Calculator) -> None:
        calculator.open("model=%3Cb%3E&n=x&size=%F0%9F&references=1e9&quality=best")
        assert calculator.text("#credits").startswith("169")

    def test_a_refused_request_says_why(self, calculator: Calculator) -> None:
        calculator.open("model=gpt-image-2-official&size=1:1&resolution=4k")
        assert "reAPI would reject this" in calculator.text("#bill")
        assert "4K requires an explicit size" in calculator.text("#bill")
        assert (
            calculator.script("return document.querySelector('#choice-shape').getAttribute('aria-invalid')") == "true"
        )


class TestRows:
    """Rows that are pasted."""

    @pytest.mark.parametrize("columns", (PLAN, *random.Random(21).sample(READ, 9)))
    def test_500_rows_come_back_as_from_the_command_line(self, calculator: Calculator, columns: str) -> None:
        """Of the sheets of the corpus whose columns their titles give away."""
        rows = odd_rows(500, columns)
        expected = of_the_command_line(rows)
        calculator.open()
        found = calculator.judged(rows)
        assert len(found) == len(expected) == 500
        for theirs, ours, row in zip(found, expected, rows[1:]):
            assert theirs == ours, row
        credits = sum(int(row["reapi_credits"] or 0) for row in expected)
        assert f"{credits:,}" in calculator.text(".tiles")
        if columns == PLAN:
            assert {row["reapi_verdict"] for row in expected} == {"fine", "warning", "rejected", "no price"}

    @pytest.mark.parametrize("name", ("campaign.csv", "several-models.csv", "from-a-spreadsheet.csv", "first-plan.csv"))
    def test_the_sheets_of_the_docs_come_back_as_from_the_command_line(self, calculator: Calculator, name: str) -> None:
        content = (ROOT / "docs" / "examples" / name).read_bytes()
        lines = content.decode("utf-8-sig")
        apart = ";" if name == "from-a-spreadsheet.csv" else ","
        expected = list(csv.reader(io.StringIO(quoted(content).decode("utf-8-sig")), delimiter=apart))
        calculator.open()
        calculator.paste(list(csv.reader(io.StringIO(lines), delimiter=apart)))
        copied = calculator.copied("#copy-rows").replace("\r\n", "\n")
        found = list(csv.reader(io.StringIO(copied), delimiter="\t"))
        for ours, theirs in zip(expected, found, strict=True):
            if not any(theirs):
                assert not any(ours)
                continue
            assert ours == theirs

    def test_the_corpus_is_read_as_by_the_command_line(self, calculator: Calculator) -> None:
        """No column as another; and rows that lack none of their columns come back the same."""
        calculator.open()
        read = missed = same = 0
        for line in CORPUS:
            (sheet,) = sheets(line)
            judged = calculator.judged([sheet.titles, *sheet.rows])
            found = calculator.script(
                "return [...document.querySelectorAll('.columns select')].map((each) => [each.id, each.value])"
            )
            for name, subject in found:
                meant = SUBJECTS.get(sheet.codes[int(name.rpartition("-")[2])], "")
                assert subject in ("", meant), (sheet.titles, name)
                read += bool(subject)
                missed += bool(meant) and not subject
            if line in READ:
                assert judged == of_the_command_line([sheet.titles, *sheet.rows]), sheet.titles
                same += 1
        assert read > 8 * missed
        assert same > 100

    def test_a_column_for_each_request_is_not_priced_as_rows(self, calculator: Calculator) -> None:
        calculator.open()
        assert calculator.judged([["prompt", "fox"], ["size", "16:9"], ["quality", "low"], ["n", "2"]]) == []
        assert calculator.text("#reading").startswith("One column lists fields such as size or quality")
        calculator.press("#language")
        assert calculator.text("#reading").startswith("有一列依次列出了")

    def test_fixing_filtering_sorting_and_editing(self, calculator: Calculator) -> None:
        calculator.open()
        calculator.paste([["size", "quality", "n"], ["16:9", "hd", "2"], ["1:1", "low", "1"], ["4:3", "low", "9"]])
        assert calculator.text("#table tbody tr:nth-child(1) .chip").strip() == "rejected"
        calculator.press('#table tbody tr:nth-child(1) [data-key="fix"]')
        assert calculator.text("#table tbody tr:nth-child(1) .chip").strip() == "fine"
        assert calculator.copied("#copy-rows").splitlines()[1].startswith("16:9\thigh\t2\tfine\t")
        calculator.press('[data-key="sort-credits"]')
        assert calculator.text("#table tbody tr:nth-child(1) th") == "4"
        calculator.script(
            "const input = document.querySelector('#table tbody tr:nth-child(1) [data-key=\"2\"]');"
            "input.value = '4'; input.dispatchEvent(new Event('change'))"
        )
        calculator.until("document.querySelector('#table tbody tr:nth-child(1) .chip').textContent === 'fine'")
        calculator.script(
            "const all = document.querySelector('#show'); all.value = 'rejected'; all.dispatchEvent(new Event('change'))"
        )
        assert calculator.text("#shown") == "No rows match."

    def test_what_is_left_out_is_named(self, calculator: Calculator) -> None:
        calculator.open()
        titles = ["asset", "Image size", "Where", "qty"]
        rows = [
            ["Plan for May"],
            titles,
            ["a", "2K", "16:9", "2"],
            titles,
            ["b", "1k", "1:1", "3"],
            ["TOTAL", "", "", "5"],
            ["", "", "", "4"],
        ]
        calculator.paste(rows)
        said = calculator.text("#reading")
        assert "above the titles, left out: row 1" in said
        assert "row 4 (the header again)" in said
        assert "row 6 (a total)" in said
        assert "row 7: a number and nothing else that sets the price, priced as a request" in said
        assert "looks like Size, and is not read" in said
        assert "by its cells" in said
        assert "no quality column: auto, billed as high" in said
        calculator.script(
            "const column = document.querySelector('#column-2'); column.value = 'shape'; column.dispatchEvent(new Event('change'))"
        )
        calculator.until("document.querySelector('tbody tr td:nth-child(4)')?.textContent === '2048 × 1152'")

    def test_merged_cells_are_named(self, calculator: Calculator) -> None:
        calculator.open()
        calculator.show("rows")
        calculator.script(
            "const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', arguments[0]);"
            "clipboardData.setData('text/html', '<td rowspan=2>16:9</td>');"
            "document.querySelector('#paste').dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }))",
            "size\tn\r\n16:9\t1\r\n\t2\r\n",
        )
        calculator.until("document.querySelector('#table')")
        assert "There are merged cells" in calculator.text("#reading")
        assert calculator.script("return document.querySelector('#paste').value") == ""

    def test_5000_rows_stay_fluent(self, calculator: Calculator) -> None:
        calculator.open()
        calculator.paste(odd_rows(5000))
        rows, waited = calculator.script(
            "const start = performance.now(); document.querySelector('[data-key=\"sort-credits\"]').click();"
            "return [document.querySelectorAll('#table tbody tr').length, performance.now() - start]"
        )
        assert rows == 100
        assert waited < 1000
        assert calculator.text("#shown").endswith("of 5,000")

    def test_csv_is_saved_without_formulas(self, calculator: Calculator, tmp_path: Path) -> None:
        calculator.open()
        calculator.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        calculator.paste([["asset", "size"], ["=1+1", "16:9"]])
        calculator.press("#save")
        saved, deadline = tmp_path / "reapi-rows.csv", time.monotonic() + 60
        while not (saved.exists() and saved.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        first = next(csv.DictReader(io.StringIO(saved.read_bytes().decode("utf-8-sig"))))
        assert (first["asset"], first["reapi_credits"]) == ("'=1+1", "214")


BODIES = [
    '{"model":"gpt-image-2","aspect_ratio":"16×9","prompt":"a fox","quantity":1.0}',
    '{"model":"gpt-image-2-official","prompt":"a fox","size":"16/9","n":"2","quality":"hd","seed":12345678901234567890}',
    '{"model":"gpt-image-2-official","prompt":"a fox","resolution":"4k"}',
    '{"model":"flux-2","prompt":"a fox","size":"16:9"}',
    '{"model": "gpt-image-2", "prompt": ',
    "[1]",
]


class TestABody:
    """A JSON body that is checked."""

    @pytest.mark.parametrize("body", BODIES)
    def test_says_every_finding_and_puts_the_body_right(self, calculator: Calculator, body: str) -> None:
        calculator.open()
        calculator.show("body")
        calculator.write("json", body)
        report = preflight(body)
        rules = calculator.script(
            "return [...document.querySelectorAll('#judged .findings code')].map((each) => each.textContent)"
        )
        assert rules == [each.rule for each in (*report.errors, *report.warnings)]
        expected = fix(body)
        if not expected.changes:
            assert calculator.text("#patched") == ""
            return
        assert json.loads(calculator.text("#patched")) == json.loads(expected.text)
        assert json.loads(calculator.copied("#copy-body")) == json.loads(expected.text)


class TestTheCard:
    """The rate card and its age."""

    def test_another_card_counts_and_an_old_one_is_loud(self, calculator: Calculator, tmp_path: Path) -> None:
        card = built_in().cards[-1].to_dict()
        path = tmp_path / "card.json"
        calculator.open()
        calculator.show("card")
        for day, is_loud in ((date.today().isoformat(), False), ("2020-01-01", True)):
            card |= {
                "id": f"mine-{day}",
                "checked_on": day,
                "usd_per_image": {"gpt-image-2-official": {"1:1@1k_high": "0.5"}},
            }
            path.write_text(json.dumps(card), encoding="utf-8")
            calculator.browser.find_element("id", "card-file").send_keys(str(path))
            calculator.until(f"document.querySelector('#age').textContent.includes('mine-{day}')")
            assert calculator.script("return !document.querySelector('#stale').hidden") is is_loud
            assert calculator.script("return document.querySelector('#credits').textContent") == "500 credits"
        path.write_text('{"format": "x"}', encoding="utf-8")
        calculator.browser.find_element("id", "card-file").send_keys(str(path))
        calculator.until("document.querySelector('#card-fault').textContent")
        calculator.press("#built-in")
        assert built_in().cards[-1].id in calculator.text("#age")

    def test_without_a_card_nothing_has_a_price(self, calculator: Calculator, tmp_path: Path) -> None:
        path = tmp_path / "without.html"
        path.write_text(page(rates=()), encoding="utf-8")
        calculator.browser.get(path.as_uri())
        calculator.until("document.body.dataset.ready")
        assert "No price" in calculator.text("#bill") or "没有价格" in calculator.text("#bill")
        calculator.files.add(path.as_uri())


class TestForEverybody:
    """Languages, small screens, the keyboard, paper and screen readers."""

    def filled(self, calculator: Calculator) -> None:
        calculator.press("#rows-example")
        calculator.press("#body-example")
        calculator.until("document.querySelector('#table tbody')")

    def test_nothing_is_wider_than_a_phone(self, calculator: Calculator) -> None:
        calculator.open(width=390)
        self.filled(calculator)
        for tab in TABS:
            calculator.show(tab)
            assert calculator.script("return document.documentElement.scrollWidth") == 390, tab

    def test_by_keyboard_alone(self, calculator: Calculator) -> None:
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        calculator.open("model=gpt-image-2-official")
        calculator.browser.switch_to.window(calculator.browser.current_window_handle)

        def type_keys(*keys: str) -> str:
            for key in keys:
                ActionChains(calculator.browser).send_keys(key).perform()
            return str(calculator.script("return document.activeElement.id || document.activeElement.dataset.key"))

        assert type_keys(Keys.TAB) == "language"
        assert type_keys(Keys.TAB, Keys.TAB, Keys.TAB) == "tab-calculator"
        assert type_keys(Keys.ARROW_RIGHT) == "tab-rows"
        assert type_keys(Keys.ARROW_LEFT, Keys.TAB) == "choice-model"
        assert type_keys(Keys.TAB, Keys.TAB, Keys.TAB) == "choice-quality"
        assert type_keys("l") == "choice-quality"
        assert calculator.text("#credits").startswith("5")

    def test_speaks_chinese(self, calculator: Calculator) -> None:
        calculator.open("model=gpt-image-2-official&size=1:1&resolution=4k")
        self.filled(calculator)
        calculator.press("#language")
        calculator.until("document.documentElement.lang === 'zh-CN'")
        report = preflight({"model": "gpt-image-2-official", "prompt": "-", "size": "1:1", "resolution": "4k"})
        from reapi_rules.catalog.messages import text

        assert text(report.errors[0], "zh") in calculator.text("#bill")
        assert calculator.script("return document.querySelectorAll('[data-t]:empty').length") == 0

    def test_prints_all_rows(self, calculator: Calculator) -> None:
        calculator.open(scheme="dark")
        calculator.paste([["size"], *[["16:9"]] * 250])
        seen = "window.seen = 0; addEventListener('beforeprint', () => (window.seen = document.querySelectorAll('#table tbody tr').length))"
        calculator.script(seen)
        pdf = base64.b64decode(calculator.command("Page.printToPDF")["data"])
        assert pdf.startswith(b"%PDF")
        assert calculator.script("return [window.seen, document.querySelectorAll('#table tbody tr').length]") == [
            250,
            100,
        ]

    def test_the_address_holds_the_choices_alone(self, calculator: Calculator) -> None:
        calculator.open()
        self.filled(calculator)
        calculator.until("location.hash.includes('&references=')")
        address = calculator.script("return decodeURIComponent(location.hash)")
        assert {pair.partition("=")[0] for pair in address[1:].split("&")} == {"model", *ROLES.values()}
        assert "fox" not in address

    def test_links_lead_to_reapi_alone(self, calculator: Calculator) -> None:
        calculator.open()
        links = calculator.script("return [...document.links].map((each) => [each.href, each.rel])")
        assert len(links) > 1
        for address, rel in links:
            assert address.startswith("https://reapi.ai/")
            assert rel == "noreferrer noopener"

    @pytest.mark.parametrize("scheme", ("light", "dark"))
    def test_axe_finds_nothing(self, calculator: Calculator, scheme: str) -> None:
        calculator.open(scheme=scheme)
        self.filled(calculator)
        calculator.script(axe())
        for language in ("en", "zh"):
            for tab in TABS:
                calculator.show(tab)
                found = calculator.browser.execute_async_script(
                    "axe.run().then(({ violations }) => arguments[0](violations))"
                )
                assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], (language, tab)
            calculator.press("#language")
