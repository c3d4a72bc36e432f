"""The import graph is the pipeline: each stage imports only earlier ones, and the core never an outer room."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("forms", "sheets", "cli")
"""The outer rooms.  A room may use the core and the rooms before it; ``forms`` and ``sheets`` do not need each other."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted((ROOT / "reapi_rules").rglob("*.py"))}


def imports_of(name: str) -> Iterator[str]:
    """Every module that a module imports, at its top or when it is used, but for type checkers."""
    path = FILES[name]
    tree = ast.parse(path.read_bytes())
    skipped = {
        inner for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body for inner in ast.walk(statement)
    }  # fmt: skip
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the graph"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in FILES else str(node.module)


GRAPH = {name: set(imports_of(name)) for name in FILES}


def room(name: str) -> str:
    """The room of a module of ours: one of ``ROOMS``, or the core."""
    first = name.split(".")[1:2]
    return first[0] if first and first[0] in ROOMS else "core"


def ours(name: str) -> set[str]:
    return {other for other in GRAPH[name] if other.partition(".")[0] == "reapi_rules"}


CORE = [name for name in GRAPH if room(name) == "core" and not name.endswith("__main__")]


class TestRooms:
    """The core knows no outer room, and the library no command line."""

    def test_the_rooms_are_there(self) -> None:
        assert {room(name) for name in GRAPH} == {"core", *ROOMS}

    @pytest.mark.parametrize("name", CORE)
    def test_the_core_imports_no_outer_room(self, name: str) -> None:
        assert {room(other) for other in ours(name)} <= {"core"}

    @pytest.mark.parametrize("name", [name for name in GRAPH if room(name) in ("forms", "sheets")])
    def test_forms_and_sheets_import_the_core_and_themselves(self, name: str) -> None:
        assert {room(other) for other in ours(name)} <= {"core", room(name)}

    def test_the_command_line_knows_what_is_left(self) -> None:
        assert room("reapi_rules.cli") == "cli"
        assert GRAPH["reapi_rules.__main__"] == {"reapi_rules.cli"}


class TestCycles:
    """Nothing imports itself by a detour."""

    def test_there_is_no_cycle(self) -> None:
        graph = {name: ours(name) - {"reapi_rules"} for name in GRAPH}
        assert len(list(TopologicalSorter(graph).static_order())) >= len(FILES) - 1


class TestDependencies:
    """The core needs the standard library and msgspec; whatever else is optional is imported when it is used."""

    @pytest.mark.parametrize("name", CORE)
    def test_the_core_needs_msgspec_only(self, name: str) -> None:
        packages = {other.partition(".")[0] for other in GRAPH[name]}
        assert packages <= {"reapi_rules", "msgspec", *sys.stdlib_module_names}

    @pytest.mark.parametrize("name", [name for name in GRAPH if room(name) != "core"])
    def test_an_outer_room_imports_extras_only_when_they_are_used(self, name: str) -> None:
        at_the_top = {
            alias.name if isinstance(node, ast.Import) else str(node.module)
            for node in ast.parse(FILES[name].read_bytes()).body
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        packages = {other.partition(".")[0] for other in at_the_top}
        assert packages <= {"__future__", "reapi_rules", "msgspec", *sys.stdlib_module_names}

    @pytest.mark.parametrize(
        "module", ("socket", "subprocess", "os", "time", "random", "urllib", "threading", "logging")
    )
    def test_the_core_has_no_use_for(self, module: str) -> None:
        users = {name for name in CORE if module in {other.partition(".")[0] for other in GRAPH[name]}}
        assert users <= ({"reapi_rules.catalog.catalog", "reapi_rules.catalog.rates"} if module == "os" else set())
