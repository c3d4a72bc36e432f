"""Which branches of the JavaScript module its tests take: ``python -m tests.tools.module_coverage``.

It runs tests/web under node's own coverage and fails below 95 %.  A branch is a block of V8's: a function, an arm of a
condition, the rest of a line after ``??``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE = ROOT / "reapi_rules" / "web" / "reapi-rules.mjs"
LEAST = 0.95

Block = tuple[int, int]
"""Where a block begins and ends, in UTF-16 units."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tests = [sys.executable, "-m", "pytest", "-q", "tests/web"]
        subprocess.run(tests, cwd=ROOT, env={**os.environ, "NODE_V8_COVERAGE": folder}, check=True)
        missed, count = branches(Path(folder))
    text = MODULE.read_text(encoding="utf-8").encode("utf-16-le")
    for start, end in missed:
        line = text[: 2 * start].decode("utf-16-le").count("\n") + 1
        print(f"line {line}: {' '.join(text[2 * start : 2 * end].decode('utf-16-le').split())[:100]}")  # noqa: T201
    share = 1 - len(missed) / count
    print(f"{share:.1%} of {count} branches are taken")  # noqa: T201  # a script's own voice
    sys.exit(share < LEAST)


def branches(folder: Path) -> tuple[list[Block], int]:
    """The blocks that no process ran, and how many there are in all."""
    runs = [list(run) for run in reports(folder)]
    blocks = {block for run in runs for block, _ in run}
    taken = {block for run in runs for block in blocks if innermost(run, block)}
    return sorted(blocks - taken), len(blocks)


def reports(folder: Path) -> Iterator[Iterator[tuple[Block, int]]]:
    """Of each process that loaded the module its blocks, each with how often it ran."""
    for path in folder.glob("*.json"):
        for script in json.loads(path.read_bytes())["result"]:
            if script["url"].endswith(f"/{MODULE.name}"):  # exported copies, too
                ranges = (each for function in script["functions"] for each in function["ranges"])
                yield (((each["startOffset"], each["endOffset"]), each["count"]) for each in ranges)


def innermost(run: list[tuple[Block, int]], block: Block) -> int:
    """How often a block ran in a process: as often as the smallest block that is reported around it."""
    around = [(end - start, count) for (start, end), count in run if start <= block[0] and block[1] <= end]
    return min(around, default=(0, 0))[1]


if __name__ == "__main__":
    main()
