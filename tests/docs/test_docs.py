"""The documentation hangs together: links, menu, generated pages, and the blocks that are no Python and no transcript."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from reapi_rules import RateCard, cli
from tests.support.told import told
from tests.tools.generate_docs import DOCS, pages
from tests.tools.python_reference import GROUPS
from tests.tools.surface import public_modules

ROOT = DOCS.parent
EXAMPLES = DOCS / "examples"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
FILES = (*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md")
FENCE = re.compile(r"^```(\w+)(?: terminal)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
LINK = re.compile(r"(?<!`)\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)<>\s]+)>?\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(path: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to, with the anchors; addresses of other sites are not looked at."""
    for target in LINK.findall(FENCE.sub("", text_of(path))):
        if not re.match(r"\w+:", target):
            file, _, anchor = target.partition("#")
            yield (path.parent / file).resolve() if file else path, anchor


def anchors(path: Path) -> set[str]:
    """What can be linked to on a page: its own anchors, and its headings as code hosts name them."""
    text = FENCE.sub("", text_of(path))
    headings = (
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    )
    return {*headings, *re.findall(r'<a id="([^"]+)"></a>', text)}


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


class TestGeneratedPages:
    def test_are_up_to_date(self, generated: dict[str, str]) -> None:
        for name, text in generated.items():
            assert text == text_of(DOCS / name), f"{name} differs: run python -m tests.tools.generate_docs"

    def test_none_is_left_over(self, generated: dict[str, str]) -> None:
        found = {path.relative_to(DOCS).as_posix() for path in (DOCS / "reference").iterdir()}
        assert found == {name for name in generated if name.startswith("reference/")}

    def test_the_reference_has_every_public_module(self) -> None:
        shown = {f"reapi_rules.{name}" for names in GROUPS.values() for name in names}
        assert shown == {*public_modules()} - {"reapi_rules"}


def test_the_versions_that_were_tried_are_those_that_the_package_names() -> None:
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (DOCS.parent / "pyproject.toml").read_text())
    tried = text_of(DOCS / "install.md").partition("The tests pass on Linux with Python ")[2].partition(";")[0]
    first, last = map(int, re.findall(r"3\.(\d+)", tried))
    assert named == [f"3.{minor}" for minor in range(first, last + 1)] != []


class TestLinks:
    def test_lead_somewhere(self) -> None:
        for path in FILES:
            for target, anchor in links(path):
                assert target.is_file(), (path, target)
                if anchor:
                    assert anchor in anchors(target), f"{name_of(path)}: {name_of(target)}#{anchor}"

    def test_every_page_is_in_the_menu(self) -> None:
        indexes = (DOCS / "index.md", DOCS / "reference" / "index.md")
        linked = {target for index in indexes for target, _ in links(index)}
        assert set(PAGES) <= {*linked, DOCS / "index.md"}


class TestBlocks:
    """Python blocks and transcripts run by themselves; here are the others."""

    def test_commands_are_commands(self) -> None:
        """A command that needs a file of the reader's is not run, but its words are those of the command line."""
        for path in FILES:
            with told(path):
                self.check(path)

    @staticmethod
    def check(path: Path) -> None:
        lines = [line for kind, block in FENCE.findall(text_of(path)) if kind == "sh" for line in block.splitlines()]
        for line in (*lines, *INDENTED.findall(FENCE.sub("", text_of(path)))):
            if line.startswith("reapi-rules ") and "[options]" not in line:
                words = shlex.split(line.partition("  #")[0])[1:]
                assert cli.parser_for(words).parse_args(words)

    def test_scripts_are_there(self) -> None:
        for path in FILES:
            for script in re.findall(r"\b(?:python|node) ((?:tests|docs)/[\w/.-]+)", text_of(path)):
                assert (ROOT / script).is_file(), (path, script)

    def test_json_is_a_rate_card_or_that_of_an_example(self) -> None:
        known = [json.loads(text_of(file)) for file in EXAMPLES.rglob("*.json")]
        blocks = [block for path in PAGES for kind, block in FENCE.findall(text_of(path)) if kind == "json"]
        assert blocks
        for block in blocks:
            assert json.loads(block) in known or RateCard.from_json(block), block
