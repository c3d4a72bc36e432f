"""The public surface, as data: what docs/compatibility.md promises to keep.  ``python -m tests.tools.surface`` records it.

Names and signatures are read from the source without importing it, so that no framework is needed.  A test fails where the
surface differs from ``surface.json``: then the change is meant, and goes with a line in CHANGELOG.md, or it is a mistake.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import csv
import io
import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reapi_rules import cli
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.codes import codes as published_codes
from reapi_rules.catalog.rules import Rule
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.cli import exits
from reapi_rules.cli.table import TABLES
from tests.support.vector_cases import CASES, report_of

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("surface.json")

INNER = (
    "terms.arguments", "terms.html", "terms.json_text", "terms.levels", "terms.once", "terms.sizes", "terms.spelling", "terms.templates", "terms.urls", "terms.values",
    "catalog.aliases", "catalog.contradictions", "catalog.exact_json", "catalog.extras", "catalog.files", "catalog.forms", "catalog.hints", "catalog.labels",
    "catalog.rules", "catalog.spellings", "catalog.texts", "catalog.types", "engine.body", "engine.examples", "engine.judge", "engine.keys", "engine.meant", "engine.no_model",
    "engine.unknown", "engine.warnings", "engine.wording", "tasks.answers", "tasks.images", "catalog.task_rules", "forms.as_json",
    "forms.as_text", "forms.mapping", "forms.patterns", "forms.reader", "forms.writing",
    "web.inline",
)  # fmt: skip
"""Modules that others are made of.  What a user needs of them is offered by a public module; their names may change.

So may those of ``sheets`` and ``cli``, whose surface is the command line.
"""

ROOMS = ("terms", "catalog", "engine", "prices", "tasks", "forms", "web")

Json = dict[str, Any]


def surface() -> Json:
    """All of it, by section."""
    return {name: section() for name, section in SECTIONS.items()}


# --- names and signatures


def names() -> Json:
    """The public names of each public module, with their signatures."""
    return {module: _names_of(module) for module in public_modules()}


def public_modules() -> list[str]:
    """The package and its public modules."""
    paths = [path for room in ROOMS for path in (ROOT / "reapi_rules" / room).glob("*.py")]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(paths))
    rooms = [name for name in names if not name.endswith("__init__")]
    modules = ["reapi_rules", "reapi_rules.forms", *rooms]
    return [name for name in modules if name.removeprefix("reapi_rules.") not in INNER]


def _names_of(module: str) -> Json:
    tree = tree_of(module)
    return {name: _signature(name, module, tree) for name in public_names(tree)}


@cache
def tree_of(module: str) -> ast.Module:
    """The source of a module."""
    path = ROOT.joinpath(*module.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_bytes())


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a module, with those that only type checkers read."""
    for node in tree.body:
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body


