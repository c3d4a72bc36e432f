"""The spellings: what means one thing is read, whatever the language and the signs; what may mean two is not."""

from __future__ import annotations

import pytest

from reapi_rules.catalog.spellings import spellings

QUALITIES = {word: word for word in ("auto", "low", "medium", "high")}


def test_a_grade_stands_beside_any_resolution_that_has_it() -> None:
    tiers = {"1k": "1k", "2k": "2k", "4k": "4k"}
    read = [spellings().word("tier", text, tiers) for text in ("1k HD", "4K (Ultra HD)", "2k hd", "2k fhd")]
    assert read == ["1k", "4k", None, "2k"]


@pytest.mark.parametrize(
    ("text", "meant"),
    (
        ("2K (2048px)", "2k"), ("2K (2048)", "2k"), ("2k 2048 像素", "2k"), ("4K (3840px)", "4k"), ("4K 2160p", "4k"), ("2K (默认)", "2k"), ("4K – UHD", "4k"),
        ("2K (4096px)", None), ("1K 2160p", None), ("2048px", "2k"), ("2K / 4K", None), ("默认", None), ("2K (20480)", None), ("2.0K", "2k"), ("2048", "2k"), ("QHD", None),
    ),
)  # fmt: skip
def test_a_resolution_with_the_edge_that_it_stands_for(text: str, meant: str | None) -> None:
    assert spellings().word("tier", text, {"1k": "1k", "2k": "2k", "4k": "4k"}) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    (
        ("High / 高", "high"), ("High(高)", "high"), ("Auto / 自动", "auto"), ("低\n(Low)", "low"), ("Baja – Low", "low"), ("Med.", "medium"),
        ("标准", "medium"), ("標準", "medium"), ("高级", "high"), ("중급", "medium"), ("高画質", "high"), ("低画質", "low"), ("🔴 High", "high"),
        ("haute qualité", "high"), ("Qualität: hoch", "high"), ("niedrige Qualität", "low"), ("medium (default)", "medium"), ("高（默认）", "high"), ("【高】", "high"),
        ("默认", "auto"), ("high / low", None), ("auto (high)", None), ("默认 (高)", None), ("medium-high", None), ("very high", None), ("not low", None),
        ("high resolution", None), ("quality", None), ("(default)", None), ("🔴", None), ("⛔ high", None), ("/", None), ("", None), ("high-quality", "high"), ("HQ", "high"), ("draft", "low"), ("high" + " " * 76 + "高", None),
    ),
)  # fmt: skip
def test_a_quality_in_two_languages_and_other_signs(text: str, meant: str | None) -> None:
    assert spellings().word("quality", text, QUALITIES) == meant


@pytest.mark.parametrize(
    ("text", "size"),
    (
        ("1920×1080", "1920x1080"), ("1920*1080", "1920x1080"), ("1920 x 1080 px", "1920x1080"), ("1920px x 1080px", "1920x1080"), ("1920×1080像素", "1920x1080"),
        ("1920x1080 (16:9)", "1920x1080"), ("16:9 (1920x1080)", "16:9"), ("4:3 – 1024 × 768", "4:3"), ("1366x768 (16:9)", "1366x768"), ("3840x1648 (21:9)", "3840x1648"),
        ("1,920 x 1,080", "1920x1080"), ("1.920 × 1.080 px", "1920x1080"), ("1080 by 1920", "1080x1920"), ("1080/1920", "1080x1920"), ("1920x1080 (wide)", "1920x1080"),
        ("Story 1080×1920", "1080x1920"), ("淘宝主图 800*800", "800x800"), ("900x383 (2.35:1)", "900x383"), ("1920x1080 (tall)", None), ("1920 x 1080 x 2", None),
        ("4:3 (1920x1080)", None), ("1400x768 (16:9)", None), ("16×9", "16:9"), ("16 x 9", "16:9"), ("64x63", None), ("64×64", "64x64"), ("1920x1080 / 1080x1920", None),
        ("16:9 / 4:3", None), ("1024x768 (4:3) (16:9)", None), ("1920×1080" + " " * 72, None), ("30 x 20 cm", None),
    ),
)  # fmt: skip
def test_pixels_and_the_ratio_beside_them(text: str, size: str | None) -> None:
    assert spellings().word("shape", text, {word: word for word in ("16:9", "4:3", "21:9")}, pixels=True) == size


