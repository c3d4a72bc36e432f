"""The offline mask check: a PNG with an alpha channel, of the dimensions of the first image, not fully opaque."""

from __future__ import annotations

import struct
import sys
import tracemalloc
import warnings
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reapi_rules.catalog.messages import text
from reapi_rules.catalog.task_rules import task_rules
from reapi_rules.tasks.masks import check_mask
from reapi_rules.terms.findings import Finding

Image = pytest.importorskip("PIL.Image", reason="needs Pillow: pip install '.[mask]'")

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


def turned(orientation: int, byte_order: str = "<", tag: int = 0x0112, kind: int = 3) -> bytes:
    """EXIF data that say how an image is to be turned, behind another entry."""
    start = {"<": b"II*\0", ">": b"MM\0*"}[byte_order] + struct.pack(f"{byte_order}IH", 8, 2)
    entries = (0x010F, 2, 1, 0), (tag, kind, 1, orientation)
    return start + b"".join(struct.pack(f"{byte_order}HHIHxx", *entry) for entry in entries)


def with_exif(kind: str, exif: bytes, edges: tuple[int, int] = EDGES) -> bytes:
    """An image of this kind with EXIF data, byte for byte."""
    image = plain(edges=edges, kind=kind)
    if kind == "JPEG":
        content = b"Exif\0\0" + exif
        return image[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + image[2:]
    if kind == "PNG":
        return image[:-12] + chunk(b"eXIf", exif) + image[-12:]
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x08\0\0\0"
    extended += (edges[0] - 1).to_bytes(3, "little") + (edges[1] - 1).to_bytes(3, "little")
    chunks = extended + image[12:] + b"EXIF" + struct.pack("<I", len(exif)) + exif
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


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

    @pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP"))
    @pytest.mark.parametrize("orientation", range(10))
    def test_an_image_that_is_shown_turned(self, orientation: int, kind: str) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        rotated = ["mask.rotated_image"] if orientation in (2, 3, 4, 5, 6, 7, 8) else []
        sideways = ["mask.rotated_image" if orientation in (5, 6, 7, 8) else "mask.dimensions"]
        assert ids(check_mask(MASK, plain(kind=kind, exif=exif))) == rotated
        assert ids(check_mask(MASK, plain(edges=(4, 6), kind=kind, exif=exif))) == sideways
        assert ids(check_mask(MASK, plain(edges=(4, 7), kind=kind, exif=exif))) == ["mask.dimensions"]
        assert ids(check_mask(with_hole(edges=(5, 5)), plain(edges=(5, 5), kind=kind, exif=exif))) == rotated

    @pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP"))
    @pytest.mark.parametrize("byte_order", ("<", ">"))
    def test_it_is_turned_wherever_the_mark_is(self, byte_order: str, kind: str) -> None:
        mark = turned(6, byte_order)
        assert ids(check_mask(MASK, with_exif(kind, mark))) == ["mask.rotated_image"]
        if kind != "JPEG":  # where it has this start already
            assert ids(check_mask(MASK, with_exif(kind, b"Exif\0\0" + mark))) == ["mask.rotated_image"]

    @pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP"))
    @pytest.mark.parametrize(
        "exif",
        (
            b"", b"junk", b"II*\0", b"II*\0\x08\0\0\0\xff\xff", b"II*\0\xff\xff\xff\xff", b"XX" + turned(6)[2:], turned(6)[:-6],
            turned(6, tag=0x0113), turned(6, kind=2), b"MM\0*" + turned(6)[4:], turned(6)[:8] + b"\1\0" + turned(6)[10:],
        ),
    )  # fmt: skip
    def test_a_broken_mark_turns_nothing(self, exif: bytes, kind: str) -> None:
        assert check_mask(MASK, with_exif(kind, exif)) == ()

    def test_only_a_mark_turns(self) -> None:
        stray = MASK[:33] + chunk(b"eXIg", turned(6)) + MASK[33:]
        assert check_mask(MASK, stray) == ()

    @pytest.mark.parametrize(
        ("image", "why"),
        (
            (b"", "it is not a known kind of image"), (b"%PDF-1.7", "it is not a known kind of image"),
            (b"RIFF\0\0\0\0WAVE", "it is not a known kind of image"), (plain(kind="GIF"), "it is GIF"), (plain(kind="TIFF"), "it is TIFF"),
            (b"RIFF\0\0\0\0WEBPVP8X", "its header is broken"), (b"\xff\xd8\xff", "its header is broken"), (IMAGE[:28], "its header is broken"), (IMAGE[:8] + IMAGE[33:], "its header is broken"),
        ),
    )  # fmt: skip
    def test_an_image_that_can_not_be_read(self, image: bytes, why: str) -> None:
        findings = check_mask(MASK, image)
        assert ids(findings) == ["mask.image_unreadable"]
        assert (findings[0].level, findings[0].pointer) == ("warning", "/image_urls/0")
        assert findings[0].message == f"the first image can't be read: {why}"


class TestBrokenFilesAndBombs:
    @pytest.mark.parametrize(
        "mask",
        (b"", b"\x89PNG\r\n\x1a\n", MASK[:40], MASK[: len(MASK) // 2], png(header(0, 4)), png(header(6, 4)), png(chunk(b"IDAT", b"") * 3)),
    )  # fmt: skip
    def test_a_broken_mask(self, mask: bytes) -> None:
        (finding,) = (each for each in check_mask(mask, IMAGE) if each.rule == "mask.unreadable")
        assert not finding.message.endswith(("None", ": "))

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
        bound = task_rules().most_mask_pixels
        assert "mask.too_large" not in ids(check_mask(png(header(bound, 1)), IMAGE))
        assert "mask.too_large" in ids(check_mask(png(header(bound + 1, 1)), IMAGE))
        assert "mask.too_large" in ids(check_mask(png(header(1, bound + 1)), IMAGE))

    def test_a_second_header_does_not_get_past_the_bound(self) -> None:
        bomb = png(header(6, 4), header(60_000, 60_000), chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)))
        finding = check_mask(bomb, IMAGE)[0]
        assert (finding.rule, finding.message) == ("mask.unreadable", "the mask can't be opened: it has two headers")

    def test_a_text_bomb_is_not_unpacked(self) -> None:
        text = chunk(b"zTXt", b"key\0\0" + zlib.compress(b"\0" * 200_000_000))
        bomb = MASK[:33] + text + MASK[33:]
        tracemalloc.start()
        assert check_mask(bomb, bomb) == ()
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()

    @pytest.mark.parametrize(
        ("depth", "colour"), ((3, 0), (0, 0), (32, 6), (16, 3), (4, 2), (8, 1), (8, 5), (8, 7), (2, 4), (4, 6))
    )
    def test_a_header_that_no_png_has(self, depth: int, colour: int) -> None:
        broken = chunk(b"IHDR", struct.pack(">IIBBBBB", *EDGES, depth, colour, 0, 0, 0))
        finding = check_mask(png(broken, chunk(b"IDAT", zlib.compress(b"\0" * 999))), IMAGE)[0]
        assert (finding.rule, finding.message) == ("mask.unreadable", "the mask can't be opened: its header is broken")

    def test_the_header_comes_first_and_whole(self) -> None:
        text, short = chunk(b"tEXt", b"key\0text"), chunk(b"IHDR", struct.pack(">II", *EDGES))
        late = MASK[:8] + text + MASK[8:]
        assert ids(check_mask(late, IMAGE)) == ["mask.unreadable"]
        assert ids(check_mask(png(short), IMAGE)) == ["mask.unreadable"]
        assert ids(check_mask(MASK, late)) == ["mask.image_unreadable"]

    @given(st.binary(max_size=40), st.binary(max_size=40))
    def test_any_bytes(self, mask: bytes, image: bytes) -> None:
        assert check_mask(mask, image)

    @given(st.binary(max_size=8), st.integers(0, 90), st.integers(0, 90), st.sampled_from(("PNG", "JPEG", "WEBP")))
    def test_any_damage(self, junk: bytes, start: int, end: int, kind: str) -> None:
        image = plain(kind=kind)
        check_mask(MASK[:start] + junk + MASK[end:], image[:start] + junk + image[end:])


class Png(NamedTuple):
    """A PNG as its numbers: the samples of each pixel, row by row, and what is transparent."""

    depth: int
    colour: int
    interlaced: bool
    rows: tuple[tuple[tuple[int, ...], ...], ...]
    key: bytes

    @property
    def edges(self) -> tuple[int, int]:
        return len(self.rows[0]), len(self.rows)

    def encode(self) -> bytes:
        head = struct.pack(">IIBBBBB", *self.edges, self.depth, self.colour, 0, 0, self.interlaced)
        rows = b"".join(map(self.line, self.passes() if self.interlaced else self.rows))
        trns = (chunk(b"tRNS", self.key),) if self.key else ()
        palette = (chunk(b"PLTE", bytes(3 * 2**self.depth)),) if self.colour == 3 else ()
        return png(chunk(b"IHDR", head), *palette, *trns, chunk(b"IDAT", zlib.compress(rows)))

    def passes(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        """The rows of Adam7."""
        for x, y, right, down in (
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ):
            yield from (row[x::right] for row in self.rows[y::down] if row[x::right])

    def line(self, row: tuple[tuple[int, ...], ...]) -> bytes:
        bits = "".join(f"{sample:0{self.depth}b}" for pixel in row for sample in pixel)
        bits += "0" * (-len(bits) % 8)
        return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")

    @property
    def rule(self) -> list[str]:
        """What the specification of PNG makes of it; of 16 bits only the upper 8 count, but for grey."""
        pixels = [pixel for row in self.rows for pixel in row]
        if self.colour in (4, 6):
            return [] if any(pixel[-1] >> self.depth - 8 < 255 for pixel in pixels) else ["mask.opaque"]
        if not self.key:
            return ["mask.no_alpha"]
        if self.colour == 3:
            found = any(pixel[0] < len(self.key) and self.key[pixel[0]] < 255 for pixel in pixels)
        else:
            key = struct.unpack(f">{len(self.key) // 2}H", self.key)
            unused = 8 if (self.depth, self.colour) == (16, 2) else 0
            found = any([value >> unused for value in pixel] == [value >> unused for value in key] for pixel in pixels)
        return ["mask.indirect_alpha" if found else "mask.opaque"]


@st.composite
def pngs(draw: st.DrawFn) -> Png:
    """Every kind of PNG, with few colours, so that the transparent one is often among them."""
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    colour = draw(st.sampled_from(tuple(depths)))
    depth = draw(st.sampled_from(depths[colour]))
    bands = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    most = 2**depth - 1
    samples = st.sampled_from(sorted({0, 1, most - 1, most, most >> 1, min(most, 0x0102), most & 0xFF00}))
    pixels = draw(st.lists(st.tuples(*[samples] * bands), min_size=1, max_size=3))
    width = draw(st.integers(1, 9))
    row = st.tuples(*[st.sampled_from(pixels)] * width)
    rows = draw(st.lists(row, min_size=1, max_size=9))
    if colour == 3:
        alphas = st.sampled_from((0, 1, 254, 255))
        key = bytes(draw(st.lists(alphas, max_size=2**depth)))
    elif colour in (0, 2):
        key = struct.pack(f">{bands}H", *draw(st.sampled_from(pixels) | st.tuples(*[samples] * bands)))
    else:
        key = b""
    return Png(depth, colour, draw(st.booleans()), tuple(rows), draw(st.sampled_from((key, key, b""))))


class TestEveryKindOfPng:
    """Held against the specification, written down a second time."""

    @given(pngs())
    @example(Png(2, 0, False, (((1,),) * 3,) * 2, b"\0\1"))
    @example(Png(4, 0, False, (((7,),) * 3,) * 2, b"\0\7"))
    @example(Png(16, 2, False, (((0x1234, 0x5678, 0x9ABC),) * 3,) * 2, bytes.fromhex("123456789abc")))
    @example(Png(16, 0, False, (((0x0300,), (0x0400,)),), b"\4\1"))
    @example(Png(16, 0, False, (((0x0102,), (0x0900,)),), b"\1\2"))
    @example(Png(16, 0, False, (((0x0100,), (0x0002,)),), b"\1\2"))
    @example(Png(16, 2, False, (((0x0100, 0x0300, 0x0200),),), b"\1\0\2\0\3\0"))
    @example(Png(16, 4, False, (((5, 0x00FF),),), b""))
    @example(Png(8, 3, False, (((5,), (7,)),), b"\xff\0"))
    @example(Png(8, 3, False, (((1,), (7,)),), b"\xff\0"))
    @example(Png(8, 2, True, (((1, 2, 3), (3, 2, 1)),), b"\0\1\0\2\0\3"))
    def test_its_transparency(self, mask: Png) -> None:
        image = plain(edges=mask.edges)
        assert ids(check_mask(mask.encode(), image)) == mask.rule

    @pytest.mark.parametrize("key", (b"\0", b"\0\1\0", b"\0\1\0\1\0\1\0\1"))
    @pytest.mark.parametrize("colour", (0, 2))
    def test_a_transparent_colour_of_the_wrong_length_is_none(self, colour: int, key: bytes) -> None:
        mask = Png(8, colour, False, (((1,) * (colour + 1),) * 6,) * 4, key)
        assert ids(check_mask(mask.encode(), IMAGE)) == ["mask.no_alpha"]

    def test_bits_of_the_colour_that_no_pixel_has_do_not_count(self) -> None:
        for depth, key in ((1, b"\xff\xfe"), (2, b"\0\x04"), (4, b"\1\0"), (8, b"\1\0")):
            mask = Png(depth, 0, False, (((0,),) * 6,) * 4, key)
            assert ids(check_mask(mask.encode(), IMAGE)) == ["mask.indirect_alpha"]

    def test_a_transparent_colour_after_the_pixels_or_beside_a_channel_is_none(self) -> None:
        grey, key = Png(8, 0, False, (((0,),) * 6,) * 4, b"").encode(), chunk(b"tRNS", b"\0\0")
        assert ids(check_mask(grey[:-12] + key + grey[-12:], IMAGE)) == ["mask.no_alpha"]
        opaque = with_hole(alpha=255)
        assert ids(check_mask(opaque[:33] + key + opaque[33:], IMAGE)) == ["mask.opaque"]

    def test_pixels_in_several_chunks(self) -> None:
        at, end = MASK.index(b"IDAT") - 4, MASK.index(b"IEND") - 4
        pixels = MASK[at + 8 : end - 4]
        parts = (chunk(b"IDAT", pixels[start : start + 3]) for start in range(0, len(pixels), 3))
        assert check_mask(MASK[:at] + b"".join(parts) + MASK[end:], IMAGE) == ()


class TestHeaders:
    """Edges are those that Pillow reads."""

    @given(
        st.sampled_from((("L", "JPEG"), ("RGB", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP"), ("RGBA", "WEBP"), ("RGB", "PNG"))),
        st.tuples(st.integers(1, 300), st.integers(1, 300)),
        st.booleans(),
        st.booleans(),
    )  # fmt: skip
    def test_of_any_edges(self, kind: tuple[str, str], edges: tuple[int, int], first: bool, second: bool) -> None:
        options: dict[str, dict[str, Any]] = {
            "JPEG": {"progressive": first, "comment": b"x" * 300 * second},
            "WEBP": {"lossless": first, "exact": second},
            "PNG": {},
        }
        image = plain(kind[0], edges, kind[1], **options[kind[1]])
        wrong = check_mask(MASK, image)
        assert ids(wrong) == ([] if edges == EDGES else ["mask.dimensions"])
        if wrong:
            assert wrong[0].message.endswith(f" {edges[0]}x{edges[1]}")

    def test_a_jpeg_with_filling_and_markers_without_content(self) -> None:
        jpeg = plain(kind="JPEG")
        for filling in (b"\xff\x01", b"\xff\xff\x01", b"\xff\xff\xff\x01", b"\xff\xd0", b"\xff\xff\xd8"):
            assert check_mask(MASK, jpeg[:2] + filling + jpeg[2:]) == ()

    def test_a_jpeg_that_stops_before_its_frame(self) -> None:
        jpeg = plain(kind="JPEG")
        frame = jpeg.index(b"\xff\xc0")
        for image in (
            jpeg[:frame], jpeg[:frame + 7], jpeg[:frame] + b"\xff\xd9\0\2" + jpeg[frame:], jpeg[:frame] + b"\xff\xda\0\2" + jpeg[frame:],
            jpeg[:frame] + b"\0" + jpeg[frame:], jpeg[:frame] + b"\xff\xc4" + jpeg[frame + 2:],
        ):  # fmt: skip
            assert ids(check_mask(MASK, image)) == ["mask.image_unreadable"]

    @pytest.mark.parametrize("marker", (b"\xc4", b"\xc8", b"\xcc"))
    def test_a_jpeg_with_other_segments_before_its_frame(self, marker: bytes) -> None:
        jpeg = plain(kind="JPEG")
        other = b"\xff" + marker + struct.pack(">HBHHB", 8, 8, 99, 99, 0)
        assert check_mask(MASK, jpeg[:2] + other + jpeg[2:]) == ()

    def test_a_jpeg_with_a_segment_of_no_length_ends(self) -> None:
        jpeg = plain(kind="JPEG")
        assert check_mask(MASK, jpeg[:2] + b"\xff\xe5\0\0" + jpeg[2:]) == ()

    @pytest.mark.parametrize(("start", "junk"), ((12, b"VP9 "), (23, b"\0\0\0"), (26, b"\0\0"), (28, b"\0\0")))
    def test_a_webp_with_a_broken_header(self, start: int, junk: bytes) -> None:
        webp = plain(kind="WEBP")
        assert webp[12:16] == b"VP8 "
        broken = webp[:start] + junk + webp[start + len(junk) :]
        assert ids(check_mask(MASK, broken)) == ["mask.image_unreadable"]

    def test_a_webp_with_a_chunk_of_odd_length(self) -> None:
        webp = with_exif("WEBP", turned(6))
        odd = webp[:30] + b"ICCP" + struct.pack("<I", 1) + b"x\0" + webp[30:]
        assert ids(check_mask(MASK, odd)) == ["mask.rotated_image"]

    @pytest.mark.parametrize("mode", ("RGB", "RGBA"))
    @pytest.mark.parametrize("options", ({}, {"lossless": True}, {"save_all": True}))
    def test_a_webp_that_is_cut_off(self, options: dict[str, Any], mode: str) -> None:
        webp = plain(mode, kind="WEBP", **options)
        least = {b"VP8X": 30, b"VP8 ": 30, b"VP8L": 25}[webp[12:16]]
        assert check_mask(MASK, webp[:least]) == ()
        assert ids(check_mask(MASK, webp[: least - 1])) == ["mask.image_unreadable"]
        assert ids(check_mask(MASK, webp[:20] + b"\0" + webp[21:])) == (
            ["mask.image_unreadable"] if least == 25 else []
        )


class TestTheProcess:
    """Nothing that others share is touched."""

    FILES = (
        MASK, IMAGE, plain(kind="JPEG"), plain(kind="WEBP"), b"junk", MASK[:60], with_exif("JPEG", b"II*\0\x08\0\0\0\xff\xff"),
        MASK[:33] + chunk(b"acTL", b"\0") + MASK[33:], MASK[:33] + chunk(b"acTL", bytes(8)) + MASK[33:],
        with_exif("JPEG", turned(6)[:-5]), save(Image.new("P", EDGES), transparency=b"\1\2"),
    )  # fmt: skip

    def test_no_file_makes_pillow_warn(self) -> None:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            for mask in self.FILES:
                for image in self.FILES:
                    check_mask(mask, image)
        assert heard == []

    def test_the_warnings_of_a_process_with_threads(self) -> None:
        filters, before = warnings.filters, list(warnings.filters)
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(lambda mask: check_mask(mask, IMAGE), self.FILES * 40))
        assert found == [check_mask(mask, IMAGE) for mask in self.FILES] * 40
        assert warnings.filters is filters
        assert list(warnings.filters) == before
        with pytest.warns(UserWarning, match="still heard"):
            warnings.warn("still heard", stacklevel=1)

    def test_it_does_not_ask_for_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("catch_warnings", "simplefilter", "filterwarnings", "resetwarnings"):
            monkeypatch.delattr(warnings, name)
        assert check_mask(MASK, with_exif("JPEG", turned(1))) == ()


@pytest.mark.parametrize("other", ("mask.png", None, 5, BytesIO(b"x"), type("Odd", (str,), {})()))
def test_of_what_is_no_bytes_the_type_is_named(other: Any) -> None:
    for found, rule in (
        (check_mask(other, b"")[0], "unreadable"),
        (check_mask(b"GIF8", other)[-1], "image_unreadable"),
    ):
        assert found.rule == f"mask.{rule}"
        assert f"it is of the Python type {type(other).__name__}: give the bytes of the file" in found.message


def test_bytes_of_any_kind() -> None:
    for kind in (bytearray, memoryview):
        assert [each.rule for each in check_mask(kind(b"GIF8"), kind(b"BM"))] == [
            "mask.not_png",
            "mask.image_unreadable",
        ]
    view: Any = memoryview(b"GIF8")
    view.release()
    assert [each.rule for each in check_mask(view, b"BM")] == ["mask.unreadable", "mask.image_unreadable"]


@pytest.mark.parametrize(("brand", "kind"), ((b"avif", "AVIF"), (b"heic", "HEIC")))
def test_formats_of_phones_are_named(brand: bytes, kind: str) -> None:
    file = b"\0\0\0\x1cftyp" + brand + bytes(16)
    messages = [each.message for each in check_mask(file, file)]
    assert messages == [f"the mask must be a PNG, but this is {kind}", f"the first image can't be read: it is {kind}"]


@pytest.mark.parametrize(
    ("start", "kind"),
    ((b"GIF89a", "GIF"), (b"BM", "BMP"), (b"II*\0", "TIFF"), (b"\0\0\0\x1cftypavif", "AVIF"), (b"\0\0\0\x1cftypmif1", "HEIC")),
)  # fmt: skip
def test_every_other_format_is_named_in_chinese(start: bytes, kind: str) -> None:
    assert text(check_mask(MASK, start + bytes(16))[0], "zh") == f"无法读取第一张图片：这是 {kind}"


def test_pixels_that_are_cut_off() -> None:
    (found,) = check_mask(MASK[: len(MASK) // 2], IMAGE)
    assert found.message == "the mask can't be opened: its pixels are broken or cut off"
    assert text(found, "zh") == "无法打开蒙版：像素数据已损坏或不完整"


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.PngImagePlugin", None)
    with pytest.raises(ImportError, match=r'^opening a mask needs Pillow: in your clone, run pip install "\.\[mask\]"'):
        check_mask(MASK, IMAGE)
