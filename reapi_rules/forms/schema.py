"""JSON Schema of a request, as a JSON body and as a form, made from the models: for browsers, gateways and generators.

The schemas are strict about values but accept unknown keys, and null for optional fields.  Beside each keyword
is the rule that it encodes; the map from schema path to rule id and code is made from these marks.  Checks that only
warn reject nothing, and of an id without rules nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

from msgspec import UNSET
from msgspec.structs import replace

from reapi_rules.catalog.catalog import Catalog, chosen
from reapi_rules.catalog.forms import form_file, form_rules
from reapi_rules.catalog.labels import labels
from reapi_rules.catalog.models import Condition, Constraint, Field, Model
from reapi_rules.catalog.rules import Rule
from reapi_rules.forms.as_json import AS_JSON
from reapi_rules.forms.as_text import AS_TEXT
from reapi_rules.forms.writing import MARKS, Node, Writing, says
from reapi_rules.terms.arguments import takes

__all__ = [
    "DIALECT", "DIALECTS", "NAMESPACE", "Dialect", "branches", "form_schema", "form_schema_map", "request_schema",
    "request_schema_map",
]  # fmt: skip

Dialect = Literal["2020-12", "draft-07"]

DIALECTS: dict[Dialect, str] = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft-07": "http://json-schema.org/draft-07/schema#",
}
"""The dialects by name.  The schemas keep to what both have, so they differ in ``$schema`` and ``$id`` alone."""

DIALECT = DIALECTS["2020-12"]

NAMESPACE = "https://reapi-rules.example/schemas"
"""What every ``$id`` begins with: a name, not an address; the domain is reserved and never resolves."""

_LANGUAGE = "en"
Paths = dict[str, dict[str, Any]]


def request_schema(
    *, default_model: str | None = None, catalog: Catalog | None = None, dialect: Dialect = "2020-12"
) -> Node:
    """The schema of a request body, as JSON types.

    >>> schema = request_schema()
    >>> schema["$id"], schema["properties"]["model"]["enum"][:2]
    ('https://reapi-rules.example/schemas/request/1', ['gpt-image-2-official', 'gpt-image-2'])
    >>> schema["properties"]["n"]["title"], schema["properties"]["n"]["default"]
    ('Number of images', 1)

    ``default_model`` is the one that the caller applies to a body without any.  Its ``properties`` describe the fields
    of all models; what is judged is in ``allOf``, model by model.  Source: section "Request body".
    """
    return _build(AS_JSON, default_model, catalog, dialect)[0]


def request_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The rule and the code of each schema path and, where it is another than the instance's, the pointer.

    >>> request_schema_map()["paths"]["#/allOf/0/then/properties/n/maximum"]
    {'rule': 'n.range', 'code': 20003, 'pointer': None}
    >>> request_schema_map()["unsaid"][0]
    {'rule': 'body.json', 'why': 'a schema sees a decoded value, never the text'}

    Of several errors with one pointer the one whose path comes first here is the engine's.  The schema can't say the
    rules under ``unsaid``, and those under ``partly_said`` only in part: it accepts more than the engine there.
    """
    return _map(AS_JSON, default_model, catalog)


def form_schema(
    *, default_model: str | None = None, catalog: Catalog | None = None, dialect: Dialect = "2020-12"
) -> Node:
    """The schema of a form: one text per field, as ``Object.fromEntries(new FormData(form))`` gives it.

    >>> form_schema()["$id"]
    'https://reapi-rules.example/schemas/form/1'

    It gives the same verdicts as ``preflight_form``: blank fields count as absent, blanks around a value do not
    count.  Several inputs of one name are joined with line ends first.  Source: section "Request body".
    """
    return _build(AS_TEXT, default_model, catalog, dialect)[0]


def form_schema_map(*, default_model: str | None = None, catalog: Catalog | None = None) -> Node:
    """The same map for the schema of a form."""
    return _map(AS_TEXT, default_model, catalog)


def branches(*, default_model: str | None = None, catalog: Catalog | None = None) -> dict[str, Node]:
    """The schema of a request by model id, each whole, with ``""`` for the ids that have no rules here.

    >>> list(branches())[:2], branches()["gpt-image-2"]["properties"]["resolution"]["title"]
    (['gpt-image-2-official', 'gpt-image-2'], 'Resolution')

    For programs that want one type per model, such as OpenAPI's ``oneOf``: an accepted request fits exactly one.
    """
    catalog = chosen(catalog)
    others = _check_default(default_model, catalog)[len(catalog.models) :]
    found = {id: _branch([id], model, id == default_model) for id, model in catalog.models.items()}
    return {**found, "": _branch(others, None, default_model in others)}


def _branch(ids: list[str], model: Model | None, is_default: bool) -> Node:
    takes: Node = {"enum": [*ids, "", None]} if is_default else {"type": "string", "enum": ids}
    title = "A model without rules here: nothing else of the request is judged" if model is None else model.title
    node: Node = {"title": title, "type": "object", "properties": {"model": {**_described("model", []), **takes}}}
    required = [*([] if is_default else ["model"]), *(() if model is None else model.required)]
    if required:
        node["required"] = required
    if model is not None:
        of_model = _unmarked(_of_model(model, AS_JSON))
        for name, judged in of_model["properties"].items():
            node["properties"][name] = {**_described(name, [model.fields[name]]), **judged}
        if constraints := [each for each in of_model["allOf"] if each is not True and "required" not in each]:
            node["allOf"] = constraints
    return node


