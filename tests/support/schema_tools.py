"""Two validators of JSON Schema with one face, and a model that no built-in file has."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reapi_rules import Catalog
from tests.support.cards import made_up

ROOT = Path(__file__).parents[2]
AJV = ROOT / "node_modules" / "ajv"
needs_ajv = pytest.mark.skipif(
    shutil.which("node") is None or not AJV.is_dir(),
    reason="needs node and ajv: npm install --no-save --no-package-lock ajv@8, in the root of the repository",
)

Validator = Callable[[Any], list[tuple[str, str]]]
"""From a value to the errors: the schema path and the instance path of each."""


def in_python(schema: dict[str, Any]) -> Validator:
    of_dialect = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    of_dialect.check_schema(schema)
    validator = of_dialect(schema)

    def validate(value: Any) -> list[tuple[str, str]]:
        return [
            ("#/" + "/".join(map(str, error.absolute_schema_path)), "".join(f"/{p}" for p in error.absolute_path))
            for error in validator.iter_errors(value)
        ]

    return validate


def in_rust(schema: dict[str, Any]) -> Validator:
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(schema)

    def validate(value: Any) -> list[tuple[str, str]]:
        return [
            ("#/" + "/".join(map(str, error.schema_path)), "".join(f"/{part}" for part in error.instance_path))
            for error in validator.iter_errors(value)
        ]

    return validate


class InNode:
    """The same in ajv, in strict mode, in a process of its own."""

    def __init__(self, schema: dict[str, Any]) -> None:
        command = ["node", str(Path(__file__).with_name("ajv.mjs")), str(ROOT) + "/"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._send(schema)

    def __call__(self, value: Any) -> list[tuple[str, str]]:
        self._send(value)
        assert self.process.stdout is not None
        return [(path, place) for path, place in json.loads(self.process.stdout.readline())]

    def _send(self, value: Any) -> None:
        assert self.process.stdin is not None
        print(json.dumps(value), file=self.process.stdin, flush=True)

    def close(self) -> None:
        self.process.communicate()


def first_by_pointer(errors: list[tuple[str, str]], published: dict[str, Any]) -> dict[str, str]:
    """What the published map makes of a validator's errors: of each pointer the rule whose path comes first in it."""
    paths = published["paths"]
    found: dict[str, tuple[int, str]] = {}
    order = {path: at for at, path in enumerate(paths)} if errors else {}
    for path, place in errors:
        if path in paths:
            entry = (order[path], paths[path]["rule"])
            pointer = paths[path]["pointer"] or place
            found[pointer] = min(found.get(pointer, entry), entry)
    return {pointer: rule for pointer, (_, rule) in found.items()}


THIRD: dict[str, Any] = {
    "format": "reapi-model/2",
    "id": "third",
    "title": "A model of the caller's own",
    "source": {"notes": "made up for tests"},
    "certainty_at_most": "unspecified",
    "endpoints": {},
    "fields": {
        "prompt": {"kind": "text", "role": "prompt", "required": True, "max_length": 10},
        "size": {"kind": "word", "role": "shape", "words": ["1:1", "3:1", "a.b", "free"], "default": "1:1"},
        "resolution": {"kind": "word", "role": "tier", "words": ["sd", "HD-1"], "any_case": True, "default": "sd"},
        "quality": {"kind": "word", "role": "quality", "words": ["draft", "fine"], "default": "draft"},
        "n": {"kind": "integer", "role": "number", "minimum": 0, "maximum": 12, "default": 2},
        "image_urls": {"kind": "urls", "role": "references", "max_items": 2, "default": []},
        "style": {"kind": "word", "words": ["ink", "oil"]},
        "strength": {"kind": "number", "minimum": 0, "maximum": 1},
        "tags": {"kind": "list"},
        "more": {"kind": "object"},
        "flag": {"kind": "boolean"},
    },
    "constraints": [
        {
            "rule": "size.needs_widescreen",
            "blames": "size",
            "when": {"resolution": {"is": ["HD-1"]}},
            "then": {"size": {"is": ["3:1"]}},
        },
        {
            "rule": "flag.needs_style",
            "blames": "flag",
            "when": {"flag": {"is": [True]}},
            "then": {"style": {"given": True}},
        },
        {
            "rule": "style.not_with_n",
            "blames": "style",
            "when": {"style": {"is": ["oil"]}, "n": {"is": [5, 0]}},
            "then": None,
        },
        {
            "rule": "tags.needs_image_urls",
            "blames": "tags",
            "when": {"tags": {"given": True}},
            "then": {"image_urls": {"given": True}},
        },
        {
            "rule": "strength.not_with_image_urls",
            "blames": "strength",
            "when": {"strength": {"given": True}, "image_urls": {"given": True}},
            "then": None,
        },
        {
            "rule": "style.needs_image_urls",
            "level": "warning",
            "blames": "style",
            "when": {"style": {"given": True}},
            "then": {"image_urls": {"given": True}},
        },
        {
            "rule": "more.needs_quality",
            "blames": "more",
            "when": {"more": {"given": True}},
            "then": {"quality": {"is_not": ["draft"]}, "n": {"at_most": 3}},
        },
    ],
    "pixels": {
        "1:1": {"sd": "512x512"},
        "3:1": {"sd": "768x256", "HD-1": "3072x1024"},
        "a.b": {"sd": "64x64"},
    },
    "price": {"key": "{size}/{quality}", "images": "n"},
}

THIRD_PRICES = {"1:1/draft": "0.0000000001", "3:1/draft": "0.1", "a.b/draft": "0.05", "3:1/fine": "1"}
THIRD_CARD = made_up({"third": THIRD_PRICES, "gpt-image-2": {"1k": "0.03"}}, "2027-01-01", id="third-card")


def third_catalog(folder: Path) -> Catalog:
    """The built-in models and one of other words, bounds and axes, with a card that lacks prices."""
    for kind, content in (("models", THIRD), ("rates", THIRD_CARD)):
        (folder / kind).mkdir()
        (folder / kind / "third.json").write_text(json.dumps(content), encoding="utf-8")
    return Catalog.load(folder)
