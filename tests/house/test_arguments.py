"""Arguments of another type: every public function refuses them by name, and none answers as if they were right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from reapi_rules import Catalog, RateCard, credits_of, preflight, quote, read_task
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.messages import hint, language_of, text
from reapi_rules.engine.engine import Engine
from reapi_rules.engine.fixes import fix
from reapi_rules.forms import by_field, preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.forms.fastapi import error_details
from reapi_rules.forms.message_list import message_catalog
from reapi_rules.forms.openapi import openapi
from reapi_rules.forms.problems import envelope, problem
from reapi_rules.forms.pydantic import Judged
from reapi_rules.forms.schema import form_schema, request_schema
from reapi_rules.prices.alternatives import alternatives, saving
from reapi_rules.prices.card_diff import diff
from reapi_rules.prices.cheapest import cheapest
from reapi_rules.prices.lint import card_before, lint
from reapi_rules.prices.lookup import dimensions_of, resolutions_for, sizes_at
from reapi_rules.prices.snapshots import import_card
from reapi_rules.prices.table import prices
from reapi_rules.tasks.billing import charge
from reapi_rules.tasks.envelopes import Task
from reapi_rules.tasks.explanations import explain
from reapi_rules.tasks.polling import client_timeout, poll_schedule, typical_latency
from reapi_rules.tasks.reconciliation import reconcile
from reapi_rules.web.module import module_files

REPORT = preflight({"model": "gpt-image-2-official", "prompt": "x"})
CARD = built_in().cards[-1]
FINDING = preflight({}).errors[0]
ANY = object()

CALLS: tuple[tuple[Callable[..., Any], Mapping[str, Any], tuple[str, ...]], ...] = (
    (Catalog.load, {}, ("folder",)),
    (CARD.credits, {"model": "gpt-image-2", "cell": "1k"}, ("model", "cell", "n")),
    (CARD.identity.age, {}, ("today",)),
    (Engine, {}, ("catalog", "rates", "as_of", "default_model")),
    (Engine().look_at_axes, {}, ("has_images",)),
    (Judged, {}, ("language",)),
    (RateCard.from_json, {}, ("text",)),
    (RateCard.load, {}, ("path",)),
    (Task(id="t", model=None, status=None, created_at=1_735_000_000).has_expired, {}, ("at",)),
    (alternatives, {"body": {}}, ("language",)),
    (card_before, {"cards": ()}, ("card",)),
    (charge, {"quote": REPORT.quote, "ending": "failed"}, ("quote", "ending")),
    (cheapest, {}, ("width", "height", "ratio", "catalog")),
    (choices, {}, ("catalog",)),
    (client_timeout, {}, ("quality", "resolution")),
    (diff, {"before": CARD, "after": CARD}, ("before", "after")),
    (envelope, {"report": preflight({})}, ("report", "request_id")),
    (explain, {"subject": 20003}, ("catalog",)),
    (fix, {"body": "{}"}, ("body", "engine")),
    (form_schema, {}, ("catalog", "dialect")),
    (hint, {"finding": FINDING}, ("finding",)),
    (import_card, {"saved": "x"}, ("saved", "checked_on", "catalog", "name")),
    (language_of, {}, ("language",)),
    (lint, {"card": CARD}, ("card", "previous", "today", "catalog")),
    (message_catalog, {}, ("catalog",)),
    (module_files, {}, ("catalog",)),
    (openapi, {}, ("catalog",)),
    (poll_schedule, {}, ("age",)),
    (preflight_form, {"data": {}}, ("prefix",)),
    (problem, {"report": preflight({})}, ("report", "language")),
    (quote, {}, ("has_images", "catalog", "rates", "as_of", "default_model")),
    (read_task, {"answer": {}}, ("request",)),
    (reconcile, {"plan": (), "answers": ()}, ("key",)),
    (request_schema, {}, ("catalog", "dialect")),
    (saving, {"before": REPORT, "after": REPORT}, ("before", "after", "catalog")),
    (text, {"finding": FINDING}, ("finding",)),
    (typical_latency, {}, ("quality", "resolution")),
)  # fmt: skip


def test_a_plan_is_of_requests_that_are_planned() -> None:
    odd: Any
    for odd in ({}, REPORT, None):
        with pytest.raises(TypeError, match=r"^plan must be of Planned, not "):
            reconcile([odd], ())


@pytest.mark.parametrize(
    ("function", "others", "name"),
    [pytest.param(*call[:2], name, id=f"{call[0].__qualname__}-{name}") for call in CALLS for name in call[2]],
)
def test_another_type_is_refused_by_the_name_of_the_argument(
    function: Callable[..., Any], others: Mapping[str, Any], name: str
) -> None:
    for odd in (ANY, [ANY], {}, 2.5j):
        with pytest.raises(TypeError, match=rf"^{name} (is|are|must be) .+ not "):
            function(**{**others, name: odd})


LISTS: tuple[tuple[Callable[..., Any], Mapping[str, Any], str], ...] = (
    (by_field, {}, "findings"),
    (card_before, {"card": CARD}, "cards"),
    (error_details, {}, "findings"),
    (preflight_form, {"data": {}}, "own"),
    (prices, {}, "n"),
    (reconcile, {"plan": ()}, "answers"),
    (reconcile, {"answers": ()}, "plan"),
)


@pytest.mark.parametrize(("function", "others", "name"), LISTS)
def test_neither_one_thing_nor_its_parts_are_a_list(
    function: Callable[..., Any], others: Mapping[str, Any], name: str
) -> None:
    for odd in ("12", "", b"12", bytearray(b"12"), {}, {"id": "t"}, 12, None):
        with pytest.raises(TypeError, match=rf"^{name} must be a list, not {type(odd).__name__}$"):
            function(**{**others, name: odd})
    none: Any
    for none in ((), [], set(), iter(())):
        function(**{**others, name: none})


@pytest.mark.parametrize(
    ("function", "others", "name"),
    (
        (by_field, {"findings": ()}, "labels"),
        (by_field, {"findings": ()}, "names"),
        (hint, {"finding": FINDING}, "names"),
        (preflight_form, {"data": {}}, "names"),
        (text, {"finding": FINDING}, "names"),
    ),
)
def test_names_are_those_of_something(function: Callable[..., Any], others: Mapping[str, Any], name: str) -> None:
    odd: Any
    for odd in ("n", ["n"], set(), 1):
        with pytest.raises(TypeError, match=rf"^{name} must be a mapping( or None)?, not {type(odd).__name__}$"):
            function(**{**others, name: odd})


@pytest.mark.parametrize("ask", (quote, cheapest, dimensions_of, sizes_at, resolutions_for, credits_of))
class TestTheModelThatIsAsked:
    FIRST = {
        "dimensions_of": "1:1",
        "sizes_at": "1k",
        "resolutions_for": "1:1",
        "credits_of": "1k",
    }

    def asked(self, ask: Callable[..., Any], **options: Any) -> Any:
        first = self.FIRST.get(ask.__name__)
        return ask(**options) if first is None else ask(first, **options)

    def test_the_default_model_counts(self, ask: Callable[..., Any]) -> None:
        ids = ("gpt-image-2-official", "gpt-image-2", "flux-2")
        assert len({repr(self.asked(ask, model=id)) for id in ids}) > 1
        for id in ids:
            assert self.asked(ask, default_model=id) == self.asked(ask, model=id)
            assert self.asked(ask, default_model="imagen-4-0", model=id) == self.asked(ask, model=id)

    def test_a_list_is_no_model(self, ask: Callable[..., Any]) -> None:
        with pytest.raises((TypeError, ValueError), match=r"^model must be "):
            self.asked(ask, model=[])

    def test_no_text_is_no_model(self, ask: Callable[..., Any]) -> None:
        if ask is not credits_of:  # which looks a cell up, and finds none
            with pytest.raises(ValueError, match=r"^model is required$"):
                self.asked(ask, model="")

    def test_a_model_without_rules(self, ask: Callable[..., Any]) -> None:
        if ask in (dimensions_of, sizes_at, resolutions_for):
            with pytest.raises(ValueError, match="midjourney"):
                self.asked(ask, model="midjourney")


def test_a_number_of_the_callers_own_is_one_and_a_boolean_is_none() -> None:
    class Edge:
        def __index__(self) -> int:
            return 1920

    assert cheapest(width=Edge()) == cheapest(width=1920)  # type: ignore[arg-type]  # numpy's integers are no int either
    with pytest.raises(TypeError, match=r"^width must be int or None, not bool$"):
        cheapest(width=True)
    odd: Any
    for odd in ("no", 1, [], ""):
        with pytest.raises(TypeError, match=r"^has_images must be bool, not "):
            quote(has_images=odd)
