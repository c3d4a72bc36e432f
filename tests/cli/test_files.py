"""Files and streams as a process meets them: no input destroyed, nothing half written, nothing left behind."""

from __future__ import annotations

import os
import random
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import is_zipfile

import pytest

from tests.support.command import Run
from tests.support.examples import EXAMPLES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and signals of POSIX")

BODY = b'{"model": "gpt-image-2", "prompt": "a fox"}'
PLAN = b"size,n\n16:9,1\n1:1,2\n"
FILES = {
    "body.json": BODY,
    "bodies.ndjson": BODY + b"\n" + BODY + b"\n",
    "plan.csv": PLAN,
    "columns.toml": b'size = "size"\n',
    "answers.ndjson": b'{"id": "task_1", "status": "completed"}\n',
    "card.json": (EXAMPLES / "my-card.json").read_bytes(),
    "saved.html": (EXAMPLES / "saved-models.html").read_bytes(),
    "catalog/rates/own.json": (EXAMPLES / "my-card.json").read_bytes(),
}
PRICING = ("--rates", "card.json", "--catalog", "catalog")
SHEET = (*PRICING, "--columns", "columns.toml")
COMMANDS = (
    ("check", "body.json", *PRICING),
    ("check", "body.json", "bodies.ndjson", *PRICING),
    ("check", "plan.csv", *SHEET),
    ("check", "bodies.ndjson", "--fixed", "fixed.ndjson", *PRICING),
    ("quote", "--size", "16:9", *PRICING),
    ("quote", "plan.csv", *SHEET),
    ("quote", "plan.csv", "--rows", *SHEET),
    ("quote", "plan.csv", "--by", "size", *SHEET),
    ("quote", "bodies.ndjson", "--rows", *PRICING),
    ("advise", "plan.csv", "--format", "json", *SHEET),
    ("advise", "bodies.ndjson", "--format", "json", *PRICING),
    ("reconcile", "plan.csv", "answers.ndjson", *SHEET),
    ("rates", "list", "--catalog", "catalog"),
    ("rates", "import", "saved.html", "--catalog", "catalog"),
    ("rates", "lint", "card.json", "--against", "catalog/rates/own.json"),
    ("rates", "diff", "card.json", "catalog/rates/own.json", "plan.csv"),
    ("explain", "20003", "body.json"),
    ("table", "rates", *PRICING),
    ("export", "prices", *PRICING),
    ("export", "choices", *PRICING),
    ("export", "schema", "--catalog", "catalog"),
)
"""Each command, with every file that it can read."""


