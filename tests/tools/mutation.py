"""Mutation testing, one room after another: ``nice python -m tests.tools.mutation engine``, or without a name all of ``TESTS``.

mutmut changes a room in one place at a time, and a test has to notice.  Each run tries a seeded sample of the mutants.
Changes that nobody could notice are listed in ``mutation-survivors.md``, each with its reason.  The script fails if less
than 95 % of a room's mutants are killed, if a survivor is not listed, and if a listed change is killed after all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("mutation-survivors.md")
LEAST_KILLED = 0.95
KILLED = ("killed", "timeout", "segfault", "suspicious")  # the last one aborts, as where memory runs out
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

PAGES = ("check-files", "keeping-prices", "paying-less", "quote-a-sheet", "reconcile", "start-sheets")
_REPORTS = ("tests/engine/test_body.py", "tests/engine/test_wording.py")
TESTS = {
    "terms": ("tests/terms", "tests/catalog", *_REPORTS, "tests/engine/test_notebooks.py"),
    "catalog": (
        "tests/catalog",
        *_REPORTS,
        *(f"tests/engine/test_{name}.py" for name in ("first_sight", "fixes", "quotes", "vectors")),
    ),
    "engine": ("tests/engine", "tests/catalog", "tests/prices/test_lookup.py"),
    "prices": ("tests/prices",),
    "tasks": ("tests/tasks",),
    "forms": ("tests/forms",),
    "sheets": ("tests/sheets", "tests/engine/test_notebooks.py"),
    "cli": (
        "tests/cli",
        "tests/transcripts",
        *(f"tests/sheets/test_{name}.py" for name in ("json_sheets", "mixed_sheets", "reading", "what_if")),
        "tests/tasks/test_explanations.py::TestTheCommand",
        "tests/docs/test_lookups.py",
        "tests/docs/test_big_plans.py::TestParquet",
        "tests/docs/test_docs.py::TestGeneratedPages::test_are_up_to_date",
        *(f"docs/{page}.md" for page in PAGES),
    ),
}
"""The rooms that have to pass, and the tests that kill their mutants; another room is tried with its own."""

_FINITE = (
    "TestEverythingFinite",
    "TestOtherCatalogs",
    "TestDepth",
    "TestEveryModel and (test_values or test_keys or test_fields_one_by_one or test_pairs_of_words_and_switches)",
    "TestAxesOfThePage",
    "test_what_holds_its_parts_many_times_over",
    "test_auto_is_the_most_expensive_ratio",
    "test_bounds_are_in_order_and_units_agree",
)
SLOW = {
    "terms": _FINITE,
    "catalog": _FINITE,
    "engine": (*_FINITE, "test_what_was_met_takes_one_call"),  # a changed function is called through another one
    "sheets": (
        "test_it_says_what_the_engine_says",
        "test_on_everything_finite",
        "test_the_workbook_to_take_is_the_one_that_is_written",
        "TestFile and test_the_command",
        "test_nothing_that_makes_the_price_is_left_out_in_silence and xlsx",
        "test_it_is_bounded",
        "test_xlsxwriter_and_openpyxl",
        "test_its_prices_are_those_of_its_card",
        "test_two_rows_typed_in_calc_are_two_requests",
        "TestCalc",
        "test_bordered_blanks_take_linear_time",
        "test_a_frame_of_polars",  # its threads are gone in the process of a mutant, which would wait for them
    ),
    "cli": ("test_nothing_is_executed_from_the_words and workbook", "TestTooLarge"),
}
"""Tests that take seconds are left out; in these rooms the others stop where they would start a program, such as Calc."""

NO_PROGRAMS = """

@pytest.fixture(scope="session", autouse=True)
def _no_programs():
    import subprocess

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", lambda *_, **__: pytest.skip("starts a program"))
        yield
"""

AFRESH = '''

_afresh: set[int] = set()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what was made once: in the process of a mutant all tests have run before, without the mutant."""
    import importlib
    import sys

    from reapi_rules.engine import engine

    formulas = sys.modules.get("reapi_rules.sheets.live.formulas")
    if formulas is not None and item.path.name == "test_live_workbook.py":  # they are made when it is imported
        kept = formulas.FORMULAS
        kept.update(importlib.reload(formulas).FORMULAS)
        formulas.FORMULAS = kept
    if os.getpid() in _afresh and os.environ.get("MUTANT_UNDER_TEST") != "stats":
        return  # while mutmut sees which test runs what, each has to run all of it
    _afresh.add(os.getpid())
    for module in [module for name, module in sys.modules.items() if name.startswith(("reapi_rules", "test"))]:
        for made in [value for value in vars(module).values() if hasattr(value, "__wrapped__")]:
            forget = getattr(made, "cache_clear", None) or getattr(made, "clear", None)
            if forget is not None:
                forget()
    engine._engines.clear()
    kept = dict(zip(engine.preflight.__code__.co_freevars, engine.preflight.__closure__))
    for name in ("decode", "kinds"):  # what it keeps of the engine before; without, it asks again
        kept[name].cell_contents = None
    kept["look_again"].cell_contents = lambda body: engine.default_engine().look(body)
