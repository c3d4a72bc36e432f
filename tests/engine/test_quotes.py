"""Which price cells a request may be billed by: section 7 of the rulebook, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from reapi_rules import preflight
from tests.support.ids import plain_id
from tests.support.oracle import OFFICIAL, SIBLING
from tests.support.strategies import RATIOS, WIDE

URL = "https://example.com/a.png"


class TestBilledCells:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        (
            ({}, ("1:1@1k_high",)),
            ({"size": "16:9", "quality": "low"}, ("16:9@1k_low",)),
            ({"size": "21:9", "resolution": "4K", "quality": "auto"}, ("21:9@4k_high",)),
            ({"size": "auto", "resolution": "2k"}, tuple(f"{ratio}@2k_high" for ratio in RATIOS)),
            ({"image_urls": [URL], "quality": "medium"}, tuple(f"{ratio}@1k_medium" for ratio in RATIOS)),
            ({"size": "1024x1024"}, ("1:1@1k_high",)),
            ({"size": "0x1"}, tuple(f"{ratio}@1k_high" for ratio in RATIOS)),
            ({"size": "1920x1080"}, (*(f"{ratio}@1k_high" for ratio in RATIOS), "16:9@2k_high")),
            ({"size": "1920x1080", "resolution": "2k"}, tuple(f"{ratio}@2k_high" for ratio in RATIOS)),
            ({"model": SIBLING}, ("1k",)),
            ({"model": SIBLING, "size": "auto", "resolution": "2k"}, ("2k",)),
            ({"model": SIBLING, "size": WIDE[0], "resolution": "4k"}, ("4k",)),
        ),
        ids=plain_id,
    )
    def test_of(self, fields: dict[str, Any], expected: tuple[str, ...]) -> None:
        report = preflight({"model": OFFICIAL, "prompt": "a fox", **fields})
        assert report.billed_cells == expected
        assert report.quote is not None
        assert report.quote.cell in expected
