"""The live page in a real browser: dependent drop-downs, credits of every choice, server errors at their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.engine import stand_in
from tests.support.examples import DATA, IMAGE, MODEL
from tests.support.strategies import combinations


class Page:
    """The page as a person has it in front of them."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser = browser
        browser.get(url)
        self.until(lambda: self.script("return document.body.dataset.ready"))

    def script(self, code: str, *arguments: Any) -> Any:
        return self.browser.execute_script(code, *arguments)

    def until(self, condition: Any) -> Any:
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.browser, 10, 0.02).until(lambda _: condition())

    def element(self, name: str) -> Any:
        return self.browser.find_element("id", name)

    def text(self, name: str) -> str:
        return str(self.element(name).text)

    def choose(self, name: str, value: str) -> None:
        from selenium.webdriver.support.ui import Select

        Select(self.element(name)).select_by_value(value)

    def write(self, name: str, text: str) -> None:
        self.element(name).clear()
        self.element(name).send_keys(text)

    def options(self, name: str) -> list[str]:
        found: list[str] = self.script(
            "return [...document.getElementById(arguments[0]).options].map(o => o.value)", name
        )
        return found

    def fields(self) -> list[str]:
        found: list[str] = self.script(
            "return [...document.querySelectorAll('#fields [name]')].map((field) => field.name)"
        )
        return found

    def complaints(self) -> list[Any]:
        """What the browser's console says, beside the refusals that are asked for."""
        return [entry for entry in self.browser.get_log("browser") if " 422 " not in entry["message"]]


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    page = Page(browser, f"{address}?lang=en")
    yield page
    assert page.complaints() == []


class TestLiveCredits:
    def test_equal_the_engines_on_every_accepted_combination(self, page: Page) -> None:
        """Every choice is made in the drop-downs, by their change events; the shown text is compared."""
        models = built_in().models
        asked = [
            (m, choice) for m, choice in combinations(built_in()) if preflight({**stand_in(models[m]), **choice}).ok
        ]
        assert sum(model == MODEL for model, _ in asked) == 544
        assert {model for model, _ in asked} == set(models)
        shown = page.script(
            """
            const set = (name, value) => {
              const field = document.getElementById(name);
              field.value = value;
              field.dispatchEvent(new Event("change", { bubbles: true }));
              return field.value === String(value);
            };
            let model;
            return arguments[0].map(([name, choice]) => {
              if (name !== model) set("model", (model = name));
              const fits = choice.every(([axis, value]) => set(axis, value));
              return [fits, document.getElementById("credits").value, document.getElementById("pixels").textContent];
            });
            """,
            [(model, list(reversed(choice.items()))) for model, choice in asked],  # the resolution before the size
        )
        for (model, choice), (fits, credits, pixels) in zip(asked, shown, strict=True):
            report = preflight({**stand_in(models[model]), **choice})
            assert report.quote is not None
            assert report.quote.basis == "exact"
            assert report.dimensions is not None
            width, height = report.dimensions.width, report.dimensions.height
            assert (fits, credits) == (True, f"{report.quote.credits} credits"), (model, choice)
            assert pixels == (f"{width} × {height}" if width else ""), (model, choice)

    def test_a_number_that_is_out_of_bounds_has_no_price(self, page: Page) -> None:
        for number, shown in (
            ("9", "Price not known"),
            ("2.5", "Price not known"),
            ("", "169 credits"),
            ("4", "676 credits"),
        ):
            page.write("n", number)
            assert page.text("credits") == shown


