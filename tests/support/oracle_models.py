"""The models of the oracle: their fields, constraints and prices, and the ids that are known without rules.

The two page models are written out from sections 1 and 3 of the rulebook, the sixteen others from section 10 and the public
facts it names.  Nothing here is read from a file of the project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

OFFICIAL = "gpt-image-2-official"
SIBLING = "gpt-image-2"
PAGE_MODELS = (OFFICIAL, SIBLING)
"""The models that the page describes; the others follow section 10."""


class Field(NamedTuple):
    """What a model says of one field."""

    kind: str  # text, word, size (a word or a pixel string), integer, boolean, url, urls, array or object
    role: str = ""  # what the field does, whatever its name
    required: bool = False
    words: tuple[str, ...] = ()
    least: int | None = None  # of a text its length, of an integer its value, of a list its entries
    most: int | None = None
    warns: str = ""  # the one check of this field that only warns; all others are errors
    default: Any = None  # of the page or of the validator; a default of the playground is none


class Values(Protocol):
    """The values of a request as a constraint sees them."""

    def value(self, name: str) -> Any: ...
    def is_given(self, name: str) -> bool:
        """Present, not null, not an empty text, not an empty list."""

    def word(self, name: str) -> str | None:
        """The word in the file's spelling."""

    def number(self, name: str) -> int | None: ...


class Constraint(NamedTuple):
    """A condition across fields.  It is asked when none of the fields that it reads is in error."""

    rule: str
    level: str
    field: str  # the one to blame
    others: tuple[str, ...]  # the other fields that it reads
    is_broken: Callable[[Values], bool]
    silenced_by: str = "any"  # "type": only a wrong type of one of its fields silences it


class Price(NamedTuple):
    """How section 10 prices a model: the field that its price key names, and the words of that key in the file's order."""

    axis: str | None  # None: a flat price
    words: tuple[str, ...]
    bills_n: bool  # False: one image a request
    not_published_with: tuple[str, Any] | None = None  # a field and the value that makes the price unknown


# --------------------------------------------------------------------------------
# The page's two models: section 1, fields in the page's field order
# --------------------------------------------------------------------------------

SIZE_WORDS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21", "auto")
"""The size order."""
RATIOS = SIZE_WORDS[:13]
WIDESCREEN = ("16:9", "9:16", "2:1", "1:2", "21:9", "9:21")
TIERS = ("1k", "2k", "4k")
QUALITIES = ("auto", "low", "medium", "high")

OFFICIAL_FIELDS = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("size", "shape", words=SIZE_WORDS, default="1:1"),
    "resolution": Field("word", "tier", words=TIERS, default="1k"),
    "quality": Field("word", "quality", words=QUALITIES, default="auto"),
    "n": Field("integer", "number", least=1, most=4, default=1),
    "image_urls": Field("urls", "references", most=16),
    "mask_url": Field("url", "mask"),
    "background": Field("word", words=("auto", "opaque", "transparent"), default="auto"),
    "moderation": Field("word", words=("auto", "low"), default="auto"),
}
SIBLING_FIELDS = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("word", "shape", words=SIZE_WORDS, default="1:1"),
    "resolution": Field("word", "tier", words=TIERS, default="1k"),
    "n": Field("integer", "number", least=1, most=1, default=1),
    "image_urls": Field("urls", "references", most=16),
}
UNSUPPORTED = ("quality", "mask_url", "background", "moderation")
"""What gpt-image-2 takes from its sibling's page and ignores."""


def _4k_without_a_wide_size(values: Values) -> bool:
    return values.word("resolution") == "4k" and values.value("size") not in WIDESCREEN


NEEDS_WIDESCREEN = Constraint("size.needs_widescreen", "error", "size", ("resolution",), _4k_without_a_wide_size)
NEEDS_IMAGE = Constraint(
    "mask_url.needs_image", "error", "mask_url", ("image_urls",),
    lambda values: values.is_given("mask_url") and not values.is_given("image_urls"), silenced_by="type",
)  # fmt: skip

# --------------------------------------------------------------------------------
# Section 10: sixteen models, fields in the order of their files
# --------------------------------------------------------------------------------

_RATIOS_10 = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_RATIOS_14 = (*_RATIOS_10, "1:4", "4:1", "1:8", "8:1")