def _described(name: str, fields: Iterable[Field]) -> Node:
    """What a field is called, what it is about, and the default that it has wherever there is such a field."""
    node = {"title": labels().field(name)[_LANGUAGE]}
    if name in labels().descriptions:
        node["description"] = labels().descriptions[name][_LANGUAGE]
    defaults = [field.default if field.default_certain and field.mirrors is None else UNSET for field in fields]
    if defaults and defaults[0] not in (UNSET, None, []) and all(each == defaults[0] for each in defaults):
        node["default"] = defaults[0]
    return node


def _map(writing: Writing, default_model: str | None, catalog: Catalog | None) -> Node:
    schema, paths = _build(writing, default_model, catalog, "2020-12")
    file = form_file()
    left = {
        part: [{"rule": each.rule, "why": each.why} for each in rows if writing.name in each.schemas]
        for part, rows in (("unsaid", file.unsaid), ("partly_said", file.partly_said))
    }
    return {"format": "reapi-schema-map/1", "schema": schema["$id"], "paths": paths, **left}


def _check_default(default_model: str | None, catalog: Catalog) -> list[str]:
    """Every id; raises ValueError for a default model that is not one of them."""
    ids = [*catalog.models, *(id for id in catalog.known_ids.ids if id not in catalog.models)]
    if default_model is not None and default_model not in ids:
        raise ValueError(f"default_model is an id that reAPI serves, such as {ids[0]}: not {default_model!r}")
    return ids


@takes(dialect=str)
def _build(
    writing: Writing, default_model: str | None, catalog: Catalog | None, dialect: Dialect
) -> tuple[Node, Paths]:
    catalog = chosen(catalog)
    rules, models = catalog.rules, catalog.models
    ids = _check_default(default_model, catalog)
    if dialect not in DIALECTS:
        raise ValueError(f"dialect is one of {', '.join(DIALECTS)}, not {dialect!r}")
    field = Field(kind="word", words=(*ids, *([] if default_model is None else [""])), required=default_model is None)
    name = f"{NAMESPACE}/{writing.name}/1" + ("" if DIALECTS[dialect] == DIALECT else f"/{dialect}")
    node = says(
        {"$schema": DIALECTS[dialect], "$id": name, "title": writing.title}, ({"type": "object"}, rules["body.object"])
    )
    model_node = says(_described("model", []), *writing.checks(field, lambda check: rules[f"model.{check}"], 0))
    properties, types = _any_model(models.values(), writing)
    node["properties"] = {"model": model_node, **properties}
    if field.required:
        says(node, ({"required": ["model"]}, rules["model.required"]), pointer="/model")
    paths = _paths(node, "#", rules)
    node["anyOf"], node["allOf"] = types, []
    for number, (id, model) in enumerate(models.items()):
        of_model = _of_model(model, writing)
        node["allOf"].append({"if": _names([id], id == default_model, field, writing), "then": of_model})
        paths |= _paths(of_model, f"#/allOf/{number}/then", [rule.id for rule in model.rules()])
    if others := ids[len(models) :]:
        whose = _names(others, default_model in others, field, writing)
        node["allOf"].append({"if": whose, "then": {"description": "Served by reAPI, without rules here: not judged."}})
    return _unmarked(node), paths


def _names(ids: list[str], is_default: bool, field: Field, writing: Writing) -> Node:
    """The bodies that name one of these models, or none where one of them is the default."""
    names = [writing.one_of(tuple(ids), field), *([writing.given(False)] if is_default else [])]
    named = {"properties": {"model": {"type": ["string", "null"], "anyOf": names}}}
    return {**named, "required": [] if is_default else ["model"]}


def _any_model(models: Iterable[Model], writing: Writing) -> tuple[dict[str, Node], list[Node]]:
    """The fields of all models, for those who read a schema rather than judge by it: each by itself, and all as a type.

    A model that does not have a field does not look at it, so neither rejects anything.
    """
    found: dict[str, list[Field]] = {}
    for model in models:
        for name, field in model.fields.items():
            found.setdefault(name, []).append(field)
    properties, fields = {}, {}
    for name, of in found.items():
        takes, described = _takes(of, writing), _described(name, of)
        properties[name] = {**described, "anyOf": [*takes, {}]}
        described.pop("default", None)  # validators that fill it in look for it in one place
        fields[name] = {**described, **(takes[0] if len(takes) == 1 else {"anyOf": takes})}
    as_type = {"title": "Fields", "description": "The fields of all models.", "type": "object", "properties": fields}
    others = "What a model does not have is not looked at."
    return properties, [as_type, {"title": "Other fields", "description": others, "type": "object"}]


def _takes(fields: list[Field], writing: Writing) -> list[Node]:
    """What a field takes on one model or another: the words of all of them first."""
    words = tuple(dict.fromkeys(word for field in fields for word in field.choices))
    nodes: list[Node] = []
    for field in fields:
        for node in writing.plain(replace(field, required=all(each.required for each in fields))):
            node = {"enum": [*words, *([None] if None in node["enum"] else [])]} if "enum" in node else node
            if node not in nodes:
                nodes.append(node)
    return nodes


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
