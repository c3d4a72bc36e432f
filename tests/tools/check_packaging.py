"""Check the package as users get it: ``python -m tests.tools.check_packaging``, in an environment with ``[test-all]``.

It builds an sdist, a wheel of the checkout and a wheel of the sdist, looks into them, and asks the same questions of the
package in each of its situations, each in a clean environment outside the checkout: wheel, wheel from sdist, editable,
plain checkout, zipped wheel.  From the wheel alone the tutorials run as they are printed, and each line of docs/install.md
installs the command.  Then pyright's verifier reads its types, and the tests run with the oldest msgspec allowed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.transcripts import difference

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_IN_THE_SDIST = (".ci/",)
METADATA = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}

PROBE = """
import hashlib, importlib, json, pkgutil, sys
import reapi_rules
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.files import data_file

modules = [module.name for module in pkgutil.walk_packages(reapi_rules.__path__, "reapi_rules.")]
for name in modules:
    importlib.import_module(name)
packages = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(json.dumps({
    "home": reapi_rules.__file__,
    "answers": {
        "version": reapi_rules.__version__,
        "modules": modules,
        "packages": sorted(name for name in packages if name.isidentifier() and not name.startswith("_")),
        "data": {name: hashlib.sha256(data_file(name)).hexdigest() for name in sys.argv[1:]},
        "models": list(built_in().models),
        "cards": [card.id for card in built_in().cards],
    },
}))
"""
TUTORIAL = """
import doctest, sys

example = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, sys.argv[1], None, 0)
sys.exit(doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed > 0)
"""
COMMAND = ("quote", "--size", "16:9", "--resolution", "2k", "--quality", "high", "--n", "2", "--format", "json")
"""What each installation is asked; the answers have to be the same in all of them."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        checkout = copy_checkout(work / "checkout")
        wheel, sdist, wheel_of_sdist = build(work)
        check_contents(wheel, sdist, wheel_of_sdist)
        expected = check_situations(work, checkout, wheel, wheel_of_sdist)
        check_tutorials(python_of(work / "wheel"), checkout)
        check_install_lines(work, checkout)
        check_types(python_of(work / "wheel"))
        check_oldest_msgspec(work, checkout)
    say(f"done: {len(expected['modules'])} modules and {len(expected['data'])} data files, the same everywhere")


def tracked(*folders: str) -> list[str]:
    return run("git", "ls-files", *folders, folder=ROOT).split()


def copy_checkout(target: Path) -> Path:
    for name in tracked():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    return target


def build(work: Path) -> tuple[Path, Path, Path]:
    """The wheel and the sdist of the checkout, and the wheel of that sdist."""
    say("build: wheel, sdist, wheel from sdist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", work / "direct", ROOT)
    run(sys.executable, "-m", "build", "--outdir", work / "by-sdist", ROOT)  # the wheel comes from the sdist
    (wheel,), (sdist,), (wheel_of_sdist,) = (
        tuple((work / folder).glob(pattern))
        for folder, pattern in (("direct", "*.whl"), ("by-sdist", "*.tar.gz"), ("by-sdist", "*.whl"))
    )
    return wheel, sdist, wheel_of_sdist


def check_contents(wheel: Path, sdist: Path, wheel_of_sdist: Path) -> None:
    """The wheel holds the package, the data and its metadata, as the checkout has them, and nothing else."""
    say("contents: what is tracked, byte by byte, and nothing else")
    stem = f"reapi_rules-{PROJECT['version']}"
    files = {name: digest((ROOT / name).read_bytes()) for name in tracked("reapi_rules")}
    files |= {f"reapi_rules/{name}": digest((ROOT / name).read_bytes()) for name in tracked("data")}
    for path in (wheel, wheel_of_sdist):
        with zipfile.ZipFile(path) as archive:
            held = {name: digest(archive.read(name)) for name in archive.namelist()}
        metadata = {name for name in held if name.startswith(f"{stem}.dist-info/")}
        same(f"{path.name}: metadata", metadata, {f"{stem}.dist-info/{name}" for name in METADATA})
        same(path.name, {name: held[name] for name in held.keys() - metadata}, files)
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {name for name in tracked() if not name.startswith(NOT_IN_THE_SDIST)} | {"PKG-INFO"}
    same(sdist.name, names, wanted)


def check_situations(work: Path, checkout: Path, wheel: Path, wheel_of_sdist: Path) -> dict[str, Any]:
    """Each way to have the package finds the same data and gives the same answers."""
    names = [name.removeprefix("data/") for name in tracked("data")]
    bare = environment(work / "bare")  # msgspec and nothing else
    answers = {
        "wheel": probe(environment(work / "wheel", "--no-index", wheel), names, work / "wheel"),
        "wheel from sdist": probe(environment(work / "sdist", "--no-index", wheel_of_sdist), names, work / "sdist"),
        "editable": probe(environment(work / "editable", "-e", checkout), names, checkout),
        "plain checkout": probe(bare, names, checkout, path=str(checkout)),
        "zipped wheel": probe(bare, names, wheel, path=str(wheel)),
    }
    expected = {name: digest((ROOT / "data" / name).read_bytes()) for name in names}
    for situation, answer in answers.items():
        say(f"situation: {situation}")
        same(f"{situation}: data", answer["data"], expected)
        same(f"{situation}: packages that are imported", answer["packages"], ["msgspec", "reapi_rules"])
        for name, value in answer.items():
            same(f"{situation}: {name}", {str(value)}, {str(answers["wheel"][name])})
    same("version", {answers["wheel"]["version"]}, {PROJECT["version"]})
    return answers["wheel"]