def read_by(words: Sequence[str]) -> list[str]:
    return [name for name in FILES if name in words or (name.startswith("catalog/") and "catalog" in words)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def unprivileged() -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")


def contents() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


def start(*words: str, **settings: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": ""}
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
    return subprocess.Popen([sys.executable, "-m", "reapi_rules", *words], env=environment, **settings)  # type: ignore[call-overload, no-any-return]


def wait_until_it_writes(process: subprocess.Popen[bytes]) -> None:
    while not any(name.startswith(".reapi-rules-") for name in os.listdir()) and process.poll() is None:
        time.sleep(0.01)


def finish(*words: str, **settings: object) -> tuple[int, bytes, bytes]:
    with start(*words, **settings) as process:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


class TestInputs:
    """No file that a run reads is ever written, whatever it is called."""

    @pytest.mark.parametrize("link", (None, os.symlink, os.link), ids=("name", "symlink", "hard link"))
    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_none_is_overwritten(self, run: Run, words: tuple[str, ...], link: object) -> None:
        names = read_by(words)
        assert names
        for name in names:
            target = name
            if callable(link):
                target = "link"
                link(os.path.abspath(name), target)
            before = contents()
            for option in ("-o", *(["--account"] if "plan.csv" in words and words[0] != "rates" else [])):
                result = run(*words, option, target)
                assert result.code == 2, (words, option, target)
                assert (
                    f"{target} is an input of this run" in result.err
                    or "agree" in result.err
                    or "this writes" in result.err
                )
                assert contents() == before
            Path("link").unlink(missing_ok=True)

    @pytest.mark.parametrize(
        ("words", "name"),
        (
            (("check", "-", "-o"), "body.json"),
            (("check", "-o"), "body.json"),
            (("check", "body.json", "-", "--format", "json", "-o"), "bodies.ndjson"),
            (("check", "-", "--fixed"), "body.json"),
            (("check", "-", "--from", "csv", "--account"), "plan.csv"),
            (("quote", "-", "--from", "csv", "-o"), "plan.csv"),
            (("quote", "--from", "csv", "-o"), "plan.csv"),
            (("quote", "-", "--from", "csv", "--account"), "plan.csv"),
            (("quote", "-", "--from", "csv", "--by", "size", "-o"), "plan.csv"),
            (("quote", "-", "--from", "ndjson", "--rows", "-o"), "bodies.ndjson"),
            (("advise", "-", "--from", "json", "-o"), "body.json"),
            (("advise", "--from", "csv", "-o"), "plan.csv"),
            (("reconcile", "plan.csv", "-", "-o"), "answers.ndjson"),
            (("reconcile", "-", "answers.ndjson", "--from", "csv", "-o"), "plan.csv"),
            (("rates", "import", "-", "-o"), "card.json"),
            (("rates", "diff", "card.json", "card.json", "-", "--from", "csv", "--format", "json", "-o"), "plan.csv"),
            (("explain", "20003", "-", "--format", "json", "-o"), "body.json"),
        ),
        ids=" ".join,
    )
    def test_standard_input_is_one(self, words: tuple[str, ...], name: str) -> None:
        target = "link"  # a name that every format agrees with
        os.link(name, target)
        before = contents()
        with open(name, "rb") as file:
            code, out, err = finish(*words, target, stdin=file)
        option = words[-1].encode()
        said = b"reapi-rules: %s is an input of this run: choose another name for %s\n" % (target.encode(), option)
        assert (code, out) == (2, b"")
        assert err.endswith(said)
        assert contents() == before

    def test_standard_input_that_is_closed_is_none(self) -> None:
        for words in (("quote", "plan.csv"), ("check", "-")):
            process = subprocess.run(
                ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "reapi_rules", *words, "-o", "new.json"],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True,
            )
            expected = b"reapi-rules: standard input is closed: name a FILE\n" if "-" in words else process.stderr
            assert (process.returncode, process.stderr) == (2 if "-" in words else 0, expected)
            assert Path("new.json").exists() is ("-" not in words)
            Path("new.json").unlink(missing_ok=True)

    @pytest.mark.parametrize(
        "words",
        (
            ("quote", "plan.csv"),
            ("check", "plan.csv"),
            ("advise", "plan.csv", "--format", "json"),
            ("reconcile", "plan.csv", "answers.ndjson"),
            ("quote", "plan.csv", "--by", "size"),
        ),
        ids=" ".join,
    )
    def test_an_account_that_is_refused_is_refused_before_the_results(self, run: Run, words: tuple[str, ...]) -> None:
        Path("old.json").write_bytes(b"{}")
        Path("old.json").chmod(0o444)
        before = contents()
        for target in ("plan.csv", "old.json", "nowhere/account.json", ""):
            result = run(*words, "--account", target)
            assert (result.code, result.out) == (2, "")
            assert contents() == before

    def test_standard_output_is_one(self) -> None:
        with open("plan.csv", "ab") as output:
            code, _, err = finish("quote", "plan.csv", stdout=output)
        assert (code, err) == (2, b"reapi-rules: standard output is an input of this run: choose another name for -o\n")
        assert Path("plan.csv").read_bytes() == PLAN

    def test_the_files_of_a_module(self, run: Run) -> None:
        Path("catalog/rates/own.json").rename("rules.js")
        os.symlink(os.path.abspath("rules.js"), "catalog/rates/own.json")
        run("export", "module", "-o", ".", "--catalog", "catalog")
        names = [path.name for path in Path().iterdir() if path.suffix in (".js", ".mjs", ".ts")]
        for name in names:
            Path("catalog/rates/own.json").unlink()
            Path(name).write_bytes(FILES["card.json"])
            os.symlink(os.path.abspath(name), "catalog/rates/own.json")
            assert run("export", "module", "-o", ".", "--catalog", "catalog").code == (2 if name != "rules.js" else 0)

    @pytest.mark.parametrize(
        ("words", "place"),
        (
            (("quote", "plan.csv", "-o", "x.json", "--account", "./x.json"), "./x.json"),
            (("quote", "plan.csv", "--account", "-"), "standard output"),
            (("check", "plan.csv", "--fixed", "x", "--account", "x"), "x"),
        ),
    )
    def test_two_outputs_are_two_files(self, run: Run, words: tuple[str, ...], place: str) -> None:
        result = run(*words)
        assert result.code == 2
        assert f"both go to {place}: give each a file of its own" in result.err
        assert not Path("x.csv").exists()


class TestNames:
    """Whatever is given for a file, it is refused in one line that names it."""

    @pytest.mark.parametrize("words", COMMANDS)
    @pytest.mark.parametrize("stem", ("a\0", "\ud800", "x" * 300))
    def test_that_no_file_can_have(self, run: Run, words: tuple[str, ...], stem: str) -> None:
        names = [*(name for name in words if name in read_by(words) or name == "catalog"), "out.json"]
        for name in names:
            other = stem + Path(name).suffix
            result = run(*(other if word == name else word for word in (*words, "-o", "out.json")))
            assert result.code == 2
            assert (stem[:1].encode("unicode_escape").decode() + stem[1:2].replace("\0", r"\x00")) in result.err
            assert not any(word in result.err for word in ("internal error", ".reapi-rules-"))

    def test_an_empty_one_is_seen(self, run: Run) -> None:
        for words in (("check", ""), ("check", "body.json", "--rates", ""), ("check", "body.json", "--catalog", "")):
            assert run(*words).err == 'reapi-rules: "": No such file or directory\n'


class TestTargets:
    """What is replaced stays whose it is, and what can't be replaced is written as it comes."""

    def test_read_only_is_refused(self, run: Run) -> None:
        Path("old.csv").write_bytes(PLAN)
        for mode, words in ((0o444, ("plan.csv", "-o", "old.csv")), (0o555, ("old.csv", "--in-place"))):
            Path("old.csv").chmod(mode)
            result = run("quote", *words)
            assert result.code == 2
            assert result.err == "reapi-rules: old.csv is read-only: choose another name, or make it writable\n"
        assert Path("old.csv").read_bytes() == PLAN

    @pytest.mark.parametrize("words", (("-o", "old.csv"), ("--in-place",)))
    def test_owner_and_mode_are_kept(self, run: Run, words: tuple[str, ...]) -> None:
        if os.geteuid():
            pytest.skip("only root can make a file another's")
        Path("old.csv").write_bytes(PLAN)
        os.chown("old.csv", 12345, 23456)
        os.chmod("old.csv", 0o664)
        source = "old.csv" if "--in-place" in words else "plan.csv"
        assert run("quote", source, *words).code == 0
        found = os.stat("old.csv")
        assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 23456, 0o664)
        assert b"reapi_verdict" in Path("old.csv").read_bytes()

    def test_anothers_is_refused(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        real = os.stat

        def anothers(path: object, **options: object) -> os.stat_result:
            found = real(path, **options)  # type: ignore[arg-type]
            return os.stat_result((*found[:4], 12345, *found[5:])) if path == "old.csv" else found

        Path("old.csv").write_bytes(b"mine")
        monkeypatch.setattr(os, "chown", refuse)
        monkeypatch.setattr(os, "stat", anothers)
        result = run("quote", "plan.csv", "-o", "old.csv")
        assert result.code == 2
        assert result.err == "reapi-rules: old.csv is another user's, and would be yours then: choose another name\n"
        assert Path("old.csv").read_bytes() == b"mine"
        assert not [*Path().glob(".reapi*")]

    def test_a_link_stays_one(self, run: Run) -> None:
        os.symlink("real.csv", "link.csv")
        assert run("quote", "plan.csv", "-o", "link.csv").code == 0
        assert os.readlink("link.csv") == "real.csv"
        assert b"reapi_verdict" in Path("real.csv").read_bytes()

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_a_folder_is_refused(self, run: Run, words: tuple[str, ...]) -> None:
        before = contents()
        result = run(*words, "-o", "catalog")
        assert result.code == 2
        assert result.err.splitlines()[-1] == "reapi-rules: catalog: Is a directory"
        assert contents() == before

    def test_a_read_only_folder(self, run: Run, unprivileged: None) -> None:
        Path("closed").mkdir(0o500)
        result = run("quote", "plan.csv", "-o", "closed/out.csv")
        assert (result.code, result.err) == (2, "reapi-rules: closed/out.csv: Permission denied\n")

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_a_fifo_is_written(self, run: Run, words: tuple[str, ...]) -> None:
        expected = run(*words)
        os.mkfifo("pipe")
        with start(*words, "-o", "pipe", stdout=subprocess.PIPE) as process:
            written = Path("pipe").read_bytes()
            assert process.wait(60) == expected.code
        assert stat.S_ISFIFO(os.stat("pipe").st_mode)
        assert written.replace(b"\r\n", b"\n") == expected.bytes

    @pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="standard output has no name on this platform")
    def test_standard_output_by_its_name(self) -> None:
        expected = finish("quote", "plan.csv")
        assert finish("quote", "plan.csv", "-o", "/dev/stdout") == expected
        with open("log", "ab") as log:
            log.write(b"before\n")
            log.flush()
            assert finish("quote", "plan.csv", "-o", "/dev/stdout", stdout=log)[0] == 0
        assert Path("log").read_bytes() == b"before\n" + expected[1]


