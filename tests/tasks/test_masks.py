"""The offline mask check: a PNG with an alpha channel, of the dimensions of the first image, not fully opaque."""

from __future__ import annotations

import struct
import sys
import tracemalloc
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reapi_rules.tasks.masks import check_mask
from reapi_rules.tasks.rules import task_rules
from reapi_rules.terms.findings import Finding

Image = pytest.importorskip("PIL.Image", reason="needs Pillow: pip install 'reapi-rules[mask]'")

EDGES = (6, 4)


def save(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def plain(mode: str = "RGB", edges: tuple[int, int] = EDGES, kind: str = "PNG", **options: Any) -> bytes:
    return save(Image.new(mode, edges), kind, **options)


def with_hole(mode: str = "RGBA", edges: tuple[int, int] = EDGES, alpha: int = 0) -> bytes:
    image = Image.new("RGBA", edges, (9, 9, 9, 255))
    image.putpixel((edges[0] - 1, edges[1] - 1), (9, 9, 9, alpha))
    return save(image.convert(mode))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def header(width: int, height: int, colour: int = 6) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


MASK, IMAGE = with_hole(), plain()


class TestWhatTheUpstreamTakes:
    @pytest.mark.parametrize("mode", ("RGBA", "LA"))
    @pytest.mark.parametrize("alpha", (0, 1, 254))
    def test_a_mask_with_a_hole(self, mode: str, alpha: int) -> None:
        assert check_mask(with_hole(mode, alpha=alpha), IMAGE) == ()

    @pytest.mark.parametrize(
        ("kind", "options"), (("PNG", {}), ("JPEG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}))
    )
    def test_images_of_several_kinds(self, kind: str, options: dict[str, Any]) -> None:
        assert check_mask(MASK, plain(kind=kind, **options)) == ()
        assert ids(check_mask(MASK, plain(edges=(4, 6), kind=kind, **options))) == ["mask.dimensions"]

    @pytest.mark.parametrize("kind", ("PNG", "JPEG", "WEBP"))
    def test_images_of_ordinary_size(self, kind: str) -> None:
        edges = 2100, 1300
        assert check_mask(with_hole(edges=edges), plain(edges=edges, kind=kind)) == ()

    def test_a_webp_with_an_alpha_channel_and_an_animated_one(self) -> None:
        assert check_mask(MASK, plain("RGBA", kind="WEBP")) == ()
        frames = [Image.new("RGB", EDGES, colour) for colour in ("red", "blue")]
        assert check_mask(MASK, save(frames[0], "WEBP", save_all=True, append_images=frames[1:])) == ()


class TestWhatTheUpstreamRefuses:
    @pytest.mark.parametrize("mode", ("1", "L", "P", "RGB", "I;16"))
    def test_no_alpha_channel(self, mode: str) -> None:
        assert ids(check_mask(plain(mode), IMAGE)) == ["mask.no_alpha"]

    @pytest.mark.parametrize("mode", ("RGBA", "LA"))
    def test_fully_opaque(self, mode: str) -> None:
        assert ids(check_mask(with_hole(mode, alpha=255), IMAGE)) == ["mask.opaque"]

    def test_other_dimensions(self) -> None:
        finding = check_mask(MASK, plain(edges=(6, 5)))[0]
        assert (finding.rule, finding.message) == ("mask.dimensions", "the mask is 6x4, but the first image is 6x5")
        assert (finding.pointer, finding.code, finding.level) == ("/mask_url", None, "error")

    def test_all_at_once(self) -> None:
        assert ids(check_mask(plain("RGB"), plain(edges=(1, 1)))) == ["mask.no_alpha", "mask.dimensions"]

    @pytest.mark.parametrize("kind", ("JPEG", "WEBP", "GIF", "BMP", "TIFF"))
    def test_not_a_png(self, kind: str) -> None:
        finding = check_mask(plain(kind=kind), IMAGE)[0]
        assert finding.rule == "mask.not_png"
        assert finding.message.lower() == f"the mask must be a png, but this is {kind.lower()}"

    def test_only_what_is_documented_or_broken_is_an_error(self) -> None:
        levels = {rule.id: rule.level for rule in task_rules().rules if rule.certainty == "documented"}
        errors = {name for name, level in levels.items() if name.startswith("mask.") and level == "error"}
        assert errors == {"mask.not_png", "mask.no_alpha", "mask.opaque", "mask.dimensions"}


class TestWhatThePageLeavesOpen:
    def test_transparency_by_a_colour(self) -> None:
        image = Image.new("P", EDGES, 0)
        image.putpalette((0, 0, 0, 255, 255, 255, 9, 9, 9))
        image.putpixel((0, 0), 1)
        for transparency, rule in ((1, "mask.indirect_alpha"), (2, "mask.opaque")):
            assert ids(check_mask(save(image, transparency=transparency), IMAGE)) == [rule]
        assert ids(check_mask(save(Image.new("L", EDGES), transparency=0), IMAGE)) == ["mask.indirect_alpha"]

    @pytest.mark.parametrize(("colour", "rule"), ((1, "mask.indirect_alpha"), (0, "mask.opaque")))
    def test_transparency_by_a_grey_of_16_bits(self, colour: int, rule: str) -> None:
        grey = chunk(b"IHDR", struct.pack(">IIBBBBB", *EDGES, 16, 0, 0, 0, 0))
        rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\0\1" * EDGES[0]) * EDGES[1]))
        assert ids(check_mask(png(grey, chunk(b"tRNS", struct.pack(">H", colour)), rows), IMAGE)) == [rule]

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_an_image_that_is_shown_turned(self, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        turned = ["mask.rotated_image"] if orientation >= 5 else []
        assert ids(check_mask(MASK, plain(kind="JPEG", exif=exif))) == turned
        assert ids(check_mask(MASK, plain(edges=(4, 6), kind="JPEG", exif=exif))) == (turned or ["mask.dimensions"])
        assert ids(check_mask(MASK, plain(edges=(4, 7), kind="JPEG", exif=exif))) == ["mask.dimensions"]
        assert check_mask(with_hole(edges=(5, 5)), plain(edges=(5, 5), kind="JPEG", exif=exif)) == ()

    @pytest.mark.parametrize("exif", (b"junk", b"II*\0\x08\0\0\0\xff\xff"))
    def test_a_broken_mark_turns_nothing(self, exif: bytes) -> None:
        assert check_mask(MASK, plain(kind="JPEG", exif=b"Exif\0\0" + exif)) == ()

    @pytest.mark.parametrize(
        "image", (b"", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WEBPVP8X", plain(kind="GIF"), b"\xff\xd8\xff")
    )
    def test_an_image_that_can_not_be_read(self, image: bytes) -> None:
        findings = check_mask(MASK, image)
        assert ids(findings) == ["mask.image_unreadable"]
        assert (findings[0].level, findings[0].pointer) == ("warning", "/image_urls/0")


class TestBrokenFilesAndBombs:
    @pytest.mark.parametrize(
        "mask",
        (b"", b"\x89PNG\r\n\x1a\n", MASK[:40], MASK[: len(MASK) // 2], png(header(0, 4)), png(header(6, 4)), png(chunk(b"IDAT", b"") * 3)),
    )  # fmt: skip
    def test_a_broken_mask(self, mask: bytes) -> None:
        assert "mask.unreadable" in ids(check_mask(mask, IMAGE))

    def test_a_bomb_is_not_opened(self) -> None:
        edges = 60_000, 60_000
        bomb = png(header(*edges), chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)))
        tracemalloc.start()
        findings = check_mask(bomb, plain(edges=EDGES))
        assert ids(findings) == ["mask.too_large", "mask.dimensions"]
        assert ids(check_mask(MASK, bomb)) == ["mask.dimensions"]
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()

    def test_the_bound(self) -> None:
        bound = task_rules().mask.max_pixels
        assert "mask.too_large" not in ids(check_mask(png(header(bound, 1)), IMAGE))
        assert "mask.too_large" in ids(check_mask(png(header(bound + 1, 1)), IMAGE))

    def test_a_second_header_does_not_get_past_the_bound(self) -> None:
        bomb = png(header(6, 4), header(60_000, 60_000), chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)))
        finding = check_mask(bomb, IMAGE)[0]
        assert (finding.rule, finding.message) == ("mask.unreadable", "the mask can't be opened: it has two headers")

    def test_a_text_bomb(self) -> None:
        text = chunk(b"zTXt", b"key\0\0" + zlib.compress(b"\0" * 200_000_000))
        bomb = MASK[:33] + text + MASK[33:]
        assert "mask.unreadable" in ids(check_mask(bomb, IMAGE))

    @given(st.binary(max_size=40), st.binary(max_size=40))
    def test_any_bytes(self, mask: bytes, image: bytes) -> None:
        assert check_mask(mask, image)

    @given(st.binary(max_size=8), st.integers(0, 90), st.integers(0, 90), st.sampled_from(("PNG", "JPEG", "WEBP")))
    def test_any_damage(self, junk: bytes, start: int, end: int, kind: str) -> None:
        image = plain(kind=kind)
        check_mask(MASK[:start] + junk + MASK[end:], image[:start] + junk + image[end:])


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.PngImagePlugin", None)
    with pytest.raises(ImportError, match=r'opening a mask needs Pillow: pip install "reapi-rules\[mask\]"'):
        check_mask(MASK, IMAGE)
