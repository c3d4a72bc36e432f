"""The spellings: what means one thing is read, whatever the language and the signs; what may mean two is not."""

from __future__ import annotations

import re

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
        ("high resolution", None), ("quality", None), ("(default)", None), ("🔴", None), ("⛔ high", None), ("✅ high", "high"), ("✅", None), ("L", None), ("M", "medium"), ("高品质", "high"), ("中等质量", "medium"), ("低档", "low"), ("/", None), ("", None), ("high-quality", "high"), ("HQ", "high"), ("draft", "low"), ("high" + " " * 76 + "高", None),
    ),
)  # fmt: skip
def test_a_quality_in_two_languages_and_other_signs(text: str, meant: str | None) -> None:
    assert spellings().word("quality", text, QUALITIES) == meant


@pytest.mark.parametrize(
    ("text", "size"),
    (
        ("1920×1080", "1920x1080"), ("1920*1080", "1920x1080"), ("1920 x 1080 px", "1920x1080"), ("1920px x 1080px", "1920x1080"), ("1920px×1080px", "1920x1080"), ("1920像素*1080像素", "1920x1080"), ("1920×1080像素", "1920x1080"),
        ("1920x1080 (16:9)", "1920x1080"), ("16:9 (1920x1080)", "16:9"), ("4:3 – 1024 × 768", "4:3"), ("1366x768 (16:9)", "1366x768"), ("3840x1648 (21:9)", "3840x1648"),
        ("1,920 x 1,080", "1920x1080"), ("1.920 × 1.080 px", "1920x1080"), ("1080 by 1920", "1080x1920"), ("1080/1920", "1080x1920"), ("1920x1080 (wide)", "1920x1080"),
        ("Story 1080×1920", "1080x1920"), ("淘宝主图 800*800", "800x800"), ("900x383 (2.35:1)", "900x383"), ("1920x1080 (tall)", None), ("1920 x 1080 x 2", None),
        ("4:3 (1920x1080)", None), ("1400x768 (16:9)", None), ("16×9", "16:9"), ("16 x 9", "16:9"), ("64x63", None), ("64×64", "64x64"), ("1920x1080 / 1080x1920", None),
        ("16:9 (1608x900)", "16:9"), ("16:9 (1609x900)", None), ("W 1920 x H 1080", "1920x1080"), ("width 1920 height 1080", None), ("1920 (W) x 1080 (H)", "1920x1080"), ("1920w x 1080h", "1920x1080"),
        ("16:9 / 4:3", None), ("1024x768 (4:3) (16:9)", None), ("1920×1080" + " " * 72, None), ("30 x 20 cm", None),
    ),
)  # fmt: skip
def test_pixels_and_the_ratio_beside_them(text: str, size: str | None) -> None:
    assert spellings().word("shape", text, {word: word for word in ("16:9", "4:3", "21:9")}, pixels=True) == size


@pytest.mark.parametrize(
    ("text", "number"),
    (
        ("2 Varianten", 2), ("2 fotos", 2), ("2 outputs", 2), ("zwei", 2), ("zwei Bilder", 2), ("deux images", 2), ("2 (default)", 2), ("🖼 2", 2), ("2 variants", 2),
        ("two (2)", 2), ("2 (two)", 2), ("qty: 2", 2), ("叁张", 3), ("두 장", 2), ("un visuel", 1), ("2 un.", 2), ("a pair", 2), ("一对", 2), ("due", 2), ("images: 2", 2), ("数量 2张", 2), ("Anzahl der Bilder 2", 2),
        ("image 2", None), ("Bild: 2", None), ("Option two", None), ("版2", None), ("image 2 images", None),
        ("2 x 2", None), ("2 (three)", None), ("2 each", None), ("No. 2", None), ("3 张/款", None), ("ein Paar", None), ("2组", None), ("2 sets", None), ("2-3", None), ("2/3", None), ("🔟", None), ("2 hours", None), ("2 2", None), ("two two", None),
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
        ("16:9 x 3", None), ("0:9", None), ("square_hd", "1:1"), ("portrait_16_9", "9:16"), ("landscape_16_9", "16:9"), ("portrait_9_16", "9:16"), ("landscape_4_3", "4:3"), ("portrait 16:9", None),
        ("09:16", None), ("9:06", None), ("1920x1080", None), ("800x800 (1:1)", "1:1"), ("W 16 x H 9", "16:9"), ("1:1.5", None), ("1'200:50", None), ("1,78:1", "16:9"), ("1.0:1", "1:1"), ("2.0:1.0", "2:1"),
        ("2:1 ultra-wide", "2:1"), ("16:9 cinematic", "16:9"), ("9:16 ultrawide", None),
    ),
)  # fmt: skip
def test_a_shape_among_words_that_agree_with_it(text: str, meant: str | None) -> None:
    assert spellings().word("shape", text, SHAPES) == meant


