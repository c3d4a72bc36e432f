"""``reapi-rules export``: every kind is what the library gives, and the OpenAPI components describe real reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

import pytest

from reapi_rules.cli import main
from reapi_rules.cli.export import DIALECTS, KINDS
from reapi_rules.forms.choices import choices, choices_schema
from reapi_rules.forms.message_list import message_catalog
from reapi_rules.forms.openapi import openapi
from reapi_rules.forms.schema import Dialect, form_schema, form_schema_map, request_schema, request_schema_map
from reapi_rules.web.page import page
from tests.support.examples import need
from tests.support.schema_tools import ROOT

CONTENTS = {
    "schema": request_schema(),
    "schema-map": request_schema_map(),
    "form-schema": form_schema(),
    "form-schema-map": form_schema_map(),
    "choices": choices(),
    "choices-schema": choices_schema(),
    "messages": message_catalog(),
    "openapi": openapi(),
}


def export(tmp_path: Path, *words: str) -> Any:
    target = tmp_path / "out.json"
    assert main(["export", *words, "-o", str(target)]) == 0
    return json.loads(target.read_bytes())


class TestKinds:
    @pytest.mark.parametrize("kind", CONTENTS)
    def test_are_what_the_library_gives(
        self, kind: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        assert kind in KINDS
        assert export(tmp_path, kind) == CONTENTS[kind]
        assert main(["export", kind]) == 0
        out, err = capfdbinary.readouterr()
        assert out == (tmp_path / "out.json").read_bytes()
        assert out.isascii() is json.dumps(CONTENTS[kind], ensure_ascii=False).isascii(), "people read it too"
        assert err == b""

    def test_of_a_catalog_of_the_callers_own(self, tmp_path: Path) -> None:
        folder = str(ROOT / "tests" / "support" / "third_model")
        assert export(tmp_path, "choices", "--catalog", folder)["models"][-1]["id"] == "paint-1"
        assert "paint-1" in export(tmp_path, "schema", "--catalog", folder)["properties"]["model"]["enum"]

    def test_the_module_has_the_models_of_the_catalog(self, tmp_path: Path) -> None:
        folder = ROOT / "tests" / "support" / "third_model"
        for more, is_there in (((), False), (("--catalog", str(folder)), True)):
            assert main(["export", "module", "-o", str(tmp_path), *more]) == 0
            texts = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
            assert any("paint-1" in text for text in texts) is is_there

    def test_the_workbook_has_the_models_of_the_catalog_and_the_language(self, tmp_path: Path) -> None:
        need("xlsxwriter")
        target, folder = tmp_path / "quote.xlsx", ROOT / "tests" / "support" / "third_model"
        words = ("export", "workbook", "--lines", "1", "-o", str(target))
        for more, is_there in (((), False), (("--catalog", str(folder), "--lang", "zh"), True)):
            assert main([*words, *more]) == 0
            with ZipFile(target) as archive:
                for text in ("paint-1<", "积分"):
                    assert any(text.encode() in archive.read(name) for name in archive.namelist()) is is_there

    def test_the_page_has_the_models_and_the_card_that_are_asked_for(self, tmp_path: Path) -> None:
        target, folder = tmp_path / "calculator.html", ROOT / "tests" / "support" / "third_model"
        assert main(["export", "page", "-o", str(target)]) == 0
        assert target.read_text(encoding="utf-8") == page()
        assert main(["export", "page", "-o", str(target), "--catalog", str(folder)]) == 0
        assert '"id":"paint-1"' in target.read_text(encoding="utf-8")
        card = str(folder / "rates" / "paint-2026-08.json")
        assert main(["export", "page", "-o", str(target), "--rates", card]) == 0
        assert '"rate_cards":[{"format":"reapi-rate-card/1","id":"paint-2026-08"' in target.read_text(encoding="utf-8")
        assert main(["export", "page", "-o", str(target), "--as-of", "2020-01-01"]) == 0
        assert '"rate_cards":[]' in target.read_text(encoding="utf-8")
        assert main(["export", "page", "-o", card, "--rates", card]) == 2

    def test_with_a_default_model(self, tmp_path: Path) -> None:
        assert export(tmp_path, "form-schema")["required"] == ["model"]
        assert "required" not in export(tmp_path, "form-schema", "--default-model", "gpt-image-2")

    @pytest.mark.parametrize(("kind", "make"), (("schema", request_schema), ("form-schema", form_schema)))
    def test_in_another_dialect(self, kind: str, make: Callable[..., Any], tmp_path: Path) -> None:
        assert export(tmp_path, kind, "--dialect", "draft-07") == make(dialect="draft-07")
        assert export(tmp_path, kind, "--dialect", "2020-12") == make()
        assert tuple(DIALECTS) == get_args(Dialect)

    def test_with_another_card(self, tmp_path: Path) -> None:
        card = str(ROOT / "tests" / "support" / "third_model" / "rates" / "paint-2026-08.json")
        assert export(tmp_path, "choices", "--rates", card)["rate_card"]["id"] == "paint-2026-08"
        assert export(tmp_path, "choices", "--as-of", "2020-01-01")["rate_card"] is None

    @pytest.mark.parametrize(
        "words",
        (
            ("nothing",),
            ("schema", "--default-model", "x"),
            ("schema", "--catalog", "nowhere"),
            ("schema", "--dialect", "draft-04"),
            ("choices", "--dialect", "draft-07"),
            ("choices", "--catalog", str(ROOT / "tests" / "support" / "third_model" / "rates" / "paint-2026-08.json")),
            ("choices", "--rates", "nowhere.json"),
        ),
    )
    def test_a_mistake_is_one_line(self, words: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
        assert main(["export", *words]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert err.splitlines()[-1].startswith(("reapi-rules", "see reapi-rules"))
        assert "internal error" not in err

    def test_a_broken_catalog_names_its_file(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "x.json").write_text("{}")
        assert main(["export", "schema", "--catalog", str(tmp_path)]) == 2
        assert "models/x.json" in capfd.readouterr().err