FLUX = {
    "prompt": Field("text", "prompt", required=True, least=3, most=5000),
    "aspect_ratio": Field(
        "word", "shape", words=("1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "auto"), warns="unknown", default="1:1"
    ),
    "resolution": Field("word", "tier", words=("1K", "2K"), warns="unknown", default="1K"),
    "nsfw_checker": Field("boolean"),
    "input_urls": Field("urls", "references", least=1, most=8, warns="max_items"),  # 8 may be the playground's
}  # fmt: skip
Z_IMAGE = {
    "prompt": Field("text", "prompt", required=True, least=1, most=1000),
    "aspect_ratio": Field("word", "shape", words=("1:1", "4:3", "3:4", "16:9", "9:16"), warns="unknown", default="1:1"),
    "nsfw_checker": Field("boolean"),
}
QWEN = {
    "prompt": Field("text", "prompt", required=True, least=1, most=800),
    "image_size": Field(
        "word", "shape", words=("1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"), warns="unknown"
    ),
    "output_format": Field("word", words=("png", "jpeg"), warns="unknown"),
    "seed": Field("integer"),
    "nsfw_checker": Field("boolean"),
    "image_url": Field("url", "references"),
}


def _wan(tiers: tuple[str, ...]) -> dict[str, Field]:
    return {
        "prompt": Field("text", "prompt", least=1, most=5000),
        "n": Field("integer", "number", least=1, most=12),
        "size": Field("text", "shape", least=1, most=20),
        "resolution": Field("word", "tier", words=tiers, warns="unknown"),
        "negative_prompt": Field("text"),
        "watermark": Field("boolean"),
        "seed": Field("integer", least=0, most=2147483647),
        "thinking_mode": Field("boolean"),
        "enable_sequential": Field("boolean"),
        "bbox_list": Field("array"),
        "color_palette": Field("array"),
        "image_urls": Field("urls", "references", most=9, warns="max_items"),  # 9 may be the playground's
    }


BETA = {  # the one model whose word lists bind: its family has a second source
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field(
        "word", "shape",
        words=("auto", "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "2:1", "1:2", "21:9", "9:21"),
    ),
    "resolution": Field("word", "tier", words=("1k", "2k", "4k")),
    "image_urls": Field("urls", "references", most=16),
}  # fmt: skip
GEMINI_25_OFFICIAL = {
    "prompt": Field("text", "prompt", required=True, least=1, most=2000),
    "size": Field("word", "shape", words=_RATIOS_10, warns="unknown"),
    "resolution": Field("word", "tier", words=("1k",), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "image_urls": Field("urls", "references", most=14),
}
GEMINI_25 = {
    "prompt": Field("text", "prompt", required=True, least=1, most=2000),
    "size": Field("word", "shape", words=_RATIOS_10, warns="unknown"),
    "resolution": Field("word", "tier", words=("1k",), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "official_fallback": Field("boolean"),
    "image_urls": Field("urls", "references", most=14),
}
GEMINI_3_OFFICIAL = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("word", "shape", words=_RATIOS_10, warns="unknown"),
    "resolution": Field("word", "tier", words=("1k", "2k", "4k"), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "image_urls": Field("urls", "references", most=14),
}
GEMINI_3 = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("word", "shape", words=_RATIOS_10, warns="unknown"),
    "resolution": Field("word", "tier", words=("1k", "2k", "4k"), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "official_fallback": Field("boolean"),
    "image_urls": Field("urls", "references", most=14),
}
GEMINI_31_OFFICIAL = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("word", "shape", words=_RATIOS_14, warns="unknown"),
    "resolution": Field("word", "tier", words=("0.5k", "1k", "2k", "4k"), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "google_search": Field("boolean"),
    "google_image_search": Field("boolean"),
    "image_urls": Field("urls", "references", most=14),
}
GEMINI_31 = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field("word", "shape", words=_RATIOS_14, warns="unknown"),
    "resolution": Field("word", "tier", words=("0.5k", "1k", "2k", "4k"), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "google_search": Field("boolean"),
    "google_image_search": Field("boolean"),
    "official_fallback": Field("boolean"),
    "image_urls": Field("urls", "references", most=14),
}
DOUBAO_LITE = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "size": Field(
        "word", "shape", words=("1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "auto"), warns="unknown"
    ),
    "resolution": Field("word", "tier", words=("2k", "3k"), warns="unknown"),
    "n": Field("integer", "number", least=1, most=4),
    "output_format": Field("word", words=("jpeg", "png"), warns="unknown"),
    "sequential_image_generation": Field("word", words=("disabled", "auto"), warns="unknown"),
    "sequential_image_generation_options": Field("object"),
    "watermark": Field("boolean"),
    "image_urls": Field("urls", "references"),  # no limit is known
}
IMAGEN = {
    "prompt": Field("text", "prompt", required=True, least=1, most=4000),
    "n": Field("integer", "number", least=1, most=1),  # a list of the one number 1
    "size": Field("word", "shape", words=("1:1", "4:3", "3:4", "16:9", "9:16"), warns="unknown"),
}
NANO_BANANA_LITE = {
    "prompt": Field("text", "prompt", required=True, least=1, most=20000),
    "aspect_ratio": Field(
        "word", "shape",
        words=(
            "1:1", "1:4", "1:8", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9", "21:9", "auto",
        ),
        warns="unknown", default="auto",
    ),
    "image_urls": Field("urls", "references", most=10),
}  # fmt: skip

FIELDS: dict[str, dict[str, Field]] = {
    OFFICIAL: OFFICIAL_FIELDS,
    SIBLING: SIBLING_FIELDS,
    "flux-2": FLUX,
    "flux-2-flex": FLUX,
    "z-image": Z_IMAGE,
    "qwen-image-2": QWEN,
    "wan2.7-image": _wan(("1k", "2k")),
    "wan2.7-image-pro": _wan(("1k", "2k", "4k")),
    "gpt-image-2-beta": BETA,
    "gemini-2.5-flash-image-preview": GEMINI_25,
    "gemini-2.5-flash-image-preview-official": GEMINI_25_OFFICIAL,
    "gemini-3-pro-image-preview": GEMINI_3,
    "gemini-3-pro-image-preview-official": GEMINI_3_OFFICIAL,
    "gemini-3.1-flash-image-preview": GEMINI_31,
    "gemini-3.1-flash-image-preview-official": GEMINI_31_OFFICIAL,
    "doubao-seedream-5-0-lite": DOUBAO_LITE,
    "imagen-4-0": IMAGEN,
    "nano-banana-2-lite": NANO_BANANA_LITE,
}
"""The 18 models with rules.  ``model`` itself, which every model takes, is not among the fields."""

MODELS = tuple(FIELDS)
OTHER_MODELS = tuple(model for model in MODELS if model not in PAGE_MODELS)

# --------------------------------------------------------------------------------
# Constraints across fields
# --------------------------------------------------------------------------------

AUTO_NEEDS_PICTURES = Constraint(
    "aspect_ratio.needs_input_urls", "warning", "aspect_ratio", ("input_urls",),
    lambda values: values.word("aspect_ratio") == "auto" and not values.is_given("input_urls"),
)  # fmt: skip
EDITING_SIZES = Constraint(
    "image_size.needs_image_url", "warning", "image_size", ("image_url",),
    lambda values: values.word("image_size") in ("2:3", "3:2", "21:9") and not values.is_given("image_url"),
)  # fmt: skip
IMAGE_SEARCH_NEEDS_SEARCH = Constraint(
    "google_image_search.needs_google_search", "error", "google_image_search", ("google_search",),
    lambda values: values.value("google_image_search") is True and values.value("google_search") is not True,
)  # fmt: skip
WAN = (
    Constraint(
        "prompt.required", "warning", "prompt", ("image_urls",),
        lambda values: not values.is_given("image_urls") and not values.is_given("prompt"),
    ),
    Constraint(
        "n.needs_enable_sequential", "warning", "n", ("enable_sequential",),
        lambda values: (values.number("n") or 0) > 4 and values.value("enable_sequential") is not True,
    ),
    Constraint(
        "resolution.not_with_image_urls", "warning", "resolution", ("image_urls",),
        lambda values: values.word("resolution") == "4k" and values.is_given("image_urls"),
    ),
    Constraint(
        "resolution.not_with_enable_sequential", "warning", "resolution", ("enable_sequential",),
        lambda values: values.word("resolution") == "4k" and values.value("enable_sequential") is True,
    ),
)  # fmt: skip

CONSTRAINTS: dict[str, tuple[Constraint, ...]] = {
    OFFICIAL: (NEEDS_WIDESCREEN, NEEDS_IMAGE),
    SIBLING: (NEEDS_WIDESCREEN,),
    "flux-2": (AUTO_NEEDS_PICTURES,),
    "flux-2-flex": (AUTO_NEEDS_PICTURES,),
    "qwen-image-2": (EDITING_SIZES,),
    "wan2.7-image": WAN,
    "wan2.7-image-pro": WAN,
    "gpt-image-2-beta": (NEEDS_WIDESCREEN,),
    "gemini-3.1-flash-image-preview": (IMAGE_SEARCH_NEEDS_SEARCH,),
    "gemini-3.1-flash-image-preview-official": (IMAGE_SEARCH_NEEDS_SEARCH,),
}

# --------------------------------------------------------------------------------
# Prices of section 10
# --------------------------------------------------------------------------------

FALLBACK = ("official_fallback", True)

PRICES: dict[str, Price] = {
    "flux-2": Price("resolution", ("1K", "2K"), bills_n=False),
    "flux-2-flex": Price("resolution", ("1K", "2K"), bills_n=False),
    "z-image": Price(None, ("flat",), bills_n=False),
    "qwen-image-2": Price(None, ("flat",), bills_n=False),
    "wan2.7-image": Price(None, ("flat",), bills_n=True, not_published_with=("enable_sequential", True)),
    "wan2.7-image-pro": Price(None, ("flat",), bills_n=True, not_published_with=("enable_sequential", True)),
    "gpt-image-2-beta": Price("resolution", ("1k", "2k", "4k"), bills_n=False),
    "gemini-2.5-flash-image-preview": Price(None, ("flat",), bills_n=True, not_published_with=FALLBACK),
    "gemini-2.5-flash-image-preview-official": Price(None, ("flat",), bills_n=True),
    "gemini-3-pro-image-preview": Price("resolution", ("1k", "2k", "4k"), bills_n=True, not_published_with=FALLBACK),
    "gemini-3-pro-image-preview-official": Price("resolution", ("1k", "2k", "4k"), bills_n=True),
    "gemini-3.1-flash-image-preview": Price(
        "resolution", ("0.5k", "1k", "2k", "4k"), bills_n=True, not_published_with=FALLBACK
    ),
    "gemini-3.1-flash-image-preview-official": Price("resolution", ("0.5k", "1k", "2k", "4k"), bills_n=True),
    "doubao-seedream-5-0-lite": Price(
        "resolution", ("2k", "3k"), bills_n=True, not_published_with=("sequential_image_generation", "auto")
    ),
    "imagen-4-0": Price(None, ("flat",), bills_n=True),
    "nano-banana-2-lite": Price(None, ("flat",), bills_n=False),
}

# --------------------------------------------------------------------------------
# Section 1: known ids without rules, by the endpoint that serves them
# --------------------------------------------------------------------------------

KNOWN_IDS: dict[str, tuple[str, ...]] = {
    "POST https://reapi.ai/api/v1/images/generations": (
        "doubao-seedream-5-0-pro", "midjourney", "mj-v7", "mj-v7-edit", "mj-v7-enhance", "mj-v7-inpaint", "mj-v7-outpaint",
        "mj-v7-pan", "mj-v7-remix", "mj-v7-remove-bg", "mj-v7-retexture", "mj-v7-upload-paint", "mj-v7-upscale",
        "mj-v7-variation", "gpt-image-2.5-flare", "nano-banana-2.1", "grok-imagine", "grok-imagine-image-2.0-official",
        "grok-imagine-image-2-0",
    ),
    "POST https://reapi.ai/api/v1/videos/generations": (
        "doubao-seedance-2.0", "doubao-seedance-2.0-face", "doubao-seedance-2.0-fast", "doubao-seedance-2.0-fast-face",
        "doubao-seedance-2.0-fast-official", "doubao-seedance-2.0-official", "doubao-seedance-2.5-face", "enhance-video-1.0",
        "gemini-omni", "gemini-omni-beta", "grok-imagine-1.0-video", "grok-imagine-video-1.5-beta",
        "grok-imagine-video-1.5-official", "happyhorse-1-1", "happyhorse-1.0", "happyhorse-1.0-official", "kling-3-0",
        "kling-3-0-turbo", "kling-3-0-turbo-beta", "kling-v2-6-motion-control", "kling-v3-motion-control",
        "midjourney-video", "music-video-1-0", "pixverse-v6", "seedance-2.0-beta", "seedance-2.0-fast-beta",
        "seedance-2.0-mini", "seedance-2.5", "topaz-video-upscaler", "veo3.1-fast", "veo3.1-fast-official", "veo3.1-lite",
        "veo3.1-quality", "veo3.1-quality-official", "viduq3-pro", "viduq3-turbo", "wan2.7-video", "wan2.7-video-official",
    ),
    "POST https://reapi.ai/api/v1/audio/generations": (
        "audio-multistem", "audio-music-extractor", "audio-stem-separator", "audio-voice-change", "audio-voice-clean",
        "mureka-v9-song", "suno-add-instrumental", "suno-add-vocals", "suno-cover-image", "suno-extend", "suno-lyrics",
        "suno-mashup", "suno-midi", "suno-music", "suno-music-video", "suno-replace-section", "suno-sounds",
        "suno-upload-cover", "suno-upload-extend", "suno-vocal-separation", "suno-voice-generate", "suno-voice-regenerate",
        "suno-voice-validate", "suno-wav",
    ),
    "POST https://api.reapi.ai/v1/chat/completions": (
        "claude-fable-5", "claude-opus-4-7", "claude-opus-4-8", "claude-sonnet-4-6", "deepseek-v4-flash", "gpt-5.4",
        "gpt-5.5", "minimax/minimax-m3",
    ),
    "POST https://reapi.ai/api/v1/essay": ("ai-essay-writer",),
    "POST https://reapi.ai/api/v1/detect": ("ai-text-detector",),
    "POST https://reapi.ai/api/v1/humanize": ("humanize",),
}  # fmt: skip
WITHOUT_RULES = tuple(model for ids in KNOWN_IDS.values() for model in ids)
