"""Rows of sheets in every spelling of the table, for the readers of rows that are written in JavaScript."""

from __future__ import annotations

import random

from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.titles import subjects


def odd_rows(count: int) -> list[list[str]]:
    """Rows in every spelling of the table, with what spreadsheets and people make of them."""
    chance = random.Random(5)
    table = list(spellings().table(subjects().ratios, 4))
    spelt = {
        role: [key.partition("|")[2] for key, _ in table if key.startswith(f"{role}|")]
        for role in ("shape", "tier", "quality", "number")
    }
    plain = {
        "shape": ["16:9", "1:1", "9:16", "auto", "1024x768", "16:09", "09:16:00", "wide", "7:5"],
        "tier": ["1k", "2k", "4K", "", "8k"],
        "quality": ["low", "medium", "high", "auto", "", "hd", "best"],
        "number": ["1", "2", "", "4", "9", "2.0", "2.5", "many"],
    }
    rows = [["Asset", "Prompt", "Ratio", "Auflösung", "画质", "Qty", "model", "Team", "Ref images"]]
    for number in range(count):
        cells = [chance.choice(spelt[role] if chance.random() < 0.3 else plain[role]) for role in plain]
        model = chance.choice(["", "", "gpt-image-2", "Flux-2", "z-image", "midjourney", "dall-e"])
        images = chance.choice(["", "", "https://example.com/a.png https://example.com/b.png"])
        prompt = chance.choice(["", f'a "fox", {number}', f"a fox\nand a crow {number}", "a tall fox 16:9"])
        rows.append([f"asset {number}", prompt, *cells, model, chance.choice("ABC"), images])
    return rows
