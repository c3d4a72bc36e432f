"""What the benchmark relies on, and what must hold at any size and in any number of threads; nothing is timed."""

from __future__ import annotations

import gc
import random
import shutil
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest

from reapi_rules import InvalidRequestError, preflight, quote
from reapi_rules.catalog.catalog import Catalog
from reapi_rules.engine import engine as engines
from reapi_rules.engine import report as reports
from reapi_rules.sheets.files.json_table import _unique
from tests.benchmarks.agreement import check, check_oracle
from tests.benchmarks.attack import ATTACKS, Attack, judge
from tests.benchmarks.bodies import KINDS, TRIGGERS, mix, of_kind, recipes, with_unknown_fields
from tests.benchmarks.peers import PEERS
from tests.benchmarks.surfaces import SURFACES, Surface
from tests.support.strategies import BAD_URLS, URLS

SAMPLE = [*recipes(), *mix(600), *(body for kind in KINDS for body in of_kind(kind, 20))]


class TestTheBenchmark:
    """Its bodies are what it says, and all that is compared says the same of them."""

    def test_a_fifth_is_invalid_and_every_trigger_is_there(self) -> None:
        bodies = mix(600)
        assert sum(bool(body.faults) for body in bodies) == 120
        assert {fault for body in bodies for fault in body.faults} == set(TRIGGERS)
        assert {body.kind for body in bodies} == set(KINDS)
        assert bodies == mix(600)

    def test_the_page_requests_are_taken_with_unknown_fields_too(self) -> None:
        assert len(recipes()) == 8
        for body in recipes():
            report = preflight(with_unknown_fields(body).text)
            assert report.ok
            assert [finding.field for finding in report.warnings][:2] == ["seed", "aspect_ratio"]

    def test_the_engine_and_the_oracle_agree(self) -> None:
        check([body for body in SAMPLE if len(body.faults) < 2], [])
        check_oracle(SAMPLE[:200])

    @pytest.mark.parametrize("module", PEERS)
    def test_a_peer_and_the_engine_agree(self, module: str) -> None:
        reason = f"needs {module}: pip install '.[bench]'"
        pytest.importorskip(module, reason=reason)
        pytest.importorskip("jsonschema_rs" if module == "orjson" else module, reason=reason)
        peer = PEERS[module]()
        check(SAMPLE, [peer])
        for url in (*URLS, *BAD_URLS):
            body = {"model": "gpt-image-2-official", "prompt": "a fox", "image_urls": [url]}
            assert peer.of_mapping(body)[0] == preflight(body).ok, url


class TestHostileSizes:
    """They finish."""

    @pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.what)
    def test_a_report_comes_back(self, attack: Attack) -> None:
        assert judge(attack.make(attack.largest)).startswith(b'{"ok":')

    @pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.what)
    def test_every_surface_answers(self, surface: Surface) -> None:
        assert surface.run(surface.make(surface.largest // 8)) >= 0

    @pytest.mark.parametrize(
        "surface", [each for each in SURFACES if each.what.startswith("title ")], ids=lambda each: each.what
    )
    def test_a_long_title_takes_little_memory(self, surface: Surface) -> None:
        titles = surface.make(20_000)
        tracemalloc.start()
        try:
            surface.run(titles)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_equal_titles_are_told_apart_in_no_time(self) -> None:
        titles = ("size", "size (3)", *["size"] * 20_000)
        keys = _unique(titles)
        assert len({*keys}) == len(keys) == len(titles)
        assert keys[:5] == ["size", "size (3)", "size (2)", "size (4)", "size (5)"]


class TestThreads:
    """What is kept for the next request is shared by all threads, and changes no answer."""

    def test_32_threads_say_what_one_says(self, tmp_path: Path) -> None:
        (tmp_path / "rates").mkdir()
        shutil.copy(Path(__file__).parents[2] / "data" / "rates" / "reapi-2026-07.json", tmp_path / "rates")  # again
        texts = [body.text for body in SAMPLE[::3]]
        alone = {text: preflight(text).to_json() for text in texts}
        for _ in range(3):  # a new catalog has met no request yet
            together = judged_by_threads(32, texts, Catalog.load(tmp_path))
            assert all(said == alone for said in together)

    def test_what_callers_write_does_not_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """But for the last few mistakes."""
        monkeypatch.setattr(engines, "_MOST_KNOWN", 8)
        monkeypatch.setattr(reports, "_MOST_SAID", 8)

        def meet(numbers: range) -> None:
            for number in numbers:
                for body in (
                    {"prompt": f"fox {number}", "size": f"{number}x{number + 1}", "n": number},
                    {"prompt": "fox", "size": f"{number}:9", "quality": f"q{number}", f"key{number}": number},
                    {
                        "prompt": "fox",
                        "image_urls": [f"https://{number}.example.com/"],
                        "mask_url": f"http://{number}/",
                    },
                    {"prompt": "fox", "size": f"{number}x{number + 1}", "resolution": f"{number}k"},
                    {"prompt": "fox", "size": f"{number}x{number + 1}", "model": f"model-{number}"},
                ):
                    preflight({"model": "gpt-image-2-official", **body}).to_json()
                with suppress(InvalidRequestError):
                    quote(size=f"{number}:9", n=number)

        meet(range(1_000))
        tracemalloc.start()
        try:
            meet(range(1_000, 1_300))
            gc.collect()  # the interpreter keeps some freed tuples for the next ones
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert kept < 32 * 1024


def judged_by_threads(count: int, texts: list[bytes], catalog: Catalog) -> list[dict[bytes, bytes]]:
    """What each thread says of the texts; all begin at once, and each takes them in an order of its own."""
    barrier = Barrier(count)

    def judge_all(seed: int) -> dict[bytes, bytes]:
        order = random.Random(seed).sample(texts, len(texts))
        barrier.wait()
        return {text: preflight(text, catalog=catalog).to_json() for text in order}

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(judge_all, range(count)))
    finally:
        sys.setswitchinterval(interval)
