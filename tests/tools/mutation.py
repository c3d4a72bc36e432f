"""Mutation testing of what judges and prices: ``nice python -m tests.tools.mutation``, or with the names of some modules.

mutmut changes one place of the code after the other; a test of the core selection has to notice each.  What no test can
notice, because it changes nothing that can be seen, is listed with its reason in ``mutation-survivors.md``.  The script
fails where a survivor is not listed, where a listed one is none, and below 95 % of killed mutants.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("mutation-survivors.md")
LEAST_KILLED = 0.95

MODULES = (
    "body", "rules", "wording", "sizes", "urls", "request", "dimensions", "credits", "rates", "quotes", "cases", "warnings",
    "sheets.repair",
)  # fmt: skip
"""The modules that judge and price."""

TESTS = (
    "vectors", "page", "wording", "oracle", "urls", "dimensions", "credits", "rates", "quotes", "models", "body", "first_look", "cases", "laws", "hints",
    "repair",
)  # fmt: skip
"""The core selection: it runs in seconds."""

NEW_CATALOG = '''

def pytest_runtest_setup() -> None:
    """Each test starts with a catalog that has met no request, or it would see what was worked out before."""
    from reapi_rules.catalog.catalog import built_in

    built_in.cache_clear()
'''

Survivor = tuple[str, str]
"""The function, as ``module.name``, and what was changed in it, as the lines of a diff."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules", nargs="*", choices=[*MODULES, []], metavar="MODULE", help="all unless some are named"
    )
    parser.add_argument(
        "--folder", type=Path, help="work there and keep it, so that a second run goes on from the first"
    )
    arguments = parser.parse_args()
    modules = arguments.modules or MODULES
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        prepare(folder, modules)
        mutmut(folder, "run", "--max-children", "1", quiet=False)
        verdicts = verdicts_in(folder, modules)
        survivors = [
            survivor(folder, name) for name, verdict in verdicts.items() if verdict in ("survived", "no tests")
        ]
    sys.exit(judge(verdicts, survivors, modules))


def prepare(folder: Path, modules: Sequence[str]) -> None:
    """A copy of what is tracked, set up for mutmut."""
    for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    with (folder / "tests" / "conftest.py").open("a") as conftest:
        conftest.write(NEW_CATALOG)
    settings = {
        "source_paths": ["reapi_rules"],
        "only_mutate": [f"reapi_rules/{name.replace('.', '/')}.py" for name in modules],
        "also_copy": ["data", "docs", "conftest.py", "README.md"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": [f"tests/test_{name}.py" for name in TESTS],
    }
    lines = (f"{name}=\n  " + "\n  ".join(values) for name, values in settings.items())
    (folder / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def mutmut(folder: Path, *words: str, quiet: bool = True) -> str:
    """The output of one of its commands."""
    surroundings = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(
        command, cwd=folder, env=surroundings, check=quiet, text=True, stdout=subprocess.PIPE if quiet else None
    ).stdout or ""  # fmt: skip


def verdicts_in(folder: Path, modules: Sequence[str]) -> dict[str, str]:
    """What became of each mutant."""
    lines = re.findall(r"^\s*(reapi_rules\.\S+): (.+)$", mutmut(folder, "results", "--all", "true"), re.MULTILINE)
    return {name: verdict.strip() for name, verdict in lines if module_of(name) in modules}


def module_of(name: str) -> str:
    """``reapi_rules.catalog.rates.xǁRateCardǁload__mutmut_1`` is in ``rates``."""
    return name.removeprefix("reapi_rules.").rpartition(".")[0]


def survivor(folder: Path, name: str) -> Survivor:
    """What a mutant changes, and where."""
    diff = mutmut(folder, "show", name).splitlines()
    changes = [line for line in diff if re.match(r"[-+](?![-+])", line)]
    return function_of(name), "\n".join(f"{line[0]} {line[1:].strip()}" for line in changes)


def function_of(name: str) -> str:
    """``reapi_rules.catalog.rates.xǁRateCardǁload__mutmut_1`` is ``rates.RateCard.load``."""
    function = name.rpartition(".")[2].partition("__mutmut")[0]
    return f"{module_of(name)}.{re.sub('^x_?', '', function).strip('ǁ').replace('ǁ', '.')}"


def listed_survivors() -> list[Survivor]:
    """The survivors with a reason: under a heading that names the function, a diff of changes with blank lines between."""
    sections = re.findall(
        r"^### `([^`]+)`\n(.+?)```diff\n(.+?)```", SURVIVORS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for name, reason, _ in sections:
        assert reason.strip(), f"{name} has no reason"
    return [
        (name, change.strip()) for name, _, changes in sections for change in changes.split("\n\n") if change.strip()
    ]


def judge(verdicts: dict[str, str], survivors: list[Survivor], modules: Sequence[str]) -> int:
    """Say what became of the mutants; 0 if all is as it should be."""
    for module in modules:
        counts = Counter(verdict for name, verdict in verdicts.items() if module_of(name) == module)
        say(f"{module}: {', '.join(f'{count} {verdict}' for verdict, count in sorted(counts.items()))}")
    killed = 1 - len(survivors) / len(verdicts)
    say(f"{len(verdicts)} mutants, {killed:.1%} killed")
    listed = [one for one in listed_survivors() if one[0].startswith(tuple(f"{module}." for module in modules))]
    unlisted = Counter(survivors) - Counter(listed)
    for name, change in sorted(unlisted.elements()):
        say(f"\nsurvives and is not listed:\n### `{name}`\n\n```diff\n{change}\n```")
    stale = Counter(listed) - Counter(survivors)
    for name, change in sorted(stale.elements()):
        say(f"\nis listed and does not survive:\n### `{name}`\n\n```diff\n{change}\n```")
    return 1 if unlisted or stale or killed < LEAST_KILLED else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    main()
