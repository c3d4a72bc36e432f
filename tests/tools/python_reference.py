"""The pages of docs/reference: each public module, its names, signatures and docstrings, read from the source.

Nothing is imported, so no framework is needed.  Examples get the imports that they need, so that they can be copied; they
run as tests in place.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator

from tests.tools.surface import is_inner, public_names, statements, tree_of

__all__ = ["reference_pages"]

PACKAGE = "reapi_rules"
GROUPS = {
    "Judge and price one request": (
        "engine.engine", "engine.report", "engine.fixes", "terms.findings", "engine.request", "engine.dimensions", "engine.quotes", "prices.lookup",
    ),
    "Prices": (
        "catalog.rates", "terms.credits", "prices.table", "prices.alternatives", "prices.cheapest", "prices.lint",
        "prices.card_diff", "prices.snapshots",
    ),
    "After the submit": (
        "tasks.readings", "tasks.envelopes", "catalog.codes", "tasks.explanations", "tasks.endings", "tasks.billing", "tasks.reconciliation",
        "tasks.resend", "tasks.polling", "tasks.masks",
    ),
    "Forms and browsers": (
        "forms", "forms.django", "forms.rest_framework", "forms.wtforms", "forms.flask", "forms.fastapi", "forms.pydantic",
        "forms.problems", "forms.schema", "forms.choices", "forms.message_list", "forms.openapi", "web.module",
        "web.page", "web.apps_script", "catalog.messages",
    ),
    "Models and data": ("catalog.catalog", "catalog.models"),
}  # fmt: skip
"""The public modules, by what one needs them for; a test fails for one that is missing."""

HEAD = """# The Python reference

The verbs and their results can be imported from `reapi_rules` itself:
{names}.

Each further concept is in the module of its name. Everything on these pages is promised to [stay](../compatibility.md).
"""
WIDTH = 100
CODE = re.compile(r"(``.*?``)", re.DOTALL)
ROLE = re.compile(r":\w+:`([^`]+)`")
EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)

Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


def reference_pages() -> dict[str, str]:
    """Every page by its name in docs/."""
    modules = [f"{PACKAGE}.{name}" for names in GROUPS.values() for name in names]
    return {"reference/index.md": _index(), **{_page(module): _module(module) for module in modules}}


def _page(module: str) -> str:
    return f"reference/{module.removeprefix(f'{PACKAGE}.')}.md"


def _index() -> str:
    names = [name for name in public_names(tree_of(PACKAGE)) if not name.startswith("_")]
    links = ", ".join(f"[`{name}`]({_link(name, _home(name, PACKAGE)[0])})" for name in names)
    parts = [HEAD.format(names=textwrap.fill(links, 120, break_long_words=False, break_on_hyphens=False))]
    for group, members in GROUPS.items():
        rows = [f"- [`{name}`]({name}.md): {_summary(name)}" for name in members]
        parts.append("\n".join([f"## {group}", "", *rows, ""]))
    return "\n".join(parts)


def _summary(name: str) -> str:
    text = ast.get_docstring(tree_of(f"{PACKAGE}.{name}")) or ""
    return _prose(" ".join(text.partition("\n\n")[0].split())).rstrip(".")


def _link(name: str, module: str) -> str:
    return f"{module.removeprefix(f'{PACKAGE}.')}.md#{name.lower()}"


def _module(module: str) -> str:
    tree = tree_of(module)
    parts = [f"# `{module}`", *_docstring(tree, module)]
    for name in public_names(tree):
        home, nodes = _home(name, module)
        parts.append(f"## `{name}`")
        is_here = home == module or is_inner(home)
        parts.extend(_name(name, nodes, home) if is_here else [f"See [`{home}`]({_link(name, home)})."])
    return "\n\n".join(parts) + "\n"


def _home(name: str, module: str) -> tuple[str, list[Definition]]:
    """The module that defines a name, and the statements that do."""
    tree = tree_of(module)
    found = [node for node in statements(tree) if isinstance(node, Definition) and name in _names(node)]
    if found:
        return module, found
    return _home(name, _imports(tree)[name])


def _imports(tree: ast.Module) -> dict[str, str]:
    """Where each imported name comes from."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def _names(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, ast.AnnAssign):
        return (ast.unparse(node.target),)
    return tuple(map(ast.unparse, node.targets)) if isinstance(node, ast.Assign) else ()


# --- one name


