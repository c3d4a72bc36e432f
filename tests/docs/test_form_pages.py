"""The form pages of the examples in a real browser: what a person sees while filling in, and after an error."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.support.browser import axe
from tests.support.examples import example, need


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def wsgi(name: str) -> Any:
    if name == "flask":
        need("flask", "wtforms")
        return example("flask_app").app
    need("django")
    example("django_app")
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


@pytest.fixture(params=["django", "flask"], scope="module")
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    server = make_server("127.0.0.1", 0, wsgi(request.param), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield lambda: browser.get(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()


def until(browser: Any, code: str, wanted: Any) -> None:
    deadline = time.monotonic() + 20
    while (found := browser.execute_script(code)) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


CREDITS = "return document.getElementById('credits').textContent"


def choose(browser: Any, name: str, value: str) -> None:
    browser.execute_script(
        "const field = document.querySelector('form').elements[arguments[0]];"
        "field.value = arguments[1]; field.dispatchEvent(new Event('input', { bubbles: true }));"
        "field.dispatchEvent(new Event('change', { bubbles: true }));",
        name,
        value,
    )


def test_the_price_is_there_before_the_prompt(page: Any, browser: Any) -> None:
    page()
    until(browser, CREDITS, "169 credits")
    choose(browser, "n", "3")
    until(browser, CREDITS, "507 credits")
    choose(browser, "n", "9")
    until(browser, CREDITS, "Price not known")


def test_sizes_go_with_the_resolution(page: Any, browser: Any) -> None:
    page()
    choose(browser, "resolution", "4k")
    sizes = "return [...document.querySelector('form').elements.size.options].filter((o) => !o.disabled).map((o) => o.value)"
    assert browser.execute_script(sizes) == ["16:9", "9:16", "2:1", "1:2", "21:9", "9:21"]
    assert browser.execute_script("return document.querySelector('form').elements.size.value") == "16:9"
    until(browser, CREDITS, "1333 credits")
    note = "return document.getElementById('note').textContent"
    assert browser.execute_script(note) == "Size changed from 1:1 to 16:9: 1:1 is not available at 4K."
    choose(browser, "size", "4:3")
    assert browser.execute_script("return document.querySelector('form').elements.resolution.value") == "2k"
    assert browser.execute_script(note) == "Resolution changed from 4K to 2K: 4K is not available at 4:3."
    choose(browser, "size", "3:4")
    assert browser.execute_script(note) == ""


def test_an_error_is_summed_up_and_the_first_has_the_focus(page: Any, browser: Any) -> None:
    page()
    choose(browser, "n", "9")
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.name", "prompt")
    assert browser.execute_script("return document.querySelectorAll('[autofocus]').length") == 1
    assert browser.execute_script("return document.querySelector('.summary').getAttribute('role')") == "alert"
    assert browser.title == "Error: Request images"
    assert browser.execute_script("return document.querySelector('form').noValidate")
    links = "return [...document.querySelectorAll('.summary a')].map((a) => [a.textContent, a.hash])"
    prompt, n = browser.execute_script(links)
    assert prompt[0] == "Prompt is required; describe the picture in Prompt"
    assert n[0].startswith("Number of images must be between 1 and 4")
    for _, target in (prompt, n):
        field = f"document.querySelector('{target}')"
        assert browser.execute_script(f"return {field}.getAttribute('aria-invalid')") == "true"
        described = browser.execute_script(f"return {field}.getAttribute('aria-describedby')").split()
        assert any(browser.execute_script("return !!document.getElementById(arguments[0])", each) for each in described)


def test_an_answer_has_the_focus(page: Any, browser: Any) -> None:
    page()
    choose(browser, "prompt", "a fox")
    choose(browser, "campaign", "spring")
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.textContent.includes('accept this request. 169 credits')", True)
    assert "unknown field" not in browser.page_source


SIZES = {"phone": (360, 640), "desktop": (1280, 800)}


@pytest.fixture(params=SIZES)
def window(request: pytest.FixtureRequest, browser: Any) -> Iterator[tuple[int, int]]:
    width, height = SIZES[request.param]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    yield width, height
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def checked(browser: Any) -> None:
    """Nothing is wider than the window, nothing hides what has the focus, and axe finds nothing."""
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    hidden = """
        return [...document.querySelectorAll("a, input, select, textarea, button")].filter((field) => {
          if (!field.offsetParent) return false;
          field.focus();
          const { left, top, width, height } = field.getBoundingClientRect();
          const seen = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
          return !seen || !(field.contains(seen) || seen.contains(field));
        }).map((field) => field.outerHTML);
    """
    assert browser.execute_script(hidden) == []
    browser.execute_script(axe())
    found = browser.execute_async_script("axe.run().then(({ violations }) => arguments[0](violations))")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_for_everybody(page: Any, browser: Any, window: tuple[int, int], scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    page()
    until(browser, CREDITS, "169 credits")
    checked(browser)
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.name", "prompt")
    until(browser, CREDITS, "169 credits")
    checked(browser)
    choose(browser, "prompt", "a fox")
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.textContent.includes('1024 × 1024 pixels')", True)
    checked(browser)


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_the_page_of_the_api_is_for_everybody(browser: Any, address: str, window: tuple[int, int], scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    browser.get(f"{address}?lang=en")
    until(browser, "return document.body.dataset.ready", "yes")
    checked(browser)
    choose(browser, "n", "9")
    browser.execute_script("document.getElementById('send').click()")
    until(browser, "return document.activeElement.name", "prompt")
    links = (
        "return [...document.querySelectorAll('#summary a')].map((link) => [link.hash, link.textContent.slice(0, 16)])"
    )
    assert browser.execute_script(links) == [["#prompt", "Prompt is requir"], ["#n", "Number of images"]]
    checked(browser)
    choose(browser, "prompt", "a fox")
    choose(browser, "n", "1")
    browser.execute_script("document.getElementById('send').click()")
    until(browser, "return document.getElementById('result').textContent !== ''", True)
    assert browser.execute_script("return document.getElementById('summary').hidden")
    checked(browser)


def test_htmx_puts_the_answer_into_the_page(page: Any, browser: Any) -> None:
    page()
    if not browser.execute_script("return !!window.htmx"):
        pytest.skip("the page is without htmx")
    browser.execute_script("window.stayed = true")
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.name", "prompt")
    choose(browser, "n", "3")
    until(browser, CREDITS, "507 credits")
    assert browser.execute_script("return window.stayed")
    assert browser.execute_script("return document.querySelectorAll('main, form, #live').length") == 3


def test_in_chinese(page: Any, browser: Any) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}})
    page()
    until(browser, CREDITS, "169 积分")
    choose(browser, "resolution", "4k")
    until(browser, "return document.getElementById('note').textContent", "尺寸已从 1:1 改为 16:9：4K 不支持 1:1。")
    assert browser.title == "生成图片"
    assert browser.execute_script("return document.documentElement.lang") == "zh"
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})
