"""Lines that are alike get what each would get by itself, and no text of the caller's stays in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.catalog.catalog import built_in
from reapi_rules.engine.engine import Engine
from reapi_rules.sheets import alike
from reapi_rules.sheets.alike import Alike, Judged, Spelling
from reapi_rules.sheets.batches import unwrap
from tests.benchmarks.bodies import mix

ENGINE = Engine()
FOX: dict[str, Any] = {"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "quality": "low"}
URL = "https://cdn.example.com/a.png"
PROMPTS = (
    "a fox",
    "an owl, 100% white",
    "雪中的狐狸",
    "a fox: 9:16",
    "a fox: red",
    "狐" * 3_000,
    "x" * 4_000,
    "x" * 4_001,
    "[" * 700,
    'say "hi"\n\\',
    "'quoted",
    "\ufeff",
    "\u2028",
    " ",
    "",
    "a prompt in place of others",
    "custom_id",
    "\x7f",
    None,
    7,
)
URLS = (
    URL,
    "https://10.0.0.1/a.png",
    "https://me@cdn.example.com/b",
    f"https://{'a' * 70}.example.com",
    URL + "x" * 300,
    URL + "\\",
    "http",
    "./a.png",
)


@pytest.fixture(autouse=True)
def learns_at_second_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_SEVERAL", 2)


def spelt(lines: list[str]) -> Iterator[tuple[str, bytes | None]]:
    """Each line, and how it is spelt where it is like an earlier one."""
    known = Alike(ENGINE, Spelling.of)
    for line in lines:
        found = known.of(line)
        yield line, None if found is None else found[0].of_texts(found[1])


def agree(lines: list[str]) -> int:
    """How many lines are like others; each of these has to be spelt as by itself."""
    count = 0
    for line, found in spelt(lines):
        if found is not None:
            assert unwrap(line.encode()) is None
            assert found == ENGINE.look(line.encode()).to_json(), line
            count += 1
    return count


class TestEqualsThePlainPath:
    def test_bodies_as_they_come(self) -> None:
        lines = [body.text.decode() for body in mix(600)]
        assert agree(lines * 3) > len(lines)

    @pytest.mark.parametrize("model", built_in().models)
    def test_any_text_in_any_model(self, model: str) -> None:
        at = len(model)
        form: dict[str, Any] = {"ensure_ascii": at % 2 == 0, "separators": (",", ":") if at % 3 else (", ", ": ")}
        with_urls: list[dict[str, Any]] = [
            {},
            *({"image_urls": [url, URL]} for url in URLS),
            *({"image_urls": [URL], "mask_url": url} for url in URLS),
            *({"image_url": url} for url in URLS),
        ]
        lines = [
            json.dumps({"model": model, "prompt": prompt, **urls}, **form) for prompt in PROMPTS for urls in with_urls
        ]
        assert agree(lines * 2) > 0

    @given(
        st.lists(
            st.builds(
                lambda prompt, url, form: form.replace("PROMPT", json.dumps(prompt)).replace("URL", json.dumps(url)),
                st.sampled_from(PROMPTS) | st.text(max_size=9),
                st.sampled_from(URLS) | st.text(max_size=9).map(URL.__add__),
                st.sampled_from(
                    [
                        '{"model": "gpt-image-2-official", "prompt": PROMPT}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "seed": "URL"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "image_urls": [URL], "size": null}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "prompt": PROMPT}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "nested": {"prompt": PROMPT}, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "image_urls": [URL], "image_urls": [URL]}',
                        '{"model": "gpt-image-2-official", "x\\"prompt": PROMPT, "prompt": "a fox"}',
                        '{"model": "gpt-image-2-official", "prompt": PROMPT, "user": URL, "n": 1}',
                        '{"custom_id": "a", "model": "gpt-image-2-official", "prompt": PROMPT, "body": {}}',
                        '{"model": "gpt-image-2", "prompt" : PROMPT}',
                        '{"prompt": PROMPT, "model": "flux-2", "n": 9}',
                        '{"prompt": PROMPT, "model": "flux-2"',
                    ]
                ),
            ),
            max_size=5,
        )
    )
    def test_any_line(self, lines: list[str]) -> None:
        agree(lines * 3)

    def test_broken_texts(self) -> None:
        line = json.dumps(FOX)
        broken = [line.replace("a fox", text) for text in ("a\tfox", "a\t\\nfox", "\\ud800", "\\x", "\udcff", "\\")]
        assert agree([line, line, line]) == 2
        assert [found for _, found in spelt([line, line, line, *broken])][3:] == [None] * len(broken)
        assert agree([text + "\n" for text in broken * 3 if "\udcff" not in text]) == 0


class TestWhatIsKnown:
    @staticmethod
    def known(*lines: str) -> Alike[Spelling]:
        result = Alike(ENGINE, Spelling.of)
        for line in lines:
            result.of(line)
        return result

    def test_nothing_of_what_is_met_once_or_is_long(self) -> None:
        line, long = json.dumps(FOX), json.dumps({**FOX, "user": "x" * 1_000})
        assert not self.known(line, long, long, long)._known
        assert len(self.known(line, line)._known) == 1

    def test_no_text_of_the_callers(self) -> None:
        body = {**FOX, "prompt": "a secret fox", "image_urls": [f"{URL}?secret"], "mask_url": f"{URL}?secret"}
        known = self.known(*[json.dumps(body)] * 3)
        ((around, (spelling, _)),) = ((key, value) for key, value in known._known.items() if value)
        assert "secret" not in repr((around, spelling._parts, spelling.report.given))
        assert agree([json.dumps(body)] * 3) == 2

    def test_it_has_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alike, "_MOST_KNOWN", 3)
        lines = [json.dumps({**FOX, "n": number}) for number in (1, 2, 3, 4)]
        known = self.known(*lines * 3)
        assert len(known._known) + len(known._met) <= 3
        agree(lines * 4)

    def test_what_differs_by_its_texts_is_nothing_to_share(self) -> None:
        def texts_in(first: Judged, second: Judged) -> str | None:
            return None if first.texts != second.texts else "alike"

        shared = Alike(ENGINE, texts_in)
        assert [shared.of(json.dumps(FOX)) for _ in range(3)] == [None] * 3
        assert Spelling.of(*(Judged(ENGINE.look(FOX | {"n": n}), [FOX["prompt"]]) for n in (1, 2))) is None
