"""The applications of docs/examples, and what they are sent."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
CAMPAIGN = EXAMPLES / "campaign.csv"
IMAGE = "https://cdn.example.com/a.png"
DATA = "data:image/png;base64," + "A" * 300
MODEL = "gpt-image-2-official"


def need(*modules: str) -> None:
    """Skip a test that needs packages which are not installed."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"needs {module}: pip install '.[test-all]'")


def example(name: str) -> ModuleType:
    """An application of docs/examples, as its own module."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]