def public_names(tree: ast.Module) -> list[str]:
    """The content of ``__all__``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    raise AssertionError("a public module has __all__")


def _signature(name: str, module: str, tree: ast.Module) -> Any:
    found = [_definition(node) for node in statements(tree) if _defines(node, name)]
    if found:
        return found[0] if len(found) == 1 else found[:-1]  # of overloads the last is the implementation
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            return f"from {node.module}" if not is_inner(str(node.module)) else _names_of(str(node.module))[name]
    raise AssertionError(f"{module}.{name} is defined nowhere")


def is_inner(module: str) -> bool:
    return module.removeprefix("reapi_rules.") in INNER


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name == name
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and name in _targets(node)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    return [ast.unparse(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])]


def _definition(node: ast.stmt) -> Any:
    if isinstance(node, ast.FunctionDef):
        kinds = [ast.unparse(decorator) for decorator in node.decorator_list]
        kind = "".join(f"{kind} " for kind in kinds if kind in ("property", "classmethod", "staticmethod"))
        return f"{kind}({ast.unparse(node.args)}) -> {ast.unparse(node.returns) if node.returns else None}"
    if isinstance(node, ast.ClassDef):
        members = {name: _definition(part) for part in node.body for name in _member_names(part)}
        return {"class": ", ".join(map(ast.unparse, (*node.bases, *node.keywords))), **members}
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation) + (f" = {ast.unparse(node.value)}" if node.value else "")
    assert isinstance(node, ast.Assign)
    return f"= {ast.unparse(node.value)}"


def _member_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        names = [node.name]
    else:
        names = _targets(node) if isinstance(node, (ast.Assign, ast.AnnAssign)) else []
    return [name for name in names if not name.startswith("_") or name == "__init__"]


# --- rules and codes


def rules() -> Json:
    """Each rule: its field, level, code and certainty, and what its variants change."""
    return {
        "requests": {rule.id: _rule(rule) for rule in built_in().rules.values()},
        "answers and masks": {row.id: _rule(row.rule(row.field, row.id)) for row in task_rules().rules},
    }


def _rule(rule: Rule) -> list[Any]:
    said, *others = ([each.level, each.code, each.certainty] for each in map(rule.variant, (None, *rule.variants)))
    variants = {name: other for name, other in zip(rule.variants, others) if other != said}
    return [rule.field, *said, *([variants] if variants else [])]


def codes() -> Json:
    """Each published code: its HTTP status, its ending and how sure that is."""
    return {str(row.code): [row.http_status, row.ending, row.certainty] for row in published_codes().rows}


# --- the command line


def commands() -> Json:
    """Each command with its arguments."""
    return {name: _command(cli.parser_for([name]), name) for name in cli.COMMANDS}


def _command(parser: argparse.ArgumentParser, name: str) -> Json:
    found: Json = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner, command in action.choices.items():
                if inner == name or parser.prog != "reapi-rules":
                    found[inner] = _command(command, name)
        elif action.option_strings != ["-h", "--help"]:
            found[", ".join(action.option_strings) or str(action.metavar or action.dest)] = _argument(action)
    return found[name] if parser.prog == "reapi-rules" and name in found else found


def _argument(action: argparse.Action) -> Json:
    parts = {
        "takes": action.nargs if action.nargs is not None or not action.option_strings else action.metavar or action.dest.upper(),
        "choices": None if action.choices is None else list(action.choices),
        "default": None if action.default in (None, False, argparse.SUPPRESS) else str(action.default),
        "required": action.required and bool(action.option_strings),
    }  # fmt: skip
    return {name: value for name, value in parts.items() if value not in (None, False)}


def exit_codes() -> Json:
    """What the command line exits with."""
    return {name: value for name in exits.__all__ if isinstance(value := getattr(exits, name), int)}


def columns() -> Json:
    """The columns of each table of text that is written."""
    return {command: next(csv.reader(io.StringIO(output(command)))) for command in WITH_COLUMNS}


# --- JSON


def shapes() -> Json:
    """The names and types in each JSON that is written, over all examples of it."""
    reports = [report_of(case) for case in CASES]
    return {
        "report": shape(*(report.to_dict() for report in reports)),
        "gateway error": shape(*(report.gateway_error("r") for report in reports)),
        **{command: shape(*_documents(output(command))) for command in WITH_JSON},
    }


def _documents(text: str) -> list[Any]:
    """The one JSON document, or those of the lines."""
    try:
        return [json.loads(text)]
    except ValueError:
        return list(map(json.loads, text.splitlines()))


def shape(*values: Any) -> Json:
    """The types of each place in JSON values.  Keys that are figures, not names, are shown as ``*``."""
    types: dict[str, set[str]] = {}
    for value in values:
        for path, kind in _places("", value):
            types.setdefault(path, set()).add(kind)
    return {path: " | ".join(sorted(kinds)) for path, kinds in types.items()}


def _places(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield path, "object"
        are_names = all(key.isidentifier() for key in value)
        for key, inner in value.items():
            yield from (
                _places(f"{path}.{key if are_names else '*'}", inner)
                if key != "params"
                else [(f"{path}.params", "object")]
            )
    elif isinstance(value, list):
        yield path, "array"
        for inner in value:
            yield from _places(f"{path}[]", inner)
    else:
        yield path, _KINDS[type(value)]


_KINDS = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string"}


def output(command: str) -> str:
    """What a command line prints, in the folder of the project."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(stream), contextlib.redirect_stderr(io.StringIO()):
        cli.main(command.split())
    return stream.buffer.getvalue().decode()


PLAN, BODIES, CARD = "docs/examples/campaign.csv", "tests/transcripts/bodies.ndjson", "docs/examples/my-card.json"
WITH_COLUMNS = (
    f"quote {PLAN}",
    f"quote {PLAN} --by asset --format csv",
    *(f"table {name} --format csv" for name in TABLES),
    "export prices",
    "export prices --n 1 2",
)
WITH_JSON = (
    f"check {PLAN} --format ndjson",
    "quote --size 16:9 --format json",
    f"quote {PLAN} --by size --format json",
    f"advise {BODIES} --format ndjson",
    "explain 20003 --format json",
    "explain 400 --format json",
    "explain size --format json",
    "explain size.needs_widescreen --format json",
    f"rates lint {CARD} --format json",
    f"rates diff reapi-2026-07 {CARD} --format json",
    f"rates diff reapi-2026-07 {CARD} {PLAN} --format json",
    "rates import docs/examples/saved-models.html",
    *(f"table {name} --format json" for name in TABLES),
    "export prices --n 1 --format json",
    "export schema-map",
    "export form-schema-map",
    "export choices",
    "export messages",
)


def identifiers() -> Json:
    """The ids of schemas, the formats of files, the extras and the programs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    exported = {name: json.loads(output(f"export {name}")) for name in ("schema", "form-schema", "choices-schema")}
    data = sorted((ROOT / "data").rglob("*.json"))
    return {
        "schemas": {name: schema["$id"] for name, schema in exported.items()},
        "formats": {
            path.relative_to(ROOT).as_posix(): json.loads(path.read_bytes()).get("format") for path in data
        },
        "extras": sorted(set(project["optional-dependencies"]) - {"test", "test-all"}),
        "programs": project["scripts"],
        "python": project["requires-python"],
        "dependencies": project["dependencies"],
    }  # fmt: skip


SECTIONS: dict[str, Callable[[], Json]] = {
    "names": names,
    "rules": rules,
    "codes": codes,
    "commands": commands,
    "exit codes": exit_codes,
    "columns": columns,
    "shapes": shapes,
    "identifiers": identifiers,
}
"""What the surface consists of."""


def write() -> None:
    """Replace the snapshot, whole or not at all."""
    text = json.dumps(surface(), indent=1, ensure_ascii=False) + "\n"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=SNAPSHOT.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, SNAPSHOT)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    write()
    sys.stdout.write(
        f"{SNAPSHOT.relative_to(ROOT)} is written: look at its diff, and say in CHANGELOG.md what changed\n"
    )
