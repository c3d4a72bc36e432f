"""JSON Schema 2020-12 of a request, as a JSON body and as a form, made from the models: for browsers and gateways.

The schemas are strict in values and open in names: unknown keys pass, optional fields take null.  Beside each keyword
is the rule that it encodes; the map from schema path to rule id and code is made from these marks.  Checks that only
warn reject nothing, and of an id without rules nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from reapi_rules.catalog.catalog import Catalog, built_in
from reapi_rules.catalog.forms import form_rules
from reapi_rules.catalog.models import Condition, Constraint, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms.as_json import AsJson
from reapi_rules.forms.as_text import AsText
from reapi_rules.forms.marks import MARKS, Node, says

__all__ = ["DIALECT", "NAMESPACE", "form_schema", "form_schema_map", "request_schema", "request_schema_map"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

NAMESPACE = "https://reapi-rules.example/schemas"
"""What every ``$id`` begins with: a name, not an address; the domain is reserved and never resolves."""

Paths = dict[str, dict[str, Any]]


class Writing(Protocol):
    """How the values of a body are written: as JSON, or as one text per field."""

    name: str
    title: str

    def model(self, ids: list[str], is_required: bool, rules: Mapping[str, Rule]) -> Node:
        """What the key ``model`` holds."""

    def names(self, id: str, or_none: bool) -> Node:
        """The value that names a model, or with ``or_none`` names none."""

    def field(self, name: str, field: Field, model: Model) -> Node:
        """What a field of a model holds."""

    def meets(self, condition: Condition, field: Field, is_wanted: bool) -> Node | None:
        """The values that meet a condition, in doubt only where it ``is_wanted``; None where a schema can't say."""


def request_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a request body, as JSON types.

    >>> schema = request_schema()
    >>> schema["$id"], schema["properties"]["model"]["enum"][:2]
    ('https://reapi-rules.example/schemas/request/1', ['gpt-image-2-official', 'gpt-image-2'])

    ``default_model`` is the one that the caller applies to a body without any.  Source: section "Request body".
    """
    return _build(AsJson(), default_model, catalog)[0]


def request_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The rule and the code of each schema path and, where it is another than the instance's, the pointer.

    >>> request_schema_map()["paths"]["#/allOf/0/then/properties/n/maximum"]
    {'rule': 'n.range', 'code': 20003, 'pointer': None}

    Of several errors with one pointer the one whose path comes first here is the engine's.
    """
    return _map(*_build(AsJson(), default_model, catalog))


def form_schema(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The schema of a form: one text per field, as ``Object.fromEntries(new FormData(form))`` gives it.

    >>> form_schema()["$id"]
    'https://reapi-rules.example/schemas/form/1'

    It says of plain forms what ``preflight_form`` says: blank fields count as absent, blanks round a value do not
    count.  Several inputs of one name are joined with line ends first.  Source: section "Request body".
    """
    return _build(AsText(), default_model, catalog)[0]


def form_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The same map for the schema of a form."""
    return _map(*_build(AsText(), default_model, catalog))


def _map(schema: Node, paths: Paths) -> Node:
    return {"format": "reapi-schema-map/1", "schema": schema["$id"], "paths": paths}


def _build(writing: Writing, default_model: str | None, catalog: Catalog | None) -> tuple[Node, Paths]:
    catalog = catalog or built_in()
    rules = catalog.rules
    ids = [*catalog.models, *(id for id in catalog.known_ids.ids if id not in catalog.models)]
    if default_model is not None and default_model not in ids:
        raise ValueError(
            f"default_model is an id that reAPI serves, such as {catalog.default_model}: not {default_model!r}"
        )
    model = writing.model(ids, default_model is None, rules)
    head = {"$schema": DIALECT, "$id": f"{NAMESPACE}/{writing.name}/1", "title": writing.title}
    node = says(head, ({"type": "object"}, rules["body.object"]))
    if default_model is None:
        says(node, ({"required": ["model"]}, rules["model.required"]), pointer="/model")
    node["properties"] = {"model": model}
    order = [*form_rules(), *rules]
    paths = _paths(node, "#", order)
    node["allOf"] = []
    for number, (id, rules_of) in enumerate(catalog.models.items()):
        is_default = id == default_model
        names = {"properties": {"model": writing.names(id, is_default)}, "required": [] if is_default else ["model"]}
        of_model = _of_model(rules_of, writing)
        node["allOf"].append({"if": names, "then": of_model})
        paths |= _paths(of_model, f"#/allOf/{number}/then", [*form_rules(), *(rule.id for rule in rules_of.rules())])
    return _unmarked(node), paths


def _of_model(model: Model, writing: Writing) -> Node:
    """What a body of one model must be."""
    constraints = [node for constraint in model.file.constraints for node in _across(constraint, model, writing)]
    required = [_given(name, model) for name in model.required]
    return {
        "properties": {name: writing.field(name, field, model) for name, field in model.fields.items()},
        **({"allOf": [*required, *constraints]} if required or constraints else {}),
    }


def _given(name: str, model: Model) -> Node:
    return says({"properties": {name: True}}, ({"required": [name]}, model.rule("required", name)), pointer=f"/{name}")


def _across(constraint: Constraint, model: Model, writing: Writing) -> Iterator[Node]:
    """A constraint, as the bodies that break it; nothing where it only warns or a schema can't say it."""
    rule = model.constraint_rule(constraint)
    when = _all(constraint.when, constraint, model, writing, False)
    then = None if constraint.then is None else _all(constraint.then, constraint, model, writing, True)
    if rule.level == "error" and when is not None and (then is not None or constraint.then is None):
        broken = when if then is None else {**when, "not": then}
        yield says({}, ({"not": broken}, rule), pointer=f"/{constraint.blames}")


def _all(
    conditions: Mapping[str, Condition], constraint: Constraint, model: Model, writing: Writing, is_wanted: bool
) -> Node | None:
    """The bodies that meet all conditions; None where a schema can't say one of them."""
    met = {name: writing.meets(each, model.fields[name], is_wanted) for name, each in conditions.items()}
    if None in met.values():
        return None
    given = [name for name, each in conditions.items() if not each.holds(None)]
    return {"type": "object", "properties": met, "required": given}


def _paths(node: Node, path: str, order: list[str]) -> Paths:
    """The map of the marks in a node, in the order of the rules."""
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