def _name(name: str, nodes: list[Definition], module: str) -> Iterator[str]:
    node = nodes[-1]
    if isinstance(node, ast.ClassDef):
        yield _code(_class(node))
        yield from _docstring(node, module)
        for member in node.body:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                yield f"### `{name}.{member.name}`"
                yield _code(_function(member))
                yield from _docstring(member, module)
    elif isinstance(node, ast.FunctionDef):
        overloads = nodes[:-1] or nodes  # the last of overloads is the implementation
        yield _code("\n".join(_function(each) for each in overloads if isinstance(each, ast.FunctionDef)))
        yield from _docstring(node, module)
    else:
        yield _code(ast.unparse(node))
        yield from _comment_below(node, [*statements(tree_of(module))])


def _class(node: ast.ClassDef) -> str:
    """The class with its fields; its methods follow one by one."""
    bases = [base for base in map(ast.unparse, node.bases) if "Struct" not in base and not base.startswith("_")]
    fields = [
        f"    {ast.unparse(member)}"
        for member in node.body
        if isinstance(member, ast.AnnAssign) and not ast.unparse(member.target).startswith("_")
    ]
    inherits = f"({', '.join(bases)})" if bases else ""
    return "\n".join([f"class {node.name}{inherits}:", *fields] if fields else [f"class {node.name}{inherits}: ..."])


def _function(node: ast.FunctionDef) -> str:
    kinds = [ast.unparse(kind) for kind in node.decorator_list]
    marks = [f"@{kind}" for kind in kinds if kind in ("property", "classmethod", "staticmethod")]
    result = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
    arguments = re.sub(r"(?<=\S)=(?=\S)", " = ", ast.unparse(node.args))  # every parameter is annotated
    line = f"def {node.name}({arguments}){result}: ..."
    if len(line) > WIDTH:
        inside = "".join(f"    {argument},\n" for argument in _split(arguments))
        line = f"def {node.name}(\n{inside}){result}: ..."
    return "\n".join([*marks, line])


def _split(arguments: str) -> Iterator[str]:
    """The parameters one by one: at the commas outside of brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(arguments):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            yield arguments[start:place].strip()
            start = place + 1
    yield arguments[start:].strip()


def _comment_below(node: ast.stmt, body: list[ast.stmt]) -> Iterator[str]:
    """The text under a constant, which says what it is."""
    following = body[body.index(node) + 1 : body.index(node) + 2]
    for below in following:
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str):
            yield _prose(below.value.value)


def _code(text: str) -> str:
    return f"```py\n{text}\n```"


# --- docstrings


def _docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef, module: str) -> Iterator[str]:
    """A docstring as Markdown: its prose, and its examples with what they need."""
    text = ast.get_docstring(node) or ""
    needs = _needs("\n".join(EXAMPLE.findall(text)), module)
    place = 0
    for example in EXAMPLE.finditer(text):
        yield from _paragraphs(text[place : example.start()])
        yield "\n".join(["```python", *needs, example[0], "", "```"])
        needs, place = [], example.end()
    yield from _paragraphs(text[place:])


def _paragraphs(text: str) -> Iterator[str]:
    yield from (_prose(paragraph) for paragraph in text.strip().split("\n\n") if paragraph)


def _prose(text: str) -> str:
    """reStructuredText as it is used here, in Markdown."""
    parts = CODE.split(ROLE.sub(r"``\1``", text))
    return "".join(
        part[1:-1] if part.startswith("``") else part.replace("**", r"\*\*").replace("<", "&lt;").replace(".  ", ". ")
        for part in parts
    )


def _needs(examples: str, module: str) -> list[str]:
    """The imports that examples rely on because they are in a module, as lines of an example."""
    code = "\n".join(line[4:] for line in examples.splitlines() if line.startswith((">>> ", "... ")))
    names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)} | set(_imports(ast.parse(code)))
    loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)} - stored
    tree = tree_of(module)
    homes = {**_imports(tree), **dict.fromkeys((name for node in tree.body for name in _names(node)), module)}
    public = dict.fromkeys(public_names(tree_of(PACKAGE)), PACKAGE)
    needed: dict[str, list[str]] = {}
    for name in sorted(loaded & homes.keys()):
        needed.setdefault(public.get(name, _offered(homes[name], module)), []).append(name)
    homes_in_order = sorted(needed, key=lambda home: (home.startswith(PACKAGE), home))
    return [f">>> from {home} import {', '.join(needed[home])}" for home in homes_in_order]


def _offered(home: str, module: str) -> str:
    """Where a user gets a name from: an inner module's names are those of the module that shows them."""
    if not is_inner(home):
        return home
    return next((each for each in _outward(module) if not is_inner(each)), module)


def _outward(module: str) -> Iterable[str]:
    """The module, and the packages around it from the nearest."""
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(len(parts), 0, -1))