class TestSources:
    """A file from a pipe can be read once."""

    @pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="pipes have no names on this platform")
    @pytest.mark.parametrize(
        "words",
        (
            ("check", "{}", "--from", "csv"),
            ("check", "{}", "{}", "--from", "ndjson"),
            ("quote", "{}", "--from", "csv", "--rates", "{}"),
            ("quote", "{}", "--from", "csv", "--columns", "{}"),
            ("quote", "{}", "--from", "ndjson", "--rows"),
            ("reconcile", "{}", "--from", "csv", "{}"),
            ("explain", "20003", "{}"),
            ("rates", "lint", "{}"),
            ("rates", "import", "{}"),
        ),
        ids=" ".join,
    )
    def test_process_substitution(self, words: tuple[str, ...]) -> None:
        files = {
            "check": ["bodies.ndjson", "bodies.ndjson"] if words.count("{}") > 1 else ["plan.csv"],
            "reconcile": ["plan.csv", "answers.ndjson"],
            "explain": ["body.json"],
            "rates": ["saved.html" if "import" in words else "card.json"],
        }.get(words[0])
        if files is None:
            other = "card.json" if "--rates" in words else "columns.toml"
            files = ["bodies.ndjson"] if "ndjson" in words else ["plan.csv", other]
        shell = " ".join(f"<(cat {files.pop(0)})" if word == "{}" else word for word in words)
        command = f"{sys.executable} -m reapi_rules {shell}"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(["bash", "-c", command], capture_output=True, env=environment, timeout=60, check=False)
        assert done.returncode in (0, 1), done.stderr
        assert done.stdout

    def test_what_is_read_twice_is_no_pipe(self, run: Run) -> None:
        os.mkfifo("plan.xlsx")
        assert run("quote", "plan.xlsx", "--in-place").err.startswith("reapi-rules: --in-place writes into FILE")
        assert run("check", "plan.xlsx", "--fixed", "x.xlsx").err.startswith(
            "reapi-rules: --fixed reads a workbook twice"
        )