@pytest.mark.parametrize(
    ("text", "number"),
    (
        ("2 Varianten", 2), ("2 fotos", 2), ("2 outputs", 2), ("zwei", 2), ("zwei Bilder", 2), ("deux images", 2), ("2 (default)", 2), ("🖼 2", 2), ("2 variants", 2),
        ("two (2)", 2), ("2 (two)", 2), ("qty: 2", 2), ("叁张", 3), ("두 장", 2), ("un visuel", 1), ("2 un.", 2), ("a pair", 2), ("一对", 2), ("due", 2),
        ("2 x 2", None), ("2 (three)", None), ("2 each", None), ("No. 2", None), ("3 张/款", None), ("ein Paar", None), ("2组", None), ("2 sets", None), ("2-3", None), ("2/3", None), ("🔟", None), ("2 hours", None),
    ),
)  # fmt: skip
def test_numbers_of_images_in_words(text: str, number: int | None) -> None:
    assert spellings().number(text) == number


SHAPES = {word: word for word in ("1:1", "16:9", "9:16", "3:2", "4:3", "2:1", "21:9", "auto")}


@pytest.mark.parametrize(
    ("text", "meant"),
    (
        ("16:9 横向", "16:9"), ("16 : 9 wide", "16:9"), ("16\uff1a9", "16:9"), ("9:16 wide", None), ("1:1 square", "1:1"),
        ("quadratisch 1:1", "1:1"), ("quadratisch 16:9", None), ("1:1 wide", None), ("16:9 or 9:16", None), ("16:9!", None), ("16:9 fox", None), ("横版16:9", "16:9"),
        ("16:9" + " " * 77, None), ("16:9 – Landscape", "16:9"), ("16:9 — portrait", None), ("16比9", "16:9"), ("横版16比9", "16:9"), ("16 : 9 (默认)", "16:9"),
        ("【16:9】", "16:9"), ("🖼 16:9", "16:9"), ("16:9 🖼️", "16:9"), ("🚫 16:9", None), ("❌ 16:9", None), ("auto / 自动", "auto"), ("1:1 / 16:9", None), ("16:9 (9:16)", None),
        ("1.78:1", "16:9"), ("1.33:1", "4:3"), ("1:1.78", "9:16"), ("1.5:1", "3:2"), ("1.8:1", None), ("1.91:1", None), ("2.35:1", None), ("8:4", "2:1"), ("16/9", "16:9"),
        ("16 to 9", "16:9"), ("sixteen by nine", "16:9"), ("十六比九", "16:9"), ("Quadrat", "1:1"), ("정사각형", "1:1"), ("square", "1:1"), ("landscape", None),
        ("Instagram Story (9:16)", "9:16"), ("4:3 小红书封面", "4:3"), ("抖音 9:16 竖屏", "9:16"), ("バナー用 16:9", "16:9"), ("Story 1:1", None), ("not 16:9", None), ("16:9 2k", None),
        ("16:9 x 3", None), ("0:9", None),
    ),
)  # fmt: skip
def test_a_shape_among_words_that_agree_with_it(text: str, meant: str | None) -> None:
    assert spellings().word("shape", text, SHAPES) == meant


def test_only_shapes_and_resolutions_stand_among_words() -> None:
    assert spellings().word("quality", "16:9 wide", SHAPES) is None


def test_a_number_of_80_characters_at_most() -> None:
    assert spellings().number("2" + " " * 78 + "张") == 2
    assert spellings().number("2" + " " * 79 + "张") is None


def test_where_a_picture_goes_is_said_in_cells_only() -> None:
    for text, meant in (("16:9 Instagram", None), ("16:9 landscape", "16:9"), ("--ar 16:9", "16:9")):
        assert spellings().word("shape", text, {"16:9": "16:9"}) == "16:9"
        assert spellings().word("shape", text, {"16:9": "16:9"}, sent=True) == meant
    assert spellings().word("tier", "1024 1024", {"1k": "1k"}) is None
