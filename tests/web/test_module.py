"""The JavaScript module gives Python's report, to the byte: on every vector, on odd requests, on odd rate cards."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reapi_rules import Catalog, Engine, RateCard, RateCardError
from reapi_rules.catalog.catalog import built_in
from reapi_rules.cli import main
from reapi_rules.web.module import module_files
from tests.support.cards import made_up
from tests.support.module import ROOT, Module, about, named, priced, said, same
from tests.support.odd_requests import OddRequests
from tests.support.profile import IS_THOROUGH
from tests.support.schema_tools import third_catalog
from tests.support.strategies import any_bodies, bodies_without_rules, wild_bodies, written
from tests.support.told import told
from tests.support.vector_cases import BY_FILE, CARDS, body_of
from tests.tools.generate_docs import TSC, WEB, module_types

BODIES = 10_000 if IS_THOROUGH else 500
"""How many bodies are drawn of each kind: by the oracle's strategies, and by chance."""
CARDED = 5_000 if IS_THOROUGH else 500
OPTIONS: tuple[dict[str, Any], ...] = (
    {}, {}, {"unknown_fields": "error"}, {"unknown_fields": "ignore"}, {"default_model": "gpt-image-2"},
    {"default_model": "flux-2"}, {"default_model": "midjourney"}, {"default_model": "nobody's"},
)  # fmt: skip
ENGINES = {json.dumps(options): Engine(**options) for options in OPTIONS}


@pytest.fixture(scope="module")
def module() -> Iterator[Module]:
    with closing(Module()) as module:
        yield module


def check(module: Module, body: str | bytes, options: dict[str, Any]) -> list[Any]:
    """Hold the two against each other."""
    ours = said(ENGINES[json.dumps(options)], body)
    theirs = module.ask(about(body, options))
    assert same(theirs, ours), (body, options, theirs, ours)
    return ours


@pytest.mark.parametrize("cases", BY_FILE.values(), ids=BY_FILE)
def test_vectors(cases: list[dict[str, Any]], module: Module) -> None:
    for case in cases:
        with told(case["description"]):
            check_vector(module, case)


def check_vector(module: Module, case: dict[str, Any]) -> None:
    options = dict(case.get("options", {}))
    texts = [
        json.dumps(CARDS.get(card, card) if isinstance(card, str) else card) for card in options.pop("rate_cards", ())
    ]
    as_of = date.fromisoformat(options["as_of"]) if "as_of" in options else None
    rates = [RateCard.from_json(text) for text in texts] or None
    engine = Engine(**{**options, "rates": rates, "as_of": as_of})
    body = body_of(case)
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    asked = about(text, {**options, **({"rates": texts} if texts else {})})
    assert same(module.ask(asked), said(engine, text))


