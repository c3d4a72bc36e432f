"""The import graph: folders are layers, the core needs msgspec alone, and an extra is imported when it is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reapi_rules"
CORE_FOLDERS = ("terms", "catalog", "engine", "prices", "tasks")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
IMPORT = re.compile(r"^\s*(?:from|import)\s(?:[^(\n]|\([^)]*\))*", re.MULTILINE)
"""A statement that imports, with the names in its brackets."""
MAY_USE = {
    "os": {"reapi_rules.catalog.catalog", "reapi_rules.catalog.files", "reapi_rules.catalog.rates"},
    "threading": {"reapi_rules.terms.once"},
}
"""What in the core reads files, and what waits for another thread."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_name(path): ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))}
OUTER = [name for name in TREES if name.count(".") and name.split(".")[1] not in CORE_FOLDERS]
CORE = [name for name in TREES if name not in OUTER]


def packages(nodes: Sequence[ast.AST]) -> set[str]:
    """The packages that some statements import."""
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def ever_imported(name: str) -> set[str]:
    """The packages that a module imports, at its top or when it is used, but for type checkers."""
    nodes = list(ast.walk(TREES[name]))
    for_types = [node for node in nodes if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    skipped = {inner for node in for_types for statement in node.body for inner in ast.walk(statement)}
    return packages([node for node in nodes if node not in skipped])


class TestLayers:
    """The order of the folders, which pyproject.toml states."""

    def test_each_folder_imports_only_folders_below_it(self) -> None:
        lint = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True)
        assert lint.returncode == 0, lint.stdout + lint.stderr


class TestTests:
    def test_no_test_imports_from_a_test(self) -> None:
        """What several need is in ``tests/support``."""
        for path in sorted((ROOT / "tests").rglob("test_*.py")):
            for statement in IMPORT.findall(path.read_text(encoding="utf-8")):
                assert not re.search(r"\btest_", statement), (path, statement)


class TestTheFrontDoor:
    """It is short, and holds nothing of its own."""

    def test_hardly_anything_is_beside_the_folders(self) -> None:
        assert len(list(PACKAGE.glob("*.py"))) <= 5

    def test_it_imports_what_it_offers_and_does_nothing_else(self) -> None:
        text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
        kinds = [type(node) for node in ast.parse(text).body]
        assert set(kinds) == {ast.Expr, ast.ImportFrom, ast.Assign}
        assert kinds.count(ast.Expr) == 1, "the docstring"
        assert kinds.count(ast.Assign) == 2, "__all__ and __version__"
        assert len(text.splitlines()) <= 60


class TestDependencies:
    """The core needs the standard library and msgspec; whatever else is optional is imported when it is used."""

    def test_the_core_needs_msgspec_only(self) -> None:
        for name in CORE:
            assert ever_imported(name) <= {"reapi_rules", "msgspec", *sys.stdlib_module_names}, name

    def test_an_outer_folder_imports_extras_only_when_they_are_used(self) -> None:
        for name in OUTER:
            assert packages(TREES[name].body) <= {"reapi_rules", "msgspec", *sys.stdlib_module_names}, name

    @pytest.mark.parametrize(
        "module", ("socket", "subprocess", "os", "time", "random", "urllib", "threading", "logging")
    )
    def test_the_core_has_no_use_for(self, module: str) -> None:
        assert {name for name in CORE if module in ever_imported(name)} <= MAY_USE.get(module, set())
