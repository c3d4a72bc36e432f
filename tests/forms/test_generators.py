"""Programs that make types from the schemas give one with every field: for TypeScript, and for Python."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.labels import labels
from reapi_rules.forms.openapi import openapi
from reapi_rules.forms.schema import form_schema, request_schema
from tests.support.examples import need
from tests.support.schema_tools import ROOT
from tests.tools.generators import VERSIONS

FIELDS = list(dict.fromkeys(name for model in built_in().models.values() for name in model.fields))
OFFICIAL = built_in().models["gpt-image-2-official"]
SCHEMAS = (request_schema, form_schema, lambda: request_schema(dialect="draft-07"))

needs_json2ts = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules" / "json-schema-to-typescript").is_dir(),
    reason="needs node and: npm install --no-save --no-package-lock json-schema-to-typescript@16",
)


@needs_json2ts
@pytest.mark.parametrize("make", SCHEMAS)
def test_typescript(make: Callable[[], dict[str, Any]]) -> None:
    script = f"""
        import {{ createRequire }} from "node:module";
        import fs from "node:fs";
        const {{ compile }} = createRequire({json.dumps(str(ROOT) + "/")})("json-schema-to-typescript");
        console.log(await compile(JSON.parse(fs.readFileSync(0, "utf8")), "Request", {{ bannerComment: "" }}));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(make()), capture_output=True, text=True, check=True)
    fields = done.stdout.partition("export interface Fields {")[2].partition("\n}")[0]
    for name in FIELDS:
        assert f"\n  {name}?: " in fields, name
        assert labels().descriptions[name]["en"] in done.stdout
    assert "unknown;\n" not in fields.replace("[k: string]: unknown;\n", "").replace("unknown[]", "")
    for field in OFFICIAL.fields.values():
        assert all(f'"{word}"' in done.stdout for word in field.words)


def types_of(document: dict[str, Any], kind: str, folder: Path) -> ModuleType:
    """The module that datamodel-code-generator makes."""
    source, target = folder / "schema.json", folder / f"made_{kind}.py"
    source.write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "datamodel_code_generator", "--input", str(source)]
    command += ["--output", str(target), "--input-file-type", kind, "--enum-field-as-literal", "all"]
    command += ["--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp"]
    subprocess.run(command, check=True, capture_output=True)
    spec = importlib.util.spec_from_file_location(target.stem, target)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[target.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("make", SCHEMAS)
def test_python(make: Callable[[], dict[str, Any]], tmp_path: Path) -> None:
    need("datamodel_code_generator", "pydantic")
    module = types_of(make(), "jsonschema", tmp_path)
    made = max(
        (each for each in vars(module).values() if hasattr(each, "model_fields")),
        key=lambda each: len(each.model_fields),
    )
    assert {"model", *FIELDS} <= made.model_fields.keys()
    source = (tmp_path / "made_jsonschema.py").read_text("utf-8")
    for name in FIELDS:
        assert labels().fields[name]["en"] in source
        assert labels().descriptions[name]["en"] in source
    accepted = made.model_validate({"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9"})
    assert accepted.size is not None


def test_python_of_openapi(tmp_path: Path) -> None:
    need("datamodel_code_generator", "pydantic")
    module = types_of(openapi(), "openapi", tmp_path)
    for id, model in built_in().models.items():
        name = "Request" + "".join(part.capitalize() for part in id.replace(".", "-").split("-"))
        assert {"model", *model.fields} <= vars(module)[name].model_fields.keys()
    official = module.RequestGptImage2Official(model="gpt-image-2-official", prompt="a fox")
    assert (official.n, official.quality) == (1, "auto")
    with pytest.raises(ValueError, match="model"):
        module.RequestGptImage2Official(model="gpt-image-2", prompt="a fox")


def test_the_page_names_what_was_tried() -> None:
    """The versions are those of the trial; what has none there only serves another program."""
    page = (ROOT / "docs" / "browser.md").read_text("utf-8")
    named = dict(re.findall(r"^\| ([@a-z/-]+) ([0-9.]+) ", page, re.MULTILINE))
    assert set(named) == {
        "quicktype",
        "json-schema-to-zod",
        "zod",
        "@rjsf/core",
        "@jsonforms/core",
        "@hookform/resolvers",
    }
    assert named.items() <= VERSIONS.items()