class TestBodies:
    @settings(max_examples=BODIES)
    @given(
        body=written(any_bodies()).map(lambda pair: pair[1]) | (any_bodies() | bodies_without_rules()).map(json.dumps)
        | wild_bodies().map(lambda body: json.dumps(body, default=str)),
        options=st.sampled_from(OPTIONS),
    )  # fmt: skip
    def test_of_every_model(self, module: Module, body: str | bytes, options: dict[str, Any]) -> None:
        check(module, body, options)

    def test_that_nobody_should_write(self, module: Module) -> None:
        requests, rules = OddRequests(seed=20), set()
        for number in range(BODIES):
            report = json.loads(check(module, requests.text(), OPTIONS[number % len(OPTIONS)])[0])
            rules |= {finding["rule"] for name in ("errors", "warnings") for finding in report[name]}
        assert len(rules) > 70, sorted(rules)  # nearly every rule was broken

    @pytest.mark.parametrize("text", ("TRUE", "False", " true ", "falſe", "constructor", "CONSTRUCTOR", "__proto__"))
    def test_a_text_in_place_of_true_or_false(self, module: Module, text: str) -> None:
        for model in built_in().models.values():
            for field in (name for name, field in model.fields.items() if field.kind == "boolean"):
                body = json.dumps({"model": model.id, "prompt": "a fox", field: text})
                assert module.ask(about(body)) == said(Engine(), body), body

    def test_an_empty_list_is_no_empty_text_where_patches_are_joined(self, module: Module) -> None:
        for others in ({"input_urls": "", "reference_images": []}, {"reference_images": [], "input_urls": ""}):
            check(module, json.dumps({"model": "gemini-2.5-flash-image-preview", "prompt": "a fox", **others}), {})

    def test_as_objects_are_those_of_their_json(self, module: Module) -> None:
        requests = OddRequests(seed=21)
        for _ in range(BODIES // 10):
            text, *theirs = module.ask({"object": requests.body()})
            assert same(theirs, said(ENGINES["{}"], text)), text

    def test_with_lists_as_text_and_as_php_sends_them(self, module: Module) -> None:
        url, more = "https://a.example/1.png", "https://a.example/2,3.png"
        texts = (
            json.dumps([url]),
            repr([url, more]),
            json.dumps([url, more]).replace("/", r"\/"),
            f'["{url}',
            "[]",
            "]",
            f"[{url}] {more}",
        )
        objects = (
            {"0": url, "2": {"url": more}},
            {"1": url, "a": more},
            {"01": [url]},
            {"9" * 19: url},
            {"9" * 20: url},
            {"": url},
        )
        for held in (
            *texts,
            *objects,
            [texts[0]],
            [objects[0], more],
            {"0": {"0": {"0": {"0": url}}}},
            {"0": {"0": url}},
        ):
            for name in ("image_urls", "images", "mask_url"):
                check(module, json.dumps({"model": "gpt-image-2-official", "prompt": "a fox", name: held}), OPTIONS[0])

    def test_nested_deep(self, module: Module) -> None:
        for depth in (10, 100, 500, 2_000, 100_000):
            for text in ("[" * depth, '{"seed":' * depth, f'{{"seed":{"[" * depth}{"]" * depth}}}'):
                assert same(module.ask(about(text)), said(ENGINES["{}"], text)), (depth, text[:20])

    def test_that_are_no_body(self) -> None:
        script = """
            import { preflight } from "./reapi-rules.mjs";
            const loop = {}; loop.loop = loop;
            const bodies = [undefined, null, 2, NaN, [], new Date(0), () => 1, Symbol("x"), 2n, loop, new Map(),
              new ArrayBuffer(2), new DataView(new TextEncoder().encode("[{}]").buffer, 1, 2)];
            console.log(JSON.stringify(bodies.map((body) => preflight(body).errors[0].rule)));
        """
        objects, unreadable = ["body.object"] * 5, ["body.unreadable"] * 2
        assert run(script) == [
            *objects, "body.object", "body.object", "body.object", *unreadable, "model.required", "body.json", "model.required",
        ]  # fmt: skip

    def test_that_throw_when_they_are_looked_at(self) -> None:
        script = """
            import { preflight } from "./reapi-rules.mjs";
            const thrower = (error) => () => { throw error; };
            const revoked = (target) => { const { proxy, revoke } = Proxy.revocable(target, {}); revoke(); return proxy; };
            const handedOn = new ArrayBuffer(8), views = [new Uint8Array(handedOn), new DataView(handedOn, 2)];
            structuredClone(handedOn, { transfer: [handedOn] });
            const bodies = [revoked({}), revoked([]), new Proxy({}, { getPrototypeOf: thrower(new Error("x")) }),
              ...views, handedOn, { toJSON: thrower(new RangeError("x")) }, { get a() { throw undefined; } },
              { toJSON: thrower(revoked({})) }, { toJSON: thrower({ name: Symbol("x") }) }, new Proxy(new ArrayBuffer(2), {}),
              revoked(function () {})];
            console.log(JSON.stringify(bodies.map((body) => {
              const { ok, errors, warnings } = preflight(body);
              return [ok, errors.length, warnings.length, errors[0].rule === "body.unreadable" && errors[0].message];
            })));
        """
        found = run(script)
        assert all(each[:3] == [False, 1, 0] for each in found)
        told = [
            None if each[3] is False else each[3].removeprefix("the body can't be read: reading it raised ")
            for each in found
        ]
        assert told[:3] == ["TypeError", "TypeError", "Error"]
        assert told[6:10] == ["RangeError", "an error", "an error", "an error"]
        assert told[11] == "TypeError"


class TestPrices:
    def test_over_odd_rate_cards(self, module: Module) -> None:
        requests, reasons = OddRequests(seed=22), set()
        for turn in range(CARDED // 10):
            cards = [requests.card() for _ in range(1 + turn % 3)]
            as_of = "2026-06-30" if turn % 4 == 0 else None
            engine = Engine(
                rates=[RateCard.from_dict(card) for card in cards], as_of=date(2026, 6, 30) if as_of else None
            )
            options = {"rates": cards, "as_of": as_of}
            for number in range(10):
                body = requests.body() if number % 2 else requests.plain_body()
                text = json.dumps(
                    body
                    if number
                    else {"model": "doubao-seedream-5-0-lite", "prompt": "x", "sequential_image_generation": "auto"}
                )
                ours, theirs = said(engine, text), module.ask(about(text, "again" if number else options))
                assert same(theirs, ours), (text, options)
                quote = json.loads(ours[0])["quote"] or {"basis": None, "reason": None, "float_sensitive": None}
                reasons.add((quote["basis"], quote["reason"], quote["float_sensitive"]))
                axes = requests.axes()
                assert module.ask({"axes": named(axes), "options": "again"}) == priced(engine, axes), (axes, options)
        assert {reason for _, reason, _ in reasons} >= {None, "no_rate", "not_published", "uncertain_default"}
        assert ("exact", None, True) in reasons  # floats would have given another number

    def test_of_axes(self, module: Module) -> None:
        requests = OddRequests(seed=23)
        names = ("model", "size", "resolution", "quality", "n", "has_images")
        every = product(
            built_in().models, (None, "16:9", "auto"), (None, "1k", "4k"), (None, "low"), (None, 1), (False, True)
        )
        for axes in [*(dict(zip(names, words)) for words in every), *(requests.axes() for _ in range(CARDED))]:
            assert module.ask({"axes": named(axes)}) == priced(ENGINES["{}"], axes), axes

    @pytest.mark.parametrize("options", ({"rates": ()}, {"as_of": "2026-01-01"}), ids=str)
    def test_without_a_rate_card(self, options: dict[str, Any], module: Module) -> None:
        as_of = date.fromisoformat(options["as_of"]) if "as_of" in options else None
        engine = Engine(rates=options.get("rates"), as_of=as_of)
        for text in ('{"model": "flux-2", "prompt": "a fox"}', '{"model": "midjourney"}'):
            report = said(engine, text)
            assert json.loads(report[0])["quote"]["rate_card"] is None
            assert module.ask(about(text, options)) == report

    def test_beyond_the_integers_of_javascript(self, module: Module, tmp_path: Path) -> None:
        """A model that makes very many images at once: the credits are exact all the same."""
        folder = tmp_path / "catalog"
        (folder / "models").mkdir(parents=True)
        (folder / "rates").mkdir()
        file = json.loads((ROOT / "data" / "models" / "gpt-image-2.json").read_bytes())
        file |= {"id": "very-many"}
        file["fields"]["n"] |= {"maximum": 2**62}
        (folder / "models" / "very-many.json").write_text(json.dumps(file))
        price = {"very-many": {"1k": "999999.999999999999"}}
        card = {**json.loads((ROOT / "data" / "rates" / "reapi-2026-07-28.json").read_bytes()), "usd_per_image": price}
        (folder / "rates" / "card.json").write_text(json.dumps({**card, "id": "mine", "effective_from": "2026-12-01"}))
        assert main(["export", "module", "-o", str(tmp_path / "web"), "--catalog", str(folder)]) == 0
        engine = Engine(catalog=Catalog.load(folder))
        with closing(Module(tmp_path / "web")) as own:
            for n in (1, 9_007_199, 2**53 - 1, 2**53 + 1, 2**62):
                text = json.dumps({"model": "very-many", "prompt": "a fox", "n": n})
                assert own.ask(about(text)) == said(engine, text)
        assert len(str(engine.preflight(text).quote.credits)) > 20  # type: ignore[union-attr]


class TestModels:
    """Models of the caller's own: other names, other kinds, and whatever else a file can say."""

    @pytest.mark.parametrize("name", ("third", "third_model", "strange_models"))
    def test_that_are_not_built_in(self, name: str, tmp_path: Path) -> None:
        folder = ROOT / "tests" / "support" / name
        catalog = Catalog.load(folder) if folder.exists() else third_catalog(tmp_path)
        for file, content in module_files(catalog=catalog).items():
            (tmp_path / file).write_text(content, encoding="utf-8")
        models = {id: model for id, model in catalog.models.items() if id not in built_in().models}
        requests, engine = OddRequests(seed=24, models=models), Engine(catalog=catalog)
        with closing(Module(tmp_path)) as own:
            for number in range(BODIES // 2):
                text = requests.text() if number % 2 else json.dumps(requests.plain_body())
                assert same(own.ask(about(text)), said(engine, text)), text
            for axes in (requests.axes() for _ in range(BODIES // 10)):
                assert own.ask({"axes": named(axes)}) == priced(engine, axes), axes


class TestCards:
    GOOD = made_up({"gpt-image-2": {"1k": "0.03"}}, checked_on="2026-09-02")
    PRICES = (
        '"0.03"', "0.03", "3e-2", "3E-2", "30e-3", "0.3e-1", "1e2", "3", '"3"', '"1e2"', '"-1"', "-1", '"1."', '".5"', "1e9999",
        '"0.0000000000001"', '"1000000"', "999999", "0.1e-11", "0.1e-12", "null", "true", "[]", '"٣"', '"01"', "0e5", "12.50e1", '""',
    )  # fmt: skip

    @pytest.mark.parametrize("price", PRICES)
    def test_prices_are_read_from_their_text(self, price: str, module: Module) -> None:
        self.compare(json.dumps(self.GOOD).replace('"0.03"', price), module)

    @pytest.mark.parametrize(
        "change",
        (
            {"format": "2"}, {"id": ""}, {"id": 5}, {"currency": "EUR"}, {"effective_from": "2026-02-30"}, {"effective_from": "26-02-03"},
            {"checked_on": "0000-01-01"}, {"checked_on": "2028-02-29"}, {"source": None}, {"notes": None}, {"notes": ""}, {"replaces": "x"},
            {"x": 1}, {"usd_per_image": []}, {"usd_per_image": {"gpt-image-2": []}}, {"usd_per_image": {}}, {"effective_from": None},
        ),
        ids=str,
    )  # fmt: skip
    def test_what_is_no_card_is_refused(self, change: dict[str, Any], module: Module) -> None:
        self.compare(json.dumps({**self.GOOD, **change}), module)

    @pytest.mark.parametrize("missing", GOOD)
    def test_what_is_missing(self, missing: str, module: Module) -> None:
        self.compare(json.dumps({name: value for name, value in self.GOOD.items() if name != missing}), module)

    @pytest.mark.parametrize("text", ("", "{", "[]", "2", '{"id": "a", "id": "b"}', "{} x", "\ufeff{}", "NaN"))
    def test_text_that_is_no_card(self, text: str, module: Module) -> None:
        self.compare(text, module)

    def test_a_key_that_stands_twice(self, module: Module) -> None:
        text = json.dumps(self.GOOD)
        self.compare(text.replace('"1k": "0.03"', '"1k": "0.03", "1k": "0.04"'), module)

    def test_a_float_can_not_hold_a_price(self, module: Module) -> None:
        card = {**self.GOOD, "usd_per_image": {"gpt-image-2": {"1k": 0.03}}}
        answer = module.ask({"text": "{}", "options": {"rates": card}})
        assert answer.startswith("RateCardError: usd_per_image.gpt-image-2.1k")

    def compare(self, text: str, module: Module) -> None:
        body = '{"model": "gpt-image-2", "prompt": "a fox"}'
        answer = module.ask({"text": body, "options": {"rates": text}})
        try:
            engine = Engine(rates=RateCard.from_json(text))
        except RateCardError:
            assert str(answer).startswith("RateCardError: "), answer
        else:
            assert answer == said(engine, body)


class TestOptions:
    @pytest.mark.parametrize(
        "options",
        ({"unknownFields": "other"}, {"asOf": "2026-13-01"}, {"asOf": "today"}, {"as_of": "2026-07-25"}),
        ids=str,
    )
    def test_that_are_none_are_refused(self, options: dict[str, Any], module: Module) -> None:
        assert module.ask({"text": "{}", "options": options}).startswith("RangeError: ")

    def test_a_misspelt_one_does_not_count_in_silence(self) -> None:
        script = """
            import { preflight, quote } from "./reapi-rules.mjs";
            const told = (ask) => { try { return ask(); } catch (error) { return String(error); } };
            preflight({});  // with no option there is an engine already
            console.log(JSON.stringify([told(() => preflight({}, { as_of: "x" })), told(() => quote({ ratio: "16:9" }))]));
        """
        assert run(script) == [f"RangeError: there is no option {name}" for name in ("as_of", "ratio")]

    def test_a_language(self) -> None:
        script = """
            import { Engine, preflight } from "./reapi-rules.mjs";
            const body = { model: "gpt-image-2", prompt: "" };
            const said = (language) => preflight(body, { language }).errors[0].message;
            console.log(JSON.stringify([said("zh-CN,en;q=0.9"), said("en"), said("fr"), preflight(body).in("zh").errors[0].hint]));
        """
        assert run(script) == [
            "必须填写 prompt（提示词）",
            "prompt is required",
            "prompt is required",
            "请在 prompt 中描述想要的画面",
        ]


class TestReports:
    def test_are_values_that_json_has(self) -> None:
        script = """
            import { preflight } from "./reapi-rules.mjs";
            const text = '{"model": "wan2.7-image", "prompt": "a fox", "bbox_list": [9007199254740993, 2.0, {"b": 1, "a": 2}]}';
            const report = preflight(text);
            const [big, float] = report.effective.bbox_list;
            let refused = false;
            try { JSON.stringify(report); } catch (error) { refused = error instanceof TypeError; }
            console.log(JSON.stringify([
              String(big), float, refused, report.payloadText(), JSON.parse(report.toText()).ok,
              JSON.stringify(preflight({ model: "flux-2", prompt: "a fox" })) === preflight({ model: "flux-2", prompt: "a fox" }).toText(),
            ]));
        """
        big = '{"model":"wan2.7-image","prompt":"a fox","bbox_list":[9007199254740993,2.0,{"b":1,"a":2}]}'
        assert run(script) == ["9007199254740993", 2, True, big, True, True]

    def test_can_be_changed_without_harm(self) -> None:
        script = """
            import { preflight } from "./reapi-rules.mjs";
            const report = preflight({ model: "gpt-image-2-official", prompt: "a fox", quality: "hd" });
            const before = report.toText();
            report.errors[0].patch.quality = "low";
            report.errors.pop();
            report.warnings.length = 0;
            console.log(JSON.stringify([report.toText() === before, report.errors.length, report.quote, report.payload()]));
        """
        assert run(script) == [True, 1, None, None]

    def test_an_error_carries_its_report(self) -> None:
        script = """
            import { InvalidRequestError, quote } from "./reapi-rules.mjs";
            try { quote({ n: 9 }); } catch (error) {
              console.log(JSON.stringify([error instanceof InvalidRequestError, error.message, error.report.errors[0].rule]));
            }
        """
        assert run(script) == [True, "n must be between 1 and 4", "n.range"]


class TestStandardSchema:
    def test_gives_what_to_send_or_the_issues(self) -> None:
        script = """
            import { Engine } from "./reapi-rules.mjs";
            const { version, vendor, validate } = new Engine({ defaultModel: "gpt-image-2" })["~standard"];
            console.log(JSON.stringify([version, vendor, validate({ prompt: "a fox", resolution: "2K", size: null }),
              validate({ prompt: "", image_urls: ["https://a.bc/d.png", "data:,"] }), validate("["), validate({ model: "x/y" })]));
        """
        version, vendor, good, bad, broken, unknown = run(script)
        assert (version, vendor) == (1, "reapi-rules")
        assert good == {"value": {"model": "gpt-image-2", "prompt": "a fox", "resolution": "2k"}}
        assert [issue["path"] for issue in bad["issues"]] == [["prompt"], ["image_urls", 1]]
        assert bad["issues"][0]["message"] == "prompt is required"
        assert [issue["path"] for issue in broken["issues"]] == [[]]
        assert [issue["path"] for issue in unknown["issues"]] == [["model"]]


class TestThePage:
    """docs/in-the-browser.md: each line of its code that says what comes out."""

    BLOCKS = re.findall(
        r"^```js\n(.*?)^```$", (ROOT / "docs" / "in-the-browser.md").read_text(encoding="utf-8"), re.M | re.S
    )

    @pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
    def test_says_what_comes_out(self, block: str) -> None:
        checks = re.sub(r"^(.+); // (.+)$", r"said.push([\1, \2]);", block, flags=re.M)
        assert checks != block
        shown = "const shown = (value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));"
        script = (
            f"{shown}\nconst said = [];\n{checks}\nconsole.log(JSON.stringify(said.map((pair) => pair.map(shown))));"
        )
        for found, wanted in run(script):
            assert found == wanted


class TestFiles:
    def test_the_data_is_that_of_the_catalog(self) -> None:
        printed = "import sys; from reapi_rules.web.module import data_module; sys.stdout.buffer.write(data_module().encode())"
        # in a process of its own, since the tests hold the built-in prices at those of July
        fresh = subprocess.run([sys.executable, "-c", printed], capture_output=True, cwd=ROOT, check=True).stdout
        assert (WEB / "reapi-rules.data.mjs").read_bytes() == fresh, "run: python -m tests.tools.generate_docs"

    def test_are_small(self) -> None:
        files = module_files()
        sizes = [len(gzip.compress(files[f"reapi-rules.{kind}"].encode(), mtime=0)) for kind in ("mjs", "data.mjs")]
        assert sum(sizes) <= 45_000, sizes

    def test_are_exported(self, tmp_path: Path) -> None:
        assert main(["export", "module", "-o", str(tmp_path / "a" / "b")]) == 0
        assert {
            path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "a" / "b").iterdir()
        } == module_files()

    def test_a_file_is_no_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "file").write_text("x")
        assert main(["export", "module", "-o", str(tmp_path / "file")]) == 2
        assert "file" in capsys.readouterr().err

    def test_are_a_package_for_node(self, tmp_path: Path) -> None:
        if shutil.which("node") is None:
            pytest.skip("needs node: apt-get install nodejs")
        package = tmp_path / "node_modules" / "reapi-rules"
        assert main(["export", "module", "-o", str(package)]) == 0
        code = 'import { quote } from "reapi-rules"; console.log(quote({ model: "gpt-image-2" }).credits);'
        (tmp_path / "ask.mjs").write_text(code)
        assert subprocess.run(["node", "ask.mjs"], cwd=tmp_path, capture_output=True, check=True).stdout == b"30\n"

    def test_the_types_are_those_of_the_comments(self) -> None:
        if not TSC.exists():
            pytest.skip("needs TypeScript: npm install --no-save typescript@7")
        written = (WEB / "reapi-rules.d.mts").read_text(encoding="utf-8")
        assert written == module_types(), "run: python -m tests.tools.generate_docs"


def run(script: str) -> Any:
    """What a script beside the module prints, as JSON."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node: apt-get install nodejs")
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        cwd=WEB,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)
