"""Strategies for sheets, shared by the tests."""

from __future__ import annotations

import csv
import io

from hypothesis import strategies as st

WORDS = {
    "model": [
        "gpt-image-2-official",
        "gpt-image-2",
        "flux-2",
        "GPT-image-2",
        "dall-e",
        "wan2.7-image",
        "qwen-image-2",
        "z-image",
        "gemini-3-pro-image-preview",
        "midjourney",
    ],
    "size": ["1:1", "16:9", "9:21", "auto", "7:5", "1024x1024", "16:09:00", "04:09 PM", "04:09", " 4:3", "1:2 "],
    "resolution": ["1k", "2K", "4k", " 4K", "8k", "0.5k"],
    "quality": ["auto", "low", "High", "medium", "hd"],
    "n": ["1", "2", "4", "5", "2.0", "x", "2,0", "100", "99"],
    "background": ["auto", "transparent", "white"],
    "moderation": ["low", "auto", "none"],
    "watermark": ["TRUE", "false", "yes"],
    "seed": ["7", "-1", "100", "x"],
    "negative_prompt": ["no text", "no text: none"],
}
PROMPTS = [
    "a fox",
    "a 16:9 fox",
    "fox: red",
    "'=fox",
    "=1+1",
    " ",
    "\u200b",
    "狐狸",
    "x" * 4000,
    "x" * 4001,
    "狐" * 2001,
    "🦊" * 2500,
    "-",
    "'a fox'",
]
URLS = [
    "https://a.example/1.png", "https://a.example/1.png https://a.example/2.png", "https://a.example/1.png,https://a.example/2.png", "http://localhost/x",
    "data:image/png;base64,AA", "x.png", '["https://a.example/1.png"]', "[1]", "[", " ", "https://a.example/1.png " * 17, "https://10.0.0.1/a", "https://a.example:99999/",
]  # fmt: skip
MASKS = ["https://a.example/m.png", "data:x", "m.png", " https://a.example/m.png"]


def cells_of(field: str) -> st.SearchStrategy[str]:
    """Cells under a column of a request: mostly sensible, with a few that are not."""
    known = {**WORDS, "prompt": PROMPTS, "image_urls": URLS, "mask_url": MASKS}[field]
    return st.sampled_from(["", *known]) | st.sampled_from(known[:3])


@st.composite
def plans(draw: st.DrawFn, most_rows: int = 6) -> tuple[list[str], list[list[str]]]:
    """A header and rows of a sheet with some columns of a request and some of the user's own."""
    fields = draw(st.lists(st.sampled_from([*WORDS, "prompt", "image_urls", "mask_url"]), min_size=1, unique=True))
    own = draw(st.lists(st.sampled_from(["asset", "owner", "", "notes", "due"]), max_size=3))
    header = draw(st.permutations(fields + own))
    free = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
        ["", "=1+1", "a,b", 'say "x"', "a\nb", "16:09"]
    )
    row = st.tuples(*(cells_of(title) if title in fields else free for title in header)).map(list)
    blank = st.just([""] * len(header))
    return header, draw(st.lists(row | row | blank, max_size=most_rows))


def spell(table: list[list[str]], delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The table as the csv module writes it; all quoted where it would leave the other line end bare in a cell."""
    if end == "\r" or (end == "\n" and any("\r" in cell for row in table for cell in row)):
        quoting = csv.QUOTE_ALL
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return buffer.getvalue()