def check_tutorials(python: Path, checkout: Path) -> None:
    """The pages for newcomers run as they are printed, with the wheel alone, beside the files of docs/examples."""
    for page in sorted((checkout / "docs").glob("start-*.md")):
        say(f"tutorial: {page.name}")
        with tempfile.TemporaryDirectory() as elsewhere:
            shutil.copytree(checkout / "docs" / "examples", Path(elsewhere) / "docs" / "examples")
            blocks = blocks_of(page)
            code = "\n".join(block for kind, block in blocks if kind == "python")
            run(python, "-P", "-B", "-c", TUTORIAL, page.name, folder=elsewhere, stdin=code)
            for kind, transcript in blocks:
                if kind in SHELLS and (problem := difference(transcript, partial(SHELLS[kind], python, elsewhere))):
                    raise SystemExit(f"{page.name}: {problem}")


def printed(python: Path, folder: str, command: str) -> str:
    """What a command of a transcript prints, to both streams."""
    shell = ("sh", "-c", f"{{ {command}\n}} 2>&1 || true")
    return run(*shell, folder=folder, PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}")


def shown(python: Path, folder: str, command: str) -> str:
    """What a command shows on a terminal of 80 columns."""
    spawn = f"import pty; pty.spawn(['sh', '-c', {command!r}])"
    plain = {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80", "NO_COLOR": "1"}
    return run(sys.executable, "-c", spawn, folder=folder, stdin="", **plain).replace("\r\n", "\n")


SHELLS = {"console": printed, "console terminal": shown}
"""What runs the commands of a transcript, by the kind of its block."""


def check_install_lines(work: Path, checkout: Path) -> None:
    """Each command of docs/install.md, in a checkout, installs a program that answers."""
    tools = environment(work / "tools")
    run(tools, "-m", "pip", "install", "-q", "pipx", "uv")
    for kind, block in blocks_of(checkout / "docs" / "install.md"):
        for line in block.splitlines() if kind == "sh" else ():
            say(f"install: {line}")
            home = Path(tempfile.mkdtemp(dir=work))
            places = dict.fromkeys(("PIPX_HOME", "UV_TOOL_DIR"), str(home / "tools"))
            places |= dict.fromkeys(("PIPX_BIN_DIR", "UV_TOOL_BIN_DIR"), str(home / "bin"))
            path = os.pathsep.join([str(home / "bin"), str(tools.parent), os.environ["PATH"]])
            done = run("sh", "-c", f"{line} >&2 && reapi-rules --version", folder=checkout, PATH=path, **places)
            same(line, {done.strip()}, {f"reapi-rules {PROJECT['version']}"})


def blocks_of(page: Path) -> list[tuple[str, str]]:
    """The blocks of code on a page, each with its kind."""
    return re.findall(
        r"^```(\w+(?: terminal)?)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def environment(folder: Path, *requirements: str | Path) -> Path:
    """The Python of a new environment with msgspec and, where something is named, the package installed from it."""
    venv.create(folder, with_pip=True)
    python = python_of(folder)
    run(python, "-m", "pip", "install", "-q", "msgspec")
    if requirements:
        run(python, "-m", "pip", "install", "-q", *requirements)
    return python


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def probe(python: Path, names: list[str], home: Path, path: str = "") -> dict[str, Any]:
    """The answers of the package in an environment, asked from an empty folder."""
    with tempfile.TemporaryDirectory() as elsewhere:
        found = json.loads(run(python, "-P", "-B", "-c", PROBE, *names, folder=elsewhere, PYTHONPATH=path))
        printed = run(python, "-P", "-B", "-m", "reapi_rules", *COMMAND, folder=elsewhere, PYTHONPATH=path)
    if home not in (where := Path(found["home"])).parents:
        raise SystemExit(f"imported from {where}, not from {home}")
    return {**found["answers"], "quote": json.loads(printed)}


def check_types(python: Path) -> None:
    """Every public name of the installed package has a type that pyright knows."""
    say("types: pyright's verifier")
    verifier = (sys.executable, "-m", "pyright", "--verifytypes", "reapi_rules", "--ignoreexternal")
    with tempfile.TemporaryDirectory() as elsewhere:  # it asks the first Python on the path where packages are
        output = run(*verifier, folder=elsewhere, PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    say(next(line.strip() for line in output.splitlines() if "completeness" in line))


def check_oldest_msgspec(work: Path, checkout: Path) -> None:
    """The tests pass with the oldest msgspec that we allow, and threads that ask first together are safe with it."""
    say(f"tests with msgspec {oldest_msgspec()}")
    python = environment(work / "oldest", "-e", f"{checkout}[test]", f"msgspec=={oldest_msgspec()}")
    words = ("-q", "-n", "auto", "-p", "no:cacheprovider", "tests", "reapi_rules")
    output = run(python, "-B", "-m", "pytest", *words, folder=checkout)
    say(output.splitlines()[-1])
    # where newer ones hold, it crashed in 3 of 100 processes
    say(run(python, "-B", "-m", "tests.tools.cold_threads", "--processes", "150", folder=checkout).strip())


def oldest_msgspec() -> str:
    (bound,) = (match[1] for name in PROJECT["dependencies"] if (match := re.fullmatch(r"msgspec>=([0-9.]+)", name)))
    return bound


def run(*command: str | Path, folder: str | Path | None = None, stdin: str | None = None, **variables: str) -> str:
    """The output of a command, with nothing of the surroundings on Python's path."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | variables
    words = list(map(str, command))
    done = subprocess.run(words, cwd=folder, env=surroundings, input=stdin, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))[:200]}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def same(what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        both = [set(part.items() if isinstance(part, dict) else part) for part in (found, wanted)]
        raise SystemExit(f"{what}: found {both[0] - both[1] or 'no more'}, wanted {both[1] - both[0] or 'no more'}")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    main()
