"""JSON Schema 2020-12 of a request, as a JSON body and as a form, made from the models: for browsers and gateways.

The schemas are strict in values and open in names: unknown keys pass, optional fields take null.  Beside each keyword
is the rule that it encodes; the map from schema path to rule id and code is made from these marks.  Checks that only
warn reject nothing, and of an id without rules nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.models import Condition, Constraint, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms.as_json import AS_JSON
from reapi_rules.forms.as_text import AS_TEXT
from reapi_rules.forms.writing import MARKS, Node, Writing, says

__all__ = ["DIALECT", "NAMESPACE", "form_schema", "form_schema_map", "request_schema", "request_schema_map"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

NAMESPACE = "https://reapi-rules.example/schemas"
"""What every ``$id`` begins with: a name, not an address; the domain is reserved and never resolves."""

Paths = dict[str, dict[str, Any]]


def request_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a request body, as JSON types.

    >>> schema = request_schema()
    >>> schema["$id"], schema["properties"]["model"]["enum"][:2]
    ('https://reapi-rules.example/schemas/request/1', ['gpt-image-2-official', 'gpt-image-2'])

    ``default_model`` is the one that the caller applies to a body without any.  Source: section "Request body".
    """
    return _build(AS_JSON, default_model, catalog)[0]


def request_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The rule and the code of each schema path and, where it is another than the instance's, the pointer.

    >>> request_schema_map()["paths"]["#/allOf/0/then/properties/n/maximum"]
    {'rule': 'n.range', 'code': 20003, 'pointer': None}

    Of several errors with one pointer the one whose path comes first here is the engine's.
    """
    return _map(AS_JSON, default_model, catalog)


def form_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a form: one text per field, as ``Object.fromEntries(new FormData(form))`` gives it.

    >>> form_schema()["$id"]
    'https://reapi-rules.example/schemas/form/1'

    It says of plain forms what ``preflight_form`` says: blank fields count as absent, blanks round a value do not
    count.  Several inputs of one name are joined with line ends first.  Source: section "Request body".
    """
    return _build(AS_TEXT, default_model, catalog)[0]


def form_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The same map for the schema of a form."""
    return _map(AS_TEXT, default_model, catalog)


def _map(writing: Writing, default_model: str | None, catalog: Catalog | None) -> Node:
    schema, paths = _build(writing, default_model, catalog)
    return {"format": "reapi-schema-map/1", "schema": schema["$id"], "paths": paths}


def _build(writing: Writing, default_model: str | None, catalog: Catalog | None) -> tuple[Node, Paths]:
    catalog = catalog or built_in()
    rules, models = catalog.rules, catalog.models
    ids = [*models, *(id for id in catalog.known_ids.ids if id not in models)]
    if default_model is not None and default_model not in ids:
        raise ValueError(f"default_model is an id that reAPI serves, such as {next(iter(ids))}: not {default_model!r}")
    field = Field(kind="word", words=(*ids, *([] if default_model is None else [""])), required=default_model is None)
    head = {"$schema": DIALECT, "$id": f"{NAMESPACE}/{writing.name}/1", "title": writing.title}
    node = says(head, ({"type": "object"}, rules["body.object"]))
    model_node = says({}, *writing.checks(field, lambda check: rules[f"model.{check}"], 0))
    node["properties"] = {"model": model_node}
    if field.required:
        says(node, ({"required": ["model"]}, rules["model.required"]), pointer="/model")
    paths = _paths(node, "#", rules)
    node["allOf"] = []
    for number, (id, model) in enumerate(models.items()):
        is_default = id == default_model
        names = [writing.one_of((id,), field), *([writing.given(False)] if is_default else [])]
        named = {"properties": {"model": {"type": ["string", "null"], "anyOf": names}}}
        of_model = _of_model(model, writing)
        node["allOf"].append({"if": {**named, "required": [] if is_default else ["model"]}, "then": of_model})
        paths |= _paths(of_model, f"#/allOf/{number}/then", [rule.id for rule in model.rules()])
    return _unmarked(node), paths


def _of_model(model: Model, writing: Writing) -> Node:
    """What a body of one model must be."""
    looked_at = model.rules_file.entries_looked_at
    properties = {
        name: says({}, *writing.checks(field, partial(model.rule, field=name), looked_at))
        for name, field in model.fields.items()
    }
    across = [
        says({"properties": {name: True}}, ({"required": [name]}, model.rule("required", name)), pointer=f"/{name}")
        for name in model.required
    ]
    for constraint in model.file.constraints:
        broken, rule = {"not": _broken(constraint, model, writing)}, model.constraint_rule(constraint)
        across.append(says({}, (broken, rule), pointer=f"/{constraint.blames}"))
    return {"properties": properties, "allOf": [node for node in across if node] or [True]}


def _broken(constraint: Constraint, model: Model, writing: Writing) -> Node:
    """The bodies that break a constraint."""

    def all_met(conditions: Mapping[str, Condition], is_wanted: bool) -> Node:
        met = {name: writing.meets(each, model.fields[name], is_wanted) for name, each in conditions.items()}
        given = [name for name, each in conditions.items() if not each.holds(None)]
        return {"type": "object", "properties": met, "required": given}

    when = all_met(constraint.when, False)
    return when if constraint.then is None else {**when, "not": all_met(constraint.then, True)}


def _paths(node: Node, path: str, rules: Iterable[str]) -> Paths:
    """The map of the marks in a node, in the order of the rules."""
    order = [*form_rules(), *rules]
    found = sorted(_marked(node, path), key=lambda mark: order.index(mark[1].id))
    return {path: {"rule": rule.id, "code": rule.code, "pointer": pointer} for path, rule, pointer in found}


def _marked(node: Any, path: str) -> Iterator[tuple[str, Rule, str | None]]:
    if isinstance(node, dict):
        for keyword, (rule, pointer) in node.get(MARKS, {}).items():
            yield f"{path}/{keyword}", rule, pointer
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key != MARKS:
            yield from _marked(value, f"{path}/{key}")


def _unmarked(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _unmarked(value) for key, value in node.items() if key != MARKS}
    return [_unmarked(value) for value in node] if isinstance(node, list) else node
