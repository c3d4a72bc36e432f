"""Cold starts in threads: ``python -m tests.tools.cold_threads``.

It starts fresh processes.  In each of them 16 threads meet at a barrier and then make all of ``CALLS``, while the
interpreter switches between them as often as it can.  In every other process all threads begin with the same call, else
each begins with another one.  The script fails if a process dies, or if a thread gets another answer than a single thread.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Barrier

from reapi_rules import explain, preflight, quote, read_task
from reapi_rules.catalog.messages import hint, text
from reapi_rules.forms import preflight_form
from reapi_rules.forms.choices import choices
from reapi_rules.prices.snapshots import import_card
from reapi_rules.tasks.masks import check_mask
from reapi_rules.tasks.resend import resend_advice

ROOT = Path(__file__).parents[2]
LONGEST = 120
COMMAND = ("-m", "tests.tools.cold_threads", "--as-process")

BODY = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "resolution": "2k", "quality": "high"}
FAULTY = {"model": "gpt-image-2", "prompt": "", "size": "4:9", "resolution": "8k", "n": "9", "seed": "1"}
TASK = {"id": "task_1", "model": "gpt-image-2", "status": "completed", "output": {"image_urls": []}, "created_at": "x"}
PAGE = (ROOT / "tests" / "transcripts" / "pages" / "good.html").read_bytes()


def png() -> bytes:
    """One transparent pixel."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(5))), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


MASK = png()

CALLS: dict[str, Callable[[], object]] = {
    "preflight of bytes": lambda: preflight(json.dumps(BODY).encode()).to_json(),
    "preflight of text": lambda: preflight(json.dumps(FAULTY)).to_json(),
    "preflight of a mapping": lambda: preflight(FAULTY).to_json(),
    "quote of a body": lambda: quote(BODY),
    "quote of axes": lambda: quote(size="1:1", resolution="2k"),
    "explain": lambda: (explain(20003), explain("size.unknown"), explain(80001)),
    "read_task": lambda: read_task(TASK),
    "preflight_form": lambda: preflight_form(FAULTY).to_json(),
    "choices": lambda: json.dumps(choices()),
    "import_card": lambda: import_card(PAGE),
    "resend_advice": lambda: (resend_advice(50001, retry_after="20"), resend_advice("no_answer")),
    "messages": lambda: [(text(error, "zh"), hint(error, "zh")) for error in preflight(FAULTY).errors],
}
"""The calls that may come first."""
if find_spec("PIL"):
    CALLS["check_mask"] = lambda: check_mask(MASK, MASK)

Answers = dict[str, list[str]]
"""What each call answers: one text, or several where threads disagree."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=300, metavar="N", help="how many, 300 by default")
    parser.add_argument("--threads", type=int, default=16, metavar="N", help="in each process, 16 by default")
    parser.add_argument("--at-once", type=int, default=os.cpu_count(), metavar="N", help="processes at the same time")
    parser.add_argument(
        "--as-process", type=int, metavar="NUMBER", help="be one of the processes and print its answers"
    )
    arguments = parser.parse_args()
    if arguments.as_process is not None:
        sys.setswitchinterval(1e-5)
        say(json.dumps(answers(arguments.as_process, arguments.threads)))
        return
    if arguments.processes < 1:
        parser.error(f"{arguments.processes} processes try nothing")
    faults = run(arguments.processes, arguments.threads, arguments.at_once)
    for fault, count in faults.most_common():
        say(f"{count} of {arguments.processes} processes: {fault}")
    say(f"{arguments.processes - faults.total()} of {arguments.processes} processes gave the right answers")
    sys.exit(1 if faults else 0)


def run(processes: int, threads: int = 16, at_once: int | None = 2) -> Counter[str]:
    """What went wrong, and in how many processes."""
    expected = outcome(0, threads=1)
    assert isinstance(expected, dict), expected
    with ThreadPoolExecutor(at_once) as pool:
        found = pool.map(lambda number: difference(outcome(number, threads), expected), range(processes))
        return Counter(filter(None, found))


def outcome(number: int, threads: int) -> Answers | str:
    """The answers of one process, or how it died."""
    command = [sys.executable, *COMMAND, str(number), "--threads", str(threads)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"its threads wait for each other, or it took more than {LONGEST} seconds"
    if done.returncode:
        died = f"killed by signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        return ": ".join((died, *done.stderr.splitlines()[-1:]))
    answered: Answers = json.loads(done.stdout)
    return answered


def difference(found: Answers | str, expected: Answers) -> str:
    """How a process died, or which answers are not those of a single thread; empty where all is well."""
    if isinstance(found, str):
        return found
    others = [name for name in expected if found[name] != expected[name]]
    return f"other answers of {', '.join(others)}" if others else ""


def answers(number: int, threads: int) -> Answers:
    """What so many threads that ask at the same time are answered; the number decides who begins where."""
    barrier, names = Barrier(threads), list(CALLS)

    def ask(thread: int) -> list[tuple[str, str]]:
        first = (number + thread * (number % 2)) % len(names)
        barrier.wait()
        return [(name, str(CALLS[name]())) for name in (*names[first:], *names[:first])]

    with ThreadPoolExecutor(threads) as pool:
        found = {pair for pairs in pool.map(ask, range(threads)) for pair in pairs}
    return {name: sorted(answer for other, answer in found if other == name) for name in names}


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  # a script's own voice


if __name__ == "__main__":
    main()