class TestDropDowns:
    def test_a_size_that_becomes_impossible_is_changed_and_the_person_told(self, page: Page) -> None:
        assert (page.text("credits"), page.text("pixels"), page.text("note")) == ("169 credits", "1024 × 1024", "")
        page.choose("resolution", "4k")
        assert page.options("size") == ["16:9", "9:16", "2:1", "1:2", "21:9", "9:21"]
        assert page.element("size").get_attribute("value") == "16:9"
        assert page.text("note") == "Size changed from 1:1 to 16:9: 1:1 is not available at 4K."
        assert page.text("credits") == "1333 credits"
        page.choose("size", "9:21")
        assert page.text("note") == ""
        page.choose("resolution", "2k")
        assert len(page.options("size")) == 14
        assert page.element("size").get_attribute("value") == "9:21"

    def test_a_model_has_its_own_fields(self, page: Page) -> None:
        assert "quality" in page.fields()
        page.write("prompt", "a fox")
        page.choose("model", "gpt-image-2")
        assert page.fields() == ["prompt", "size", "resolution", "n", "image_urls"]
        assert page.element("prompt").get_attribute("value") == "a fox"
        assert page.text("credits") == "30 credits"
        page.element("send").click()
        page.until(lambda: page.text("result"))
        assert page.text("result") == "reAPI would accept this request. 30 credits"

    def test_every_model_can_be_asked_for_and_is_accepted_as_it_comes(self, page: Page) -> None:
        page.write("prompt", "a fox")
        for model in built_in().models:
            page.choose("model", model)
            assert page.fields() == list(built_in().models[model].fields)
            cost = page.text("credits")
            assert cost.endswith(" credits")
            page.element("send").click()
            page.until(lambda: page.text("result") or page.text("form-errors"))
            assert page.text("result") == f"reAPI would accept this request. {cost}"
            page.script("document.getElementById('result').textContent = ''")

    def test_a_switch_may_leave_the_price_open(self, page: Page) -> None:
        page.choose("model", "gemini-3-pro-image-preview")
        assert page.text("credits") == "42 credits"
        page.choose("official_fallback", "true")
        assert page.text("credits") == "Price not known"
        page.choose("official_fallback", "false")
        assert page.text("credits") == "42 credits"

    def test_an_error_of_any_field_stands_at_it(self, page: Page) -> None:
        page.choose("model", "gemini-3.1-flash-image-preview")
        page.write("prompt", "a fox")
        page.choose("google_image_search", "true")
        page.element("send").click()
        page.until(lambda: page.text("google_image_search-errors"))
        assert page.text("google_image_search-errors").startswith(
            "Google image search true requires Google Search true"
        )
        page.choose("google_search", "true")
        page.element("send").click()
        page.until(lambda: page.text("result"))

    def test_auto_says_what_it_is_billed_as(self, page: Page) -> None:
        assert page.element("quality").find_element("css selector", "option").text == "Automatic (billed as High)"


class TestErrors:
    def test_stand_at_their_fields_and_go_again(self, page: Page) -> None:
        page.write("n", "9")
        page.write("image_urls", f"{IMAGE}\n{DATA}")
        page.element("send").click()
        page.until(lambda: page.text("prompt-errors"))
        assert page.text("prompt-errors") == "Prompt is required; describe the picture in Prompt"
        assert page.text("n-errors") == "Number of images must be between 1 and 4; split it into 3 requests: 4 + 4 + 1"
        assert page.text("image_urls-errors").startswith("2: image URL must be a public http(s) URL")
        assert (page.text("size-errors"), page.text("result")) == ("", "")
        assert page.text("form-errors").splitlines() == [
            page.text(f"{name}-errors") for name in ("prompt", "n", "image_urls")
        ]
        assert page.script("return document.activeElement.id") == "prompt"
        assert page.element("n").get_attribute("aria-invalid") == "true"
        page.write("prompt", "a fox")
        page.write("n", "2")
        page.write("image_urls", IMAGE)
        page.element("send").click()
        page.until(lambda: page.text("result"))
        assert page.script("return [...document.querySelectorAll('.errors')].every((list) => !list.textContent)")
        assert page.element("n").get_attribute("aria-invalid") is None

    def test_what_no_field_shows_is_shown_above(self, page: Page) -> None:
        page.script(
            "for (let i = 0; i < 1001; i++) document.forms[0].append(Object.assign(document.createElement('input'), {name: 'x' + i, type: 'hidden'}))"
        )
        page.element("send").click()
        page.until(lambda: page.text("form-errors"))
        assert "1000" in page.text("form-errors")
        page.browser.get_log("browser")


class TestChinese:
    def test_labels_messages_and_notes(self, browser: Any, address: str) -> None:
        page = Page(browser, f"{address}?lang=zh")
        assert page.text("title") == "生成图片"
        page.choose("resolution", "4k")
        assert page.text("note") == "尺寸已从 1:1 改为 16:9：4K 不支持 1:1。"
        assert page.text("credits") == "1333 积分"
        page.element("send").click()
        page.until(lambda: page.text("prompt-errors"))
        assert page.text("prompt-errors") == "必须填写提示词；请在提示词中描述想要的画面"

    def test_fits_a_phone(self, browser: Any, address: str) -> None:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": 360, "height": 700, "deviceScaleFactor": 2, "mobile": True}
        )
        try:
            page = Page(browser, f"{address}?lang=zh")
            page.element("send").click()
            page.until(lambda: page.text("prompt-errors"))
            assert page.script("return document.documentElement.scrollWidth") <= 360
        finally:
            browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
