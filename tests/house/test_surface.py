"""The public surface is what ``surface.json`` says; docs/compatibility.md says what a change of it means."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from reapi_rules import cli
from tests.support.told import told
from tests.tools.surface import INNER, ROOT, SECTIONS, SNAPSHOT, public_modules


@pytest.mark.parametrize("section", SECTIONS)
def test_the_surface_is_as_pinned(section: str) -> None:
    pinned = json.loads(SNAPSHOT.read_bytes())
    assert json.loads(json.dumps(SECTIONS[section]())) == pinned[section], (
        "the public surface has changed: if you mean it, run python -m tests.tools.surface and say so in CHANGELOG.md"
    )


def test_nothing_else_is_pinned() -> None:
    assert set(json.loads(SNAPSHOT.read_bytes())) == set(SECTIONS)


class TestDocumentation:
    """What the documentation shows is public, and what the policy names is there."""

    PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "docs").rglob("*.py")))

    def test_examples_use_public_modules_only(self) -> None:
        for page in self.PAGES:
            used = set(re.findall(r"(?:from|import) (reapi_rules[.\w]*)", page.read_text(encoding="utf-8")))
            assert used <= set(public_modules()), page

    def test_the_policy_lists_the_inner_modules(self) -> None:
        policy = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
        listed = policy.partition("<!-- inner -->")[2].partition("<!-- end -->")[0]
        assert re.findall(r"`([\w.]+)`", listed) == sorted(INNER)

    def test_inner_modules_are_there(self) -> None:
        for name in INNER:
            assert (ROOT / "reapi_rules" / name.replace(".", "/")).with_suffix(".py").is_file(), name

    def test_the_policy_lists_the_exit_codes(self) -> None:
        policy = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
        epilog = str(cli.parser_for([]).epilog)
        for code in re.findall(r"\b[0-9]+\b", epilog):
            assert f"`{code}`" in policy


class TestModules:
    """Each module says what of it is public."""

    def test_all_is_there_and_true(self) -> None:
        for path in sorted((ROOT / "reapi_rules").rglob("*.py")):
            with told(path):
                self.check(path)

    @staticmethod
    def check(path: Path) -> None:
        tree = ast.parse(path.read_bytes())
        if len(tree.body) <= 2 or path.stem == "__main__":
            return  # a docstring, and no names
        (names,) = (
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        )
        assert len(names) == len(set(names))