def close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


class TestStreams:
    """Standard streams that are closed, full, or that nobody reads."""

    @pytest.mark.parametrize("words", (*COMMANDS, ("--help",), ("--version",)), ids=" ".join)
    def test_a_pipe_that_nobody_reads(self, words: tuple[str, ...]) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        code, _, err = finish(*words, stdout=writer)
        os.close(writer)
        assert code == 141
        assert b"Traceback" not in err
        assert b"Broken" not in err

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
    @pytest.mark.parametrize("words", (*COMMANDS, ("--help",), ("--version",)), ids=" ".join)
    def test_a_full_disk(self, words: tuple[str, ...]) -> None:
        with open("/dev/full", "wb") as full:
            code, _, err = finish(*words, stdout=full)
        assert code == 2
        assert err.splitlines()[-1] == b"reapi-rules: No space left on device"
        assert b"Exception ignored" not in err

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_a_file_that_grows_too_large(self, words: tuple[str, ...]) -> None:
        Path("out").write_bytes(b"mine")
        before = contents()
        code, out, err = finish(
            *words, "-o", "out", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
        )
        assert (code, out) == (2, b"")
        assert err.splitlines()[-1] == b"reapi-rules: File too large"
        assert contents() == before

    @pytest.mark.parametrize(
        "words",
        (("export", "workbook", "--lines", "5", "-o", "out.xlsx"), ("quote", "plan.csv", "-o", "out.xlsx")),
        ids=" ".join,
    )
    def test_a_workbook_that_grows_too_large(self, words: tuple[str, ...]) -> None:
        pytest.importorskip("xlsxwriter")
        before = contents()
        limit = (2_000, 2_000)
        code, out, err = finish(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
        assert (code, out) == (2, b"")
        assert err.splitlines()[-1] == b"reapi-rules: File too large"
        assert contents() == before

    @pytest.mark.parametrize("closed", ((0,), (1,), (2,), (0, 1, 2)), ids=str)
    @pytest.mark.parametrize(
        "words",
        (
            ("check", "-"),
            ("quote", "plan.csv"),
            ("quote", "plan.csv", "-o", "x.csv"),
            ("table", "colours"),
            ("--help",),
        ),
    )
    def test_closed(self, words: tuple[str, ...], closed: tuple[int, ...]) -> None:
        settings = {"stdin": subprocess.DEVNULL, "preexec_fn": lambda: close(closed)}
        code, _, err = finish(*words, **settings)
        assert b"internal error" not in err
        assert b"Traceback" not in err
        assert code in (0, 1, 2)
        if "plan.csv" in words:
            assert code == (2 if 1 in closed and "-o" not in words else 0)
            assert Path("x.csv").exists() == ("-o" in words)


WATCHED = """
import os, sys
from reapi_rules.cli import main
from reapi_rules.sheets.files import temporary

def watch(event, given):
    is_made = event == "os.mkdir" or (event == "open" and (given[2] or 0) & os.O_CREAT)
    if is_made and str(given[0]).startswith(sys.argv[1]):
        is_known = any(str(given[0]).startswith(path) for path in temporary._LEFT)
        os.write(1, f"{'known' if is_known else 'UNKNOWN'} {given[0]}\\n".encode())

sys.addaudithook(watch)
sys.exit(main(sys.argv[2:]))
"""


def heed_signals() -> None:
    """Who runs these tests in the background may have them ignored, and a new program would inherit that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class TestSignals:
    """A signal ends a run at any moment, and nothing is left of it."""

    @pytest.fixture
    def large(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        path = tmp_path_factory.getbasetemp() / "large.csv"
        path.write_bytes(b"size,n,prompt\n" + b"".join(b"16:9,1,a fox %d\n" % number for number in range(300_000)))
        return path

    @pytest.fixture
    def temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
        return tmp_path / "tmp"

    @pytest.fixture
    def moments(self) -> Iterator[float]:
        generator = random.Random(23)
        return iter(lambda: generator.uniform(0, 0.3), None)

    @pytest.mark.parametrize(
        ("words", "count"),
        ((("quote", "-o", "out.csv"), 20), (("quote", "-o", "out.xlsx"), 20), (("check", "--fixed", "out.csv"), 10)),
        ids=str,
    )
    def test_nothing_is_left(
        self, large: Path, temporary: Path, moments: Iterator[float], words: tuple[str, ...], count: int
    ) -> None:
        if "out.xlsx" in words:
            pytest.importorskip("xlsxwriter")
        Path(words[-1]).write_bytes(b"mine")
        names, finished = sorted(os.listdir()), 0
        for at in range(count):
            number = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[at % 3]
            with start(words[0], str(large), *words[1:], stdout=subprocess.DEVNULL, preexec_fn=heed_signals) as process:
                wait_until_it_writes(process)
                time.sleep(next(moments))
                for _ in range(1 + at % 2):  # the second while the first is dealt with
                    process.send_signal(number)
                code = process.wait(60)
                assert code in (0, 128 + number, -number), (number, process.stderr and process.stderr.read())
            if (content := Path(words[-1]).read_bytes()) != b"mine":  # it was faster than the signal
                assert content.count(b"\n") == 300_001 or is_zipfile(words[-1])
                finished += 1
                Path(words[-1]).write_bytes(b"mine")
            assert (sorted(os.listdir()), os.listdir(temporary)) == (names, []), (number, code)
        assert finished <= count / 2

    @pytest.mark.parametrize(
        "words",
        (("-o", "out.csv"), ("-o", "out.xlsx"), ("--by", "size", "-o", "out.xlsx"), ("--rows", "-o", "out.json", "--account", "a.json")),
    )  # fmt: skip
    def test_each_file_is_known_before_it_is_there(self, temporary: Path, words: tuple[str, ...]) -> None:
        """However short the moment between, a signal may come in it."""
        if "out.xlsx" in words:
            pytest.importorskip("xlsxwriter")
        run = [sys.executable, "-c", WATCHED, str(temporary.parent), "quote", "-", "--from", "csv", *words]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(run, input=PLAN, env=environment, capture_output=True, timeout=60)
        made = [
            line.split(" ", 1) for line in done.stdout.decode().splitlines() if line.startswith(("known", "UNKNOWN"))
        ]
        assert done.returncode == 0, done.stderr
        assert made
        assert [path for how, path in made if how == "UNKNOWN"] == []

    def test_nor_of_a_workbook_that_is_refused(self, run: Run, temporary: Path) -> None:
        pytest.importorskip("xlsxwriter")
        Path("wide.csv").write_text(f"size,n{',a' * 16_400}\n1:1,1\n")
        assert run("quote", "wide.csv", "-o", "out.xlsx").code == 2
        assert os.listdir(temporary) == []

    def test_nohup_is_heeded(self, large: Path) -> None:
        with start(
            "quote",
            str(large),
            "-o",
            "out.csv",
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN) and None,
        ) as process:
            wait_until_it_writes(process)
            process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 143