def test_some_words_mean_it_only_where_a_program_sent_them() -> None:
    for text, meant in (("hd", "high"), ("standard", "medium"), ("4k", None)):
        assert spellings().word("quality", text, QUALITIES) is None
        assert spellings().word("quality", text, QUALITIES, sent=True) == meant


def test_half_of_the_last_decimal_is_rounded_either_way() -> None:
    for text, meant in (("1.12:1", "9:8"), ("1.13:1", "9:8"), ("1.11:1", None), ("1.125:1", "9:8"), ("1:1.13", None)):
        assert spellings().word("shape", text, {"9:8": "9:8"}) == meant


def test_a_field_that_nobody_spells_has_its_own_words_alone() -> None:
    assert spellings().word("mood", "very sad", {"sad": "sad"}) is None


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


class TestWhatATextSays:
    """What cells, bodies and forms ask of a text; one of more than 80 characters is nobody's spelling."""

    TIERS = {"1k": "1k", "2k": "2k", "4k": "4k"}

    def test_that_it_is_a_word_where_nothing_says_so(self) -> None:
        known = spellings()
        assert [known.says("quality", text, QUALITIES) for text in ("hoch", "draft", "HQ", "brown")] == [
            True,
            False,
            False,
            False,
        ]
        assert [known.says("tier", text, self.TIERS) for text in ("2K", "2048", "4K UHD")] == [True, False, True]
        assert not known.says("tier", "2K" + " " * 79, self.TIERS)

    @pytest.mark.parametrize(
        ("text", "meant"),
        (
            ("16:9 2K", ("16:9", "2k")), ("4K, 9:16", ("9:16", "4k")), ("16:9", ("16:9", None)), ("2K", (None, None)), ("16:9 2k 4k", (None, None)), ("16:9 1.0k", ("16:9", "1k")),
            ("16:9 4k Instagram", (None, None)), ("16:9 4k UHD", ("16:9", "4k")), ("16:9 2k UHD", (None, None)), ("2k" + " " * 74 + "16:9", ("16:9", "2k")), ("2k" + " " * 75 + "16:9", (None, None)),
        ),
    )  # fmt: skip
    def test_ratio_and_resolution_at_once(self, text: str, meant: tuple[str | None, str | None]) -> None:
        assert spellings().shape_and_tier(text, SHAPES) == meant

    def test_an_orientation_or_a_resolution_alone(self) -> None:
        texts = ("Querformat", "竖版", "square", "wide 2k", "UHD", "高清", "post", "w" * 81)
        assert [spellings().kind(text) for text in texts] == [
            "landscape",
            "portrait",
            "square",
            None,
            "4k",
            "2k",
            None,
            None,
        ]
        assert [spellings().orientation(text) for text in texts] == ["landscape", "portrait", "square", *[None] * 5]
        assert spellings().kind("wide" + " " * 76) == "landscape"
        assert spellings().kind("wide" + " " * 77) is None

    def test_no_more_than_a_blank(self) -> None:
        assert [spellings().is_default(text) for text in ("默认", "default", "DEFAULT ", "high", "")] == [
            True,
            True,
            True,
            False,
            False,
        ]
        assert (spellings().is_default("default" + " " * 73), spellings().is_default("default" + " " * 74)) == (
            True,
            False,
        )

    @pytest.mark.parametrize(
        ("text", "sides"),
        (
            ("1.91:1", (19_100, 10_000)), ("1,200 x 628", (12_000_000, 6_280_000)), ("16:9", (160_000, 90_000)), ("1.5 : 1.25", (15_000, 12_500)), ("w 20 x h 10", (200_000, 100_000)),
            ("1'200 × 1’080", (12_000_000, 10_800_000)), ("0:9", None), ("9:0", None), ("16", None), ("16:9 wide", None), ("16:9" + " " * 76, (160_000, 90_000)), ("16:9" + " " * 77, None),
        ),
    )  # fmt: skip
    def test_the_two_numbers_of_a_size(self, text: str, sides: tuple[int, int] | None) -> None:
        assert spellings().sides(text) == sides

    @pytest.mark.parametrize(
        ("text", "edge"),
        (
            ("1920", 1920), ("1920.0", 1920), ("1,920 px", 1920), ("1.920", 1920), ("1 920 pixels", 1920), ("1'920像素", 1920), ("30 cm", None), ("19.5", None), ("1920 pxs", None), ("", None),
            ("1920" + " " * 76, 1920), ("1920" + " " * 77, None),
        ),
    )  # fmt: skip
    def test_the_pixels_of_one_edge(self, text: str, edge: int | None) -> None:
        assert spellings().edge(text) == edge

    def test_a_text_without_its_numbers(self) -> None:
        texts = ("Total: 4 images", "合计4张", "2 张", "Sum of 3 big images", "x" * 81)
        assert [spellings().without_count(text) for text in texts] == ["total", "合计", "", "sum big", "x" * 81]

    def test_the_words_of_a_meaning(self) -> None:
        square, landscape = spellings().saying("square"), spellings().saying("landscape")
        assert square == sorted(square)
        assert {"square", "方形", "instagram", "size"} <= {*square}
        assert "wide" not in square
        assert {"wide", "instagram"} <= {*landscape}
        assert {"qhd", "fhd"} <= {*spellings().saying("2k")}

    def test_what_other_languages_read_them_by(self) -> None:
        """The data of the JavaScript module, which says as much of the same texts."""
        pieces, cells = spellings().pieces(), spellings().pieces_of_cells()
        assert [*pieces] == [
            "words",
            "sent",
            "beside",
            "neutral",
            "markers",
            "signs",
            "edges",
            "colons",
            "pictures",
            "numbers",
            "units",
        ]
        assert pieces["sent"] == {"quality": {"medium": ["standard"], "high": ["hd"]}}
        assert {"draft", "low", "低"} <= {*pieces["words"]["quality"]["low"]}
        assert {"two", "zwei", "二"} <= {*pieces["numbers"][2]}
        assert [meant for meant, _ in pieces["beside"][:3]] == [("landscape",), ("portrait",), ("square",)]
        assert pieces["signs"]["×"] == "x"
        assert "default" in pieces["markers"]
        assert all("px" not in units for units in pieces["units"])
        before, behind = map(set, pieces["units"])
        assert {"images", "x"} <= before
        assert {"image", "张"} <= behind
        assert not before & behind
        assert {"比", "by", "to"} <= {*pieces["colons"]}
        assert {"width", "w"} <= {*pieces["edges"]["width"]}
        assert re.search(pieces["pictures"], "🖼")
        assert "quality" in pieces["neutral"]["quality"]
        assert [*cells] == ["synonyms", "defaults", "none", "placements"]
        assert "draft" in cells["synonyms"]["quality"]
        assert "default" in cells["defaults"]
        assert cells["placements"][0] == ("landscape", "portrait", "square")
        assert "instagram" in cells["placements"][1]
        assert all("instagram" not in texts for _, texts in pieces["beside"])