'''
"""Added to ``tests/conftest.py``, as is the text above."""

Change = tuple[str, str]
"""A mutant as people see it: the function, as ``room.module.name``, and the changed lines."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "rooms", nargs="*", metavar="ROOM", help=f"folders of reapi_rules; {', '.join(TESTS)} by default"
    )
    parser.add_argument("--sample", type=int, default=400, metavar="N", help="mutants per room, 400 by default")
    parser.add_argument("--all", dest="sample", action="store_const", const=sys.maxsize, help="all mutants")
    parser.add_argument("--seed", type=int, default=1, help="decides which mutants are in the sample, 1 by default")
    parser.add_argument(
        "--max-children", type=int, default=os.cpu_count(), metavar="N", help="mutants at the same time"
    )
    arguments = parser.parse_args()
    for room in arguments.rooms:
        if not (ROOT / "reapi_rules" / room).is_dir():
            parser.error(f"reapi_rules has no folder {room}")
    if arguments.sample < 1:
        parser.error(f"a sample of {arguments.sample} tries nothing")
    say(f"{'room':8} {'mutants':>8} {'tried':>6} {'killed':>7} {'timeouts':>9} {'listed':>7} {'minutes':>8}")
    good = [try_room(room, arguments) for room in arguments.rooms or TESTS]
    sys.exit(0 if all(good) else 1)


def try_room(room: str, arguments: argparse.Namespace) -> bool:
    """Try a sample of a room's mutants and say what became of them; whether all is as it should be."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        prepare(room)
        files = mutants_of(room, arguments.max_children)
        sample = random.Random(f"{arguments.seed} {room}").sample(list(files), min(arguments.sample, len(files)))
        mutmut("run", "--max-children", str(arguments.max_children), *sample)
        verdicts = dict(re.findall(r"^ *(\S+): (.+)$", mutmut("results", "--all", "true"), re.MULTILINE))
        survivors = [change(name, files[name]) for name in sample if verdicts[name] not in KILLED]
        listed = {one for one in listed_survivors() if one[0].startswith(f"{room}.")}
        functions = {function for function, _ in listed}
        killed = {change(name, files[name]) for name in sample if function_of(name) in functions} - {*survivors}
    share = 1 - len(survivors) / len(sample)
    counts = sum(verdicts[name] == "timeout" for name in sample), sum(one in listed for one in survivors)
    minutes = (time.monotonic() - start) / 60
    say(f"{room:8} {len(files):8} {len(sample):6} {share:7.1%} {counts[0]:9} {counts[1]:7} {minutes:8.1f}")
    say_changes("Survivors that are not listed", {*survivors} - listed)
    say_changes("Listed, but killed", listed & killed)
    return share >= LEAST_KILLED and {*survivors} <= listed and not listed & killed


def say_changes(title: str, changes: set[Change]) -> None:
    """Name changes as ``mutation-survivors.md`` does."""
    blocks = [f"### `{function}`\n\n```diff\n{lines}\n```" for function, lines in sorted(changes)]
    if blocks:
        say("\n\n".join([f"\n{title}:", *blocks]) + "\n")


def prepare(room: str) -> None:
    """Copy what is tracked into the working directory and set it up for mutmut."""
    for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")[:-1]:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, name)
    with Path("tests", "conftest.py").open("a") as conftest:
        conftest.write(AFRESH + NO_PROGRAMS * (room in SLOW))
    settings = {
        "source_paths": ["reapi_rules"],
        "only_mutate": [f"reapi_rules/{room}/*.py"],
        "also_copy": ["data", "docs", "conftest.py", "README.md", ".pre-commit-hooks.yaml"],
        "pytest_add_cli_args": [
            "-p",
            "no:cacheprovider",
            *(["-k", " and ".join(f"not ({each})" for each in SLOW[room])] if room in SLOW else []),
        ],
        "pytest_add_cli_args_test_selection": TESTS.get(room, (f"tests/{room}",)),
        "track_dependencies": ["false"],
        "timeout_constant": ["10"],  # seconds, added to what the tests of a mutant take without it
        "timeout_multiplier": ["4"],
    }
    lines = (f"{name}=\n  " + "\n  ".join(values) for name, values in settings.items())
    Path("setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def mutants_of(room: str, processes: int) -> dict[str, Path]:
    """Let mutmut make a room's mutants: the names that it gives to them, and the file of each."""
    python("-c", f"from mutmut import __main__ as main; main.copy_src_dir(); main.create_mutants({processes})")
    made = {path: Path("mutants", f"{path}.meta") for path in sorted(Path("reapi_rules", room).rglob("*.py"))}
    return {name: path for path, meta in made.items() for name in json.loads(meta.read_text())["exit_code_by_key"]}


def mutmut(*words: str) -> str:
    """The output of one of its commands."""
    return python("-m", "mutmut", *words)


def python(*words: str) -> str:
    """What a Python of its own prints, with the settings of the tests for mutants."""
    surroundings = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "PYTHONPATH": ""}
    done = subprocess.run([sys.executable, *words], env=surroundings, capture_output=True, text=True)
    if done.returncode:
        lines = dict.fromkeys(
            line[:200] for line in (done.stdout + done.stderr).splitlines() if line[:1] not in SPINNER
        )
        raise SystemExit("\n".join([*lines][-60:]))
    return done.stdout


def change(name: str, path: Path) -> Change:
    """What a mutant changes, and where."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = [line for line in get_diff_for_mutant(name, path=path).splitlines() if re.match(r"[-+](?![-+])", line)]
    return function_of(name), "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines)


def function_of(name: str) -> str:
    """``reapi_rules.catalog.rates.xǁRateCardǁload__mutmut_1`` changes ``catalog.rates.RateCard.load``."""
    module, _, function = name.removeprefix("reapi_rules.").partition("__mutmut")[0].rpartition(".")
    return f"{module}.{re.sub('^x_?', '', function).strip('ǁ').replace('ǁ', '.')}"


def listed_survivors() -> list[Change]:
    """The changes with a reason: below a heading that names the function, in a diff with blank lines between them."""
    sections = re.findall(
        r"^### `([^`]+)`\n(.+?)```diff\n(.+?)```", SURVIVORS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for function, reason, _ in sections:
        assert reason.strip(), f"{function} has no reason"
    return [(function, one.strip()) for function, _, changes in sections for one in changes.split("\n\n")]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    main()
