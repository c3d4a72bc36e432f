"""Rows of sheets in all kinds of spellings, for the readers of rows that are written in JavaScript."""

from __future__ import annotations

import random

from reapi_rules.catalog.models import PRICED
from reapi_rules.catalog.spellings import spellings
from reapi_rules.sheets.meaning.titles import subjects
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
    "references": [
        "",
        "",
        "https://example.com/a.png https://example.com/b.png",
        "a (1).png (https://a.example/1.png)",
    ],
}


def odd_spellings(chance: random.Random) -> dict[str, str]:
    """One spelling of each field that makes the price: from the table, beside another one, or in other signs."""
    pieces = spellings().pieces()
    words = {role: list(table) for role, table in spellings().words.items()}
    ratios = list(subjects().ratios)

    def around(text: str, *beside: str) -> str:
        form = chance.choice(("{0}", "{0}", "{0} {1}", "{1} {0}", "{0}({1})", "{0} （{1}）", "{0} / {1}", "{0} – {1}", "{1}{0}", "【{0}】", "🖼 {0}", "{0}.", "{1}: {0}"))  # fmt: skip
        return form.format(text, chance.choice(beside))

    oriented, neutral = (
        [part for _, parts in (*pieces["beside"], spellings().pieces_of_cells()["placements"]) for part in parts],
        [word for texts in pieces["neutral"].values() for word in texts],
    )
    marker, colon = chance.choice(pieces["markers"]), chance.choice(":：比对 ")
    width, height = chance.choice(ratios).split(":")
    pixels = chance.choice(
        (
            "1920×1080",
            "1920*1080",
            "1024 x 768 px",
            "1024px x 1024px",
            "16×9",
            "1366x768",
            "1,920 x 1,080",
            "1080 by 1920",
            "16 x 9",
            "1.78:1",
            "2.35:1",
            "04:03",
        )
    )
    ratio = chance.choice((f"{width}{colon}{height}", f"{width} : {height}", chance.choice(words["shape"]), pixels))
    unit, number = (
        chance.choice(sorted(spellings().units)),
        chance.choice((*spellings().numbers, "1", "2", "3", "12")),
    )
    return {
        "shape": around(ratio, *oriented, *neutral, *ratios, marker, "1920x1080", chance.choice(words["shape"])),
        "tier": around(chance.choice(words["tier"]), *oriented, *neutral, marker, chance.choice(words["tier"])),
        "quality": around(chance.choice(words["quality"]), *neutral, marker, *words["quality"]),
        "number": chance.choice((f"{number}{unit}", f"{number} {unit}", f"{unit} {number}", f"x{number}", f"{number} ({marker})", number, f"{number}.0", f"🖼{number}", f"{number} (2)", f"qty: {number}", f"{number} x 2")),
    }  # fmt: skip


def odd_rows(count: int, columns: str = PLAN, *, seed: int = 5) -> list[list[str]]:
    """Rows under titles of the corpus, in all kinds of spellings, with what spreadsheets and people make of them."""
    chance = random.Random(seed)
    (sheet,) = sheets(columns)

    def cell(code: str, number: int) -> str:
        if code.startswith("-"):
            return f"{code[1:]} {chance.choice('ABC')}{number}"
        role = SUBJECTS[code]
        if role == "prompt":
            return chance.choice(["", f'a "fox", {number}', f"a fox\nand a crow {number}", "a tall fox 16:9"])
        spelt = odd_spellings(chance) if role in PRICED and chance.random() < 0.3 else {}
        return spelt.get(role) or chance.choice(PLAIN[role])

    return [sheet.titles, *([cell(code, number) for code in sheet.codes] for number in range(count))]
