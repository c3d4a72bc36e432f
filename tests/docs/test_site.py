"""The site: it builds without a warning, its search finds numbers, and its pages work in a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import chromium, served
from tests.support.examples import need
from tests.tools.generate_docs import DOCS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need("sphinx", "furo", "myst_parser")
    target = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "-n",
        "-b",
        "html",
        "-d",
        target / "trees",
        DOCS,
        target / "html",
    ]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return target / "html"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


def until(browser: Any, code: str) -> Any:
    """What a script returns, once that is something."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, 10, 0.05).until(lambda _: browser.execute_script(code))


class TestPages:
    def test_no_block_of_code_ends_with_a_blank_line(self, site: Path) -> None:
        for page in site.rglob("*.html"):
            assert not re.search(r"\n\s*\n</pre>", page.read_text(encoding="utf-8")), page.name

    def test_low_lines_of_a_name_are_no_bold_text(self, site: Path) -> None:
        assert "window.__pricing_snapshot__" in (site / "prices.html").read_text(encoding="utf-8")

    def test_what_is_above_the_folder_is_shown(self, site: Path) -> None:
        assert "0.1.0 (unreleased)" in (site / "changelog.html").read_text(encoding="utf-8")
        assert "Policy" in (site / "contributing.html").read_text(encoding="utf-8")


class TestInABrowser:
    @pytest.mark.parametrize(
        ("query", "page"), (("20003", "errors"), ("429", "after-the-submit"), ("16:9", "dimensions"), ("mask", "rules"))
    )
    def test_search_finds(self, address: str, browser: Any, query: str, page: str) -> None:
        browser.get(f"{address}/search.html?q={query.replace(':', '%3A')}")
        found = "return [...document.querySelectorAll('ul.search li > a')].map((link) => link.getAttribute('href'))"
        until(browser, "return document.querySelector('.search-summary')?.textContent.includes('finished')")
        assert any(link.startswith(f"{page}.html") for link in browser.execute_script(found))

    def test_search_finds_no_number_that_is_nowhere(self, address: str, browser: Any) -> None:
        browser.get(f"{address}/search.html?q=20009873")
        until(browser, "return document.querySelector('.search-summary')?.textContent.includes('did not match')")

    def test_the_front_page_leads_to_the_calculator(self, address: str, browser: Any) -> None:
        browser.get(f"{address}/index.html")
        browser.find_element("css selector", "#try-it p a").click()
        page, _, _ = browser.current_url.partition("#")  # behind it the calculator keeps what is chosen
        assert page == f"{address}/examples/calculator.html"
        assert until(browser, "return document.body.textContent.includes('credits')")

    def test_copying_takes_what_a_reader_types(self, address: str, browser: Any) -> None:
        browser.get(f"{address}/start-clients.html")
        blocks = "return [...document.querySelectorAll('div.highlight pre')].map((block) => typed(block.textContent))"
        copied = browser.execute_script(blocks)
        assert copied[0] == "pip install ."
        assert copied[1].startswith("from reapi_rules import preflight\nbody = {")
        assert copied[1].endswith("\n    print(error.code, error.pointer, error.message)")
        assert len(browser.find_elements("css selector", "button.copy")) == len(copied)


class TestOnAPhone:
    @pytest.fixture
    def phone(self, browser: Any) -> Iterator[Any]:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
        )
        yield browser
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_no_page_is_wider(self, site: Path, address: str, phone: Any) -> None:
        for page in sorted(site.rglob("*.html")):
            if page.parent.name != "examples":
                phone.get(f"{address}/{page.relative_to(site)}")
                assert phone.execute_script("return document.documentElement.scrollWidth") <= 390, page.name

    def test_of_a_transcript_only_the_rows_of_a_table_scroll(self, address: str, phone: Any) -> None:
        phone.get(f"{address}/reconcile.html")
        block = phone.find_element("css selector", ".highlight-console pre")
        wide = phone.execute_script(
            "return [...arguments[0].querySelectorAll('.row')].map((row) => row.textContent.split(' ')[0])", block
        )
        assert wide == ["request", "fox", "castle", "mirror", "lake", "moon"]
        assert "exit status 1: the plan is not settled" in block.text

    def test_a_name_breaks_between_its_parts(self, address: str, phone: Any) -> None:
        phone.get(f"{address}/rules.html")
        cells = {cell.text.replace("\n", ""): cell for cell in phone.find_elements("css selector", "td code")}
        inside = "return arguments[0].querySelector('.pre').innerHTML"
        broken = "size.<wbr>needs_<wbr>widescreen"
        assert phone.execute_script(inside, cells["size.needs_widescreen"]) == broken
        assert phone.execute_script(inside, cells["body.json"]) == "body.json"  # a short name stays whole

    def test_commands_wrap_and_drawings_do_not(self, address: str, phone: Any) -> None:
        wraps = "return [...document.querySelectorAll('pre')].map((block) => getComputedStyle(block).whiteSpace)"
        phone.get(f"{address}/workbook.html")
        assert set(phone.execute_script(wraps)) == {"pre-wrap"}
        phone.get(f"{address}/architecture.html")
        assert set(phone.execute_script(wraps)) == {"pre"}
