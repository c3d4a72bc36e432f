"""Rows of sheets in every spelling of the table, for the readers of rows that are written in JavaScript."""

from __future__ import annotations

import random

from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.columns import PRICED
from reapi_rules.sheets.titles import subjects
from tests.support.headers import SUBJECTS, sheets

PLAN = "Asset=-asset|Prompt=p|Ratio=s|Auflösung=t|画质=q|Qty=n|model=m|Team=-team|Ref images=r"
PLAIN = {
    "shape": ["16:9", "1:1", "9:16", "auto", "1024x768", "16:09", "09:16:00", "wide", "7:5"],
    "tier": ["1k", "2k", "4K", "", "8k"],
    "quality": ["low", "medium", "high", "auto", "", "hd", "best"],
    "number": ["1", "2", "", "4", "9", "2.0", "2.5", "many"],
    "width": ["1024", "2048", "1536 px", "16", "16.0"],
    "height": ["768", "1152", "1024 px", "9", "9.0"],
    "model": ["", "", "gpt-image-2", "Flux-2", "z-image", "midjourney", "dall-e"],
    "references": ["", "", "https://example.com/a.png https://example.com/b.png"],
}


def odd_rows(count: int, columns: str = PLAN, *, seed: int = 5) -> list[list[str]]:
    """Rows under titles of the corpus, in every spelling of the table, with what spreadsheets and people make of them."""
    chance = random.Random(seed)
    table = list(spellings().table(subjects().ratios, 4))
    spelt = {role: [key.partition("|")[2] for key, _ in table if key.startswith(f"{role}|")] for role in PRICED}
    (sheet,) = sheets(columns)

    def cell(code: str, number: int) -> str:
        if code.startswith("-"):
            return f"{code[1:]} {chance.choice('ABC')}{number}"
        role = SUBJECTS[code]
        if role == "prompt":
            return chance.choice(["", f'a "fox", {number}', f"a fox\nand a crow {number}", "a tall fox 16:9"])
        return chance.choice(spelt[role] if role in spelt and chance.random() < 0.3 else PLAIN[role])

    return [sheet.titles, *([cell(code, number) for code in sheet.codes] for number in range(count))]
