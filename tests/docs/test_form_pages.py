"""The form pages of the examples in a real browser: what a person sees while filling in, and after an error."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

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


def test_an_error_is_summed_up_and_has_the_focus(page: Any, browser: Any) -> None:
    page()
    choose(browser, "n", "9")
    browser.execute_script("document.querySelector('form button').click()")
    until(browser, "return document.activeElement.className", "summary")
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
    until(browser, "return document.activeElement.textContent.includes('Accepted: 169 credits')", True)
    assert "unknown field" not in browser.page_source


def test_on_a_phone_nothing_is_under_the_bar(browser: Any, address: str) -> None:
    browser.set_window_size(400, 640)
    browser.get(address)
    until(browser, "return document.body.dataset.ready", "yes")
    covered = """
        const bar = document.querySelector(".cost").getBoundingClientRect();
        return [...document.querySelectorAll("#fields input, #fields select, #fields textarea")].filter((field) => {
          field.focus();
          const place = field.getBoundingClientRect();
          return place.bottom > document.querySelector(".cost").getBoundingClientRect().top + 1;
        }).map((field) => field.name);
    """
    assert browser.execute_script(covered) == []
    choose(browser, "prompt", "a fox")
    browser.execute_script("document.getElementById('send').click()")
    until(browser, "return document.getElementById('result').textContent !== ''", True)
    place = "const p = document.getElementById('result').getBoundingClientRect(); return p.bottom <= innerHeight && p.top >= 0"
    assert browser.execute_script(place)
    browser.set_window_size(1000, 1200)
